"""Flows that may not exceed a limit: arcs with a room, the limited ones held from the start or found when they would help."""

from collections.abc import Callable

import numpy as np

from ressort.core.exchanges.columns import Columns, nearest, no_help_km
from ressort.core.exchanges.pricing import Priced, Sides, price, worst
from ressort.core.exchanges.tree import Tree
from ressort.core.exchanges.watch import Watch
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
    most_rounds: int,
    watch: Watch,
) -> Columns:
    """The optimum over all pairs when some arcs are limited; `first` are arcs to hold from the start, limited ones above all."""
    tree = Tree(supply, demand, world_km, limited=True)
    codes = _add(tree, sides, caps, np.union1d(nearest(sides, NEIGHBOURS), first), world_km)
    for done in range(1, most_rounds + 1):
        u, v = tree.solve()
        found = price(sides, u, v, 0.0)
        outside = ~np.isin(found.supplier.astype(np.int64) * len(demand) + found.consumer, codes)
        least = float(min(0.0, found.reduced[outside].min(initial=0.0)))
        watch(done, least)
        tolerance = no_help_km(v)
        ends = least >= -tolerance
        if ends or done == most_rounds:
            return Columns(tree.solved(), done, len(codes), found.pairs, least, tolerance, ends and found.whole)
        codes = _improve(tree, sides, caps, codes, found, outside, tolerance)
    raise AssertionError("at least one round is played")


def _improve(
    tree: Tree, sides: Sides, caps: Caps, codes: Integers, found: Priced, outside: np.ndarray, tolerance: float
) -> Integers:
    """Add arcs among the pairs just found until none of them helps; all the arcs held."""
    supplier, consumer = found.supplier[outside].astype(np.int64), found.consumer[outside].astype(np.int64)
    reduced = found.reduced[outside]
    while True:
        rows, columns = worst(supplier, consumer, reduced, -tolerance)
        if not len(rows):
            return codes
        codes = np.union1d(codes, _add(tree, sides, caps, rows * len(sides.receivers) + columns, np.inf))
        u, v = tree.solve()
        left = ~np.isin(supplier * len(sides.receivers) + consumer, codes)
        supplier, consumer = supplier[left], consumer[left]
        reduced = sides.cost(supplier, consumer) - u[supplier] - v[consumer]


def _add(tree: Tree, sides: Sides, caps: Caps, codes: Integers, world_km: float) -> Integers:
    """Arcs given to the tree with their rooms, those of no use left out; all those given, so that none is looked at again."""
    supplier, consumer = codes // len(sides.receivers), codes % len(sides.receivers)
    cost, most = sides.cost(supplier, consumer), caps(codes)
    useful = (cost < world_km) & (most > 0)
    tree.add(supplier[useful], consumer[useful], cost[useful], most[useful])
    return codes
