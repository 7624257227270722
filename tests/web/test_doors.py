"""What the door promises: nobody is turned away while workers are renewed, and a stop is quiet and quick, whoever is connected."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

SITE = """
import os
from ressort.web import doors

def bare(environ, start):
    body = str(os.getpid()).encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]

application = doors.letting_go(bare)
"""
SERVER = """
import multiprocessing, sys
from granian.constants import HTTPModes, Interfaces
from ressort.web.doors import Doors

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn", force=True)
    Doors("site_of_one_page:application", address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.WSGI, http=HTTPModes.http1,
        workers=2, blocking_threads=4, respawn_failed_workers=True, respawn_interval=2, workers_kill_timeout=5, log_enabled=False).serve_until_stopped()
"""
PATIENCE_S = 60


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A site of one page behind two workers, on a port of its own."""
    (tmp_path / "site_of_one_page.py").write_text(SITE)
    (tmp_path / "server.py").write_text(SERVER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join([str(tmp_path), *sys.path])
    words = [sys.executable, str(tmp_path / "server.py"), str(port)]
    server = subprocess.Popen(words, env=os.environ | {"PYTHONPATH": path}, stderr=subprocess.PIPE, text=True)
    try:
        _until_two_workers_answer(port)
        yield server, port
    finally:
        if server.poll() is None:
            server.kill()
        server.wait(PATIENCE_S)
        if server.stderr:
            server.stderr.close()


def _asked(port: int) -> str:
    with _connected(port) as connection:
        return _told(connection)


@contextmanager
def _connected(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        yield connection
    finally:
        connection.close()


def _told(connection: http.client.HTTPConnection) -> str:
    connection.request("GET", "/")
    return connection.getresponse().read().decode()


def _until_two_workers_answer(port: int) -> set[str]:
    found: set[str] = set()
    for _attempt in range(20_000):
        try:
            found.add(_asked(port))
        except OSError:
            continue
        if len(found) == 2:
            return found
    raise AssertionError(f"only {found} answered")


def test_nobody_is_turned_away_while_workers_are_renewed(served: tuple[subprocess.Popen[str], int]) -> None:
    server, port = served
    old, turned_away = _until_two_workers_answer(port), []

    def visit(keeps: bool) -> None:
        """Asks again and again until both old workers are gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        while not turned_away and any(psutil.pid_exists(int(pid)) for pid in old):
            try:
                _told(connection)
            except OSError as error:
                turned_away.append(error)
            if not keeps:
                connection.close()
        connection.close()

    visitors = [threading.Thread(target=visit, args=(keeps,)) for keeps in (True, True, False, False)]
    for visitor in visitors:
        visitor.start()
    server.send_signal(signal.SIGHUP)
    for visitor in visitors:
        visitor.join(PATIENCE_S)
    assert not turned_away
    assert not any(visitor.is_alive() for visitor in visitors), "the old workers never left"
    assert not _until_two_workers_answer(port) & old


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("asks", [True, False])
def test_a_stop_says_nothing_and_waits_for_no_silent_visitor(
    served: tuple[subprocess.Popen[str], int], number: signal.Signals, asks: bool
) -> None:
    server, port = served
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
    if asks:
        for visitor in silent:
            visitor.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            visitor.recv(4096)
    server.send_signal(number)
    _out, said = server.communicate(timeout=PATIENCE_S)
    for visitor in silent:
        visitor.close()
    assert said == ""
    assert server.returncode == 0
    with pytest.raises(OSError):
        _asked(port)


def test_a_worker_that_is_killed_is_replaced(served: tuple[subprocess.Popen[str], int]) -> None:
    _server, port = served
    first = _asked(port)
    os.kill(int(first), signal.SIGKILL)
    assert first not in _until_two_workers_answer(port)


def test_a_worker_that_drew_too_many_visitors_shares_them(served: tuple[subprocess.Popen[str], int]) -> None:
    _server, port = served
    with ExitStack() as held:
        crowded, visitors = _asked(port), []
        while len(visitors) < 12:
            visitor = held.enter_context(_connected(port))
            if _told(visitor) == crowded:
                visitors.append(visitor)
            else:
                visitor.close()
        for _round in range(20_000):
            if [_told(visitor) for visitor in visitors].count(crowded) <= 7:
                return
    raise AssertionError("the crowd stayed where it was")
