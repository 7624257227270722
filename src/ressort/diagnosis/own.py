"""A territory's own figures, which win over the estimates and keep their provenance."""

from dataclasses import dataclass, field

from ressort.core.figure import Figure
from ressort.core.food import actual_autonomy
from ressort.reference.production import Area


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
