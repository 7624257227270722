"""The hectares of one territory by crop group: each with its range, status, year and source.

statistics of the level, else parcels (or the least there is), both as wide as `agriculture/area_ranges` says;
else the rule (its own error)
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from ressort.core.figure import Status
from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.reference.harvest import HARVEST, harvest, is_harvested
from ressort.reference.places import Places
from ressort.reference.production import PARCELS, Production, hectares, production
from ressort.reference.tables import table
from ressort.reference.territories import territories

SOURCE_DEPARTEMENT = "agriculture/departement_crops"
SOURCE_REGION = "agriculture/region_crops"
SOURCE_FRANCE = "agriculture/national_crops"
RANGES = "agriculture/area_ranges"
ONE_SIDED_95 = 1.645  # standard deviations from the median to P5 and P95


@dataclass(frozen=True, slots=True)
class Area:
    """The hectares of one crop group in one territory, or None where no figure reaches that level.

    Args:
        is_floor: `area_ha` is the least there is: the range is open upwards, and `high_ha` only tells what there would be if
            as much went undeclared here as in the country, for draws.
    """

    area_ha: float | None
    low_ha: float | None = None
    high_ha: float | None = None
    status: Status = "missing"
    year: str = ""
    source: str = ""
    is_floor: bool = False


def areas(territory: Territory) -> list[Area]:
    """The hectares of each crop group in a territory, with range and status; missing where no figure reaches its level.

    No range goes beyond the territory itself.
    """
    known = territories()
    own = territory.kind == "CUSTOM" or not known.has(territory.key)
    total = hectares(Places.of([territory]))[0] if own else hectares(Places.all())[known.row(territory.key)]
    homes = _departements(territory)
    found = [_area(territory, homes, g, total_ha) for g, total_ha in enumerate(total.tolist())]
    return [_inside(area, territory.area_ha) for area in found]


def _inside(area: Area, whole_ha: float) -> Area:
    if area.area_ha is None or area.high_ha is None or not whole_ha > 0:
        return area
    return replace(area, high_ha=max(area.area_ha, min(area.high_ha, whole_ha)))


def _area(territory: Territory, homes: list[str], g: int, total_ha: float) -> Area:
    if np.isnan(total_ha):
        return Area(None)
    made = production()
    known = made.commune_known[territory.members, g]
    published = made.published_ha.get(territory.key)
    is_told = published is not None and published[g] >= total_ha
    if known.any() and made.is_floor[g] and not is_told:
        return _at_least(made, g, total_ha)
    parcels_ha = float(made.known_ha[territory.members, g][known].sum())
    if known.all() and not made.is_floor[g]:
        return Area(total_ha, *_around(total_ha, "parcels"), "observed", made.parcels_year, PARCELS)
    told = _without_parcels(made, territory, homes, g, total_ha)
    return told if is_told else _with_parcels(told, min(parcels_ha, total_ha), made.parcels_year)


def _with_parcels(told: Area, parcels_ha: float, year: str) -> Area:
    """An area of which parcels tell a part: that part is surer, and names the source where it is the larger one."""
    if told.area_ha is None or told.low_ha is None or told.high_ha is None or not parcels_ha > 0:
        return told
    rest = 1 - parcels_ha / told.area_ha
    least_ha, most_ha = _around(parcels_ha, "parcels")
    low_ha, high_ha = least_ha + told.low_ha * rest, most_ha + told.high_ha * rest
    if rest > 0.5:
        return replace(told, low_ha=low_ha, high_ha=high_ha)
    return Area(told.area_ha, low_ha, high_ha, "estimated", year, PARCELS)


def _without_parcels(made: Production, territory: Territory, homes: list[str], g: int, total_ha: float) -> Area:
    """As if no parcel were known."""
    official = is_harvested(homes, g)
    if territory.kind in ("REG", "PAYS", "DEP"):
        return _published(made, territory, g, total_ha, official)
    width = float(np.exp(ONE_SIDED_95 * made.rule_sd[g]))
    source, year = (HARVEST, harvest().year) if official else (SOURCE_DEPARTEMENT, "2018-2019")
    return Area(total_ha, total_ha / width, total_ha * width, "estimated", year, source)


def _at_least(made: Production, g: int, total_ha: float) -> Area:
    """What parcels tell of a crop that many growers do not declare."""
    high_ha = total_ha * float(undeclared_ratio()[g])
    return Area(total_ha, total_ha, high_ha, "estimated", made.parcels_year, PARCELS, is_floor=True)


@cache
def undeclared_ratio() -> Floats:
    """Hectares of the statistics over those of the parcels, where parcels are known; 1 where statistics do not say more, (G,)."""
    made = production()
    declared = np.where(made.commune_known, made.known_ha, 0.0).sum(0)
    told = made.published_ha.get("PAYS:FRM", np.zeros(len(declared))) * (1 - made.off_register_share["FR"])
    both = made.is_floor & (declared > 0) & (told > declared)
    return np.divide(told, declared, out=np.ones(len(declared)), where=both)


def _published(made: Production, territory: Territory, g: int, total_ha: float, official: bool) -> Area:
    """A département, a région or the country: levels that statistics are published for."""
    if official:
        status: Status = "observed" if territory.kind == "DEP" else "derived"
        return Area(total_ha, *_around(total_ha, "official_table"), status, harvest().year, HARVEST)
    if territory.kind == "DEP":
        width = _around(total_ha, "departement_downscaled")
        return Area(total_ha, *width, "estimated", "2018-2019", SOURCE_DEPARTEMENT)
    if made.france_extra_ha[g] > 0 and territory.kind == "PAYS":
        return Area(total_ha, *_around(total_ha, "country_only"), "hypothesis", "2018-2019", SOURCE_FRANCE)
    return Area(total_ha, *_around(total_ha, "region_summed"), "derived", "2018-2019", SOURCE_REGION)


def _around(area_ha: float, basis: str) -> tuple[float, float]:
    """The least and the most of hectares that rest on `basis`."""
    low_ratio, high_ratio = _ranges()[basis]
    return area_ha * low_ratio, area_ha * high_ratio


@cache
def _ranges() -> dict[str, tuple[float, float]]:
    rows = table(RANGES).select("basis", "low_ratio", "high_ratio").iter_rows()
    return {basis: (low, high) for basis, low, high in rows}


def _departements(territory: Territory) -> list[str]:
    """The départements that a territory lies in."""
    return sorted({_commune_departements()[row] for row in territory.members.tolist()} - {""})


@cache
def _commune_departements() -> list[str]:
    known = territories()
    return known.table["departement"].head(known.atoms).fill_null("").to_list()
