"""The largest hospital and the largest industrial establishment of a territory, and how much of their branch each one is (`establishments_commune`)."""

from dataclasses import dataclass
from functools import cache

import polars as pl

from ressort.reference.places import commune_rows
from ressort.reference.tables import synced

CONNECTOR = "establishments_commune"
#: how the activities of hospitals begin, and the branch they belong to
HOSPITALS, HEALTH = "86.10", "QZ"


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest establishment of a kind in a territory; `branch` is empty where none has staff.

    Args:
        low_jobs, high_jobs: its staff, by its size band.
        shares: low, central, high share of the staff of its branch here.
        establishments: how many of its kind are here.
        year: of the staff.
    """

    branch: str
    low_jobs: int
    high_jobs: int
    shares: tuple[float, float, float]
    establishments: int
    year: str


def largest_establishments(rows: tuple[int, ...]) -> dict[str, Largest]:
    """`hospital` and `first_employer` of a territory given by the rows of its communes; empty while the file was not fetched."""
    held = _by_row()
    if held is None:
        return {}
    here = held.filter(pl.col("row").is_in(list(rows)))
    year = str(held["year"].max())
    health, industry = pl.col("branch") == HEALTH, pl.col("branch") != HEALTH
    return {
        "hospital": _largest(here.filter(pl.col("activity").str.starts_with(HOSPITALS)), here.filter(health), year),
        "first_employer": _largest(here.filter(industry), here.filter(industry), year),
    }


def _largest(candidates: pl.DataFrame, among: pl.DataFrame, year: str) -> Largest:
    """The one of the highest band; of two in one band, the one that weighs most in its branch. The bounds of its share set its staff
    against the opposite ends of the bands of the others."""
    if candidates.is_empty():
        return Largest("", 0, 0, (0.0, 0.0, 0.0), 0, year)
    staff = {
        str(branch): tuple(float((part[end] * part["establishments"]).sum()) for end in ("low_jobs", "high_jobs"))
        for (branch,), part in among.group_by("branch")
    }
    best = max(
        candidates.filter(pl.col("low_jobs") == pl.col("low_jobs").max()).sort("activity").to_dicts(),
        key=lambda one: -staff[one["branch"]][0],
    )
    low, high = best["low_jobs"], best["high_jobs"]
    others = (staff[best["branch"]][0] - low, staff[best["branch"]][1] - high)
    shares = (low / (low + others[1]), (low + high) / (low + high + sum(others)), high / (high + others[0]))
    return Largest(best["branch"], low, high, shares, int(candidates["establishments"].sum()), year)


@cache
def _by_row() -> pl.DataFrame | None:
    """Establishments with the row of their commune; None while the file was not fetched."""
    held = synced(CONNECTOR)
    if held is None or held.is_empty():
        return None
    rows = commune_rows()
    places = pl.DataFrame({"row": list(rows.values()), "commune_code": list(rows)}, schema_overrides={"row": pl.Int64})
    return held.join(places, on="commune_code").sort("row", "activity", "size_band")
