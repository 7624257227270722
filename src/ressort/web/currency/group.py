"""Group commit: whoever waits while a batch is being written goes into the next one.

    payer ─┐                       ┌─ nobody is writing: write at once, alone
    payer ─┼─→ queue ─→ writer ────┤
    payer ─┘                       └─ somebody is: wait; all who waited are written together, each with its own answer

There is no thread to watch and no delay to tune: a lone payer waits for nobody, and under load batches grow by themselves.
A crowd is cut in two halves that take turns: while the database writes for one half, the other is answered and asks again.
The writer is one of the payers; once its own request is answered, it hands over to the first who still waits.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import pairwise

from ressort.core.currency import Answer, Request
from ressort.core.errors import RessortError

#: requests written together at most
MOST = 1000
#: a crowd is not cut into batches smaller than this: beneath, what a batch costs by itself weighs more than the turns save
FEW = 100


class _Payer:
    """Somebody who waits: woken with an answer, with a fault, or to write."""

    __slots__ = ("answer", "fault", "following", "request", "woken")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.answer: Answer | None = None
        self.fault: BaseException | None = None
        self.following: _Payer | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class GroupCommit:
    """A queue before the door.

    Args:
        write: answers a batch; it commits before it returns.
    """

    def __init__(self, write: Callable[[Sequence[Request]], list[Answer]], most: int = MOST) -> None:
        self._write = write
        self._most = most
        self._waiting: deque[_Payer] = deque()
        self._lock = threading.Lock()
        self._is_writing = False
        self._answered = 0  # by the last batch: they may be about to ask again

    def submit(self, request: Request) -> Answer:
        """The answer to one request, once it is on the disk.

        Raises:
            RessortError: nobody knows what became of it (the server stopped…); asking again with the same key is safe.
        """
        payer = _Payer(request)
        with self._lock:
            self._waiting.append(payer)
            must_wait, self._is_writing = self._is_writing, True
        if must_wait:
            try:
                payer.woken.acquire()
            except (
                BaseException
            ):  # interrupted while waiting: another takes its turn, or those behind would wait for ever
                threading.Thread(target=self._stand_in, args=(payer,)).start()
                raise
        self._turn(payer)
        if payer.fault is not None:
            raise RessortError(
                "The ledger did not answer. Nothing is lost: ask again with the same key, and it will be done once."
            ) from payer.fault
        assert payer.answer is not None
        return payer.answer

    def _turn(self, payer: _Payer) -> None:
        """Wakes the next of the batch, or leads if it is still unanswered.

        One wakes the next rather than the writer all: hundreds of threads woken at once fight for the interpreter.
        """
        if payer.following is not None:
            payer.following.woken.release()
        elif payer.answer is None and payer.fault is None:
            self._lead()

    def _stand_in(self, payer: _Payer) -> None:
        payer.woken.acquire()
        self._turn(payer)

    def _lead(self) -> None:
        """Writes one batch, of which the caller is the first, then hands over."""
        with self._lock:
            half = (len(self._waiting) + self._answered + 1) // 2
            self._answered = min(self._most, len(self._waiting), max(FEW, half))
            batch = [self._waiting.popleft() for _one in range(self._answered)]
        try:
            for payer, answer in zip(batch, self._write([payer.request for payer in batch]), strict=True):
                payer.answer = answer
        except BaseException as fault:
            for payer in batch:
                payer.fault = fault
            if not isinstance(fault, Exception):
                raise
        finally:
            with self._lock:
                heir = self._waiting[0] if self._waiting else None
                self._is_writing = heir is not None
            for payer, following in pairwise(batch):
                payer.following = following
            if len(batch) > 1:
                batch[1].woken.release()
            if heir is not None:
                heir.woken.release()
