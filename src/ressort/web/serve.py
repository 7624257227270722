"""The server: database, migrations, static files, workers; in that order, then the address is printed.

supervisor (this process) ── embedded PostgreSQL      shared with other Ressort processes of the same data folder
    ├── worker 1, 4 threads
    └── worker 2, 4 threads                           they leave by themselves if the supervisor is killed

Workers answer at once and read the reference beside (`warmth`); they are replaced when new figures were synced (`freshness`).
"""

import errno
import multiprocessing
import os
import shutil
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from ressort.core.errors import RuleBroken
from ressort.web import database

WORKERS = 2
THREADS = 4
#: seconds that what is done beside the pages has to put itself away; a job that is cut waits again by itself
LEAVE_S = 4.0


def serve(host: str, port: int) -> None:
    """Serves until interrupted.

    Raises:
        RuleBroken: the port is taken, or the address is not one of this machine.
    """
    require_free(host, port)
    with database.running():
        prepare()
        announce_when_ready(host, port)
        with keeping_house():
            run_workers(host, port)
    print(_("Ressort has stopped."), flush=True)


@contextmanager
def keeping_house() -> Iterator[None]:
    """Keeps the database up, seals what is decided, ends late holds, plays shocks, freezes draws and watches for new figures, beside the workers."""
    from ressort.web import freshness
    from ressort.web.currency import keeper
    from ressort.web.panel import freezing
    from ressort.web.resilience import worker

    stop = threading.Event()
    threads = [
        database.keep_up(stop),
        keeper.start(stop),
        worker.start(stop),
        freezing.start(stop),
        freshness.start(stop),
    ]
    try:
        yield
    finally:
        stop.set()
        deadline = time.monotonic() + LEAVE_S
        for thread in threads:
            thread.join(timeout=max(0.0, deadline - time.monotonic()))


def require_free(host: str, port: int) -> None:
    """Says clearly that a port is taken, before anything else is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise RuleBroken(
                    "Port {port} is already used, perhaps by another Ressort. Open http://{host}:{port}/ to see, or choose "
                    "another one: ressort serve --port {other}",
                    port=str(port),
                    host=host,
                    other=str(port + 1),
                ) from error
            raise RuleBroken(
                "Cannot listen on {host}, port {port}: {cause}. Use --host 127.0.0.1, or a port above 1024.",
                host=host,
                port=str(port),
                cause=os.strerror(error.errno or 0),
            ) from error


def prepare() -> None:
    """Brings the database, the static files and the maps to this version, the maps beside the rest. Quick when nothing changed."""
    from django.conf import settings

    from ressort.web.diagnosis import maps
    from ressort.web.operator import write_template

    write_template(settings.HOME)
    with ThreadPoolExecutor(1) as beside:
        drawn = beside.submit(maps.draw_once)
        database.migrate()
        collect(Path(settings.STATIC_ROOT))
        drawn.result()


def collect(folder: Path) -> None:
    """Gathers, names by content and compresses the static files, unless this very set was; forgets the older sets."""
    from django.core.management import call_command

    if (folder / "staticfiles.json").is_file():
        return
    print(_("Preparing the pages… (first start only)"), flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    for older in folder.parent.iterdir():
        if older != folder and older.is_dir():
            shutil.rmtree(older, ignore_errors=True)


def run_workers(host: str, port: int) -> None:
    """Runs granian until it is told to stop."""
    from granian.constants import HTTPModes, Interfaces

    from ressort.web.doors import Doors

    os.environ["RESSORT_SUPERVISED"] = "1"
    # the reference is read through polars, whose threads do not survive a fork
    multiprocessing.set_start_method("spawn", force=True)
    Doors(
        "ressort.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # a worker that leaves hangs up on who has not said yet which version they speak
        http=HTTPModes.http1,
        workers=WORKERS,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        respawn_interval=6,
        workers_kill_timeout=5,
        log_enabled=False,
    ).serve_until_stopped()


def announce_when_ready(host: str, port: int) -> None:
    """Prints the address once a worker answers, from a thread of its own."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"

    def watch() -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if answers(f"{address}sante"):
                print(_("Ressort is ready: {address}  (Ctrl-C to stop)").format(address=address), flush=True)
                return
            time.sleep(0.1)
        print(_("The server does not answer after two minutes. See the messages above."), file=sys.stderr, flush=True)

    threading.Thread(target=watch, daemon=True).start()


def answers(address: str) -> bool:
    """Whether a Ressort answers there, in whatever health."""
    try:
        urllib.request.urlopen(address, timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
