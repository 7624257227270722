"""From levers to plates: the kilograms of each product that one person is supplied with in a year."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.core.food.levers import DAYS_PER_YEAR, Levers
from ressort.core.food.system import Floats, FoodSystem


@dataclass(frozen=True, eq=False)
class Plates:
    """Scenarios side by side, per person. Axes: S scenarios, R regions, P products.

    Args:
        diet_kg_per_year: eaten and wasted at home, whatever its origin, (S, R, P).
        local_share: part of it that the territory grows, (S, R, P).
        organic_share: organic part of what the territory grows, (S, 1, P).
        meat_g_per_day: on the scale of the published whole-diet ratios, (S, R).
    """

    diet_kg_per_year: Floats
    local_share: Floats
    organic_share: Floats
    meat_g_per_day: Floats


def plates(system: FoodSystem, scenarios: list[Levers], regions: list[int]) -> Plates:
    """The plates of several scenarios in some regions.

    `diet_kg = food_kg_per_year × diet_ratio × (1 − waste_cut_share × avoidable_share)`, plus pulses where protein is replaced.

    Raises:
        UnknownCode: a diet, product or family that the system does not know.
        RuleBroken: a diet that does not feed.
    """
    ratios, added = _diets(system, scenarios, regions)
    waste = np.array([levers.waste_cut_share for levers in scenarios])[:, None, None]
    diet = (system.diet_kg_per_year[regions] * ratios + added) * (1 - waste * system.avoidable_share)
    relocated = _by_product(system, [(s.relocated_share, s.relocated_shares) for s in scenarios])
    organic = _by_product(system, [(s.organic_share, s.organic_shares) for s in scenarios])
    today = (system.diet_kg_per_year[regions] * system.meat).sum(-1)
    meat = system.parameters["whole_diet_meat_g_per_day"] * (diet * system.meat).sum(-1) / today
    return Plates(diet, relocated[:, None, :] * system.relocatable_share[regions], organic[:, None, :], meat)


def people_fed(system: FoodSystem, levers: Levers, population_people: float) -> float:
    """Inhabitants whose whole food the scenario supplies, guests of canteens counted by their meals.

    `guests × days / 365 × share of a day's food`, a single meal being `lunch_share` of it (see `meal_share`).
    """
    if levers.population == "all":
        return population_people * (1 + levers.growth_share)
    assert levers.people is not None
    guests = levers.people * (1 + levers.growth_share)
    lunch = system.parameters["lunch_share_of_daily_food"]
    return guests if levers.population == "number" else guests * meal_share(levers, lunch)


def meal_share(levers: Levers, lunch_share: float) -> float:
    """Part of a person's yearly food that a guest takes: 1 for a hospital open all year, 0.2 for a school lunch."""
    if levers.population == "hospital":
        return 1.0
    return min(1.0, levers.meals_per_day * lunch_share) * min(1.0, levers.days_per_year / DAYS_PER_YEAR)


def _diets(system: FoodSystem, scenarios: list[Levers], regions: list[int]) -> tuple[Floats, Floats]:
    """The ratio to today's plate (S, R, P) and the kilograms added to it (S, R, P), each distinct diet worked out once."""
    keys = [(s.diet, s.diet_kg, s.replace_protein) for s in scenarios]
    distinct = dict(zip(keys, scenarios, strict=True))
    at = {key: place for place, key in enumerate(distinct)}
    ratios, added = zip(*(_diet(system, levers, regions) for levers in distinct.values()), strict=True)
    which = [at[key] for key in keys]
    return np.stack(ratios)[which], np.stack(added)[which]


def _diet(system: FoodSystem, levers: Levers, regions: list[int]) -> tuple[Floats, Floats]:
    if levers.diet not in system.diets:
        raise UnknownCode("{diet} is not a diet; choose among {choices}.", diet=levers.diet, choices=list(system.diets))
    today = system.diet_kg_per_year[regions]
    ratio = np.broadcast_to(system.diets[levers.diet], today.shape).copy()
    added = np.zeros_like(today)
    for product, kg in levers.diet_kg:
        column = _index(system, product)
        ratio[:, column] = 0.0
        added[:, column] = kg
    replaces = system.replaces_protein[levers.diet] if levers.replace_protein is None else levers.replace_protein
    if replaces:
        pulses = _index(system, "pulses")
        eaten = ratio + _over(added, today)
        removed = (system.protein_g_per_day[regions] * np.maximum(0, 1 - eaten)).sum(-1)
        added[:, pulses] += removed * today[:, pulses] / system.protein_g_per_day[regions][:, pulses]
    _require_feeding(system, ratio + _over(added, today), regions)
    return ratio, added


def _require_feeding(system: FoodSystem, ratio: Floats, regions: list[int]) -> None:
    energy = (system.energy_kcal_per_day[regions] * ratio).sum(-1).min()
    least = system.parameters["least_energy_kcal_per_day"]
    if not energy >= least:
        raise RuleBroken(
            "This diet supplies {energy} kcal a day, less than the {least} that feed an adult: raise some products.",
            energy=round(float(energy)),
            least=round(least),
        )


def _over(added: Floats, today: Floats) -> Floats:
    """Kilograms added as a ratio to today's; 0 where nothing of it is eaten today."""
    return np.divide(added, today, out=np.zeros_like(added), where=today > 0)


def _by_product(system: FoodSystem, shares: list[tuple[float, tuple[tuple[str, float], ...]]]) -> Floats:
    """Overall shares, overridden family by family (or product by product), as (S, P)."""
    whole = np.repeat(np.array([overall for overall, _ in shares])[:, None], len(system.products), axis=1)
    for row, (_, by_name) in enumerate(shares):
        for name, share in by_name:
            whole[row, _columns(system, name)] = share
    return whole


def _columns(system: FoodSystem, name: str) -> Floats | int:
    if name in system.families:
        return system.family_of == system.families.index(name)  # type: ignore[return-value]
    if name not in system.product_index:
        known = [*system.families, *system.products]
        raise UnknownCode(
            "{name} is neither a family nor a product of food; nearest: {nearest}. The families are {choices}.",
            name=name,
            nearest=(get_close_matches(name, known, 1, 0.0) or [""])[0],
            choices=list(system.families),
        )
    return _index(system, name)


def _index(system: FoodSystem, product: str) -> int:
    if product not in system.product_index:
        raise UnknownCode(
            "{product} is not a product of the diet; the products are {choices}.",
            product=product,
            choices=list(system.products),
        )
    return system.product_index[product]
