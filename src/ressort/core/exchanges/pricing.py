"""Every pair of the complete graph against the prices: which arcs left out would help, and how many were looked at.

On the sphere `c < u + v` reads `cos(d/R) > cos((u+v)/R)`, and `cos(a+b) = cos a cos b − sin a sin b`: one matrix product of
inner dimension 5 tests a block of pairs. What it flags, with room for rounding, is measured again in kilometres.
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.exchanges.distance import Distance, GreatCircle, OwnMatrix
from ressort.core.food.system import Floats, Integers

#: pairs of a block, and most suppliers of one
PAIRS, BLOCK = 1 << 20, 64
#: arcs measured at a time
STRETCH = 1 << 15
#: rounding of a product of unit vectors
ROOM = 1e-13
#: nearest misses remembered between two looks at the complete graph
MOST_NEAR = 3_000_000
#: most arcs one territory gains in a round
MOST_NEW = 8


@dataclass(frozen=True, eq=False)
class Sides:
    """Who gives and who receives: rows of the market, and the distance between them."""

    givers: Integers
    receivers: Integers
    distance: Distance

    def cost(self, supplier: Integers, consumer: Integers) -> Floats:
        """What a unit costs on arcs named by their positions on each side."""
        km = np.empty(len(supplier))
        for start in range(0, len(km), STRETCH):  # coordinates of millions of arcs at once would fill the memory
            part = slice(start, start + STRETCH)
            km[part] = self.distance.km(self.givers[supplier[part]], self.receivers[consumer[part]])
        return km


@dataclass(frozen=True, eq=False)
class Priced:
    """What one look at all pairs found.

    Args:
        supplier, consumer, reduced: arcs whose reduced cost lies under the margin asked; not all of them when `whole` is
            False, but then at least one for each territory that has a violated arc.
        least_km: the lowest reduced cost of all pairs, 0 when none is negative.
        pairs: how many were looked at.
    """

    supplier: Integers
    consumer: Integers
    reduced: Floats
    least_km: float
    pairs: int
    whole: bool


def price(sides: Sides, u: Floats, v: Floats, margin_km: float) -> Priced:
    """The reduced costs `c − u − v` of all pairs, those under the margin listed."""
    # compiled code takes half a second to import: only who solves waits
    from ressort.core.exchanges.lowest import lower

    flag = (
        _sphere(sides, u, v, margin_km) if isinstance(sides.distance, GreatCircle) else _matrix(sides, u, v, margin_km)
    )
    found, count = [], 0
    block = min(BLOCK, max(1, PAIRS // max(1, len(v))))
    for start in range(0, len(u), block):
        rows, columns = flag(start, min(start + block, len(u)), count < MOST_NEAR)
        found.append((rows.astype(np.int32), columns.astype(np.int32)))
        count += len(rows)
    supplier, consumer = (np.concatenate([part[side] for part in found] or [np.array([], np.int32)]) for side in (0, 1))
    found.clear()  # millions of arcs: kept once
    reduced = sides.cost(supplier, consumer)
    lower(reduced, supplier, consumer, u, v)
    least = float(min(0.0, reduced.min(initial=0.0)))
    return Priced(supplier, consumer, reduced, least, len(u) * len(v), count < MOST_NEAR)


def _sphere(sides: Sides, u: Floats, v: Floats, margin_km: float):  # type: ignore[no-untyped-def]
    distance = sides.distance
    assert isinstance(distance, GreatCircle)
    wide, high = (u + margin_km) / distance.scale_km, v / distance.scale_km
    left = np.column_stack([distance.points[sides.givers], -np.cos(wide), np.sin(wide)])
    right = np.column_stack([distance.points[sides.receivers], np.cos(high), np.sin(high)]).T.copy()

    def flag(start: int, end: int, everything: bool) -> tuple[Integers, Integers]:
        excess = left[start:end] @ right
        rows, columns = _flagged(excess, -ROOM, everything)
        # an angle under zero folds back onto its mirror: no distance is that short
        apart = wide[start + rows] + high[columns] >= 0
        return rows[apart] + start, columns[apart]

    return flag


def _matrix(sides: Sides, u: Floats, v: Floats, margin_km: float):  # type: ignore[no-untyped-def]
    distance = sides.distance
    assert isinstance(distance, OwnMatrix)

    def flag(start: int, end: int, everything: bool) -> tuple[Integers, Integers]:
        cost = distance.cost[np.ix_(sides.givers[start:end], sides.receivers)]
        rows, columns = _flagged(u[start:end, None] + margin_km + v - cost, 0.0, everything)
        return rows + start, columns

    return flag


def _flagged(excess: Floats, least: float, everything: bool) -> tuple[Integers, Integers]:
    """Cells above a threshold: all of them, or only the largest of each row and column."""
    if everything:
        flat = np.flatnonzero(excess.ravel() > least)
        return flat // excess.shape[1], flat % excess.shape[1]
    best_row, best_column = excess.argmax(0), excess.argmax(1)
    rows = np.concatenate([best_row, np.arange(len(best_column))])
    columns = np.concatenate([np.arange(len(best_row)), best_column])
    above = excess[rows, columns] > least
    return rows[above], columns[above]


def worst(
    supplier: Integers, consumer: Integers, reduced: Floats, below_km: float, most: int = MOST_NEW
) -> tuple[Integers, Integers]:
    """The arcs under a reduced cost, no more than a few for each supplier and each consumer: the lowest."""
    # compiled code takes half a second to import: only who solves waits
    from ressort.core.exchanges.lowest import among_lowest

    keep = np.zeros(len(reduced), dtype=bool)
    for side in (supplier, consumer):
        keep |= among_lowest(side, reduced, int(side.max(initial=-1)) + 1, most, below_km)
    return supplier[keep].astype(np.int64), consumer[keep].astype(np.int64)
