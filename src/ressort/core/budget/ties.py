"""How ties are decided: criteria declared before the vote, then one order of all projects drawn by lot, used everywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ressort.core.budget.election import Integers
from ressort.core.errors import RuleBroken

Criterion = Literal["cost", "votes"]
CRITERIA: tuple[Criterion, ...] = ("cost", "votes")


@dataclass(frozen=True, slots=True)
class TieRule:
    """Criteria in their order (the cheaper first, the more voted first), then the lot: codes of projects, the first drawn first.

    Without a lot, a tie that the criteria leave open and that changes the winners stops the count.
    """

    criteria: tuple[Criterion, ...] = CRITERIA
    lot: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Ranking:
    """`rank[p]`: place of p among all projects when tied; `kin[p]`: projects of one kin are told apart by the lot alone."""

    rank: Integers
    kin: Integers


def ranking(codes: Sequence[str], costs: Integers, votes: Integers, rule: TieRule) -> Ranking:
    """The order of all projects under a tie rule; without a lot, in the order given.

    Raises:
        RuleBroken: a lot that lacks a project, or holds a stranger.
    """
    lot = np.arange(len(codes))
    if rule.lot is not None:
        if sorted(rule.lot) != sorted(codes):
            wrong = sorted(set(rule.lot) ^ set(codes))
            raise RuleBroken("The lot does not hold each project once: {projects}. Draw all of them.", projects=wrong)
        drawn = {code: at for at, code in enumerate(rule.lot)}
        lot = np.array([drawn[code] for code in codes], np.int64)
    keys = [{"cost": costs, "votes": -votes}[criterion] for criterion in rule.criteria]
    order = np.lexsort((lot, *reversed(keys)))
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes))
    if not keys:
        return Ranking(rank, np.zeros(len(codes), np.int64))
    _values, kin = np.unique(np.stack(keys), axis=1, return_inverse=True)
    return Ranking(rank, kin.reshape(-1).astype(np.int64))


def undecided(lots: Iterable[int], bought: Sequence[int], prices: Sequence[float], kin: Integers) -> frozenset[int]:
    """Those of the projects told apart by the lot whose order may matter.

    Projects of one kin bought one after the other at one price leave everybody the same whatever their order: the second
    price did not move, so that no voter was short of money for both.
    """
    place = {p: at for at, p in enumerate(bought)}
    groups: dict[tuple[int, float], list[int]] = {}
    left = set()
    for p in lots:
        if p in place:
            groups.setdefault((int(kin[p]), float(f"{prices[place[p]]:.11e}")), []).append(place[p])
        else:
            left.add(p)
    for places in groups.values():
        if len(places) == 1 or max(places) - min(places) != len(places) - 1:
            left.update(bought[at] for at in places)
    return frozenset(left)
