"""`ressort cooperate` as its user types it."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from ressort.cli import main


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(["cooperate", *words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_territory_reads_what_it_lacks_and_who_fits(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "CA", "Pau", "Béarn", "Pyrénées")
    assert code == 0
    assert "Céréales" in out and "Partenaires" in out and "ce qui vous manque" in out
    assert "pas les flux d’aujourd’hui" in out.replace("\n", " ")


def test_json_csv_and_files_say_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = ("CA Pau Béarn Pyrénées", "--good", "cereals")
    code, out, _ = _run(capsys, *place, "--json")
    told = json.loads(out)
    assert code == 0 and told["certificates"]["cereals"]["proved"] is True
    _, table, _ = _run(capsys, *place, "--csv", "flows")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == len(told["flows"])
    for word, name in (("--geojson", "flux.geojson"), ("--parquet", "flux.parquet")):
        code, out, _ = _run(capsys, *place, word, str(tmp_path / name))
        assert code == 0 and name in out
    assert pl.read_parquet(tmp_path / "flux.parquet").height == len(rows)
    assert len(json.loads((tmp_path / "flux.geojson").read_text("utf-8"))["features"]) == len(rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flux.geojson", "flux.parquet"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("Pau", "--good", "or"), 3, "cereals"),
        (("Paux", "--good", "cereals", "--level", "EPCI"), 3, "Pau"),
        (("CA Pau Béarn Pyrénées", "--level", "ville"), 3, "EPCI"),
        (("CA Pau Béarn Pyrénées", "--csv", "flux"), 3, "flows"),
        (("CA Pau Béarn Pyrénées", "--great-circle-elsewhere"), 4, "--distances"),
        (("France", "--great-circle-elsewhere"), 4, "--great-circle-elsewhere"),
        (
            ("CA Pau Béarn Pyrénées", "--good", "cereals", "--geojson", "/nulle/part/x.geojson"),
            6,
            "/nulle/part/x.geojson",
        ),
        ((), 2, ""),
    ],
)
def test_mistakes_are_told_with_the_choices(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, told: str
) -> None:
    given, out, err = _run(capsys, *words)
    assert (given, out) == (code, "")
    assert told in err and "Traceback" not in err


def test_other_rules_answer_in_words_in_csv_and_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    place = ("Brest", "Métropole", "--good", "cereals", "--most-from-one", "0,2", "--fair-km", "100")
    code, out, _ = _run(capsys, *place)
    assert code == 0 and "le prix de l’équité" in out.replace("\n", " ") and "d’un même partenaire" in out
    _, table, _ = _run(capsys, *place, "--csv", "fair_km")
    assert next(row["measure"] for row in csv.DictReader(io.StringIO(table))) == "coverage_here_share"
    _, out, _ = _run(capsys, *place, "--json")
    assert [one["rule"] for one in json.loads(out)["rules"]["cereals"]] == ["most_from_one", "fair_km"]


def test_several_names_make_one_group(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "Crest", "Die", "26289", "--good", "cereals", "--json")
    assert code == 0 and json.loads(out)["territory"]["label"] == "Crest + Die + Saillans"


def test_a_matrix_of_ones_own_is_read_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "routes.csv"
    words = ("DEP:29", "--level", "DEP", "--good", "cereals", "--distances", str(path))
    path.write_text("de;vers;km\n29;22;60,5\n29;56;80\n", "utf-8")
    code, out, _ = _run(capsys, *words, "--json")
    assert code == 0 and {row["distance_km"] for row in json.loads(out)["flows"]} <= {60.5, 80.0}
    path.write_text("de;vers;km\n29;22;60,5\n29;XX;80\n", "utf-8")
    code, out, err = _run(capsys, *words)
    assert code == 3 and "Ligne 3" in err and out == ""
    for text, told in (
        ("de;vers;km\n", "aucune paire"),
        (" \n;;\n", "vide"),
        ("de|vers|km\n29|22|4\n", "points-virgules"),
    ):
        path.write_text(text, "utf-8-sig")
        code, out, err = _run(capsys, *words)
        assert code == 3 and told in err and out == ""
    path.unlink()
    assert _run(capsys, *words)[0] == 3


def test_a_matrix_of_ones_own_may_be_a_parquet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "routes.parquet"
    pl.DataFrame({"from": ["29", "29"], "to": ["22", "56"], "km": [60.5, 80.0]}).write_parquet(path)
    words = ("DEP:29", "--level", "DEP", "--good", "cereals", "--distances", str(path))
    code, out, _ = _run(capsys, *words, "--json")
    assert code == 0 and {row["distance_km"] for row in json.loads(out)["flows"]} <= {60.5, 80.0}


@pytest.mark.parametrize(
    "words", [("--fair-km", "-3"), ("--shock", "pluie"), ("--present", "x"), ("--most-from-one", "2")]
)
def test_rules_out_of_range_are_told(capsys: pytest.CaptureFixture[str], words: tuple[str, str]) -> None:
    code, out, err = _run(capsys, "CA Pau Béarn Pyrénées", "--good", "cereals", *words)
    assert code in (3, 4) and out == "" and "{" not in err


def test_the_whole_country_is_told_good_by_good(capsys: pytest.CaptureFixture[str]) -> None:
    given, out, _err = _run(capsys, "France", "--good", "cereals", "--good", "oilseeds", "--level", "REG", "--json")
    told = json.loads(out)
    assert given == 0 and [one["good"] for one in told["goods"]] == ["cereals", "oilseeds"]
    for one in told["goods"]:
        assert one["own"] + one["moved"] + one["imported"] == pytest.approx(one["need"])
        assert list(one["within_share"].values()) == sorted(one["within_share"].values())
    given, out, _err = _run(capsys, "France", "--good", "cereals", "--level", "REG", "--csv", "territories")
    assert given == 0 and out.startswith("code,name,people,supply,need")
    given, out, _err = _run(capsys, "France", "--good", "cereals", "--level", "REG")
    assert given == 0 and "Céréales" in out and "500 km" in out


@pytest.mark.parametrize(("words", "told"), [(("--with", "Pau"), "--with"), (("--shock", "drought"), "--shock"), (("--csv", "flux"), "territories")])  # fmt: skip
def test_words_about_one_territory_are_refused_for_the_country(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    given, out, err = _run(capsys, "France", "--good", "cereals", "--level", "REG", *words)
    assert given in (3, 4) and out == "" and told in err
