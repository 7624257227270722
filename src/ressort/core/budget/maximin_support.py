"""Maximin support: costs are shared among supporters so that the most charged voter pays the least; add what keeps that lowest.

For a set W of projects the least possible highest charge is `max over S ⊆ W of cost(S) / supporters(S)`. A linear program finds it,
its dual names S, and the ratio of S is an exact fraction: fractions are what candidates are compared by.
(Aziz, Lee, Talmon 2018; Sánchez-Fernández et al. for committees.)
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from ressort.core.budget.phragmen import Purchases
from ressort.core.budget.profile import Flags, Profile
from ressort.core.budget.ties import Ranking, undecided

CLOSE = 1e-9


class MaximinSupport:
    """One run of the rule.

    Args:
        skips: pass over a project that no longer fits, instead of stopping there.
    """

    def __init__(
        self, profile: Profile, ranking: Ranking, free: Flags, rivals: Sequence[Sequence[int]], *, skips: bool
    ) -> None:
        self._profile, self._ranking, self._rivals, self._skips = profile, ranking, rivals, skips
        self._free = free & (profile.votes > 0)
        self._bought: list[int] = []
        self._charge = Fraction(0)
        self._loads = np.zeros(len(profile.size))
        self._ready: dict[int, np.ndarray] = {}
        self._lots: set[int] = set()
        self._ties: list[tuple[int, ...]] = []

    def run(self, budget_cents: int) -> Purchases:
        """Buys until no project is left, or until one does not fit if the rule stops there."""
        costs, votes, left = self._profile.costs_cents, self._profile.votes, budget_cents
        self._free &= costs <= budget_cents
        lower = {int(p): Fraction(int(costs[p]), int(votes[p])) for p in np.flatnonzero(self._free)}
        while lower:
            p, tied = self._next(lower)
            if costs[p] > left and not self._skips:
                break
            charge = lower.pop(p)
            if costs[p] > left:
                continue
            rest = tuple(q for q in tied if costs[q] <= left or not self._skips)
            self._ties += [rest] if len(rest) > 1 else []
            left -= int(costs[p])
            self._bought.append(p)
            self._charge = charge
            loads = self._ready.get(p)
            self._loads = self._shared(self._bought)[1] if loads is None else loads
            self._ready.clear()
            for rival in self._rivals[p] if self._rivals else ():
                lower.pop(rival, None)
        lots = undecided(self._lots, self._bought, [0.0] * len(self._bought), self._ranking.kin)
        return Purchases(tuple(self._bought), lots, np.full(len(costs), -1, np.int64), tuple(self._ties))

    def _next(self, lower: dict[int, Fraction]) -> tuple[int, list[int]]:
        """The project that keeps the highest charge lowest, and all those that keep it as low; charges only grow, so that old ones are lower bounds."""
        fresh: set[int] = set()
        while True:
            least = min(lower.values())
            tied = [p for p, charge in lower.items() if charge == least]
            stale = [p for p in tied if p not in fresh]
            if not stale:
                chosen = min(tied, key=lambda p: int(self._ranking.rank[p]))
                kin = [p for p in tied if self._ranking.kin[p] == self._ranking.kin[chosen]]
                self._lots.update(kin if len(kin) > 1 else ())
                return chosen, tied
            for p in stale:
                lower[p] = max(lower[p], self._charge_with(p))
                fresh.add(p)

    def _charge_with(self, p: int) -> Fraction:
        """The least highest charge of what is bought plus one project."""
        profile = self._profile
        alone = max(self._charge, Fraction(int(profile.costs_cents[p]), int(profile.votes[p])))
        starts, types, _worths = profile.by_project
        ours = types[starts[p] : starts[p + 1]]
        room = (profile.size[ours] * np.maximum(float(alone) - self._loads[ours], 0.0)).sum()
        if room >= float(profile.costs_cents[p]) * (1 + CLOSE):
            return alone  # its supporters can take it all without passing that charge
        charge, self._ready[p] = self._shared([*self._bought, p])
        return max(alone, charge)

    def _shared(self, projects: list[int]) -> tuple[Fraction, np.ndarray]:
        """The least highest charge of some projects, exact, and (types,) what each voter pays."""
        profile, place = self._profile, {p: at for at, p in enumerate(projects)}
        named = np.isin(profile.projects, projects)
        types, row = profile.supporters[named], np.array([place[p] for p in profile.projects[named].tolist()])
        member = np.zeros((len(profile.size), len(projects)), bool)
        member[types, row] = True
        groups, inverse = np.unique(np.packbits(member, axis=1), axis=0, return_inverse=True)
        inverse = inverse.reshape(-1)
        size = np.bincount(inverse, weights=profile.size, minlength=len(groups))
        first = np.unique(inverse, return_index=True)[1]
        pays, owed = np.nonzero(member[first])
        costs = profile.costs_cents[projects] / float(profile.costs_cents[projects].max())
        edges, last = np.arange(len(pays)), len(pays)
        equal = coo_array((np.ones(len(pays)), (owed, edges)), shape=(len(projects), last + 1))
        rows, columns = np.concatenate([pays, np.arange(len(size))]), np.concatenate([edges, np.full(len(size), last)])
        bound = coo_array((np.concatenate([np.ones(last), -size]), (rows, columns)), shape=(len(size), last + 1))
        goal = np.zeros(last + 1)
        goal[last] = 1.0
        solved = linprog(
            goal, A_ub=bound.tocsr(), b_ub=np.zeros(len(size)), A_eq=equal.tocsr(), b_eq=costs, method="highs"
        )
        heavy = solved.eqlin.marginals >= solved.eqlin.marginals.max() / 2
        tight = member[:, heavy].any(axis=1)
        charge = Fraction(int(profile.costs_cents[projects][heavy].sum()), int(profile.size[tight].sum()))
        paid = np.bincount(pays, weights=solved.x[:last], minlength=len(size)) * float(
            profile.costs_cents[projects].max()
        )
        loads = np.divide(paid, size, out=np.zeros(len(size)), where=size > 0)
        return charge, loads[inverse]
