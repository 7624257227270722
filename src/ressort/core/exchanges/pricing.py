"""Every pair of the complete graph against the prices: which arcs left out would help, and how many were looked at.

On the sphere `c < u + v` reads `cos(d/R) > cos((u+v)/R)`, and `cos(a+b) = cos a cos b − sin a sin b`: one matrix product of
inner dimension 5 tests a block of pairs. What it flags, with room for rounding, is measured again in kilometres.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ressort.core.exchanges.distance import GreatCircle, OwnMatrix
from ressort.core.exchanges.pairs import Distance, OwnPairs
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


#: suppliers from, to, and whether all is wanted → suppliers and consumers of the arcs that may help
Flag = Callable[[int, int, bool], tuple[Integers, Integers]]


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

    @cached_property
    def written(self) -> tuple[Integers, Integers, Floats]:
        """The pairs of one's own between both sides, see `OwnPairs.among`."""
        assert isinstance(self.distance, OwnPairs)
        return self.distance.among(self.givers, self.receivers)


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

    flag = _flags(sides, u, v, margin_km)
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


def _flags(sides: Sides, u: Floats, v: Floats, margin_km: float) -> Flag:
    if isinstance(sides.distance, OwnPairs):
        return _pairs(sides, sides.distance, u, v, margin_km)
    if isinstance(sides.distance, OwnMatrix):
        return _matrix(sides, sides.distance, u, v, margin_km)
    return _sphere(sides, sides.distance, u, v, margin_km)


def _sphere(sides: Sides, distance: GreatCircle, u: Floats, v: Floats, margin_km: float) -> Flag:
    wide, high = (u + margin_km) / distance.scale_km, v / distance.scale_km
    left = np.column_stack([distance.points[sides.givers], -np.cos(wide), np.sin(wide)])
    right = np.column_stack([distance.points[sides.receivers], np.cos(high), np.sin(high)]).T.copy()

    def flag(start: int, end: int, everything: bool) -> tuple[Integers, Integers]:
        excess = left[start:end] @ right
        if isinstance(sides.distance, OwnPairs):  # the pairs written are not that far
            part = slice(*np.searchsorted(sides.written[0], (start, end)))
            excess[sides.written[0][part] - start, sides.written[1][part]] = -np.inf
        rows, columns = _flagged(excess, -ROOM, everything)
        # an angle under zero folds back onto its mirror: no distance is that short
        apart = wide[start + rows] + high[columns] >= 0
        return rows[apart] + start, columns[apart]

    return flag


def _matrix(sides: Sides, distance: OwnMatrix, u: Floats, v: Floats, margin_km: float) -> Flag:
    def flag(start: int, end: int, everything: bool) -> tuple[Integers, Integers]:
        cost = distance.cost[np.ix_(sides.givers[start:end], sides.receivers)]
        rows, columns = _flagged(u[start:end, None] + margin_km + v - cost, 0.0, everything)
        return rows + start, columns

    return flag


def _pairs(sides: Sides, distance: OwnPairs, u: Floats, v: Floats, margin_km: float) -> Flag:
    supplier, consumer, cost = sides.written
    helps = u[supplier] + margin_km + v[consumer] > cost
    supplier, consumer = supplier[helps], consumer[helps]
    far = None if distance.elsewhere is None else _sphere(sides, distance.elsewhere, u, v, margin_km)

    def flag(start: int, end: int, everything: bool) -> tuple[Integers, Integers]:
        part = slice(*np.searchsorted(supplier, (start, end)))
        near = supplier[part], consumer[part]
        if far is None:
            return near
        rows, columns = far(start, end, everything)
        return np.append(near[0], rows), np.append(near[1], columns)

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


def cheapest(distance: Distance, ends: Integers, values: Floats, rows: Integers, towards: bool = False) -> Floats:
    """The least of `cost + value` from any of these ends to each of some territories, or from each of these to any end; infinite for none."""
    least = np.full(len(rows), np.inf)
    place = np.full(len(distance), -1)
    place[ends] = np.arange(len(ends))
    here = np.flatnonzero(place[rows] >= 0)
    least[here] = distance.km(rows[here], rows[here]) + values[place[rows[here]]]
    here = here[np.isfinite(least[here])]
    # what a territory has by itself is hard to better: few pairs do
    sides = Sides(rows[here], ends, distance) if towards else Sides(ends, rows[here], distance)
    u, v = (least[here], -values) if towards else (-values, least[here])
    found = price(sides, u, v, 0.0)
    gains = np.zeros(len(here))
    np.minimum.at(gains, found.supplier if towards else found.consumer, found.reduced)
    least[here] += gains
    for at, row in enumerate(rows) if not found.whole else ((at, rows[at]) for at in np.flatnonzero(np.isinf(least))):
        there, same = ends, np.full(len(ends), row)
        cost = distance.km(same, there) if towards else distance.km(there, same)
        least[at] = float((cost + values).min(initial=np.inf))
    return least
