"""The rule of a count, whichever it is, applied to some projects, some voters and some money."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from ressort.core.budget.completion import CENT, Completed, Lending, filled, grown
from ressort.core.budget.election import Election
from ressort.core.budget.equal_shares import EqualShares, Shares
from ressort.core.budget.maximin_support import MaximinSupport
from ressort.core.budget.phragmen import Phragmen, Purchases
from ressort.core.budget.profile import Flags, Profile, profile
from ressort.core.budget.rules import Rules
from ressort.core.budget.ties import Ranking, ranking


@dataclass(frozen=True, eq=False)
class Part:
    """The rule applied to some projects, some voters and some money, as one phase of a count.

    Args:
        label: which phase: `rule`, `envelope:name` or `minimum:group`.
        bought: positions, in order of purchase; `stages` says by which step each was bought: `shares`, `exhaustive`, `greedy` or the rule.
        endowment: what each voter held in equal shares at the end, in cents; `start` is the budget shared equally.
        ties: projects that came equal in the steps that watch it: the stage, and positions.
    """

    label: str
    profile: Profile
    ranking: Ranking
    free: Flags
    budget_cents: int
    bought: tuple[int, ...]
    stages: tuple[str, ...]
    lots: frozenset[int]
    endowment: Fraction | None = None
    start: Fraction | None = None
    shares: Shares | None = None
    missing: np.ndarray | None = None
    ties: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @cached_property
    def rates(self) -> tuple[Fraction, ...]:
        """The exact price per unit of utility of each purchase of equal shares."""
        return () if self.shares is None else tuple(self.shares.rates())


def play(
    election: Election,
    rules: Rules,
    label: str,
    free: Flags,
    budget_cents: int,
    rivals: Sequence[Sequence[int]],
    voters: Flags | None = None,
) -> Part:
    """The rule on the projects that are free, with that budget."""
    once = rules.rule == "mes" and rules.growth() is None and "exhaustive" not in rules.completions
    seen = profile(election, rules.utility, voters=voters, blank_counts=rules.blank_counts, merges=not once)
    ranks = ranking([project.code for project in election.projects], seen.costs_cents, seen.votes, rules.ties)
    free = free & (seen.costs_cents <= budget_cents)
    nothing = Part(label, seen, ranks, free, budget_cents, (), (), frozenset())
    if seen.voters == 0 or not free.any() or budget_cents <= 0:
        return nothing
    if rules.rule == "mes":
        shares = _equal_shares(nothing, rules, rivals)
        if not rules.greedy_challenges:
            return shares
        greedy = _greedy(nothing, election, rules, rivals)
        return greedy if _preferred(seen, greedy.bought, shares.bought) else shares
    if rules.rule == "greedy":
        return _greedy(nothing, election, rules, rivals)
    sequential = Phragmen if rules.rule == "phragmen" else MaximinSupport
    done: Purchases = sequential(seen, ranks, free, rivals, skips=rules.skips).run(budget_cents)
    stages = (rules.rule,) * len(done.bought)
    ties = tuple((rules.rule, tied) for tied in done.ties)
    return replace(nothing, bought=done.bought, stages=stages, lots=done.lots, missing=done.missing, ties=ties)


def _equal_shares(part: Part, rules: Rules, rivals: Sequence[Sequence[int]]) -> Part:
    seen, budget = part.profile, part.budget_cents
    method = EqualShares(seen, part.ranking, part.free, rivals)
    start = Fraction(budget, seen.voters)
    if rules.whole_start:
        start = start // CENT * Fraction(CENT)
    if rules.growth() is None:
        shares = method.run(start)
        done = Completed(shares, 1, shares.lots)
    else:
        done = grown(method, seen, budget, rules.step(), start=start, until_exhaustive=rules.until_exhaustive)
    shares = done.shares
    bought, stages = list(shares.bought), ["shares"] * len(shares.bought)
    lots, ties = frozenset[int](), list[tuple[str, tuple[int, ...]]]()
    for completion in rules.completions:
        left = budget - int(seen.costs_cents[bought].sum())
        free = _still_free(part.free, bought, rivals)
        more: list[int] = []
        if completion == "greedy":
            more = filled(seen.costs_cents, seen.votes, part.ranking, free, left, rivals)
            lots |= _split_kin(part.ranking, seen.votes, free, more)
        elif completion == "exhaustive":
            lending = Lending(seen, part.ranking, shares, left)
            more = lending.buy(free, rivals)
            lots |= lending.lots
            ties += [(completion, tied) for tied in lending.ties]
        bought += more
        stages += [completion] * len(more)
    return replace(
        part,
        bought=tuple(bought),
        stages=tuple(stages),
        lots=done.lots | lots,
        endowment=shares.endowment,
        start=start,
        shares=shares,
        ties=tuple(ties),
    )


def _preferred(seen: Profile, ours: Sequence[int], theirs: Sequence[int]) -> bool:
    """Whether the voters who draw more utility from ours than from theirs outnumber those who draw less."""
    sign = np.zeros(len(seen.costs_cents), np.int64)
    sign[list(ours)] += 1
    sign[list(theirs)] -= 1
    gained = np.zeros(len(seen.size), np.int64)
    np.add.at(gained, seen.supporters, seen.worths * sign[seen.projects])
    return bool(seen.size @ np.sign(gained) > 0)


def _greedy(part: Part, election: Election, rules: Rules, rivals: Sequence[Sequence[int]]) -> Part:
    """Projects by points (or votes), each taken if it fits; the no-skip variant stops at the first that does not."""
    counted = counted_by(part, election, rules)
    costs, free = part.profile.costs_cents, part.free
    bought = filled(costs, counted, part.ranking, free, part.budget_cents, rivals, skips=rules.skips)
    lots = _split_kin(part.ranking, counted, free, bought)
    return replace(part, bought=tuple(bought), stages=("greedy",) * len(bought), lots=lots)


def counted_by(part: Part, election: Election, rules: Rules) -> np.ndarray:
    """(projects,) what the greedy step counts: the points given by the voters of this part; votes where ballots give none, or after equal shares."""
    points = election.points
    if points is None or (rules.rule == "mes" and part.shares is not None):
        return part.profile.votes
    counted = np.zeros(len(election.projects), np.int64)
    keep = np.repeat(part.profile.type_of >= 0, np.diff(election.ballots.starts))
    np.add.at(counted, election.ballots.chosen[keep], points[keep])
    return counted


def _still_free(free: Flags, bought: Sequence[int], rivals: Sequence[Sequence[int]]) -> Flags:
    left = free.copy()
    left[list(bought)] = False
    for p in bought if any(rivals) else ():
        left[list(rivals[p])] = False
    return left


def _split_kin(ranks: Ranking, counted: np.ndarray, free: Flags, taken: Sequence[int]) -> frozenset[int]:
    """Projects with as many votes, one taken and the other not, that only the lot told apart."""
    groups: dict[tuple[int, int], set[int]] = {}
    for p in np.flatnonzero(free & (counted > 0)).tolist():
        groups.setdefault((int(ranks.kin[p]), int(counted[p])), set()).add(p)
    chosen = set(taken)
    return frozenset(p for ones in groups.values() if ones & chosen and ones - chosen for p in ones)
