"""`python -m ressort.web manage ledger_roles`: says whether the role in use could write in the ledger beside its door.

`closed` it could not, `open` it could, `absent` there is no ledger yet.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    """One word."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('ledger.transfer')")
            if cursor.fetchone()[0] is None:
                self.stdout.write("absent")
                return
            cursor.execute(
                "SELECT bool_or(has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')) FROM pg_class c "
                "WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'"
            )
            self.stdout.write("open" if cursor.fetchone()[0] else "closed")
