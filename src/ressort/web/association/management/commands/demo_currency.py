"""`python -m ressort.web manage demo_currency [--seed N] [--territory NAME] [--beside] [--remove]`: see `ressort demo currency`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from ressort.web.association import demo
from ressort.web.database import migrate


class Command(BaseCommand):
    """Founds or withdraws a simulated currency."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--territory", default="EPCI:200068930")
        parser.add_argument("--beside", action="store_true")
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        migrate()
        if options["remove"]:
            code = demo.remove()
            self.stdout.write(_("The simulated currency {code} is withdrawn; its numbers, without a name, stay in the chain.").format(code=code))  # fmt: skip
            return
        code, links = demo.found(options["seed"], options["territory"], options["beside"])
        self.stdout.write(_("The simulated currency {code} lives at /monnaies/{path}/. Nothing of it is real.").format(code=code, path=code.lower()))  # fmt: skip
        self.stdout.write(_("To sign in, choose a password through these links, which work once:"))
        for email, link in links.items():
            self.stdout.write(f"  {email}: {link}")
