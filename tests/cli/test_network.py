"""`ressort network` as its user types it."""

import io
import json
from pathlib import Path

import pytest

from ressort.cli import main

TRIANGLE = "c three nodes: é\np min 3 3\nn 1 4\nn 3 -4\na 1 2 0 5 1\na 2 3 0 2 1\na 1 3 1 5 3\n"


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["network", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "triangle.min"
    path.write_text(TRIANGLE, "utf-8")
    return path


def test_a_published_instance_is_answered_in_the_same_format(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = _run(capsys, str(file))
    assert code == 0
    assert [line for line in out.splitlines() if line[0] != "c"] == ["s 10", "f 1 2 2", "f 2 3 2", "f 1 3 2"]
    code, out, _err = _run(capsys, str(file), "--json")
    assert json.loads(out)["cost"] == 10 and len(json.loads(out)["flows"]) == 3


def test_a_solution_is_written_whole_or_not_at_all(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = file.parent / "flows.sol"
    code, out, _err = _run(capsys, str(file), "--output", str(target))
    assert code == 0 and target.name in out and "s 10" in target.read_text("utf-8")
    file.write_text(TRIANGLE.replace("a 1 3 1 5 3", "a 1 3 1 1 3"), "utf-8")
    target.unlink()
    assert _run(capsys, str(file), "--output", str(target))[0] == 4
    assert [path.name for path in file.parent.iterdir()] == ["triangle.min"]


def test_what_cannot_be_met_is_told_with_the_arcs_that_hold_it_back(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(TRIANGLE.replace("a 1 3 1 5 3", "a 1 3 1 1 3"), "utf-8")
    code, out, err = _run(capsys, str(file))
    assert code == 4 and out == ""
    assert "Il manque 1, aux nœuds 3 (1)" in err and "2 → 3 (2), 1 → 3 (1)" in err
    code, out, _err = _run(capsys, str(file), "--json")
    told = json.loads(out)
    assert code == 4 and told["status"] == "infeasible" and told["conflicts"][0]["short"] == {"3": 1}
    assert [one["arc"] for one in told["conflicts"][0]["full_arcs"]] == [2, 3]


def test_what_is_piped_in_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TRIANGLE.encode())))
    code, out, _err = _run(capsys, "-")
    assert code == 0 and "s 10" in out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "1"),
        (b"p min 3 3\nn 1 4\n", "3"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "1"),
        (b"p min 2 1\na 1 2 0 x 1\n", "2"),
        (b"[]", "1"),
    ],
)
def test_a_file_that_is_no_network_is_told_by_line(
    file: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    file.write_bytes(content)
    code, out, err = _run(capsys, str(file))
    assert code == 3 and out == "" and told in err and "{" not in err


def test_no_file_there_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _out, err = _run(capsys, str(tmp_path / "nothing.min"))
    assert code == 3 and "nothing.min" in err
