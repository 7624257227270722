"""How a territory feeds itself: plate, land, jobs, impacts, potential autonomy; central values and ranges."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

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
from ressort.reference.food_system import BELGIUM, food_system
from ressort.reference.places import commune_values
from ressort.reference.production import ONE_SIDED_95, Area, areas
from ressort.reference.territories import territories

DRAWS = 1000
SEED = 2026
NITROGEN_PER_PROTEIN = 1 / 6.25
G_PER_KG = 1000.0
DAYS_PER_YEAR = 365
THIRSTY = ("maize_grain", "maize_silage", "vegetables_mix", "tree_fruit_mix", "potato")


@dataclass(frozen=True, eq=False)
class FoodDiagnosis:
    """The food of one territory under some levers. Axes: P products, F families, G crop groups, K crops, N draws.

    Args:
        people: inhabitants whose whole food is counted.
        central: the footprint of these people, deterministic, each field (X,).
        drawn_family_ha, drawn_group_ha: hectares, (N, F) and (N, G); drawn_jobs_fte, drawn_ghg_kgco2e: (N,).
        areas: hectares available by crop group; `available_ha` the same as an array, nan where not known, (G,);
            drawn_available_ha: draws of the same, (N, G).
        balance: adequacy of the central values; drawn_balance: of the draws.
        by_set: total land under each set of organic coefficients, by method A and B when nothing is organic, {name: ha}.
        drivers: the hypotheses that make the range of land wide.
    """

    levers: Levers
    people: float
    central: Footprint
    drawn_family_ha: Floats
    drawn_group_ha: Floats
    drawn_jobs_fte: Floats
    drawn_ghg_kgco2e: Floats
    areas: list[Area]
    available_ha: Floats
    drawn_available_ha: Floats
    needed_ha: Floats
    balance: Adequacy
    drawn_balance: Adequacy
    by_set: dict[str, float]
    drivers: list[Driver]
    farm_starts: FarmStarts | None
    nitrogen_kg: float


def diagnose_food(
    territory: Territory, levers: Levers, own_areas: dict[str, Area] | None = None
) -> FoodDiagnosis | None:
    """The food of a territory, or None where the model does not reach (overseas).

    Raises:
        RuleBroken: land converted beyond what there is, or a diet that does not feed.
    """
    system = food_system()
    mix = people_by_region(territory, levers)
    if mix is None:
        return None
    regions = [int(r) for r in np.flatnonzero(mix)] or [_main_region(territory)]
    central = per_person(system, [levers], regions).for_people(mix[regions])
    central = Footprint(**{name: values[0] for name, values in vars(central).items()})
    drawn = _weighted([_drawn_per_person(levers, r) for r in regions], mix[regions])
    hectares = [
        area if own_areas is None else own_areas.get(group, area)
        for group, area in zip(system.groups, areas(territory), strict=True)
    ]
    available = _available(hectares, levers)
    drawn_available = _drawn_available(hectares, available, territory.area_ha)
    needed = group_land_ha(central.crop_land_ha, system.group_of, len(system.groups))
    return FoodDiagnosis(
        levers=levers,
        people=float(mix.sum()),
        central=central,
        drawn_family_ha=drawn.family_ha,
        drawn_group_ha=drawn.group_ha,
        drawn_jobs_fte=drawn.jobs_fte,
        drawn_ghg_kgco2e=drawn.ghg_kgco2e,
        areas=hectares,
        available_ha=available,
        drawn_available_ha=drawn_available,
        needed_ha=needed,
        balance=adequacy(available, needed),
        drawn_balance=adequacy(drawn_available, drawn.group_ha),
        by_set=_by_choice(levers, regions, mix[regions]),
        drivers=drivers(_draws(levers.organic_set), drawn.family_ha.sum(-1)) if mix.sum() > 0 else [],
        farm_starts=_farm_starts(levers, central),
        nitrogen_kg=_nitrogen_kg(levers, regions, mix[regions]),
    )


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
    return np.array(
        [
            system.region_index[BELGIUM] if country == "BE" else system.region_index.get(region, -1)
            for country, region in zip(atoms["country"], atoms["region"], strict=True)
        ]
    )


@dataclass(frozen=True, eq=False)
class _Drawn:
    family_ha: Floats
    group_ha: Floats
    jobs_fte: Floats
    ghg_kgco2e: Floats


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
        drawn.jobs_fte[:, 0].sum(-1),
        drawn.ghg_kgco2e[:, 0].sum(-1),
    )


@lru_cache(maxsize=8)
def _draws(organic_set: str) -> Draws:
    return draw(food_system(), organic_set, DRAWS, SEED)


def _weighted(parts: list[_Drawn], people: Floats) -> _Drawn:
    return _Drawn(
        *(sum(getattr(part, name) * n for part, n in zip(parts, people, strict=True)) for name in vars(parts[0]))
    )  # type: ignore[arg-type]


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
            raise RuleBroken("The hectares of {name} are not known here: they cannot be converted.", name=name)
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
    """Draws of the hectares available, lognormal over their range, never more in all than the territory, (N, G)."""
    dice = np.random.default_rng(SEED + 1)
    sd = np.array(
        [
            0.0 if not area.low_ha or not area.high_ha else np.log(area.high_ha / area.low_ha) / (2 * ONE_SIDED_95)
            for area in hectares
        ]
    )
    drawn = available * np.exp(sd * dice.standard_normal((DRAWS, len(hectares))))
    held_ha = max(whole_ha, float(np.nansum(available))) if whole_ha > 0 else np.inf
    total = np.nansum(drawn, axis=1, keepdims=True)
    return drawn * np.minimum(1.0, np.divide(held_ha, total, out=np.ones_like(total), where=total > 0))


def _by_choice(levers: Levers, regions: list[int], people: Floats) -> dict[str, float]:
    """Total land under the other discrete choices: organic sets where something is organic, else the two methods."""
    system = food_system()
    is_organic = levers.organic_share > 0 or any(share > 0 for _, share in levers.organic_shares)
    choices = (
        [("organic_set", name) for name in system.links]
        if is_organic
        else [("method", "rations"), ("method", "inventories")]
    )
    totals = {}
    for field, name in choices:
        other = Levers(**{**_as_dict(levers), field: name})
        totals[name] = float(per_person(system, [other], regions).for_people(people).land_ha.sum())
    return totals


def _farm_starts(levers: Levers, central: Footprint) -> FarmStarts | None:
    system = food_system()
    if levers.farm_starts_per_year == 0:
        return None
    vegetables = [system.product_index[name] for name in ("tomato", "onion", "other_vegetables")]
    yield_t_per_ha = system.parameters["market_garden_organic_yield"]
    return start_farms(
        levers.farm_starts_per_year, int(levers.farm_years), float(central.need_kg[vegetables].sum()), yield_t_per_ha
    )


def _nitrogen_kg(levers: Levers, regions: list[int], people: Floats) -> float:
    """Nitrogen in the food supplied in a year: protein ÷ 6.25."""
    system = food_system()
    need = per_person(system, [levers], regions).need_kg[0]
    today = system.diet_kg_per_year[regions]
    per_kg = np.divide(system.protein_g_per_day[regions], today, out=np.zeros_like(today), where=today > 0)
    protein_kg = (need * per_kg).sum(-1) * DAYS_PER_YEAR / G_PER_KG
    return float((protein_kg * people).sum() * NITROGEN_PER_PROTEIN)


def _main_region(territory: Territory) -> int:
    region_of = commune_regions()[territory.members]
    return int(region_of[region_of >= 0][0])


def _as_dict(levers: Levers) -> dict[str, Any]:
    return {name: getattr(levers, name) for name in levers.__slots__}
