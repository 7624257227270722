"""Keeping the years of aid of a territory, read from its published file of subsidies."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from ressort.core.calls import aid_under_criteria
from ressort.ingest.call_aid import read_aid
from ressort.reference.call_grids import grid_template
from ressort.web.calls.models import AidYear
from ressort.web.people import access
from ressort.web.people.actions import note
from ressort.web.people.models import Person

#: the year by which the Gironde wants all its aid under criteria
TARGET_YEAR = int(grid_template("gironde_communes").raw["target"]["year"])


@transaction.atomic
def provide(by: Person, kind: str, code: str, path: Path, schemes: Sequence[str], source: str) -> int:
    """Keeps each year of a published file, in place of what was known of it; tells how many.

    Raises:
        RuleBroken: the file cannot be read; `facts["problems"]` tells each line.
    """
    access.require(by, "run_calls", f"{kind}:{code}")
    years = [one for one in aid_under_criteria(read_aid(path, set(schemes))) if one.count]
    for one in years:
        AidYear.objects.update_or_create(
            kind=kind, code=code, year=one.year,
            defaults={
                "total_cents": one.total_cents, "under_cents": one.under_cents, "count": one.count,
                "under_count": one.under_count, "source": source or "subventions.csv", "provided_by": by,
            },
        )  # fmt: skip
    note(by, "provide_aid", f"{kind}:{code}")
    return len(years)
