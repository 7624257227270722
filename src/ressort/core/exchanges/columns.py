"""The optimum of the complete graph from few arcs: solve, price every pair, add what would help, until nothing would.

cells (coarse) ──solve──▶ which cells trade ──▶ arcs between their territories + nearest neighbours
                                                    │
         ┌── prices ◀── solve on these arcs ◀───────┤
         └──▶ every pair priced ──▶ arcs that would help, or none: proved
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from ressort.core.exchanges.distance import CURVE_BITS, GreatCircle, OwnMatrix
from ressort.core.exchanges.pairs import OwnPairs
from ressort.core.exchanges.pricing import Priced, Sides, price, worst
from ressort.core.exchanges.tree import Solved, Tree
from ressort.core.exchanges.watch import Watch, unwatched
from ressort.core.food.system import Floats, Integers

#: under that many pairs, all arcs at once
DENSE_PAIRS = 40_000
NEIGHBOURS = 8
#: territories in a cell of the map, at most on average, from large to small cells, tried above so many territories
PER_CELL = (40, 3)
CELLS_FROM = 4_000
#: parts of the highest price: what counts as no help; of the world's cost: the same among cells, and what is near enough to remember
TOLERANCE, CELL_TOLERANCE, NEAR = 1e-11, 1e-4, 3e-5
MOST_CELL_ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Columns:
    """An optimum and how it was proved."""

    solved: Solved
    rounds: int
    arcs: int
    pairs: int
    least_reduced_km: float
    tolerance: float
    proved: bool


@dataclass(frozen=True, eq=False)
class First:
    """Where to start: arcs, and prices guessed, 0 where there is no guess, (S,) and (D,)."""

    codes: Integers
    u: Floats
    v: Floats


def complete_optimum(
    sides: Sides, supply: Floats, demand: Floats, world_km: float, most_rounds: int, watch: Watch
) -> Columns:
    """The optimum over all pairs of two sides; `watch(round, least reduced cost)` may raise to stop."""
    first = _first(sides, supply, demand, world_km)
    return _rounds(sides, supply, demand, world_km, first, most_rounds, watch)


def _first(sides: Sides, supply: Floats, demand: Floats, world_km: float) -> First:
    """Where to start: the nearest of each territory, or, on a large map, what the optimum of its cells says."""
    if isinstance(sides.distance, OwnPairs) and sides.distance.elsewhere is not None:
        around = _first(Sides(sides.givers, sides.receivers, sides.distance.elsewhere), supply, demand, world_km)
        return First(_once(around.codes, _written(sides, NEIGHBOURS)), around.u, around.v)
    if isinstance(sides.distance, GreatCircle) and len(supply) + len(demand) > CELLS_FROM:
        return _between_cells(sides, supply, demand, world_km)
    return First(nearest(sides, NEIGHBOURS), np.zeros(len(supply)), np.zeros(len(demand)))


def restricted_optimum(
    sides: Sides, supply: Floats, demand: Floats, world_km: float, neighbours: int
) -> tuple[Solved, int]:
    """The optimum over the nearest neighbours only, the world and the sink: an upper bound, and the number of its arcs."""
    tree, near = Tree(supply, demand, world_km), _near(sides, neighbours, min(NEIGHBOURS, neighbours))
    first = _codes(sides, near, NEIGHBOURS)
    _add(tree, sides, first, world_km)
    tree.solve()  # most arcs are of no use to most pivots: few of them first
    _add(tree, sides, np.setdiff1d(_codes(sides, near, neighbours), first, assume_unique=True), world_km)
    return tree.solved(), tree.arcs


def _rounds(
    sides: Sides,
    supply: Floats,
    demand: Floats,
    world_km: float,
    first: First,
    most_rounds: int,
    watch: Watch,
    least_gain_km: float = 0.0,
) -> Columns:
    """Solve and price until no pair of the complete graph would help, or gain more than so much."""
    margin, tree = world_km * NEAR, Tree(supply, demand, world_km)
    _add(tree, sides, first.codes, world_km)
    tree.begin(first.u, first.v)
    for done in range(1, most_rounds + 1):
        u, v = tree.solve()
        found, tolerance = price(sides, u, v, margin), least_gain_km or no_help_km(v)
        watch(done, found.least_km)
        if found.least_km >= -tolerance or done == most_rounds:
            return Columns(
                tree.solved(), done, tree.arcs, found.pairs, found.least_km, tolerance, found.least_km >= -tolerance
            )
        _improve(tree, sides, found, (u, v), tolerance)
        margin = min(margin, -found.least_km)
        del found  # millions of arcs, before the next ones are listed
    raise AssertionError("at least one round is played")


def no_help_km(v: Floats) -> float:
    """What counts as no help at these prices."""
    return TOLERANCE * float(v.max(initial=0.0))


def _improve(tree: Tree, sides: Sides, found: Priced, before: tuple[Floats, Floats], tolerance: float) -> None:
    """Add arcs among the pairs just found, at the prices of before, until none of them helps; those held no longer do."""
    # compiled code takes half a second to import: only who solves waits
    from ressort.core.exchanges.lowest import lower

    while True:
        supplier, consumer = worst(found.supplier, found.consumer, found.reduced, -tolerance)
        if not len(supplier):
            return
        tree.add(supplier, consumer, sides.cost(supplier, consumer))
        u, v = tree.solve()
        lower(found.reduced, found.supplier, found.consumer, u - before[0], v - before[1])
        before = u, v


def _add(tree: Tree, sides: Sides, codes: Integers, world_km: float) -> None:
    supplier, consumer = codes // len(sides.receivers), codes % len(sides.receivers)
    cost = sides.cost(supplier, consumer)
    useful = cost < world_km
    tree.add(supplier[useful], consumer[useful], cost[useful])


def nearest(sides: Sides, neighbours: int) -> Integers:
    """Codes (supplier × consumers + consumer) of the nearest suppliers of each consumer and consumers of each supplier."""
    if isinstance(sides.distance, OwnPairs):
        return _written(sides, neighbours)
    return _codes(sides, _near(sides, neighbours, neighbours), neighbours)


def _written(sides: Sides, neighbours: int) -> Integers:
    """Codes of the pairs of one's own that cost least, so many of each supplier and consumer."""
    supplier, consumer, cost = sides.written
    rows, columns = worst(supplier, consumer, cost, np.inf, neighbours)
    return rows * len(sides.receivers) + columns


