"""`python -m ressort.web manage association_import ABE members.csv --digital 1200.00 --paper 300.00 [--do]`: opening balances.

Without --do it is a dry run: everything is tried, told, and taken back.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ressort.core.currency import balance_of
from ressort.core.errors import RuleBroken
from ressort.language import money
from ressort.web.association import importing
from ressort.web.currency.queries import currency_number


class Command(BaseCommand):
    """Brings in what another system held."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("file")
        parser.add_argument("--digital", default="", help="euros on the digital reserve, such as 1200.00")
        parser.add_argument("--paper", default="", help="euros on the reserve of notes")
        parser.add_argument("--do", action="store_true", help="keep it")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(_("There is no file {path}.").format(path=path))
        euros = [balance_of(options[name]) if options[name] else 0 for name in ("digital", "paper")]
        try:
            lines = importing.read(path.read_bytes())
            done = importing.bring_in(
                None, currency_number(options["code"]), lines, *euros, is_dry_run=not options["do"]
            )
        except RuleBroken as error:
            for one in error.facts.get("problems", ()):
                self.stderr.write(
                    _("line {line}, {column}: {problem}").format(line=one.line, column=one.column, problem=one.say(_))
                )
            raise
        words = _("{members} new members, {there} already there, {digital} in units, {notes} in notes.")
        self.stdout.write(words.format(members=done.members, there=done.already_there, digital=money(done.digital_cents), notes=money(done.notes_cents)))  # fmt: skip
        if not done.is_done:
            self.stdout.write(_("Tried only, nothing is kept: add --do."))
