"""`python -m ressort.web manage person ada@example.fr [--operator]`: opens an account from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from ressort.web.people import actions


class Command(BaseCommand):
    """Opens an account and prints the one-time link to choose its password."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--operator", action="store_true", help="may do everything on this installation")
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="address of the site")

    def handle(self, *args: Any, **options: Any) -> None:
        person = actions.add_person(options["email"], is_operator=options["operator"])
        self.stdout.write(
            _("Send this one-time link to {email}: {link}").format(
                email=person.email, link=options["site"].rstrip("/") + actions.first_password_link(person)
            )
        )
