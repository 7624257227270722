"""Sharing what can be reached: the least covered first, then the next, for as long as any can rise (lexicographic max–min).

Served_j = coverage_j × need_j within a distance; the world is left aside, so that a shortage shows.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, vstack

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.market import Market
from ressort.core.food.system import Floats, Integers

#: above that many arcs the steps take minutes
MOST_ARCS = 200_000


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


def fair_coverage(market: Market, reach_km: float) -> Coverage:
    """The coverage of every territory within a distance, fair and efficient, side by side.

    Raises:
        RuleBroken: a reach that is not above 0, or more arcs than can be shared in reasonable time.
    """
    if reach_km <= 0:
        raise RuleBroken("The distance within which to share must be above 0 km, not {value}.", value=reach_km)
    supply, demand = market.after_promises()
    giver, receiver, km = _within(market, supply, demand, reach_km)
    needs = np.flatnonzero(demand > 0)
    problem = _Sharing(supply, demand, giver, receiver, km, needs)
    fair = problem.lexicographic()
    fair_flow = problem.cheapest(fair)
    efficient_flow = problem.most()
    covered = []
    for flow in (fair_flow, efficient_flow):
        share = np.full(len(market), np.nan)
        share[needs] = np.bincount(receiver, flow, len(market))[needs] / demand[needs]
        covered.append(np.minimum(share, 1.0))
    return Coverage(covered[0], covered[1], float(fair_flow @ km), float(efficient_flow @ km))


def _within(market: Market, supply: Floats, demand: Floats, reach_km: float) -> tuple[Integers, Integers, Floats]:
    givers, receivers = np.flatnonzero(supply > 0), np.flatnonzero(demand > 0)
    giver, receiver = np.repeat(givers, len(receivers)), np.tile(receivers, len(givers))
    km = np.where(giver == receiver, 0.0, market.distance.km(giver, receiver))
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
    needs: Integers

    def _sums(self) -> tuple[csr_array, csr_array]:
        """Flows added up by giver and by receiver that needs."""
        arcs = np.arange(len(self.km))
        place = np.full(len(self.demand), -1)
        place[self.needs] = np.arange(len(self.needs))
        by_giver = coo_array((np.ones(len(arcs)), (self.giver, arcs)), shape=(len(self.supply), len(arcs)))
        by_receiver = coo_array((np.ones(len(arcs)), (place[self.receiver], arcs)), shape=(len(self.needs), len(arcs)))
        return by_giver.tocsr(), by_receiver.tocsr()

    def lexicographic(self) -> Floats:
        """Coverage of those that need, the least covered raised as long as they can be, (needs,)."""
        by_giver, by_receiver = self._sums()
        need, arcs = self.demand[self.needs], len(self.km)
        fixed = np.full(len(need), np.nan)
        while np.isnan(fixed).any():
            free = np.isnan(fixed)
            # served_j ≥ t need_j for those still free, ≥ fixed for the others
            rising = csr_array(np.where(free, need, 0.0)[:, None])
            least = vstack(
                [hstack([by_giver, csr_array((len(self.supply), 1))]), hstack([-by_receiver, rising])]
            ).tocsr()
            floor = np.concatenate([self.supply, np.where(free, 0.0, -np.nan_to_num(fixed) * need * (1 - 1e-9))])
            found = linprog(
                np.append(np.zeros(arcs), -1.0), A_ub=least, b_ub=floor, bounds=[(0, None)] * arcs + [(0, 1)]
            )
            level = float(found.x[-1])
            held = free & (-found.ineqlin.marginals[len(self.supply) :] * need > 1e-9)
            fixed[held if held.any() and level < 1 - 1e-9 else free] = level
        return fixed

    def cheapest(self, coverage: Floats) -> Floats:
        """The shortest flows that give everyone its coverage."""
        by_giver, by_receiver = self._sums()
        floor = coverage * self.demand[self.needs] * (1 - 1e-8)
        found = linprog(
            self.km,
            A_ub=vstack([by_giver, -by_receiver]).tocsr(),
            b_ub=np.concatenate([self.supply, -floor]),
            bounds=(0, None),
        )
        return np.maximum(found.x, 0.0)

    def most(self) -> Floats:
        """The flows that serve the most, the shortest among them: kilometres weigh less than any unit served."""
        by_giver, by_receiver = self._sums()
        reward = 2 * float(self.km.max(initial=1.0)) * (1 + len(self.needs))
        found = linprog(
            self.km - reward,
            A_ub=vstack([by_giver, by_receiver]).tocsr(),
            b_ub=np.concatenate([self.supply, self.demand[self.needs]]),
            bounds=(0, None),
        )
        return np.maximum(found.x, 0.0)
