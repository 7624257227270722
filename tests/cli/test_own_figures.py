"""Own figures given on the command line: templates, plates, files with problems."""

import json
from pathlib import Path

import pytest

from tests.cli.typed import run


def test_own_figures_win_and_bad_ones_are_told_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("crop_group;area_ha;organic_ha;year\nLégumes;35,5;;2024\n")
    bad.write_text("crop_group;area_ha;organic_ha;year\nLégumes;beaucoup;;2024\n")
    _, out, _ = run(capsys, "diagnose", "Pau", "--own", str(good), "--csv", "groups")
    assert "35.5" in out
    code, _, err = run(capsys, "diagnose", "Pau", "--own", str(bad))
    assert code == 4
    assert "ligne 2, area_ha" in err
    assert run(capsys, "diagnose", "Pau", "--own", str(tmp_path / "absent.csv"))[0] == 3


def test_templates_are_written_once_and_never_over(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(capsys, "data", "template", "crop_area")
    (tmp_path / "crop_area.csv").write_text("mine")
    _, out, _ = run(capsys, "data", "template", "crop_area")
    assert "existe déjà" in out
    assert (tmp_path / "crop_area.csv").read_text() == "mine"


def test_each_table_of_ones_own_changes_what_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = {
        "purchases.csv": "local_eur;total_eur;year\n120000;900000;2024\n",
        "labour.xlsx.csv": "farms;labour_fte;year\n84;131,5;2024\n",
        "areas.csv": "crop_group;area_ha;organic_ha;year\nLégumes;40;10;2024\n",
        "herds.csv": "species;heads;year\nBovins;777;2024\n",
        "canteens.csv": "name;guests_people;meals_per_day;days_per_year;organic_share\nÉcole;180;1;144;0,22\n",
    }
    words = []
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
        words += ["--own", str(tmp_path / name)]
    _, out, _ = run(capsys, "diagnose", "Pau", *words, "--json")
    told = json.loads(out)
    figures = told["figures"]
    assert figures["actual_autonomy_share"]["value"] == pytest.approx(120 / 900)
    assert (figures["present_farms"]["value"], figures["farm_labour_fte"]["value"]) == (84, 131.5)
    assert (figures["organic_farmland_share"]["value"], figures["organic_farmland_share"]["source"]) == (
        0.25,
        "areas.csv",
    )
    assert len(told["provenance"]) == len(files)
    _, out, _ = run(capsys, "diagnose", "Pau", *words, "--csv", "production")
    assert "cattle,Bovins,777.0,heads,observed,2024,herds.csv" in out
    _, out, _ = run(capsys, "diagnose", "Pau", *words, "--csv", "canteens")
    assert "École,25920.0" in out


def test_a_table_that_is_no_template_says_which_there_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a;b\n1;2\n")
    code, _, err = run(capsys, "diagnose", "Pau", "--own", str(tmp_path / "other.csv"))
    assert code == 4
    assert "purchases" in err


def test_a_plate_of_ones_own_moves_the_land(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plate = tmp_path / "plate.csv"
    plate.write_text("product;kg_per_year\nViande bovine;0\npulses;20\n", "utf-8")
    _, out, _ = run(capsys, "scenario", "Pau", "--plate", str(plate), "--json")
    told = json.loads(out)
    assert told["levers"] == {"diet": "own", "diet_kg.beef": "0", "diet_kg.pulses": "20"}
    assert told["figures"]["land_needed_ha"]["value"] < 25_000 * 0.7
    plate.write_text("product;kg_per_year\nLicorne;3\n", "utf-8")
    code, _, err = run(capsys, "scenario", "Pau", "--plate", str(plate))
    assert code == 4
    assert "ligne 2, product" in err
    code, _, err = run(capsys, "diagnose", "Pau", "--own", str(plate))
    assert code == 3
    assert "--plate" in err


def test_a_file_of_200_mb_is_refused_before_it_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.csv"
    with heavy.open("wb") as file:
        file.truncate(200_000_000)
    code, _, err = run(capsys, "diagnose", "Pau", "--own", str(heavy))
    assert code == 4
    assert "200" in err


def test_a_table_that_lacks_a_column_is_told_which(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("crop_group;area_ha\nvegetables;3\n")
    code, _, err = run(capsys, "diagnose", "Pau", "--own", str(tmp_path / "areas.csv"))
    assert code == 4
    assert "year" in err
