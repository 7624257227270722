"""The rules of a count, as an authority publishes them before the vote; written as plain words and numbers, read back the same."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ressort.core.budget.election import Election
from ressort.core.budget.profile import UTILITIES, Flags, Utility
from ressort.core.budget.ties import CRITERIA, Criterion, TieRule
from ressort.core.errors import RuleBroken

Rule = Literal["mes", "phragmen", "maximin-support", "greedy"]
Completion = Literal["add1", "add-opt", "exhaustive", "greedy"]
RULES: tuple[Rule, ...] = ("mes", "phragmen", "maximin-support", "greedy")
COMPLETIONS: tuple[Completion, ...] = ("add1", "add-opt", "exhaustive", "greedy")
#: what one step of a completion adds to each endowment, unless the rules say otherwise
STEPS_CENTS: Mapping[str, Fraction] = {"add1": Fraction(100), "add-opt": Fraction(10)}


@dataclass(frozen=True, slots=True)
class Envelope:
    """A part of the budget kept for some projects, spent before the rest.

    Args:
        group: the projects it is for, such as `category:climat`.
        leftover_returns: whether what it does not spend goes back to the whole, or is kept for later.
        losers_compete: whether its projects that lose compete again for the rest.
        voters: whose ballots count, as `(column, values)`; everybody's when empty.
    """

    name: str
    amount_cents: int
    group: str
    leftover_returns: bool = True
    losers_compete: bool = True
    voters: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Minimum:
    """At least so many winners in a group."""

    group: str
    winners: int = 1


@dataclass(frozen=True, slots=True)
class Override:
    """What the authority decided against the rule, and why; published with the result."""

    project: str
    funds: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Everything a count depends on beside the file.

    Args:
        completions: what follows equal shares, in order.
        step_cents: what `add1` or `add-opt` adds to each endowment; None for their own (1 €, 0.10 €).
        until_exhaustive: whether the growth of endowments stops at the first exhaustive outcome.
        whole_start: whether equal shares start from whole currency units, what is left over joining the leftover.
        greedy_challenges: whether the most voted projects take the place of equal shares when more voters prefer them.
        blank_counts: whether blank ballots receive an endowment.
        skips: greedy and sequential rules: pass over a project that no longer fits instead of stopping.
        least_votes: below that, a project cannot win.
        rivals: sets of projects of which at most one wins.
        envelopes: in the order they are spent.
        minima: winners asked in groups; `minima_rule` says whether they are taken first, or the result repaired.
    """

    rule: Rule = "mes"
    utility: Utility = "cardinality"
    completions: tuple[Completion, ...] = ("add1", "greedy")
    step_cents: Fraction | None = None
    until_exhaustive: bool = True
    whole_start: bool = False
    greedy_challenges: bool = False
    ties: TieRule = field(default_factory=TieRule)
    blank_counts: bool = False
    skips: bool = True
    least_votes: int = 0
    rivals: tuple[tuple[str, ...], ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    minima: tuple[Minimum, ...] = ()
    minima_rule: Literal["first", "repair"] = "first"
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        _among("rule", self.rule, RULES)
        _among("utility", self.utility, UTILITIES)
        for completion in self.completions:
            _among("completion", completion, COMPLETIONS)
        for criterion in self.ties.criteria:
            _among("tie criterion", criterion, CRITERIA)
        _among("rule of minima", self.minima_rule, ("first", "repair"))
        if self.step_cents is not None and self.step_cents <= 0:
            raise RuleBroken("A step of {given} cents would never end. Give a positive one.", given=self.step_cents)
        if self.least_votes < 0:
            raise RuleBroken("The least number of votes is {given}. Give 0 or more.", given=self.least_votes)
        silent = [one.project for one in self.overrides if not one.reason.strip()]
        if silent:
            raise RuleBroken("A decision against the rule needs its reason: {projects}.", projects=silent)

    def growth(self) -> Completion | None:
        """The completion that makes endowments grow, if any."""
        return next((one for one in self.completions if one in STEPS_CENTS), None)

    def step(self) -> Fraction:
        """What is added to each endowment at each step, in cents."""
        return self.step_cents or STEPS_CENTS[self.growth() or "add1"]


def rules_facts(rules: Rules) -> dict[str, Any]:
    """Rules as plain words and numbers, for a file.

    >>> rules_from(rules_facts(Rules(rule="greedy"))) == Rules(rule="greedy")
    True
    """
    facts = asdict(rules)
    facts["step_cents"] = None if rules.step_cents is None else str(rules.step_cents)
    return facts


def rules_from(facts: Mapping[str, Any]) -> Rules:
    """The rules that a file holds.

    Raises:
        RuleBroken: a word that is not a rule, or a value that makes no sense.
    """
    unknown = sorted(set(facts) - {one.name for one in fields(Rules)})
    if unknown:
        raise RuleBroken("These words are not rules of a count: {words}.", words=unknown)
    read = dict(facts)
    try:
        if read.get("step_cents") is not None:
            read["step_cents"] = Fraction(read["step_cents"])
        if "ties" in read:
            lot = read["ties"].get("lot")
            criteria: tuple[Criterion, ...] = tuple(read["ties"].get("criteria", CRITERIA))
            read["ties"] = TieRule(criteria, None if lot is None else tuple(lot))
        read["completions"] = tuple(read.get("completions", ("add1", "greedy")))
        read["rivals"] = tuple(tuple(one) for one in read.get("rivals", ()))
        read["envelopes"] = tuple(_envelope(one) for one in read.get("envelopes", ()))
        read["minima"] = tuple(Minimum(**one) for one in read.get("minima", ()))
        read["overrides"] = tuple(Override(**one) for one in read.get("overrides", ()))
        return Rules(**read)
    except (TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise RuleBroken("The rules of the count cannot be read: {error}.", error=str(error)) from error


def _envelope(facts: Mapping[str, Any]) -> Envelope:
    voters = facts.get("voters")
    return Envelope(**{**facts, "voters": None if voters is None else (voters[0], tuple(voters[1]))})


def _among(what: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise RuleBroken("“{given}” is not one of: {known}.", given=given, what=what, known=known)


def in_group(election: Election, group: str) -> Flags:
    """(projects,) those of a group.

    Raises:
        RuleBroken: no project belongs to it.
    """
    found = np.array([group in project.groups for project in election.projects], bool)
    if not found.any():
        known = sorted({one for project in election.projects for one in project.groups})
        raise RuleBroken(
            "No project belongs to the group {group}. Known groups: {known}.", group=group, known=known[:20] or ["–"]
        )
    return found


def rivals_of(election: Election, rules: Rules) -> list[list[int]]:
    """For each project, those that its purchase sets aside.

    Raises:
        RuleBroken: an unknown project, a project rival of itself.
    """
    places = {project.code: at for at, project in enumerate(election.projects)}
    rivals: list[set[int]] = [set() for _ in election.projects]
    for codes in rules.rivals:
        unknown = [code for code in codes if code not in places]
        if unknown:
            raise RuleBroken("Incompatible projects that do not exist: {projects}.", projects=unknown)
        if len(set(codes)) < len(codes):
            raise RuleBroken("A project cannot be incompatible with itself: {projects}.", projects=codes)
        ours = [places[code] for code in codes]
        for p in ours:
            rivals[p].update(q for q in ours if q != p)
    return [sorted(one) for one in rivals]


def voters_in(election: Election, envelope: Envelope) -> Flags | None:
    """(ballots,) those that count for an envelope; None for all.

    Raises:
        RuleBroken: the file has no such column.
    """
    if envelope.voters is None:
        return None
    column, values = envelope.voters
    told = election.ballots.columns.get(column)
    if told is None:
        known = sorted(election.ballots.columns)
        raise RuleBroken("Ballots have no column {column}. They have: {known}.", column=column, known=known)
    return np.array([value in values for value in told], bool)
