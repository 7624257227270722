"""A table given as CSV, its columns known by any of several names, each row with the line where it begins."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ressort.core.errors import RuleBroken
from ressort.core.letters import bare

Row = dict[str, str]
#: letters of a header that are looked at
_WIDEST = 4_000


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


def named_rows(content: bytes, names: Mapping[str, tuple[str, ...]], preamble_lines: int = 0) -> NamedRows:
    """The rows of a CSV in UTF-8, or as older spreadsheets write it; commas, semicolons or tabs between cells.

    Accents, capitals and signs of a header do not count. The last name of a column in the table of names is taken first.

    Args:
        preamble_lines: lines that may stand above the header, which is then the line that holds most of the names.

    Raises:
        RuleBroken: a line that cannot be read, with its number.

    >>> table = named_rows(b"Nom;Solde\\nAda;12,50\\n", {"name": ("nom",), "balance": ("solde",), "place": ("lieu",)})
    >>> sorted(table.columns), list(table)
    (['balance', 'name'], [(2, {'name': 'Ada', 'balance': '12,50'})])
    """
    text = _decoded(content)
    skipped, delimiter = _header_at(text, {_plain(name) for known in names.values() for name in known}, preamble_lines)
    lines = _lines(text, skipped, delimiter)
    header = tuple(cell.strip().lower() for cell in lines[0][1]) if lines else ()
    plain = [_plain(cell) for cell in header]
    at = {ours: plain.index(_plain(name)) for ours, known in names.items() for name in known if _plain(name) in plain}
    rows = [
        (line, {name: cells[place].strip() if place < len(cells) else "" for name, place in at.items()})
        for line, cells in lines[1:]
    ]
    return NamedRows(names, header, frozenset(at), tuple((line, row) for line, row in rows if any(row.values())))


def _decoded(content: bytes) -> str:
    """The text of a file, whatever wrote it: UTF-8, UTF-16 with its mark, or the letters of older Windows."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _plain(cell: str) -> str:
    """A name of a column without accents, capitals nor signs: “Montant(EUROS)” is `montant euros`."""
    return " ".join(re.findall("[a-z0-9]+", bare(cell)))


def _header_at(text: str, known: set[str], preamble_lines: int) -> tuple[int, str]:
    """How many lines stand above the header, and what stands between its cells."""

    def held(place: tuple[int, str]) -> tuple[int, int, int]:
        line, delimiter = first[place[0]], place[1]
        return len(known & {_plain(cell) for cell in line.split(delimiter)}), -place[0], line.count(delimiter)

    first = [line[:_WIDEST] for line in text.split("\n", preamble_lines + 1)[: preamble_lines + 1]]
    return max(((at, delimiter) for at in range(len(first)) for delimiter in ",;\t"), key=held)


def _lines(text: str, skipped: int, delimiter: str) -> list[tuple[int, list[str]]]:
    """Each record from the header on, with the line where it begins: a cell may hold line breaks."""
    body = text.split("\n", skipped)[-1]
    reader, begins, lines = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True), 1, []
    try:
        for cells in reader:
            lines.append((skipped + begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise RuleBroken(
            "Line {line}: the line cannot be read ({problem}).", line=skipped + reader.line_num, problem=str(error)
        ) from error
    return lines
