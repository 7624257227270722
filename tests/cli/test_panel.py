"""`ressort panel` as its user types it: quotas, feasibility, a public draw and its check; errors with their lines."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ressort.cli import main
from ressort.core.panel import write_table
from ressort.verifiers import panel_draw
from tests.core.panel.pools import made

POPULATION = "critere;valeur;population\nsexe;Femme;520\nsexe;Homme;480\nâge;16-29;200\nâge;30 et plus;800\n"


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    pool, _quotas = made(60, 10, (2, 2), seed=5)
    sexes, ages = {"v0": "Femme", "v1": "Homme"}, {"v0": "24", "v1": "51"}
    rows = [[f"V{i + 1}", f"=Nom {i}", sexes[sex], ages[age], f"F{i // 4}"] for i, (sex, age) in enumerate(pool.answers)]  # fmt: skip
    (tmp_path / "v.csv").write_text(write_table(["id", "nom", "sexe", "âge", "foyer"], rows), "utf-8")
    (tmp_path / "pop.csv").write_text(POPULATION, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESSORT_LANGUAGE", "fr")
    assert main(["panel", "quotas", "pop.csv", "--seats", "10", "--widen", "1"]) == 0
    (tmp_path / "q.csv").write_text(capsys.readouterr().out, "utf-8")
    return tmp_path


TWO = ["v.csv", "q.csv", "--seats", "10"]


def test_quotas_come_from_the_population(tables: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((tables / "q.csv").read_text("utf-8")), delimiter=";"))
    assert [(row["valeur"], row["min"], row["max"]) for row in rows] == [
        ("Femme", "4", "7"), ("Homme", "3", "6"), ("16-29", "1", "3"), ("30 et plus", "7", "9"),
    ]  # fmt: skip


def test_the_report_says_what_any_draw_could_give(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panel", "check", *TWO, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["feasible"] and told["volunteers"] == 60
    assert all(row["quota_min"] <= row["fewest"] <= row["most"] <= row["quota_max"] for row in told["values"])
    assert main(["panel", "check", *TWO]) == 0
    assert "Un panel est possible." in capsys.readouterr().out


def test_quotas_that_do_not_fit_are_told_with_what_to_loosen(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (tables / "q.csv").read_text("utf-8").replace("16-29;1;3", "16-29;4;9")
    (tables / "q.csv").write_text(text, "utf-8")
    assert main(["panel", "check", *TWO]) == 4
    out = capsys.readouterr().out
    assert "desserrer âge" in out and "minimum" in out
    assert main(["panel", "draw", *TWO, "--seed", "x"]) == 4
    assert "desserrer âge" in capsys.readouterr().err


def test_a_public_draw_is_frozen_drawn_and_checked_by_us_and_by_a_stranger(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--title", "Eau", "--source", "trois dés", "--out", "tirage", "--household", "foyer"]
    assert main(["panel", "freeze", *TWO, *words]) == 0
    frozen = json.loads((tables / "tirage" / "engagement.json").read_text("utf-8"))
    assert frozen["commitment_sha256"] in capsys.readouterr().out
    assert main(["panel", "draw", "tirage", "--dice", "041", "--csv"]) == 0
    people = list(csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter=";"))
    assert [int(row["numero"]) for row in people] == frozen["panels"][41]
    assert all(row["id"].startswith("V") for row in people)
    transcript, rows = tables / "tirage" / "proces-verbal.json", tables / "tirage" / "lignes.json"
    assert main(["panel", "verify", str(transcript), "--rows", str(rows), "--fingerprint", frozen["commitment_sha256"]]) == 0  # fmt: skip
    assert capsys.readouterr().out.count("✓") == 6
    stranger = [sys.executable, "-I", str(tables / "tirage" / "verifier.py"), str(transcript), str(rows)]
    done = subprocess.run([*stranger, frozen["commitment_sha256"]], capture_output=True, text=True, check=True)
    assert done.stdout.count("juste") == 6
    transcript.write_bytes(transcript.read_bytes().replace(b'"panel_number":41', b'"panel_number":42'))
    assert main(["panel", "verify", str(transcript)]) == 4
    assert subprocess.run(stranger, capture_output=True, check=False).returncode == 1


def test_only_the_source_of_chance_announced_can_draw(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--title", "Eau", "--source", "drand", "--out", "tirage", "--drand", "9000000012"]
    assert main(["panel", "freeze", *TWO, *words]) == 0
    assert main(["panel", "draw", "tirage", "--dice", "041"]) == 4
    assert main(["panel", "draw", "tirage", "--beacon", "ab" * 32, "--round", "9000000013"]) == 4
    assert "drand 9000000012" in capsys.readouterr().err and not (tables / "tirage" / "proces-verbal.json").exists()
    assert main(["panel", "draw", "tirage", "--beacon", "ab" * 32, "--round", "9000000012"]) == 0
    assert main(["panel", "verify", "tirage/proces-verbal.json"]) == 0


def test_a_round_that_is_out_already_is_refused_and_the_next_one_told(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--title", "Eau", "--source", "drand", "--out", "tirage", "--drand"]
    for out in ("12", "0", "-4"):
        assert main(["panel", "freeze", *TWO, *words, out]) == 3
        assert "choisit le panel" in capsys.readouterr().err and not (tables / "tirage").exists()
    assert main(["panel", "freeze", *TWO, *words, "9000000012"]) == 0
    assert "/public/9000000012" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["[]", "3", '{"title": "x"}', '{"commitment":{}}'])
def test_a_json_that_is_no_transcript_is_told_in_words(
    tables: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tables / "other.json").write_text(text, "utf-8")
    assert main(["panel", "verify", "other.json"]) == 4
    told = capsys.readouterr().out
    assert "✗" in told and not [word for word in ("object", "attribute", "'") if word in told]
    assert panel_draw.main(["other.json"]) == 1 and "FAUX" in capsys.readouterr().out


def test_nothing_is_frozen_or_drawn_twice(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--title", "Eau", "--source", "dés", "--out", "tirage", "--panels", "100"]
    assert main(["panel", "freeze", *TWO, *words]) == 0
    assert main(["panel", "freeze", *TWO, *words]) == 4
    assert main(["panel", "draw", "tirage", "--dice", "41"]) == 0
    before = (tables / "tirage" / "proces-verbal.json").read_bytes()
    assert main(["panel", "draw", "tirage", "--dice", "42"]) == 4
    assert (tables / "tirage" / "proces-verbal.json").read_bytes() == before
    assert "déjà là" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_panel_and_replacements_keep_to_the_quotas(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def drawn(*more: str) -> list[str]:
        assert main(["panel", "draw", *TWO, "--seed", "12 mars", "--csv", *more]) == 0
        return [row["id"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter=";")]

    first = drawn()
    assert drawn() == first and len(first) == 10
    new = drawn("--seated", ",".join(first[:8]), "--gone", ",".join(first[8:]))
    assert len(new) == 2 and not set(new) & set(first)


def test_chances_are_given_one_by_one_with_what_any_draw_could_give(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["panel", "chances", *TWO, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter=";"))
    assert sum(float(row["chance_share"]) for row in rows) == pytest.approx(10)
    assert all(float(row["lowest_possible_share"]) - 1e-9 <= float(row["chance_share"]) <= float(row["highest_possible_share"]) + 1e-9 for row in rows)  # fmt: skip


def test_a_table_with_problems_is_told_line_by_line_in_french_and_nothing_is_written(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (tables / "v.csv").read_text("utf-8").replace("V2;", "V1;").replace("V5;'=Nom 4;", "V5;x;femme")
    (tables / "v.csv").write_text(text, "utf-8")
    assert main(["panel", "freeze", *TWO, "--title", "E", "--source", "d", "--out", "tirage"]) == 4
    err = capsys.readouterr().err
    assert "«\u00a0V1\u00a0» est déjà à la ligne 2." in err and "ligne 6" in err
    assert [path.name for path in tables.iterdir() if "tirage" in path.name] == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["panel", "check", "absent.csv", "q.csv", "--seats", "10"], 3, "absent.csv"),
        (["panel", "check", "v.csv", "q.csv", "--seats", "0"], 3, "0 personnes"),
        (["panel", "check", "v.csv", "q.csv", "--seats", "61"], 3, "61 sièges"),
        (["panel", "draw", "v.csv", "--seed", "x"], 3, "JSON"),
        (["panel", "draw", "v.csv", "q.csv", "--seed", "x"], 3, "--seats"),
        (["panel", "verify", "v.csv"], 3, "JSON"),
        (["panel", "check", *TWO, "--household", "adresse"], 3, "adresse"),
    ],
)
def test_each_mistake_has_its_sentence_and_its_exit_code(
    tables: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert main(words) == code
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == ""


def test_python_draws_in_one_call(tables: Path) -> None:
    import ressort

    drawn = ressort.draw_panel(tables / "v.csv", tables / "q.csv", 10, seed="a", household="foyer")
    assert len(set(drawn.ids)) == 10
    assert drawn.chances["chance_share"].sum() == pytest.approx(10)
    assert drawn.portrait.distance_share.keys() == {"sexe", "âge"}
