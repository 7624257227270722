"""One count: decisions against the rule, reserved envelopes, winners asked in groups, then the rule on all that is left."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ressort.core.budget.election import Election
from ressort.core.budget.minima import Demand, Room, check, chosen, repaired
from ressort.core.budget.part import Part, play
from ressort.core.budget.profile import Flags
from ressort.core.budget.rules import Envelope, Rules, in_group, rivals_of, voters_in
from ressort.core.budget.ties import TieRule
from ressort.core.errors import RuleBroken
from ressort.core.lot import drawn_order

#: other orders of the lot that are tried when none was drawn
TRIALS = ("1", "2")


@dataclass(frozen=True, slots=True)
class Win:
    """A funded project: in which phase (`override`, `envelope:…`, `minimum:…`, `rule`), and by which step of the rule."""

    project: int
    phase: str
    stage: str


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a count.

    Args:
        wins: in the order they were decided.
        parts: the rule as it was played in each phase.
        kept_cents: what reserved envelopes did not spend and keep.
        lots: numbers of projects that only a lot tells apart; without one, another order was found to change nothing.
        dropped: winners of the rule that the minima of groups replaced.
    """

    election: Election
    rules: Rules
    wins: tuple[Win, ...]
    parts: tuple[Part, ...]
    kept_cents: int
    lots: tuple[str, ...]
    dropped: tuple[int, ...] = ()

    @property
    def winners(self) -> tuple[str, ...]:
        """The numbers of the funded projects, in the order they were decided."""
        return tuple(self.election.projects[one.project].code for one in self.wins)

    @property
    def spent_cents(self) -> int:
        """What the winners cost."""
        return sum(self.election.projects[one.project].cost_cents for one in self.wins)

    @property
    def main(self) -> Part:
        """The rule as played on all that was left."""
        return self.parts[-1]


def count(election: Election, rules: Rules | None = None) -> Outcome:
    """The result of an election under some rules (equal shares, add1, then greedy by default).

    Raises:
        RuleBroken: rules that the election cannot follow; a tie that needs a lot nobody drew.
        NoSolution: winners asked in groups that cannot all be had.
    """
    rules = rules or Rules()
    outcome = _Count(election, rules).run()
    if outcome.lots and rules.ties.lot is None:
        _check_lot_changes_nothing(outcome)
    return outcome


def _check_lot_changes_nothing(outcome: Outcome) -> None:
    codes = [project.code for project in outcome.election.projects]
    for lot in (tuple(reversed(codes)), *(drawn_order(codes, trial) for trial in TRIALS)):
        rules = replace(outcome.rules, ties=TieRule(outcome.rules.ties.criteria, lot))
        other = _Count(outcome.election, rules).run()
        if set(other.winners) != set(outcome.winners):
            raise RuleBroken(
                "Only a lot can tell these projects apart, and it changes the winners: {projects}. "
                "Draw an order of the projects in public, and count with it.",
                projects=sorted(set(outcome.lots) | set(other.lots)),
                changed=sorted(set(other.winners) ^ set(outcome.winners)),
            )


