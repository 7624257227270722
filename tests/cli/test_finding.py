"""`ressort find`, `diagnose` and `data` as their user types them."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.typed import run


def test_find_tells_homonyms_apart(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "find", "Saint-Denis")
    assert code == 0
    assert "Saint-Denis (974)" in out
    assert "Saint-Denis (93)" in out


def test_find_in_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "find", "64000", "--json")
    assert (code, json.loads(out)[0]["key"]) == (0, "COM:64445")


def test_kinds_bear_one_name_in_the_terminal_and_on_the_pages(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "find", "Pau")
    assert "aire d’attraction d’une ville" in out and "zone d’emploi" in out


def test_find_nothing_is_told_by_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "find", "zzzzqqqq")
    assert (code, out) == (3, "")
    assert "Rien ne s’en approche" in err


@pytest.mark.parametrize(("words", "told"), [((), "Nourrir"), (("--lang", "en"), "Feeding")])
def test_diagnose_speaks_french_first_and_english_second(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "diagnose", "Pau", *words)
    assert code == 0
    assert told in out


def test_diagnose_in_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "diagnose", "Pau", "--json")
    assert json.loads(out)["figures"]["population_people"]["value"] == 80441
    _, out, _ = run(capsys, "diagnose", "Pau", "--csv", "groups")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 8
    assert [row["crop_group"] for row in rows if row["available_ha"] == ""] == [
        "protein_crops",
        "potatoes",
        "vegetables",
        "fruit",
    ]


def test_several_names_make_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "diagnose", "Crest", "Die", "--json")
    assert json.loads(out)["territory"]["label"] == "Crest + Die"


def test_a_typo_suggests_and_exits_three(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "diagnose", "Bordeau")
    assert code == 3
    assert "Bordeaux (33)" in err


def test_data_lists_what_is_known_and_what_can_be_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "data", "--json")
    told = json.loads(out)
    assert "food/diet" in {row["table"] for row in told["shipped"]}
    assert "farmland_epci" in {row["source"] for row in told["official"]}


def test_a_sync_from_an_empty_mirror_names_the_file_it_misses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ressort.reference.territories import territories

    territories()
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path / "home"))
    code, out, _ = run(capsys, "data", "sync", "farmland_epci", "--mirror", str(tmp_path))
    assert code == 5
    assert "sau_epci.csv" in out.replace("\n", "")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("Pau", "--hectares", "2"), 0, "nourrit"),
        (("Pau", "--hectares", "2", "--food", "fruit_vegetables"), 0, "fruits et légumes"),
        (("CA Pau Béarn Pyrénées", "--vegetables", "0,1"), 0, "fermes"),
        (("Pau", "--hectares", "-2"), 4, "0"),
        (("Pau", "--vegetables", "40"), 4, "0.4"),
        (("Pau", "--hectares", "deux"), 4, "deux"),
        (("Pau", "--hectares", "2", "--food", "licorne"), 3, "fruit_vegetables"),
        (("Pau",), 2, "--hectares"),
    ],
)
def test_the_inverse_question_is_answered_or_refused_in_words(
    words: tuple[str, ...], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, err = run(capsys, "field", *words)
    assert found == code
    assert told in out + err


@pytest.mark.parametrize("limit", ["0", "-3", "dix"])
def test_a_limit_that_is_no_count_is_refused(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "find", "Pau", "--limit", limit)
    assert code == 2
    assert limit in err
