"""Every tie of a count, and what put one project before the other: read from the purchases, with exact prices.

Projects are tied when one of them is bought and the others could have been at the very same price (equal shares), instant
(Phragmén), charge (maximin support), loan (exhaustive completion) or number of votes (greedy).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ressort.core.budget.count import Outcome
from ressort.core.budget.election import Integers
from ressort.core.budget.part import Part, counted_by
from ressort.core.budget.profile import Flags
from ressort.core.budget.rules import rivals_of

#: by place in the order of purchases, positions of the projects whose price is about the same
Near = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that came exactly equal.

    Args:
        phase, stage: as those of a winner. projects: their numbers, the first taken first.
        settled_by: for each project but the first, what put it after the one before: `cost`, `votes` or `lot`.
        funded: those of them that the count funds.
    """

    phase: str
    stage: str
    projects: tuple[str, ...]
    settled_by: tuple[str, ...]
    funded: tuple[str, ...]


def ties_of(outcome: Outcome, near: Mapping[str, Near]) -> tuple[Tie, ...]:
    """The ties of a count, in their order; one held in another is told once.

    Args:
        near: by label of part, projects about as dear as each purchase of equal shares.
    """
    won = {one.project for one in outcome.wins}
    told: list[Tie] = []
    for part in outcome.parts:
        seen: list[tuple[str, set[int]]] = []
        for stage, tied in _of_part(outcome, part, near.get(part.label, {})):
            if any(stage == other and held.issuperset(tied) for other, held in seen):
                continue
            seen.append((stage, set(tied)))
            codes = [outcome.election.projects[p].code for p in tied]
            by = tuple(_settled_by(outcome, part, p, q) for p, q in pairwise(tied))
            funded = tuple(code for p, code in zip(tied, codes, strict=True) if p in won)
            told.append(Tie(part.label, stage, tuple(codes), by, funded))
    return tuple(told)


def _settled_by(outcome: Outcome, part: Part, first: int, second: int) -> str:
    values = {"cost": part.profile.costs_cents, "votes": part.profile.votes}
    differing = (name for name in outcome.rules.ties.criteria if values[name][first] != values[name][second])
    return next(differing, "lot")


def _of_part(outcome: Outcome, part: Part, near: Near) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Ties of one phase: the stage, and positions in the order that settled them."""
    rank = part.ranking.rank
    rivals = rivals_of(outcome.election, outcome.rules)
    yield from (("shares", _ordered(tied, rank)) for tied in _shares(part, near, rivals))
    yield from ((stage, _ordered(tied, rank)) for stage, tied in part.ties)
    if "greedy" in part.stages:
        yield from (("greedy", _ordered(tied, rank)) for tied in _votes(outcome, part, rivals))


def _ordered(tied: Sequence[int], rank: Integers) -> tuple[int, ...]:
    return tuple(sorted(tied, key=lambda p: int(rank[p])))


def _shares(part: Part, near: Near, rivals: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Purchases of equal shares with the projects of exactly the same price."""
    free = part.free.copy()
    for at, p in enumerate(part.bought[: len(part.rates)]):
        free[p] = False
        exact = [q for q in near.get(at, ()) if free[q] and _price(part, q, at) == part.rates[at]]
        if exact:
            yield [p, *exact]
        free[rivals[p]] = False


def _price(part: Part, p: int, now: int) -> Fraction | None:
    """The price of a project before a purchase, in fractions; None when its supporters cannot pay."""
    seen, place = part.profile, {q: at for at, q in enumerate(part.bought[:now])}
    starts, types, worths = seen.by_project
    able: list[tuple[Fraction, int, Fraction]] = []
    row = slice(starts[p], starts[p + 1])
    for one, worth in zip(types[row].tolist(), worths[row].tolist(), strict=True):
        size = int(seen.size[one])
        held = _balance(part, one, place)
        able.append((held / worth, size * worth, size * held))
    left, units = Fraction(int(seen.costs_cents[p])), sum(weight for _most, weight, _money in able)
    for most, weight, money in sorted(able):
        if left <= most * units:
            return left / units
        left, units = left - money, units - weight
    return None


def _balance(part: Part, one: int, place: Mapping[int, int]) -> Fraction:
    """What a voter holds once some purchases are paid."""
    seen, held = part.profile, Fraction(part.endowment or 0)
    row = slice(seen.starts[one], seen.starts[one + 1])
    paid = sorted(
        (place[q], worth)
        for q, worth in zip(seen.projects[row].tolist(), seen.worths[row].tolist(), strict=True)
        if q in place
    )
    for at, worth in paid:
        held -= min(held, part.rates[at] * worth)
    return held


def _votes(outcome: Outcome, part: Part, rivals: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Purchases by number of votes with those as voted that could have been taken in their place."""
    rules, costs = outcome.rules, part.profile.costs_cents
    counted = counted_by(part, outcome.election, rules)
    free, left = part.free & (counted > 0), part.budget_cents
    for p, stage in zip(part.bought, part.stages, strict=True):
        free[p] = False
        if stage == "greedy":
            same = np.flatnonzero(_takeable(free, counted == counted[p], costs <= left, rules.skips)).tolist()
            if same:
                yield [p, *same]
        free[rivals[p]] = False
        left -= int(costs[p])


def _takeable(free: Flags, alike: Flags, fits: Flags, skips: bool) -> Flags:
    """Without skips, a project that does not fit would have stopped the count."""
    return free & alike & fits if skips else free & alike
