"""How workers share the address: a door for each place, which outlives the worker who stands there.

    supervisor ── opens the doors ─> worker 1, worker 2: the kernel throws dice to choose one for each connection
        ├── renews ──> starts a new worker, then tells the old one that it leaves (SIGUSR1): it lets nobody else in, and
        │              ends each answer with its connection; then stops it, when it has nobody left
        └── stops ───> tells workers not to wait (SIGUSR2) for those who are connected and ask nothing
    worker 1 <─ counts ─> worker 2: whoever has more visitors than its share sends some away, see `crowd`

By itself granian lets each worker open its door: whoever waits there when the worker leaves is turned away. One door for all
would be shut to nobody, but a worker who wakes up first lets everybody in, and the other has nothing to do.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from granian.net import SocketSpec
from granian.server.mp import MPServer

from ressort.web.crowd import UNKNOWN, Crowd

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: seconds without any request after which a worker told not to wait leaves
QUIET_S = 1.0

#: the listening socket of this worker, and its visitors beside those of others
_doors: list[socket.socket] = []
_crowds: list[Crowd] = []


class Doors(MPServer):
    """granian with doors that outlive workers, and workers that leave without turning anybody away."""

    def _init_shared_socket(self) -> None:
        self._sso = None
        self._doors = []
        for _place in range(self.workers):
            holder = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
            door = socket.socket(fileno=holder.get_fd())
            # who comes while no worker stands there yet waits
            door.listen(self.backlog)
            door.set_inheritable(True)
            self._doors.append((holder, door))
        self._visitors = multiprocessing.RawArray("i", [UNKNOWN] * self.workers)

    def _drop_shared_socket(self) -> None:
        for _holder, door in self._doors:
            door.close()

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:
        self._shd, self._sso = self._doors[idx]
        self._visitors[idx] = UNKNOWN
        return super()._spawn_worker(idx, partial(target, self._visitors), callback_loader)

    def _respawn_workers(self, workers: list[int], *words: Any, delay: float = 0) -> None:
        for place in workers:
            warning = threading.Timer(delay / 2, _tell, (self.wrks[place], signal.SIGUSR1))
            warning.start()
            super()._respawn_workers([place], *words, delay=delay)
            warning.join()

    def _stop_workers(self) -> None:
        for worker in self.wrks:
            _tell(worker, signal.SIGUSR2)
        super()._stop_workers()

    def serve_until_stopped(self) -> None:
        """Serves until interrupted."""
        self.serve(spawn_target=_work)


def _tell(worker: Any, number: signal.Signals) -> None:
    # one that is not yet able to hear dies of it, which is no fault
    worker.interrupt_by_parent = True
    with suppress(ProcessLookupError):
        os.kill(worker.inner.pid, number)


def letting_go(application: Application) -> Application:
    """The application of a worker that can be told to leave."""
    counted = _Counted(application)
    signal.signal(signal.SIGUSR1, lambda _number, _frame: counted.close())
    signal.signal(signal.SIGUSR2, lambda _number, _frame: threading.Thread(target=counted.leave, daemon=True).start())
    return counted


class _Counted:
    """An application that knows how many requests it is answering."""

    def __init__(self, application: Application) -> None:
        self.leaving = threading.Event()
        self._application = application
        self._lock = threading.Lock()
        self._asked = 0
        self._answering = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self._asked += 1
            self._answering += 1
        try:
            return self._application(environ, partial(self._begin, start))
        finally:
            with self._lock:
                self._answering -= 1

    def _begin(self, start: Callable[..., Any], status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        """Begins an answer, which ends its connection when the worker leaves or has too many visitors."""
        with self._lock:
            is_last = self.leaving.is_set() or any(crowd.sends_away() for crowd in _crowds)
        return start(status, [*headers, ("Connection", "close")] if is_last else headers, *rest)

    def close(self) -> None:
        """Lets nobody else in: puts in place of the door one where nobody knocks, which this process alone has."""
        self.leaving.set()
        for door in _doors:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as wall:
                wall.bind("")
                wall.listen(1)
                os.dup2(wall.fileno(), door.fileno(), inheritable=False)

    def leave(self) -> None:
        """Ends the process once nothing was asked for a moment and nothing is being answered."""
        self.leaving.set()
        before = -1
        while self._answering or before != self._asked:
            before = self._asked
            time.sleep(QUIET_S)
        _end()


def _work(visitors: Any, number: int, name: str | None, loader: Any, door: Any, *words: Any) -> None:
    """Runs a worker, then leaves at once: threads of the server still stand where Python would take itself apart."""
    _doors.append(door[1])
    _crowds.append(Crowd(visitors, number - 1))
    MPServer._spawn_wsgi_worker(number, name, loader, door, *words)
    _end()


def _end() -> None:
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)
