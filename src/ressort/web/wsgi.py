"""The WSGI application that granian serves. It answers at once; what visitors need next is read beside."""

import os
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ressort.web.settings")
# the pages do not own the tables: the ledger is closed to them but for its door
os.environ["RESSORT_DATABASE_ROLE"] = "ressort_app"

from django.core.wsgi import get_wsgi_application

from ressort.web import doors, warmth


def _leave_with_parent(parent: int) -> None:
    """Ends this worker when its supervisor was killed without a word, so that the port is free at the next start."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if os.environ.get("RESSORT_SUPERVISED"):
    threading.Thread(target=_leave_with_parent, args=(os.getppid(),), daemon=True).start()

application = get_wsgi_application()
if os.environ.get("RESSORT_SUPERVISED"):
    application = doors.letting_go(application)
warmth.start(application)
