"""`ressort scenario`, `compare` and `report`: levers moved, refused, told."""

import csv
import io
import json
from pathlib import Path

import pytest

import ressort
from tests.cli.typed import run


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--organic", "40"), "0.4"),
        (("--set", "nonsense=1"), "levier"),
        (("--people", "abc"), "nombre"),
        (("--diet", "choucroute"), "vegan"),
    ],
)
def test_levers_that_make_no_sense_are_refused(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "scenario", "Pau", *words)
    assert code in (3, 4)
    assert told in err


def test_a_scenario_shows_today_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "scenario", "Pau", "--diet", "vegan", "--organic", "0,5")
    assert code == 0
    assert "Scénario" in out
    assert "Rations biologiques" in out


def test_compare_takes_four_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "compare", "Pau", "Bayonne", "--csv")[0] == 0
    code, _, err = run(capsys, "compare", "Pau", "Bayonne", "Dax", "Tarbes", "Lourdes")
    assert code == 4
    assert "4" in err


def test_scenarios_of_several_territories_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    half = ("--scenario", "half: diet=minus_50 organic=0.5")
    code, out, _ = run(capsys, "compare", "Pau", "Bayonne", *half, "--scenario", "vegan: diet=vegan", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {(row["territory"], row["scenario"]) for row in rows} == {
        (place, name) for place in ("COM:64445", "COM:64102") for name in ("Aujourd’hui", "half", "vegan")
    }
    need = {(row["territory"], row["scenario"]): row for row in rows if row["indicator"] == "land_needed_ha"}
    alone = ressort.scenario("Bayonne", diet="minus_50", organic_share=0.5).figures["land_needed_ha"]
    told = need["COM:64102", "half"]
    assert (float(told["value"]), float(told["low"])) == pytest.approx((alone.value, alone.low))
    assert told["levers"] == "organic_share=0.5&diet=minus_50"
    _, printed, _ = run(capsys, "compare", "Pau", *half)
    assert "half" in printed and "Aujourd’hui" in printed


def test_a_scenario_may_be_given_by_the_address_of_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    address = "https://ressort.example.fr/scenario/COM/64445/?diet=vegan&avec=organic_share%3D0.5"
    code, out, _ = run(capsys, "compare", "Pau", "--scenario", address, "--json")
    assert code == 0
    assert {row["levers"] for row in json.loads(out)} == {"", "diet=vegan"}


@pytest.mark.parametrize(
    ("scenarios", "said"),
    [
        (["mine: orgnic=0.5"], "orgnic=0.5"),
        (["mine: organic=40"], "40"),
        (["mine: organic_shares=0.5"], "organic_shares"),
        (["a: diet=vegan", "a: diet=pnns"], "a"),
        ([f"{n}: organic=0.{n}" for n in range(1, 6)], "5"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_told(
    scenarios: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "compare", "Pau", *(word for one in scenarios for word in ("--scenario", one)))
    assert (code, out) == (4, "")
    assert said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--organic", "40%"], "0.4"),
        (["--set", "organic_shares.beff=1"], "beef"),
        (["--set", "converted_ha.vegetables=10"], "ressort data template crop_area"),
        (["--population", "pupils"], "nombre"),
    ],
)
def test_a_lever_that_is_refused_says_what_to_write(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "scenario", "Pau", *words)
    assert code in (3, 4) and out == ""
    assert said in err


def test_market_gardens_are_printed_year_by_year(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "scenario", "Pau", "--starts", "3", "--set", "farm_years=4")
    assert "Fermes maraîchères, année par année" in out


def test_a_report_is_written_where_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "report", "Pau", "--pdf", str(tmp_path / "pau.pdf"))[0] == 0
    assert (tmp_path / "pau.pdf").read_bytes().startswith(b"%PDF-")
    assert run(capsys, "report", "Pau", "--pdf", str(tmp_path / "none" / "pau.pdf"))[0] == 4


@pytest.mark.parametrize(
    "pair", ["organic_shares=0.5", "relocated_share.beef=1", "diet_kg=3", "replace_protein=maybe", "people.x=1", "diet"]
)
def test_a_lever_is_moved_or_refused_but_never_passed_over(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "scenario", "Pau", "--set", pair)
    assert (code, out) == (4, "")
    assert err


def test_a_set_of_organic_coefficients_replaced_in_belgium_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "scenario", "BE_COM:62063", "--organic", "0.5")
    assert code == 0 and "aucune enquête" in " ".join(said.split())
