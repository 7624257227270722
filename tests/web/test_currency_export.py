"""What the association's commands make of an export of the real ledger."""

import json
from pathlib import Path

import pytest
from tests.web import ledger_town

from ressort.cli import main
from ressort.web.currency import actions, exports


@pytest.fixture
def export(town: ledger_town.Town, tmp_path: Path) -> Path:
    """An export where a payment was made, all sealed."""
    town.pay(0, 1, 250)
    actions.seal()
    exports.export(tmp_path / "grand-livre")
    return tmp_path / "grand-livre"


def test_the_reserve_of_the_real_ledger_is_told_and_certified(
    export: Path, town: ledger_town.Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["currency", "reserve", str(export), "--currency", str(town.currency)]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["funds"]["digital"]["claims_cents"] == told["funds"]["digital"]["cover_cents"] == 30_000
    people = ["--confirmed", "Ana", "--confirmed", "Bo", "--statement-digital", "R1=300"]
    made = tmp_path / "certificat.json"
    assert (
        main([*words, *people, "--day", "2026-06-30", "--key", str(tmp_path / "k.pem"), "--certificate", str(made)])
        == 0
    )
    body = json.loads(json.loads(made.read_text("utf-8"))["body"])
    assert body["funds"]["digital"]["difference_cents"] == 0 and body["head"] == told["head"]


def test_the_books_of_the_real_ledger_conform_and_leave_payments_out(
    export: Path, town: ledger_town.Town, tmp_path: Path
) -> None:
    words = ["--siren", "732829320", "--from", "2000-01-01", "--to", "2199-12-31", "--currency", str(town.currency)]
    assert main(["currency", "fec", str(export), *words, "--out", str(tmp_path)]) == 0
    path = tmp_path / "732829320FEC21991231.txt"
    assert main(["currency", "fec-check", str(path)]) == 0
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    assert [(cells[4], cells[11], cells[12]) for cells in lines] == [
        ("512200", "300,00", "0,00"),
        ("467200", "0,00", "300,00"),
    ]
