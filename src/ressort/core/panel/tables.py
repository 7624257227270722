"""Tables as people bring them: CSV in, with line numbers; CSV out, that no spreadsheet takes for a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ressort.core.errors import InputError
from ressort.core.letters import bare
from ressort.core.spreadsheet import neutral

MOST_MB = 50
_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell or one line of a table; `template` is an English message, filled by `facts`."""

    line: int
    column: str
    template: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.template.format(**self.facts)}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their columns; `lines` tells on which line of the file each row begins."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]


class TableRefused(InputError):
    """A table with problems; `facts["list"]` holds them, each with its line."""


def refuse_all(problems: Sequence[Problem]) -> None:
    """Raises TableRefused when there is at least one problem, with all of them."""
    if problems:
        told = "\n".join(map(str, sorted(problems, key=lambda p: (p.line, p.column))))
        raise TableRefused("{told}", told=told, list=list(problems))


def read_table(content: bytes) -> Table:
    """The rows of a CSV, whatever its delimiter (`;`, `,` or tab) and its encoding (UTF-8, else Windows).

    Raises:
        InputError: too large, binary, empty, no row, a column without a name or named twice.
        TableRefused: rows that have too many or too few cells.
    """
    if len(content) > MOST_MB * 1_000_000:
        raise InputError("The file is over {limit} MB. Keep the columns that the draw needs.", limit=MOST_MB)
    if b"\0" in content:
        raise InputError("The file is not a table of text. Save it as CSV, UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    header, _rest, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=header.count)
    records = list(_records(text, delimiter))
    if not records:
        raise InputError("The file is empty. Its first line names the columns, each next line is one row.")
    columns = tuple(name.strip() for name in records[0][1])
    double = sorted({name for name in columns if columns.count(name) > 1})
    if double:
        raise InputError("Two columns are called “{name}”. Rename one.", name=double[0])
    if len(records) == 1:
        raise InputError("The file has a header and no row.")
    return _table(columns, records[1:])


def _table(columns: tuple[str, ...], records: list[tuple[int, list[str]]]) -> Table:
    refuse_all(
        [
            Problem(line, "–", "{given} cells where the header has {expected}.", {"given": len(cells), "expected": len(columns)})
            for line, cells in records
            if len(cells) != len(columns)
        ]
    )  # fmt: skip
    rows = tuple(dict(zip(columns, (cell.strip() for cell in cells), strict=True)) for _line, cells in records)
    return Table(columns, rows, tuple(line for line, _cells in records))


def _records(text: str, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    """Each record that is not blank, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError("Line {line} cannot be read as CSV: {error}.", line=line, error=str(error)) from error


def plain(text: str) -> str:
    """A text without stray spaces, its accents composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def loose(text: str) -> str:
    """A text as it compares whatever its case, accents and spaces."""
    return re.sub(r"[^a-z0-9]", "", bare(text))


def column_named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The first column that bears one of the names, whatever its case and accents."""
    return next((column for name in names for column in columns if loose(column) == loose(name)), None)


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV text. A cell that a spreadsheet would run as a formula is given an apostrophe first."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\n")
    writer.writerow([neutral(name) for name in columns])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return target.getvalue()
