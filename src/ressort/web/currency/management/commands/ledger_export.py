"""`python -m ressort.web manage ledger_export folder`: what is decided is sealed, then the whole ledger is written."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ressort.web.currency import actions, exports


class Command(BaseCommand):
    """Seals, then exports."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder")

    def handle(self, *args: Any, **options: Any) -> None:
        exports.export(Path(options["folder"]), before=actions.seal)
