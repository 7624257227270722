"""A territory's own figures, which win over the estimates and keep their provenance."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ressort.core.errors import InputError
from ressort.core.figure import Figure
from ressort.core.food import actual_autonomy
from ressort.reference.areas import Area

Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class Canteen:
    """One canteen: guests, their meals, and what of the food is organic (None when not known)."""

    name: str
    guests_people: float
    meals_per_day: float
    days_per_year: float
    organic_share: float | None = None


@dataclass(frozen=True, eq=False)
class OwnData:
    """What people of the territory provided.

    Args:
        areas: hectares by crop group that replace the estimate.
        actual_autonomy: share of local purchases, from flows.
        facts: other indicators observed by the territory, by id.
        heads: animals by species that replace the estimate.
        canteens: its canteens.
        provenance: one line a table: who, when, which file.
    """

    areas: dict[str, Area] = field(default_factory=dict)
    actual_autonomy: Figure | None = None
    facts: dict[str, Figure] = field(default_factory=dict)
    heads: dict[str, Figure] = field(default_factory=dict)
    canteens: tuple[Canteen, ...] = ()
    provenance: tuple[str, ...] = ()


def own_areas(area_ha_by_group: dict[str, float], source: str, year: str) -> dict[str, Area]:
    """Hectares by crop group as observed by the territory itself."""
    return {
        group: Area(area_ha, area_ha, area_ha, "observed", year, source) for group, area_ha in area_ha_by_group.items()
    }


def own_figure(key: str, unit: str, value: float, source: str, year: str) -> Figure:
    """A figure as observed by the territory itself."""
    return Figure(value=value, unit=unit, status="observed", year=year, source=source, how=key)


def own_autonomy(local_eur: float, total_eur: float, source: str, year: str) -> Figure:
    """Actual autonomy from purchases, as provided by the territory.

    Raises:
        RuleBroken: local purchases larger than all purchases.
    """
    return own_figure("actual_autonomy_share", "share", actual_autonomy(local_eur, total_eur), source, year)


@dataclass(frozen=True, slots=True)
class OwnRows:
    """The rows of one table that was read whole: the kind of its template, and where its figures come from."""

    kind: str
    rows: tuple[dict[str, Any], ...]
    source: str


def own_data(tables: Iterable[OwnRows], provenance: tuple[str, ...] = ()) -> OwnData:
    """What the tables of a territory say together, for the calculation; the last year of each row counts, a later table wins.

    Raises:
        InputError: a table that is not the territory's, such as a plate. RuleBroken: local purchases larger than all purchases.
    """
    found: dict[str, Any] = {"areas": {}, "facts": {}, "heads": {}, "canteens": ()}
    for held in tables:
        if held.kind not in _TAKERS:
            raise InputError("{kind} is no table of a territory.", kind=held.kind)
        rows = sorted(held.rows, key=lambda row: row.get("year") or 0)
        if rows:
            _TAKERS[held.kind](rows, held.source, found)
    return OwnData(**found, provenance=provenance)


def _year(row: Row) -> str:
    return f"{row['year']:.0f}"


def _crop_areas(rows: Rows, source: str, found: dict[str, Any]) -> None:
    last = {row["crop_group"]: row for row in rows}
    for group, row in last.items():
        found["areas"] |= own_areas({group: row["area_ha"]}, source, _year(row))
    if last and all(row["organic_ha"] is not None for row in last.values()):
        organic, whole = (sum(row[name] for row in last.values()) for name in ("organic_ha", "area_ha"))
        year = max(map(_year, last.values()))
        found["facts"]["organic_farmland_ha"] = own_figure("organic_farmland_ha", "ha", organic, source, year)
        if whole > 0:
            share = own_figure("organic_farmland_share", "share", organic / whole, source, year)
            found["facts"]["organic_farmland_share"] = share


def _purchases(rows: Rows, source: str, found: dict[str, Any]) -> None:
    found["actual_autonomy"] = own_autonomy(rows[-1]["local_eur"], rows[-1]["total_eur"], source, _year(rows[-1]))


def _livestock(rows: Rows, source: str, found: dict[str, Any]) -> None:
    for row in rows:
        found["heads"][row["species"]] = own_figure("", "heads", row["heads"], source, _year(row))


def _labour(rows: Rows, source: str, found: dict[str, Any]) -> None:
    for key, name, unit in (("present_farms", "farms", "farms"), ("farm_labour_fte", "labour_fte", "fte")):
        found["facts"][key] = own_figure(key, unit, rows[-1][name], source, _year(rows[-1]))


def _canteens(rows: Rows, source: str, found: dict[str, Any]) -> None:
    found["canteens"] += tuple(Canteen(**row) for row in rows)


_TAKERS: dict[str, Callable[[Rows, str, dict[str, Any]], None]] = {
    "crop_area": _crop_areas,
    "purchases": _purchases,
    "livestock": _livestock,
    "labour": _labour,
    "canteens": _canteens,
}
