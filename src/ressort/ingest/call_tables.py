"""Tables of a call for projects: the marks of the reviewers, and the files with what they ask. CSV or workbook.

Every problem of a table is told at once, with its line; a table with one problem gives nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ressort.core.calls import Grid, Problem, Review, is_siret
from ressort.core.errors import RuleBroken
from ressort.ingest.connector import header_key
from ressort.ingest.own_data import lines_of

MOST_ROWS = 200_000
#: column → the words that may name it, French or English
_REVIEW_WORDS = {
    "application": ("dossier", "application"),
    "reviewer": ("evaluateur", "evaluatrice", "reviewer"),
    "conflict": ("conflit", "conflict"),
}
_FILE_WORDS = {
    "application": ("dossier", "application"),
    "name": ("titre", "projet", "name"),
    "siret": ("siret",),
    "area": ("secteur", "canton", "area"),
    "theme": ("theme", "thematique"),
    "requested": ("demande", "montant", "requested"),
    "eligible": ("cout", "eligible"),
    "effect": ("effet", "effect"),
    "excludes": ("exclut", "excludes"),
    "requires": ("suppose", "requires"),
}
_NOT_APPLICABLE = {"na", "n/a", "so", "s.o.", "sans objet"}
_YES, _NO = {"oui", "yes", "1", "x", "true", "vrai"}, {"", "non", "no", "0", "false", "faux"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of a call, as a table gives it. Amounts in cents; `effect` in whole units of an indicator."""

    application: str
    name: str
    siret: str
    area: str
    theme: str
    requested_cents: int
    eligible_cents: int
    effect: int | None
    excludes: tuple[str, ...]
    requires: tuple[str, ...]


def review_lines(grid: Grid) -> list[list[str]]:
    """A table of marks to fill: the header and one line as an example."""
    codes = [one.code for one in grid.criteria]
    return [["dossier", "evaluateur", "conflit", *codes], ["D-01", "ada", "non", *["3"] * len(codes)]]


def application_lines() -> list[list[str]]:
    """A table of files to fill: the header and one line as an example."""
    return [
        ["dossier", "titre", "siret", "secteur", "theme", "demande", "cout", "effet", "exclut", "suppose"],
        ["D-01", "Verger communal", "22330001300016", "Nord", "alimentation", "12000", "30000", "", "", ""],
    ]


def read_reviews(content: bytes, file_name: str, grid: Grid) -> list[Review]:
    """The reviews of a table with one line a file and reviewer, one column a criterion of the grid.

    An empty cell was not marked; “na” or “s.o.” says that the criterion does not apply.

    Raises:
        RuleBroken: columns that are missing, or cells that cannot be read; `facts["problems"]` holds them all.
    """
    table = _Table(content, file_name, _REVIEW_WORDS, ("application", "reviewer"))
    places = {one.code: table.find(header_key(one.code)) for one in grid.criteria}
    for code, place in places.items():
        if place is None:
            table.problems.append(Problem(1, code, "This column is missing."))
    table.refuse_unknown({header_key(one.code) for one in grid.criteria})
    reviews, seen = [], dict[str, int]()
    for line, cells in table.rows:
        text = table.reader(cells)
        name, reviewer, conflict = text("application"), text("reviewer"), text("conflict").lower()
        table.need(line, "application", name)
        table.need(line, "reviewer", reviewer)
        table.note_repeat(line, "reviewer", f"{name} {reviewer}", seen)
        if conflict not in _YES | _NO:
            table.problem(line, "conflict", "“{given}” is neither yes nor no.", given=conflict[:60])
        marks: dict[str, Fraction | None] = {}
        for criterion in grid.criteria:
            place = places[criterion.code]
            cell = cells[place].strip() if place is not None and place < len(cells) else ""
            if cell:
                marks[criterion.code] = _mark(line, criterion.code, cell, criterion.top, table)
        reviews.append(Review(application=name, reviewer=reviewer, marks=marks, conflict=conflict in _YES))
    table.refuse_problems()
    return reviews


def read_applications(content: bytes, file_name: str) -> list[FileRow]:
    """The files of a table: what each asks, for which cost, where, and what it excludes or supposes.

    Raises:
        RuleBroken: columns that are missing, or cells that cannot be read; `facts["problems"]` holds them all.
    """
    table = _Table(content, file_name, _FILE_WORDS, ("application", "requested"))
    table.refuse_unknown(set())
    seen: dict[str, int] = {}
    found = [_file_row(line, table.reader(cells), table, seen) for line, cells in table.rows]
    for row in found:
        for column, others in (("excludes", row.excludes), ("requires", row.requires)):
            for other in others:
                if other not in seen:
                    table.problem(seen[row.application], column, "There is no file {name}.", name=other)
    table.refuse_problems()
    return found


