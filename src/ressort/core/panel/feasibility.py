"""Before anything is drawn: what any draw could give, who is certain or impossible, and what to loosen if nothing fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ressort.core.errors import NoSolution
from ressort.core.panel.lottery import whole_program
from ressort.core.panel.quotas import Quota
from ressort.core.panel.search import Swaps
from ressort.core.panel.solver import INFINITY, Floats, Program
from ressort.core.panel.types import Integers, Types

MOST_RELAXATIONS = 5
#: of two equal relaxations, the one that touches the first quotas comes first
_TIE = 1e-5


@dataclass(frozen=True, slots=True)
class Change:
    """One bound of one quota, loosened."""

    criterion: str
    value: str
    bound: Literal["min", "max"]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A smallest set of bounds to loosen: none of them can be left as it was."""

    changes: tuple[Change, ...]

    @property
    def seats(self) -> int:
        """By how many seats bounds move in all."""
        return sum(abs(change.after - change.before) for change in self.changes)

    def applied(self, quotas: Sequence[Quota]) -> tuple[Quota, ...]:
        """The quotas once loosened."""
        moved = {(c.criterion, c.value, c.bound): c.after for c in self.changes}
        return tuple(
            Quota(
                q.criterion,
                q.value,
                moved.get((q.criterion, q.value, "min"), q.least),
                moved.get((q.criterion, q.value, "max"), q.most),
                q.population_people,
            )
            for q in quotas
        )


@dataclass(frozen=True, eq=False)
class Bounds:
    """What any draw could give.

    Args:
        quota_seats: (quotas, 2) fewest and most people of each value in any panel.
        chance_share: (types, 2) lowest and highest chance that any lottery could give one person of each type.
    """

    quota_seats: Integers
    chance_share: Floats

    def forced(self, types: Types) -> tuple[int, ...]:
        """Places of the people who sit in every panel."""
        return _people(types, self.chance_share[:, 0] >= 1)

    def impossible(self, types: Types) -> tuple[int, ...]:
        """Places of the people who sit in none."""
        return _people(types, self.chance_share[:, 1] <= 0)


def bounds(types: Types) -> Bounds:
    """Fewest and most of each value and of each type, over all panels.

    Raises:
        NoSolution: no panel keeps to all the quotas.
    """
    finder = _Extremes(types)
    quota_rows = types.rows[: len(types.quotas)]
    seats = [(-finder.most(-row), finder.most(row)) for row in quota_rows]
    each = np.eye(len(types), dtype=np.int64)
    people = [(-finder.most(-row), finder.most(row)) for row in each]
    return Bounds(np.array(seats, np.int64).reshape(-1, 2), np.array(people) / types.size[:, None])


class _Extremes:
    """The most of something in any panel: by swaps, proved by the divisible question, else by the solver."""

    def __init__(self, types: Types) -> None:
        self._types, self._swaps, self._whole = types, Swaps(types), whole_program(types)
        self._whole.solve()
        self._panels = [np.rint(self._whole.point()).astype(np.int64)]
        count = len(types)
        rows = np.vstack([types.rows, np.ones((1, count), np.int64)]).astype(float)
        low, high = np.append(types.least, types.seats), np.append(types.most, types.seats)
        self._divisible = Program(
            np.zeros(count), types.floor.astype(float), types.cap.astype(float), rows,
            low.astype(float), high.astype(float),
        )  # fmt: skip

    def most(self, worth: Integers) -> int:
        self._divisible.want(worth.astype(float))
        self._divisible.solve()
        limit = int(np.floor(self._divisible.value + 1e-6))
        best = max(self._panels, key=lambda panel: int((worth * panel).sum()))
        if int((worth * best).sum()) < limit:
            best = self._swaps.climb(best, worth)
            self._panels.append(best)
        if int((worth * best).sum()) < limit:
            self._whole.want(worth.astype(float))
            self._whole.solve()
            best = np.rint(self._whole.point()).astype(np.int64)
            self._panels.append(best)
        return int((worth * best).sum())


def relaxations(
    types: Types, weights: Mapping[tuple[str, str], float] | None = None, most: int = MOST_RELAXATIONS
) -> tuple[Relaxed, ...]:
    """The smallest ways to loosen the quotas so that a panel exists, smallest first; none when loosening is no help.

    Args:
        weights: what one seat of a quota weighs, by criterion and value; 1 by default, infinity never to touch it.
    """
    quotas, count = len(types.quotas), len(types)
    weigh = np.array([(weights or {}).get((q.criterion, q.value), 1.0) for q in types.quotas])
    room = np.concatenate([types.least[:quotas], types.seats - types.most[:quotas]]).astype(float)
    room[np.isinf(np.tile(weigh, 2))] = 0.0
    cost = np.where(np.isinf(weigh), 1.0, weigh)
    cost = np.tile(cost, 2) + _TIE * np.arange(2 * quotas)
    program = _loosened(types, room, cost)
    found: list[Relaxed] = []
    while len(found) < most:
        try:
            program.solve()
        except NoSolution:
            break
        moves = np.rint(program.point()[count : count + 2 * quotas]).astype(np.int64)
        if not moves.any():
            break
        found.append(_told(types.quotas, moves))
        flags = np.zeros(count + 4 * quotas)
        flags[count + 2 * quotas :] = moves > 0
        program.add_row(-INFINITY, float((moves > 0).sum() - 1), flags)
    return tuple(found)


def _loosened(types: Types, room: Floats, cost: Floats) -> Program:
    """Columns: people of each type, how far each minimum and maximum moves, whether it does."""
    quotas, count = len(types.quotas), len(types)
    rows, identity = types.rows.astype(float), np.eye(quotas)
    value_rows, home_rows = rows[:quotas], rows[quotas:]
    none, homes = np.zeros((quotas, quotas)), np.zeros((len(home_rows), 4 * quotas))
    flagged = np.hstack([np.zeros((2 * quotas, count)), np.eye(2 * quotas), -np.diag(np.maximum(room, 1.0))])
    matrix = np.vstack([
        np.hstack([value_rows, identity, none, none, none]),
        np.hstack([value_rows, none, -identity, none, none]),
        np.hstack([home_rows, homes]),
        np.append(np.ones(count), np.zeros(4 * quotas))[None, :],
        flagged,
    ])  # fmt: skip
    unbounded = np.full(quotas, INFINITY)
    low = np.concatenate([types.least[:quotas], -unbounded, types.least[quotas:], [types.seats], np.full(2 * quotas, -INFINITY)])  # fmt: skip
    high = np.concatenate([unbounded, types.most[:quotas], types.most[quotas:], [types.seats], np.zeros(2 * quotas)])
    return Program(
        np.concatenate([np.zeros(count), -cost, np.full(2 * quotas, -_TIE)]),
        np.zeros(count + 4 * quotas),
        np.concatenate([types.cap.astype(float), room, np.ones(2 * quotas)]),
        matrix, low, high, np.ones(count + 4 * quotas, bool),
    )  # fmt: skip


def _told(quotas: Sequence[Quota], moves: Integers) -> Relaxed:
    changes = []
    for place, quota in enumerate(quotas):
        if moves[place]:
            changes.append(Change(quota.criterion, quota.value, "min", quota.least, quota.least - int(moves[place])))
        if moves[len(quotas) + place]:
            most = quota.most
            changes.append(Change(quota.criterion, quota.value, "max", most, most + int(moves[len(quotas) + place])))
    return Relaxed(tuple(changes))


def _people(types: Types, which: np.ndarray) -> tuple[int, ...]:
    return tuple(sorted(person for kind in np.flatnonzero(which) for person in types.members[kind]))
