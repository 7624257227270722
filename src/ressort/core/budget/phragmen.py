"""Sequential Phragmén: every voter earns money at unit speed; a project is bought at the instant its supporters hold its cost.

Buying resets its supporters to nothing, so that `t(p) = (cost + Σ instants of last payment) / supporters`. Instants only add up:
floats are off by less than one part in 10⁹, and closer ones are compared as fractions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ressort.core.budget.profile import Flags, Profile
from ressort.core.budget.ties import Ranking, undecided

CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class Purchases:
    """What a sequential rule bought, in order.

    Args:
        lots: positions of projects that only the lot told apart.
        missing: (projects,) fresh supporters with which a project left out would have been bought before the next one; -1: none would do.
        ties: positions of projects that came equal when one of them was bought.
    """

    bought: tuple[int, ...]
    lots: frozenset[int]
    missing: np.ndarray
    ties: tuple[tuple[int, ...], ...] = ()


class Phragmen:
    """One run of the rule.

    Args:
        skips: pass over a project that no longer fits, instead of stopping there.
    """

    def __init__(
        self, profile: Profile, ranking: Ranking, free: Flags, rivals: Sequence[Sequence[int]], *, skips: bool
    ) -> None:
        count = len(profile.costs_cents)
        self._profile, self._ranking, self._rivals, self._skips = profile, ranking, rivals, skips
        self._free = free & (profile.votes > 0)
        self._weights = np.zeros((count, count), np.int64)
        self._last = np.full(len(profile.size), -1, np.int64)
        self._near: list[float] = []
        self._rows: list[tuple[int, np.ndarray]] = []
        self._exact: list[Fraction] = []
        self._missing = np.full(count, -1, np.int64)
        self._lots: set[int] = set()
        self._ties: list[tuple[int, ...]] = []

    def run(self, budget_cents: int) -> Purchases:
        """Buys until no project is left, or until one does not fit if the rule stops there."""
        left = budget_cents
        costs = self._profile.costs_cents
        self._free &= costs <= budget_cents
        while self._free.any():
            instants = self._instants()
            p, tied = self._first(instants)
            self._note_missing(instants[p], left)
            if costs[p] > left:
                if not self._skips:
                    break
                self._free[p] = False
                continue
            rest = tuple(q for q in tied if costs[q] <= left or not self._skips)
            self._ties += [rest] if len(rest) > 1 else []
            left -= int(costs[p])
            self._buy(p, float(instants[p]))
        bought = tuple(p for p, _row in self._rows)
        lots = undecided(self._lots, bought, self._near, self._ranking.kin)
        return Purchases(bought, lots, self._missing, tuple(self._ties))

    def _instants(self) -> np.ndarray:
        """(projects,) when each would be bought; never for those that are not free."""
        now = len(self._near)
        earned = self._profile.costs_cents + self._weights[:, :now] @ np.array(self._near)
        return np.divide(earned, self._profile.votes, out=np.full(len(earned), np.inf), where=self._free)

    def _first(self, instants: np.ndarray) -> tuple[int, list[int]]:
        """The next project, and all those of the same instant."""
        close = np.flatnonzero(instants <= instants.min() * (1 + CLOSE))
        if len(close) == 1:
            return int(close[0]), []
        exact = {int(p): self._instant(int(p), self._weights[p]) for p in close}
        first = min(exact.values())
        tied = [p for p, instant in exact.items() if instant == first]
        chosen = min(tied, key=lambda p: int(self._ranking.rank[p]))
        kin = [p for p in tied if self._ranking.kin[p] == self._ranking.kin[chosen]]
        if len(kin) > 1:
            self._lots.update(kin)
        return chosen, tied

    def _instant(self, p: int, row: np.ndarray) -> Fraction:
        earned = Fraction(int(self._profile.costs_cents[p]))
        for bought in np.flatnonzero(row[: len(self._rows)]):
            earned += int(row[bought]) * self._known(int(bought))
        return earned / int(self._profile.votes[p])

    def _known(self, bought: int) -> Fraction:
        while len(self._exact) <= bought:
            p, row = self._rows[len(self._exact)]
            self._exact.append(self._instant(p, row))
        return self._exact[bought]

    def _buy(self, p: int, instant: float) -> None:
        now, profile = len(self._rows), self._profile
        self._rows.append((p, self._weights[p, :now].copy()))
        self._near.append(instant)
        starts, types, _worths = profile.by_project
        ours = types[starts[p] : starts[p + 1]].astype(np.int64)
        lengths = profile.starts[ours + 1] - profile.starts[ours]
        first = profile.starts[ours] - np.concatenate([[0], np.cumsum(lengths)[:-1]])
        entries = np.repeat(first, lengths) + np.arange(int(lengths.sum()))
        projects, sizes = profile.projects[entries], np.repeat(profile.size[ours], lengths)
        before = np.repeat(self._last[ours], lengths)
        known = before >= 0
        np.subtract.at(self._weights, (projects[known], before[known]), sizes[known])
        np.add.at(self._weights, (projects, np.full(len(projects), now)), sizes)
        self._last[ours] = now
        self._free[p] = False
        if self._rivals:
            self._free[list(self._rivals[p])] = False

    def _note_missing(self, instant: float, left_cents: int) -> None:
        """Fresh supporters with which each project would be bought strictly before this instant, if it fits."""
        now, votes = len(self._near), self._profile.votes
        earned = self._profile.costs_cents + self._weights[:, :now] @ np.array(self._near)
        lacking = np.floor(earned / instant * (1 + CLOSE)).astype(np.int64) - votes + 1
        could = self._free & (self._profile.costs_cents <= left_cents) & (lacking > 0)
        better = could & ((self._missing < 0) | (lacking < self._missing))
        self._missing[better] = lacking[better]