def _file_row(line: int, text: Callable[[str], str], table: "_Table", seen: dict[str, int]) -> FileRow:
    name, siret = text("application"), text("siret").replace(" ", "")
    table.need(line, "application", name)
    table.note_repeat(line, "application", name, seen)
    if siret and not is_siret(siret):
        table.problem(line, "siret", "“{given}” is no SIRET: 14 digits with a right key.", given=siret[:60])
    requested = _cents(line, "requested", text("requested"), table)
    eligible = _cents(line, "eligible", text("eligible"), table) if text("eligible") else requested
    if requested > eligible:
        table.problem(line, "requested", "More is asked than the project costs.")
    excludes, requires = (
        tuple(part.strip() for part in text(word).split(",") if part.strip()) for word in ("excludes", "requires")
    )
    effect = _whole(line, text("effect"), table)
    return FileRow(
        name, text("name"), siret, text("area"), text("theme"), requested, eligible, effect, excludes, requires
    )


class _Table:
    """The lines of a table, the places of its columns, and the problems met so far."""

    def __init__(
        self, content: bytes, file_name: str, words: dict[str, tuple[str, ...]], needed: Sequence[str]
    ) -> None:
        self.file_name = file_name
        lines = lines_of(content, file_name, MOST_ROWS)
        if not lines:
            raise RuleBroken("The file {name} holds no row: fill the template and send it again.", name=file_name)
        self.header = [header_key(cell) for cell in lines[0][1]]
        self.rows = [(line, cells) for line, cells in lines[1:] if any(cell.strip() for cell in cells)]
        if not self.rows:
            raise RuleBroken("The file {name} holds no row: fill the template and send it again.", name=file_name)
        self.problems: list[Problem] = []
        self.words = {word for known in words.values() for word in known}
        self.places = {
            name: next((place for word in known if (place := self.find(word)) is not None), None)
            for name, known in words.items()
        }
        for name in needed:
            if self.places[name] is None:
                self.problems.append(Problem(1, words[name][0], "This column is missing."))

    def find(self, word: str) -> int | None:
        return self.header.index(word) if word in self.header else None

    def refuse_unknown(self, more: set[str]) -> None:
        for name in self.header:
            if name and name not in self.words | more:
                known = sorted(self.words | more)
                self.problems.append(
                    Problem(1, name, "No column is called so; there are {choices}.", {"choices": known})
                )

    def reader(self, cells: list[str]) -> Callable[[str], str]:
        def text(name: str) -> str:
            place = self.places[name]
            return cells[place].strip() if place is not None and place < len(cells) else ""

        return text

    def need(self, line: int, column: str, text: str) -> None:
        if not text:
            self.problems.append(Problem(line, column, "This cell is empty."))

    def problem(self, line: int, column: str, template: str, **facts: Any) -> None:
        self.problems.append(Problem(line, column, template, facts))

    def note_repeat(self, line: int, column: str, key: str, seen: dict[str, int]) -> None:
        first = seen.setdefault(key, line)
        if first != line:
            self.problem(line, column, "This line repeats line {first} ({key}).", first=first, key=key)

    def refuse_problems(self) -> None:
        if self.problems:
            raise RuleBroken(
                "{name} was not read: {count} problem(s).",
                name=self.file_name,
                count=len(self.problems),
                problems=self.problems,
            )


def _mark(line: int, column: str, cell: str, top: int, table: _Table) -> Fraction | None:
    if cell.lower() in _NOT_APPLICABLE:
        return None
    value = _decimal(cell)
    if value is None or not 0 <= value <= top:
        table.problem(line, column, "“{given}” is no mark from 0 to {top}.", given=cell[:60], top=top)
        return None
    return Fraction(value)


def _cents(line: int, column: str, cell: str, table: _Table) -> int:
    value = _decimal(cell.replace("€", ""))
    if value is None or value <= 0 or value * 100 != int(value * 100):
        table.problem(
            line, column, "“{given}” is not an amount above zero, in euros with two decimals at most.", given=cell[:60]
        )
        return 0
    return int(value * 100)


def _whole(line: int, cell: str, table: _Table) -> int | None:
    value = _decimal(cell) if cell else None
    if cell and (value is None or value != int(value)):
        table.problem(line, "effect", "“{given}” is not a whole number.", given=cell[:60])
        return None
    return None if value is None else int(value)


def _decimal(cell: str) -> Decimal | None:
    text = "".join(cell.split()).replace(",", ".")
    return Decimal(text) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text) else None
