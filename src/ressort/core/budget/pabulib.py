"""Reading the `.pb` files of Pabulib, line by line: three sections, `;` between fields, `,` inside lists.

Whatever would change a result is a problem and the file is refused, with all its problems and their lines; the rest is a warning.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Any

import numpy as np

from ressort.core.budget.election import VOTES, WITH_POINTS, Ballots, Election, Problem, Project, Vote
from ressort.core.budget.limits import Limits
from ressort.core.budget.pabulib_lines import cents, rows, trimmed
from ressort.core.errors import RuleBroken

SECTIONS = ("META", "PROJECTS", "VOTES")
#: columns of a project that make groups
GROUPS = ("district", "neighborhood", "subunit")
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Reading:
    """An election, or the problems that stand in the way; warnings in both cases."""

    election: Election | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    problem_count: int = 0


def read_pb(lines: Iterable[str], *, lenient: bool = False) -> Reading:
    """The election that a `.pb` file holds.

    Args:
        lines: the lines of the file, decoded; undecodable bytes as `surrogateescape` leaves them.
        lenient: keep, with a warning, the ballots outside the limits that the file announces.

    >>> text = "META|key;value|budget;100|num_projects;1|num_votes;1|vote_type;approval|PROJECTS|project_id;cost|a;60|VOTES|voter_id;vote|1;a"
    >>> read_pb(text.split("|")).election.budget_cents
    10000
    """
    return _Reader(lenient).read(lines)


def read_election(lines: Iterable[str], *, lenient: bool = False) -> Election:
    """The election that a `.pb` file holds.

    Raises:
        RuleBroken: the file has problems; all of them are told, with their lines.
    """
    reading = read_pb(lines, lenient=lenient)
    if reading.election is None:
        told = [f"line {one.line}: {RuleBroken(one.template, **one.facts)}" for one in reading.problems]
        raise RuleBroken("The file was not read:\n{problems}", problems="\n".join(told), listed=reading.problems)
    return reading.election


@dataclass
class _Reader:
    """The state of a reading: what was understood so far, and what is wrong."""

    lenient: bool
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    meta: dict[str, str] = field(default_factory=dict)
    told_at: dict[str, int] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    voters: dict[str, int] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)

    def read(self, lines: Iterable[str]) -> Reading:
        heads: list[str] = []
        take: Callable[[int, list[str], list[str], Limits], None] = self._nothing
        limits, awaited = Limits(), False
        for line, cells in rows(lines):
            if isinstance(cells, str):
                self._refuse_unread(line, cells)
            elif cells[0].strip().upper() in SECTIONS and not "".join(cells[1:]).strip():
                section = cells[0].strip().upper()
                self._open(line, section)
                take = {"META": self._meta, "PROJECTS": self._project, "VOTES": self._ballot}[section]
                if section == "VOTES":
                    limits = Limits.of(self.meta)
                awaited = True
            elif awaited:
                heads, awaited = [cell.strip().lower() for cell in trimmed(cells, 1)], False
                self._check_heads(line, heads)
            elif cells == [""]:
                self._warn(line, "", "The line is empty.")
            elif len(cells) != len(heads) and self.sections and not self._evened(line, heads, cells):
                self._refuse(
                    line, "", "The line has {given} fields, its section has {expected}.", len(cells), len(heads)
                )
            else:
                take(line, heads, cells, limits)
        return self._closed()

    def _open(self, line: int, section: str) -> None:
        if section in self.sections:
            self._refuse(line, "", "The section {given} comes twice. Keep one.", section)
        elif SECTIONS[len(self.sections)] != section:
            expected = SECTIONS[len(self.sections)]
            self._refuse(
                line,
                "",
                "The section {given} comes where {expected} should. Put META, PROJECTS, VOTES in order.",
                section,
                expected,
            )
        if section not in self.sections:
            self.sections.append(section)

    def _evened(self, line: int, heads: list[str], cells: list[str]) -> bool:
        """Brings a line to the fields of its section where nothing is lost: empty fields too many, a `;` in a word of META."""
        trimmed(cells, len(heads))
        if self.sections[-1] == "META" and len(cells) != len(heads) == 2:
            self._warn(
                line, cells[0], "The line has {given} fields instead of {expected}: read as one text.", len(cells), 2
            )
            cells[1:] = [";".join(cells[1:])]
        return len(cells) == len(heads)

    def _check_heads(self, line: int, heads: list[str]) -> None:
        needed = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
        for name in needed[self.sections[-1]]:
            if name not in heads:
                self._refuse(line, name, "The column {given} is missing from its section.", name)
        if len(set(heads)) < len(heads):
            self._refuse(line, "", "A column of this section has the name of another.")

    def _refuse_unread(self, line: int, why: str) -> None:
        if why == "encoding":
            self._refuse(line, "", "The line is not in UTF-8. Save the file again in that encoding.")
        else:
            self._refuse(line, "", "A quote opened on this line is never closed.")

    def _nothing(self, line: int, heads: list[str], cells: list[str], limits: Limits) -> None:
        if not self.problem_count:
            self._refuse(line, "", "The file begins with “{given}” instead of META.", cells[0][:40])

    def _meta(self, line: int, heads: list[str], cells: list[str], limits: Limits) -> None:
        row = dict(zip(heads, cells, strict=True))
        key = row.get("key", "").strip()
        if self.meta.get(key, row.get("value", "").strip()) != row.get("value", "").strip():
            self._refuse(line, key, "The line {given} comes twice in META. Keep one.", key)
        self.meta[key], self.told_at[key] = row.get("value", "").strip(), line

    def _project(self, line: int, heads: list[str], cells: list[str], limits: Limits) -> None:
        row = dict(zip(heads, (cell.strip() for cell in cells), strict=True))
        code, cost = row.pop("project_id", ""), row.pop("cost", "")
        if not code or re.search(r"[,;]", code):
            self._refuse(
                line, "project_id", "“{given}” cannot be a project number: neither empty, nor with a comma.", code
            )
        elif code in self.places:
            self._refuse(line, "project_id", "The project {given} comes twice. Keep one.", code)
        elif " " in code:
            self._warn(line, "project_id", "The project number “{given}” holds a space: kept as it is.", code)
        amount = self._amount(line, "cost", cost)
        groups = _groups(row)
        self.places.setdefault(code, len(self.projects))
        self.projects.append(Project(code, amount, row.get("name", ""), groups, row))

    def _amount(self, line: int, column: str, text: str) -> int:
        """A positive amount in cents; 1 when it was refused, so that the reading goes on."""
        amount = cents(text)
        if amount is None and "," in text:
            self._refuse(line, column, "“{given}” has a comma. Write decimals with a point.", text)
        elif amount is None:
            self._refuse(line, column, "“{given}” is not an amount with two decimals at most.", text)
        elif amount <= 0:
            self._refuse(line, column, "The amount {given} is not positive.", text)
        return amount if amount is not None and amount > 0 else 1

    def _ballot(self, line: int, heads: list[str], cells: list[str], limits: Limits) -> None:
        row = dict(zip(heads, cells, strict=True))
        voter = row.pop("voter_id", "").strip()
        if not voter:
            self._refuse(line, "voter_id", "The ballot has no number.")
        elif self.voters.setdefault(voter, line) != line:
            self._refuse(
                line, "voter_id", "The voter {given} already votes at line {first}.", voter, first=self.voters[voter]
            )
        named = [code.strip() for code in row.pop("vote", "").split(",")] if row.get("vote", "").strip() else []
        places = [self.places.get(code, -1) for code in named]
        if -1 in places:
            self._refuse(
                line, "vote", "The ballot names {given}, which is not a project of the file.", named[places.index(-1)]
            )
            return
        if len(set(places)) < len(places):
            self._refuse(line, "vote", "The ballot names {given} twice.", next(c for c in named if named.count(c) > 1))
            return
        points = self._points(line, row.pop("points", None), len(places))
        if points is None:
            return
        for broken, given, expected in limits.broken(places, points, self.projects):
            (self._warn if self.lenient else self._refuse)(line, broken.column, broken.template, given, expected)
        self.lengths.append(len(places))
        self.chosen.extend(places)
        self.points.extend(points)
        for head, value in row.items():
            self.columns.setdefault(head, []).append(intern(value.strip()))

    def _points(self, line: int, text: str | None, count: int) -> list[int] | None:
        """The points of a ballot; none when its kind has none; None when they cannot be read."""
        if self.meta.get("vote_type") not in WITH_POINTS:
            return []
        if text is None:
            self._refuse(line, "points", "The ballot gives no points, though its kind asks for them.")
            return None
        given = [one.strip() for one in text.split(",")] if text.strip() else []
        if len(given) != count:
            self._refuse(line, "points", "The ballot gives {given} points for {expected} projects.", len(given), count)
            return None
        wrong = next((one for one in given if not re.fullmatch(r"\d{1,9}(\.0*)?", one)), None)
        if wrong is not None:
            self._refuse(line, "points", "“{given}” is not a number of points: a whole number, 0 or more.", wrong)
            return None
        return [int(one.partition(".")[0]) for one in given]

    def _closed(self) -> Reading:
        for section in SECTIONS[len(self.sections) :]:
            self._refuse(0, "", "The section {given} is missing.", section)
        told, line, budget = self.meta.get("budget", ""), self.told_at.get("budget", 0), 1
        if told:
            budget = self._amount(line, "budget", told)
        elif self.sections:
            self._refuse(line, "budget", "META does not tell the amount to share: {given}.", "budget")
        self._check_counts()
        if not self.lengths and "VOTES" in self.sections and not self.problem_count:
            self._refuse(0, "VOTES", "The file holds no ballot.")
        if self.problem_count:
            return Reading(None, tuple(self.problems), tuple(self.warnings), self.problem_count)
        election = self._election(budget)
        self._compare_counts(election)
        return Reading(election, (), tuple(self.warnings))

    def _check_counts(self) -> None:
        for key, held in (("num_projects", len(self.projects)), ("num_votes", len(self.voters))):
            told = self.meta.get(key, "")
            if told and told.removesuffix(".0") != str(held) and not (self.problem_count and key == "num_votes"):
                line = self.told_at[key]
                self._refuse(line, key, "META tells {given} for {key}, the file holds {expected}.", told, held, key=key)

    def _election(self, budget: int) -> Election:
        starts = np.zeros(len(self.lengths) + 1, np.int64)
        np.cumsum(self.lengths, out=starts[1:])
        kind = self.meta.get("vote_type", "approval")
        vote: Vote = next((one for one in VOTES if one == kind), "approval")
        if kind not in VOTES:
            self._warn(0, "vote_type", "The kind of ballot “{given}” is unknown: read as approval.", kind)
        if self.meta.get("currency", "EUR") != "EUR":
            self._warn(0, "currency", "Amounts are in {given}, shown as if they were euros.", self.meta["currency"])
        points = np.array(self.points, np.int64) if vote in WITH_POINTS else None
        ballots = Ballots(starts, np.array(self.chosen, np.int32), points, tuple(self.voters), self.columns)
        for project in self.projects:
            if project.cost_cents > budget:
                self._warn(0, "cost", "The project {given} costs more than the envelope: it cannot win.", project.code)
        return Election(budget, tuple(self.projects), ballots, vote, self.meta)

    def _compare_counts(self, election: Election) -> None:
        for column, counted in (("votes", election.votes()), ("score", election.scores())):
            for project, ours in zip(election.projects, counted.tolist(), strict=True):
                told = project.columns.get(column, "")
                if told and told.removesuffix(".0") != str(ours):
                    self._warn(
                        0,
                        column,
                        "The project {project} has {given} in the column {counted}, its ballots make {expected}.",
                        told,
                        ours,
                        counted=column,
                        project=project.code,
                    )

    def _refuse(self, line: int, column: str, template: str, given: Any = "", expected: Any = "", **more: Any) -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(line, column, template, {"given": given, "expected": expected} | more))

    def _warn(self, line: int, column: str, template: str, given: Any = "", expected: Any = "", **more: Any) -> None:
        if len(self.warnings) < MOST_PROBLEMS:
            self.warnings.append(Problem(line, column, template, {"given": given, "expected": expected} | more))


def _groups(row: Mapping[str, str]) -> tuple[str, ...]:
    """The groups of a project, such as `category:nature`; a project may have several categories."""
    several = [f"category:{part.strip()}" for part in row.get("category", "").split(",") if part.strip()]
    return tuple(dict.fromkeys([*several, *(f"{head}:{row[head]}" for head in GROUPS if row.get(head))]))
