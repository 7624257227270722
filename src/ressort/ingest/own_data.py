"""A territory's own tables: a template to fill, a dry run that tells every problem with its line, then typed rows.

Nothing is guessed: a table with one problem is refused whole, and all its problems are told at once.
"""

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import polars as pl

from ressort.core.errors import RuleBroken
from ressort.ingest.connector import MB, header_key
from ressort.ingest.own_templates import KINDS, OwnColumn, columns_of
from ressort.reference import table

MOST_BYTES = 10 * MB
MOST_ROWS = 20_000
MOST_GROWN_BYTES = 100 * MB
MOST_PROBLEMS = 50
#: part of a template's columns from which a file is held to be one, with columns missing
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell or one line of a table; `template` is an English message, filled by `facts`."""

    line: int
    column: str
    template: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class OwnTable:
    """A table that was read whole: typed rows, or the problems that stand in the way."""

    kind: str
    frame: pl.DataFrame
    problems: tuple[Problem, ...] = ()


def dry_run(content: bytes, file_name: str, kind: str) -> OwnTable:
    """Read a table without keeping anything: its rows, or every problem with its line.

    Raises:
        UnknownCode: no such kind of table.
        RuleBroken: the file is too large, empty, no table, or lacks columns.
    """
    columns = columns_of(kind)
    lines = _filled_lines(content, file_name)
    places = _places(lines[0][1], columns)
    problems: list[Problem] = []
    rows = [
        _row(line, cells, places, columns, problems) for line, cells in lines[1:] if any(cell.strip() for cell in cells)
    ]
    _find_duplicates(
        rows, [line for line, cells in lines[1:] if any(cell.strip() for cell in cells)], columns, problems
    )
    schema = {column.name: pl.Float64 if column.bounds else pl.String for column in columns}
    return OwnTable(kind, pl.DataFrame([] if problems else rows, schema=schema), tuple(problems[:MOST_PROBLEMS]))


def lines_of(content: bytes, file_name: str, most_rows: int = MOST_ROWS) -> list[tuple[int, list[str]]]:
    """The numbered lines of a CSV or of the first sheet of a workbook, as text.

    Raises:
        RuleBroken: the file is too large or too long, no text, or a workbook that cannot be opened.
    """
    refuse_heavy(len(content))
    is_workbook = file_name.lower().endswith((".xlsx", ".xlsm"))
    return _workbook_lines(content, most_rows) if is_workbook else _csv_lines(content, most_rows)


def kind_of(content: bytes, file_name: str) -> str:
    """The kind of table that a file holds, told by its first line.

    Raises:
        RuleBroken: the file is too large, empty, no table, or its columns are those of no template.
    """
    given = {header_key(name) for name in _filled_lines(content, file_name)[0][1]}
    wanted = {kind: {header_key(c.name) for c in columns if c.required} for kind, columns in KINDS.items()}
    likeness = {kind: len(keys & given) / len(keys) for kind, keys in wanted.items()}
    nearest = max(likeness, key=lambda kind: likeness[kind])
    if likeness[nearest] > HALF:
        return nearest
    raise RuleBroken(
        "The columns of {name} ({found}) are those of no template. The templates are {choices}: "
        "`ressort data template KIND` writes one to fill.",
        name=file_name,
        found=sorted(given)[:12],
        choices=list(KINDS),
    )


def refuse_heavy(size_bytes: int) -> None:
    """Refuse a file by its weight, before it is read.

    Raises:
        RuleBroken: it is heavier than what is read.
    """
    if size_bytes > MOST_BYTES:
        raise RuleBroken(
            "The file weighs {size} MB; at most {most} MB are read.", size=round(size_bytes / MB), most=MOST_BYTES // MB
        )


def _filled_lines(content: bytes, file_name: str) -> list[tuple[int, list[str]]]:
    lines = lines_of(content, file_name)
    if len(lines) < 2:
        raise RuleBroken("The file {name} holds no row: fill the template and send it again.", name=file_name)
    return lines


def _csv_lines(content: bytes, most_rows: int) -> list[tuple[int, list[str]]]:
    """Lines of a CSV in UTF-8, UTF-16 or Windows-1252, separated by semicolons, commas or tabs."""
    text = _text(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RuleBroken("The lines of the file do not hold together ({problem}).", problem=str(error)) from error
    _refuse_long(len(rows), most_rows)
    return [(i + 1, row) for i, row in enumerate(rows)]


def _text(content: bytes) -> str:
    """The text of a file, in the encoding that its first bytes or all of them tell."""
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        raise RuleBroken("This is no text: send a CSV or an XLSX file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _workbook_lines(content: bytes, most_rows: int) -> list[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            grown = sum(info.file_size for info in archive.infolist())
        if grown > MOST_GROWN_BYTES:
            raise RuleBroken("The workbook would grow to {size} MB when opened; it is refused.", size=round(grown / MB))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=False).worksheets[0]
        rows = [
            (i + 1, [_cell(value) for value in row])
            for i, row in enumerate(sheet.iter_rows(values_only=True, max_row=most_rows + 2))
        ]
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, IndexError) as error:
        raise RuleBroken(
            "The workbook cannot be opened ({problem}): save it again as XLSX or CSV.", problem=str(error)[:80]
        ) from error
    _refuse_long(len(rows), most_rows)
    return rows


def _refuse_long(count: int, most_rows: int) -> None:
    if count > most_rows + 1:
        raise RuleBroken("The file holds {count} lines or more; at most {most} are read.", count=count, most=most_rows)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _places(header: list[str], columns: tuple[OwnColumn, ...]) -> dict[str, int]:
    given = {header_key(name): i for i, name in enumerate(header)}
    missing = [column.name for column in columns if column.required and header_key(column.name) not in given]
    if missing:
        raise RuleBroken(
            "The columns {missing} are not in the file; its first line holds {found}. Use the template.",
            missing=missing,
            found=header[:20],
        )
    return {column.name: given[header_key(column.name)] for column in columns if header_key(column.name) in given}


def _row(
    line: int, cells: list[str], places: dict[str, int], columns: tuple[OwnColumn, ...], problems: list[Problem]
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in columns:
        place = places.get(column.name)
        text = cells[place].strip() if place is not None and place < len(cells) else ""
        row[column.name] = _value(line, column, text, problems)
    if row.get("organic_ha") is not None and row.get("area_ha") is not None and row["organic_ha"] > row["area_ha"]:
        problems.append(
            Problem(
                line,
                "organic_ha",
                "{given} organic hectares exceed the {whole} hectares.",
                {"given": row["organic_ha"], "whole": row["area_ha"]},
            )
        )
    if row.get("local_eur") is not None and row.get("total_eur") is not None and row["local_eur"] > row["total_eur"]:
        problems.append(
            Problem(
                line,
                "local_eur",
                "Local purchases ({given}) exceed all purchases ({whole}).",
                {"given": row["local_eur"], "whole": row["total_eur"]},
            )
        )
    return row


def _value(line: int, column: OwnColumn, text: str, problems: list[Problem]) -> Any:
    """The value of a cell; None when it is empty or cannot be read, which is then a problem."""

    def refuse(template: str, **facts: Any) -> None:
        problems.append(Problem(line, column.name, template, {"given": text[:60], **facts}))

    if text.startswith(("=", "@")) or (text.startswith(("+", "-")) and not _is_number(text)):
        refuse("“{given}” is a formula: write the value itself.")
    elif not text:
        if column.required:
            refuse("This cell is empty.")
    elif column.bounds is None:
        return _choice(text, column, refuse)
    elif not _is_number(text):
        refuse("“{given}” is not a number.")
    else:
        value = _number(text)
        low, high = column.bounds
        if low <= value <= high:
            return value
        if column.name.endswith("_share") and 1 < value <= 100:
            refuse("{given} is not a share between 0 and 1: for 40 %, write 0.4.")
        else:
            refuse("{given} lies outside {low} to {high}.", low=_bound(low), high=_bound(high))
    return None


def _bound(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")


def _choice(text: str, column: OwnColumn, refuse: Any) -> str | None:
    if not column.choices:
        return text
    rows = table(column.choices)
    names = dict(zip(rows[rows.columns[0]], rows[rows.columns[0]], strict=True))
    for label in ("label_fr", "label_en"):
        names |= {header_key(name): key for name, key in zip(rows[label], rows[rows.columns[0]], strict=True)}
    found = names.get(text) or names.get(header_key(text))
    if found is None:
        nearest = get_close_matches(header_key(text), names, 1, 0.5)
        choices = list(rows[rows.columns[0]])
        if nearest:
            refuse(
                "“{given}” is not known; nearest: {nearest}. Choose among {choices}.",
                nearest=nearest[0],
                choices=choices,
            )
        else:
            refuse("“{given}” is not known. Choose among {choices}.", choices=choices)
    return found


def _find_duplicates(
    rows: list[dict[str, Any]], lines: list[int], columns: tuple[OwnColumn, ...], problems: list[Problem]
) -> None:
    keys = [column.name for column in columns if column.bounds is None or column.name == "year"]
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in zip(lines, rows, strict=True):
        key = tuple(row[name] for name in keys)
        if key in seen and None not in key:
            problems.append(
                Problem(
                    line,
                    keys[0],
                    "This line repeats line {first} ({key}).",
                    {"first": seen[key], "key": " ".join(map(str, key))},
                )
            )
        seen.setdefault(key, line)


def _plain(text: str) -> str:
    return text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")


def _is_number(text: str) -> bool:
    try:
        return float(_plain(text)) == float(_plain(text))
    except ValueError:
        return False


def _number(text: str) -> float:
    return float(_plain(text))
