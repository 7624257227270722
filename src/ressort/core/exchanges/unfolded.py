"""A network of arcs with limits as the transportation problem of this package, capacities included, in whole numbers.

arc i → j, at most u, cost c      becomes a supplier of u, that serves j for c (what the arc carries) or i for nothing (what it does not)
node i that gives b               becomes a consumer of Σ u of the arcs that leave it, less b
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.tree import EXACT_BITS, Tree
from ressort.core.food.system import Floats, Integers


@dataclass(frozen=True, eq=False)
class Unfolded:
    """What each arc carries, (m,), the price of each node, (n,), and what each node asks in vain, (n,)."""

    used: Floats
    price: Floats
    short: Floats


def unfolded_flow(due: Floats, tail: Integers, head: Integers, room: Floats, cost: Floats) -> Unfolded:
    """The flow of least cost from 0 up to the room of each arc; no node gives more than the arcs that leave it hold.

    Args:
        due: what each node gives, negative when it takes, (n,), whole; tail, head, room, cost: (m,), whole, no loop, room above 0.

    Raises:
        RuleBroken: numbers too large to stay exact.
    """
    need = np.bincount(tail, room, len(due)) - due
    world = 1.0 + float(np.abs(cost).max(initial=0.0)) * (2 * len(need) + 2)
    if max(world, float(room.sum()) + float(need.sum())) >= 2.0**EXACT_BITS:
        raise RuleBroken(
            "These costs or quantities are too large to stay exact: divide costs, or lower arcs without use, below {most}.",
            most=2**EXACT_BITS,
        )
    takers = np.flatnonzero(need > 0)
    place = np.full(len(need), -1)
    place[takers] = np.arange(len(takers))
    tree = Tree(room, need[takers], world)
    tree.tolerance = 0.5  # whole costs: prices are whole, and so is every gain
    # both ways dearer by the same when the cost is negative: a constant, taken off by counting with the true costs
    lift, arc = np.maximum(-cost, 0.0), np.arange(len(cost))
    for end, price in ((head, cost + lift), (tail, lift)):
        open_ = place[end] >= 0
        tree.add(arc[open_], place[end][open_], price[open_])
    solved = tree.solved()
    to_head = head[solved.supplier] == takers[solved.consumer]
    used = np.bincount(solved.supplier[to_head], solved.quantity[to_head], len(cost)).astype(float)
    prices, short = np.zeros(len(need)), np.zeros(len(need))
    prices[takers], short[takers] = solved.v, solved.imported
    _lower(prices, np.flatnonzero(need == 0), tail, head, cost)
    return Unfolded(used, prices, short)


def _lower(price: Floats, idle: Integers, tail: Integers, head: Integers, cost: Floats) -> None:
    """Nodes that every arc enters empty and leaves full: a price low enough for both."""
    if len(idle):
        price[idle] = np.inf
        known = np.isfinite(price)
        into, out = known[tail] & ~known[head], ~known[tail] & known[head]
        np.minimum.at(price, head[into], price[tail[into]] + cost[into])
        np.minimum.at(price, tail[out], price[head[out]] - cost[out])
        price[np.isinf(price)] = 0.0
