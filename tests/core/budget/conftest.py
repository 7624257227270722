"""Elections drawn at random, and the real ones where the samples are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from ressort.core.budget import Ballots, Election, Project, read_election

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT.parent / "shared" / "samples" / "decisions" / "pb"


def election(
    costs: Sequence[int], named: Sequence[Sequence[int]], budget: int, points: Sequence[Sequence[int]] | None = None
) -> Election:
    """An election in a line: projects are numbered from 0."""
    projects = tuple(Project(str(at), cost) for at, cost in enumerate(costs))
    vote = "approval" if points is None else "cumulative"
    return Election(budget, projects, Ballots.of(named, points), vote)


@st.composite
def elections(draw: st.DrawFn, most_projects: int = 6, most_voters: int = 8, with_points: bool = False) -> Election:
    """Small elections with many ties: cheap projects, few voters."""
    costs = draw(st.lists(st.integers(1, draw(st.sampled_from([4, 60]))), min_size=1, max_size=most_projects))
    ballots = draw(
        st.lists(
            st.lists(st.integers(0, len(costs) - 1), unique=True, max_size=len(costs)), min_size=1, max_size=most_voters
        ).filter(lambda rows: any(rows))
    )
    budget = draw(st.integers(1, sum(costs) + 2))
    points = [[draw(st.integers(0, 3)) for _ in row] for row in ballots] if with_points else None
    return election(costs, ballots, budget, points)


def utilities(of: Election, utility: str) -> list[dict[int, int]]:
    """Each ballot as project → utility."""
    starts, points = of.ballots.starts.tolist(), of.ballots.points
    told = []
    for at in range(len(of.ballots)):
        row = {}
        for entry in range(starts[at], starts[at + 1]):
            p = int(of.ballots.chosen[entry])
            given = 1 if points is None else int(points[entry])
            if given:
                row[p] = {"cardinality": 1, "cost": of.projects[p].cost_cents, "points": given}[utility]
        told.append(row)
    return told


def lot(of: Election, seed: int) -> tuple[str, ...]:
    """An order of the projects."""
    codes = [project.code for project in of.projects]
    return tuple(codes[at] for at in np.random.default_rng(seed).permutation(len(codes)))


def toulouse(year: int) -> Election:
    """A real election, or the reason why it is not here."""
    path = SAMPLES / f"France_Toulouse_{year}.pb"
    if not path.is_file():
        pytest.skip(f"the sample {path.name} is not on this machine")
    with path.open(encoding="utf-8-sig") as lines:
        return read_election(lines)
