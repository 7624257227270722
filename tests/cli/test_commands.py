"""The command line as its user types it: answers, exit codes, messages in French and English, nothing half-written."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import ressort
from ressort.cli import main


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(list(words))
    except SystemExit as stop:
        code = int(stop.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


def test_find_tells_homonyms_apart(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "find", "Saint-Denis")
    assert code == 0
    assert "Saint-Denis (974)" in out
    assert "Saint-Denis (93)" in out


def test_find_in_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "find", "64000", "--json")
    assert (code, json.loads(out)[0]["key"]) == (0, "COM:64445")


def test_find_nothing_is_told_by_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "find", "zzzzqqqq")
    assert (code, out) == (3, "")
    assert "Rien ne s’en approche" in err


@pytest.mark.parametrize(("words", "told"), [((), "Nourrir"), (("--lang", "en"), "Feeding")])
def test_diagnose_speaks_french_first_and_english_second(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _run(capsys, "diagnose", "Pau", *words)
    assert code == 0
    assert told in out


def test_diagnose_in_json_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "diagnose", "Pau", "--json")
    assert json.loads(out)["figures"]["population_people"]["value"] == 80441
    _, out, _ = _run(capsys, "diagnose", "Pau", "--csv", "groups")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 8
    assert [row["crop_group"] for row in rows if row["available_ha"] == ""] == [
        "protein_crops",
        "potatoes",
        "vegetables",
        "fruit",
    ]


def test_several_names_make_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "diagnose", "Crest", "Die", "--json")
    assert json.loads(out)["territory"]["label"] == "Crest + Die"


def test_a_typo_suggests_and_exits_three(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "diagnose", "Bordeau")
    assert code == 3
    assert "Bordeaux (33)" in err


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
    code, _, err = _run(capsys, "scenario", "Pau", *words)
    assert code in (3, 4)
    assert told in err


def test_a_scenario_shows_today_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "scenario", "Pau", "--diet", "vegan", "--organic", "0,5")
    assert code == 0
    assert "Scénario" in out
    assert "Rations biologiques" in out


def test_compare_takes_four_at_most(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "compare", "Pau", "Bayonne", "--csv")[0] == 0
    code, _, err = _run(capsys, "compare", "Pau", "Bayonne", "Dax", "Tarbes", "Lourdes")
    assert code == 4
    assert "4" in err


def test_scenarios_of_several_territories_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    half = ("--scenario", "half: diet=minus_50 organic=0.5")
    code, out, _ = _run(capsys, "compare", "Pau", "Bayonne", *half, "--scenario", "vegan: diet=vegan", "--csv")
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
    _, printed, _ = _run(capsys, "compare", "Pau", *half)
    assert "half" in printed and "Aujourd’hui" in printed


def test_a_scenario_may_be_given_by_the_address_of_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    address = "https://ressort.example.fr/scenario/COM/64445/?diet=vegan&avec=organic_share%3D0.5"
    code, out, _ = _run(capsys, "compare", "Pau", "--scenario", address, "--json")
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
    code, out, err = _run(capsys, "compare", "Pau", *(word for one in scenarios for word in ("--scenario", one)))
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
    code, out, err = _run(capsys, "scenario", "Pau", *words)
    assert code in (3, 4) and out == ""
    assert said in err


def test_market_gardens_are_printed_year_by_year(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "scenario", "Pau", "--starts", "3", "--set", "farm_years=4")
    assert "Fermes maraîchères, année par année" in out


def test_a_report_is_written_where_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert _run(capsys, "report", "Pau", "--pdf", str(tmp_path / "pau.pdf"))[0] == 0
    assert (tmp_path / "pau.pdf").read_bytes().startswith(b"%PDF-")
    assert _run(capsys, "report", "Pau", "--pdf", str(tmp_path / "none" / "pau.pdf"))[0] == 4


def test_own_figures_win_and_bad_ones_are_told_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("crop_group;area_ha;organic_ha;year\nLégumes;35,5;;2024\n")
    bad.write_text("crop_group;area_ha;organic_ha;year\nLégumes;beaucoup;;2024\n")
    _, out, _ = _run(capsys, "diagnose", "Pau", "--own", str(good), "--csv", "groups")
    assert "35.5" in out
    code, _, err = _run(capsys, "diagnose", "Pau", "--own", str(bad))
    assert code == 4
    assert "ligne 2, area_ha" in err
    assert _run(capsys, "diagnose", "Pau", "--own", str(tmp_path / "absent.csv"))[0] == 3


def test_data_lists_what_is_known_and_what_can_be_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "data", "--json")
    told = json.loads(out)
    assert "food/diet" in {row["table"] for row in told["shipped"]}
    assert "farmland_epci" in {row["source"] for row in told["official"]}


def test_a_sync_from_an_empty_mirror_names_the_file_it_misses(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ressort.reference.territories import territories

    territories()
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path / "home"))
    code, out, _ = _run(capsys, "data", "sync", "farmland_epci", "--mirror", str(tmp_path))
    assert code == 5
    assert "sau_epci.csv" in out.replace("\n", "")


def test_templates_are_written_once_and_never_over(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _run(capsys, "data", "template", "crop_area")
    (tmp_path / "crop_area.csv").write_text("mine")
    _, out, _ = _run(capsys, "data", "template", "crop_area")
    assert "existe déjà" in out
    assert (tmp_path / "crop_area.csv").read_text() == "mine"


@pytest.mark.parametrize(
    "words",
    [["diagnoz", "Pau"], ["diagnose"], ["diagnose", "Pau", "--json", "--csv"], ["compare", "Pau", "--frobnicate"]],
)
def test_bad_words_exit_two_with_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, *words)
    assert code == 2
    assert err.startswith("usage")


@pytest.mark.parametrize(
    "command", ["find", "diagnose", "scenario", "compare", "report", "field", "data", "serve", "doctor"]
)
def test_every_command_teaches_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, command, "--help")
    assert code == 0
    assert len(out.splitlines()) > 5
    if command != "doctor":
        assert f"  ressort {command} " in out, "an example to copy"


def test_every_example_of_the_help_is_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    """The words are read as a shell would; those that name a file or start a server are only parsed."""
    from ressort.cli.examples import examples
    from ressort.cli.parser import build_parser

    for command in ("find", "diagnose", "scenario", "compare", "report", "field", "data", "serve"):
        lines = [line.strip() for line in examples(command).splitlines() if line.startswith("  ressort ")]
        assert lines
        for line in lines:
            typed = re.split(r"\s{3,}| > ", line)[0].replace("  for a program", "").replace("  pour un programme", "")
            build_parser().parse_args(shlex.split(typed)[1:])


def _process(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ressort.cli", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_a_table_in_csv_names_its_producers_and_licences(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "diagnose", "Pau", "--csv", "figures")
    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(out))}
    assert rows["population_people"]["producer"] == "INSEE"
    assert rows["population_people"]["licence"].startswith("Licence Ouverte 2.0 (Etalab)\u00a0: citer le producteur")
    assert rows["land_needed_ha"]["producer"] == "FAO, agrégation pour Ressort"


def test_colours_go_away_when_nobody_wants_them() -> None:
    assert "\x1b[" not in _process("diagnose", "Pau", NO_COLOR="1", FORCE_COLOR="").stdout


def test_a_reader_that_stops_early_is_no_error() -> None:
    piped = subprocess.run(
        f"{sys.executable} -m ressort.cli diagnose Pau --json | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert piped.stdout.startswith("{")
    assert "Traceback" not in piped.stderr


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _process("find", "Pau", RESSORT_HOME=str(tmp_path / "file"))
    assert done.returncode == 6
    assert "Traceback" not in done.stderr


def test_import_ressort_loads_nothing_heavy() -> None:
    code = (
        "import sys, ressort; print([m for m in ('numpy', 'polars', 'scipy', 'django', 'altair') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_a_stopped_database_is_said_in_one_sentence_of_the_user(tmp_path: Path) -> None:
    nobody = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x", "RESSORT_HOME": str(tmp_path)}
    done = _process("serve", "--port", "0", **nobody)
    assert done.returncode == 2
    assert done.stderr.startswith("La base de données ne répond pas")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("language", "told"), [("fr", "commence par"), ("en", "begins with")])
def test_another_kind_of_database_is_refused_in_the_language_of_the_user(
    language: str, told: str, tmp_path: Path
) -> None:
    done = _process("--lang", language, "serve", DATABASE_URL="mysql://a/b", RESSORT_HOME=str(tmp_path))
    assert done.returncode == 2
    assert f"DATABASE_URL {told} mysql://" in done.stderr


def test_the_names_of_indicators_stay_readable_beside_long_values() -> None:
    lines = _process("scenario", "Pau", "--diet", "minus_25", COLUMNS="80").stdout.splitlines()
    assert any(line.startswith("Terres nécessaires") for line in lines)
    assert max(len(line) for line in lines) <= 80


def test_without_a_word_the_help_is_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["ressort"])
    try:
        code = main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 0
    assert "ressort diagnose Pau" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "near"), [(("diagnos", "Pau"), "diagnose"), (("scenario", "Pau", "--orgnic", "0.4"), "--organic")]
)
def test_a_mistyped_word_is_told_its_nearest(
    words: tuple[str, ...], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = _run(capsys, *words)
    assert code == 2
    assert f"Peut-être : {near}" in err


@pytest.mark.parametrize(
    "pair", ["organic_shares=0.5", "relocated_share.beef=1", "diet_kg=3", "replace_protein=maybe", "people.x=1", "diet"]
)
def test_a_lever_is_moved_or_refused_but_never_passed_over(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = _run(capsys, "scenario", "Pau", "--set", pair)
    assert (code, out) == (4, "")
    assert err


@pytest.mark.parametrize("columns", ["30", "60", "80", "200"])
@pytest.mark.parametrize("words", [("diagnose", "Pau"), ("scenario", "Pau", "--diet", "vegan")])
def test_no_figure_is_cut_whatever_the_width_of_the_terminal(columns: str, words: tuple[str, ...]) -> None:
    out = _process(*words, COLUMNS=columns, NO_COLOR="1").stdout
    flat = "".join(out.split())
    assert "Autonomiepotentielle" in flat
    assert "25000ha(21000à30000)" in flat.replace("\u202f", "").replace("\u00a0", "")


@pytest.mark.parametrize("words", ["diagnose Pau", "diagnose Pau --json", "find Saint", "scenario Pau --diet vegan"])
def test_a_reader_that_stops_early_leaves_an_exit_code_of_zero(words: str) -> None:
    piped = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m ressort.cli {words} | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (piped.returncode, piped.stderr) == (0, "")


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
    _, out, _ = _run(capsys, "diagnose", "Pau", *words, "--json")
    told = json.loads(out)
    figures = told["figures"]
    assert figures["actual_autonomy_share"]["value"] == pytest.approx(120 / 900)
    assert (figures["present_farms"]["value"], figures["farm_labour_fte"]["value"]) == (84, 131.5)
    assert (figures["organic_farmland_share"]["value"], figures["organic_farmland_share"]["source"]) == (
        0.25,
        "areas.csv",
    )
    assert len(told["provenance"]) == len(files)
    _, out, _ = _run(capsys, "diagnose", "Pau", *words, "--csv", "production")
    assert "cattle,Bovins,777.0,heads,observed,2024,herds.csv" in out
    _, out, _ = _run(capsys, "diagnose", "Pau", *words, "--csv", "canteens")
    assert "École,25920.0" in out


def test_a_table_that_is_no_template_says_which_there_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a;b\n1;2\n")
    code, _, err = _run(capsys, "diagnose", "Pau", "--own", str(tmp_path / "other.csv"))
    assert code == 4
    assert "purchases" in err


def test_a_plate_of_ones_own_moves_the_land(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plate = tmp_path / "plate.csv"
    plate.write_text("product;kg_per_year\nViande bovine;0\npulses;20\n", "utf-8")
    _, out, _ = _run(capsys, "scenario", "Pau", "--plate", str(plate), "--json")
    told = json.loads(out)
    assert told["levers"] == {"diet": "own", "diet_kg.beef": "0", "diet_kg.pulses": "20"}
    assert told["figures"]["land_needed_ha"]["value"] < 25_000 * 0.7
    plate.write_text("product;kg_per_year\nLicorne;3\n", "utf-8")
    code, _, err = _run(capsys, "scenario", "Pau", "--plate", str(plate))
    assert code == 4
    assert "ligne 2, product" in err
    code, _, err = _run(capsys, "diagnose", "Pau", "--own", str(plate))
    assert code == 3
    assert "--plate" in err


def test_a_file_of_200_mb_is_refused_before_it_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.csv"
    with heavy.open("wb") as file:
        file.truncate(200_000_000)
    code, _, err = _run(capsys, "diagnose", "Pau", "--own", str(heavy))
    assert code == 4
    assert "200" in err


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
    found, out, err = _run(capsys, "field", *words)
    assert found == code
    assert told in out + err


def _on_a_small_disk(limit_bytes: int, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """`ressort …` where no file may grow beyond a limit: what a full disk does, without one."""
    import resource

    return subprocess.run(
        [sys.executable, "-m", "ressort.cli", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "RESSORT_HOME": str(home)},
        cwd=home,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
        check=False,
    )


def test_a_disk_that_fills_during_the_first_use_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    done = _on_a_small_disk(200_000, "find", "Pau", home=tmp_path)
    assert done.returncode == 6
    assert "La machine a fait obstacle" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "build").iterdir()] == [".lock"]


def test_a_template_that_the_disk_refuses_is_not_half_there(tmp_path: Path) -> None:
    from ressort.reference.territories import build

    (tmp_path / "build").symlink_to(build().parent)
    done = _on_a_small_disk(10, "data", "template", "crop_area", home=tmp_path)
    assert done.returncode == 6
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_an_answer_that_the_disk_refuses_is_said() -> None:
    for shape in ([], ["--json"], ["--csv"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "ressort.cli", "diagnose", "Pau", *shape],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (done.returncode, "Traceback" in done.stderr) == (6, False)


@pytest.mark.parametrize("limit", ["0", "-3", "dix"])
def test_a_limit_that_is_no_count_is_refused(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "find", "Pau", "--limit", limit)
    assert code == 2
    assert limit in err


def test_a_table_that_lacks_a_column_is_told_which(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("crop_group;area_ha\nvegetables;3\n")
    code, _, err = _run(capsys, "diagnose", "Pau", "--own", str(tmp_path / "areas.csv"))
    assert code == 4
    assert "year" in err
