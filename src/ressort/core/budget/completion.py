"""What equal shares alone leaves unspent, spent by a completion announced before the vote.

- `add1`: everybody's endowment grows step by step; the last outcome that fits the envelope is kept, and the first exhaustive one ends it.
- `exhaustive`: supporters give all they hold, the others lend the rest in equal parts, the least burdensome project first.
- `greedy`: projects by number of votes, each taken if it still fits.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from ressort.core.budget.equal_shares import EqualShares, Shares
from ressort.core.budget.holding import holds_until
from ressort.core.budget.profile import Flags, Profile
from ressort.core.budget.ties import Ranking

CENT = 100


@dataclass(frozen=True)
class Completed:
    """The outcome of equal shares at the endowment where the growth stopped, and how many runs that took."""

    shares: Shares
    runs: int
    lots: frozenset[int]


def grown(
    method: EqualShares,
    profile: Profile,
    budget_cents: int,
    step: Fraction,
    *,
    start: Fraction | None = None,
    by_jumps: bool = True,
    until_exhaustive: bool = True,
) -> Completed:
    """Equal shares at the last endowment of the grid `start + k × step` that costs no more than the envelope.

    Args:
        step: cents added to each endowment.
        start: the first endowment, `budget / voters` by default.
        by_jumps: skip the points of the grid where nothing can change; same answer, worthwhile on a fine grid.
        until_exhaustive: stop as soon as nothing more fits.
    """
    start = Fraction(budget_cents, profile.voters) if start is None else start
    kept, at, runs, lots = 0, _first_end(method, profile, budget_cents, start, step), 0, set[int]()
    while True:
        shares = method.run(start + at * step, budget_cents)
        runs += 1
        lots |= shares.lots
        if shares.overspent:
            kept = at - 1
            break
        kept = at
        waiting = method.is_open() & (profile.votes > 0)
        fits = waiting & (profile.costs_cents <= budget_cents - shares.spent_cents)
        if not waiting.any() or (until_exhaustive and not fits.any()):
            break
        at += 1 + (_skipped(method, shares, step) if by_jumps else 0)
    return Completed(method.run(start + max(kept, 0) * step, budget_cents), runs, frozenset(lots))


def _first_end(method: EqualShares, profile: Profile, budget_cents: int, start: Fraction, step: Fraction) -> int:
    """The first point of the grid where the growth may stop.

    When every project fits, nothing can cost too much and only buying them all is exhaustive: not before each one's supporters hold its cost.
    """
    wanted = method.open_projects
    if not wanted.any() or len(method.table.rivals) or int(profile.costs_cents[wanted].sum()) > budget_cents:
        return 0
    pairs = zip(profile.costs_cents[wanted].tolist(), profile.votes[wanted].tolist(), strict=True)
    needed = max(Fraction(cost, votes) for cost, votes in pairs)
    return max(ceil((needed - start) / step), 0)


def _skipped(method: EqualShares, shares: Shares, step: Fraction) -> int:
    """Points of the grid, after the present one, where the same purchases are sure to happen."""
    reach, window, most = 0.0, float(step) * 4, float(shares.endowment)
    while window <= most:
        found = holds_until(method, shares, window)
        reach = max(reach, found)
        if found < window:
            break
        window *= 4
    return max(ceil(reach / float(step) * (1 - 1e-9)) - 1, 0)


def filled(
    costs: np.ndarray,
    votes: np.ndarray,
    ranking: Ranking,
    free: Flags,
    left_cents: int,
    rivals: Sequence[Sequence[int]] = (),
    *,
    skips: bool = True,
) -> list[int]:
    """Projects by number of votes, each taken if it still fits; those without a vote are never taken.

    Args:
        skips: pass over a project that does not fit, instead of stopping there.
    """
    taken, free = [], free & (votes > 0)
    for p in by_votes(votes, ranking):
        if not free[p]:
            continue
        if costs[p] > left_cents:
            if skips:
                continue
            break
        taken.append(p)
        left_cents -= int(costs[p])
        free[list(rivals[p]) if rivals else []] = False
    return taken


def by_votes(votes: np.ndarray, ranking: Ranking) -> list[int]:
    """Positions of projects, the most voted first, ties by the declared order."""
    return [int(p) for p in np.lexsort((ranking.rank, -votes))]


class Lending:
    """Exhaustive completion: supporters give all they hold, the others lend the rest in equal parts."""

    def __init__(self, profile: Profile, ranking: Ranking, shares: Shares, left_cents: int) -> None:
        self._profile, self._ranking, self._left = profile, ranking, left_cents
        self.lots: set[int] = set()
        self.ties: list[tuple[int, ...]] = []
        now, endowment = len(shares.bought), shares.endowment
        everyone = np.arange(len(profile.size))
        self._held = np.full(len(everyone) + 1, Fraction(0), object)
        for one in everyone:
            self._held[one] = shares.ledger.balance(int(one), now)
        self._size = np.append(profile.size, profile.voters - int(profile.size.sum()))
        self._held[-1] = endowment

    def buy(self, free: Flags, rivals: Sequence[Sequence[int]] = ()) -> list[int]:
        """Projects taken, in order, until none fits."""
        bought: list[int] = []
        free = free & (self._profile.votes > 0)
        while True:
            fits = np.flatnonzero(free & (self._profile.costs_cents <= self._left))
            burdens = {int(p): self._near_burden(int(p)) for p in fits}
            if not burdens:
                return bought
            least = min(burdens.values())
            close = [p for p, burden in burdens.items() if burden <= least * (1 + 1e-9) + 1e-6]
            exact = {p: self._burden(p) for p in close}
            p = min(close, key=lambda one: (exact[one], int(self._ranking.rank[one])))
            tied = [q for q in close if exact[q] == exact[p]]
            self.ties += [tuple(tied)] if len(tied) > 1 else []
            kin = [q for q in tied if self._ranking.kin[q] == self._ranking.kin[p]]
            self.lots |= set(kin) if len(kin) > 1 else set()
            self._lend(p, exact[p])
            self._left -= int(self._profile.costs_cents[p])
            free[[p, *(rivals[p] if rivals else ())]] = False
            bought.append(p)

    def _split(self, p: int) -> Flags:
        starts, types, _worths = self._profile.by_project
        supports = np.zeros(len(self._size), bool)
        supports[types[starts[p] : starts[p + 1]]] = True
        return supports

    def _near_burden(self, p: int) -> float:
        supports, held = self._split(p), self._held.astype(float)
        rest = float(self._profile.costs_cents[p]) - float((held * self._size)[supports].sum())
        others, size = held[~supports], self._size[~supports].astype(float)
        order = np.argsort(others)
        others, size = others[order], size[order]
        paid = np.concatenate([[0.0], np.cumsum(others * size)])[:-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            level = (rest - paid) / np.cumsum(size[::-1])[::-1]
        reached = np.flatnonzero(level <= others * (1 + 1e-12))
        return float(max(level[reached[0]], 0.0)) if len(reached) else float("inf")

    def _burden(self, p: int) -> Fraction:
        """The most that one of the others lends; 0 when supporters can pay, more than anybody holds when nobody can."""
        supports = self._split(p)
        rest = int(self._profile.costs_cents[p]) - sum(
            (h * int(s) for h, s in zip(self._held[supports], self._size[supports], strict=True)), Fraction(0)
        )
        if rest <= 0:
            return Fraction(0)
        groups: Counter[Fraction] = Counter()
        for held, size in zip(self._held[~supports], self._size[~supports].tolist(), strict=True):
            groups[held] += size
        units = sum(groups.values())
        for held, size in sorted(groups.items()):
            if units and rest <= held * units:
                return rest / units
            rest, units = rest - held * size, units - size
        return max(groups, default=Fraction(0)) + 1

    def _lend(self, p: int, burden: Fraction) -> None:
        supports = self._split(p)
        self._held[supports] = Fraction(0)
        for one in np.flatnonzero(~supports):
            self._held[one] -= min(self._held[one], burden)
