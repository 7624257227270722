"""Participatory budgets: equal shares on a city, with and without completion, on a million voters; explanations; reading.

The peer is pabutools, in an environment of its own, on the same generated city written as `.pb`. It is given ten minutes.
Processor time is told beside wall time, since the wall clock of a shared machine is noisy.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable

import _peers
import _timing
import numpy as np

from ressort.core.budget import (
    Ballots,
    Election,
    Project,
    Rules,
    TieRule,
    count,
    drawn_order,
    explain,
    read_election,
    write_pb,
)

LIMIT_PLAIN_MS, LIMIT_ADD1_MS, LIMIT_MILLION_S, LIMIT_MILLION_MB, LIMIT_EXPLAINED_S = 10.0, 1000.0, 30.0, 2000.0, 2.0
LIMIT_RATIO = 500.0
PEER = """
import sys, time
from pabutools.election import parse_pabulib, Cardinality_Sat
from pabutools.rules import method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
start = time.process_time()
won = method_of_equal_shares(instance, profile, sat_class=Cardinality_Sat)
print(time.process_time() - start, *sorted(project.name for project in won))
"""


def city(voters: int, projects: int, budget_eur: int, seed: int = 1) -> Election:
    """A city as they are: costs up to 200,000 EUR, twice the envelope in all, a few projects known to all, one to three names a ballot, mostly local."""
    dice = np.random.default_rng(seed)
    costs = np.round(dice.beta(0.7, 1.2, projects) * 200_000, -2) + 1_000
    costs = (np.maximum(np.round(costs * min(2 * budget_eur / costs.sum(), 1.0), -2), 1_000) * 100).astype(np.int64)
    districts, fame = dice.integers(0, 20, projects), dice.pareto(1.5, projects) + 0.1
    home = dice.integers(0, 20, voters)
    lengths = dice.integers(1, 4, voters)
    chosen = np.empty((voters, 3), np.int64)
    for district in range(20):
        local = np.flatnonzero(home == district)
        weight = fame * np.where(districts == district, 20.0, 1.0)
        chosen[local] = dice.choice(projects, (len(local), 3), p=weight / weight.sum())
    chosen[:, 1][chosen[:, 1] == chosen[:, 0]] = -1
    chosen[:, 2][(chosen[:, 2] == chosen[:, 0]) | (chosen[:, 2] == chosen[:, 1])] = -1
    keep = (np.arange(3) < lengths[:, None]) & (chosen >= 0)
    starts = np.concatenate([[0], np.cumsum(keep.sum(axis=1))]).astype(np.int64)
    told = tuple(Project(str(at), int(cost)) for at, cost in enumerate(costs))
    return Election(budget_eur * 100, told, Ballots(starts, chosen[keep].astype(np.int32)))


def _rules(of: Election, **words: object) -> Rules:
    lot = TieRule(lot=drawn_order([project.code for project in of.projects], "bench"))
    return Rules(ties=lot, **words)  # type: ignore[arg-type]


def timed(run: Callable[[], object], runs: int = 5) -> tuple[float, float]:
    """Wall and processor seconds, the best of several runs after one that does not count."""
    run()
    best = (float("inf"), float("inf"))
    for _run in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        best = min(best[0], time.perf_counter() - wall), min(best[1], time.process_time() - cpu)
    return best


def cities() -> None:
    """City instances, without completion beside the peer, then with add1."""
    for voters, projects, budget in ((4_500, 180, 8_000_000), (7_300, 200, 8_000_000)):
        of = city(voters, projects, budget)
        what = f"{voters} voters × {projects} projects"
        wall, cpu = timed(lambda of=of: count(of, _rules(of, completions=())))  # type: ignore[misc]
        _timing.tell(f"equal shares, {what}: wall", 1000 * wall, "limit asked", LIMIT_PLAIN_MS)
        _timing.tell(f"equal shares, {what}: processor", 1000 * cpu, "limit asked", LIMIT_PLAIN_MS)
        peer(of, cpu)
        for label, words in (("add1", {"completions": ("add1",)}), ("add1, then greedy", {})):
            wall, cpu = timed(lambda of=of, words=words: count(of, _rules(of, **words)), 3)  # type: ignore[misc]
            _timing.tell(f"with {label}: wall", 1000 * wall, "limit asked", LIMIT_ADD1_MS)
            _timing.tell(f"with {label}: processor", 1000 * cpu, "limit asked", LIMIT_ADD1_MS)
        wall, cpu = timed(lambda of=of: count(of, _rules(of, rule="phragmen")), 3)  # type: ignore[misc]
        _timing.tell("Phragmén: processor", 1000 * cpu, "limit of the knowledge page", 100.0)


def peer(of: Election, ours_s: float) -> None:
    """pabutools on the same file: its time over ours, and whether it funds the same projects."""
    with tempfile.NamedTemporaryFile("w", suffix=".pb", encoding="utf-8") as file:
        meta = {"description": "bench", "country": "x", "unit": "x", "instance": "1", "rule": "unknown"}
        meta |= {"date_begin": "2026", "date_end": "2026"}
        file.writelines(write_pb(Election(of.budget_cents, of.projects, of.ballots, meta=meta)))
        file.flush()
        try:
            told = _peers.run(_peers.pabutools(), PEER, file.name).split()
        except subprocess.CalledProcessError as error:
            print(f"pabutools did not run here: no ratio ({error.stderr.strip().splitlines()[-1][:120]})")
            return
    theirs = set(told[1:])
    ours = set(count(of, _rules(of, completions=())).winners)
    _timing.tell("pabutools over ours, processor time", float(told[0]) / ours_s, "at least asked", LIMIT_RATIO, "×")
    print(f"{'':<62} {len(ours & theirs)} winners in common of {len(ours)} and {len(theirs)} (ties may differ)")


def million() -> None:
    """A million voters × 1,000 projects: reading as a stream, merging, equal shares, completion."""
    of = city(1_000_000, 1_000, 50_000_000)
    start, cpu = time.perf_counter(), time.process_time()
    count(of, _rules(of, completions=()))
    wall, spent = time.perf_counter() - start, time.process_time() - cpu
    _timing.tell("1,000,000 voters × 1,000 projects: wall", wall, "limit asked", LIMIT_MILLION_S, "s")
    _timing.tell("the same: processor", spent, "limit asked", LIMIT_MILLION_S, "s")
    start = time.process_time()
    read_election(line for text in write_pb(of) for line in text.splitlines())
    _timing.tell(
        "writing and reading its file as a stream", time.process_time() - start, "limit asked", LIMIT_MILLION_S, "s"
    )
    _timing.tell("most memory held", _timing.memory_mb(), "limit asked", LIMIT_MILLION_MB, "MB")
    start = time.process_time()
    count(of, _rules(of))
    _timing.tell(
        "the same with add1, then greedy: processor", time.process_time() - start, "limit asked", LIMIT_MILLION_S, "s"
    )


def explained() -> None:
    """30,000 ballots × 184 projects, the size of Gironde's: the count with all its explanations."""
    of = city(30_000, 184, 800_000)
    wall, cpu = timed(lambda: explain(count(of, _rules(of))), 3)
    _timing.tell("30,000 ballots counted and explained: wall", wall, "limit asked", LIMIT_EXPLAINED_S, "s")
    _timing.tell("the same: processor", cpu, "limit asked", LIMIT_EXPLAINED_S, "s")


if __name__ == "__main__":
    _timing.machine()
    cities()
    explained()
    million()
