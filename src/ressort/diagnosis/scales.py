"""The right scale: autonomy as the perimeter grows, from the commune to the country and by distance ring."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ressort.core.food import Adequacy, Levers, adequacy, group_land_ha, per_person
from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.diagnosis.food import commune_regions
from ressort.reference.food_system import food_system
from ressort.reference.places import Places, Ready, commune_values, metropolitan
from ressort.reference.production import hectares, production
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
    return _measured([territory]) + _measured(_larger(territory)) + _rings(territory)


def next_level(territory: Territory, group: int) -> Scale | None:
    """The smallest larger territory at which the hectares of a crop group (by position) are known, None when there is none.

    Rings are left aside: nobody publishes figures of a ring.
    """
    larger = _ladder(territory.key) if territory.kind != "CUSTOM" else _measured(_larger(territory))
    return next((scale for scale in larger if not np.isnan(scale.by_group[group])), None)


@lru_cache(maxsize=512)
def _ladder(key: str) -> list[Scale]:
    """The scales above a territory of the table, levers at rest: kept, for every scenario of it asks for them."""
    return _measured(_larger(territories().territory(key)))


def need_ha(places: Places) -> Floats:
    """Hectares that territories need by crop group, today's plate, nan overseas, (n, G); France is where the model reaches."""
    return _need_everywhere() if places is Places.all() else _need_ha(places)


@lru_cache(maxsize=1)
def _need_everywhere() -> Floats:
    found = _need_ha(Places.all())
    found.flags.writeable = False
    return found


def _need_ha(places: Places) -> Floats:
    needed = places.total(commune_need_ha())
    france = places.is_kind("PAYS")
    needed[france] = (places.membership @ np.nan_to_num(commune_need_ha()))[france]
    return needed


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
    if territory.kind != "PAYS" and metropolitan()[territory.members].all():  # the model knows no larger one overseas
        held.append(known.territory(FRANCE))
    return sorted(held, key=lambda place: len(place.members))


@dataclass(frozen=True, eq=False)
class _Balances:
    """People, needs and hectares of n perimeters, put against each other; levers at rest.

    Args:
        people: (n,). balance: see `core.food.adequacy`. is_unknown: no area or no need is known, (n,).
    """

    people: Floats
    balance: Adequacy
    is_unknown: np.ndarray

    @classmethod
    def of(cls, people: Floats, needed_ha: Floats, available_ha: Floats) -> "_Balances":
        unknown = np.isnan(available_ha).all(1) | np.isnan(needed_ha).all(1)
        return cls(people, adequacy(available_ha, np.nan_to_num(needed_ha)), np.asarray(unknown))

    def scale(self, row: int, kind: str, label: str, ring_km: int | None = None) -> Scale:
        """One of the perimeters."""
        unknown = self.is_unknown[row]
        return Scale(
            kind=kind,
            label=label,
            ring_km=ring_km,
            population_people=float(self.people[row]),
            capped_share=float("nan") if unknown else float(self.balance.capped[row]),
            gross_ratio=float("nan") if unknown else float(self.balance.gross[row]),
            known_share=float(self.balance.known_share[row]),
            by_group=self.balance.by_group[row],
        )


def _measured(places: list[Territory]) -> list[Scale]:
    known = territories()
    if all(place.kind != "CUSTOM" for place in places):
        return [_of_table().scale(known.row(place.key), place.kind, place.label) for place in places]
    found = _balances(Places.of(places))
    return [found.scale(at, place.kind, place.label) for at, place in enumerate(places)]


@lru_cache(maxsize=1)
def _of_table() -> _Balances:
    """Every territory of the table: all of them at once cost little more than a few."""
    return _balances(Places.all())


def _balances(places: Places) -> _Balances:
    return _Balances.of(places.total(commune_values("population_people")), need_ha(places), hectares(places))


def _rings(territory: Territory) -> list[Scale]:
    """The rings that hold more communes than the territory itself."""
    rings = territories().rings(territory, RINGS_KM)
    people, needed, available = np.split(_ready().totals(rings), [1, 1 + len(food_system().groups)], axis=1)
    hectares_known = np.full(needed.shape, np.nan)
    hectares_known[:, ~production().is_unknown] = available
    found = _Balances.of(people[:, 0], needed, hectares_known)
    is_larger = np.count_nonzero(rings, axis=1) > len(territory.members)
    return [found.scale(at, "RING", "", km) for at, km in enumerate(RINGS_KM) if is_larger[at]]


@lru_cache(maxsize=1)
def _ready() -> Ready:
    """By commune: people, hectares needed by crop group, hectares there of the groups known somewhere."""
    people = commune_values("population_people")[:, None]
    return Ready.of(np.hstack([people, commune_need_ha(), production().commune_ha[:, ~production().is_unknown]]))
