"""Instances of the kinds that are published: other solvers find the same cost, what is infeasible says why, files are read strictly."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from ressort.core.errors import InputError, NoSolution, RessortError, RuleBroken
from ressort.core.exchanges import Network, exact_total, network_flow, read_dimacs, why_not, write_dimacs
from tests.core.exchanges import instances
from tests.core.exchanges.test_network import at_random

KINDS = {
    "general": instances.general(120, 700, 1),
    "general with many negative cycles": instances.general(120, 700, 2, negative=0.3),
    "grid": instances.grid(9, 12, 3),
    "transportation without limits": instances.transport(30, 40, 6, 4),
    "assignment, degenerate": instances.assignment(60, 6, 5),
    "costs of millions": instances.general(60, 300, 6, most_cost=5_000_000),
}


def sums(network: Network) -> coo_array:
    """What leaves each node less what enters it, by arc, (n, m)."""
    arcs = np.arange(len(network.tail))
    shape = (len(network.balance), len(arcs))
    return coo_array((np.ones(len(arcs)), (network.tail, arcs)), shape=shape).tocsr() - coo_array(
        (np.ones(len(arcs)), (network.head, arcs)), shape=shape
    )


def by_highs(network: Network) -> float:
    bounds = np.column_stack([network.least, network.most])
    return float(linprog(network.cost, A_eq=sums(network), b_eq=network.balance, bounds=bounds).fun)


def by_networkx(network: Network) -> int:
    graph = nx.MultiDiGraph()
    due = network.balance - sums(network) @ network.least
    graph.add_nodes_from((node, {"demand": -int(value)}) for node, value in enumerate(due))
    for tail, head, least, most, cost in zip(
        network.tail, network.head, network.least, network.most, network.cost, strict=True
    ):
        limit = {"capacity": int(most - least)} if np.isfinite(most) else {}
        graph.add_edge(int(tail), int(head), weight=int(cost), **limit)
    return int(nx.network_simplex(graph)[0] + network.cost @ network.least)


@pytest.mark.parametrize("kind", KINDS)
def test_three_solvers_agree_on_instances_of_every_kind(kind: str) -> None:
    network = KINDS[kind]
    told = network_flow(network)
    assert exact_total(network, told.carried) == by_networkx(network)
    assert told.total == pytest.approx(by_highs(network), rel=1e-9)
    assert (sums(network) @ told.carried == network.balance).all()
    assert (told.carried >= network.least).all() and (told.carried <= network.most).all()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_again_and_the_solution_says_the_cost(kind: str) -> None:
    network = KINDS[kind]
    again = read_dimacs(instances.written(network))
    for name in ("balance", "tail", "head", "least", "most", "cost"):
        assert (getattr(again, name) == getattr(network, name)).all()
    told = network_flow(again)
    lines = [line.split() for line in write_dimacs(again, told, "two\nwords").splitlines()]
    assert lines[0] == ["c", "two"] and lines[2] == ["s", str(exact_total(again, told.carried))]
    carried = np.array([line[1:] for line in lines if line[0] == "f"], dtype=np.int64)
    assert (carried[:, 0] == again.tail + 1).all() and (carried[:, 2] == told.carried).all()
    assert int(carried[:, 2] @ again.cost.astype(np.int64)) == int(lines[2][1])


def missing_by_highs(network: Network) -> float:
    """The least that is not met and not sent, in units, by linear programming."""
    n, m = len(network.balance), len(network.tail)
    due = network.balance - sums(network) @ network.least
    every = np.arange(n)
    slack = coo_array((np.where(due > 0, 1.0, -1.0), (every, every)), shape=(n, n))
    rows = vstack([coo_array(sums(network)).T, slack]).T
    bounds = [*zip(np.zeros(m), network.most - network.least, strict=True), *zip(np.zeros(n), np.abs(due), strict=True)]
    return float(linprog(np.append(np.zeros(m), np.ones(n)), A_eq=rows, b_eq=due, bounds=bounds).fun)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 100_000), st.integers(-4, 4))
def test_what_is_missing_is_the_least_and_its_groups_prove_it(seed: int, shift: int) -> None:
    network = at_random(seed)
    balance = network.balance.copy()
    balance[0] += shift
    network = Network(balance, network.tail, network.head, network.least, network.most, network.cost)
    found = why_not(network)
    if found is None:
        network_flow(network)
        return
    with pytest.raises(NoSolution):
        network_flow(network)
    assert found.missing + found.unsent == pytest.approx(missing_by_highs(network), abs=1e-6)
    assert found.missing == sum(one.missing for one in found.conflicts)
    for one in found.conflicts:
        inside = np.isin(np.arange(len(balance)), one.nodes)
        enters, leaves = inside[network.head] & ~inside[network.tail], inside[network.tail] & ~inside[network.head]
        # no flow whatever can do better: the room of what enters, the least of what leaves
        room = network.most[enters].sum()
        assert one.entering == room and set(one.full) == set(np.flatnonzero(enters))
        assert one.forced_out == network.least[leaves].sum()
        assert one.asked + one.forced_out - one.held - room == one.missing > 0


def test_a_demand_that_nothing_reaches_is_named_with_the_arcs_that_hold_it_back() -> None:
    text = "p min 5 3\nn 1 9\nn 4 -6\nn 5 -3\na 1 2 0 4 1\na 2 4 0 9 1\na 3 5 0 9 1\n"
    found = why_not(read_dimacs(text))
    assert found is not None and found.missing == 5 == found.unsent
    first, second = found.conflicts
    assert (first.short.tolist(), first.lacks.tolist(), first.full.tolist()) == ([3], [2], [0])
    assert (second.short.tolist(), second.lacks.tolist(), second.full.tolist()) == ([4], [3], [])
    with pytest.raises(NoSolution) as told:
        network_flow(read_dimacs(text))
    assert told.value.facts["short"] == ["4: 2", "5: 3"] and told.value.facts["full"] == ["1 → 2 (4)"]


def test_an_arc_that_must_carry_away_what_is_asked_is_named() -> None:
    found = why_not(read_dimacs("p min 3 2\nn 1 2\nn 2 -2\na 1 2 0 2 1\na 2 3 1 1 1\n"))
    assert found is not None
    assert found.conflicts[-1].forced.tolist() in ([], [1]) and found.missing == 1


def test_more_given_than_taken_says_what_stays() -> None:
    with pytest.raises(NoSolution) as told:
        network_flow(read_dimacs("p min 2 1\nn 1 5\nn 2 -3\na 1 2 0 9 1\n"))
    assert told.value.facts["unsent"] == 2 and told.value.facts["missing"] == 0
    assert told.value.facts["stuck"] == ["1: 2"]


def test_a_negative_cost_without_limit_is_solved_when_no_cycle_pays() -> None:
    text = "p min 4 5\nn 1 3\nn 4 -3\na 1 2 0 -1 -2\na 2 4 0 -1 -3\na 1 3 0 2 -9\na 3 4 0 -1 1\na 4 1 0 4 4\n"
    network = read_dimacs(text)
    told = network_flow(network)
    # round 1 → 3 → 4 → 1 and 1 → 2 → 4 → 1 pay 4 and 1 a unit: the return arc is full
    assert told.total == by_highs(network) and told.carried[4] == 4
    with pytest.raises(RuleBroken) as refused:
        network_flow(read_dimacs(text.replace("a 4 1 0 4 4", "a 4 1 0 -1 4")))
    assert refused.value.facts["arc"] in (1, 2, 5)


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("p min 0 0\n", 0),
        ("p min 3 0\n", 0),
        (
            "c only words\ncomment\np min 2 3\nn 1 1\nn 2 -1\na 1 2 0 0 1\na 1 2 0 1 7\na 1 2 0 1 5\n",
            5,
        ),  # parallel, no room
        ("p min 2 2\na 1 1 0 3 -2\na 2 2 1 3 4\n", -2),  # loops: one pays, one must carry
        ("p min 4 2\r\nn 1 2\r\nn 2 -2\r\nn 3 1\r\nn 4 -1\r\na 1 2 0 2 1\r\na 3 4 0 1 1\r\n", 3),  # two islands
    ],
)
def test_corners_by_hand(text: str, total: int) -> None:
    assert network_flow(read_dimacs(text)).total == total


def test_costs_too_large_to_add_up_exactly_are_refused() -> None:
    with pytest.raises(RuleBroken):
        network_flow(read_dimacs("p min 2 1\nn 1 1\nn 2 -1\na 1 2 0 1 900000000000000\n"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("p min 3\n", 1),
        ("c x\np min -1 2\n", 2),
        ("p min 99999999999 0\n", 1),
        ("p min 2 1\np min 2 1\na 1 2 0 1 1\n", 2),
        ("n 1 2\np min 2 0\n", 1),
        ("p min 2 1\nn 1 1\nn 1 2\na 1 2 0 1 1\n", 3),
        ("p min 2 1\na 1 2 0 1_0 1\n", 2),
        ("p min 2 1\na 1 2 0 1.5 1\n", 2),
        ("p min 2 1\n\na 1 2 0 ٣ 1\n", 3),
        ("p min 2 1\na 1 2 0 1 99999999999999999999999\n", 2),
        ("p min 2 1\na 1 2 0 1 9999999999999999\n", 2),
        ("p min 2 1\na 1 2 3 2 1\n", 2),
        ("p min 2 1\na 1 2 0 -2 1\n", 2),
        ("p min 2 1\na 0 2 0 2 1\n", 2),
        ("p min 2 1\nx 1 2\n", 2),
        ("p max 2 1\n", 1),
    ],
)
def test_a_file_with_a_mistake_names_its_line(text: str, line: int) -> None:
    with pytest.raises(InputError) as told:
        read_dimacs(text)
    assert told.value.facts["line"] == line and "{" not in str(told.value)


@pytest.mark.parametrize("text", ["", "c nothing\n", "p min 2 2\na 1 2 0 1 1\n"])
def test_a_file_cut_short_is_told(text: str) -> None:
    with pytest.raises(RessortError) as told:
        read_dimacs(text)
    assert "{" not in str(told.value)
