"""How territories are numbered changes nothing, even where many flows cost the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.exchanges import GreatCircle, Limit, Market, OwnMatrix, fair_coverage, optimum


def renumbered(market: Market, order: np.ndarray) -> Market:
    """The same territories under other numbers: the first is the one that was `order[0]`."""
    places, to = market.distance, np.argsort(order)
    distance = (
        GreatCircle(places.lat_degree[order], places.lon_degree[order])
        if isinstance(places, GreatCircle)
        else OwnMatrix(places.cost[np.ix_(order, order)])
    )
    return replace(
        market,
        supply=market.supply[order],
        demand=market.demand[order],
        distance=distance,
        names=tuple(market.names[row] for row in order) if market.names else (),
        limits=tuple(Limit(int(to[one.giver]), int(to[one.receiver]), one.quantity) for one in market.limits),
    )


def markets(seed: int) -> dict[str, Market]:
    dice = np.random.default_rng(seed)
    n = 36
    supply, demand = dice.integers(0, 3, n).astype(float), dice.integers(0, 3, n).astype(float)
    lat, lon = np.meshgrid(45 + np.arange(6) * 0.5, np.arange(6) * 0.5)
    chessboard = GreatCircle(lat.ravel(), lon.ravel())
    steps = OwnMatrix(dice.integers(0, 4, (n, n)).astype(float))
    named = tuple(f"{row:02}" for row in dice.permutation(n))
    limits = tuple(Limit(row, (row + 7) % n, 1.0) for row in range(0, n, 3))
    return {
        "a chessboard": Market(supply, demand, chessboard),
        "a chessboard with limits": Market(supply, demand, chessboard, limits=limits),
        "few different costs": Market(supply, demand, steps),
        "few different costs, parts limited": Market(supply, demand, steps, partner_share=0.5),
        "one cost for all, told apart by name": Market(supply, demand, OwnMatrix(np.full((n, n), 3.0)), names=named),
        "all at one place, told apart by name": Market(supply, demand, GreatCircle(np.full(n, 45.0), np.zeros(n)), names=named),
    }  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_renumbering_the_territories_changes_no_flow_even_among_equals(seed: int) -> None:
    order = np.random.default_rng(seed + 1).permutation(36)
    for name, market in markets(seed).items():
        one, two = optimum(market), optimum(renumbered(market, order))
        flows = [
            sorted(zip(givers.tolist(), receivers.tolist(), plan.quantity.tolist(), strict=True))
            for plan, givers, receivers in ((one, one.giver, one.receiver), (two, order[two.giver], order[two.receiver]))
        ]  # fmt: skip
        assert flows[0] == flows[1], name
        assert one.certificate == two.certificate, name
        for column in ("own", "imported", "surplus", "price_km", "worth_km"):
            assert getattr(one, column)[order].tolist() == pytest.approx(getattr(two, column).tolist(), abs=0), name


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_renumbering_the_territories_changes_no_coverage(seed: int) -> None:
    order = np.random.default_rng(seed + 1).permutation(36)
    for name, market in markets(seed).items():
        if not market.limits and market.partner_share is None:
            one, two = fair_coverage(market, 120.0), fair_coverage(renumbered(market, order), 120.0)
            assert one.fair[order] == pytest.approx(two.fair, abs=1e-12, nan_ok=True), name
            assert one.efficient[order] == pytest.approx(two.efficient, abs=1e-12, nan_ok=True), name
            assert (one.fair_km, one.efficient_km) == pytest.approx((two.fair_km, two.efficient_km), rel=1e-12), name
