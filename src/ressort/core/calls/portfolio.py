"""The portfolio: the files that make the most of the envelope, beside the ranking, as advice to the committee.

    max Σ value·x   with  Σ cents·x ≤ envelope,  least ≤ group ≤ most,  x_a + x_b ≤ 1,  x_a ≤ x_b,  x in {0, 1}

Solved by HiGHS, then checked in whole cents: a choice over by one cent is cut off and the solver asked again. Among equal
values the one that spends less wins, then the one made of the better ranked files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ressort.core.calls.funding import Bound, Candidate, Purse, amounts_of
from ressort.core.calls.narrowing import Ints, Row, narrowed
from ressort.core.errors import NoSolution, RuleBroken, UnknownCode

#: scores are summed in millionths, as integers, so that two totals never differ by rounding alone
MILLIONTHS = 1_000_000
_SECONDS = 60.0
#: branches explored to settle equal choices: a count, not a time, so that the answer is the same on every machine
_SETTLING_NODES = 200
#: beyond so many files left to choose, equal choices are settled by what they cost only
_MOST_PLACED = 300
#: beyond so many files left out, each is explained by the rule it meets, without asking what it would push out
_MOST_EXPLAINED = 80


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The best choice under the rules.

    Args:
        value: sum of the values chosen: millionths of score, or units of the effect given.
        is_proven: whether the solver proved that no choice does better; otherwise `most_value` bounds what one could reach.
        refusals: why each file left out is left out.
    """

    funded: tuple[str, ...]
    spent_cents: int
    value: int
    is_proven: bool
    most_value: int
    refusals: Mapping[str, RuleBroken] = field(default_factory=dict)


def portfolio(
    candidates: Sequence[Candidate],
    purse: Purse,
    values: Mapping[str, int] | None = None,
    forced: Iterable[str] = (),
    barred: Iterable[str] = (),
) -> Portfolio:
    """The choice of files of greatest total value.

    Args:
        candidates: in the order of the ranking, which settles equal choices.
        values: what each file is worth, whole numbers; its score in millionths by default.
        forced: files that must be chosen; barred: files that must not.

    Raises:
        NoSolution: the rules cannot be met together; the message names those that conflict.
        UnknownCode: a rule names a file that is no candidate.
    """
    system = _System.of(candidates, purse, values, frozenset(forced), frozenset(barred))
    chosen = system.best()
    if chosen is None:
        raise _conflict(system)
    return chosen


def explained(
    found: Portfolio, candidates: Sequence[Candidate], purse: Purse, values: Mapping[str, int] | None = None
) -> Portfolio:
    """The same portfolio with, for each file left out, what choosing it would cost: the points lost and the files pushed out."""
    out = [one for one in candidates if one.application not in found.funded]
    amounts = amounts_of(candidates)
    refusals: dict[str, RuleBroken] = {}
    for one in out:
        name = one.application
        if len(out) > _MOST_EXPLAINED:
            broken = purse.broken_by([*found.funded, name], amounts)
            refusals[name] = broken[0] if broken else RuleBroken("Another choice of files is worth more.")
            continue
        try:
            other = portfolio(candidates, purse, values, forced=[name])
        except NoSolution as error:
            refusals[name] = RuleBroken(
                "No choice that holds it keeps within the limits of {groups}.",
                groups=error.facts.get("groups") or ["–"],
            )
            continue
        pushed = [kept for kept in found.funded if kept not in other.funded]
        refusals[name] = _opportunity(found, other, pushed, in_points=values is None)
    return Portfolio(found.funded, found.spent_cents, found.value, found.is_proven, found.most_value, refusals)


