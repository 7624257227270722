"""The optimum: against two other solvers, by hand, and by what must always hold."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.exchanges import (
    GreatCircle,
    Limit,
    Market,
    OwnMatrix,
    Plan,
    Promise,
    optimum,
    restricted_optimum,
    verify,
)
from ressort.core.exchanges.columns import _cells, complete_optimum
from ressort.core.exchanges.pricing import Sides
from ressort.core.exchanges.tree import Tree

from .markets import by_highs, costs, scattered

SEEDS = st.integers(0, 10_000)


def matrix(rows: list[list[float]], supply: list[float], demand: list[float], **more: object) -> Market:
    return Market(np.array(supply), np.array(demand), OwnMatrix(np.array(rows, dtype=float)), **more)  # type: ignore[arg-type]


def flows(plan: Plan) -> dict[tuple[int, int], float]:
    return {(int(i), int(j)): q for i, j, q in zip(plan.giver, plan.receiver, plan.quantity, strict=True)}


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["free", "limits", "partner", "promise"]), st.booleans())
def test_highs_finds_the_same_optimum_and_the_certificate_holds(seed: int, rule: str, own: bool) -> None:
    dice = np.random.default_rng(seed)
    market = scattered(int(dice.integers(2, 40)), seed, needs=float(dice.choice([3, 10, 30])))
    n = len(market)
    if own:
        cost = np.where(dice.random((n, n)) < 0.1, np.inf, dice.random((n, n)) * 100)
        cost[0, 1] = 10.0
        market = replace(market, distance=OwnMatrix(cost))
    more: dict[str, dict[str, object]] = {
        "free": {},
        "limits": {"limits": (Limit(0, 1, 0.5), Limit(1, 0, 0.0))},
        "partner": {"partner_share": 0.2},
        "promise": {"promises": (Promise(0, 1, float(min(market.supply[0], market.demand[1])) / 2),)},
    }
    market = replace(market, **more[rule])  # type: ignore[arg-type]
    plan = optimum(market)
    assert plan.certificate.proved
    assert plan.certificate.total == pytest.approx(by_highs(market), rel=1e-7, abs=1e-6)
    assert plan.certificate.bound == pytest.approx(plan.certificate.total, rel=1e-9, abs=1e-9)
    assert verify(market, plan).holds


def test_importing_more_than_nearest_first_would_is_found_when_it_costs_less() -> None:
    """Nearest first serves all three, by two long ways; serving two and importing for the third costs less."""
    far = np.inf
    cost = np.full((6, 6), far)
    cost[0, 3:], cost[1, 3:], cost[2, 3:] = [1, 10, far], [10, far, 800], [far, 899, far]
    supply, demand = np.array([5.0, 5, 5, 0, 0, 0]), np.array([0, 0, 0, 5.0, 5, 5])
    market = Market(supply, demand, OwnMatrix(cost), world_km=900.0)
    plan = optimum(market)
    assert plan.certificate.proved and plan.certificate.total == 5 * (10 + 10 + 900)
    assert verify(market, plan).holds


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_networkx_finds_the_same_optimum_in_whole_numbers(seed: int) -> None:
    market = scattered(25, seed, whole=True)
    cost = np.rint(costs(market) * 1000)
    market = replace(market, distance=OwnMatrix(cost), world_km=900_000.0)
    graph = nx.DiGraph()
    missing = int(market.demand.sum())
    graph.add_node("world", demand=-missing)
    graph.add_node("sink", demand=int(market.supply.sum()))
    graph.add_edge("world", "sink", weight=0)
    for i in range(25):
        graph.add_node(("gives", i), demand=-int(market.supply[i]))
        graph.add_node(("needs", i), demand=int(market.demand[i]))
        graph.add_edge(("gives", i), "sink", weight=0)
        graph.add_edge("world", ("needs", i), weight=900_000)
        for j in range(25):
            graph.add_edge(("gives", i), ("needs", j), weight=int(cost[i, j]))
    least, _flow = nx.network_simplex(graph)
    plan = optimum(market)
    assert plan.certificate.total == least  # exactly: whole quantities, whole costs
    assert (plan.quantity == np.rint(plan.quantity)).all()


def test_a_triangle_solved_by_hand() -> None:
    # 0 has 10, 1 needs 6 at 2 km, 2 needs 8 at 5 km; the world at 100: the last 4 of 2 are imported
    plan = optimum(matrix([[0, 2, 5], [2, 0, 4], [5, 4, 0]], [10, 0, 0], [0, 6, 8], world_km=100.0))
    assert flows(plan) == {(0, 1): 6.0, (0, 2): 4.0}
    assert list(plan.imported) == [0, 0, 4]
    assert plan.certificate.total == 6 * 2 + 4 * 5 + 4 * 100
    # one more unit at 2 comes from the world; at 1 it takes 2's place for 3 km less
    assert list(plan.price_km[1:]) == [97, 100]
    assert plan.worth_km[0] == 95


def test_a_nearer_supplier_is_left_to_who_has_no_other() -> None:
    plan = optimum(
        matrix([[9, 9, 1, 2], [9, 9, 3, 50], [9, 9, 9, 9], [9, 9, 9, 9]], [1, 1, 0, 0], [0, 0, 1, 1], world_km=99.0)
    )
    assert flows(plan) == {(0, 3): 1.0, (1, 2): 1.0}
    assert plan.certificate.total == 5


def test_own_supply_serves_first_and_only_what_is_over_travels() -> None:
    market = Market(
        np.array([10.0, 2.0]), np.array([4.0, 5.0]), GreatCircle(np.array([45.0, 45.0]), np.array([0.0, 1.0]))
    )
    plan = optimum(market)
    assert list(plan.own) == [4, 2] and flows(plan) == {(0, 1): 3.0}
    assert list(plan.surplus) == [3, 0]


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_renumbering_the_territories_changes_no_total(seed: int) -> None:
    market = scattered(30, seed)
    order = np.random.default_rng(seed + 1).permutation(30)
    places = market.distance
    assert isinstance(places, GreatCircle)
    other = replace(
        market, supply=market.supply[order], demand=market.demand[order],
        distance=GreatCircle(places.lat_degree[order], places.lon_degree[order]),
    )  # fmt: skip
    one, two = optimum(market), optimum(other)
    assert one.certificate.total == pytest.approx(two.certificate.total, rel=1e-12)
    assert one.imported.sum() == pytest.approx(two.imported.sum(), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(0, 29), st.floats(0.1, 50))
def test_more_supply_or_a_wider_limit_never_costs_more(seed: int, row: int, extra: float) -> None:
    market = scattered(30, seed)
    before = optimum(market).certificate.total
    supply = market.supply.copy()
    supply[row] += extra
    assert optimum(replace(market, supply=supply)).certificate.total <= before * (1 + 1e-12)
    tight, wide = (
        optimum(replace(market, limits=(Limit(row, (row + 1) % 30, q),))).certificate.total for q in (0.1, 1.0)
    )
    assert before <= wide * (1 + 1e-12) and wide <= tight * (1 + 1e-12)


def test_the_price_of_a_unit_lies_between_what_one_less_saves_and_one_more_costs() -> None:
    market = scattered(40, 3, whole=True)
    plan = optimum(market)
    for row in range(0, 40, 7):
        demand = market.demand.copy()
        demand[row] += 1
        more = optimum(replace(market, demand=demand)).certificate.total - plan.certificate.total
        demand[row] -= 2
        less = plan.certificate.total - optimum(replace(market, demand=np.maximum(demand, 0))).certificate.total
        assert less - 1e-6 <= plan.price_km[row] <= more + 1e-6


def test_no_good_runs_both_ways_between_two_territories() -> None:
    plan = optimum(scattered(60, 5))
    pairs = set(flows(plan))
    assert not any((j, i) in pairs for i, j in pairs)


@pytest.mark.parametrize(("cells_from", "neighbours"), [(100, 8), (10**9, 1)])
def test_few_arcs_and_rounds_find_the_optimum_of_the_complete_graph_of_500(
    monkeypatch: pytest.MonkeyPatch, cells_from: int, neighbours: int
) -> None:
    market = scattered(500, 11)
    for name, value in (("DENSE_PAIRS", 100), ("CELLS_FROM", cells_from), ("NEIGHBOURS", neighbours)):
        monkeypatch.setattr(f"ressort.core.exchanges.columns.{name}", value)
    plan = optimum(market)
    assert plan.certificate.arcs < plan.certificate.pairs / 4
    assert plan.certificate.rounds > 1 or cells_from == 100
    check = verify(market, plan)
    assert check.holds and check.pairs == 250_000
    assert plan.certificate.total == pytest.approx(by_highs(market), rel=1e-9)


def test_the_nearest_neighbours_alone_are_only_an_upper_bound() -> None:
    # a cluster of needs far from a cluster of supplies: neighbours cannot reach each other
    dice = np.random.default_rng(1)
    lat = np.concatenate([dice.normal(49, 0.1, 300), dice.normal(44, 0.1, 300)])
    distance = GreatCircle(lat, dice.normal(2, 0.1, 600))
    givers, receivers = np.arange(300), 300 + np.arange(300)
    sides, amounts = Sides(givers, receivers, distance), np.ones(300)
    demand = amounts * 2
    near, arcs = restricted_optimum(sides, amounts, demand, 5000.0, 3)
    best = complete_optimum(sides, amounts, demand, 5000.0, 100, lambda _round, _least: None)
    assert arcs < 90_000 and best.proved
    assert near.dual >= best.solved.dual
    assert best.solved.imported.sum() == pytest.approx(300)


def test_rounds_that_run_out_give_a_bound_and_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ressort.core.exchanges.columns.DENSE_PAIRS", 1)
    monkeypatch.setattr("ressort.core.exchanges.columns.NEIGHBOURS", 1)
    market = scattered(80, 2)
    told = optimum(market, most_rounds=1).certificate
    best = optimum(market).certificate
    assert not told.proved and best.proved
    assert told.bound <= best.total * (1 + 1e-12) <= told.total * (1 + 1e-12)


def test_a_watch_may_stop_the_computation() -> None:
    def stop(_round: int, _least: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        optimum(scattered(20, 1), watch=stop)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_very_small_and_very_large_quantities_keep_their_balance(scale: float) -> None:
    market = scattered(50, 4)
    supply = market.supply.copy()
    supply[0] = 1e-6
    market = replace(market, supply=supply * scale, demand=market.demand * scale)
    assert verify(market, optimum(market)).holds


@pytest.mark.parametrize(
    ("supply", "demand"), [([0.0, 0, 0], [1.0, 2, 3]), ([1.0, 2, 3], [0.0, 0, 0]), ([0.0, 0, 0], [0.0, 0, 0])]
)
def test_empty_sides_are_answered(supply: list[float], demand: list[float]) -> None:
    market = Market(np.array(supply), np.array(demand), GreatCircle(np.array([45.0, 46, 47]), np.array([1.0, 2, 3])))
    plan = optimum(market)
    assert list(plan.imported) == demand and not len(plan.quantity)
    assert verify(market, plan).holds


def test_one_territory_and_two_at_the_same_place_are_answered() -> None:
    alone = Market(np.array([2.0]), np.array([3.0]), GreatCircle(np.array([45.0]), np.array([0.0])))
    assert list(optimum(alone).imported) == [1.0]
    same = Market(np.array([2.0, 0.0]), np.array([0.0, 2.0]), GreatCircle(np.array([45.0, 45.0]), np.array([0.0, 0.0])))
    plan = optimum(same)
    assert plan.total_km == 0 and list(plan.quantity) == [2.0]


def test_far_islands_do_not_widen_the_cells_of_the_others() -> None:
    here = scattered(400, 11).distance
    assert isinstance(here, GreatCircle)
    far = GreatCircle(np.append(here.lat_degree, -21.0), np.append(here.lon_degree, 55.5))
    alone, with_island = (len(np.unique(_cells(places.curve, np.arange(400), 10))) for places in (here, far))
    assert alone >= 40 and with_island >= 40
    assert len(np.unique(_cells(far.curve, np.arange(401), 400))) >= 2


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 12))
def test_arcs_added_after_an_optimum_lead_to_the_optimum_of_all(seed: int, parts: int) -> None:
    dice = np.random.default_rng(seed)
    suppliers, consumers = int(dice.integers(1, 15)), int(dice.integers(1, 15))
    supply, demand = dice.integers(1, 5, suppliers).astype(float), dice.integers(1, 5, consumers).astype(float)
    cost = dice.integers(0, 4, (suppliers, consumers)).astype(float)  # ties everywhere: degenerate pivots
    pairs = dice.permutation(suppliers * consumers)
    tree = Tree(supply, demand, 50.0)
    for part in np.array_split(pairs, parts):
        tree.add(part // consumers, part % consumers, cost.ravel()[part])
        solved = tree.solved()
        moved = cost[solved.supplier, solved.consumer] @ solved.quantity + 50.0 * solved.imported.sum()
        assert moved == solved.dual  # whole numbers: both totals are equal exactly
        got = np.bincount(solved.consumer, solved.quantity, consumers) + solved.imported
        assert (got == demand).all()
        assert (np.bincount(solved.supplier, solved.quantity, suppliers) <= supply).all()
    assert (solved.u[:, None] + solved.v <= cost).all() and (solved.u <= 0).all() and (solved.v <= 50).all()
