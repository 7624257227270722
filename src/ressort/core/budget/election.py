"""What an election is: an envelope, projects, ballots. All of it checked when it is built."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ressort.core.errors import RuleBroken

Integers = npt.NDArray[np.int64]
Vote = Literal["approval", "choose-1", "ordinal", "cumulative", "scoring"]
VOTES: tuple[Vote, ...] = ("approval", "choose-1", "ordinal", "cumulative", "scoring")
#: kinds of ballots that give points
WITH_POINTS = ("cumulative", "scoring")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of a file; `template` is an English message, filled by `facts`. Line 0: the whole file."""

    line: int
    column: str
    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Project:
    """A project as people vote on it: what the authority would pay, and the groups it belongs to."""

    code: str
    cost_cents: int
    name: str = ""
    groups: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Ballots:
    """All ballots in three arrays: ballot `i` names the projects `chosen[starts[i]:starts[i + 1]]`, and gives them `points`.

    `voters` holds the number of each ballot, `columns` what else the file tells about them; both may be empty.
    """

    starts: Integers
    chosen: npt.NDArray[np.int32]
    points: Integers | None = None
    voters: Sequence[str] = ()
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, named: Iterable[Sequence[int]], points: Iterable[Sequence[int]] | None = None) -> "Ballots":
        """Ballots from lists of project positions.

        >>> len(Ballots.of([[0, 1], [], [1]]))
        3
        """
        rows = [list(row) for row in named]
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(row) for row in rows], out=starts[1:])
        given = None if points is None else np.array([one for row in points for one in row], np.int64)
        return cls(starts, np.array([p for row in rows for p in row], np.int32), given)


@dataclass(frozen=True, eq=False)
class Election:
    """An envelope, the projects, the ballots, and what the file says about itself.

    Raises:
        RuleBroken: no envelope, a cost that is not positive, two projects of one code, a ballot that names a project twice
            or one that does not exist.
    """

    budget_cents: int
    projects: tuple[Project, ...]
    ballots: Ballots
    vote: Vote = "approval"
    meta: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.budget_cents <= 0:
            raise RuleBroken("The envelope is {given} cents. Give a positive amount.", given=self.budget_cents)
        free = [project.code for project in self.projects if project.cost_cents <= 0]
        if free:
            raise RuleBroken("These projects have no positive cost: {projects}. Mend or remove them.", projects=free)
        codes = [project.code for project in self.projects]
        twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
        if twice:
            raise RuleBroken("These project numbers appear twice: {projects}. Give each its own.", projects=twice)
        self._check_ballots()

    def _check_ballots(self) -> None:
        chosen, count = self.ballots.chosen, len(self.projects)
        if len(chosen) and (chosen.min() < 0 or chosen.max() >= count):
            raise RuleBroken("A ballot names a project that does not exist.", projects=count)
        voter = np.repeat(np.arange(len(self.ballots)), np.diff(self.ballots.starts))
        keys = np.sort(voter * max(count, 1) + chosen)
        if (keys[1:] == keys[:-1]).any():
            row = int(keys[1:][keys[1:] == keys[:-1]][0] // count)
            raise RuleBroken("Ballot {ballot} names a project twice. Keep it once.", ballot=row + 1)
        points = self.ballots.points
        if points is not None and len(points) and points.min() < 0:
            raise RuleBroken("A ballot gives negative points. Points start at 0.", given=int(points.min()))

    @property
    def costs_cents(self) -> Integers:
        """What each project costs."""
        return np.array([project.cost_cents for project in self.projects], np.int64)

    def position(self, code: str) -> int:
        """Where a project stands in `projects`.

        Raises:
            RuleBroken: no project bears that number.
        """
        for at, project in enumerate(self.projects):
            if project.code == code:
                return at
        raise RuleBroken("No project bears the number {project}.", project=code)

    def votes(self) -> Integers:
        """How many ballots support each project; a point of 0 is no support."""
        supports = self.ballots.chosen if self.ballots.points is None else self.ballots.chosen[self.ballots.points > 0]
        return np.bincount(supports, minlength=len(self.projects)).astype(np.int64)

    @property
    def points(self) -> Integers | None:
        """(supports,) the points of each name on a ballot: given, or by rank (the first of at most three: 3, 2, 1); None when all count alike."""
        if self.ballots.points is not None or self.vote != "ordinal":
            return self.ballots.points
        lengths = np.diff(self.ballots.starts)
        told = self.meta.get("max_length", "").strip()
        most = int(told) if told.isdigit() else int(lengths.max(initial=1))
        rank = np.arange(len(self.ballots.chosen)) - np.repeat(self.ballots.starts[:-1], lengths)
        return np.maximum(most - rank, 1)

    def scores(self) -> Integers:
        """The points each project received; its votes where ballots give no points."""
        points = self.points
        if points is None:
            return self.votes()
        total = np.zeros(len(self.projects), np.int64)
        np.add.at(total, self.ballots.chosen, points)
        return total
