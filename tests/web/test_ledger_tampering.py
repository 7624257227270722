"""Whatever byte or row of an export is changed, both verifiers, given the head published, say so; what no invariant speaks of is listed here."""

import csv
import importlib.util
import random
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.tidy.sources import ROOT
from tests.web import ledger_town
from tests.web.test_ledger_chain import busy, sealed

from ressort.cli.ledger_files import read_export
from ressort.core.currency import verify
from ressort.core.errors import InputError
from ressort.web.currency import exports

__all__ = ["busy"]

#: limits and status of accounts change with no transfer
FREE = {"floor_cents", "ceiling_cents", "status"}
CHANGES = 250


@pytest.fixture(scope="module")
def small() -> ModuleType:
    """The verifier of the docs."""
    spec = importlib.util.spec_from_file_location("verify_ledger", ROOT / "docs" / "verify_ledger.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(folder: Path, head: str) -> bool:
    """Whether ours says that something is wrong."""
    try:
        verdict = verify(read_export(folder))
        return bool(verdict.faults) or verdict.head.hex() != head
    except InputError:
        return True


def theirs(small: ModuleType, folder: Path, head: str) -> bool:
    try:
        return bool(list(small.verify(folder, head)))
    except (ValueError, KeyError, TypeError, OverflowError, struct.error):  # what its own run tells as no export
        return True


def meaning(path: Path) -> Any:
    """What a file says, without what no invariant speaks of: of requests, which were accepted."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [{name: str(cell).lower() for name, cell in row.items()} for row in csv.DictReader(file)]
    if path.stem == "requests":
        return sorted(row["key"] for row in rows if row["reason"] == "0")
    return [{name: cell for name, cell in row.items() if name not in FREE} for row in rows]


def changed(path: Path, before: bytes, dice: random.Random) -> None:
    """One byte becomes another figure or letter, or one row goes, comes twice or changes places with another."""
    lines = before.splitlines(keepends=True)
    at, other = (dice.randrange(1, len(lines)) for _one in range(2))
    match dice.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            row = bytearray(lines[at])
            row[dice.randrange(len(row))] = dice.choice(b"0123456789abcdef,-")
            lines[at] = bytes(row)
    path.write_bytes(b"".join(lines))


def test_whatever_byte_or_row_of_an_export_is_changed_is_found(busy: ledger_town.Town, small: ModuleType, tmp_path: Path) -> None:  # fmt: skip
    sealed(busy.raw)
    folder, dice = tmp_path / "export", random.Random(6)
    exports.export(folder)
    head = verify(read_export(folder)).head.hex()
    assert not ours(folder, head)
    assert not theirs(small, folder, head)
    for turn in range(CHANGES):
        path = folder / f"{dice.choice(['accounts', 'transfers', 'transfers', 'blocks', 'requests'])}.csv"
        before, said = path.read_bytes(), meaning(path)
        changed(path, before, dice)
        if meaning(path) != said:
            assert ours(folder, head), (turn, path.name)
            assert theirs(small, folder, head), (turn, path.name)
        path.write_bytes(before)


@pytest.mark.parametrize(
    "column", ["resolves", "reverses", "debit_version", "debit_after_cents", "credit_version", "credit_after_cents"]
)
def test_a_zero_written_where_nothing_was_told_is_found(busy: ledger_town.Town, small: ModuleType, tmp_path: Path, column: str) -> None:  # fmt: skip
    sealed(busy.raw)
    folder = tmp_path / "export"
    exports.export(folder)
    path = folder / "transfers.csv"
    head = verify(read_export(folder)).head.hex()
    heads, *rows = csv.reader(path.read_text().splitlines())
    at = heads.index(column)
    next(row for row in rows if row[at] == "")[at] = "0"
    path.write_text("\n".join(",".join(row) for row in [heads, *rows]) + "\n")
    assert ours(folder, head)
    assert theirs(small, folder, head)


@pytest.mark.parametrize("name", ["accounts", "requests", "transfers", "blocks"])
def test_a_file_cut_before_its_last_line_end_is_found(busy: ledger_town.Town, tmp_path: Path, name: str) -> None:
    sealed(busy.raw)
    exports.export(tmp_path / "export")
    path = tmp_path / "export" / f"{name}.csv"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="middle of a line"):
        read_export(tmp_path / "export")
    small = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "verify_ledger.py"), str(tmp_path / "export")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert small.returncode == 1 and f"{name}.csv" in small.stdout + small.stderr, "the small verifier sees it too"
