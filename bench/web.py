"""The site under load, as `ressort serve` starts it: CPU per request, p95 at 16 clients, weight of a first visit.

Two kinds of requests: pages and levers asked before (each was asked, by all clients at once, in seconds that do not count),
and pages and levers that nobody asked for before, each one once. Answers are gzipped, as browsers ask. The limit of the
machine is measured in the same run: a bare page (`/hello`) through the same server and middleware.
Needs `wrk` (Debian: apt install wrk).
"""

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import _timing
import psutil

from ressort.reference import data_folder
from ressort.reference.territories import territories

CLIENTS, SECONDS, SECONDS_BEFORE = 16, 8, 4
LIMIT_CPU_MS, LIMIT_P95_MS, LIMIT_PAGE_KB = 40.0, 150.0, 450.0
LUA = """
local paths = {%s}
local at = 0
request = function() at = at + 1; return wrk.format("GET", paths[at %% #paths + 1], {["Accept-Encoding"] = "gzip", %s}) end
done = function(summary, latency) io.write(string.format("p95 %%d requests %%d errors %%d\\n", latency:percentile(95),
  summary.requests, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout)) end
"""


@contextmanager
def site() -> Iterator[tuple[str, psutil.Process]]:
    """A server of its own on a free port, with a new data folder that shares what is built once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="rb-") as home:
        (data_folder() / "build").mkdir(parents=True, exist_ok=True)
        (Path(home) / "build").symlink_to((data_folder() / "build").resolve())
        environment = os.environ | {"RESSORT_HOME": home, "RESSORT_RATE_LIMIT": "0"}
        environment.pop("DATABASE_URL", None)
        words = [sys.executable, "-m", "ressort.web", "serve", "--port", str(port)]
        server = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
        try:
            yield f"http://127.0.0.1:{port}", _ready(server, port)
        finally:
            server.terminate()
            server.wait(30)


def _ready(server: subprocess.Popen[bytes], port: int) -> psutil.Process:
    for _second in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=5).read()
            return psutil.Process(server.pid)
        except OSError:
            if server.poll() is not None:
                raise SystemExit("The server did not start.") from None
            time.sleep(0.5)
    raise SystemExit("The server is not ready after two minutes.")


def load(address: str, server: psutil.Process, paths: list[str], headers: str = "") -> tuple[float, float, int]:
    """Milliseconds of CPU per request (server and database), p95, and number of requests, over paths taken in turn."""
    before = _cpu_s(server)
    told = _asked(address, paths, headers, SECONDS)
    spent = _cpu_s(server) - before
    found = re.search(r"p95 (\d+) requests (\d+) errors (\d+)", told)
    assert found, told
    p95_us, requests, errors = map(int, found.groups())
    if errors:
        raise SystemExit(f"{errors} requests of {requests} failed: {paths[0]}")
    return 1000 * spent / requests, p95_us / 1000, requests


def _asked(address: str, paths: list[str], headers: str, seconds: int) -> str:
    """What `wrk` says after so many seconds of requests."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % (", ".join(f'"{path}"' for path in paths), headers))
        script.flush()
        words = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "10s", "-s", script.name, address]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def _cpu_s(server: psutil.Process) -> float:
    family = [server, *server.children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


def first_visit_kb(address: str, path: str) -> float:
    """Gzipped weight of a page and of every file it names, drawings of the dark theme left out."""
    page = urllib.request.urlopen(address + path).read().decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+|[^"]*graphique/[^"]+theme=light[^"]*)"', page))
    bodies = [page.encode(), *(urllib.request.urlopen(address + one.replace("&amp;", "&")).read() for one in named)]
    return sum(len(gzip.compress(body, 6)) for body in bodies) / 1000


def _pages() -> list[str]:
    """The page of every EPCI, in an order that mixes large and small ones."""
    table = territories().table
    codes = table.filter(table["kind"] == "EPCI")["code"].sample(fraction=1.0, shuffle=True, seed=2026).to_list()
    return [f"/territoire/EPCI/{code}/" for code in codes]


def _moves(steps: range, whole: int) -> list[str]:
    """Scenarios of one EPCI, one lever in turn."""
    return [f"/scenario/EPCI/200067254/?diet=minus_25&organic_share={step / whole:g}" for step in steps]


def main() -> None:
    """Bare page, territory pages, scenario updates, new territories; then the weight of a first visit."""
    if not shutil.which("wrk"):
        print("wrk is not here: no ratio. Install it (Debian: apt install wrk), then run this again.")
        return
    _timing.machine()
    pages, moves, fresh_moves = _pages(), _moves(range(21), 20), _moves(range(1, 4000), 4000)
    htmx = '["HX-Request"] = "true"'
    with site() as (address, server):
        _asked(address, [*pages[:8], *moves[:2]], "", SECONDS_BEFORE)
        bare, _p95, _requests = load(address, server, ["/hello"])
        for what, paths, headers, is_new in (
            ("territory page, seen before", pages[:8], "", False),
            ("territory page, every EPCI of France in turn", pages[8:], "", True),
            ("scenario update, seen before", moves, htmx, False),
            ("scenario update, a new lever each time", fresh_moves, htmx, True),
        ):
            if not is_new:
                _asked(address, paths, headers, SECONDS_BEFORE)
            cpu, p95, requests = load(address, server, paths, headers)
            again = f" ({requests - len(paths)} asked twice)" if is_new and requests > len(paths) else ""
            _timing.tell(f"{what}: CPU per request{again}", cpu, "limit asked", LIMIT_CPU_MS)
            _timing.tell(f"{what}: CPU per request", cpu, "bare page, same stack", bare)
            _timing.tell(f"{what}: p95 at {CLIENTS} clients", p95, "limit asked", LIMIT_P95_MS)
        for path in ("/", pages[0], moves[3]):
            _timing.tell(
                f"first visit of {path[:40]}", first_visit_kb(address, path), "limit asked", LIMIT_PAGE_KB, "kB"
            )


if __name__ == "__main__":
    main()
