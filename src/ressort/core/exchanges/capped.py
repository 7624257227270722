"""Flows that may not exceed a limit, as the same problem with two more nodes for each limit.

A limit q on i → j: a consumer that needs q and a supplier that has q, bound to each other for nothing. What i sends to that
consumer frees as much of that supplier for j, and never more than q.
"""

from collections.abc import Callable

import numpy as np

from ressort.core.exchanges.columns import Columns, Watch, nearest
from ressort.core.exchanges.pricing import Sides, price
from ressort.core.exchanges.tree import Solved, Tree
from ressort.core.food.system import Floats, Integers

NEIGHBOURS = 20
#: code of an arc (supplier × consumers + consumer) → the most it may carry, infinite where there is no limit
Caps = Callable[[Integers], Floats]


def capped_optimum(
    sides: Sides,
    supply: Floats,
    demand: Floats,
    caps: Caps,
    first: Integers,
    world_km: float,
    tolerance: float,
    most_rounds: int,
    watch: Watch,
) -> Columns:
    """The optimum over all pairs when some arcs are limited; `first` are arcs to hold from the start, limited ones above all."""
    count, codes = len(demand), np.union1d(nearest(sides, NEIGHBOURS), first)
    for done in range(1, most_rounds + 1):
        solved = _solve(sides, supply, demand, caps, codes, world_km)
        found = price(sides, solved.u, solved.v, 0.0)
        outside = ~np.isin(found.supplier * count + found.consumer, codes)
        least = float(min(0.0, found.reduced[outside].min(initial=0.0)))
        watch(done, least)
        new = (found.supplier * count + found.consumer)[outside & (found.reduced < -tolerance)]
        if not len(new) or done == most_rounds:
            return Columns(solved, done, len(codes), found.pairs, least, tolerance, not len(new) and found.whole)
        codes = np.union1d(codes, new)
    raise AssertionError("at least one round is played")


def _solve(sides: Sides, supply: Floats, demand: Floats, caps: Caps, codes: Integers, world_km: float) -> Solved:
    """The optimum on the arcs held, each limit unfolded into its two nodes."""
    supplier, consumer = codes // len(demand), codes % len(demand)
    cost, most = sides.cost(supplier, consumer), caps(codes)
    useful = cost < world_km
    supplier, consumer, cost, most = supplier[useful], consumer[useful], cost[useful], most[useful]
    tight = most < np.minimum(supply[supplier], demand[consumer])
    extra, limit = np.arange(int(tight.sum())), most[tight]
    tree = Tree(np.append(supply, limit), np.append(demand, limit), world_km)
    tree.add(supplier[~tight], consumer[~tight], cost[~tight])
    tree.add(supplier[tight], len(demand) + extra, cost[tight])
    tree.add(len(supply) + extra, len(demand) + extra, np.zeros(len(extra)))
    tree.add(len(supply) + extra, consumer[tight], np.zeros(len(extra)))
    return _folded(tree.solved(), len(supply), len(demand), consumer[tight])


def _folded(solved: Solved, suppliers: int, consumers: int, target: Integers) -> Solved:
    """The flows of the real territories: what reached a limit's consumer and left its supplier is one flow."""
    from_extra, to_extra = solved.supplier >= suppliers, solved.consumer >= consumers
    plain, into, out = ~from_extra & ~to_extra, ~from_extra & to_extra, from_extra & ~to_extra
    sent, origin = np.zeros(len(target)), np.zeros(len(target), dtype=np.int64)
    sent[solved.consumer[into] - consumers], origin[solved.consumer[into] - consumers] = (
        solved.quantity[into],
        solved.supplier[into],
    )
    arrived = np.zeros(len(target))
    arrived[solved.supplier[out] - suppliers] = solved.quantity[out]
    carried = np.minimum(sent, arrived)
    moved = np.flatnonzero(carried > 0)
    imported = solved.imported[:consumers] + np.bincount(target, arrived - carried, consumers)
    return Solved(
        np.append(solved.supplier[plain], origin[moved]),
        np.append(solved.consumer[plain], target[moved]),
        np.append(solved.quantity[plain], carried[moved]),
        imported,
        solved.u[:suppliers],
        solved.v[:consumers],
        solved.dual,
    )
