"""The inverse question: how many people a field feeds; and how many market gardens a part of the vegetables takes."""

from dataclasses import dataclass, replace

import numpy as np

from ressort.core.errors import UnknownCode
from ressort.core.figure import Figure
from ressort.core.food import FarmsNeeded, Levers, farms_needed, people_fed_by_field, require_share
from ressort.core.territory import Territory
from ressort.diagnosis.food import GARDEN_YIELDS, VEGETABLES, FoodDiagnosis, diagnose_food
from ressort.reference.food_parameters import market_garden
from ressort.reference.food_system import food_system

M2_PER_HA = 10_000.0
#: the whole plate, as a word beside the families of food
ALL_FOOD = "all"


@dataclass(frozen=True, slots=True)
class Field:
    """What a field feeds.

    Args:
        field_ha: its size; family: the food counted, or "all".
        people: people fed in that food all year, with its range.
        land_m2_per_people: what one of them takes of it, with its range.
    """

    field_ha: float
    family: str
    people: Figure
    land_m2_per_people: Figure


def field(territory: Territory, field_ha: float, family: str = ALL_FOOD, levers: Levers | None = None) -> Field:
    """How many people a field of a territory feeds, in all food or in one family of it.

    Raises:
        UnknownCode: no family of food bears that name. RuleBroken: a negative field, or a food that takes no land here.
    """
    food = _fed(territory, levers or Levers())
    families = food_system().families
    if family not in (ALL_FOOD, *families):
        raise UnknownCode(
            "{family} is not a family of food; choose among {choices}.", family=family, choices=[ALL_FOOD, *families]
        )
    chosen = slice(None) if family == ALL_FOOD else [families.index(family)]
    by_family = np.bincount(food_system().family_of, food.central.land_ha, len(families))
    each_ha = float(by_family[chosen].sum()) / food.people
    low_ha, high_ha = (
        float(q) for q in np.quantile(food.drawn_family_ha[:, chosen].sum(-1) / food.people, [0.05, 0.95])
    )
    people = people_fed_by_field(field_ha, each_ha)
    fewest, most = (
        people_fed_by_field(field_ha, max(bound, 1e-12)) for bound in (max(high_ha, each_ha), min(low_ha, each_ha))
    )
    told = {"status": "estimated", "year": "2016-2020", "source": "food/diet"}
    return Field(
        field_ha,
        family,
        Figure(value=people, low=fewest, high=most, unit="people", **told),  # type: ignore[arg-type]
        Figure(
            value=each_ha * M2_PER_HA,
            low=min(low_ha, each_ha) * M2_PER_HA,
            high=max(high_ha, each_ha) * M2_PER_HA,
            unit="m2_per_people",
            **told,  # type: ignore[arg-type]
        ),
    )


def gardens(territory: Territory, covered_share: float, levers: Levers | None = None) -> dict[str, FarmsNeeded]:
    """Turnkey market gardens that cover a share of the vegetables, at the central, low and high yield of a garden.

    Raises:
        RuleBroken: a share outside 0-1.
    """
    require_share("covered_share", covered_share)
    system, food = food_system(), _fed(territory, levers or Levers())
    vegetables_kg = float(food.central.need_kg[[system.product_index[name] for name in VEGETABLES]].sum())
    names = ("central", "low_yield", "high_yield")
    return {
        name: farms_needed(vegetables_kg, covered_share, system.parameters[parameter], market_garden().land_ha)
        for name, parameter in zip(names, GARDEN_YIELDS, strict=True)
    }


def _fed(territory: Territory, levers: Levers) -> FoodDiagnosis:
    """The food of a territory; of one person of its region where nobody lives."""
    food = diagnose_food(territory, levers)
    if food is not None and food.people == 0:
        food = diagnose_food(territory, replace(levers, population="number", people=1.0))
    if food is None:
        raise UnknownCode(
            "Food is not computed for {territory}: no open figures on yields and diets are known there.",
            territory=territory.label,
        )
    return food
