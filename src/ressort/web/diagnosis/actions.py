"""What people do with the data of their territory."""

from typing import Any

from django.db import transaction

from ressort.web.diagnosis.models import OwnTable
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def provide(by: Person, kind: str, code: str, **table: Any) -> OwnTable:
    """Keeps a table of a territory's own figures (`sort`, `rows`), with where it comes from (`source`, `file_name`, `sha256`)."""
    access.require(by, "write_own_data", f"{kind}:{code}")
    held = OwnTable.objects.create(kind=kind, code=code, provided_by=by, **table)
    note(by, "provide", f"own_table:{held.pk} {kind}:{code}")
    return held


@transaction.atomic
def remove(by: Person, held: OwnTable) -> None:
    """Erases a table; the estimates, or the table before it, are in force again."""
    access.require(by, "write_own_data", f"{held.kind}:{held.code}")
    note(by, "remove", f"own_table:{held.pk} {held.kind}:{held.code}")
    held.delete()
