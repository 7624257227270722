"""Fetching, keeping and swapping: lost network, cut downloads, full disk, kill, two at once. Loopback only."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl
import pytest

from ressort.core.errors import SourceRefused, UnknownCode
from ressort.ingest import Connector, connectors, status, store, sync
from ressort.ingest.clean import Codes
from ressort.ingest.fetch import fetch
from ressort.ingest.sync import sync_one
from ressort.reference import synced, synced_cards

from .conftest import small
from .samples import SAMPLES

NAME = "land_take"


class _Server(ThreadingHTTPServer):
    content = SAMPLES[NAME]
    status = 200
    cut = 0
    asked: list[str | None]


class _Answer(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        body = self.server.content[start:]
        self.send_response(206 if asked else self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"one"')
        self.end_headers()
        if self.server.cut:
            body, self.server.cut = body[: self.server.cut], 0
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[_Server]:
    web = _Server(("127.0.0.1", 0), _Answer)
    web.asked = []
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield web
    web.shutdown()
    web.server_close()
    thread.join()


def _at(server: _Server, **changes: object) -> Connector:
    address = f"http://127.0.0.1:{server.server_port}/file.csv"
    return replace(small(connectors()[NAME]), address=address, **changes)


def _fetch(connector: Connector, folder: Path) -> Path:
    return fetch(connector, folder, pause=lambda _seconds: None)


def test_a_file_is_fetched_whole_with_progress(server: _Server, data_home: Path, tmp_path: Path) -> None:
    seen = []
    path = fetch(_at(server), tmp_path / "raw", lambda source, done, total: seen.append((source, done, total)))
    assert path.read_bytes() == server.content
    assert seen[-1] == (NAME, len(server.content), len(server.content))


def test_a_download_cut_short_resumes_where_it_stopped(server: _Server, data_home: Path, tmp_path: Path) -> None:
    server.cut = 20
    path = _fetch(_at(server), tmp_path / "raw")
    assert path.read_bytes() == server.content
    assert server.asked == [None, "bytes=20-"]


@pytest.mark.parametrize("code", [403, 404, 410])
def test_a_file_that_moved_sends_to_its_page_and_to_the_mirror(
    code: int, server: _Server, data_home: Path, tmp_path: Path
) -> None:
    server.status = code
    with pytest.raises(SourceRefused, match="mirror folder") as caught:
        _fetch(_at(server), tmp_path / "raw")
    assert caught.value.facts["status"] == code
    assert len(server.asked) == 1


def test_a_server_in_trouble_is_tried_three_times(server: _Server, data_home: Path, tmp_path: Path) -> None:
    server.status = 503
    pauses: list[float] = []
    with pytest.raises(SourceRefused, match="could not be reached"):
        fetch(_at(server), tmp_path / "raw", pause=pauses.append)
    assert len(server.asked) == 3
    assert pauses == sorted(pauses)


def test_a_file_over_its_limit_is_dropped(server: _Server, data_home: Path, tmp_path: Path) -> None:
    server.content = b"0" * 1_500_000
    with pytest.raises(SourceRefused, match="larger than"):
        _fetch(_at(server, size_limit_mb=1), tmp_path / "raw")
    assert not any((tmp_path / "raw").iterdir()) or [p.suffix for p in (tmp_path / "raw").iterdir()] == [".etag"]


def test_no_network_says_so(data_home: Path, tmp_path: Path) -> None:
    nowhere = replace(connectors()[NAME], address="http://127.0.0.1:9/")
    with pytest.raises(SourceRefused, match="could not be reached"):
        _fetch(nowhere, tmp_path / "raw")


def test_offline_makes_no_call(
    data_home: Path, tmp_path: Path, server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESSORT_DATA_OFFLINE", "1")
    with pytest.raises(SourceRefused, match="switched off"):
        _fetch(_at(server), tmp_path / "raw")
    assert server.asked == []


def _mirror(folder: Path, content: bytes = SAMPLES[NAME]) -> str:
    home = folder / NAME
    home.mkdir(parents=True, exist_ok=True)
    (home / connectors()[NAME].file_name).write_bytes(content)
    return str(folder)


def test_a_mirror_is_read_without_network_and_a_missing_file_gives_its_path(
    data_home: Path, tmp_path: Path, codes: Codes
) -> None:
    mirror = _mirror(tmp_path / "mirror")
    report = sync_one(small(connectors()[NAME]), codes, mirror=mirror)
    assert report.error is None
    assert report.rows == 2
    missing = sync_one(small(connectors()["jobs_commune"]), codes, mirror=mirror)
    assert str(tmp_path / "mirror" / "jobs_commune") in str(missing.error)


def test_a_synced_table_carries_its_card_and_its_age(data_home: Path, tmp_path: Path, codes: Codes) -> None:
    sync_one(small(connectors()[NAME]), codes, mirror=_mirror(tmp_path / "mirror"))
    card = synced_cards()[NAME]
    assert card.producer == connectors()[NAME].producer
    assert set(card.columns) == set(connectors()[NAME].columns)
    table = synced(NAME)
    assert table is not None
    assert table["land_take_ha"].sum() == pytest.approx(156.00005)
    later = date.today() + timedelta(days=1000)
    row = next(row for row in status(later) if row.source == NAME)
    assert (row.age_days, row.is_old) == (1000, True)


def _digest(home: Path) -> str:
    files = sorted(p for p in (home / "synced").glob(f"{NAME}.*") if p.is_file())
    return hashlib.sha256(b"".join(p.name.encode() + p.read_bytes() for p in files)).hexdigest()


@pytest.mark.parametrize(
    "broken",
    [b"", b"<html>", b"autre;colonne\n1;2\n", SAMPLES[NAME] + b"64445;Pau;x\n"],
    ids=["empty", "page", "columns", "cell"],
)
def test_a_failed_sync_leaves_the_data_as_they_were(
    broken: bytes, data_home: Path, tmp_path: Path, codes: Codes
) -> None:
    connector = small(connectors()[NAME])
    sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror"))
    before = _digest(data_home)
    report = sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror", broken))
    assert isinstance(report.error, SourceRefused)
    assert report.rows == report.rows_before == 2
    assert _digest(data_home) == before


def test_a_full_disk_leaves_the_data_as_they_were(
    data_home: Path, tmp_path: Path, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = small(connectors()[NAME])
    sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror"))
    before = _digest(data_home)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    report = sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror", SAMPLES[NAME].replace(b"1250000", b"99")))
    assert "the disk is full" in str(report.error)
    assert _digest(data_home) == before
    assert not list((data_home / "synced").glob(".draft-*"))


def test_two_syncs_of_one_source_the_second_says_who_holds_it(data_home: Path, tmp_path: Path, codes: Codes) -> None:
    with store.lock(NAME):
        report = sync_one(small(connectors()[NAME]), codes, mirror=_mirror(tmp_path / "mirror"))
    assert report.error is not None
    assert report.error.facts["holder"] == str(os.getpid())


def test_a_sync_killed_in_the_middle_leaves_nothing_half_written(data_home: Path, tmp_path: Path, codes: Codes) -> None:
    connector = small(connectors()[NAME])
    sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror"))
    before = _digest(data_home)
    script = (
        "import os, sys, signal; from ressort.ingest import store\n"
        "import polars as pl; from datetime import date; from ressort.ingest import connectors\n"
        "os.fsync = lambda d: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"with store.lock('{NAME}'): store.swap_in(connectors()['{NAME}'], pl.DataFrame({{'a': [1]}}), 'x', date(2026, 1, 1), '')\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "RESSORT_HOME": str(data_home)}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert _digest(data_home) == before
    assert sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror")).error is None


def test_one_failure_never_stops_the_others(data_home: Path, tmp_path: Path) -> None:
    mirror = _mirror(tmp_path / "mirror")
    reports = sync(["jobs_commune", NAME], mirror=mirror, accept_change="a small file for a test")
    assert [report.source for report in reports] == ["jobs_commune", NAME]
    assert all(report.error for report in reports)


def test_an_unknown_source_is_refused_before_anything_is_fetched(data_home: Path) -> None:
    with pytest.raises(UnknownCode) as caught:
        sync(["landtake"])
    assert NAME in caught.value.facts["choices"]


def test_a_table_and_its_card_change_together(data_home: Path, tmp_path: Path, codes: Codes) -> None:
    connector = small(connectors()[NAME])
    sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror"))
    assert [path.name for path in (data_home / "synced").iterdir() if not path.name.startswith(".")] == [
        f"{NAME}.parquet"
    ]


def test_what_a_killed_sync_left_is_swept_by_the_next(data_home: Path, tmp_path: Path, codes: Codes) -> None:
    left = data_home / "synced" / f".draft-{NAME}-abc"
    left.mkdir(parents=True)
    sync_one(small(connectors()[NAME]), codes, mirror=_mirror(tmp_path / "mirror"))
    assert not left.exists()


def test_a_file_that_is_refused_is_not_kept_among_the_raw_ones(data_home: Path, tmp_path: Path, codes: Codes) -> None:
    sync_one(small(connectors()[NAME]), codes, mirror=_mirror(tmp_path / "mirror", b"autre;colonne\n1;2\n"))
    assert not list((data_home / "raw" / NAME).glob("*/*"))


def test_a_disk_that_refuses_the_table_leaves_the_old_one(
    data_home: Path, tmp_path: Path, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library that writes tables has errors of its own: they are told as those of the disk."""
    connector = small(connectors()[NAME])
    sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror"))
    before = _digest(data_home)

    def full(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    report = sync_one(connector, codes, mirror=_mirror(tmp_path / "mirror", SAMPLES[NAME].replace(b"1250000", b"99")))
    assert "the disk is full" in str(report.error)
    assert _digest(data_home) == before


def test_a_mirror_may_hold_another_vintage_of_a_file(tmp_path: Path) -> None:
    census = connectors()["population_commune"]
    home = tmp_path / census.id
    home.mkdir()
    newer = home / "base-pop-historiques-1876-2024.xlsx"
    newer.write_bytes(b"x")
    assert fetch(census, tmp_path, mirror=str(tmp_path)) == newer
    (home / "base-pop-historiques-1876-2025.xlsx").write_bytes(b"x")
    with pytest.raises(SourceRefused, match="has no file"):
        fetch(census, tmp_path, mirror=str(tmp_path))
