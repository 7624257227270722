"""What a market refuses, in words; what is missing is not zero; islands without a way."""

from dataclasses import replace

import numpy as np
import pytest

from ressort.core.errors import InputError, NoSolution, RuleBroken
from ressort.core.exchanges import GreatCircle, Limit, Market, OwnMatrix, Promise, optimum, verify

from .markets import scattered


def test_missing_supply_is_not_zero_the_territory_is_left_out_and_said() -> None:
    market = scattered(10, 1)
    supply = market.supply.copy()
    supply[3] = np.nan
    plan = optimum(replace(market, supply=supply))
    assert list(plan.left_out) == [3]
    assert np.isnan(plan.price_km[3]) and plan.imported[3] == 0
    assert 3 not in plan.receiver and 3 not in plan.giver
    assert verify(replace(market, supply=supply), plan).holds


def test_a_place_that_is_not_known_is_left_out() -> None:
    market = scattered(10, 1)
    assert isinstance(market.distance, GreatCircle)
    lat = market.distance.lat_degree.copy()
    lat[2] = np.nan
    plan = optimum(replace(market, distance=GreatCircle(lat, market.distance.lon_degree)))
    assert list(plan.left_out) == [2]


def test_an_island_without_a_way_is_served_by_the_world_only() -> None:
    cost = np.array([[0, 5, np.inf], [5, 0, np.inf], [np.inf, np.inf, 0]])
    plan = optimum(Market(np.array([9.0, 0, 1]), np.array([1.0, 4, 3]), OwnMatrix(cost)))
    assert list(plan.imported) == [0, 0, 2]
    assert list(plan.own) == [1, 0, 1]


def test_nothing_further_than_the_world_is_ever_used() -> None:
    far = GreatCircle(np.array([48.0, 16.0]), np.array([2.0, -61.0]))  # Paris, Guadeloupe
    plan = optimum(Market(np.array([5.0, 0.0]), np.array([0.0, 5.0]), far))
    assert plan.imported[1] == 5 and not len(plan.quantity)


@pytest.mark.parametrize(
    ("change", "kind", "fact"),
    [
        ({"supply": np.array([-1.0, 1.0, 1.0])}, RuleBroken, ("value", -1.0)),
        ({"demand": np.array([np.inf, 1.0, 1.0])}, RuleBroken, ("value", np.inf)),
        ({"supply": np.array([1.0, 1.0])}, InputError, ("given", 2)),
        ({"world_km": 0.0}, RuleBroken, ("value", 0.0)),
        ({"partner_share": 0.0}, RuleBroken, ("value", 0.0)),
        ({"partner_share": 1.5}, RuleBroken, ("value", 1.5)),
        ({"promises": (Promise(0, 0, 1.0),)}, RuleBroken, ("name", "A")),
        ({"promises": (Promise(0, 7, 1.0),)}, InputError, ("row", 7)),
        ({"limits": (Limit(0, 1, -1.0),)}, RuleBroken, ("value", -1.0)),
        ({"limits": (Limit(0, 1, float("nan")),)}, RuleBroken, ("value", pytest.approx(float("nan"), nan_ok=True))),
    ],
)
def test_bad_markets_are_refused_with_the_fact(change: dict[str, object], kind: type, fact: tuple[str, object]) -> None:
    base = {
        "supply": np.array([5.0, 1.0, 1.0]),
        "demand": np.array([1.0, 5.0, 1.0]),
        "distance": GreatCircle(np.array([45.0, 46, 47]), np.array([1.0, 2, 3])),
        "names": ("A", "B", "C"),
    }
    with pytest.raises(kind) as told:
        Market(**(base | change))  # type: ignore[arg-type]
    assert told.value.facts[fact[0]] == fact[1]
    assert "{" not in str(told.value)


def test_negative_shapeless_or_empty_costs_are_refused_where_they_stand() -> None:
    with pytest.raises(RuleBroken) as told:
        OwnMatrix(np.array([[0.0, -2.0], [1.0, 0.0]]))
    assert (told.value.facts["giver"], told.value.facts["receiver"], told.value.facts["cost"]) == (0, 1, -2.0)
    with pytest.raises(InputError):
        OwnMatrix(np.zeros((2, 3)))
    with pytest.raises(InputError) as told2:
        OwnMatrix(np.array([[0.0, 1.0], [np.nan, 0.0]]))
    assert told2.value.facts["giver"] == 1
    with pytest.raises(RuleBroken):
        GreatCircle(np.zeros(1), np.zeros(1), detour_ratio=0.5)


def test_promises_beyond_supply_or_need_name_who_and_how_much() -> None:
    market = Market(
        np.array([5.0, 1.0]),
        np.array([1.0, 3.0]),
        GreatCircle(np.array([45.0, 46]), np.array([1.0, 2])),
        names=("A", "B"),
    )
    with pytest.raises(NoSolution) as told:
        optimum(replace(market, promises=(Promise(0, 1, 9.0),)))
    assert told.value.facts["broken"] == ["A: 4"]
    with pytest.raises(NoSolution) as useless:
        optimum(replace(market, promises=(Promise(0, 1, 4.0),)))
    assert useless.value.facts["broken"] == ["B: 1"]


def test_a_promise_without_a_way_or_with_an_unknown_territory_is_refused() -> None:
    cost = OwnMatrix(np.array([[0.0, np.inf], [1.0, 0.0]]))
    with pytest.raises(NoSolution):
        Market(np.array([5.0, 1.0]), np.array([1.0, 3.0]), cost, promises=(Promise(0, 1, 1.0),))
    with pytest.raises(InputError):
        Market(np.array([5.0, np.nan]), np.array([1.0, 3.0]), cost, promises=(Promise(1, 0, 1.0),))


def test_a_limit_for_every_pair_of_too_many_territories_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ressort.core.exchanges.plan.MOST_WITH_LIMITS", 20)
    with pytest.raises(RuleBroken) as told:
        optimum(replace(scattered(21, 1), partner_share=0.5))
    assert told.value.facts["count"] == 21


def test_nobody_takes_more_than_its_part_from_one_partner() -> None:
    market = replace(scattered(40, 8), partner_share=0.25)
    plan = optimum(market)
    assert (plan.quantity <= 0.25 * market.demand[plan.receiver] + 1e-9).all()
