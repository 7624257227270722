"""Foodsheds, partners, reciprocity, fairness, robustness, and the estimates that stand apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from ressort.core.errors import NoSolution, RuleBroken
from ressort.core.exchanges import (
    GreatCircle,
    Market,
    OwnMatrix,
    balance,
    balanced_exchange,
    failures,
    fair_coverage,
    fit,
    foodshed,
    gravity,
    one_more,
    optimum,
    radiation,
    verify,
)

from .markets import costs, scattered


def line(supply: list[float], demand: list[float], km: float = 10.0) -> Market:
    """Places in a row, so many kilometres apart."""
    at = np.arange(len(supply)) * km
    return Market(np.array(supply), np.array(demand), OwnMatrix(np.abs(at[:, None] - at)))


def test_a_foodshed_by_hand() -> None:
    market = line([2, 3, 0, 4], [10, 0, 0, 0], km=30)
    told = foodshed(market, optimum(market), np.array([0]))
    assert told is not None
    assert (told.need, told.own, told.imported, told.suppliers) == (10, 2, 1, 2)
    assert list(told.within) == pytest.approx([0.2, 0.5, 0.9, 0.9, 0.9])
    assert told.moved_km == 3 * 30 + 4 * 90
    assert told.mean_km == pytest.approx((3 * 30 + 4 * 90) / 9)
    assert told.concentration_share == pytest.approx(0.04 + 0.09 + 0.16 + 0.01)


def test_a_foodshed_of_what_is_left_out_is_not_known() -> None:
    market = line([2, np.nan], [1, 1])
    assert foodshed(market, optimum(market), np.array([1])) is None
    none = foodshed(line([2, 1], [0, 0]), optimum(line([2, 1], [0, 0])), np.array([0]))
    assert none is not None and np.isnan(none.within).all()


def test_partners_are_those_who_lack_what_one_has_and_have_what_one_lacks() -> None:
    surplus = np.array([[5.0, 0], [0, 4], [0, np.nan], [9, 0]])
    lack = np.array([[0.0, 6], [3, 0], [2, 0], [0, 9]])
    told = fit(0, surplus, lack, np.array([1.0, 2.0]), np.array([0.0, 50, 10, 1]))
    assert told.gives[:, 0].tolist() == [0, 3, 2, 0] and told.gets[:, 1].tolist() == [0, 4, 0, 0]
    assert told.value.tolist() == [0, 11, 2, 0]
    assert told.balance_share[1] == pytest.approx(3 / 8)
    assert told.order.tolist() == [1, 2]  # 3 wants and has the same as 0: nothing to exchange
    with pytest.raises(RuleBroken):
        fit(0, surplus, lack, np.ones(2), np.zeros(4), fade_km=0)


def test_the_balance_of_an_agreement_by_hand() -> None:
    told = balance(100.0, 80.0, 0.1)
    assert (told.balance, told.volume, told.holds) == (20, 180, False)
    assert balance(100.0, 80.0, 0.12).holds
    assert balance(0.0, 0.0, 0.0).holds
    for wrong in ((-1.0, 0.0, 0.1), (1.0, 1.0, 1.1), (1.0, 1.0, -0.1)):
        with pytest.raises(RuleBroken):
            balance(*wrong)


def test_wood_against_expertise_balances_at_the_smaller_side() -> None:
    # 0 has wood (value 2), 1 has days of expertise (value 5)
    surplus, lack = np.array([[100.0, 0], [0, 10]]), np.array([[0.0, 30], [60, 0]])
    told = balanced_exchange(surplus, lack, np.array([2.0, 5.0]), 0.0)
    assert told.flow[0, 1, 0] == pytest.approx(25) and told.flow[1, 0, 1] == pytest.approx(10)
    assert told.unbalanced == pytest.approx(170) and told.price_of_balance == pytest.approx(70)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_balanced_exchange_keeps_every_rule(seed: int, tolerance: float) -> None:
    dice = np.random.default_rng(seed)
    surplus, lack = dice.random((4, 3)) * (dice.random((4, 3)) < 0.5), dice.random((4, 3)) * (dice.random((4, 3)) < 0.5)
    values = dice.random(3)
    try:
        told = balanced_exchange(surplus, lack, values, tolerance)
    except NoSolution:
        return
    assert (told.flow.sum(1) <= surplus + 1e-9).all() and (told.flow.sum(0) <= lack + 1e-9).all()
    worth = told.flow @ values
    assert (np.abs(worth - worth.T) <= tolerance * (worth + worth.T) + 1e-7).all()
    assert told.volume <= told.unbalanced + 1e-9


def test_one_way_only_has_no_balanced_exchange_and_says_what_to_do() -> None:
    with pytest.raises(NoSolution) as told:
        balanced_exchange(np.array([[5.0], [0]]), np.array([[0.0], [5]]), np.ones(1), 0.1)
    assert "service" in str(told.value)
    with pytest.raises(RuleBroken):
        balanced_exchange(np.zeros((13, 1)), np.zeros((13, 1)), np.ones(1), 0.1)


def test_a_shortage_is_shared_by_the_least_covered_first() -> None:
    # 0 reaches 1 and 2; 3 reaches 2 only: fair gives 1 all it can from 0
    cost = np.full((4, 4), np.inf)
    np.fill_diagonal(cost, 0)
    cost[0, 1], cost[0, 2], cost[3, 2] = 10, 1, 5
    market = Market(np.array([6.0, 0, 0, 4]), np.array([0.0, 10, 10, 0]), OwnMatrix(cost))
    told = fair_coverage(market, 50.0)
    assert told.fair[1:3] == pytest.approx([0.5, 0.5], abs=1e-6)
    assert told.efficient[1] + told.efficient[2] == pytest.approx(1.0)
    assert told.fair_km >= told.efficient_km - 1e-6
    assert np.isnan(told.fair[0])
    with pytest.raises(RuleBroken):
        fair_coverage(market, 0.0)


def test_those_who_cannot_rise_do_not_hold_the_others_back() -> None:
    cost = np.full((4, 4), np.inf)
    np.fill_diagonal(cost, 0)
    cost[0, 1], cost[2, 3] = 10, 10
    told = fair_coverage(Market(np.array([1.0, 0, 8, 0]), np.array([0.0, 10, 0, 10]), OwnMatrix(cost)), 50.0)
    assert told.fair[[1, 3]] == pytest.approx([0.1, 0.8], abs=1e-6)


def most_served(market: Market, reach_km: float, floor: np.ndarray, who: np.ndarray) -> float:
    """The most that some can be served together while each of the others keeps a floor, by HiGHS."""
    n, cost = len(market), costs(market)
    np.fill_diagonal(cost, 0.0)
    giver, receiver = np.nonzero(cost <= reach_km)
    arcs = np.arange(len(giver))
    sent = coo_array((np.ones(len(arcs)), (giver, arcs)), shape=(n, len(arcs)))
    got = coo_array((np.ones(len(arcs)), (receiver, arcs)), shape=(n, len(arcs)))
    rows, right = vstack([sent, got, -got]).tocsr(), np.concatenate([market.supply, market.demand, -floor * (1 - 1e-9)])
    found = linprog(-who[receiver].astype(float), A_ub=rows, b_ub=right, bounds=(0, None))
    return float(-found.fun)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([100.0, 250.0, 500.0]))
def test_nobody_can_rise_without_lowering_someone_as_low(seed: int, reach_km: float) -> None:
    market = scattered(14, seed)
    told = fair_coverage(market, reach_km)
    served = np.nan_to_num(told.fair) * market.demand
    for row in range(14):
        floor = np.where(told.fair <= told.fair[row] + 1e-9, served, 0.0)
        best = most_served(market, reach_km, floor, np.arange(14) == row)
        assert best <= served[row] + 1e-6
    # sharing fairly wastes nothing: as much is served as can be
    everyone = most_served(market, reach_km, np.zeros(14), np.ones(14, dtype=bool))
    assert served.sum() == pytest.approx(everyone, abs=1e-6)
    assert (np.nan_to_num(told.efficient) * market.demand).sum() == pytest.approx(everyone, abs=1e-6)
    assert told.fair_km >= told.efficient_km - 1e-6


def test_what_stands_when_a_supplier_fails() -> None:
    market = line([0, 5, 5, 3], [8, 0, 0, 0])
    plan = optimum(market)
    told, standing = failures(market, plan, 0)
    assert [one.supplier for one in told] == [1, 2]
    assert told[0].covered_share == pytest.approx(1.0)  # 2 and 3 hold 8
    assert told[1].covered_share == pytest.approx(1.0)
    assert standing.tolist() == [5, 3]  # each stands the failure of the other
    assert all(one.more_km > 0 for one in told)


def test_one_more_unit_costs_at_least_what_one_less_saves() -> None:
    market = scattered(30, 6, whole=True)
    plan = optimum(market)
    less, more = one_more(market, plan, 4)
    assert less - 1e-6 <= plan.price_km[4] <= more + 1e-6
    with pytest.raises(RuleBroken):
        one_more(market, plan, 4, 0.0)


def test_a_false_plan_does_not_pass_the_check() -> None:
    market = scattered(20, 9)
    plan = optimum(market)
    plan.quantity[0] *= 1.01
    assert not verify(market, plan).holds


def test_gravity_keeps_both_totals_and_the_mean_distance() -> None:
    dice = np.random.default_rng(2)
    places = GreatCircle(dice.uniform(44, 49, 12), dice.uniform(-1, 6, 12))
    km = places.km(np.repeat(np.arange(12), 12), np.tile(np.arange(12), 12)).reshape(12, 12)
    out, into = dice.random(12), dice.random(12)
    into *= out.sum() / into.sum()
    flows, beta = gravity(out, into, km, 150.0)
    assert flows.sum(1) == pytest.approx(out, rel=1e-6) and flows.sum(0) == pytest.approx(into, rel=1e-6)
    assert (flows * km).sum() / flows.sum() == pytest.approx(150, rel=1e-6)
    assert beta > 0
    with pytest.raises(NoSolution) as told:
        gravity(out, into, km, 5000.0)
    assert told.value.facts["longest"] < 5000
    with pytest.raises(RuleBroken):
        gravity(out, into * 2, km, 150.0)


def test_radiation_by_hand() -> None:
    km = np.array([[0.0, 1, 2], [1, 0, 1.5], [2, 1.5, 0]])
    flows = radiation(np.array([10.0, 0, 0]), np.array([1.0, 1, 2]), km)
    # nearest: 1·1/(1·2) = 1/2; then 1·2/(2·4) = 1/4; scaled to 10
    assert flows[0].tolist() == pytest.approx([0, 20 / 3, 10 / 3])
