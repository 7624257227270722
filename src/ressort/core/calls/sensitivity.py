"""Would the ranking change? What an appeal asks, answered exactly rather than by trying a few weights.

rank_ranges      each weight free within ± a span, together: the best and worst place of each file
weight_intervals one weight at a time, the others in proportion: how far it may go before the files funded change

In both, a file beats another for *all* weights of the set or not at all: the extreme of a linear function over a box cut
by `Σ w = 1` is found by giving the free mass to the criteria in increasing order of difference.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt, lcm

import numpy as np
from numpy.typing import NDArray

from ressort.core.calls.grid import Grid
from ressort.core.calls.ranking import Ranked
from ressort.core.errors import RuleBroken

SPAN = Fraction(1, 5)
#: irrational turning points are told to this precision
_PRECISION = 10**12
_INT64 = 2**62


@dataclass(frozen=True, slots=True)
class RankRange:
    """Bounds of the place of a file when every weight may move within the span."""

    application: str
    best: int
    worst: int
    before: frozenset[str]
    maybe_before: frozenset[str]


def rank_ranges(ranked: Sequence[Ranked], grid: Grid, span: Fraction = SPAN) -> list[RankRange]:
    """Best and worst place of each fundable file when each weight moves within ± span, their sum held.

    `best = 1 + files that always beat it`, `worst = n - files that it always beats`: exact pair by pair. Pairs whose
    criteria that apply differ are compared by their extremes, which can only widen the range.

    Raises:
        RuleBroken: a span that is not between 0 and 1.
    """
    if not 0 <= span <= 1:
        raise RuleBroken("The span of {given} is not between 0 and 1: for ±20 %, write 0.2.", given=str(span))
    files = [one for one in ranked if one.is_fundable]
    box = _Box(grid, span)
    beats = box.beats(files)
    names = [one.application for one in files]
    found = []
    for i, name in enumerate(names):
        before = frozenset(names[b] for b in np.flatnonzero(beats[:, i]))
        maybe = frozenset(names[b] for b in np.flatnonzero(~beats[i]) if b != i) - before
        found.append(RankRange(name, 1 + len(before), 1 + len(before) + len(maybe), before, maybe))
    return found


class _Box:
    """Weights within ± span of the published ones, in whole units so that nothing is rounded."""

    def __init__(self, grid: Grid, span: Fraction) -> None:
        self.grid = grid
        self.low = [w * (span.denominator - span.numerator) for w in grid.weights]
        self.room = [2 * w * span.numerator for w in grid.weights]
        self.free = sum(grid.weights) * span.numerator

    def least(self, gains: Sequence[Fraction]) -> Fraction:
        """The minimum of `Σ w·gain` over the box."""
        total, free = sum((low * gain for low, gain in zip(self.low, gains, strict=True)), Fraction(0)), self.free
        for gain, room in sorted(zip(gains, self.room, strict=True)):
            given = min(free, room)
            total += given * gain
            free -= given
        return total

    def beats(self, files: Sequence[Ranked]) -> NDArray[np.bool_]:
        """(a, b): whether a beats b for all weights of the box."""
        shares = [self._shares(one) for one in files]
        patterns = [tuple(share is None for share in row) for row in shares]
        found = np.zeros((len(files), len(files)), dtype=bool)
        for pattern in sorted(set(patterns)):
            same = [i for i, one in enumerate(patterns) if one == pattern]
            table = [[share if share is not None else Fraction(0) for share in shares[i]] for i in same]
            found[np.ix_(same, same)] = self._pairs(table)
        if len(set(patterns)) > 1:
            ends = [(self._extreme(row, 1), self._extreme(row, -1)) for row in shares]
            for i, (low, _high) in enumerate(ends):
                for j, (_low, high) in enumerate(ends):
                    if patterns[i] != patterns[j]:
                        found[i, j] = low > high
        return found

    def _shares(self, one: Ranked) -> list[Fraction | None]:
        none = None if self.grid.missing == "renormalise" else Fraction(0)
        return [none if m is None else m / c.top for m, c in zip(one.marks, self.grid.criteria, strict=True)]

    def _pairs(self, table: list[list[Fraction]]) -> NDArray[np.bool_]:
        scale = lcm(1, *(share.denominator for row in table for share in row))
        whole = [[int(share * scale) for share in row] for row in table]
        largest = scale * (sum(self.low) + self.free) * 2
        kind = np.int64 if largest < _INT64 else object
        marks, low, room = np.array(whole, dtype=kind), np.array(self.low, dtype=kind), np.array(self.room, dtype=kind)
        found = np.zeros((len(table), len(table)), dtype=bool)
        for i in range(len(table)):
            gains = marks[i] - marks
            order = np.argsort(gains, axis=1, kind="stable")
            rooms = room[order]
            given = np.minimum(np.maximum(self.free - (np.cumsum(rooms, axis=1) - rooms), 0), rooms)
            least = gains @ low + (given * np.take_along_axis(gains, order, axis=1)).sum(axis=1)
            found[i] = least > 0
        return found

    def _extreme(self, row: Sequence[Fraction | None], sign: int) -> Fraction:
        """The least (sign 1) or greatest (sign -1) total of a file over the box, by Dinkelbach's iterations on the ratio."""
        ratio = Fraction(1 if sign > 0 else 0)
        while True:
            gains = [Fraction(0) if share is None else sign * (share - ratio) for share in row]
            order = sorted(range(len(row)), key=lambda j: gains[j])
            weights, free = list(self.low), self.free
            for j in order:
                given = min(free, self.room[j])
                weights[j] += given
                free -= given
            applied = sum(w for w, share in zip(weights, row, strict=True) if share is not None)
            if not applied:
                return Fraction(0)
            gained = sum((w * s for w, s in zip(weights, row, strict=True) if s is not None), Fraction(0))
            if gained / applied == ratio:
                return ratio
            ratio = gained / applied


