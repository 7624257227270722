"""Processes that play runs, kept from one question to the next: to start one takes seconds, longer than what it spares on a small one.

Whoever asks plays too and gives a process its first part only once it is up: a question is never slower for having called for help.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ressort.resilience.ground import Ground
from ressort.resilience.request import Request

#: seconds without any question after which the processes end
IDLE_S = 600.0

_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
_ready: list[Future[float]] = []
_last = 0.0


def are_ready(count: int) -> bool:
    """Whether so many processes are up; the first who asks starts them.

    Raises:
        BrokenProcessPool: one of them died.
    """
    global _pool, _ready, _last
    with _lock:
        _last = time.monotonic()
        if _pool is None or len(_ready) != count:
            _close()
            os.environ.setdefault("OMP_NUM_THREADS", "1")
            _pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=_follow)
            _ready = [_pool.submit(_wake) for _process in range(count)]
            threading.Thread(target=_end_when_idle, args=(_pool,), name="hands-idle", daemon=True).start()
        return all(one.done() and one.result() >= 0 for one in _ready)


def ask(count: int, request: Request, ground: Ground, start: int) -> "Future[Any]":
    """A part of the runs, played by a process that is up.

    Raises:
        BrokenProcessPool: a process died.
    """
    with _lock:
        assert _pool is not None, "processes are started before they are asked"
        assert len(_ready) == count, "another number of processes was asked for in between"
        return _pool.submit(_play, pickle.dumps((request, ground)), start)


def let_go() -> None:
    """Ends the processes; the next question starts others."""
    with _lock:
        _close()


def _close() -> None:
    global _pool
    if _pool is not None:
        _pool.shutdown(wait=False, cancel_futures=True)
    _pool = None
    _ready.clear()


def _end_when_idle(mine: ProcessPoolExecutor) -> None:
    while _pool is mine:
        time.sleep(max(1.0, _last + IDLE_S - time.monotonic()))
        with _lock:
            if _pool is mine and time.monotonic() - _last >= IDLE_S:
                _close()


def _wake() -> float:
    """Makes a process ready: it reads the compiled model, and gives way to the pages."""
    from ressort.resilience.rehearsal import rehearse

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        os.nice(5)
    begun = time.monotonic()
    rehearse()
    return time.monotonic() - begun


def _follow() -> None:
    """Has a process watch its parent from its first moment on, before any question reaches it."""
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """Ends a process whose parent was killed without a word."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _play(asked: bytes, start: int) -> Any:
    from ressort.resilience.many_runs import _part

    return _part(_player(asked), start)


@lru_cache(maxsize=8)
def _player(asked: bytes) -> Any:
    """A player of one question, kept for its other parts."""
    from ressort.resilience.one_run import Player

    return Player(*pickle.loads(asked))
