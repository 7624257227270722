"""A transportation problem that remembers its last optimum: arcs are added, and the next one starts from there.

    suppliers ──▶ consumers        arcs given
    world ──▶ consumers, sink      at the world's cost, for nothing
    suppliers ──▶ sink             for nothing: the surplus that nobody takes

Quantities are whole numbers of a power of two, so that pivots add and subtract exactly.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from ressort.core.errors import RessortError
from ressort.core.food.system import Floats, Integers

#: quantities add up to less than two to that power: exact in floating point, with room for sums
EXACT_BITS = 50
MOST_PIVOTS = 10**9
#: arcs looked at for one candidate: few, since an optimum is near when arcs are added to the one before
STRETCH = 64
#: pivots between two moments when Ctrl-C, or another thread, is heard
PIVOTS_UNHEARD = 10_000
#: an arc helps when its reduced cost lies under that part of the world's cost, negated
PIVOT_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Solved:
    """An optimum on some arcs.

    Args:
        supplier, consumer, quantity: flows that are not zero.
        imported: from the world, (D,).
        u: what one more unit of supply is worth, negated; never above 0, (S,).
        v: what one more unit of need costs; never above the world's cost, (D,).
        dual: Σ u supply + Σ v demand; equals the cost of the flows (strong duality).
    """

    supplier: Integers
    consumer: Integers
    quantity: Floats
    imported: Floats
    u: Floats
    v: Floats
    dual: float


class Tree:
    """The spanning tree of an optimum, and the arcs it was chosen among.

    Args:
        supply, demand: positive, (S,) and (D,).
        world_cost: of a unit from the world.
        limited: whether arcs have a room, see `add`.
    """

    def __init__(self, supply: Floats, demand: Floats, world_cost: float, limited: bool = False) -> None:
        suppliers, consumers = len(supply), len(demand)
        self.suppliers, self.consumers, self.tolerance = suppliers, consumers, PIVOT_TOLERANCE * world_cost
        # the room of an arc may be any part of a quantity: the finest steps
        self.scale = quantum(supply, demand, limited)
        world, self.root = suppliers, suppliers + consumers + 1
        everyone = suppliers + 1 + np.arange(consumers)
        self.tail = np.concatenate([np.arange(suppliers), np.full(consumers, world), [world]]).astype(np.uint32)
        self.head = np.concatenate([np.full(suppliers, self.root), everyone, [self.root]]).astype(np.uint32)
        self.cost = np.concatenate([np.zeros(suppliers), np.full(consumers, float(world_cost)), [0.0]])
        self.given, self.taken = np.rint(supply * self.scale), np.rint(demand * self.scale)
        self.potential = np.zeros(self.root + 1)
        self.room = np.full(len(self.cost) if limited else 0, np.inf)
        self.full = np.zeros(len(self.room), dtype=np.int8)
        self._is_planted = False

    def begin(self, u: Floats, v: Floats) -> None:
        """A first tree: the arcs added, those of lowest cost at guessed prices first, filled with what their ends have left.

        An arc that is filled, short of its room, empties one of its ends, so that they form no cycle, and each part of them keeps
        one end with something left at most: that end hangs it from the world or the sink.
        """
        from ressort.core.exchanges.pivots import fill

        world, last = self.suppliers, self.suppliers + self.consumers + 1
        spare = np.concatenate([self.given, [0.0], self.taken, [0.0]])
        reduced = self.cost[last:] - u[self.tail[last:]] - v[self.head[last:] - world - 1]
        order = np.argsort(reduced, kind="stable") + last
        used, amounts, full = fill(order, self.tail, self.head, self.room, spare)
        self.full[full] = 1
        between = coo_array(
            (np.ones(len(used)), (self.tail[used], self.head[used])), shape=(self.root + 1, self.root + 1)
        )
        parts, part = connected_components(between, directed=False)
        # of each part, the end with the most left; its own arc to the sink or from the world joins it to the root
        by_spare = np.lexsort((-spare, part))
        joins = by_spare[np.searchsorted(part[by_spare], np.arange(parts))]
        joins = joins[(joins != world) & (joins != self.root)]
        # the world sells all that is needed and one unit more, which runs to the sink: it ties the prices of both sides together
        self._plant(
            np.concatenate([used, np.where(joins < world, joins, joins - 1), [last - 1]]),
            np.concatenate([amounts, spare[joins], [self.taken.sum() + 1.0]]),
        )

    def _plant(self, arcs: Integers, amounts: Floats) -> None:
        """The tree of these arcs, hung from the sink, and what each carries."""
        from ressort.core.exchanges.ring import BY, OUT, UP, hang, settle

        nodes = self.root + 1
        tail, head = self.tail[arcs], self.head[arcs]
        graph = coo_array((np.ones(len(arcs)), (tail, head)), shape=(nodes, nodes))
        order, parent = breadth_first_order(graph.tocsr(), self.root, directed=False)
        self.links, self.ring = np.full((nodes, 6), -1, dtype=np.int32), np.empty(nodes, dtype=np.uint32)
        self.links[:, UP], self.links[self.root, UP] = parent, -1
        leaves = parent[tail] == head
        below = np.where(leaves, tail, head)
        self.links[below, BY], self.links[below, OUT] = arcs, leaves
        self.carried = np.zeros(nodes)
        self.carried[below] = amounts
        hang(order.astype(np.int64), self.links, self.ring)
        settle(self.cost, self.links, self.ring, self.potential, self.root)
        self._is_planted = True

    @property
    def arcs(self) -> int:
        """How many arcs lie between suppliers and consumers."""
        return len(self.cost) - self.suppliers - self.consumers - 1

    def add(self, supplier: Integers, consumer: Integers, cost: Floats, most: Floats | None = None) -> None:
        """More arcs to choose among, each pair once; where arcs have a room, `most` is above 0, infinite for no limit."""
        if most is not None:
            self.room = np.concatenate([self.room, np.where(np.isinf(most), most, np.rint(most * self.scale))])
            self.full = np.concatenate([self.full, np.zeros(len(most), dtype=np.int8)])
        self.tail = np.concatenate([self.tail, supplier.astype(np.uint32)])
        self.head = np.concatenate([self.head, (self.suppliers + 1 + consumer).astype(np.uint32)])
        self.cost = np.concatenate([self.cost, cost])

    def solve(self) -> tuple[Floats, Floats]:
        """Pivot to the optimum on the arcs held; the prices u and v of `Solved`."""
        from ressort.core.exchanges.ring import settle

        if not self._is_planted:
            self.begin(np.zeros(self.suppliers), np.zeros(self.consumers))
        # where prices stay far under the world's, a smaller gain than its rounding counts
        for tolerance in (self.tolerance, 0.0):
            tolerance = tolerance or PIVOT_TOLERANCE * float(np.abs(self.potential).max())
            state = self.full, self.links, self.ring, self.carried, self.potential
            pivot_to_the_end(self.tail, self.head, self.cost, self.room, *state, tolerance, STRETCH)
            settle(self.cost, self.links, self.ring, self.potential, self.root)
        return -self.potential[: self.suppliers], self.potential[self.suppliers + 1 : self.root].copy()

    def solved(self) -> Solved:
        """The optimum on the arcs held."""
        from ressort.core.exchanges.ring import BY

        u, v = self.solve()
        world, last = self.suppliers, self.suppliers + self.consumers + 1
        moves = np.flatnonzero(self.carried[: self.root] > 0)
        arc, quantity = self.links[moves, BY], self.carried[moves] / self.scale
        real, bought = arc >= last, (arc >= world) & (arc < last - 1)
        imported = np.zeros(self.consumers)
        imported[arc[bought] - world] = quantity[bought]
        held = np.flatnonzero(self.full)
        arc, quantity, real = (
            np.append(arc, held),
            np.append(quantity, self.room[held] / self.scale),
            np.append(real, held >= last),
        )
        order = np.argsort(arc[real])
        used, amount = arc[real][order], quantity[real][order]
        limits = self.cost[held] - u[self.tail[held]] - v[self.head[held] - world - 1]
        dual = float(u @ self.given + v @ self.taken + limits @ self.room[held]) / self.scale
        return Solved(
            self.tail[used].astype(np.int64), self.head[used].astype(np.int64) - world - 1, amount, imported, u, v, dual
        )


def pivot_to_the_end(*state: Any) -> None:
    """Pivots until no arc would help, see `improve`; Ctrl-C is heard on the way.

    Raises:
        RessortError: more pivots than any market needs.
    """
    # compiled code takes half a second to import: only who solves waits
    from ressort.core.exchanges.pivots import improve

    for _heard in range(MOST_PIVOTS // PIVOTS_UNHEARD):
        if improve(*state, PIVOTS_UNHEARD) >= 0:
            return
    raise RessortError(
        "The solver gave up after {most} pivots. This is a fault of the program: please tell us.", most=MOST_PIVOTS
    )


def quantum(supply: Floats, demand: Floats, finest: bool = False) -> float:
    """The power of two that turns quantities into whole numbers; 1 when they already are, unless the finest is asked."""
    total = float(supply.sum() + demand.sum())
    if total == 0:
        return 1.0
    whole = not finest and bool((supply == np.rint(supply)).all() and (demand == np.rint(demand)).all())
    return 1.0 if whole and total < 2.0**EXACT_BITS else float(2.0 ** np.floor(EXACT_BITS - np.log2(total)))
