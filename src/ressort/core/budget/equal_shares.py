"""The Method of Equal Shares: each voter starts with an equal part of the envelope; projects are bought at the lowest price.

A project is affordable at price ρ when `Σ min(balance, ρ × utility) = cost` over its supporters. The project with the smallest
ρ is bought, its supporters pay `min(balance, ρ × utility)`, and so on until nothing is affordable.
(Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ressort.core.budget import kernel
from ressort.core.budget.exact import Ledger
from ressort.core.budget.profile import Flags, Profile
from ressort.core.budget.ties import Ranking, undecided

NEVER = float("inf")


@dataclass(frozen=True, eq=False)
class Shares:
    """What one run bought, in order, and how.

    Args:
        lots: positions of projects whose order only the lot decided, and mattered.
        ledger: the exact accounts, which die at the next run of the same `EqualShares`.
    """

    endowment: Fraction
    bought: tuple[int, ...]
    spent_cents: int
    overspent: bool
    lots: frozenset[int]
    doubts: int
    ledger: Ledger

    def rates(self) -> list[Fraction]:
        """The exact price per unit of utility of each purchase."""
        return [self.ledger.rate(at) for at in range(len(self.bought))]


class EqualShares:
    """Runs at any endowment, on the same ballots.

    Args:
        open_projects: (projects,) those that may be bought.
        rivals: for each project, those that its purchase sets aside.
    """

    def __init__(
        self, profile: Profile, ranking: Ranking, open_projects: Flags, rivals: Sequence[Sequence[int]] = ()
    ) -> None:
        self._profile, self._ranking = profile, ranking
        self.open_projects = open_projects & (profile.votes > 0)
        self.table = _table(profile, ranking, rivals or [()] * len(profile.costs_cents))
        self._state = _state(profile)
        start, who, worth = self.table.start, self.table.who, self.table.worth
        whole = np.concatenate([[0.0], np.cumsum(self.table.size[who] * worth)])
        units = whole[start[1:]] - whole[start[:-1]]
        self._floor = np.divide(self.table.cost, units, out=np.zeros(len(units)), where=units > 0) * (1 - 1e-12)
        self._epsilon = 2.0 * (int(np.diff(start).max(initial=0)) + 3) * 2.0**-53

    def run(self, endowment: Fraction, limit_cents: float = NEVER) -> Shares:
        """Buys with that endowment; stops as soon as more than the limit is spent."""
        state = self._fresh(endowment, limit_cents)
        ledger = Ledger(self._profile, self.table, state, endowment)
        doubts = 0
        while True:
            code = int(kernel.advance(self.table, state))
            if code in (kernel.DONE, kernel.OVERSPENT):
                break
            doubts += 1
            self._decide(code, ledger)
            if state.numbers[kernel.SPENT] > limit_cents:
                code = kernel.OVERSPENT
                break
        count = int(state.counts[kernel.ROUND])
        bought = tuple(state.order[:count].tolist())
        marked = np.flatnonzero(state.lots).tolist() if state.counts[kernel.LOTS] else ()
        lots = undecided(marked, bought, state.rho[:count].tolist(), self._ranking.kin)
        spent = int(self._profile.costs_cents[list(bought)].sum()) if bought else 0
        return Shares(endowment, bought, spent, code == kernel.OVERSPENT, lots, doubts, ledger)

    def is_open(self) -> Flags:
        """(projects,) those that the last run left neither bought nor set aside."""
        return (self._state.status == kernel.OPEN) | (self._state.status == kernel.BEYOND)

    def balances(self) -> np.ndarray:
        """(types,) what voters hold after the last run, in cents."""
        return self._state.purse[:, 0].copy()

    def _fresh(self, endowment: Fraction, limit_cents: float) -> kernel.State:
        state = self._state
        state.purse[:, 0], state.purse[:, 1] = float(endowment), 1.0
        state.spent_round.fill(-1)
        state.bound[:] = self._floor
        state.error.fill(0.0)
        state.full.fill(0.0)
        state.fresh.fill(-1)
        state.status[:] = np.where(self.open_projects, kernel.OPEN, kernel.ASIDE)
        state.lots.fill(0)
        state.numbers[:] = (float(endowment), self._epsilon, 0.0, limit_cents)
        state.counts.fill(0)
        return state

    def _decide(self, code: int, ledger: Ledger) -> None:
        """Settles one doubt with fractions."""
        state, subject = self._state, int(self._state.counts[kernel.SUBJECT])
        if code == kernel.AFFORDABLE and ledger.price(subject) is None:
            state.status[subject] = kernel.BEYOND
            return
        chosen, rho = self._cheapest(ledger, subject)
        ledger.pay(chosen, rho)
        kernel.close_purchase(self.table, state, chosen)

    def _cheapest(self, ledger: Ledger, known: int) -> tuple[int, Fraction]:
        """The project to buy now, by exact prices of all those that floats cannot set apart."""
        state, prices = self._state, {}
        price = ledger.price(known)
        if price is not None:
            prices[known] = price
        while True:
            best = min(prices.values()) if prices else None
            rest = (state.status == kernel.OPEN) & ~np.isin(np.arange(len(state.bound)), list(prices))
            lower = np.where(rest, state.bound - state.error, np.inf)
            at = int(lower.argmin())
            if best is not None and lower[at] > float(best) * (1 + 1e-9):
                break
            found = ledger.price(at)
            if found is None:
                state.status[at] = kernel.BEYOND
            else:
                prices[at] = found
        tied = [p for p, price in prices.items() if price == best]
        chosen = min(tied, key=lambda p: int(self._ranking.rank[p]))
        lots = [p for p in tied if p != chosen and self._ranking.kin[p] == self._ranking.kin[chosen]]
        if lots:
            state.lots[[chosen, *lots]] = 1
            state.counts[kernel.LOTS] += 1
        return chosen, prices[chosen]


def _table(profile: Profile, ranking: Ranking, rivals: Sequence[Sequence[int]]) -> kernel.Table:
    starts, who, worth = profile.by_project
    scale = np.ones(len(profile.costs_cents))
    held = np.flatnonzero(np.diff(starts))
    if len(held):
        scale[held] = np.gcd(np.gcd.reduceat(worth, starts[held]), profile.costs_cents[held])
    rival_start = np.concatenate([[0], np.cumsum([len(row) for row in rivals])]).astype(np.int64)
    return kernel.Table(
        profile.costs_cents.astype(float),
        starts,
        who,
        worth.astype(float),
        profile.size.astype(float),
        scale,
        ranking.rank,
        ranking.kin,
        rival_start,
        np.array([q for row in rivals for q in row], np.int32),
    )


def _state(profile: Profile) -> kernel.State:
    types, projects = len(profile.size), len(profile.costs_cents)
    return kernel.State(
        np.zeros((types, 2)),
        np.zeros(types, np.int32),
        np.zeros(projects),
        np.zeros(projects),
        np.zeros(projects),
        np.zeros(projects, np.int64),
        np.zeros(projects, np.int8),
        np.zeros(projects, np.int64),
        np.zeros(projects),
        np.zeros(projects, np.int64),
        np.zeros(4),
        np.zeros(3, np.int64),
    )
