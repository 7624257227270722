"""What `ressort doctor` finds, on machines where something is missing."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ressort.cli import EXIT_MACHINE, doctor, main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A short empty data folder, and no database of the operator's own."""
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def listener() -> Iterator[int]:
    """The port of somebody who answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def wrong() -> list[str]:
    """What is wrong, in words."""
    return [check.says for check in doctor.checks() if check.level == "wrong"]


def test_a_machine_where_ressort_was_installed_is_well(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "Tout va bien" in capsys.readouterr().out


def test_it_writes_nothing(home: Path) -> None:
    doctor.checks()
    assert list(home.iterdir()) == []


def test_a_missing_package_is_named_with_its_remedy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "requires", lambda name: ["polars>=1", "no-such-package>=3", 'other; extra == "dev"'])
    (check,) = [check for check in doctor.checks() if check.level == "wrong"]
    assert "no-such-package" in check.says and "polars" not in check.says and "other" not in check.says
    assert "make run" in check.remedy


def test_a_folder_that_is_a_file_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "taken").write_text("")
    monkeypatch.setenv("RESSORT_HOME", str(home / "taken"))
    assert any("taken" in says for says in wrong())


def test_a_full_disk_says_how_much_to_free(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NEEDED_BYTES", 10**18)
    (check,) = [check for check in doctor.checks() if check.level == "wrong"]
    assert "RESSORT_HOME" in check.remedy


def test_a_path_too_long_for_a_socket_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSORT_HOME", str(home / ("long" * 30)))
    assert len(wrong()) == 1


def test_a_database_that_does_not_answer_is_told_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], listener: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:secret@127.0.0.1:1/ressort")
    assert main(["doctor"]) == EXIT_MACHINE
    told = capsys.readouterr().out
    assert "127.0.0.1" in told and "DATABASE_URL" in told and "secret" not in told
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada:secret@127.0.0.1:{listener}/ressort")
    assert len(wrong()) == 1, "something answers there, which is not a database"


def test_an_address_that_cannot_be_read_shows_how_to_write_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://host:port/name")
    (check,) = [check for check in doctor.checks() if check.level == "wrong"]
    assert check.remedy.startswith("postgresql://")


def test_a_busy_port_is_a_note_with_another_port(home: Path, listener: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PORT", listener)
    (check,) = [check for check in doctor.checks() if str(listener) in check.says]
    assert check.level == "note" and str(listener + 1) in check.remedy
