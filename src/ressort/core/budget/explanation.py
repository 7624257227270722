"""Why each project won or lost, what it would have needed, and what each voter got; worked out by replaying the count.

A project left out of equal shares would have been bought before purchase k, of price ρ_k, with as many fresh supporters as cover
`cost − Σ min(balance, ρ_k × utility)`, each bringing `min(endowment, ρ_k × utility)`; the fewest over all k is what it lacked.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ressort.core.budget.count import Outcome
from ressort.core.budget.part import Part
from ressort.core.budget.rules import rivals_of
from ressort.core.budget.tied import Tie, ties_of
from ressort.core.budget.ties import ranking

Reason = Literal[
    "excluded", "no_vote", "below_threshold", "incompatible", "dearer_than_budget", "group_only", "outvoted", "replaced"
]
ALMOST = 1e-9


@dataclass(frozen=True, slots=True)
class Winner:
    """A funded project and what it cost those who wanted it.

    Args:
        price_cents: the most that one supporter paid, in equal shares.
        effective_votes: how many supporters paying that price it would take.
        givers: supporters who paid something; `drained` of them gave all they had left.
    """

    code: str
    cost_cents: int
    votes: int
    phase: str
    stage: str
    price_cents: float | None = None
    effective_votes: float | None = None
    givers: int | None = None
    drained: int | None = None


@dataclass(frozen=True, slots=True)
class Loser:
    """A project left out, why, and what it would have needed.

    Args:
        held_cents: what its supporters still held together when equal shares stopped.
        missing_votes: fresh supporters of this project alone that would have had it bought, all else equal; None when no number would.
    """

    code: str
    cost_cents: int
    votes: int
    reason: Reason
    missing_votes: int | None = None
    held_cents: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Satisfaction:
    """What the voters got; arrays are (ballots,), blank ballots hold zeros.

    Args:
        named: projects that each ballot supports; supported: those of them that are funded.
        counted: ballots that support a project.
        none_share: share of them with no funded project.
        gini_index: how unequally the money reached voters, each winner's cost shared among its supporters; 0 equal, 1 all for one.
    """

    named: np.ndarray
    supported: np.ndarray
    received_cents: np.ndarray
    counted: int
    none_share: float
    mean_projects: float
    gini_index: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """The whole account of a count."""

    winners: tuple[Winner, ...]
    losers: tuple[Loser, ...]
    voters: Satisfaction
    ties: tuple[Tie, ...]


def explain(outcome: Outcome) -> Explanation:
    """Why, for every project; what, for every voter."""
    replays = {part.label: _Replay(part) for part in outcome.parts if part.rates or part.endowment is not None}
    ties = ties_of(outcome, {label: replay.near for label, replay in replays.items()})
    return Explanation(_winners(outcome, replays), _losers(outcome, replays), satisfaction(outcome), ties)


def satisfaction(outcome: Outcome) -> Satisfaction:
    """What the winners give to each voter."""
    election = outcome.election
    ballots, won = election.ballots, np.zeros(len(election.projects), bool)
    won[[one.project for one in outcome.wins]] = True
    row = np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))
    supports = np.ones(len(row), bool) if ballots.points is None else ballots.points > 0
    named = np.bincount(row[supports], minlength=len(ballots))
    counted = named > 0
    happy = supports & won[ballots.chosen]
    supported = np.bincount(row[happy], minlength=len(ballots))
    each = election.costs_cents / np.maximum(election.votes(), 1)
    received = np.bincount(row[happy], weights=each[ballots.chosen[happy]], minlength=len(ballots))
    total = int(counted.sum())
    none = int((counted & (supported == 0)).sum())
    mean = float(supported.sum()) / total if total else 0.0
    return Satisfaction(
        named, supported, received, total, none / total if total else 0.0, mean, _gini(received[counted])
    )


def _gini(values: np.ndarray) -> float:
    """Gini's index of what people received.

    >>> round(_gini(np.array([1.0, 1.0])), 3), round(_gini(np.array([0.0, 0.0, 0.0, 1.0])), 3)
    (0.0, 0.75)
    """
    ordered, count = np.sort(values), len(values)
    if count == 0 or ordered.sum() == 0:
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))


class _Replay:
    """Equal shares played again from the prices of its purchases, watching every project."""

    def __init__(self, part: Part) -> None:
        seen, endowment = part.profile, float(part.endowment or 0)
        purse = np.full(len(seen.size), endowment)
        self.givers: dict[int, tuple[float, int, int]] = {}
        self._part, self._endowment = part, endowment
        best = np.zeros(len(seen.costs_cents), np.int64)
        np.maximum.at(best, seen.projects, seen.worths)
        self._best = best
        self.missing = np.full(len(best), -1, np.int64)
        starts, who, worths = seen.by_project
        self.near: dict[int, list[int]] = {}
        for at, (p, rate) in enumerate(zip(part.bought, part.rates, strict=False)):
            rho = float(rate)
            missing_cents = seen.costs_cents - self._watch(purse, rho, p)
            self.near[at] = np.flatnonzero(np.abs(missing_cents) <= ALMOST * seen.costs_cents).tolist()
            row = slice(starts[p], starts[p + 1])
            types, asked = who[row], rho * worths[row]
            paid = np.minimum(purse[types], asked)
            gave, size = paid > ALMOST * endowment, seen.size[types]
            drained = gave & (purse[types] <= asked * (1 + ALMOST))
            self.givers[p] = (float(paid.max()), int(size[gave].sum()), int(size[drained].sum()))
            purse[types] -= paid
        self._watch(purse, np.inf, -1)
        self.held = np.bincount(seen.projects, weights=(seen.size * purse)[seen.supporters], minlength=len(best))

    def _watch(self, purse: np.ndarray, rho: float, bought: int) -> np.ndarray:
        """(projects,) what supporters would pay at a price; notes how many fresh ones each project lacks to be bought now."""
        seen = self._part.profile
        with np.errstate(invalid="ignore"):
            offered = np.minimum(purse[seen.supporters], np.where(seen.worths > 0, rho * seen.worths, 0.0))
            fresh = np.minimum(self._endowment, np.where(self._best > 0, rho * self._best, np.inf))
        paid = np.bincount(seen.projects, weights=seen.size[seen.supporters] * offered, minlength=len(self._best))
        lacking = (seen.costs_cents - paid) / np.maximum(fresh, 1e-300)
        whole = np.ceil(lacking - ALMOST)
        if bought >= 0:
            later = self._part.ranking.rank > self._part.ranking.rank[bought]
            whole += (np.abs(lacking - np.round(lacking)) < ALMOST) & later
        whole = np.clip(whole, 1, 2**62).astype(np.int64)
        better = (self.missing < 0) | (whole < self.missing)
        self.missing[better] = whole[better]
        return paid


def _winners(outcome: Outcome, replays: dict[str, _Replay]) -> tuple[Winner, ...]:
    votes = outcome.election.votes()
    told = []
    for win in outcome.wins:
        project = outcome.election.projects[win.project]
        given = replays[win.phase].givers.get(win.project) if win.phase in replays else None
        if given is None:
            told.append(Winner(project.code, project.cost_cents, int(votes[win.project]), win.phase, win.stage))
            continue
        price, givers, drained = given
        told.append(
            Winner(
                project.code,
                project.cost_cents,
                int(votes[win.project]),
                win.phase,
                win.stage,
                price,
                project.cost_cents / price,
                givers,
                drained,
            )
        )
    return tuple(told)


def _losers(outcome: Outcome, replays: dict[str, _Replay]) -> tuple[Loser, ...]:
    election, votes = outcome.election, outcome.election.votes()
    won = {one.project for one in outcome.wins}
    rivals, scores = rivals_of(election, outcome.rules), outcome.election.scores()
    told = []
    for p, project in enumerate(election.projects):
        if p in won:
            continue
        beaten_by = [election.projects[q].code for q in rivals[p] if q in won]
        reason, facts = _reason(outcome, p, int(votes[p]), beaten_by)
        held = missing = None
        if reason == "below_threshold":
            missing = outcome.rules.least_votes - int(votes[p])
        elif reason == "outvoted":
            held, missing = _lacked(outcome, replays, p, scores)
        told.append(Loser(project.code, project.cost_cents, int(votes[p]), reason, missing, held, facts))
    return tuple(told)


def _reason(outcome: Outcome, p: int, votes: int, beaten_by: list[str]) -> tuple[Reason, dict[str, Any]]:
    project = outcome.election.projects[p]
    decided = [one.reason for one in outcome.rules.overrides if one.project == project.code and not one.funds]
    if decided:
        return "excluded", {"why": decided[0]}
    if votes == 0:
        return "no_vote", {}
    if votes < outcome.rules.least_votes:
        return "below_threshold", {"asked": outcome.rules.least_votes}
    if beaten_by:
        return "incompatible", {"with": beaten_by}
    if project.cost_cents > outcome.election.budget_cents:
        return "dearer_than_budget", {}
    if p in outcome.dropped:
        return "replaced", {}
    if not outcome.main.free[p] and project.cost_cents <= outcome.main.budget_cents:
        return "group_only", {}
    return "outvoted", {"left_cents": outcome.election.budget_cents - outcome.spent_cents - outcome.kept_cents}


def _lacked(
    outcome: Outcome, replays: dict[str, _Replay], p: int, scores: np.ndarray
) -> tuple[float | None, int | None]:
    """What the supporters of a project still held, and how many more it would have needed."""
    part = outcome.main
    if not part.free[p]:
        return None, None
    if part.label in replays:
        replay = replays[part.label]
        return float(replay.held[p]), int(replay.missing[p])
    if part.missing is not None:
        return None, int(part.missing[p]) if part.missing[p] > 0 else None
    return None, _lacked_by_votes(outcome, p, scores)


def _lacked_by_votes(outcome: Outcome, p: int, counted: np.ndarray) -> int | None:
    """Votes (or points) more with which a project comes early enough in the greedy order to fit."""
    part, left, ranks = outcome.main, outcome.main.budget_cents, outcome.main.ranking
    if outcome.election.points is None:  # as many votes: costs, then the lot
        codes = [project.code for project in outcome.election.projects]
        ranks = ranking(codes, outcome.election.costs_cents, np.zeros(len(codes), np.int64), outcome.rules.ties)
    cost, lacked = outcome.election.projects[p].cost_cents, None
    for q in part.bought:
        if cost > left:
            break
        lacked = int(counted[q] - counted[p]) + int(ranks.rank[p] > ranks.rank[q])
        left -= outcome.election.projects[q].cost_cents
    return lacked if lacked is None or lacked > 0 else 1
