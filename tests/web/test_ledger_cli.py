"""`ressort ledger`, as somebody uses it who distrusts whoever runs the server."""

import json
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.utils import ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable
from tests.web import ledger_town

from ressort.cli import main
from ressort.cli.ledger_files import codes, read_export
from ressort.core.currency import beancount
from ressort.core.errors import RuleBroken
from ressort.web.__main__ import _told_when_empty
from ressort.web.currency import actions, exports


@pytest.fixture
def export(town: ledger_town.Town, tmp_path: Path) -> Path:
    """An export where a few payments were made, all sealed."""
    for amount_cents in (1, 250, 99_99):
        town.pay(0, 1, amount_cents)
    town.pay(1, 2, 3)
    actions.seal()
    exports.export(tmp_path / "grand-livre")
    return tmp_path / "grand-livre"


def test_an_export_is_verified_alone_in_french(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", str(export)]) == 0
    told = capsys.readouterr().out
    assert "Rien d’anormal" in told
    assert re.search(r"Tête de la chaîne\u00a0: [0-9a-f]{64}", told)


def test_an_export_changed_by_hand_is_refused_with_the_place(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (export / "transfers.csv").read_text("utf-8").splitlines()
    cells = lines[-1].split(",")
    cells[7] = str(int(cells[7]) + 100)
    (export / "transfers.csv").write_text("\n".join([*lines[:-1], ",".join(cells)]) + "\n", "utf-8")
    assert main(["--lang", "en", "ledger", "verify", str(export), "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert {fault["invariant"] for fault in told["faults"]} == {"I2", "I6"}
    assert any(fault.get("transfer") == int(cells[0]) for fault in told["faults"])


def test_a_head_published_before_is_looked_for(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = read_export(export).blocks["hash"][0].hex()
    assert main(["ledger", "verify", str(export), "--head", head.upper()]) == 0
    assert main(["ledger", "verify", str(export), "--head", "ab" * 32]) == 4
    assert main(["ledger", "verify", str(export), "--head", "demain"]) == 3
    assert "64" in capsys.readouterr().err


def test_a_folder_that_is_no_export_is_refused_with_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", str(tmp_path)]) == 3
    assert "accounts.csv" in capsys.readouterr().err


def test_an_export_saved_by_a_spreadsheet_is_told_in_the_reader_s_words(export: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    path, content = export / "transfers.csv", (export / "transfers.csv").read_text("utf-8")
    for changed in (content.replace(",", ";"), "\ufeff" + content, "", content[:-20]):
        path.write_text(changed, "utf-8")
        assert main(["ledger", "verify", str(export)]) == 3
        told = capsys.readouterr().err
        assert "transfers.csv" in told and "xportez de nouveau" in told
        assert not set(told.split()) & {"line", "column", "header"}, "no English word of a library"


def added_up(lines: list[str]) -> dict[str, Decimal]:
    """What a Beancount file adds up to; each of its assertions is checked on the way, as `bean-check` does."""
    balance: dict[str, Decimal] = defaultdict(Decimal)
    opened: set[str] = set()
    posted: list[tuple[date, str, Decimal]] = []
    asserted: list[tuple[date, str, Decimal]] = []
    day, checked = date.min, 0
    for line in lines:
        words = line.split()
        if re.match(r"\d{4}-", line):
            day = date.fromisoformat(words[0])
            if words[1] == "open":
                assert words[2] not in opened
                assert re.fullmatch(r"(Assets|Equity)(:[A-Z][A-Za-z0-9-]*)+", words[2])
                opened.add(words[2])
            elif words[1] == "balance":
                asserted.append((day, words[2], Decimal(words[3])))
        elif re.match(r"  [A-Z]", line):
            assert words[0] in opened
            posted.append((day, words[0], Decimal(words[1])))
            balance[words[0]] += Decimal(words[1])
    for day, account, amount in asserted:
        checked += 1
        assert sum((one for on, name, one in posted if on < day and name == account), Decimal()) == amount
    assert checked
    return balance


def test_another_accountant_finds_the_same_balances(export: Path) -> None:
    rows = read_export(export)
    balance = added_up(list(beancount(rows, codes(export))))
    for account, cents in zip(rows.accounts, rows.balances["balance_cents"], strict=True):
        mine = [amount for name, amount in balance.items() if name.endswith(f":A{account['id']}")]
        assert sum(mine, Decimal()) * 100 == int(cents)
    assert sum(balance.values()) == 0


def test_a_database_that_was_never_prepared_is_said_so_and_other_faults_are_not_hidden() -> None:
    """On a new machine, bringing in a table answered with sixty lines of Python."""
    with pytest.raises(RuleBroken, match="ressort serve"), _told_when_empty():
        raise ProgrammingError from UndefinedTable()
    with pytest.raises(ProgrammingError), _told_when_empty():
        raise ProgrammingError from UndefinedColumn()
