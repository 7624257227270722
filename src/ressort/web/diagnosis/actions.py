"""What people do with the data of their territory."""

from django.db import transaction

from ressort.web.diagnosis.models import OwnTable, OwnValue
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person


@transaction.atomic
def provide(
    by: Person, kind: str, code: str, sort: str, *, values: dict[str, float], year: str, source: str, file_name: str, sha256: str
) -> OwnTable:
    """Keeps a table of a territory's own figures, with where it comes from."""
    access.require(by, "write_own_data", f"{kind}:{code}")
    held = OwnTable.objects.create(
        kind=kind,
        code=code,
        sort=sort,
        year=year,
        source=source[:160],
        file_name=file_name[:160],
        sha256=sha256,
        provided_by=by,
    )
    OwnValue.objects.bulk_create(OwnValue(table=held, item=item, amount=amount) for item, amount in values.items())
    note(by, "provide", f"own_table:{held.pk} {kind}:{code}")
    return held


@transaction.atomic
def remove(by: Person, held: OwnTable) -> None:
    """Erases a table; the estimates, or the table before it, are in force again."""
    access.require(by, "write_own_data", f"{held.kind}:{held.code}")
    note(by, "remove", f"own_table:{held.pk} {held.kind}:{held.code}")
    held.delete()