def _opportunity(found: Portfolio, other: Portfolio, pushed: list[str], in_points: bool) -> RuleBroken:
    lost = found.value - other.value
    if lost == 0:
        return RuleBroken(
            "Choosing it would be worth as much, but would spend {spent_cents} instead of {best_cents} or take less well "
            "ranked files; it would push out {pushed}.",
            spent_cents=other.spent_cents, best_cents=found.spent_cents, pushed=pushed or ["–"],
        )  # fmt: skip
    if in_points:
        return RuleBroken(
            "Choosing it would push out {pushed}, and lose {lost} points of total score.",
            pushed=pushed or ["–"], lost=Fraction(100 * lost, MILLIONTHS),
        )  # fmt: skip
    return RuleBroken(
        "Choosing it would push out {pushed}, and lose {lost} of effect.", pushed=pushed or ["–"], lost=lost
    )


@dataclass(frozen=True, eq=False)
class _System:
    """The rules as rows of integers: `low ≤ row·x ≤ high`."""

    names: list[str]
    amounts: Ints
    values: Ints
    purse: Purse
    rows: list[Row]
    lows: Ints
    highs: Ints

    @classmethod
    def of(
        cls,
        candidates: Sequence[Candidate],
        purse: Purse,
        values: Mapping[str, int] | None,
        forced: frozenset[str],
        barred: frozenset[str],
    ) -> "_System":
        amounts = amounts_of(candidates)
        names = list(amounts)
        _refuse_unknown(purse, amounts.keys(), forced | barred)
        worth = [int(one.score * MILLIONTHS) if values is None else values[one.application] for one in candidates]
        cents = np.array(list(amounts.values()), dtype=np.int64)
        lows = np.array([name in forced for name in names], dtype=np.int64)
        highs = np.array([name not in barred for name in names], dtype=np.int64)
        rows = _rows(names, cents, purse)
        return cls(names, cents, np.array(worth, dtype=np.int64), purse, rows, lows, highs)

    def best(self) -> Portfolio | None:
        """The best choice, its equals settled; None when there is none."""
        proven = narrowed(self.values, self.amounts, self.rows, self.lows, self.highs)
        if proven.chosen is not None:
            return self._told(proven.chosen)
        within = replace(self, lows=proven.lows, highs=proven.highs)
        first = within._solved(-self.values, list(self.rows))
        if first is None:
            return None
        x, bound, is_proven = first
        value = int(self.values @ x)
        if is_proven:
            x = within._settled(x, value, list(self.rows))
        return self._told(x, None if is_proven else int(-bound))

    def _told(self, x: Ints, most: int | None = None) -> Portfolio:
        """The choice in names; `most` bounds what one could reach when it is not proven."""
        chosen = tuple(name for name, taken in zip(self.names, x, strict=True) if taken)
        value = int(self.values @ x)
        return Portfolio(chosen, int(self.amounts @ x), value, most is None, value if most is None else most)

    def _settled(self, x: Ints, value: int, rows: list[Row]) -> Ints:
        """Among choices of the same value, the cheapest, then the one of the better places."""
        held = [*rows, (self.values, float(value), np.inf)]
        cheaper = self._solved(self.amounts, held, node_limit=_SETTLING_NODES)
        if cheaper is not None and int(self.values @ cheaper[0]) == value:
            x = min(x, cheaper[0], key=lambda choice: int(self.amounts @ choice))
        if int((self.lows < self.highs).sum()) > _MOST_PLACED:
            return x
        spent = int(self.amounts @ x)
        held.append((self.amounts, -np.inf, float(spent)))
        better = self._solved(np.arange(len(self.names), dtype=np.int64), held, node_limit=_SETTLING_NODES)
        same = better is not None and int(self.values @ better[0]) == value and int(self.amounts @ better[0]) == spent
        return better[0] if better is not None and same else x

    def _solved(self, cost: Ints, rows: list[Row], **limits: Any) -> tuple[Ints, float, bool] | None:
        """The solver's choice, rounded and checked in whole numbers; wrong ones are cut off one by one."""
        held, free = list(rows), np.flatnonzero(self.lows < self.highs)
        while True:
            settled = (self.lows, float(cost @ self.lows), True)
            answer = self._asked(cost, held, free, limits) if len(free) else settled
            if answer is None:
                return None
            broken = [row for row, low, high in held if not low <= int(row @ answer[0]) <= high]
            if not broken:
                return answer
            if not len(free):
                return None
            held.append((2 * answer[0] - 1, -np.inf, float(answer[0].sum() - 1)))

    def _asked(
        self, cost: Ints, held: list[Row], free: Ints, limits: Mapping[str, Any]
    ) -> tuple[Ints, float, bool] | None:
        """What the solver answers for the files left to choose, the others staying where they are."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        base = np.where(self.lows == self.highs, self.lows, 0)
        # each row in units of its largest figure, or amounts in the billions blur the solver's tolerances
        units = np.array([float(max(1, np.abs(row[free]).max(initial=0))) for row, _low, _high in held])
        given = np.array([float(row @ base) for row, _low, _high in held])
        matrix = csr_array(np.array([row[free] for row, _low, _high in held]) / units[:, None])
        answer = milp(
            cost[free].astype(np.float64),
            integrality=np.ones(len(free)),
            bounds=Bounds(self.lows[free], self.highs[free]),
            constraints=LinearConstraint(
                matrix,
                (np.array([low for _row, low, _high in held]) - given) / units,
                (np.array([high for _row, _low, high in held]) - given) / units,
            ),
            options={"mip_rel_gap": 0.0, "time_limit": _SECONDS} | dict(limits),
        )
        if answer.x is None:
            return None
        x = base.copy()
        x[free] = np.rint(answer.x).astype(np.int64)
        return x, float(answer.mip_dual_bound) + float(cost @ base), answer.status == 0


def _rows(names: list[str], cents: Ints, purse: Purse) -> list[Row]:
    place = {name: i for i, name in enumerate(names)}
    rows: list[Row] = [(cents, 0.0, float(purse.envelope_cents))]
    for one in purse.bounds:
        inside = np.array([name in one.members for name in names], dtype=np.int64)
        most_cents = np.inf if one.most_cents is None else float(one.most_cents)
        most_count = np.inf if one.most_count is None else float(one.most_count)
        rows.append((cents * inside, float(one.least_cents), most_cents))
        rows.append((inside, float(one.least_count), most_count))
    for pairs, signs, high in ((purse.excludes, (1, 1), 1.0), (purse.requires, (1, -1), 0.0)):
        for a, b in pairs:
            row = np.zeros(len(names), dtype=np.int64)
            row[place[a]], row[place[b]] = signs
            rows.append((row, -np.inf, high))
    return rows


def _refuse_unknown(purse: Purse, known: Iterable[str], named: Iterable[str]) -> None:
    rules = [name for pair in (*purse.excludes, *purse.requires) for name in pair]
    absent = sorted({*rules, *named} - set(known))
    if absent:
        raise UnknownCode("The rules name {names}, which may not be funded or are no files of the call.", names=absent)


def _conflict(system: _System) -> NoSolution:
    """A smallest set of group rules that cannot be met together, found by taking each away in turn."""
    kept = list(system.purse.bounds)

    def feasible(bounds: list[Bound]) -> bool:
        purse = Purse(envelope_cents=system.purse.envelope_cents, bounds=tuple(bounds),
                      excludes=system.purse.excludes, requires=system.purse.requires)  # fmt: skip
        rows = _rows(system.names, system.amounts, purse)
        return system._solved(np.zeros(len(system.names), dtype=np.int64), rows) is not None

    if not feasible([]):
        return NoSolution(
            "The files imposed exceed the envelope, exclude each other, or depend on files that are barred."
        )
    for one in list(kept):
        fewer = [bound for bound in kept if bound is not one]
        if not feasible(fewer):
            kept = fewer
    return NoSolution(
        "The limits of {groups} cannot hold together within {envelope_cents}: loosen one of them, or raise the envelope.",
        groups=[one.code for one in kept],
        envelope_cents=system.purse.envelope_cents,
    )
