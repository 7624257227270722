"""Reading the tables that territories provide: pure, from bytes to figures, or to a list of what is wrong and where."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ressort.core.errors import InputError
from ressort.reference import table
from ressort.web.diagnosis.models import OwnTable

MOST_LINES = 500
MOST_HA = 1e7
MOST_EUR = 1e12


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and on which line of the file (0: the whole file)."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says, before anybody confirms it."""

    values: dict[str, float] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    sha256: str = ""


def items(sort: str) -> dict[str, str]:
    """What a table of a sort may hold: item → label."""
    if sort == OwnTable.Sort.CROP_AREAS:
        return dict(table("food/crop_groups").select("crop_group", "label_fr").iter_rows())
    return {"local_eur": _("food bought from growers of the territory"), "total_eur": _("all food bought")}


def columns(sort: str) -> tuple[str, str]:
    """The two columns of the file: what, how much."""
    return ("crop_group", "area_ha") if sort == OwnTable.Sort.CROP_AREAS else ("purchases", "amount_eur")


def template(sort: str) -> bytes:
    """An empty file to fill with a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([*columns(sort), "label"])
    writer.writerows([item, "", label] for item, label in items(sort).items())
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def read(sort: str, content: bytes, name: str) -> Draft:
    """What a file says: CSV (semicolon or comma, UTF-8 or Windows) or Excel. Nothing is guessed, nothing is dropped in silence."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        lines = list(_lines(content, name))
    except InputError as error:
        return Draft(problems=(Problem(0, error.say(_)),), sha256=digest)
    what, how_much = columns(sort)
    heads = [head.strip().lower() for head in lines[0]] if lines else []
    if what not in heads or how_much not in heads:
        words = _("The first line must name the columns {what} and {how_much}. Start from the template.")
        return Draft(problems=(Problem(1, words.format(what=what, how_much=how_much)),), sha256=digest)
    values, problems = _cells(sort, lines[1:], heads.index(what), heads.index(how_much))
    return Draft(values, tuple(problems + _whole(sort, values, problems)), digest)


def _lines(content: bytes, name: str) -> Iterable[list[str]]:
    """The lines of a file as cells of text."""
    if content[:4] == b"PK\x03\x04" or name.lower().endswith((".xlsx", ".xls", ".ods")):
        rows = _sheet(content)
    else:
        rows = _text(content)
    if len(rows) > MOST_LINES:
        raise InputError("The file has {count} lines; such a table has at most {most}.", count=len(rows), most=MOST_LINES)
    return rows


def _sheet(content: bytes) -> list[list[str]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_LINES + 2, max_col=20, values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError) as error:
        raise InputError("This spreadsheet cannot be opened. Save it as .xlsx or .csv, then try again.") from error


def _text(content: bytes) -> list[list[str]]:
    if b"\x00" in content:
        raise InputError("This file is neither a CSV text nor an Excel workbook. Start from the template.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise InputError("This CSV file cannot be read: {cause}. Start from the template.", cause=str(error)) from error


def _cells(sort: str, lines: list[list[str]], what: int, how_much: int) -> tuple[dict[str, float], list[Problem]]:
    known, values, problems = items(sort), {}, []
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        item = cells[what].strip() if what < len(cells) else ""
        amount = cells[how_much].strip() if how_much < len(cells) else ""
        if item not in known:
            problems.append(Problem(number, _("“{item}” is not known. Use: {known}.").format(item=item[:40], known=", ".join(known))))
        elif item in values:
            problems.append(Problem(number, _("“{item}” is there twice.").format(item=item)))
        elif amount:
            _keep(values, problems, number, item, amount)
    return values, problems


def _keep(values: dict[str, float], problems: list[Problem], line: int, item: str, text: str) -> None:
    """Keeps one amount; an empty cell is a figure that is not known, and is left out."""
    try:
        amount = float(text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        problems.append(Problem(line, _("“{text}” is not a number.").format(text=text[:40])))
        return
    most = MOST_EUR if item.endswith("_eur") else MOST_HA
    if not 0 <= amount <= most:
        problems.append(Problem(line, _("{text} is not between 0 and {most}.").format(text=text[:40], most=f"{most:.0f}")))
    else:
        values[item] = amount


def _whole(sort: str, values: dict[str, float], problems: list[Problem]) -> list[Problem]:
    """What is wrong with the table as a whole, once its lines are right."""
    if problems:
        return []
    if not values:
        return [Problem(0, _("The file holds no figure."))]
    if sort == OwnTable.Sort.PURCHASES:
        if set(values) != set(items(sort)) or values["total_eur"] <= 0:
            return [Problem(0, _("Give both amounts, local_eur and total_eur, with total_eur above zero."))]
        if values["local_eur"] > values["total_eur"]:
            return [Problem(0, _("Local purchases cannot be larger than all purchases."))]
    return []
