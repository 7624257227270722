"""`python -m ressort.web manage purge_panels`: erases what panels have kept long enough. To run every night."""

from typing import Any

from django.core.management.base import BaseCommand

from ressort.web.panel.drawing import purge


class Command(BaseCommand):
    """Erases the data of volunteers and members past the dates announced."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        pool, members = purge()
        self.stdout.write(f"{pool} people not drawn and {members} members erased")
