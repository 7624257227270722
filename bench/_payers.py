"""Five hundred payers before a group commit, each waiting for its own answer before it pays again."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from typing import Any

import psycopg

from ressort.core.currency import Answer, Reason, Request
from ressort.web.currency.door import ask
from ressort.web.currency.group import LANES, AsyncGroupCommit, GroupCommit

COUNT = 500
Connect = Callable[[], "psycopg.Connection[Any]"]


def coroutines(connect: Connect, request: Callable[[], Request], seconds: float) -> list[float]:
    """How long each payment waited, in seconds. One loop of events drives the payers, as it does pgbench's clients."""
    waits: list[float] = []

    async def run(write: Callable[[Sequence[Request]], list[Answer]]) -> None:
        stop = time.perf_counter() + seconds
        queue = AsyncGroupCommit(write)

        async def pay() -> None:
            while (start := time.perf_counter()) < stop:
                answer = await queue.submit(request())
                waits.append(time.perf_counter() - start)
                assert answer.reason is Reason.ACCEPTED

        await asyncio.gather(*(pay() for _one in range(COUNT)))

    with _writer(connect) as write:
        asyncio.run(run(write))
    return waits


def threads(connect: Connect, request: Callable[[], Request], seconds: float) -> list[float]:
    """The same with a thread for each payer."""
    waits: list[float] = []
    with _writer(connect) as write:
        queue, stop = GroupCommit(write), time.perf_counter() + seconds

        def pay() -> None:
            mine = []
            while (start := time.perf_counter()) < stop:
                answer = queue.submit(request())
                mine.append(time.perf_counter() - start)
                assert answer.reason is Reason.ACCEPTED
            waits.extend(mine)

        payers = [threading.Thread(target=pay) for _one in range(COUNT)]
        for payer in payers:
            payer.start()
        for payer in payers:
            payer.join()
    return waits


@contextmanager
def _writer(connect: Connect) -> Iterator[Callable[[Sequence[Request]], list[Answer]]]:
    """What writes a batch, on a connection that nobody else is writing on."""
    free: SimpleQueue[psycopg.Connection[Any]] = SimpleQueue()
    with ExitStack() as opened:
        for _lane in range(LANES):
            free.put(opened.enter_context(connect()))

        def write(requests: Sequence[Request]) -> list[Answer]:
            raw = free.get()
            answers = ask(raw, requests)
            free.put(raw)
            return answers

        yield write
