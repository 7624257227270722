"""Manners of the command line: help, exit codes, colours, readers that stop, disks that fill."""

import csv
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text

from ressort.cli import main
from ressort.cli.render import console
from tests.cli.typed import run


@pytest.mark.parametrize(
    "words",
    [["diagnoz", "Pau"], ["diagnose"], ["diagnose", "Pau", "--json", "--csv"], ["compare", "Pau", "--frobnicate"]],
)
def test_bad_words_exit_two_with_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *words)
    assert code == 2
    assert err.startswith("usage")


@pytest.mark.parametrize(
    "command", ["find", "diagnose", "scenario", "compare", "report", "field", "data", "serve", "doctor"]
)
def test_every_command_teaches_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert len(out.splitlines()) > 5
    if command != "doctor":
        assert f"  ressort {command} " in out, "an example to copy"


@pytest.mark.parametrize("words", ["", "find", "cooperate", "panel", "ledger verify", "stress"])
def test_headings_of_the_help_end_as_the_language_ends_them(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, french, _ = run(capsys, *words.split(), "--help")
    _, english, _ = run(capsys, "--lang", "en", *words.split(), "--help")
    assert "\noptions\u00a0:\n" in french and not re.search(r"^\S[^:\n]*(?<!\u00a0):$", french, re.MULTILINE)
    assert "\noptions:\n" in english and "\u00a0:" not in english


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("stress", "--days N"),
        ("ledger verify", "DOSSIER"),
        ("panel check", "VOLONTAIRES QUOTAS"),
        ("currency bank-file", "--iban VALEUR"),
        ("replay", "FICHIER"),
    ],
)
def test_the_help_names_what_each_argument_takes_in_french(words: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    code, out, _ = run(capsys, *words.split(), "--help")
    assert code == 0
    assert shown in " ".join(out.split())


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
    _, out, _ = run(capsys, "diagnose", "Pau", "--csv", "figures")
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


@pytest.mark.parametrize("name", ["ressort", "ressort.cli.parser"])
def test_neither_the_package_nor_the_words_of_its_commands_load_anything_heavy(name: str) -> None:
    code = (
        f"import sys, {name}; print([m for m in ('numpy', 'polars', 'scipy', 'django', 'altair') if m in sys.modules])"
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
    code, _, err = run(capsys, *words)
    assert code == 2
    assert f"Peut-être\u00a0: {near}" in err


@pytest.mark.parametrize("columns", ["30", "60", "80", "200"])
@pytest.mark.parametrize("words", [("diagnose", "Pau"), ("scenario", "Pau", "--diet", "vegan")])
def test_no_figure_is_cut_whatever_the_width_of_the_terminal(columns: str, words: tuple[str, ...]) -> None:
    out = _process(*words, COLUMNS=columns, NO_COLOR="1").stdout
    flat = "".join(out.split())
    assert "Autonomiepotentielle" in flat
    assert "25000ha(21000à30000)" in flat.replace("\u202f", "").replace("\u00a0", "")


def test_a_line_is_not_cut_at_a_no_break_space() -> None:
    lines = Text("besoins de 1\u202f100\u00a0kg ici").wrap(console, 16)
    assert [line.plain.rstrip(" ") for line in lines] == ["besoins de", "1\u202f100\u00a0kg ici"]


@pytest.mark.parametrize("words", ["diagnose Pau", "diagnose Pau --json", "find Saint", "scenario Pau --diet vegan"])
def test_a_reader_that_stops_early_leaves_an_exit_code_of_zero(words: str) -> None:
    piped = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m ressort.cli {words} | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (piped.returncode, piped.stderr) == (0, "")


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


def test_a_full_disk_is_told_in_the_language_of_the_reader(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/data/pau.pdf")

    monkeypatch.setattr("ressort.cli.commands.find", full)
    assert main(["find", "Pau"]) == 6
    assert "le disque est plein" in capsys.readouterr().err
    assert main(["--lang", "en", "find", "Pau"]) == 6
    assert "the disk is full, free some space, /data/pau.pdf" in capsys.readouterr().err