@dataclass(frozen=True, slots=True)
class Turn:
    """Where moving one weight first changes the files funded: the share reached, who enters, who leaves."""

    weight_share: Fraction
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightInterval:
    """How far one weight may move, the others in proportion, before the choice changes; None: never, down to 0 or up to 1."""

    criterion: str
    weight_share: Fraction
    down: Turn | None
    up: Turn | None
    order_down: Fraction | None
    order_up: Fraction | None


#: files in an order ▶ those funded
Chooser = Callable[[Sequence[str]], Iterable[str]]


def weight_intervals(ranked: Sequence[Ranked], grid: Grid, choose: Chooser) -> list[WeightInterval]:
    """For each criterion, the interval of its weight within which the files funded stay the same.

    Between two weights where totals of files cross, the order is constant: each such piece is visited outwards from the
    published weight until the choice differs. The threshold on the total counts as a file that is never funded.
    """
    files = [one for one in ranked if all(_is_total(failure) for failure in one.failed)]
    total = sum(grid.weights)
    return [
        _interval(files, grid, j, Fraction(one.weight, total), choose)
        for j, one in enumerate(grid.criteria)
        if one.weight < total
    ]


def _is_total(failure: RuleBroken) -> bool:
    return "score" in failure.facts


#: the total of a file as a weight t moves: `(n0 + n1 t) / (d0 + d1 t)`, in whole numbers, which multiply fast
_Line = tuple[int, int, int, int]


def _interval(files: Sequence[Ranked], grid: Grid, j: int, at: Fraction, choose: Chooser) -> WeightInterval:
    lines = {one.application: _line(one, grid, j) for one in files}
    floor = None if grid.score_threshold is None else Fraction(grid.score_threshold) / 100

    def order(share: Fraction) -> list[str]:
        totals = {name: _total(line, share) for name, line in lines.items()}
        return sorted((n for n in totals if floor is None or totals[n] >= floor), key=lambda n: -totals[n])

    rivals = [*lines.values(), *([(floor.numerator, 0, floor.denominator, 0)] if floor is not None else [])]
    turns = sorted({t for i, a in enumerate(rivals) for b in rivals[:i] for t in _crossings(a, b)})
    ends = [
        _outwards(order, choose, [at, *(t for t in turns if t > at), Fraction(1)], at),
        _outwards(order, choose, [at, *(t for t in reversed(turns) if t < at), Fraction(0)], at),
    ]
    (up, order_up), (down, order_down) = ends
    return WeightInterval(grid.criteria[j].code, at, down, up, order_down, order_up)


def _outwards(
    order: Callable[[Fraction], list[str]], choose: Chooser, stops: list[Fraction], at: Fraction
) -> tuple[Turn | None, Fraction | None]:
    first = order(at)
    funded, order_turn = set(choose(first)), None
    for here, there in pairwise(stops):
        if here == there:
            continue
        names = order((here + there) / 2)
        if names != first and order_turn is None:
            order_turn = here
        now = set(choose(names)) if names != first else funded
        if now != funded:
            return Turn(here, tuple(sorted(now - funded)), tuple(sorted(funded - now))), order_turn
    return None, order_turn


def _line(one: Ranked, grid: Grid, j: int) -> _Line:
    """The total of a file when criterion j weighs t, the others keeping their proportions."""
    others = sum(grid.weights) - grid.weights[j]
    gained = applied = Fraction(0)
    for i, (criterion, mark) in enumerate(zip(grid.criteria, one.marks, strict=True)):
        if i != j and (mark is not None or grid.missing == "zero"):
            applied += Fraction(criterion.weight, others)
            gained += Fraction(criterion.weight, others) * (mark or 0) / criterion.top
    mark = one.marks[j]
    own, counts = (mark or Fraction(0)) / grid.criteria[j].top, int(mark is not None or grid.missing == "zero")
    parts = (gained, own - gained, applied, counts - applied)
    scale = lcm(*(part.denominator for part in parts))
    n0, n1, d0, d1 = (int(part * scale) for part in parts)
    return n0, n1, d0, d1


def _total(line: _Line, share: Fraction) -> Fraction:
    n0, n1, d0, d1 = line
    top, bottom = share.numerator, share.denominator
    below = d0 * bottom + d1 * top
    return Fraction(n0 * bottom + n1 * top, below) if below else Fraction(0)


def _crossings(a: _Line, b: _Line) -> list[Fraction]:
    """Where, from 0 to 1, two totals are equal without being equal everywhere: roots of `n_a d_b - n_b d_a`, of degree two at most."""
    c0 = a[0] * b[2] - b[0] * a[2]
    c1 = a[0] * b[3] + a[1] * b[2] - b[0] * a[3] - b[1] * a[2]
    c2 = a[1] * b[3] - b[1] * a[3]
    if not c2:
        top, bottom = (-c0, c1) if c1 > 0 else (c0, -c1)
        return [Fraction(top, bottom)] if bottom and 0 <= top <= bottom else []
    inside = c1 * c1 - 4 * c2 * c0
    if inside < 0:
        return []
    root = _square_root(inside)
    return [t for t in ((-c1 - root) / (2 * c2), (-c1 + root) / (2 * c2)) if 0 <= t <= 1]


def _square_root(value: int) -> Fraction:
    """The root, exact when it is a whole number, else to a billionth of a billionth."""
    root = isqrt(value)
    return Fraction(root) if root * root == value else Fraction(isqrt(value * _PRECISION**3), 1) / isqrt(_PRECISION**3)
