"""`ressort budget` as its user types it: answers, exit codes, errors with their lines, nothing half-written."""

import csv
import io
import json
from pathlib import Path

import pytest

from ressort.cli import main

VOTES = """META
key;value
description;Budget participatif
unit;Essai
budget;100
num_projects;4
num_votes;7
vote_type;approval
PROJECTS
project_id;cost;name;district
a;40;=HYPERLINK(1);Nord
b;40;Banc;Nord
c;30;Four à pain;Sud
d;60;Passerelle;Sud
VOTES
voter_id;vote
1;a,b
2;a,b
3;a,b
4;a
5;c
6;d
7;d
"""


@pytest.fixture
def votes(tmp_path: Path) -> str:
    """A small file of votes."""
    path = tmp_path / "votes.pb"
    path.write_text(VOTES, "utf-8")
    return str(path)


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(["budget", *words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


def _funded(capsys: pytest.CaptureFixture[str], votes: str, *words: str) -> list[str]:
    code, out, err = _run(capsys, "count", votes, "--json", *words)
    assert code == 0, err
    return [one["code"] for one in json.loads(out)["winners"]]


@pytest.mark.parametrize(
    ("words", "funded"),
    [
        (("--rule", "greedy"), {"a", "b"}),
        (("--rule", "greedy", "--minimum", "district:Sud=1"), {"a", "d"}),
        (("--rule", "greedy", "--rivals", "a,b"), {"a", "d"}),
        (("--rule", "greedy", "--exclude", "a=Terrain vendu"), {"b", "d"}),
        (("--rule", "greedy", "--fund", "c=Promesse tenue"), {"a", "c"}),
        (("--rule", "greedy", "--envelope", "sud=60:district:Sud"), {"a", "d"}),
        (("--rule", "greedy", "--envelope", "sud=60:district:Sud;kept;final"), {"a", "d"}),
        (("--rule", "greedy", "--ties", "none", "--lot", "4 8 15"), {"a", "b"}),
        (("--rule", "greedy", "--least-votes", "4"), {"a"}),
        (("--rule", "mes", "--completion", "none"), {"a"}),
        (("--rule", "phragmen"), {"a", "b"}),
    ],
)  # fmt: skip
def test_each_rule_is_a_word_of_the_command(
    words: tuple[str, ...], funded: set[str], votes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(_funded(capsys, votes, *words)) == funded


def test_the_result_is_told_in_french_with_its_reasons(votes: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = _run(capsys, "count", votes, "--rule", "greedy")
    assert code == 0
    assert "projets financés" in out
    code, out, _err = _run(capsys, "count", votes, "--rule", "greedy", "--project", "d")
    assert "Avec 2 voix de plus" in " ".join(out.split())


def test_a_formula_is_kept_from_spreadsheets(votes: str, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = _run(capsys, "count", votes, "--rule", "greedy", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["project"]: row["name"] for row in rows}["a"] == "'=HYPERLINK(1)"
    assert len(rows) == 4


def test_what_each_voter_got_is_a_table(votes: str, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = _run(capsys, "count", votes, "--rule", "greedy", "--csv", "voters")
    rows = list(csv.DictReader(io.StringIO(out)))
    told = json.loads(_run(capsys, "count", votes, "--rule", "greedy", "--json")[1])
    assert len(rows) == told["ballots"]
    assert round(100 * sum(float(row["received_eur"]) for row in rows)) == pytest.approx(
        told["spent_cents"], abs=len(rows)
    )
    assert all(0 <= int(row["funded"]) <= int(row["chosen"]) for row in rows)


def test_ties_are_told_with_what_settled_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tied.pb"
    path.write_text(VOTES.replace("4;a", "4;d"), "utf-8")
    words = (str(path), "--rule", "greedy", "--lot", "4 8 15")
    (tie,) = json.loads(_run(capsys, "count", *words, "--json")[1])["ties"]
    assert set(tie["projects"]) == {"a", "b", "d"} and tie["settled_by"] == ["lot", "cost"]
    assert "puis d (moins cher)" in " ".join(_run(capsys, "count", *words)[1].split())


def test_rules_are_compared_side_by_side(votes: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = _run(capsys, "compare", votes, "--csv")
    assert code == 0
    assert {row["rule"] for row in csv.DictReader(io.StringIO(out))} >= {"mes", "phragmen", "greedy"}
    assert _run(capsys, "compare", votes)[0] == 0


def test_a_published_file_is_counted_again_and_a_false_one_is_caught(
    votes: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = tmp_path / "published.pb"
    assert _run(capsys, "count", votes, "--rule", "greedy", "--write", str(published))[0] == 0
    assert not published.with_name("published.pb.part").exists()
    code, out, _err = _run(capsys, "replay", str(published))
    assert (code, "2" in out) == (0, True)
    published.write_text(published.read_text("utf-8").replace("7;d", "7;c"), "utf-8")
    assert _run(capsys, "replay", str(published))[0] == 0, "one vote less does not change the result"
    text = published.read_text("utf-8").replace("Passerelle;Sud;0", "Passerelle;Sud;1")
    published.write_text(text, "utf-8")
    code, _out, err = _run(capsys, "replay", str(published))
    assert code == 4
    assert "d" in err
    assert _run(capsys, "replay", votes)[0] == 3, "a file without a result cannot be replayed"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("7;d", "6;d", "ligne 23"),
        ("7;d", "7;z", "ligne 23"),
        ("b;40;", "b;-40;", "ligne 12"),
        ("budget;100", "budget;0", "0"),
        ("num_votes;7", "num_votes;9", "9"),
    ],
)
def test_a_file_that_lies_is_refused_with_its_line(
    old: str, new: str, told: str, votes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(votes)
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    code, out, err = _run(capsys, "count", votes)
    assert (code, out) == (4, "")
    assert told in err


@pytest.mark.parametrize(
    "words",
    [
        ("--rule", "dictator"),
        ("--completion", "magic"),
        ("--step", "0"),
        ("--step", "abc"),
        ("--fund", "a"),
        ("--fund", "zz=why"),
        ("--minimum", "district:Sud=x"),
        ("--minimum", "district:Est=1"),
        ("--envelope", "x=9999:district:Sud"),
        ("--envelope", "sud=60:district:Sud;often"),
        ("--envelope", "sud=60:district:Sud;planet=mars"),
        ("--rivals", "a,zz"),
        ("--ties", "age"),
        ("--lot-file", "nowhere"),
        ("--minimum", "district:Sud=2", "--minimum", "district:Nord=2"),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    words: tuple[str, ...], votes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(capsys, "count", votes, *words)
    assert (code in (3, 4), out, bool(err)) == (True, "", True)


def test_a_missing_an_empty_and_a_binary_file_are_told_plainly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(capsys, "count", str(tmp_path / "none.pb"))[0] == 3
    for content in (b"", b"\x89PNG\r\n\x1a\n\x00\xff\xfe"):
        path = tmp_path / "x.pb"
        path.write_bytes(content)
        assert _run(capsys, "count", str(path))[0] == 4


def test_a_lot_that_matters_is_asked_for_then_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, order = tmp_path / "tie.pb", tmp_path / "lot.txt"
    text = "META\nkey;value\nbudget;10\nPROJECTS\nproject_id;cost\na;10\nb;10\nVOTES\nvoter_id;vote\n1;a\n2;b\n"
    path.write_text(text, "utf-8")
    code, _out, err = _run(capsys, "count", str(path), "--rule", "greedy")
    assert (code, "a, b" in err) == (4, True)
    order.write_text("b\na\n", "utf-8")
    assert _funded(capsys, str(path), "--rule", "greedy", "--lot-file", str(order)) == ["b"]
    assert len(_funded(capsys, str(path), "--rule", "greedy", "--lot", "loto du 14 mars")) == 1


def test_python_counts_the_same_file(votes: str, tmp_path: Path) -> None:
    import ressort
    from ressort.core.budget import Rules
    from ressort.core.errors import InputError, RuleBroken

    assert set(ressort.count_votes(votes, Rules(rule="greedy")).winners) == {"a", "b"}
    assert len(ressort.read_votes(votes).ballots) == 7
    with pytest.raises(InputError):
        ressort.count_votes(tmp_path / "none.pb")
    Path(votes).write_text(VOTES.replace("7;d", "6;d"), "utf-8")
    with pytest.raises(RuleBroken, match="23"):
        ressort.count_votes(votes)
