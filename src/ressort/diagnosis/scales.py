"""The right scale: autonomy as the perimeter grows, from the commune to the country and by distance ring."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ressort.core.food import Levers, adequacy, group_land_ha, per_person
from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.diagnosis.food import commune_regions
from ressort.reference.food_system import food_system
from ressort.reference.places import Places, commune_values
from ressort.reference.production import hectares
from ressort.reference.territories import territories

RINGS_KM = (10, 20, 50, 100, 200, 400)
LADDER = ("COM", "EPCI", "BV", "ZE", "DEP", "REG")
FRANCE = "PAYS:FRM"


@dataclass(frozen=True, eq=False)
class Scale:
    """One perimeter around a territory.

    Args:
        label: its name, or "" for a ring; ring_km: radius of a ring, else None.
        population_people; capped_share, gross_ratio: potential autonomy, nan where no area is known.
        known_share: part of the need whose land is known; by_group: ratio by crop group, (G,).
    """

    kind: str
    label: str
    ring_km: int | None
    population_people: float
    capped_share: float
    gross_ratio: float
    known_share: float
    by_group: Floats


def scales(territory: Territory) -> list[Scale]:
    """Autonomy of the territory, of each larger one that holds it, and of rings around it; smallest first."""
    known = territories()
    places = [territory, *_larger(territory)]
    rings = list(zip(RINGS_KM, known.rings(territory, RINGS_KM), strict=True))
    grown = [(km, ring) for km, ring in rings if len(ring.members) > len(territory.members)]
    return _measured(places, [None] * len(places)) + _measured([ring for _, ring in grown], [km for km, _ in grown])


def next_level(territory: Territory, group: int) -> Scale | None:
    """The smallest larger territory at which the hectares of a crop group (by position) are known, None when there is none.

    Rings are left aside: nobody publishes figures of a ring.
    """
    larger = _ladder(territory.key) if territory.kind != "CUSTOM" else _above(territory)
    return next((scale for scale in larger if not np.isnan(scale.by_group[group])), None)


@lru_cache(maxsize=512)
def _ladder(key: str) -> list[Scale]:
    """The scales above a territory of the table, levers at rest: kept, for every scenario of it asks for them."""
    return _above(territories().territory(key))


def _above(territory: Territory) -> list[Scale]:
    larger = _larger(territory)
    return _measured(larger, [None] * len(larger))


@lru_cache(maxsize=1)
def commune_need_ha() -> Floats:
    """Hectares that each commune needs by crop group, today's plate, nan overseas, (atoms, G)."""
    system = food_system()
    one = per_person(system, [Levers()], list(range(len(system.regions))))
    by_region = group_land_ha(one.crop_land_ha[0], system.group_of, len(system.groups))
    by_region = np.vstack([by_region, np.full((1, by_region.shape[1]), np.nan)])
    return by_region[commune_regions()] * np.nan_to_num(commune_values("population_people"))[:, None]


def _larger(territory: Territory) -> list[Territory]:
    """The territories that hold it whole, by growing size, metropolitan France last."""
    known = territories()
    held = [
        known.territory(row)
        for kind, row in known.parents(territory).items()
        if kind in LADDER and kind != territory.kind
    ]
    held = [place for place in held if len(place.members) > len(territory.members)]
    if territory.kind != "PAYS" and territory.country == "FR":
        held.append(known.territory(FRANCE))
    return sorted(held, key=lambda place: len(place.members))


def _measured(places: list[Territory], rings: list[int | None]) -> list[Scale]:
    if not places:
        return []
    together = Places.of(places)
    needed = together.total(commune_need_ha())
    france = together.is_kind("PAYS")
    needed[france] = (together.membership @ np.nan_to_num(commune_need_ha()))[france]
    available = hectares(together)
    balance = adequacy(available, np.nan_to_num(needed))
    unknown = np.atleast_1d(np.isnan(available).all(1) | np.isnan(needed).all(1))
    people = together.total(commune_values("population_people"))
    return [
        Scale(
            kind="RING" if km else place.kind,
            label="" if km else place.label,
            ring_km=km,
            population_people=float(people[i]),
            capped_share=float("nan") if unknown[i] else float(balance.capped[i]),
            gross_ratio=float("nan") if unknown[i] else float(balance.gross[i]),
            known_share=float(balance.known_share[i]),
            by_group=balance.by_group[i],
        )
        for i, (place, km) in enumerate(zip(places, rings, strict=True))
    ]
