"""`ressort budget replay` on official results: ties that no announced rule settles, ranks, projects decided apart."""

import json
from pathlib import Path

import pytest

from ressort.cli import main

FILE = """META
key;value
budget;100
num_projects;3
num_votes;4
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;votes;selected
a;60;2;{a}
b;60;2;{b}
c;40;1;{c}
VOTES
voter_id;vote
1;a
2;a,b
3;b
4;c
"""


def _replayed(path: Path, capsys: pytest.CaptureFixture[str], **selected: int) -> tuple[int, dict[str, object]]:
    path.write_text(FILE.format(**selected), "utf-8")
    code = main(["budget", "replay", str(path), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_tie_that_the_file_does_not_settle_is_taken_as_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for selected in ({"a": 1, "b": 0, "c": 1}, {"a": 0, "b": 1, "c": 1}):
        code, facts = _replayed(tmp_path / "x.pb", capsys, **selected)
        assert (code, facts["same"], facts["ties_as_published"]) == (0, True, True)


def test_a_result_that_no_order_of_ties_explains_is_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = _replayed(tmp_path / "x.pb", capsys, a=0, b=0, c=1)
    assert (code, facts["same"]) == (4, False)


def test_projects_decided_apart_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = _replayed(tmp_path / "x.pb", capsys, a=1, b=0, c=2)
    assert (code, facts["decided_apart"]) == (0, ["c"])
