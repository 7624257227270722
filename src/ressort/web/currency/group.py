"""Group commit: whoever waits while a batch is being written goes into the next one.

    payer ─┐                      ┌─ nobody is writing: write at once, alone
    payer ─┼─→ crowd ─→ batches ──┤
    payer ─┘                      └─ somebody is: wait; all who waited are written together, each with its own answer

There is no delay to tune: a lone payer waits for nobody, and under load batches grow by themselves. A large crowd is cut in parts that take
turns: while the database writes for some, the others are answered and ask again.

Payers are threads, as those of the pages (`GroupCommit`), or coroutines (`AsyncGroupCommit`), for a program that serves hundreds of them: to wake
a thread costs the interpreter more than all the rest of a payment's way to the database. That leaves room to write two batches side by side, on two
connections. They share no account, or one would wait for the other: who shares one with a batch under way keeps its place in the queue.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from math import ceil
from typing import Generic, TypeVar

from ressort.core.currency import Answer, Request
from ressort.core.errors import RessortError

#: requests written together at most
MOST = 1000
#: a crowd is not cut into batches smaller than this: beneath, what a batch costs by itself weighs more than the turns save
FEW = 100
#: batches written side by side for coroutines: a third would find no processor on a small machine
LANES = 2

Write = Callable[[Sequence[Request]], list[Answer]]


class _Payer:
    """Somebody who waits, and what came of it: an answer, or a fault."""

    __slots__ = ("accounts", "answer", "fault", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.accounts = {account for leg in request.legs if not leg.target for account in (leg.debit, leg.credit)}
        self.answer: Answer | None = None
        self.fault: BaseException | None = None

    def told(self) -> Answer:
        """The answer.

        Raises:
            RessortError: nobody knows what became of the request.
        """
        if self.fault is not None:
            raise RessortError(
                "The ledger did not answer. Nothing is lost: ask again with the same key, and it will be done once."
            ) from self.fault
        assert self.answer is not None
        return self.answer


P = TypeVar("P", bound=_Payer)


class _Crowd(Generic[P]):
    """Who waits, and what is being written: it decides who goes with whom. One at a time may ask it."""

    def __init__(self, most: int, lanes: int) -> None:
        self._most = most
        self._lanes = lanes
        self._waiting: deque[P] = deque()
        self._written: list[list[P]] = []  # batches under way
        self._busy: set[int] = set()  # their accounts
        self._answered = 0  # by the last batch: they may be about to ask again
        self._enough = FEW  # who must wait before another batch is tried beside one under way

    def come(self, payer: P) -> list[P]:
        """One more waits. The batch to write now; empty when it is better to wait."""
        self._waiting.append(payer)
        return self._batch()

    def leave(self, batch: list[P]) -> list[P]:
        """A batch is written. The next one to write; empty when nobody waits, or too few who could."""
        self._written.remove(batch)
        self._busy.difference_update(*(payer.accounts for payer in batch))
        self._answered, self._enough = len(batch), FEW
        return self._batch()

    def _batch(self) -> list[P]:
        if len(self._written) == self._lanes or len(self._waiting) < (self._enough if self._written else 1):
            return []
        batch, passed = self._choice()
        if self._written and len(batch) < FEW:
            self._enough = 2 * len(self._waiting)  # they share accounts: not looked through again for each who comes
            return []
        for _one in range(len(batch) + len(passed)):
            self._waiting.popleft()
        self._waiting.extendleft(reversed(passed))
        self._busy.update(*(payer.accounts for payer in batch))
        self._written.append(batch)
        return batch

    def _choice(self) -> tuple[list[P], list[P]]:
        """The first who share no account with a batch under way, nor with anybody passed over; and those passed over."""
        crowd = len(self._waiting) + sum(map(len, self._written)) + self._answered
        most = min(self._most, max(FEW, ceil(crowd / (self._lanes + 1))))
        batch: list[P] = []
        passed: list[P] = []
        taken = set(self._busy)
        for payer in self._waiting:
            if taken.isdisjoint(payer.accounts):
                batch.append(payer)
                if len(batch) == most:
                    break
            else:
                passed.append(payer)
                taken |= payer.accounts
        return batch, passed


class _Thread(_Payer):
    """A payer that is a thread: asleep until it is woken to write, or to read its answer and wake the following."""

    __slots__ = ("batch", "following", "woken")

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.batch: list[_Thread] = []  # to write
        self.following: _Thread | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class GroupCommit:
    """A queue before the door, for threads. The writer of a batch is one of its payers: there is no other thread to watch.

    Args:
        write: answers a batch; it commits before it returns.
        most: requests of a batch.
    """

    def __init__(self, write: Write, most: int = MOST) -> None:
        self._write = write
        self._crowd: _Crowd[_Thread] = _Crowd(most, lanes=1)
        self._lock = threading.Lock()

    def submit(self, request: Request) -> Answer:
        """The answer to one request, once it is on the disk.

        Raises:
            RessortError: nobody knows what became of it (the server stopped…); asking again with the same key is safe.
        """
        payer = _Thread(request)
        with self._lock:
            _wake_writer(self._crowd.come(payer))
        try:
            payer.woken.acquire()
        except BaseException:  # interrupted while waiting: another takes its turn, or those behind would wait for ever
            threading.Thread(target=self._stand_in, args=(payer,)).start()
            raise
        self._turn(payer)
        return payer.told()

    def _turn(self, payer: _Thread) -> None:
        """Writes, or wakes the next of the batch.

        One wakes the next rather than the writer all: hundreds of threads woken at once fight for the interpreter.
        """
        if payer.batch:
            self._lead(payer.batch)
        elif payer.following:
            payer.following.woken.release()

    def _stand_in(self, payer: _Thread) -> None:
        payer.woken.acquire()
        self._turn(payer)

    def _lead(self, batch: list[_Thread]) -> None:
        try:
            _write(self._write, batch)
        finally:
            with self._lock:
                _wake_writer(self._crowd.leave(batch))
            for payer, following in pairwise(batch):
                payer.following = following
            if len(batch) > 1:
                batch[1].woken.release()


def _wake_writer(batch: list[_Thread]) -> None:
    if batch:
        batch[0].batch = batch
        batch[0].woken.release()


def _write(write: Write, batch: Sequence[_Payer]) -> None:
    """Writes a batch and tells each payer what came of it."""
    try:
        for payer, answer in zip(batch, write([payer.request for payer in batch]), strict=True):
            payer.answer = answer
    except BaseException as fault:
        for payer in batch:
            payer.fault = fault
        if not isinstance(fault, Exception):
            raise


class _Coroutine(_Payer):
    """A payer that is a coroutine of one loop."""

    __slots__ = ("woken",)

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class AsyncGroupCommit:
    """The same for coroutines of one loop: batches are written in threads beside it, so that the loop never waits for the database.

    Args:
        write: answers a batch; it commits before it returns. Two threads at once may call it.
        most: requests of a batch.
    """

    def __init__(self, write: Write, most: int = MOST) -> None:
        self._write = write
        self._crowd: _Crowd[_Coroutine] = _Crowd(most, lanes=LANES)
        self._threads = ThreadPoolExecutor(LANES, thread_name_prefix="group commit")

    async def submit(self, request: Request) -> Answer:
        """The answer to one request, once it is on the disk. A payer that is cancelled while waiting may be written all the same.

        Raises:
            RessortError: nobody knows what became of it (the server stopped…); asking again with the same key is safe.
        """
        payer = _Coroutine(request)
        self._start(self._crowd.come(payer))
        await payer.woken
        return payer.told()

    def _start(self, batch: list[_Coroutine]) -> None:
        if batch:
            writing = asyncio.get_running_loop().run_in_executor(self._threads, _write, self._write, batch)
            writing.add_done_callback(partial(self._end, batch))

    def _end(self, batch: list[_Coroutine], _written: "asyncio.Future[None]") -> None:
        self._start(self._crowd.leave(batch))
        for payer in batch:
            if not payer.woken.done():
                payer.woken.set_result(None)
