"""A table given as CSV, its columns known by any of several names, each row with the line where it begins."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ressort.core.errors import RuleBroken

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class NamedRows:
    """The rows that are not blank, as our name of each column → cell, and what the header held.

    Args:
        names: our name of a column → the names that it may bear, the one to tell people first.
        columns: our names of the columns found.
    """

    names: Mapping[str, tuple[str, ...]]
    header: tuple[str, ...]
    columns: frozenset[str]
    rows: tuple[tuple[int, Row], ...]

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return iter(self.rows)

    def need(self, *names: str) -> None:
        """Refuses a header that lacks one of these columns.

        Raises:
            RuleBroken: with the names to write, and those found.
        """
        lacking = [self.names[name][0] for name in names if name not in self.columns]
        if lacking:
            found = list(self.header) or ["?"]
            raise RuleBroken("The header lacks the columns {names}. It holds: {found}.", names=lacking, found=found)


def named_rows(content: bytes, names: Mapping[str, tuple[str, ...]]) -> NamedRows:
    """The rows of a CSV in UTF-8, or as older spreadsheets write it; commas, semicolons or tabs between cells.

    Raises:
        RuleBroken: a line that cannot be read, with its number.

    >>> table = named_rows(b"Nom;Solde\\nAda;12,50\\n", {"name": ("nom",), "balance": ("solde",), "place": ("lieu",)})
    >>> sorted(table.columns), list(table)
    (['balance', 'name'], [(2, {'name': 'Ada', 'balance': '12,50'})])
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    lines = _lines(text)
    header = tuple(cell.strip().lower() for cell in lines[0][1]) if lines else ()
    at = {ours: header.index(name) for ours, known in names.items() for name in known if name in header}
    rows = [
        (line, {name: cells[place].strip() if place < len(cells) else "" for name, place in at.items()})
        for line, cells in lines[1:]
    ]
    return NamedRows(names, header, frozenset(at), tuple((line, row) for line, row in rows if any(row.values())))


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Each record with the line where it begins: a cell may hold line breaks."""
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader, begins, lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1, []
    try:
        for cells in reader:
            lines.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise RuleBroken(
            "Line {line}: the line cannot be read ({problem}).", line=reader.line_num, problem=str(error)
        ) from error
    return lines
