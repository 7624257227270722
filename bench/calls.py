"""Calls for projects: ranking ten thousand files, choosing under an envelope, asking what weights would change, checking a file.

Peers: PuLP with CBC for the choice (same model, same totals asked), one linear program a pair of files for the ranges,
frictionless for the published file. Process time, since other work may share the machine.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import _peers
import _timing
import numpy as np
from scipy.optimize import linprog

from ressort.core.calls import (
    MILLIONTHS,
    Bound,
    Candidate,
    Purse,
    Ranked,
    Review,
    deliberate,
    portfolio,
    problems,
    rank,
    rank_ranges,
    reviewed,
    written,
)
from ressort.ingest.call_files import published_lines
from ressort.reference.call_grids import grid_template
from ressort.reference.scdl import schema

GRID = grid_template("resilience").grid("fr")
LIMIT_RANKING_S, LIMIT_DELIBERATION_S = 5.0, 10.0
PULP, FRICTIONLESS = "pulp==3.3.0", "frictionless==5.18.1"


def cpu_s(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = run()
    return time.process_time() - start, found


def reviews(files: int, seed: int) -> list[Review]:
    """Three reviewers of twelve a file, marks by half points."""
    dice = random.Random(seed)
    found = []
    for number in range(files):
        worth = dice.gauss(3.2, 0.8)
        for reviewer in dice.sample(range(12), 3):
            marks = {one.code: Fraction(min(10, max(0, round(2 * dice.gauss(worth, 0.7)))), 2) for one in GRID.criteria}
            found.append(Review(application=f"f{number:05}", reviewer=f"r{reviewer}", marks=marks))
    return found


def ranking() -> None:
    given = reviews(10_000, 1)
    seconds, found = cpu_s(lambda: rank(reviewed(given, GRID), GRID))
    assert len(found) == 10_000
    _timing.tell("10,000 files × 3 reviews × 6 criteria, exact ranking", seconds, "limit asked", LIMIT_RANKING_S, "s")
    seconds, _found = cpu_s(lambda: rank(reviewed(given, GRID, "severity"), GRID))
    _timing.tell("the same, severities of 12 reviewers taken out", seconds, "limit asked", 2 * LIMIT_RANKING_S, "s")


def market(files: int, seed: int) -> tuple[list[Candidate], Purse]:
    """Files over 17 cantons, one winner each at least, a third of the money asked."""
    dice = random.Random(seed)
    line = [
        Candidate(
            application=f"f{number:05}",
            amount_cents=dice.randrange(200_000, 5_000_000),
            score=Fraction(dice.randrange(3000, 10_000), 10_000),
        )
        for number in range(files)
    ]
    line.sort(key=lambda one: (-one.score, one.application))
    asked = sum(one.amount_cents for one in line)
    cantons = (
        Bound(
            code=f"canton {k}",
            members=frozenset(one.application for one in line if int(one.application[1:]) % 17 == k),
            least_count=1,
            most_cents=asked // 30,
        )
        for k in range(17)
    )
    return line, Purse(envelope_cents=asked // 3, bounds=tuple(cantons))


CBC = """
import json, resource, sys
import pulp
given = json.loads(open(sys.argv[1]).read())
model = pulp.LpProblem("choice", pulp.LpMaximize)
x = {name: pulp.LpVariable(name, cat="Binary") for name in given["cents"]}
model += pulp.lpSum(given["worth"][name] * one for name, one in x.items())
model += pulp.lpSum(given["cents"][name] * one for name, one in x.items()) <= given["envelope"]
for members, most in given["bounds"]:
    model += pulp.lpSum(x[name] for name in members) >= 1
    model += pulp.lpSum(given["cents"][name] * x[name] for name in members) <= most
