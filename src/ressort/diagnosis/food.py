"""How a territory feeds itself: plate, land, jobs, impacts, potential autonomy; central values and ranges."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from ressort.core.errors import RuleBroken
from ressort.core.food import (
    Adequacy,
    Draws,
    Driver,
    FarmStarts,
    Footprint,
    Levers,
    adequacy,
    draw,
    drivers,
    group_land_ha,
    people_fed,
    per_person,
    start_farms,
)
from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.diagnosis.food_choices import of_country, other_choices
from ressort.diagnosis.food_totals import totals
from ressort.reference.areas import ONE_SIDED_95, Area, areas
from ressort.reference.food_parameters import market_garden
from ressort.reference.food_system import BELGIUM, food_system
from ressort.reference.places import commune_values
from ressort.reference.territories import territories

DRAWS = 1000
VEGETABLES = ("tomato", "onion", "other_vegetables")
#: central, low and high yield of an organic market garden
GARDEN_YIELDS = (
    "market_garden_organic_yield",
    "market_garden_organic_yield_low",
    "market_garden_organic_yield_high",
)
SEED = 2026


@dataclass(frozen=True, eq=False)
class FoodDiagnosis:
    """The food of one territory under some levers. Axes: P products, F families, G crop groups, K crops, N draws.

    Args:
        people: inhabitants whose whole food is counted.
        central: the footprint of these people, deterministic, each field (X,).
        totals: what it adds up to, see `food_totals`; drawn_totals: the same of the draws, each (N,);
            other_totals: the same under each other choice, by name of the choice.
        drawn_family_ha, drawn_group_ha: hectares, (N, F) and (N, G).
        areas: hectares available by crop group; `available_ha` the same as an array, nan where not known, (G,);
            drawn_available_ha: draws of the same, (N, G).
        balance: adequacy of the central values; drawn_balance: of the draws; other_balances: under each other choice.
        drivers: the hypotheses that make the range of land wide.
    """

    levers: Levers
    people: float
    central: Footprint
    totals: dict[str, float]
    drawn_totals: dict[str, Floats]
    other_totals: dict[str, dict[str, float]]
    drawn_family_ha: Floats
    drawn_group_ha: Floats
    areas: list[Area]
    available_ha: Floats
    drawn_available_ha: Floats
    needed_ha: Floats
    balance: Adequacy
    drawn_balance: Adequacy
    other_balances: dict[str, Adequacy]
    drivers: list[Driver]
    farm_starts: FarmStarts | None

    @property
    def by_set(self) -> dict[str, float]:
        """Total land under each discrete choice, its own included, {name: ha}."""
        return {name: values["land_ha"] for name, values in self.other_totals.items()}


def diagnose_food(
    territory: Territory, levers: Levers, own_areas: dict[str, Area] | None = None
) -> FoodDiagnosis | None:
    """The food of a territory, or None where the model does not reach (overseas).

    Raises:
        RuleBroken: land converted beyond what there is, or a diet that does not feed.
    """
    system = food_system()
    levers = of_country(levers, territory.country)
    mix = people_by_region(territory, levers)
    if mix is None:
        return None
    regions = [int(r) for r in np.flatnonzero(mix)] or [_main_region(territory)]
    people = mix[regions]
    central, summed = _of_people(levers, regions, people)
    drawn = _weighted([_drawn_per_person(levers, r) for r in regions], people)
    hectares = [
        area if own_areas is None else own_areas.get(group, area)
        for group, area in zip(system.groups, areas(territory), strict=True)
    ]
    available = _available(hectares, levers)
    drawn_available = _drawn_available(hectares, available, territory.area_ha)
    others = {
        name: _of_people(other, regions, people) for name, other in other_choices(levers, territory.country).items()
    }
    return FoodDiagnosis(
        levers=levers,
        people=float(mix.sum()),
        central=central,
        totals=summed,
        drawn_totals=drawn.totals,
        other_totals={name: both[1] for name, both in others.items()},
        drawn_family_ha=drawn.family_ha,
        drawn_group_ha=drawn.group_ha,
        areas=hectares,
        available_ha=available,
        drawn_available_ha=drawn_available,
        needed_ha=_by_group(central),
        balance=adequacy(available, _by_group(central)),
        drawn_balance=adequacy(drawn_available, drawn.group_ha),
        other_balances={name: adequacy(available, _by_group(both[0])) for name, both in others.items()},
        drivers=_drivers(levers, regions, drawn) if mix.sum() > 0 else [],
        farm_starts=_farm_starts(levers, central),
    )


def _of_people(levers: Levers, regions: list[int], people: Floats) -> tuple[Footprint, dict[str, float]]:
    """The footprint of people by region, without draws, and what it adds up to."""
    each, sums = _per_person(levers)
    summed = {name: float(values[regions] @ people) for name, values in sums.items()}
    return Footprint(**{name: people @ values[regions] for name, values in vars(each).items()}), summed


@lru_cache(maxsize=64)
def _per_person(levers: Levers) -> tuple[Footprint, dict[str, Floats]]:
    """The footprint of one person of each region, each field (R, X), and what it adds up to, (R,); the same everywhere, so kept."""
    regions = list(range(len(food_system().regions)))
    each = per_person(food_system(), [levers], regions)
    sums = {name: values[0] for name, values in totals(each, regions).items()}
    return Footprint(**{name: values[0] for name, values in vars(each).items()}), sums


def _drivers(levers: Levers, regions: list[int], drawn: "_Drawn") -> list[Driver]:
    """The hypotheses that make the range of land wide; within one region the number of people changes nothing to it."""
    if len(regions) == 1:
        return list(_drivers_of_region(levers, regions[0]))
    return drivers(_draws(levers.organic_set), drawn.family_ha.sum(-1))


@lru_cache(maxsize=512)
def _drivers_of_region(levers: Levers, region: int) -> tuple[Driver, ...]:
    drawn = _drawn_per_person(levers, region)
    return tuple(drivers(_draws(levers.organic_set), drawn.family_ha.sum(-1)))


def _by_group(footprint: Footprint) -> Floats:
    system = food_system()
    return group_land_ha(footprint.crop_land_ha, system.group_of, len(system.groups))


def people_by_region(territory: Territory, levers: Levers) -> Floats | None:
    """People whose food is counted, by region of the food system (R,); None when no commune has a region there."""
    system = food_system()
    region_of = commune_regions()[territory.members]
    if (region_of < 0).all():
        return None
    inside = region_of >= 0
    people = np.nan_to_num(commune_values("population_people")[territory.members][inside])
    mix = np.bincount(region_of[inside], people, len(system.regions))
    total = people_fed(system, levers, float(mix.sum()))
    if mix.sum() == 0:
        mix[region_of[inside][0]] = 1.0
    return mix * (total / mix.sum())


@lru_cache(maxsize=1)
def commune_regions() -> np.ndarray:
    """The region of the food system of each commune, -1 overseas, (atoms,)."""
    known, system = territories(), food_system()
    atoms = known.table.head(known.atoms)
    french = atoms["region"].replace_strict(system.region_index, default=-1, return_dtype=pl.Int64).to_numpy()
    return np.where((atoms["country"] == "BE").to_numpy(), system.region_index[BELGIUM], french)


@dataclass(frozen=True, eq=False)
class _Drawn:
    family_ha: Floats
    group_ha: Floats
    totals: dict[str, Floats]


@lru_cache(maxsize=512)
def _drawn_per_person(levers: Levers, region: int) -> _Drawn:
    """Draws for one person of a region: the same for every territory of the region, so kept."""
    system = food_system()
    drawn = per_person(system, [levers], [region], _draws(levers.organic_set))
    families = np.zeros((len(system.products), len(system.families)))
    families[np.arange(len(system.products)), system.family_of] = 1.0
    return _Drawn(
        drawn.land_ha[:, 0] @ families,
        group_land_ha(drawn.crop_land_ha[:, 0], system.group_of, len(system.groups)),
        {name: values[:, 0] for name, values in totals(drawn, [region]).items()},
    )


@lru_cache(maxsize=8)
def _draws(organic_set: str) -> Draws:
    return draw(food_system(), organic_set, DRAWS, SEED)


def _weighted(parts: list[_Drawn], people: Floats) -> _Drawn:
    weighted = list(zip(parts, people, strict=True))
    if len(parts) == 1:
        part, n = weighted[0]
        return _Drawn(part.family_ha * n, part.group_ha * n, {name: drawn * n for name, drawn in part.totals.items()})
    return _Drawn(
        family_ha=np.sum([part.family_ha * n for part, n in weighted], axis=0),
        group_ha=np.sum([part.group_ha * n for part, n in weighted], axis=0),
        totals={name: np.sum([part.totals[name] * n for part, n in weighted], axis=0) for name in parts[0].totals},
    )


def _available(hectares: list[Area], levers: Levers) -> Floats:
    """Hectares by group after conversion, (G,)."""
    available = np.array([np.nan if area.area_ha is None else area.area_ha for area in hectares])
    groups = food_system().groups
    for name, gained_ha in levers.converted_ha:
        if name not in groups:
            raise RuleBroken(
                "{name} is not a group of crops; the groups are {choices}.", name=name, choices=list(groups)
            )
        column = groups.index(name)
        if np.isnan(available[column]):
            raise RuleBroken(
                "The hectares of {name} are not known here, so none can be added to them or taken: "
                "give a table of your crop areas first (`ressort data template crop_area`).",
                name=name,
            )
        if available[column] + gained_ha < 0:
            raise RuleBroken(
                "{lost} ha of {name} cannot be converted: there are {held} ha.",
                name=name,
                lost=round(-gained_ha),
                held=round(available[column]),
            )
        available[column] += gained_ha
    return available


def _drawn_available(hectares: list[Area], available: Floats, whole_ha: float) -> Floats:
    """Draws of the hectares available, lognormal over their range, never more in all than the territory, (N, G).

    The least there is of a crop is drawn evenly up to what there would be if as much went undeclared as in the country.
    """
    sd = np.array(
        [
            0.0
            if not area.low_ha or not area.high_ha or area.is_floor
            else np.log(area.high_ha / area.low_ha) / (2 * ONE_SIDED_95)
            for area in hectares
        ]
    )
    normal, even = _dice_of_land(len(hectares))
    drawn = available * np.exp(sd * normal)
    for g, chance in zip([g for g, area in enumerate(hectares) if area.is_floor and area.area_ha], even, strict=False):
        undeclared = (hectares[g].high_ha or 0.0) / (hectares[g].area_ha or 1.0)
        drawn[:, g] = available[g] * (1 + (undeclared - 1) * chance)
    held_ha = max(whole_ha, float(np.nansum(available))) if whole_ha > 0 else np.inf
    total = np.nansum(drawn, axis=1, keepdims=True)
    return drawn * np.minimum(1.0, np.divide(held_ha, total, out=np.ones_like(total), where=total > 0))


@lru_cache(maxsize=1)
def _dice_of_land(groups: int) -> tuple[Floats, Floats]:
    """The draws of the hectares available, the same for every territory: normal, (N, G), and even in 0–1, (G, N)."""
    dice = np.random.default_rng(SEED + 1)
    return dice.standard_normal((DRAWS, groups)), dice.random((groups, DRAWS))


def _farm_starts(levers: Levers, central: Footprint) -> FarmStarts | None:
    if levers.farm_starts_per_year == 0:
        return None
    system = food_system()
    vegetables_kg = float(central.need_kg[[system.product_index[name] for name in VEGETABLES]].sum())
    yields = [system.parameters[name] for name in GARDEN_YIELDS]
    return start_farms(market_garden(), levers.farm_starts_per_year, int(levers.farm_years), vegetables_kg, *yields)


def _main_region(territory: Territory) -> int:
    region_of = commune_regions()[territory.members]
    return int(region_of[region_of >= 0][0])
