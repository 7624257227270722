"""The same votes under several rules, side by side; and the account of a count as plain words and numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ressort.core.budget.count import Outcome, count
from ressort.core.budget.election import Election
from ressort.core.budget.explanation import Explanation, Satisfaction, explain, satisfaction
from ressort.core.budget.rules import Rules, rules_facts

#: the rules that people ask about, by name
USUAL: Mapping[str, Rules] = {
    "mes": Rules(completions=()),
    "mes/add1": Rules(completions=("add1",)),
    "mes/add1+greedy": Rules(),
    "mes-cost/add1+greedy": Rules(utility="cost"),
    "phragmen": Rules(rule="phragmen"),
    "greedy": Rules(rule="greedy"),
    "greedy-no-skip": Rules(rule="greedy", skips=False),
}


@dataclass(frozen=True, eq=False)
class Compared:
    """One rule on these votes.

    Args:
        shared: how many of its winners the first rule funds too.
    """

    name: str
    outcome: Outcome
    voters: Satisfaction
    shared: int


def compare(election: Election, rules: Mapping[str, Rules] = USUAL) -> tuple[Compared, ...]:
    """The same ballots counted under several rules, the first being the one others are compared with.

    Raises:
        RuleBroken, NoSolution: as `count`.
    """
    told: list[Compared] = []
    for name, one in rules.items():
        outcome = count(election, one)
        first = set(told[0].outcome.winners) if told else set(outcome.winners)
        told.append(Compared(name, outcome, satisfaction(outcome), len(first & set(outcome.winners))))
    return tuple(told)


def outcome_facts(outcome: Outcome, explanation: Explanation | None = None) -> dict[str, Any]:
    """A count as plain words and numbers, for a file that a stranger can check: exact prices are fractions in words."""
    told = explanation or explain(outcome)
    return {
        "budget_cents": outcome.election.budget_cents,
        "spent_cents": outcome.spent_cents,
        "kept_cents": outcome.kept_cents,
        "ballots": len(outcome.election.ballots),
        "rules": rules_facts(outcome.rules),
        "winners": [asdict(one) for one in told.winners],
        "losers": [asdict(one) for one in told.losers],
        "phases": [_part_facts(outcome, at) for at in range(len(outcome.parts))],
        "told_apart_by_lot": list(outcome.lots),
        "ties": [asdict(one) for one in told.ties],
        "voters": {
            "counted": told.voters.counted,
            "none_share": told.voters.none_share,
            "mean_projects": told.voters.mean_projects,
            "gini_index": told.voters.gini_index,
        },
    }


def _part_facts(outcome: Outcome, at: int) -> dict[str, Any]:
    part, projects = outcome.parts[at], outcome.election.projects
    return {
        "phase": part.label,
        "budget_cents": part.budget_cents,
        "voters": part.profile.voters,
        "bought": [projects[p].code for p in part.bought],
        "prices": [str(rate) for rate in part.rates],
        "start_endowment_cents": None if part.start is None else str(part.start),
        "endowment_cents": None if part.endowment is None else str(part.endowment),
    }
