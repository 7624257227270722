"""Costs of one's own for some pairs: the optimum of the whole matrix that they stand for, with or without the great circle elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.errors import InputError, RuleBroken
from ressort.core.exchanges import GreatCircle, Limit, Market, OwnMatrix, OwnPairs, optimum, verify


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_some_pairs_give_the_optimum_of_the_matrix_that_they_stand_for(seed: int, far: bool, limited: bool) -> None:
    dice = np.random.default_rng(seed)
    n = int(dice.integers(2, 30))
    code = dice.choice(n * n, int(dice.integers(0, n * n // 2 + 1)), replace=False)
    giver, receiver = code // n, code % n
    cost = np.where(giver == receiver, 0, dice.integers(0, 300, len(code))).astype(float)
    places = GreatCircle(dice.uniform(43, 50, n), dice.uniform(-2, 7, n))
    rows, columns = np.divmod(np.arange(n * n), n)
    whole = places.km(rows, columns).reshape(n, n) if far else np.full((n, n), np.inf)
    np.fill_diagonal(whole, 0.0)
    whole[giver, receiver] = cost
    supply, demand = (dice.integers(0, 20, n).astype(float) for _side in range(2))
    limits = (Limit(0, n - 1, float(dice.integers(0, 9))),) if limited else ()
    pairs = OwnPairs(n, giver, receiver, cost, places if far else None)
    assert (pairs.km(rows, columns) == whole.ravel()).all()
    market = Market(supply, demand, pairs, limits=limits)
    plan, other = optimum(market), optimum(Market(supply, demand, OwnMatrix(whole), limits=limits))
    assert plan.certificate.proved and verify(market, plan).holds
    assert plan.certificate.total == pytest.approx(other.certificate.total, rel=1e-9)
    turned = dice.permutation(n)
    back = np.argsort(turned)
    there = GreatCircle(places.lat_degree[turned], places.lon_degree[turned]) if far else None
    moved = OwnPairs(n, back[giver], back[receiver], cost, there)
    same = Market(supply[turned], demand[turned], moved, limits=tuple(Limit(int(back[0]), int(back[n - 1]), one.quantity) for one in limits))  # fmt: skip
    assert optimum(same).certificate.total == plan.certificate.total


def test_pairs_written_wrong_are_refused() -> None:
    one, two = np.array([0]), np.array([1])
    for giver, receiver, cost, kind in (
        (one, np.array([2]), np.array([1.0]), InputError),
        (one, two, np.array([-1.0]), RuleBroken),
        (one, two, np.array([np.nan]), RuleBroken),
        (np.array([0, 0]), np.array([1, 1]), np.array([1.0, 2.0]), InputError),
    ):
        with pytest.raises(kind):
            OwnPairs(2, giver, receiver, cost)
