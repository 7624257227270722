"""Ballots as a rule reads them: a utility for each supported project, voters with the same ballot merged.

Voters who vote alike always hold the same balance; one *type* stands for all of them, with its `size`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from ressort.core.budget.election import Election, Integers

Utility = Literal["cardinality", "cost", "points"]
UTILITIES: tuple[Utility, ...] = ("cardinality", "cost", "points")
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Profile:
    """Supports of merged voters, by type and by project.

    Args:
        voters: how many ballots receive an endowment.
        size: (types,) voters of each type.
        type_of: (ballots,) the type of each ballot, -1 when it has no endowment.
        starts, projects, worths: the supports of type t are `projects[starts[t]:starts[t + 1]]`.
    """

    costs_cents: Integers
    voters: int
    size: Integers
    type_of: Integers
    starts: Integers
    projects: Integers
    worths: Integers

    @cached_property
    def votes(self) -> Integers:
        """(projects,) supporters."""
        counted = np.zeros(len(self.costs_cents), np.int64)
        np.add.at(counted, self.projects, self.size[self.supporters])
        return counted

    @cached_property
    def supporters(self) -> Integers:
        """(supports,) the type that each support comes from."""
        return np.repeat(np.arange(len(self.size)), np.diff(self.starts))

    @cached_property
    def by_project(self) -> tuple[Integers, npt.NDArray[np.int32], Integers]:
        """Starts, types and utilities of the supporters of each project."""
        small = self.projects.astype(np.int16) if len(self.costs_cents) < 2**15 else self.projects
        order = np.argsort(small, kind="stable")
        starts = np.zeros(len(self.costs_cents) + 1, np.int64)
        np.cumsum(np.bincount(self.projects, minlength=len(self.costs_cents)), out=starts[1:])
        return starts, self.supporters[order].astype(np.int32), self.worths[order]


def profile(
    election: Election,
    utility: Utility,
    *,
    voters: Flags | None = None,
    blank_counts: bool = False,
    merges: bool = True,
) -> Profile:
    """The supports of an election under a utility.

    Args:
        utility: 1 for each project named, its cost, or the points given.
        voters: ballots that count (all by default).
        blank_counts: whether ballots that support nothing receive an endowment, which nobody then spends.
        merges: whether voters alike become one type, which costs more than one run of a rule and saves on the next ones.
    """
    ballots = election.ballots
    row = np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))
    keep = np.ones(len(row), bool) if ballots.points is None else ballots.points > 0
    if voters is not None:
        keep &= voters[row]
    row, project = row[keep], ballots.chosen[keep].astype(np.int64)
    keys = row * max(len(election.projects), 1) + project
    order = np.argsort(keys, kind="stable") if (keys[1:] < keys[:-1]).any() else np.arange(len(keys))
    row, project = row[order], project[order]
    worth = _worths(election, utility, keep, order, project)
    lengths = np.bincount(row, minlength=len(ballots))
    type_of, first = _merged(lengths, project, worth) if merges else _apart(lengths)
    size = np.bincount(type_of[type_of >= 0], minlength=len(first))
    counted = int((voters if voters is not None else np.ones(len(ballots), bool)).sum())
    starts, taken = _rows(lengths, first)
    return Profile(
        election.costs_cents,
        counted if blank_counts else int(size.sum()),
        size.astype(np.int64),
        type_of,
        starts,
        project[taken],
        worth[taken],
    )


def _worths(election: Election, utility: Utility, keep: Flags, order: Integers, project: Integers) -> Integers:
    if utility == "cost":
        return election.costs_cents[project]
    points = election.points if utility == "points" else None
    if points is not None:
        return points[keep][order]
    return np.ones(len(project), np.int64)


def _rows(lengths: Integers, wanted: Integers) -> tuple[Integers, Integers]:
    """Starts of the wanted rows once packed, and where their entries stand."""
    begins = np.concatenate([[0], np.cumsum(lengths)])
    starts = np.concatenate([[0], np.cumsum(lengths[wanted])]).astype(np.int64)
    taken = np.arange(starts[-1]) + np.repeat(begins[wanted] - starts[:-1], lengths[wanted])
    return starts, taken


def _apart(lengths: Integers) -> tuple[Integers, Integers]:
    """Each ballot a type of its own."""
    named = np.flatnonzero(lengths)
    type_of = np.full(len(lengths), -1, np.int64)
    type_of[named] = np.arange(len(named))
    return type_of, named


def _merged(lengths: Integers, project: Integers, worth: Integers) -> tuple[Integers, Integers]:
    """The type of each ballot (-1: blank), and the first ballot of each type.

    Two 64-bit sums of scrambled entries find ballots that may be alike; entries are then compared one by one.
    """
    row = np.repeat(np.arange(len(lengths)), lengths)
    with np.errstate(over="ignore"):
        entry = _scrambled(
            project.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ _scrambled(worth.astype(np.uint64))
        )
    mark = np.zeros(len(lengths), np.uint64)
    np.add.at(mark, row, entry)
    named = np.flatnonzero(lengths)
    _marks, first, inverse = np.unique(mark[named], return_index=True, return_inverse=True)
    head = named[first][inverse]
    alike = _alike(lengths, project, worth, named, head)
    if not alike.all():  # two different ballots share a mark: keep every ballot apart
        first, inverse = np.arange(len(named)), np.arange(len(named))
    order = np.argsort(first, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    type_of = np.full(len(lengths), -1, np.int64)
    type_of[named] = place[inverse]
    return type_of, named[first][order]


def _alike(lengths: Integers, project: Integers, worth: Integers, ours: Integers, theirs: Integers) -> Flags:
    """Whether ballots hold the same entries."""
    same = lengths[ours] == lengths[theirs]
    if not same.all():
        return same
    _starts, left = _rows(lengths, ours)
    _starts, right = _rows(lengths, theirs)
    return np.array([bool((project[left] == project[right]).all() and (worth[left] == worth[right]).all())])


def _scrambled(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """A bijection of 64-bit words that spreads every bit."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
