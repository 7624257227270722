"""Volunteers who cannot be told apart, merged into types; a panel is how many of each type.

Two volunteers with the same answers are exchangeable: every rule that treats people alike gives them the same chance.
A limit by household breaks that between people who live with others; it is restored by marking each of them with the
answers of its whole household: households with the same answers are exchangeable in their turn, and the limit becomes
one more row, “no more than so many from all these households”. A panel that keeps to that row can always be spread
over the households, as equal parts of it keep to every household's own limit and bounds of that shape have whole
solutions wherever they have any.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ressort.core.errors import InputError
from ressort.core.panel.pool import NO_ANSWER, Pool
from ressort.core.panel.quotas import Quota, criteria_of
from ressort.core.panel.tables import Problem

Integers = NDArray[np.int64]
_AT_BOUND = 1e-7
#: types times bounds: beyond, a question takes more memory than a desk computer has
MOST_CELLS = 20_000_000


@dataclass(frozen=True, eq=False)
class Types:
    """The question in small: columns are types, rows are what a panel must keep to.

    Args:
        seats: size of the panel.
        quotas: the quotas, in order; the first rows are theirs.
        size: (types) people of each type.
        floor, cap: (types) fewest and most people of each type in a panel, its household limit included.
        codes: (types, criteria + 1) the row that each answer counts in; the last row of all, without bounds, stands
            for no answer and for no household limit.
        rows: (rows, types) 0 or 1.
        least, most: (rows) bounds.
        members: for each type, the places of its people in the pool.
        households: for each row past the quotas, its households; each a tuple of places in the pool.
        household_limits: for each of those rows, the most people of one household.
    """

    seats: int
    quotas: tuple[Quota, ...]
    size: Integers
    floor: Integers
    cap: Integers
    codes: Integers
    rows: Integers
    least: Integers
    most: Integers
    members: tuple[tuple[int, ...], ...]
    households: tuple[tuple[tuple[int, ...], ...], ...] = ()
    household_limits: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.size)

    def holds(self, panel: Integers) -> bool:
        """Whether a panel keeps to every bound."""
        counts = (self.rows * panel).sum(axis=1)
        fits = bool((panel >= self.floor).all() and (panel <= self.cap).all() and panel.sum() == self.seats)
        return fits and bool((counts >= self.least).all() and (counts <= self.most).all())

    def face(self, mean: NDArray[np.float64]) -> "Types":
        """The same question, held to what every panel of a lottery with that mean must keep to.

        Where the mean of panels stands at a bound, each of them does.
        """
        counts = (self.rows * mean).sum(axis=1)
        at_least, at_most = counts <= self.least + _AT_BOUND, counts >= self.most - _AT_BOUND
        return replace(
            self,
            floor=np.where(mean >= self.cap - _AT_BOUND, self.cap, self.floor),
            cap=np.where(mean <= self.floor + _AT_BOUND, self.floor, self.cap),
            least=np.where(at_most, self.most, self.least),
            most=np.where(at_least, self.least, self.most),
        )

    def with_bounds(self, least: Integers, most: Integers) -> "Types":
        """The same question with other quotas."""
        quotas = tuple(
            replace(quota, least=int(least[row]), most=int(most[row])) for row, quota in enumerate(self.quotas)
        )
        return replace(self, quotas=quotas, least=least, most=most)


def merged(
    pool: Pool,
    quotas: Sequence[Quota],
    seats: int,
    household_limit: int | None = None,
    seated: Mapping[str, int] | None = None,
) -> Types:
    """The types of a pool.

    Args:
        household_limit: the most people of one household in the panel; None when households do not matter.
        seated: for each household, how many of its people already sit and count in that limit.

    Raises:
        InputError: no seat, more seats than volunteers, too many kinds; a household limit below one, or without households.
    """
    _check(pool, quotas, seats, household_limit)
    row_of = {(quota.criterion, quota.value): row for row, quota in enumerate(quotas)}
    marks = _household_marks(pool, household_limit, seated or {})
    groups: dict[Mark, int] = {}
    for mark in sorted(set(marks) - {()}):
        groups[mark] = len(quotas) + len(groups)
    nothing = len(quotas) + len(groups)
    answers = [[row_of.get((name, value), nothing) for name, value in zip(pool.criteria, person, strict=True)] for person in pool.answers]  # fmt: skip
    codes = np.array([[*line, groups.get(mark, nothing)] for line, mark in zip(answers, marks, strict=True)], np.int64)
    kinds, belongs, size = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    if len(kinds) * nothing > MOST_CELLS:
        raise InputError(
            "The volunteers are of {kinds} different kinds, too many for a draw. Take fewer criteria or wider bands, or leave "
            "the household limit aside.",
            kinds=len(kinds),
        )
    members: list[list[int]] = [[] for _ in kinds]
    for place, kind in enumerate(belongs.ravel()):
        members[int(kind)].append(place)
    rows = np.zeros((nothing + 1, len(kinds)), np.int64)
    for column in range(kinds.shape[1]):
        rows[kinds[:, column], np.arange(len(kinds))] = 1
    households = _grouped_households(pool, marks, groups)
    least = np.array([*(q.least for q in quotas), *([0] * (len(groups) + 1))], np.int64)
    limits = tuple(int(mark[0][0]) for mark in groups)
    room = [len(homes) * limit for homes, limit in zip(households, limits, strict=True)]
    most = np.array([*(min(q.most, seats) for q in quotas), *room, len(pool)], np.int64)
    cap = np.minimum(np.minimum(size, seats), most[kinds[:, -1]]).astype(np.int64)
    return Types(
        seats, tuple(quotas), size.astype(np.int64), np.zeros(len(kinds), np.int64), cap, kinds, rows, least, most,
        tuple(map(tuple, members)), households, limits,
    )  # fmt: skip


def _check(pool: Pool, quotas: Sequence[Quota], seats: int, household_limit: int | None) -> None:
    if seats < 1:
        raise InputError("A panel of {seats} people has nobody in it. Ask for one seat at least.", seats=seats)
    if seats > len(pool):
        raise InputError(
            "The panel has {seats} seats and there are {count} volunteers. Find more volunteers, or draw fewer people.",
            seats=seats,
            count=len(pool),
        )
    if household_limit is not None and (household_limit < 1 or not pool.households):
        raise InputError("A household limit is one person at least, and needs a column that marks the households.")
    if pool.criteria != criteria_of(quotas):
        raise InputError("The volunteers were read against other criteria: read them again with these quotas.")


def seat_problems(pool: Pool, quotas: Sequence[Quota], seats: int) -> list[Problem]:
    """What stands in the way of any panel, criterion by criterion; line 0 is the quotas as a whole."""
    problems = []
    for place, name in enumerate(pool.criteria):
        mine = [quota for quota in quotas if quota.criterion == name]
        supply = Counter(person[place] for person in pool.answers)
        least, most = sum(q.least for q in mine), sum(q.most for q in mine) + supply[NO_ANSWER]
        facts: dict[str, object] = {"least": least, "most": most, "seats": seats}
        if least > seats:
            problems.append(
                Problem(0, name, "The minimums add up to {least}, above the {seats} seats: lower some.", facts)
            )
        if most < seats:
            problems.append(
                Problem(0, name, "The maximums add up to {most}, below the {seats} seats: raise some.", facts)
            )
        for quota in mine:
            if supply[quota.value] < quota.least:
                facts = {"value": quota.value, "least": quota.least, "held": supply[quota.value]}
                problems.append(Problem(0, name, "“{value}”: the minimum is {least} and {held} volunteers bear it: lower it, or invite more.", facts))  # fmt: skip
    return problems


def supply_of(pool: Pool, quotas: Sequence[Quota]) -> list[int]:
    """How many volunteers bear the value of each quota."""
    places = {name: place for place, name in enumerate(pool.criteria)}
    held = Counter((name, person[place]) for name, place in places.items() for person in pool.answers)
    return [held[quota.criterion, quota.value] for quota in quotas]


#: what tells households apart: ((people it may still seat,), then the answers of each of its people); () alone
Mark = tuple[tuple[str, ...], ...]


def _household_marks(pool: Pool, limit: int | None, seated: Mapping[str, int]) -> list[Mark]:
    """For each volunteer, the mark of its household; () when its limit cannot bind."""
    marks: list[Mark] = [()] * len(pool)
    if limit is None:
        return marks
    for home, places in _homes(pool).items():
        room = max(0, limit - seated.get(home, 0))
        if len(places) > room:
            mark = ((str(room),), *sorted(pool.answers[place] for place in places))
            for place in places:
                marks[place] = mark
    return marks


def _homes(pool: Pool) -> dict[str, list[int]]:
    homes: dict[str, list[int]] = defaultdict(list)
    for place, home in enumerate(pool.households):
        homes[home or f"\0{place}"].append(place)
    return homes


def _grouped_households(
    pool: Pool, marks: list[Mark], groups: dict[Mark, int]
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    if not groups:
        return ()
    found: dict[Mark, list[tuple[int, ...]]] = {mark: [] for mark in groups}
    for places in _homes(pool).values():
        if marks[places[0]]:
            found[marks[places[0]]].append(tuple(places))
    return tuple(tuple(homes) for homes in found.values())
