"""`python -m ressort.web manage purge`: erases what has been kept long enough. To run every night."""

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ressort.web.people import actions, invitations


class Command(BaseCommand):
    """Erases old lines of the audit log and expired sessions, then calls every `purge_…` that a domain brings."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("clearsessions")
        self.stdout.write(_("Lines of the audit log erased: {count}").format(count=actions.purge()))
        invitations.purge()
        for name in sorted(get_commands()):
            if name.startswith("purge_"):
                call_command(name, stdout=self.stdout)
