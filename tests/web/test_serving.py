"""What a server that runs for long promises: each fragment made once, new figures seen, early visitors served."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from ressort.reference import data_folder, forget, synced_stamp, table
from ressort.web import freshness, kept, warmth


@pytest.fixture
def sync() -> Iterator[Callable[[str], None]]:
    """Brings a table, as `ressort data sync` does."""
    folder = data_folder() / "synced"
    was_there = folder.is_dir()
    folder.mkdir(parents=True, exist_ok=True)
    brought = []

    def bring(name: str) -> None:
        brought.append(folder / f"{name}.parquet")
        pl.DataFrame({"value": [1]}).write_parquet(brought[-1])

    yield bring
    for path in brought:
        path.unlink(missing_ok=True)
    if not was_there:
        folder.rmdir()


def test_a_fragment_that_many_ask_for_at_once_is_made_once() -> None:
    together, made, given = threading.Barrier(8), [], []

    def make() -> str:
        made.append(threading.current_thread().name)
        return "content"

    def ask() -> None:
        together.wait(10)
        given.append(kept.kept(("test-once",), make))

    readers = [threading.Thread(target=ask) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(10)
    assert given == ["content"] * 8
    assert len(made) == 1


def test_a_fragment_is_made_again_once_a_table_was_synced(
    monkeypatch: pytest.MonkeyPatch, sync: Callable[[str], None]
) -> None:
    monkeypatch.setattr(kept, "LOOK_S", 0.0)
    assert kept.kept(("test-synced",), lambda: "old") == "old"
    assert kept.kept(("test-synced",), lambda: "new") == "old"
    sync("test_table")
    assert kept.kept(("test-synced",), lambda: "new") == "new"


def test_forgetting_reads_the_tables_again() -> None:
    before = table("food/diet")
    assert table("food/diet") is before
    forget()
    assert table("food/diet") is not before
    assert table("food/diet").equals(before)


def test_the_stamp_of_the_figures_ignores_the_drafts_of_a_sync(sync: Callable[[str], None]) -> None:
    sync("one")
    before = synced_stamp()
    draft = data_folder() / "synced" / ".one.lock"
    draft.touch()
    assert synced_stamp() == before
    draft.unlink()
    sync("two")
    assert synced_stamp() != before


def test_workers_are_renewed_once_when_new_figures_are_whole(
    monkeypatch: pytest.MonkeyPatch, sync: Callable[[str], None]
) -> None:
    monkeypatch.setattr(freshness, "LOOK_S", 0.01)
    stop, renewed, times = threading.Event(), threading.Event(), []

    def renew() -> None:
        times.append(synced_stamp())
        renewed.set()

    watch = freshness.start(stop, renew)
    sync("one")
    assert renewed.wait(10)
    stop.set()
    watch.join(10)
    assert times == [synced_stamp()]


def test_an_early_visitor_waits_for_the_figures_and_nobody_waits_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, read, rehearsed = [], threading.Event(), threading.Event()
    monkeypatch.setattr(warmth, "REHEARSAL_S", 0.0)
    monkeypatch.setattr(warmth, "rehearse", rehearsed.set)

    def application(environ: dict[str, Any], _start: Callable[..., Any]) -> Any:
        read.wait(10)
        warmth.wait()
        asked.append(environ["PATH_INFO"])
        raise OSError("a page that fails does not stop the warm-up")

    warming = warmth.start(application)
    visitor = threading.Thread(target=warmth.wait)
    visitor.start()
    assert visitor.is_alive()
    read.set()
    visitor.join(10)
    assert not visitor.is_alive()
    assert asked
    warming.join(10)
    assert len(asked) == len(warmth.paths())
    assert rehearsed.is_set()
    warmth.wait()


@pytest.mark.django_db
def test_what_the_warm_up_asks_for_answers(client: Any) -> None:
    for path in warmth.PATHS:
        assert client.get(path).status_code in (200, 302), path


@pytest.mark.django_db(transaction=True)
def test_an_idle_connection_is_alive_until_the_server_closes_it() -> None:
    from django.db import connection, connections

    connection.ensure_connection()
    held = connections.create_connection("default")
    try:
        with held.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        assert held.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            assert cursor.fetchone() == (True,)
        assert not held.is_usable()
    finally:
        held.close()
    assert connection.is_usable()
