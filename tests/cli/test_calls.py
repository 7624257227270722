"""`ressort call` as its user types it: rankings, choices, files to publish; errors with their lines, nothing half-answered."""

import csv
import io
import json
from pathlib import Path

import pytest

from ressort.cli import main

GRID = """
score_threshold = 40
[[criteria]]
code = "a"
label_fr = "Utilité"
weight = 60
threshold = "1"
[[criteria]]
code = "b"
weight = 40
"""
SCORES = """dossier;évaluateur;conflit;a;b
D1;ada;;5;4
D1;bob;;3;4
D2;ada;non;4;4,5
D3;ada;;2;s.o.
D3;eve;oui;5;5
D4;ada;;0;5
"""
FILES = """dossier;titre;secteur;theme;demande;cout;effet;exclut;suppose
D1;Verger;Nord;alimentation;60 000;90000;3;;
D2;=Halle;Sud;alimentation;50 000,00 €;90000;9;D1;
D3;Digue;Sud;eau;40000;90000;5;;
D4;Garage;Nord;mobilité;10000;;1;;
"""


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("grid.toml", GRID), ("scores.csv", SCORES), ("files.csv", FILES)):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(["call", *words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out = capsys.readouterr()
    return code, out.out.replace("\xa0", " "), out.err.replace("\xa0", " ")


RANK = ("rank", "scores.csv", "--grid", "grid.toml")
CHOOSE = ("portfolio", "scores.csv", "--grid", "grid.toml", "--applications", "files.csv", "--envelope", "100000")


def test_files_are_ranked_with_their_thresholds_and_disagreements(
    tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(capsys, *RANK, "--json")
    rows, weights = json.loads(out)["files"], json.loads(out)["weights"]
    assert code == 0
    assert [(row["application"], row["place"], row["score_exact"]) for row in rows] == [
        ("D2", 1, "21/25"), ("D1", 2, "4/5"), ("D3", 3, "2/5"), ("D4", None, "2/5"),
    ]  # fmt: skip
    assert rows[1]["disagreements"] == "a" and "Utilité" in rows[3]["not_fundable"]
    # D1 totals 0.8 at any share a of the first weight, D2 0.9 − 0.1 a: level at a = 1 only
    assert weights[0] == {
        "criterion": "a", "weight_share": 0.6, "order_low": 0.0, "order_high": 1.0, "first_low": 0.0, "first_high": 1.0,
    }  # fmt: skip
    assert rows[2]["b"] is None, "the reviewer with an interest does not count"


def test_the_ranking_reads_in_french(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _ = _run(capsys, *RANK, "--applications", "files.csv")
    assert "Même ordre" in out and "Verger" in out and "Sa note pour « Utilité » est 0 sur 5" in out


def test_public_words_draw_the_order_of_equal_files(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tables / "scores.csv").write_text("dossier;évaluateur;a;b\nD1;ada;4;4\nD2;ada;4;4\n", "utf-8")
    assert "--lot" in _run(capsys, *RANK)[1]
    orders = set()
    for words in ("1", "2", "3", "4"):
        code, out, _err = _run(capsys, *RANK, "--lot", words, "--json")
        lines = json.loads(out)["files"]
        assert code == 0 and [one["place"] for one in lines] == [1, 2]
        orders.add(tuple(one["application"] for one in lines))
    assert orders == {("D1", "D2"), ("D2", "D1")}, "other words, another order"
    assert _run(capsys, *RANK, "--lot", "1", "--draw", "scores.csv")[0] == 2


def test_severity_is_shown_with_the_files_it_was_learnt_on(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _ = _run(capsys, *RANK, "--normalise", "severity")
    assert "Écart retiré" in out and "+1,00 ?" in out


def test_choices_stand_side_by_side(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, *CHOOSE, "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["choices"]["in_order"]["funded"] == ["D2", "D3"]
    assert answer["choices"]["best_score"] == {
        "funded": ["D2", "D3"], "spent_cents": 9_000_000, "score": 124.0, "is_proven": True,
    }  # fmt: skip
    assert "s’excluent" in next(row for row in answer["files"] if row["application"] == "D1")["why_not_in_order"]
    _code, out, _ = _run(capsys, *CHOOSE, "--force", "D1", "--json")
    assert json.loads(out)["choices"]["imposed"]["funded"] == ["D1", "D3"]


def test_areas_and_themes_get_their_share(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _ = _run(capsys, *CHOOSE, "--each-area", "1", "--json")
    assert json.loads(out)["choices"]["best_score"]["funded"] == ["D1", "D3"]
    _code, out, _ = _run(capsys, *CHOOSE, "--cap", "alimentation=20000", "--json")
    assert json.loads(out)["choices"]["in_order"]["funded"] == ["D3"]
    _code, out, _ = _run(capsys, *CHOOSE, "--reserve", "eau=90000", "--json")
    assert "eau" in json.loads(out)["choices"]["best_score"]["impossible"]


def test_a_table_in_csv_holds_no_formula(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _ = _run(capsys, *CHOOSE, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["name"] for row in rows] == ["'=Halle", "Verger", "Digue", "Garage"]


def test_a_workbook_reads_like_a_csv(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in csv.reader(io.StringIO(SCORES), delimiter=";"):
        book.active.append([float(cell) if cell.isdigit() else cell for cell in line])
    book.save(tables / "scores.xlsx")
    _code, out, _ = _run(capsys, "rank", "scores.xlsx", "--grid", "grid.toml", "--json")
    assert [row["application"] for row in json.loads(out)["files"]] == ["D2", "D1", "D3", "D4"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("D1;ada;;6;4", "ligne 2, a : « 6 » n’est pas une note de 0 à 5."),
        ("D1;ada;;beaucoup;4", "ligne 2, a : « beaucoup » n’est pas une note de 0 à 5."),
        ("D1;ada;;1e9;4", "ligne 2, a"),
        ("D1;ada;;1_0;4", "ligne 2, a"),
        (";ada;;1;4", "ligne 2, application : Cette cellule est vide."),
        ("D1;;;1;4", "ligne 2, reviewer : Cette cellule est vide."),
        ("D1;ada;parfois;1;4", "ligne 2, conflict : « parfois » n’est ni oui ni non."),
        ("D1;ada;;1;4\nD1;ada;;1;4", "ligne 3, reviewer : Cette ligne répète la ligne 2"),
    ],
)
def test_every_problem_of_the_marks_is_told_with_its_line(
    wrong: str, told: str, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tables / "scores.csv").write_text(f"dossier;évaluateur;conflit;a;b\n{wrong}\n", "utf-8")
    code, out, err = _run(capsys, *RANK)
    assert (code, out) == (4, "") and told in err


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("D1;;;;;;;;", "ligne 2, requested"),
        ("D1;;;;-5;;;;", "ligne 2, requested"),
        ("D1;;;;1,234;;;;", "ligne 2, requested"),
        ("D1;;;;100;50;;;", "ligne 2, requested : Il est demandé plus que le coût du projet."),
        ("D1;;;;100;;1,5;;", "ligne 2, effect : « 1,5 » n’est pas un nombre entier."),
        ("D1;;;;100;;;D9;", "ligne 2, excludes : Il n’y a pas de dossier D9."),
    ],
)
def test_every_problem_of_the_files_is_told_with_its_line(
    wrong: str, told: str, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tables / "files.csv").write_text(f"{FILES.splitlines()[0]}\n{wrong}\n", "utf-8")
    code, out, err = _run(capsys, *CHOOSE)
    assert (code, out) == (4, "") and told in err


def test_columns_that_are_missing_or_unknown_are_named(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tables / "scores.csv").write_text("dossier;evaluateur;a;bb\nD1;ada;1;1\n", "utf-8")
    code, _out, err = _run(capsys, *RANK)
    assert code == 4 and "ligne 1, b : Cette colonne manque." in err and "ligne 1, bb : Aucune colonne" in err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("rank", "absent.csv"), 3, "Il n’y a pas de fichier absent.csv"),
        (("rank", "scores.csv", "--grid", "nope"), 3, "Aucune grille modèle"),
        ((*RANK, "--span", "20"), 4, "pour ±20 %"),
        ((*CHOOSE[:-1], "beaucoup"), 3, "n’est pas un montant"),
        ((*CHOOSE[:-1], "0"), 3, "n’est pas un montant"),
        ((*CHOOSE, "--reserve", "eau"), 3, "THÈME=EUROS"),
        ((*CHOOSE, "--reserve", "lune=5"), 4, "Aucun dossier n’a le thème lune"),
        ((*CHOOSE, "--area-most", "40"), 3, "écrivez 0.4"),
        ((*CHOOSE, "--force", "D9"), 3, "D9"),
        ((*CHOOSE, "--force", "D1", "--force", "D2"), 4, "s’excluent"),
        (("rank",), 2, "call rank --help"),
        (("validate", "files.csv", "--schema", "nope"), 3, "Aucun schéma"),
    ],
)
def test_wrong_words_are_refused_with_what_to_do(
    words: tuple[str, ...], code: int, told: str, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(capsys, *words)[0] == code
    assert told in _run(capsys, *words)[2]


def test_a_grid_that_cannot_be_read_is_refused(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text, told in (
        ("[[", "illisible"),
        ('[[criteria]]\ncode="a"\nweight=1.5', "poids entier"),
        ("", "n’a de poids"),
    ):
        (tables / "grid.toml").write_text(text)
        code, _out, err = _run(capsys, *RANK)
        assert code in (3, 4) and told in err


def test_templates_read_back(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "creafarm_land" in _run(capsys, "grid")[1]
    _code, grid, _ = _run(capsys, "grid", "resilience")
    (tables / "own.toml").write_text(grid, "utf-8")
    for name in ("scores", "applications"):
        (tables / f"{name}.csv").write_text(_run(capsys, "template", name)[1], "utf-8")
    words = (
        "portfolio",
        "scores.csv",
        "--grid",
        "own.toml",
        "--applications",
        "applications.csv",
        "--envelope",
        "20000",
    )
    code, out, _ = _run(capsys, *words, "--json")
    assert code == 0 and "1 évaluation" in json.loads(out)["files"][0]["why_not_in_order"]


def _subsidies(*lines: dict[str, str]) -> str:
    from ressort.core.calls import written
    from ressort.reference.scdl import schema

    wanted = schema("subventions")
    return written(wanted, [{one.name: one.example for one in wanted.fields} | line for line in lines])


def test_a_published_file_is_checked_line_by_line(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tables / "s.csv").write_text(_subsidies({}, {}), "utf-8")
    assert _run(capsys, "validate", "s.csv", "--schema", "subventions")[0] == 0
    (tables / "s.csv").write_text(_subsidies({}, {}).replace("12500.00", "12500,00", 1), "utf-8")
    code, out, _ = _run(capsys, "validate", "s.csv", "--schema", "subventions", "--json")
    answer = json.loads(out)
    assert code == 4 and not answer["conforms"] and answer["problems"][0]["line"] == 2


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF\x00\x00", "é".encode("latin-1") * 9, b'a,b\n"never closed', b"\n\n"]
)
def test_a_file_that_is_no_table_is_refused(content: bytes, tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tables / "s.csv").write_bytes(content)
    code, out, err = _run(capsys, "validate", "s.csv", "--schema", "subventions")
    assert code == 4 and out + err


def test_the_share_of_aid_under_criteria_is_told_by_year(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [("2023-01-01", "1000", "old"), ("2023-05-01", "500", "res"), ("2024-01-01", "70.50", "res")]
    rows = [{"dateConvention": day, "montant": amount, "dispositifAide": scheme} for day, amount, scheme in lines]
    (tables / "s.csv").write_text(_subsidies(*rows), "utf-8")
    _code, out, _ = _run(capsys, "share", "s.csv", "--under", "res", "--target", "2030", "--json")
    found = json.loads(out)
    assert [(row["year"], row["total_cents"], row["share"]) for row in found] == [
        (2023, 150000, 0.333333),
        (2024, 7050, 1.0),
    ]
    (tables / "s.csv").write_text(_subsidies(*rows).replace("2024-01-01", "1/1/24"), "utf-8")
    code, out, err = _run(capsys, "share", "s.csv", "--under", "res")
    assert (code, out) == (4, "") and "ligne 4, dateConvention" in err
