"""`ressort energy`, as it is typed."""

import json
from pathlib import Path

import polars as pl
import pytest

from ressort.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["--lang", "en", "energy", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_answer_tells_coverage_potential_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "Nantes", "--scenario", "shared", "--citizens", "0,5")
    assert code == 0
    for told in ("Electricity:", "Panels on roofs", "stay here", "What is not known", "not the path of current"):
        assert told in " ".join(out.split())


def test_json_holds_every_table_and_no_not_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = run(capsys, "EPCI:200067254", "--json")
    told = json.loads(out)
    assert set(told["tables"]) == {
        "balance",
        "use",
        "parts",
        "production",
        "potential",
        "return",
        "hypotheses",
        "series",
        "flows",
    }
    assert told["not_known"] and "NaN" not in out


def test_one_table_as_csv_and_the_flows_as_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _code, out, _err = run(capsys, "DEP:44", "--csv", "production")
    assert out.startswith("carrier,source_of_energy,label,value,low,high,unit,year")
    run(capsys, "EPCI:244400404", "--scenario", "whole", "--parquet", str(tmp_path / "flows.parquet"))
    assert "energy_mwh" in pl.read_parquet(tmp_path / "flows.parquet").columns
    run(capsys, "EPCI:244400404", "--scenario", "whole", "--geojson", str(tmp_path / "flows.geojson"))
    assert json.loads((tmp_path / "flows.geojson").read_text("utf-8"))["type"] == "FeatureCollection"
    assert {path.name for path in tmp_path.iterdir()} == {"flows.parquet", "flows.geojson"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Nantes", "--scenario", "shard"], "the scenarios are today"),
        (["Nantes", "--csv", "flow"], "the tables are balance"),
        (["Nantes", "--wind=-1"], "lies between 0 and 1"),
        (["Nantes", "--year", "1850"], "the years known are"),
        (["Nantes", "--citizens", "0.7", "--authority", "0.7"], "at most 1 together"),
    ],
)
def test_what_cannot_be_answered_says_what_to_do(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    code, out, err = run(capsys, *words)
    assert code != 0 and not out and told in err
