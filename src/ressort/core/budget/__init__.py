"""Participatory budget: from ballots to funded projects, exactly, with the reasons.

file.pb ──▶ pabulib ──▶ election ──▶ profile (who supports what, voters alike merged)
                           │             │
        rules (published) ─┴─▶ count ────┤  overrides ▸ envelopes ▸ minima of groups ▸ the rule on the rest
                                 │       ├─ equal_shares ◀ kernel (floats that know their error) ◀ exact (fractions)
                                 │       │     └─ completion: add1, add-opt (holding), exhaustive, greedy
                                 │       ├─ phragmen    ├─ maximin_support    └─ greedy
                                 ▼
                             explanation ──▶ comparison ──▶ files (pabulib_writing)
"""

from ressort.core.budget.comparison import USUAL, Compared, compare, outcome_facts
from ressort.core.budget.count import Outcome, Win, count
from ressort.core.budget.election import VOTES, Ballots, Election, Problem, Project, Vote
from ressort.core.budget.explanation import Explanation, Loser, Satisfaction, Winner, explain, satisfaction
from ressort.core.budget.pabulib import Reading, read_election, read_pb
from ressort.core.budget.pabulib_lines import cents
from ressort.core.budget.pabulib_rules import RULES_KEY, announced, rules_in
from ressort.core.budget.pabulib_writing import euros, write_pb
from ressort.core.budget.profile import UTILITIES, Utility
from ressort.core.budget.rules import (
    COMPLETIONS,
    RULES,
    Completion,
    Envelope,
    Minimum,
    Override,
    Rule,
    Rules,
    rules_facts,
    rules_from,
)
from ressort.core.budget.tied import Tie
from ressort.core.budget.ties import CRITERIA, TieRule
from ressort.core.lot import drawn_order

__all__ = [
    "COMPLETIONS",
    "CRITERIA",
    "RULES",
    "RULES_KEY",
    "USUAL",
    "UTILITIES",
    "VOTES",
    "Ballots",
    "Compared",
    "Completion",
    "Election",
    "Envelope",
    "Explanation",
    "Loser",
    "Minimum",
    "Outcome",
    "Override",
    "Problem",
    "Project",
    "Reading",
    "Rule",
    "Rules",
    "Satisfaction",
    "Tie",
    "TieRule",
    "Utility",
    "Vote",
    "Win",
    "Winner",
    "announced",
    "cents",
    "compare",
    "count",
    "drawn_order",
    "euros",
    "explain",
    "outcome_facts",
    "read_election",
    "read_pb",
    "rules_facts",
    "rules_from",
    "rules_in",
    "satisfaction",
    "write_pb",
]
