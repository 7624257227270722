"""Volunteers, read and checked: every problem at once, each with its line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ressort.core.errors import InputError
from ressort.core.panel.quotas import Quota, criteria_of
from ressort.core.panel.tables import Problem, Table, column_named, loose, plain, refuse_all

#: what a volunteer who does not answer a criterion becomes
Missing = Literal["refuse", "set_aside", "free"]
NO_ANSWER = ""
_IDS = ("id", "identifiant", "numero", "number", "nationbuilder_id")
_BAND = re.compile(r"^(?:(?P<low>\d+)\s*(?:-|–|à|to)\s*(?P<high>\d+)|(?P<from>\d+)\s*(?:ans)?\s*(?:\+|et plus|and over))\s*(?:ans)?$")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """Something done to the table that its owner must know; `template` is an English message."""

    template: str
    facts: dict[str, object]


@dataclass(frozen=True)
class Pool:
    """Who may be drawn.

    Args:
        criteria: names of the criteria, in the order of the quotas.
        ids: identifiers, in natural order: the order of the file does not matter.
        answers: for each volunteer, its value of each criterion (`NO_ANSWER` when it counts for none).
        households: for each volunteer, the mark of its household ("" alone), or () when households do not matter.
        numbers: public numbers; by default the places in `ids`, counted from 1.
        notes: what was left out or changed while reading.
    """

    criteria: tuple[str, ...]
    ids: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...]
    households: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    notes: tuple[Note, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.numbers:
            object.__setattr__(self, "numbers", tuple(range(1, len(self.ids) + 1)))

    def __len__(self) -> int:
        return len(self.ids)


def read_pool(
    table: Table,
    quotas: Sequence[Quota],
    *,
    identifier: str | None = None,
    household: str | None = None,
    missing: Missing = "refuse",
    merge: bool = False,
) -> Pool:
    """The volunteers of a table, checked against the quotas.

    Args:
        identifier: column of the identifiers; by default `id`, `identifiant`, `numero`…, else the rank of the row.
        household: column whose equal cells mark people of one household; None when households do not matter.
        missing: a volunteer without an answer stops the reading, is set aside, or counts for no value of the criterion.
        merge: take “femme ” and “FEMME” for “Femme” instead of proposing it.

    Raises:
        InputError: a column is absent. TableRefused: problems with their lines.
    """
    criteria = criteria_of(quotas)
    columns = {name: _askedcolumn_named(table, name) for name in criteria}
    home = _askedcolumn_named(table, household) if household else None
    key = _askedcolumn_named(table, identifier) if identifier else column_named(table.columns, _IDS)
    reader = _Reader(quotas, columns, missing, merge)
    people: list[tuple[str, tuple[str, ...], str]] = []
    lines: dict[str, int] = {}
    for rank, (line, row) in enumerate(zip(table.lines, table.rows, strict=True), 1):
        known = plain(row[key]) if key else str(rank)
        if not known:
            reader.notes.append(Note("Line {line} has no identifier and was left out.", {"line": line}))
            continue
        if known in lines:
            facts = {"given": known, "first": lines[known]}
            reader.problems.append(Problem(line, key or "", "“{given}” is already on line {first}.", facts))
            continue
        lines[known] = line
        answers = reader.answers(line, row)
        if answers is not None:
            people.append((known, answers, plain(row[home]) if home else ""))
    refuse_all(reader.problems)
    if not people:
        raise InputError("No volunteer is left: every row was set aside or has no identifier.")
    people.sort(key=lambda person: natural(person[0]))
    ids, answered, homes = zip(*people, strict=True)
    return Pool(criteria, ids, answered, homes if home else (), notes=tuple(reader.notes))


class _Reader:
    """Turns the cells of a row into values that the quotas know."""

    def __init__(self, quotas: Sequence[Quota], columns: dict[str, str], missing: Missing, merge: bool) -> None:
        self.columns, self.missing, self.merge = columns, missing, merge
        self.values = {name: [q.value for q in quotas if q.criterion == name] for name in columns}
        self.nearest = {name: {loose(value): value for value in values} for name, values in self.values.items()}
        self.bands = {name: bands_of(values) for name, values in self.values.items()}
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def answers(self, line: int, row: dict[str, str]) -> tuple[str, ...] | None:
        before = len(self.problems)
        found: list[str] = []
        for name, column in self.columns.items():
            given = plain(row[column])
            if not given:
                if self.missing == "set_aside":
                    self.notes.append(Note("Line {line} has no answer to “{criterion}” and was set aside.", {"line": line, "criterion": name}))  # fmt: skip
                    return None
                if self.missing == "refuse":
                    self.problems.append(Problem(line, name, "No answer. Fill it in, set the person aside, or let it count for no quota.", {}))  # fmt: skip
                found.append(NO_ANSWER)
            else:
                found.append(self._value(line, name, given))
        return tuple(found) if len(self.problems) == before else None

    def _value(self, line: int, name: str, given: str) -> str:
        if given in self.values[name]:
            return given
        if self.bands[name] and given.isdecimal() and len(given) < 4:
            for value, (low, high) in self.bands[name].items():
                if low <= int(given) <= high:
                    return value
        near = self.nearest[name].get(loose(given))
        if near and self.merge:
            return near
        if near:
            facts = {"given": given, "near": near}
            self.problems.append(Problem(line, name, "“{given}” is written “{near}” in the quotas: merge them, or correct the row.", facts))  # fmt: skip
        else:
            facts = {"given": given, "known": ", ".join(self.values[name])}
            self.problems.append(Problem(line, name, "“{given}” is no value of the quotas: {known}.", facts))
        return given


def bands_of(values: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The bounds of values written as bands, or nothing when one of them is not a band.

    >>> bands_of(["16-24", "25 à 64 ans", "65 et plus"])
    {'16-24': (16, 24), '25 à 64 ans': (25, 64), '65 et plus': (65, 999)}
    >>> bands_of(["16-24", "other"])
    {}
    """
    found = {}
    for value in values:
        match = _BAND.match(value)
        if not match:
            return {}
        found[value] = (int(match["low"] or match["from"]), int(match["high"] or 999))
    return found


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts 2 before 10.

    >>> sorted(["10", "2", "b"], key=natural)
    ['2', '10', 'b']
    """
    parts = [part for part in re.split(r"(\d+)", text) if part]
    return (*((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts), (2, 0, text))


def _askedcolumn_named(table: Table, name: str) -> str:
    found = name if name in table.columns else column_named(table.columns, (name,))
    if found is None:
        raise InputError(
            "The volunteers’ table has no column “{name}”. Its columns are: {columns}.",
            name=name,
            columns=list(table.columns),
        )
    return found
