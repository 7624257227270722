"""`python -m ressort.web manage purge_panels`: erases what panels have kept long enough. To run every night."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ressort.web.panel.drawing import purge


class Command(BaseCommand):
    """Erases the data of volunteers and members past the dates announced."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        pool, members = purge()
        self.stdout.write(
            _("Volunteers of panels erased: {pool}; members erased: {members}").format(pool=pool, members=members)
        )
