"""Any network at least cost: against networkx and HiGHS, by hand, and what a file may get wrong."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ressort.core.errors import InputError, NoSolution, RessortError, RuleBroken
from ressort.core.exchanges import Network, network_flow, read_dimacs

TRIANGLE = """c three nodes: 4 from 1 to 3, two of them by 2
p min 3 3
n 1 4
n 3 -4
a 1 2 0 5 1
a 2 3 0 2 1
a 1 3 1 5 3
"""


def test_a_triangle_solved_by_hand() -> None:
    told = network_flow(read_dimacs(TRIANGLE))
    assert told.carried.tolist() == [2, 2, 2]
    assert told.total == 2 * 2 + 2 * 3


def at_random(seed: int) -> Network:
    """A network with bounds, negative costs, parallel arcs and loops; feasible more often than not."""
    dice = np.random.default_rng(seed)
    n, m = int(dice.integers(2, 9)), int(dice.integers(1, 30))
    tail, head = dice.integers(0, n, m), dice.integers(0, n, m)
    least = dice.integers(0, 2, m) * (dice.random(m) < 0.2)
    most = least + dice.integers(0, 9, m)
    inside = dice.integers(least, most + 1)  # a flow that holds, from which the balances come
    balance = np.bincount(tail, inside, n) - np.bincount(head, inside, n)
    if dice.random() < 0.3:
        balance = balance + np.eye(n)[0] - np.eye(n)[n - 1]
    cost = dice.integers(-5, 20, m)
    cost = np.where(dice.random(m) < 0.5, np.abs(cost), cost)
    wide = (cost >= 0) & (dice.random(m) < 0.2)
    return Network(
        balance.astype(float), tail, head, least.astype(float), np.where(wide, np.inf, most), cost.astype(float)
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000))
def test_highs_and_networkx_find_the_same_cost_and_every_rule_is_kept(seed: int) -> None:
    network = at_random(seed)
    n, m = len(network.balance), len(network.tail)
    out = np.zeros((n, m))
    np.add.at(out, (network.tail, np.arange(m)), 1.0)
    np.add.at(out, (network.head, np.arange(m)), -1.0)
    bounds = np.column_stack([network.least, network.most])
    found = linprog(network.cost, A_eq=out, b_eq=network.balance, bounds=bounds)
    graph = nx.MultiDiGraph()
    shifted = network.balance - out @ network.least
    for node in range(n):
        graph.add_node(node, demand=-int(shifted[node]))
    for arc in range(m):
        room = network.most[arc] - network.least[arc]
        limit = {} if np.isinf(room) else {"capacity": int(room)}
        graph.add_edge(int(network.tail[arc]), int(network.head[arc]), weight=int(network.cost[arc]), **limit)
    if found.status != 0:
        with pytest.raises(NoSolution):
            network_flow(network)
        with pytest.raises(nx.NetworkXUnfeasible):
            nx.network_simplex(graph)
        return
    told = network_flow(network)
    assert told.total == pytest.approx(found.fun, abs=1e-6)
    assert told.total == nx.network_simplex(graph)[0] + network.cost @ network.least
    assert (told.carried == np.rint(told.carried)).all()
    assert (told.carried >= network.least).all() and (told.carried <= network.most).all()
    assert (out @ told.carried == network.balance).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_complementary_slackness_holds_at_every_arc(seed: int) -> None:
    network = at_random(seed)
    try:
        told = network_flow(network)
    except NoSolution:
        return
    reduced = network.cost + told.price[network.tail] - told.price[network.head]
    assert (told.carried[reduced > 1e-9] == network.least[reduced > 1e-9]).all()
    assert (told.carried[reduced < -1e-9] == network.most[reduced < -1e-9]).all()


def test_a_dead_end_that_would_pay_has_a_price_that_holds_it_empty() -> None:
    told = network_flow(read_dimacs("p min 2 1\na 1 2 0 5 -3\n"))
    assert told.carried.tolist() == [0] and told.price[1] - told.price[0] <= -3


def test_arcs_too_narrow_name_who_is_not_reached() -> None:
    with pytest.raises(NoSolution) as told:
        network_flow(read_dimacs(TRIANGLE.replace("a 1 3 1 5 3", "a 1 3 1 1 3")))
    assert told.value.facts["short"] == ["3: 1"] and told.value.facts["full"] == ["2 → 3 (2)", "1 → 3 (1)"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("a 1 2 0 5 1", "a 1 2 0 5", InputError),
        ("a 1 2 0 5 1", "a 1 9 0 5 1", InputError),
        ("a 1 2 0 5 1", "", InputError),
        ("a 1 2 0 5 1", "a 1 2 0 five 1", InputError),
        ("p min 3 3", "p max 3 3", InputError),
        ("p min 3 3", "", InputError),
        ("n 1 4", "n 1 5", NoSolution),
        ("a 1 2 0 5 1", "a 1 2 6 5 1", InputError),
        ("a 1 2 0 5 1", "a 1 2 0 -2 1", InputError),
        ("a 1 2 0 5 1", f"a 1 2 0 5 {10**15}", RuleBroken),
    ],
)
def test_what_a_file_gets_wrong_is_said(old: str, new: str, kind: type[RessortError]) -> None:
    with pytest.raises(kind) as told:
        network_flow(read_dimacs(TRIANGLE.replace(old, new)))
    assert "{" not in str(told.value)


def test_an_arc_without_limit_that_pays_and_leads_nowhere_keeps_its_price() -> None:
    network = read_dimacs("p min 3 1\na 1 2 0 -1 -4\n")
    found = network_flow(network)
    assert found.carried.tolist() == [0.0]
    assert network.cost[0] + found.price[0] - found.price[1] >= 0
