"""Large degenerate instances of the published families, full of ties: HiGHS finds the same least cost."""

import numpy as np
import pytest
from scipy.optimize import linprog

from ressort.core.exchanges import Network, network_flow
from tests.core.exchanges import instances
from tests.core.exchanges.test_instances import sums


def complete(side: int, seed: int, costs: str) -> Network:
    """Every giver tied to every taker, at costs that are alike, none, one of three, or of thousands of millions."""
    dice = np.random.default_rng(seed)
    tail, head = np.divmod(np.arange(side * side), side)
    given = dice.integers(1, 1000, side)
    taken = dice.multinomial(given.sum(), np.full(side, 1 / side))
    most = {"alike": (7, 8), "none": (0, 1), "one of three": (1, 4), "thousands of millions": (1, 4 * 10**9)}[costs]
    cost = dice.integers(*most, side * side).astype(float)
    endless = np.full(side * side, np.inf)
    return Network(np.append(given, -taken).astype(float), tail, head + side, np.zeros(side * side), endless, cost)


def torus(nodes: int, degree: int, seed: int) -> Network:
    """A ring whose arcs reach further and further, the far ones dear and narrow, with one source and one sink (after GOTO)."""
    dice, every = np.random.default_rng(seed), np.arange(nodes)
    steps = [round(nodes ** (far / degree)) for far in range(1, degree + 1)]
    tail = np.concatenate([np.tile(every, degree), every[:-1]])
    head = np.concatenate([*((every + step) % nodes for step in steps), every[1:]])
    part = np.append(np.repeat(np.arange(1, degree + 1) / degree, nodes), np.ones(nodes - 1))
    cost, most = (
        np.maximum(1, 10_000 * part * dice.random(len(part))),
        1 + 1000 * (1.05 - part) * dice.random(len(part)),
    )
    cost[-nodes + 1 :], most[-nodes + 1 :] = 10_000, 1000 * degree
    balance = np.zeros(nodes)
    balance[0], balance[-1] = 500 * degree, -500 * degree
    return Network(balance, tail, head, np.zeros(len(tail)), np.floor(most), np.floor(cost))


FAMILIES = {
    **{f"complete, {costs}": complete(40, 1, costs) for costs in ("alike", "none", "one of three", "thousands of millions")},
    "torus": torus(400, 6, 1),
    "assignment at one cost": instances.assignment(300, 6, 2),
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_highs_finds_the_same_least_cost_in_every_family(family: str) -> None:
    network = FAMILIES[family]
    told = network_flow(network)
    bounds = np.column_stack([network.least, network.most])
    least = linprog(network.cost, A_eq=sums(network), b_eq=network.balance, bounds=bounds).fun
    assert told.total == pytest.approx(least, rel=1e-9, abs=1e-6)
    assert (sums(network) @ told.carried == network.balance).all()


def test_a_dear_arc_far_from_any_way_does_not_make_costs_too_large() -> None:
    arcs = np.arange(999)
    cost = np.ones(999)
    cost[500] = 1e12
    balance = np.zeros(1000)
    balance[0], balance[-1] = 3, -3
    chain = Network(balance, arcs, arcs + 1, np.zeros(999), np.full(999, np.inf), cost)
    assert network_flow(chain).total == 3 * (998 + 1e12)