@dataclass(eq=False)
class _Count:
    """The state of a count between its phases."""

    election: Election
    rules: Rules
    wins: list[Win] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    kept_cents: int = 0

    def run(self) -> Outcome:
        self.rivals = rivals_of(self.election, self.rules)
        self.costs = self.election.costs_cents
        self.votes = self.election.votes()
        self.free = (self.votes >= self.rules.least_votes) & (self.votes > 0)
        self.left = self.election.budget_cents
        self._override()
        self._envelopes()
        demands = [Demand(one.group, in_group(self.election, one.group), one.winners) for one in self.rules.minima]
        if demands and self.rules.minima_rule == "first":
            self._minima_first(demands)
        self.parts.append(play(self.election, self.rules, "rule", self.free, self.left, self.rivals))
        dropped: tuple[int, ...] = ()
        if demands and self.rules.minima_rule == "repair":
            dropped = self._repair(demands, self.parts[-1])
        else:
            self._keep(self.parts[-1])
        lots = {p for part in self.parts for p in part.lots}
        codes = tuple(self.election.projects[p].code for p in sorted(lots))
        return Outcome(self.election, self.rules, tuple(self.wins), tuple(self.parts), self.kept_cents, codes, dropped)

    def _win(self, p: int, phase: str, stage: str) -> None:
        self.wins.append(Win(p, phase, stage))
        self.free[[p, *self.rivals[p]]] = False

    def _keep(self, part: Part) -> int:
        """Funds what a part bought; tells what it cost."""
        for p, stage in zip(part.bought, part.stages, strict=True):
            self._win(p, part.label, stage)
        return int(self.costs[list(part.bought)].sum())

    def _override(self) -> None:
        for one in self.rules.overrides:
            p = self.election.position(one.project)
            if not one.funds:
                self.free[p] = False
                continue
            if any(win.project in self.rivals[p] for win in self.wins):
                raise RuleBroken(
                    "{project} is funded by decision, and so is a project incompatible with it.", project=one.project
                )
            self._win(p, "override", "decision")
            self.left -= int(self.costs[p])
        if self.left < 0:
            raise RuleBroken("The projects funded by decision cost more than the envelope.", over_cents=-self.left)

    def _envelopes(self) -> None:
        reserved = sum(one.amount_cents for one in self.rules.envelopes)
        if any(one.amount_cents <= 0 for one in self.rules.envelopes) or reserved > self.left:
            raise RuleBroken(
                "The reserved envelopes make {reserved} cents, of {left} available. Each must be positive, and all must fit.",
                reserved=reserved,
                left=self.left,
            )
        self.left -= reserved
        for envelope in self.rules.envelopes:
            self._envelope(envelope)

    def _envelope(self, envelope: Envelope) -> None:
        members = in_group(self.election, envelope.group)
        label, voters = f"envelope:{envelope.name}", voters_in(self.election, envelope)
        part = play(self.election, self.rules, label, self.free & members, envelope.amount_cents, self.rivals, voters)
        self.parts.append(part)
        unspent = envelope.amount_cents - self._keep(part)
        if envelope.leftover_returns:
            self.left += unspent
        else:
            self.kept_cents += unspent
        if not envelope.losers_compete:
            self.free &= ~members

    def _room(self, *more: int) -> Room:
        """What is left once some projects more are funded."""
        won = self._won()
        won[list(more)] = True
        free = self.free & ~won
        for p in more:
            free[self.rivals[p]] = False
        return Room(self.costs, self.left - int(self.costs[list(more)].sum()), free, won, self.rivals)

    def _won(self) -> Flags:
        won = np.zeros(len(self.costs), bool)
        won[[win.project for win in self.wins]] = True
        return won

    def _minima_first(self, demands: list[Demand]) -> None:
        """Each group takes its winners in the order of the rule played inside it, as long as the others can still have theirs."""
        check(demands, self._room())
        for demand in demands:
            part = play(
                self.election, self.rules, f"minimum:{demand.group}", self.free & demand.members, self.left, self.rivals
            )
            self.parts.append(part)
            for p in self._candidates(demand, part):
                if int((demand.members & self._won()).sum()) >= demand.winners:
                    break
                room = self._room(p)
                if self.free[p] and room.left_cents >= 0 and chosen(demands, room) is not None:
                    self._win(p, part.label, "minimum")
                    self.left -= int(self.costs[p])

    def _candidates(self, demand: Demand, part: Part) -> Iterator[int]:
        """Members of a group in the order of the rule, then by votes."""
        yield from part.bought
        order = np.lexsort((part.ranking.rank, -self.votes))
        yield from (int(p) for p in order if demand.members[p] and p not in part.bought)

    def _repair(self, demands: list[Demand], part: Part) -> tuple[int, ...]:
        """The result of the rule, changed as little as the minima allow."""
        won = np.zeros(len(self.costs), bool)
        won[list(part.bought)] = True
        final = repaired(demands, self._room(), won, self.votes)
        for p, stage in zip(part.bought, part.stages, strict=True):
            if final[p]:
                self._win(p, part.label, stage)
        for p in np.flatnonzero(final & ~won).tolist():
            self._win(p, "minimum:repair", "minimum")
        return tuple(np.flatnonzero(won & ~final).tolist())
