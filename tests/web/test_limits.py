"""A visitor in too much of a hurry is asked to wait, and nobody else is."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from threading import Barrier
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.web.limits import LIMITS, Buckets

KEY = b"a key of this installation alone"


def test_a_burst_passes_then_the_visitor_waits() -> None:
    buckets = Buckets(KEY)
    waits = [buckets.wait_s("write", "a", now_s=0.0) for _ in range(LIMITS["write"].burst + 1)]
    assert waits[:-1] == [0.0] * LIMITS["write"].burst
    assert waits[-1] == 1 / LIMITS["write"].per_second


def test_one_visitor_does_not_use_the_tokens_of_another() -> None:
    buckets = Buckets(KEY)
    for _ in range(LIMITS["write"].burst):
        buckets.wait_s("write", "a", now_s=0.0)
    assert buckets.wait_s("write", "b", now_s=0.0) == 0.0
    assert buckets.wait_s("page", "a", now_s=0.0) == 0.0


@given(st.lists(st.floats(0, 5), max_size=200))
def test_never_more_than_the_burst_and_the_rate(pauses_s: list[float]) -> None:
    buckets, now_s, allowed = Buckets(KEY), 0.0, 0
    for pause_s in pauses_s:
        now_s += pause_s
        allowed += buckets.wait_s("write", "a", now_s=now_s) == 0.0
    assert allowed <= LIMITS["write"].burst + LIMITS["write"].per_second * now_s + 1


def test_no_limit_when_the_operator_removes_them() -> None:
    buckets = Buckets(KEY, factor=0)
    assert not any(buckets.wait_s("write", "a") for _ in range(1000))


def test_workers_share_what_a_visitor_has_left(tmp_path: Path) -> None:
    one, other = (Buckets(KEY, shared=tmp_path / "limits") for _worker in range(2))
    waits = [worker.wait_s("write", "a", now_s=1.0) for _ in range(LIMITS["write"].burst) for worker in (one, other)]
    assert waits.count(0.0) == LIMITS["write"].burst and not any(waits[: LIMITS["write"].burst])
    renewed = Buckets(KEY, shared=tmp_path / "limits")
    assert renewed.wait_s("write", "a", now_s=1.0) > 0, "a worker that is replaced gives nobody a second burst"


def _in_processes(path: Path, several: int, tries: int) -> Iterator[int]:
    """How many tries each of several processes, born at once, was allowed."""
    pipes = []
    for _child in range(several):
        there, here = os.pipe()
        if os.fork() == 0:
            buckets = Buckets(KEY, shared=path)
            allowed = sum(buckets.wait_s("vote", "a", now_s=1.0) == 0.0 for _ in range(tries))
            os.write(here, str(allowed).encode())
            os._exit(0)
        os.close(here)
        pipes.append(there)
    for there in pipes:
        yield int(os.read(there, 20))
        os.close(there)
        os.wait()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_processes_at_once_never_take_one_token_twice(tmp_path: Path) -> None:
    assert sum(_in_processes(tmp_path / "limits", several=4, tries=200)) == LIMITS["vote"].burst


def test_threads_at_once_are_allowed_no_more_than_one_would_be(tmp_path: Path) -> None:
    buckets, began_s, ready = Buckets(KEY, shared=tmp_path / "limits"), monotonic(), Barrier(8)

    def hurry(_number: int) -> int:
        ready.wait()
        return sum(buckets.wait_s("report", "a") == 0.0 for _ in range(300))

    with ThreadPoolExecutor(8) as crowd:
        allowed = sum(crowd.map(hurry, range(8)))
    limit = LIMITS["report"]
    assert limit.burst <= allowed <= limit.burst + limit.per_second * (monotonic() - began_s) + 1


def test_a_machine_that_starts_again_forgets_who_waited(tmp_path: Path) -> None:
    for _ in range(LIMITS["write"].burst + 1):
        Buckets(KEY, shared=tmp_path / "limits").wait_s("write", "a", now_s=9_000.0)
    assert Buckets(KEY, shared=tmp_path / "limits").wait_s("write", "a", now_s=5.0) == 0.0


def test_where_nothing_can_be_written_each_process_counts_alone(tmp_path: Path) -> None:
    buckets = Buckets(KEY, shared=tmp_path / "no" / "folder" / "limits")
    waits = [buckets.wait_s("write", "a", now_s=0.0) for _ in range(LIMITS["write"].burst + 1)]
    assert waits[:-1] == [0.0] * LIMITS["write"].burst and waits[-1] > 0


def test_a_crowd_that_fills_the_table_pushes_out_who_was_seen_longest_ago(tmp_path: Path) -> None:
    buckets = Buckets(KEY, shared=tmp_path / "limits")
    for number in range(60_000):
        buckets.wait_s("write", str(number), now_s=float(number))
    assert (tmp_path / "limits").stat().st_size < 1_000_000
    for _ in range(LIMITS["write"].burst - 1):
        buckets.wait_s("write", "59999", now_s=60_000.0)
    assert buckets.wait_s("write", "59999", now_s=60_000.0) > 0, "the last one is still known"


def _seen(table: Path) -> set[bytes]:
    """The digests of the visitors that a table holds."""
    content = table.read_bytes()
    return {content[at : at + 8] for at in range(0, 4096 * 8 * 24, 24)} - {bytes(8)}


def test_who_reads_the_table_cannot_try_every_address(tmp_path: Path) -> None:
    Buckets(KEY, shared=tmp_path / "limits").wait_s("page", "203.0.113.7", now_s=1.0)
    Buckets(KEY[::-1], shared=tmp_path / "others").wait_s("page", "203.0.113.7", now_s=1.0)
    digest, (here,), (there,) = (
        blake2b(b"page 203.0.113.7", digest_size=8).digest(),
        *map(_seen, (tmp_path / "limits", tmp_path / "others")),
    )
    assert here != there and digest not in (here, there)


def test_a_table_of_another_key_is_forgotten(tmp_path: Path) -> None:
    old = blake2b(b"write a", digest_size=8).digest()
    (tmp_path / "limits").write_bytes(old * (4096 * 8 * 3))
    for _ in range(LIMITS["write"].burst + 1):
        waited_s = Buckets(KEY, shared=tmp_path / "limits").wait_s("write", "a", now_s=1.0)
    assert waited_s > 0 and old not in (tmp_path / "limits").read_bytes()
    assert Buckets(KEY[::-1], shared=tmp_path / "limits").wait_s("write", "a", now_s=1.0) == 0.0