def _near(sides: Sides, neighbours: int, first: int) -> tuple[Integers, Integers]:
    """The nearest suppliers of each consumer, and consumers of each supplier; the first ones of each row are its nearest."""
    n, m = len(sides.givers), len(sides.receivers)
    if n * m <= DENSE_PAIRS:
        return np.empty((m, 0), dtype=np.int64), np.empty((n, 0), dtype=np.int64)
    most = min(neighbours, n), min(neighbours, m)
    if isinstance(sides.distance, GreatCircle):
        left, right = sides.distance.points[sides.givers], sides.distance.points[sides.receivers]
        return _nearest_on_the_map(left, right, most[0]), _nearest_on_the_map(right, left, most[1])
    assert isinstance(sides.distance, OwnMatrix)
    cost = sides.distance.cost[np.ix_(sides.givers, sides.receivers)]
    return _lowest_in_each_row(cost.T, most[0], first), _lowest_in_each_row(cost, most[1], first)


def _nearest_on_the_map(among: Floats, points: Floats, count: int) -> Integers:
    """So many of the points of one side that are nearest to each of the other, the nearest first."""
    found: Integers = cKDTree(among).query(points, np.arange(1, count + 1))[1]
    return found


def _lowest_in_each_row(cost: Floats, count: int, first: int) -> Integers:
    """The columns of the lowest costs of each row, so many, the first ones of them the lowest of all."""
    return np.argpartition(cost, (min(first, count) - 1, count - 1), axis=1)[:, :count]


def _codes(sides: Sides, near: tuple[Integers, Integers], neighbours: int) -> Integers:
    """Codes of so many of the neighbours found, each pair once; of all where there are few pairs."""
    n, m = len(sides.givers), len(sides.receivers)
    if n * m <= DENSE_PAIRS:
        return np.arange(n * m)
    suppliers, consumers = (one[:, :neighbours] for one in near)
    return _once((suppliers * m + np.arange(m)[:, None]).ravel(), (np.arange(n)[:, None] * m + consumers).ravel())


