"""Participatory budgets: small elections, many with ties, counted by our rules and by pabutools under the same order of ties.

Not a speed but a ratio of results that agree, where the rules are the same by definition (`docs/methods/budget.md` says where they differ by choice). Ranks
count as names, as in our rules. The peer has no exhaustive completion: it is given an almost nil satisfaction (10⁻¹²) for each project not named, which
is the same but for prices that differ by that little: where such a difference decides a tie in the place of the declared order, winners differ
(one election of the 300, number 48: three projects at 100 € each voter; `tests/core/budget/test_variants.py` holds the smallest such case).
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import _peers
import _timing
import numpy as np

from ressort.core.budget import Ballots, Election, Project, Rules, TieRule, count, write_pb

ELECTIONS, SMALL_STEPS = 300, 60
MES = "method_of_equal_shares"
#: name → (our rules, the peer's call)
RULES = {
    "equal shares": (Rules(completions=()), f"{MES}(inst, app, sat_class=Cardinality_Sat, tie_breaking=lex)"),
    "equal shares, utility of the cost": (Rules(utility="cost", completions=()), f"{MES}(inst, app, sat_class=Cost_Sat, tie_breaking=lex)"),
    "equal shares, points": (Rules(utility="points", completions=()), f"{MES}(inst, prof, sat_class=Additive_Cardinal_Sat, tie_breaking=lex)"),
    "add1": (Rules(completions=("add1",)), f"{MES}(inst, app, sat_class=Cardinality_Sat, tie_breaking=lex, voter_budget_increment=1)"),
    "add1, utility of the cost": (Rules(utility="cost", completions=("add1",)), f"{MES}(inst, app, sat_class=Cost_Sat, tie_breaking=lex, voter_budget_increment=1)"),
    "add-opt": (Rules(completions=("add-opt",)), f"{MES}(inst, app, sat_class=Cardinality_Sat, tie_breaking=lex, voter_budget_increment=frac(1, 10))"),
    "exhaustive": (Rules(completions=("exhaustive",)), f"{MES}(inst, app, sat_class=Almost_Sat, tie_breaking=lex, binary_sat=False)"),
    "Phragmén": (Rules(rule="phragmen", skips=False), "sequential_phragmen(inst, app, tie_breaking=lex)"),
    "maximin support": (Rules(rule="maximin-support"), "maximin_support(inst, app, tie_breaking=lex)"),
    "number of votes": (Rules(rule="greedy"), "greedy_utilitarian_welfare(inst, app, sat_class=Cost_Sat, tie_breaking=lex)"),
}  # fmt: skip
PEER = """
import json, sys
from pabutools.election import *
from pabutools.rules import *
from pabutools.fractions import frac
from pabutools.tiebreaking import lexico_tie_breaking as lex
class Almost_Sat(AdditiveSatisfaction):
    def __init__(self, instance, profile, ballot):
        worth = lambda _instance, _profile, named, project, _held: 1 if project in named else frac(1, 10**12)
        super().__init__(instance, profile, ballot, worth)
for case in json.load(open(sys.argv[1])):
    inst, prof = parse_pabulib(case["file"])
    app = prof if case["kind"] == "approval" else ApprovalProfile([ApprovalBallot(set(ballot)) for ballot in prof], instance=inst)
    told = {name: sorted(p.name for p in eval(call)) for name, call in case["calls"].items()}
    print(json.dumps(told))
"""


def drawn(dice: np.random.Generator, at: int) -> Election:
    """A small election: one in four has round costs, hence ties, one gives points, one ranks; every project has a supporter and fits."""
    count_, voters = int(dice.integers(1, 9)), int(dice.integers(2, 13))
    costs = dice.integers(1, 5, count_) * 100 if at % 4 == 0 else dice.integers(50, 997, count_)
    named = [dice.choice(count_, int(dice.integers(1, count_ + 1)), replace=False).tolist() for _ in range(voters)]
    named[0] = list(range(count_))
    points = [[int(n) for n in dice.integers(1, 6, len(row))] for row in named] if at % 4 == 1 else None
    kind = "scoring" if points else "ordinal" if at % 4 == 2 else "approval"
    budget = max(int(costs.max()), int(costs.sum() * dice.uniform(0.2, 1.05)))
    projects = tuple(Project(f"p{number}", int(cost) * 100) for number, cost in enumerate(costs))
    meta = {"description": "x", "country": "x", "unit": "x", "instance": "1", "rule": "unknown", "date_begin": "2026", "date_end": "2026"}  # fmt: skip
    return Election(budget * 100, projects, Ballots.of(named, points), kind, meta=meta)


def ours(of: Election, rules: Rules) -> list[str]:
    """The winners, ties in the order of the projects as the peer's."""
    lot = TieRule((), tuple(project.code for project in of.projects))
    return sorted(count(of, replace(rules, ties=lot)).winners)


def compared() -> None:
    """Every rule on every election, and how many agree."""
    dice = np.random.default_rng(1)
    elections = [drawn(dice, at) for at in range(ELECTIONS)]
    with tempfile.TemporaryDirectory() as folder:
        cases = []
        for at, of in enumerate(elections):
            file = Path(folder) / f"{at}.pb"
            file.write_text("".join(write_pb(of)), "utf-8")
            calls = {name: call for name, (_rules, call) in RULES.items() if _fits(name, of.vote, at)}
            cases.append({"file": str(file), "kind": of.vote, "calls": calls})
        listed = Path(folder) / "cases.json"
        listed.write_text(json.dumps(cases), "utf-8")
        told = _peers.run(_peers.pabutools(), PEER, str(listed)).splitlines()
    for name, (rules, _call) in RULES.items():
        pairs = [
            (ours(of, rules), row[name])
            for of, row in zip(elections, map(json.loads, told), strict=True)
            if name in row
        ]
        same = sum(mine == theirs for mine, theirs in pairs)
        _timing.tell(f"{name}: same winners as pabutools", same, "elections", len(pairs), "")


def _fits(name: str, kind: str, at: int) -> bool:
    """Whether a rule reads such ballots: by number of votes, ours counts points and ranks where there are some. The peer is slow at small steps."""
    if name == "add-opt":
        return at < SMALL_STEPS
    return kind == "scoring" if "points" in name else kind == "approval" or name != "number of votes"


if __name__ == "__main__":
    _timing.machine()
    try:
        compared()
    except subprocess.CalledProcessError as error:
        print(f"pabutools did not run here: {error.stderr.strip().splitlines()[-1][:200]}", file=sys.stderr)
