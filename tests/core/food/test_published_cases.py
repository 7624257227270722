"""The model against what published sources say: `tests/cases/food.toml`."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ressort.core.food import FoodSystem, Levers, farms_needed, per_person

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "food.toml").read_text("utf-8"))
M2_PER_HA = 10_000


def _land_m2(system: FoodSystem, levers: Levers, families: list[str]) -> float:
    land = per_person(system, [levers], [system.region_index["FR"]]).land_ha[0, 0] * M2_PER_HA
    kept = np.isin(np.array(system.families)[system.family_of], families) if families else np.ones(len(land), bool)
    return float(land[kept].sum())


@pytest.mark.parametrize("case", CASES["land_per_person"], ids=lambda case: case["title"])
def test_land_per_person_comes_within_the_stated_tolerance(case: dict, food: FoodSystem) -> None:
    system = replace(food, ruminant_factor=1.0, inventory_factor=1.0) if case.get("before_factor") else food
    levers = Levers(method=case.get("method", "rations"), relocated_feed=True)
    assert _land_m2(system, levers, case["families"]) == pytest.approx(case["expected_m2"], rel=case["tolerance_share"])


def test_the_ruminant_factors_are_those_of_the_method_page(food: FoodSystem) -> None:
    assert food.ruminant_factor == pytest.approx(1.315, abs=0.005)
    assert food.inventory_factor == pytest.approx(1.90, abs=0.01)


@pytest.mark.parametrize("case", CASES["ordered_diets"], ids=lambda case: case["title"])
def test_diets_take_land_in_the_published_order(case: dict, food: FoodSystem) -> None:
    land = [_land_m2(food, Levers(diet=diet, relocated_feed=True), []) for diet in case["diets"]]
    assert land == sorted(land)
    assert land[0] < case["published_vegan_ha"] * M2_PER_HA
    assert land[-1] < case["published_current_ha"] * M2_PER_HA


@pytest.mark.parametrize("case", CASES["published_range"], ids=lambda case: case["title"])
def test_ratios_between_diets_are_near_the_published_ones(case: dict, food: FoodSystem) -> None:
    ratio = _land_m2(food, Levers(diet=case["numerator"]), []) / _land_m2(food, Levers(), [])
    assert ratio == pytest.approx(case["expected_ratio"], abs=case["tolerance_ratio"])


@pytest.mark.parametrize("case", CASES["farm_starts"], ids=lambda case: case["title"])
def test_farm_starts_reach_the_published_number(case: dict, food: FoodSystem) -> None:
    vegetables = [food.product_index[name] for name in ("tomato", "onion", "other_vegetables")]
    eaten_kg = case["people"] * food.diet_kg_per_year[food.region_index["75"], vegetables].sum()
    needed = farms_needed(
        eaten_kg, case["covered_share"], case["yield_t_per_ha"], food.parameters["market_garden_farm_area"]
    )
    assert needed.farms == pytest.approx(case["expected_farms"], abs=case["tolerance_farms"])


@pytest.mark.parametrize("case", CASES["land_per_kg_of_meat"], ids=lambda case: case["title"])
def test_a_kilogram_of_meat_takes_near_the_published_land(case: dict, food: FoodSystem) -> None:
    meat_kg = case["meat_g_per_day"] * 365 / 1000
    land = _land_m2(food, Levers(relocated_feed=True), case["families"]) / meat_kg
    assert land == pytest.approx(case["expected_m2_per_kg"], rel=case["tolerance_share"])


@pytest.mark.parametrize("case", CASES["work_per_hectare"], ids=lambda case: case["title"])
def test_the_work_of_a_hectare_lies_between_the_published_rates(case: dict, food: FoodSystem) -> None:
    one = per_person(food, [Levers()], [food.region_index["FR"]])
    rate = float(one.jobs_fte.sum() / one.land_ha.sum())
    assert case["expected_low_fte_per_ha"] < rate < case["expected_high_fte_per_ha"]


@pytest.mark.parametrize("case", CASES["nitrogen"], ids=lambda case: case["title"])
def test_the_nitrogen_of_a_plate_is_that_of_its_protein(case: dict, food: FoodSystem) -> None:
    protein_g = float(food.protein_g_per_day[food.region_index["FR"]].sum())
    assert case["expected_low_kg"] < protein_g * 365 / 1000 / 6.25 < case["expected_high_kg"]
