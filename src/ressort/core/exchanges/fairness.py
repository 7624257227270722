"""Sharing what can be reached: the least covered first, then the next, for as long as any can rise (lexicographic max–min).

Served_j = coverage_j × need_j within a distance; the world is left aside, so that a shortage shows.
"""

from dataclasses import dataclass, field
from itertools import count

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.market import Market
from ressort.core.exchanges.order import ranks
from ressort.core.exchanges.tree import Solved, Tree
from ressort.core.exchanges.watch import Watch, unwatched
from ressort.core.food.system import Floats, Integers

#: above that many arcs the steps take minutes
MOST_ARCS = 2_000_000
#: part of a need under which a lack is rounding
EVEN = 1e-9


@dataclass(frozen=True, eq=False)
class Coverage:
    """How a shortage is shared.

    Args:
        fair: part of its need that each territory gets when the least covered come first, nan where nothing is needed, (n,).
        efficient: the same when as much as possible is served, at least distance, whoever gets it, (n,).
        fair_km, efficient_km: quantity times kilometres of both.
    """

    fair: Floats
    efficient: Floats
    fair_km: float
    efficient_km: float


def fair_coverage(market: Market, reach_km: float, watch: Watch = unwatched) -> Coverage:
    """The coverage of every territory within a distance, fair and efficient, side by side.

    Args:
        watch: called before each problem that is solved; what it raises stops the computation.

    Raises:
        RuleBroken: a reach that is not above 0, or more arcs than can be shared in reasonable time.
    """
    if reach_km <= 0:
        raise RuleBroken("The distance within which to share must be above 0 km, not {value}.", value=reach_km)
    # territories in an order of their own, so that numbers change nothing among equals
    order = np.argsort(ranks(market))
    supply, demand = (values[order] for values in market.after_promises())
    giver, receiver, km = _within(market, order, supply, demand, reach_km)
    needs = np.flatnonzero(demand > 0)
    problem = _Sharing(supply, demand, giver, receiver, km, watch)
    covered, length = [], []
    for level in (problem.lexicographic(), np.ones(len(market))):
        flow = problem.shortest(level)
        share = np.full(len(market), np.nan)
        share[order[needs]] = np.minimum(np.bincount(receiver, flow, len(market))[needs] / demand[needs], 1.0)
        covered.append(share)
        length.append(float(flow @ km))
    return Coverage(covered[0], covered[1], length[0], length[1])


def _within(
    market: Market, order: Integers, supply: Floats, demand: Floats, reach_km: float
) -> tuple[Integers, Integers, Floats]:
    givers, receivers = np.flatnonzero(supply > 0), np.flatnonzero(demand > 0)
    giver, receiver = np.repeat(givers, len(receivers)), np.tile(receivers, len(givers))
    km = np.where(giver == receiver, 0.0, market.distance.km(order[giver], order[receiver]))
    near = km <= reach_km
    if near.sum() > MOST_ARCS:
        raise RuleBroken(
            "{count} pairs lie within {reach} km: at most {most} can be shared fairly. Choose a larger level or a shorter distance.",
            count=int(near.sum()),
            reach=reach_km,
            most=MOST_ARCS,
        )
    return giver[near], receiver[near], km[near]


@dataclass(frozen=True, eq=False)
class _Sharing:
    supply: Floats
    demand: Floats
    giver: Integers
    receiver: Integers
    km: Floats
    watch: Watch
    solves: "count[int]" = field(default_factory=lambda: count(1))

    def lexicographic(self) -> Floats:
        """Coverage of every territory, the least covered raised as long as they can be, 0 where nothing is in reach, (n,).

        All are raised together to what supplies allow. Where flows cannot follow, the prices tell who stays below: they and all
        suppliers in their reach are one part, the others another, and each part is raised on its own.
        """
        coverage, parts = np.zeros(len(self.demand)), [np.arange(len(self.km))]
        while parts:
            arcs = parts.pop()
            if not len(arcs):
                continue
            givers, receivers = np.unique(self.giver[arcs]), np.unique(self.receiver[arcs])
            needed = float(self.demand[receivers].sum())
            level = min(1.0, float(self.supply[givers].sum()) / needed)
            solved = self._solved(arcs, self.demand * level, np.zeros(len(arcs)), 1.0)
            short = np.isin(self.receiver[arcs], receivers[solved.v > 0.5])
            if solved.imported.sum() <= EVEN * needed or short.all():
                coverage[receivers] = level
                continue
            near = np.isin(self.giver[arcs], self.giver[arcs[short]])
            parts += [arcs[short], arcs[~short & ~near]]
        return coverage

    def shortest(self, coverage: Floats) -> Floats:
        """The flows that serve the most of what each should get, the shortest among them, by arc."""
        dear = 1.0 + 2.0 * float(self.km.max(initial=0.0)) * len(np.unique(self.receiver))
        arcs, wanted = np.arange(len(self.km)), self.demand * coverage
        open_ = arcs[wanted[self.receiver] > 0]
        if not len(open_):
            return np.zeros(len(arcs))
        solved = self._solved(open_, wanted, self.km[open_], dear)
        givers, receivers = np.unique(self.giver[open_]), np.unique(self.receiver[open_])
        codes = np.searchsorted(givers, self.giver[open_]) * len(receivers)
        codes = codes + np.searchsorted(receivers, self.receiver[open_])
        order = np.argsort(codes, kind="stable")
        at = order[np.searchsorted(codes[order], solved.supplier * len(receivers) + solved.consumer)]
        return np.bincount(open_[at], solved.quantity, len(arcs)).astype(float)

    def _solved(self, arcs: Integers, wanted: Floats, cost: Floats, world_cost: float) -> Solved:
        """The transportation problem on some arcs: who gives and who wants are those at their ends."""
        self.watch(next(self.solves), float("nan"))
        givers, giver = np.unique(self.giver[arcs], return_inverse=True)
        receivers, receiver = np.unique(self.receiver[arcs], return_inverse=True)
        tree = Tree(self.supply[givers], wanted[receivers], world_cost)
        tree.add(giver, receiver, cost)
        return tree.solved()
