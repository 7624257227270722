"""`ressort stress` and `ressort replay`, as a person types them."""

import json
from pathlib import Path

import pytest

from ressort.cli import EXIT_INPUT, EXIT_RULE, EXIT_USAGE, main

FEW = ["--runs", "6", "--days", "90"]


def test_a_shock_is_told_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", "CC Fumel Vallée du Lot", "--shock", "power_cut", "--lever", "community_energy", *FEW]) == 0
    out = capsys.readouterr().out
    assert "Coupure d’électricité" in out and "Et si" in out and "juin 2035" in out


def test_an_answer_is_written_as_json_and_replayed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["stress", "CC Fumel Vallée du Lot", "--shock", "heatwave", *FEW, "--json"]) == 0
    text = capsys.readouterr().out
    told = json.loads(text)
    assert told["provenance"]["seed"] == 2026 and told["curves"]["rows"][-1] == "least"
    file = tmp_path / "run.json"
    file.write_text(text, "utf-8")
    assert main(["replay", str(file), "--csv", "metrics"]) == 0
    file.write_text(text.replace(told["provenance"]["digest"], "0" * 12), "utf-8")
    assert main(["replay", str(file), "--csv"]) == EXIT_RULE


def test_one_table_comes_as_csv_and_the_annex_as_pdf(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["stress", "CC Fumel Vallée du Lot", "--shock", "flood", *FEW, "--csv", "needs"]) == 0
    assert capsys.readouterr().out.startswith("need,label")
    pdf = tmp_path / "annex.pdf"
    assert main(["stress", "CC Fumel Vallée du Lot", "--shock", "flood", *FEW, "--pdf", str(pdf)]) == 0
    assert pdf.read_bytes()[:5] == b"%PDF-"


def test_the_library_is_listed_and_a_budget_is_spent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", "--list"]) == 0
    assert "power_cut" in capsys.readouterr().out
    words = [
        "stress",
        "CC Fumel Vallée du Lot",
        "--shock",
        "power_cut",
        *FEW,
        "--budget",
        "300000",
        "--lever",
        "storage",
        "--lever",
        "reciprocity",
    ]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cost_eur"] <= 300000


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["stress"], EXIT_USAGE),
        (["stress", "Pau"], EXIT_USAGE),
        (["stress", "Pau", "--shock", "meteor"], EXIT_INPUT),
        (["stress", "Pauuuuux", "--shock", "flood"], EXIT_INPUT),
        (["stress", "Pau", "--shock", "flood", "--days", "3"], EXIT_RULE),
        (["stress", "Pau", "--shock", "flood", "--weight", "water=lots"], EXIT_INPUT),
        (["stress", "Pau", "--shock", "flood", "--workers", "0"], EXIT_RULE),
        (["stress", "Pau", "--shock", "flood", "--budget", "10", "--caution", "0"], EXIT_RULE),
        (["stress", "Pau", "--shock", "flood", "--budget", "-5"], EXIT_RULE),
        (["stress", "Pau", "--shock", "flood", "--budget", "nan"], EXIT_RULE),
        (["stress", "Pau", "--shock", "flood", "--continuity", "/nowhere/plan.pdf"], EXIT_RULE),
        (["stress", "Pau", "--shock", "flood", "--csv", "weather", *FEW], EXIT_INPUT),
    ],
)
def test_mistakes_are_told_and_have_their_exit_code(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    assert capsys.readouterr().err.strip()


def test_a_file_that_is_no_answer_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, binary = tmp_path / "empty.json", tmp_path / "binary.json"
    empty.write_text("", "utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    assert main(["replay", str(empty)]) == EXIT_INPUT
    assert main(["replay", str(binary)]) == EXIT_INPUT
    assert main(["replay", str(tmp_path / "none.json")]) == 6
    assert capsys.readouterr().err


def test_the_measures_of_a_currency_enter_the_stress_test_and_what_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    measures = tmp_path / "abeille.json"
    words = ["stress", "CC Fumel Vallée du Lot", "--shock", "euro_run", "--lever", "local_currency", "--runs", "4", "--days", "60", "--lang", "en"]  # fmt: skip
    told = {"measure": "reuse", "value": 0.4, "low": 0.3, "high": 0.5}
    measures.write_text(json.dumps({"since": "2025-01-01", "until": "2026-01-01", "measures": [told]}))
    assert main([*words, "--currency", str(measures), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["request"]["reuse"] == [0.3, 0.4, 0.5] and "2026-01-01" in answer["request"]["reuse_source"]
    wrong = [json.dumps({"until": "2026-01-01", "measures": [told | one]}) for one in ({"value": None}, {"secret": True}, {"value": 7})]  # fmt: skip
    for content in ("", "{", "[]", '{"measures": []}', *wrong):
        measures.write_text(content)
        assert main([*words, "--currency", str(measures)]) in (EXIT_INPUT, EXIT_RULE), content
        assert "Traceback" not in capsys.readouterr().err
    measures.write_text(json.dumps({"nature": "simulated", "until": "2026-01-01", "measures": [told]}))
    assert main([*words, "--currency", str(measures)]) == EXIT_RULE
    assert "not real" in capsys.readouterr().err, "what the API tells of a simulated currency enters no stress test"
