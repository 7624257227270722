"""Limits that are parts of a unit, territories that hold and need nothing, costs of any size: HiGHS and the certificate agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.exchanges import GreatCircle, Limit, Market, OwnMatrix, optimum, verify

from .markets import by_highs

SEEDS = st.integers(0, 10_000)


def whole(dice: np.random.Generator, n: int, most: int) -> np.ndarray:
    return dice.integers(0, most, n).astype(float)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.sampled_from([0.34, 0.1, 0.55]))
def test_a_part_of_whole_needs_is_not_rounded_to_a_whole_quantity(seed: int, share: float) -> None:
    dice = np.random.default_rng(seed)
    cost = OwnMatrix(dice.integers(0, 5, (20, 20)).astype(float))
    market = Market(whole(dice, 20, 3), whole(dice, 20, 3), cost, partner_share=share)
    plan = optimum(market)
    assert (plan.quantity <= share * market.demand[plan.receiver] + 1e-9).all()
    assert plan.certificate.proved and plan.certificate.total == pytest.approx(by_highs(market), rel=1e-9, abs=1e-9)
    assert verify(market, plan).holds


def test_a_limit_under_one_unit_lets_that_much_pass() -> None:
    cost = OwnMatrix(np.array([[0.0, 1.0], [1.0, 0.0]]))
    plan = optimum(Market(np.array([5.0, 0.0]), np.array([0.0, 5.0]), cost, limits=(Limit(0, 1, 0.25),)))
    assert plan.quantity.tolist() == pytest.approx([0.25], abs=1e-12)
    assert plan.imported.tolist() == pytest.approx([0, 4.75], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_certificate_holds_where_some_have_nothing_and_need_nothing(seed: int) -> None:
    dice = np.random.default_rng(seed)
    market = Market(whole(dice, 24, 2), whole(dice, 24, 2), OwnMatrix(whole(dice, 24 * 24, 4).reshape(24, 24)))
    plan = optimum(market)
    assert plan.certificate.proved and verify(market, plan).holds
    assert plan.certificate.total == pytest.approx(by_highs(market), rel=1e-9, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_costs_far_under_the_worlds_are_told_apart_all_the_same(seed: int) -> None:
    """Hours or cents: the best way is found though all of them are next to nothing beside the world."""
    dice = np.random.default_rng(seed)
    cost = dice.integers(1, 1000, (20, 20)).astype(float)
    market = Market(dice.random(20) + 1, dice.random(20), OwnMatrix(cost), world_km=1e6)
    small = optimum(replace(market, distance=OwnMatrix(cost * 2.0**-40)))
    assert small.certificate.total * 2.0**40 == pytest.approx(by_highs(market), rel=1e-9)
    assert small.certificate.proved and verify(replace(market, distance=OwnMatrix(cost * 2.0**-40)), small).holds


@pytest.mark.parametrize("scale", [1e12, 1e-9])
def test_huge_and_tiny_quantities_side_by_side_are_proved(scale: float) -> None:
    dice = np.random.default_rng(3)
    places = GreatCircle(dice.uniform(43, 50, 40), dice.uniform(-2, 7, 40))
    supply, demand = whole(dice, 40, 1000) * scale, whole(dice, 40, 1000) * scale
    supply[0], demand[1] = 1.0, 1.0
    plan = optimum(Market(supply, demand, places))
    assert plan.certificate.proved and verify(Market(supply, demand, places), plan).holds
