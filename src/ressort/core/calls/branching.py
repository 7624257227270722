"""The best choice among few files, found by a depth-first search that knows what each move costs at given prices.

With prices `y` of the rules, `value of a choice = bound - Σ |left_j| moved - Σ |y_i| room_i`, where `left = value - y·row`, a file is moved
when it is not on the side its sign tells, and `room` is what a priced rule leaves unused. Both sums only grow along a branch; files
that share a rule are decided together, and what the groups still to come lose at least is known beforehand.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
#: moves tried before the search gives up: a count, not a time, so that the answer is the same on every machine
MOST_MOVES = 300_000
#: a group of files whose least loss is found by listing its choices
_MOST_LISTED = 12


class Question(NamedTuple):
    """Files left to choose, in the order of the search; rows are rules.

    Args:
        left: value less price, signed; values, cents, places: what choices are compared by, in that order.
        matrix: (rules, files); given: what the files already chosen bring to each rule; prices: one a rule.
        bound: what is lost is counted from here; base_value: of the files already chosen.
    """

    left: Floats
    values: Ints
    cents: Ints
    places: Ints
    matrix: Ints
    given: Ints
    lows: Floats
    highs: Floats
    prices: Floats
    bound: float
    base_value: int


def compiled(function: Any) -> Any:
    """The function, compiled when first called."""
    return numba.njit(cache=True, nogil=True)(function)


def order_of(matrix: Ints, left: Floats) -> tuple[Ints, Ints]:
    """The order of the search, and the group of each file in that order: files of the same narrow rule follow each other."""
    sizes = (matrix != 0).sum(axis=1)
    narrow = np.array(
        [min((int(sizes[i]), int(i)) for i in np.flatnonzero(column))[1] if column.any() else -1 for column in matrix.T]
    )
    order = np.lexsort((np.arange(len(left)), -np.abs(left), narrow))
    _names, groups = np.unique(narrow[order], return_inverse=True)
    return order, groups.astype(np.int64)


def search(
    question: Question, groups: Ints, floor: int | None, most_moves: int = MOST_MOVES
) -> tuple[Ints | None, bool]:
    """The best choice worth `floor` at least, and whether the search went to its end."""
    rule_groups = np.array([_only(groups[row != 0]) for row in question.matrix], dtype=np.int64)
    losses = np.array([_least_loss(question, groups == g, rule_groups == g) for g in range(int(groups.max()) + 1)])
    later = np.concatenate([np.cumsum(losses[::-1])[::-1][1:], [0.0]])
    size = 1.0 + abs(question.bound) + float(np.abs(question.prices) @ np.abs(question.matrix).sum(axis=1))
    # the bound is a floating sum: a billionth of all that it sums covers its rounding
    asked = question._replace(bound=question.bound + 1e-9 * size)
    found, chosen, done = _descend(
        asked, groups, rule_groups, later, np.iinfo(np.int64).min if floor is None else floor, most_moves
    )
    return (chosen if found else None), bool(done)


def _only(groups: Ints) -> int:
    """The one group of a rule; -1 when several share it."""
    return int(groups[0]) if len(groups) and (groups == groups[0]).all() else -1


def _least_loss(question: Question, files: Any, rules: Any) -> float:
    """What a group loses at least, by the rules that are its own."""
    count = int(files.sum())
    if count > _MOST_LISTED:
        return 0.0
    choices = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    left = question.left[files]
    lost = (np.abs(left) * (choices != (left > 0))).sum(axis=1)
    for i in np.flatnonzero(rules):
        held = question.given[i] + choices @ question.matrix[i, files]
        price = question.prices[i]
        room = (question.highs[i] - held) if price > 0 else (held - question.lows[i])
        lost = lost + (np.abs(price) * room if price else 0.0)
        lost[(held < question.lows[i]) | (held > question.highs[i])] = np.inf
    return float(lost.min())


@compiled
def _descend(
    asked: Question, groups: Ints, rule_groups: Ints, later: Floats, floor: int, most: int
) -> tuple[bool, Ints, bool]:
    """Depth first, the side that prices tell before the other one; of equal values, the cheaper choice, then better places."""
    files, places, matrix = asked.matrix.shape[1], asked.places, asked.matrix
    least, most_held = _reach(matrix, asked.given)
    x, tried = np.zeros(files, np.int64), np.zeros(files, np.int64)
    best, found = np.zeros(files, np.int64), False
    lost, held = np.zeros(files + 1), (floor, np.int64(0), np.int64(0))
    at, moves = 0, 0
    while at >= 0:
        if at == files:
            told = (asked.base_value + _sum(x, asked.values), -_sum(x, asked.cents), -_sum(x, places))
            if told > held or (told == held and _comes_first(x, best, places)) or (not found and told[0] >= floor):
                found, held = True, told
                best[:] = x
            at -= 1
            _change(matrix, least, most_held, at, x[at], -1)
            continue
        if tried[at] == 2:
            tried[at] = 0
            at -= 1
            if at >= 0:
                _change(matrix, least, most_held, at, x[at], -1)
            continue
        moves += 1
        if moves > most:
            return found, best, False
        side = 1 if asked.left[at] > 0 else 0
        x[at] = side if tried[at] == 0 else 1 - side
        tried[at] += 1
        lost[at + 1] = lost[at] + (0.0 if x[at] == side else abs(asked.left[at]))
        _change(matrix, least, most_held, at, x[at], 1)
        ahead = lost[at + 1] + later[groups[at]]
        ahead += _unused(asked, least, most_held, rule_groups, groups[at])
        if asked.bound - ahead >= held[0]:
            at += 1
        else:
            _change(matrix, least, most_held, at, x[at], -1)
    return found, best, True


@compiled
def _reach(matrix: Ints, given: Ints) -> tuple[Ints, Ints]:
    """The least and the most that each rule may hold before any file is decided."""
    least, most_held = given.copy(), given.copy()
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            least[i] += min(matrix[i, j], 0)
            most_held[i] += max(matrix[i, j], 0)
    return least, most_held


@compiled
def _sum(x: Ints, figures: Ints) -> int:
    """What the files chosen sum to."""
    total = 0
    for j in range(len(x)):
        total += x[j] * figures[j]
    return total


@compiled
def _unused(asked: Question, least: Ints, most_held: Ints, rule_groups: Ints, group: int) -> float:
    """What priced rules lose for certain by what they leave unused; without end when a rule cannot hold any more."""
    lost, lows, highs, prices = 0.0, asked.lows, asked.highs, asked.prices
    for i in range(len(lows)):
        if least[i] > highs[i] or most_held[i] < lows[i]:
            return np.inf
        if prices[i] != 0.0 and rule_groups[i] <= group:
            room = highs[i] - most_held[i] if prices[i] > 0 else least[i] - lows[i]
            lost += abs(prices[i]) * max(room, 0.0)
    return lost


@compiled
def _change(matrix: Ints, least: Ints, most_held: Ints, at: int, taken: int, sign: int) -> None:
    """What a rule may still hold, once a file is decided (or undecided again)."""
    for i in range(matrix.shape[0]):
        a = matrix[i, at]
        if a == 0:
            continue
        if (a > 0) == (taken == 1):
            least[i] += sign * abs(a)
        else:
            most_held[i] -= sign * abs(a)


@compiled
def _comes_first(x: Ints, best: Ints, places: Ints) -> bool:
    """Whether, of the files that only one of two choices holds, the best placed is in x."""
    first = -1
    for j in range(len(x)):
        if x[j] != best[j] and (first < 0 or places[j] < places[first]):
            first = j
    return first >= 0 and x[first] == 1
