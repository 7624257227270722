"""An input-output table of one's own in the place of the national one: CSV or XLSX, one flow a line; refused whole, naming the line and the cell.

origin;branch;use;value_meur     domestic or imported flow of a branch to a branch, or to households, others, exports
output;branch;;value_meur        what a branch makes, to check that its row is balanced (optional)
"""

import csv
import io
from hashlib import sha256

import numpy as np

from ressort.core.economy import Floats, NationalTable
from ressort.core.errors import InputError, RuleBroken
from ressort.ingest.connector import header_key
from ressort.ingest.own_data import lines_of
from ressort.language import gettext as _
from ressort.reference.national_economy import EUR_PER_MEUR, branches, national_table
from ressort.resilience.ground import LEVEL

COLUMNS = ("origin", "branch", "use", "value_meur")
ORIGINS = ("domestic", "imported", "output")
FINAL = ("households", "others", "exports")
#: largest gap between the output told and the sum of its uses, as a share
BALANCE_TOLERANCE = 1e-4
MOST_BYTES = 4_000_000


def template() -> bytes:
    """The national table in use, in the form that `own_table` reads: change what you know better. UTF-8, semicolons."""
    nation, names = national_table(LEVEL), branches(LEVEL)
    finals = {
        "domestic": (nation.households, nation.others, nation.exports),
        "imported": (nation.households_imported, nation.others_imported),
    }
    rows: list[tuple[str, ...]] = [COLUMNS]
    for origin, flows in (("domestic", nation.domestic), ("imported", nation.imported)):
        for i, branch in enumerate(names):
            uses = dict(zip(names, flows[i], strict=True)) | {
                use: one[i] for use, one in zip(FINAL, finals[origin], strict=False)
            }
            rows += [(origin, branch, use, repr(float(value) / EUR_PER_MEUR)) for use, value in uses.items() if value]
    rows += [("output", branch, "", repr(float(nation.output[i]) / EUR_PER_MEUR)) for i, branch in enumerate(names)]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def digest_of(nation: NationalTable) -> str:
    """Twelve signs that change when any figure of a table changes."""
    made = sha256()
    for values in (nation.domestic, nation.imported, nation.households, nation.others, nation.exports,
                   nation.households_imported, nation.others_imported):  # fmt: skip
        made.update(np.ascontiguousarray(values).tobytes())
    return made.hexdigest()[:12]


def own_table(content: bytes, file_name: str) -> NationalTable:
    """A table read whole, in euros a year.

    Raises:
        InputError: a column, a word or a figure that is not known; the line is named.
        RuleBroken: a negative flow, a cell given twice, a row that is not balanced, a branch that makes nothing and yet buys,
            or that buys more than it makes; the cell is named.
    """
    if len(content) > MOST_BYTES:
        raise RuleBroken("The table weighs more than {most} MB: it is refused.", most=MOST_BYTES // 1_000_000)
    names = branches(LEVEL)
    uses = (*names, *FINAL)
    flows = {origin: np.zeros((len(names), len(uses))) for origin in ("domestic", "imported")}
    output: dict[str, tuple[int, float]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for line, origin, branch, use, value in _cells(content, file_name):
        cell = (origin, branch, use)
        if cell in seen:
            raise RuleBroken(
                "{file}, line {line}: the cell {branch} → {use} ({origin}) stands already on line {first}.",
                file=file_name, line=line, branch=branch, use=use, origin=origin, first=seen[cell],
            )  # fmt: skip
        seen[cell] = line
        if origin == "output":
            output[branch] = (line, value)
        else:
            flows[origin][names.index(branch), uses.index(use)] = value
    _check(flows["domestic"], flows["imported"], output, file_name)
    size = len(names)
    euro = {origin: values * EUR_PER_MEUR for origin, values in flows.items()}
    made, brought = euro["domestic"], euro["imported"]
    return NationalTable(
        sectors=names, domestic=made[:, :size], imported=brought[:, :size], households=made[:, size], others=made[:, size + 1],
        exports=made[:, size + 2], households_imported=brought[:, size], others_imported=brought[:, size + 1],
    )  # fmt: skip


def _cells(content: bytes, file_name: str) -> list[tuple[int, str, str, str, float]]:
    """The lines, each word known and each figure a number of 0 or more."""
    lines = lines_of(content, file_name)
    header = [header_key(cell) for cell in lines[0][1]] if lines else []
    missing = [name for name in COLUMNS if name not in header]
    if missing or len(lines) < 2:
        raise InputError(
            "{file}: the first line must hold {wanted}, then one flow a line; {missing} is missing. "
            "`ressort stress --table-template` writes the national table in this form.",
            file=file_name, wanted=list(COLUMNS), missing=missing or [_("every flow")],
        )  # fmt: skip
    places = [header.index(name) for name in COLUMNS]
    found = []
    for line, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        origin, branch, use, text = (cells[place].strip() if place < len(cells) else "" for place in places)
        _known(file_name, line, "origin", origin, ORIGINS)
        _known(file_name, line, "branch", branch, branches(LEVEL))
        if origin != "output":
            _known(file_name, line, "use", use, (*branches(LEVEL), *(FINAL if origin == "domestic" else FINAL[:2])))
        found.append(
            (line, origin, branch, use if origin != "output" else "", _number(file_name, line, branch, use, text))
        )
    return found


def _known(file_name: str, line: int, column: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise InputError(
            "{file}, line {line}: {column} cannot be {given}; choose among {choices}.",
            file=file_name, line=line, column=column, given=given or "-", choices=list(choices),
        )  # fmt: skip


def _number(file_name: str, line: int, branch: str, use: str, text: str) -> float:
    try:
        value = float(text.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(
            "{file}, line {line}: the cell {branch} → {use} is not a number ({given}).",
            file=file_name, line=line, branch=branch, use=use or "output", given=text or "-",
        )  # fmt: skip
    if value < 0:
        raise RuleBroken(
            "{file}, line {line}: the cell {branch} → {use} is negative ({given}): a flow cannot be. Move it to value added or to stocks.",
            file=file_name, line=line, branch=branch, use=use or "output", given=value,
        )  # fmt: skip
    return value


def _check(domestic: Floats, imported: Floats, output: dict[str, tuple[int, float]], file_name: str) -> None:
    """Rows balanced, and columns that leave some value added."""
    names = branches(LEVEL)
    made, bought = domestic.sum(1), domestic[:, : len(names)].sum(0) + imported[:, : len(names)].sum(0)
    for branch, (line, told) in output.items():
        sold = float(made[names.index(branch)])
        if abs(told - sold) > BALANCE_TOLERANCE * max(told, sold):
            raise RuleBroken(
                "{file}, line {line}: the row of {branch} is not balanced: output {output}, uses {sold}.",
                file=file_name, line=line, branch=branch, output=round(told, 3), sold=round(sold, 3),
            )  # fmt: skip
    for i, branch in enumerate(names):
        if made[i] == 0 and bought[i] > 0:
            raise RuleBroken(
                "{file}: {branch} makes nothing and yet buys {bought}: give its row, or empty its column.",
                file=file_name, branch=branch, bought=round(float(bought[i]), 3),
            )  # fmt: skip
        if made[i] > 0 and bought[i] >= made[i]:
            raise RuleBroken(
                "{file}: {branch} buys {bought} to make {output}: without value added its capital is not defined. Mend its column.",
                file=file_name, branch=branch, bought=round(float(bought[i]), 3), output=round(float(made[i]), 3),
            )  # fmt: skip