def _once(*codes: Integers) -> Integers:
    """Each code once, ascending; sorting takes a fifth of the time of `unique`, which hashes."""
    held = np.sort(np.concatenate(codes))
    return held[np.append(True, held[1:] != held[:-1])] if len(held) else held


def _between_cells(sides: Sides, supply: Floats, demand: Floats, world_km: float) -> First:
    """Arcs between the territories of cells that trade, and the prices of cells, themselves found from larger cells."""
    distance = sides.distance
    assert isinstance(distance, GreatCircle)
    above: tuple[Solved, Integers, Integers] | None = None
    for per_cell in PER_CELL:
        cell = _cells(distance.curve, np.append(sides.givers, sides.receivers), per_cell)
        left, right = (
            _gathered(cell, rows, amount, distance)
            for rows, amount in ((sides.givers, supply), (sides.receivers, demand))
        )
        coarse = _sides_of(left, right, distance.detour_ratio)
        first = _below(coarse, None if above is None else (above[0], above[1][left.first], above[2][right.first]))
        near = CELL_TOLERANCE * world_km
        found = _rounds(coarse, left.amount, right.amount, world_km, first, MOST_CELL_ROUNDS, unwatched, near)
        above = (found.solved, left.position, right.position)
    return _below(sides, above)


def _cells(curve: Integers, rows: Integers, per_cell: int) -> Integers:
    """The cell of every territory, in squares as large as may be with so many of these in each on average.

    Far islands make the map wide and most squares of it empty: only those that hold a territory count.
    """
    for bits in range(1, CURVE_BITS + 1):
        cell = curve >> 2 * (CURVE_BITS - bits)
        if len(np.unique(cell[rows])) * per_cell >= len(rows):
            return cell
    return curve


def _below(sides: Sides, above: tuple[Solved, Integers, Integers] | None) -> First:
    """Where to start one level under an optimum of cells, given the cell of each member of both sides."""
    codes = nearest(sides, NEIGHBOURS)
    if above is None:
        return First(codes, np.zeros(len(sides.givers)), np.zeros(len(sides.receivers)))
    solved, left, right = above
    return First(_once(codes, _expanded(solved, left, right)), solved.u[left], solved.v[right])


@dataclass(frozen=True, eq=False)
class _Cells:
    """One side gathered in cells: each territory's cell, each cell's amount, weighted middle and first territory."""

    position: Integers
    amount: Floats
    points: Floats
    first: Integers


def _sides_of(left: _Cells, right: _Cells, detour_ratio: float) -> Sides:
    points = np.vstack([left.points, right.points])
    lat, lon = np.degrees(np.arcsin(points[:, 2])), np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    givers, receivers = np.split(np.arange(len(points)), [len(left.points)])
    return Sides(givers, receivers, GreatCircle(lat, lon, detour_ratio))


def _gathered(cell: Integers, rows: Integers, amount: Floats, distance: GreatCircle) -> _Cells:
    """The territories of one side by cell."""
    _held, first, position = np.unique(cell[rows], return_index=True, return_inverse=True)
    middle = np.column_stack([np.bincount(position, amount * axis) for axis in distance.points[rows].T])
    return _Cells(
        position, np.bincount(position, amount).astype(float), middle / np.linalg.norm(middle, axis=1)[:, None], first
    )


def _expanded(solved: Solved, left: Integers, right: Integers) -> Integers:
    """All pairs of territories of the cells that trade, as codes."""
    (left_order, left_start), (right_order, right_start) = (_by_cell(cells) for cells in (left, right))
    rows, columns = (
        left_start[solved.supplier + 1] - left_start[solved.supplier],
        right_start[solved.consumer + 1] - right_start[solved.consumer],
    )
    pairs = rows * columns
    arc = np.repeat(np.arange(len(pairs)), pairs)
    place = np.arange(pairs.sum()) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    supplier = left_order[left_start[solved.supplier][arc] + place // columns[arc]]
    consumer = right_order[right_start[solved.consumer][arc] + place % columns[arc]]
    return _once(supplier * len(right) + consumer)


def _by_cell(cells: Integers) -> tuple[Integers, Integers]:
    """Territories in the order of their cells, and where each cell starts."""
    return np.argsort(cells, kind="stable"), np.append(0, np.cumsum(np.bincount(cells)))
