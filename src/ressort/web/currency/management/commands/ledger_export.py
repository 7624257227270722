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
        parser.add_argument("--binary", action="store_true", help="for the verifier of this machine, read at once")

    def handle(self, *args: Any, **options: Any) -> None:
        exports.export(Path(options["folder"]), before=actions.seal, in_binary=options["binary"])