model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, gapRel=0, gapAbs=0, timeLimit=300))
chosen = [name for name, one in x.items() if one.value() > 0.5]
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": spent.ru_utime + spent.ru_stime, "worth": sum(given["worth"][name] for name in chosen)}))
"""


def choosing() -> None:
    """The same choice asked to CBC, its solver process alone timed; ours also settles equals."""
    python = _peers.python_with(PULP)
    portfolio(*market(50, 1))  # compiles, or reads what was compiled
    for files in (50, 200, 1000):
        line, purse = market(files, files)
        worth = {one.application: int(one.score * MILLIONTHS) for one in line}
        ours, found = cpu_s(lambda line=line, purse=purse: portfolio(line, purse))  # type: ignore[misc]
        given = {
            "cents": {one.application: one.amount_cents for one in line},
            "worth": worth,
            "envelope": purse.envelope_cents,
            "bounds": [(sorted(one.members), one.most_cents) for one in purse.bounds],
        }
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(given, file)
            file.flush()
            peer = json.loads(_peers.run(python, CBC, file.name).splitlines()[-1])
        assert found.is_proven
        assert found.value >= peer["worth"], (found.value, peer["worth"])
        what = f"best choice, {files} files × 17 cantons, equals settled"
        _timing.tell(
            what,
            ours,
            f"PuLP + CBC, {'same total' if found.value == peer['worth'] else 'a lower total'}",
            peer["seconds"],
            "s",
        )


def ranges() -> None:
    """Ranges of 400 files against one linear program a pair, timed on 200 pairs and scaled."""
    ranked = [one for one in rank(reviewed(reviews(600, 3), GRID), GRID) if one.is_fundable][:400]
    ours, found = cpu_s(lambda: rank_ranges(ranked, GRID))
    assert len(found) == len(ranked)
    weights = np.array(GRID.weights, dtype=float) / sum(GRID.weights)
    limits = [(0.8 * w, 1.2 * w) for w in weights]
    dice = random.Random(5)
    pairs = [dice.sample(ranked, 2) for _ in range(200)]
    seconds, _done = cpu_s(lambda: [_pair(a, b, limits) for a, b in pairs])
    whole = seconds / len(pairs) * len(ranked) * (len(ranked) - 1)
    _timing.tell(
        f"places of {len(ranked)} files, weights free within ±20 %",
        ours,
        "one HiGHS program a pair (scaled)",
        whole,
        "s",
    )


def _pair(a: Ranked, b: Ranked, limits: list[tuple[float, float]]) -> float:
    gains = [float(x - y) for x, y in zip(a.marks, b.marks, strict=True) if x is not None and y is not None]
    return float(linprog(gains, A_eq=[[1.0] * len(gains)], b_eq=[1.0], bounds=limits).fun)


def deliberation() -> None:
    """All that the committee's page shows for a call of a hundred files."""
    ranked = rank(reviewed(reviews(100, 4), GRID), GRID)
    dice = random.Random(6)
    amounts = {one.application: dice.randrange(200_000, 3_000_000) for one in ranked}
    purse = Purse(envelope_cents=sum(amounts.values()) // 3)
    seconds, _found = cpu_s(lambda: deliberate(ranked, GRID, amounts, purse))
    _timing.tell("100 files: choices, explanations, ranges, weights", seconds, "limit asked", LIMIT_DELIBERATION_S, "s")


CHECK = """
import sys, time, json
from frictionless import Schema, Resource, system
start = time.process_time()
with system.use_context(trusted=True):
    report = Resource(path=sys.argv[1], schema=Schema.from_descriptor(json.loads(open(sys.argv[2]).read()))).validate()
assert report.valid, report.flatten(["rowNumber", "note"])[:3]
print(time.process_time() - start)
"""


def checking() -> None:
    """A published file of 20,000 lines against frictionless with the same types and patterns."""
    wanted = schema("subventions")
    row = {one.name: one.example for one in wanted.fields}
    kinds = {"date": "date", "number": "number"}
    described = {
        "fields": [
            {
                "name": one.name,
                "type": kinds.get(one.kind, "string"),
                "constraints": {"required": one.required}
                | ({"pattern": one.pattern} if one.pattern else {})
                | ({"enum": list(one.choices)} if one.choices else {}),
            }
            for one in wanted.fields
        ]
    }
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder) / "subventions.csv", Path(folder) / "schema.json"
        path.write_text(written(wanted, [row | {"referenceDecision": f"D{i}"} for i in range(20_000)]), "utf-8")
        other.write_text(json.dumps(described), "utf-8")

        def check() -> int:
            with published_lines(path) as (header, rows):
                return len(problems(wanted, header, rows))

        ours, found = cpu_s(check)
        assert found == 0
        peer = float(_peers.run(_peers.python_with(FRICTIONLESS), CHECK, str(path), str(other)).splitlines()[-1])
    _timing.tell("a published file of 20,000 lines checked", ours, "frictionless, fewer rules", peer, "s")


if __name__ == "__main__":
    _timing.machine()
    ranking()
    choosing()
    ranges()
    deliberation()
    checking()
