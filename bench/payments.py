"""Payments by HTTP, as a shop or a ticket machine sends them: authenticated, idempotent, on the disk, through `ressort serve`.

The limit of the machine is measured in the same run: a bare page (`/hello`) through the same server and middleware, then TPC-B's peer is
`bench/ledger.py`. Needs `wrk` (Debian: apt install wrk).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import _timing
import psutil
import psycopg
import web

CLIENTS, SECONDS, ROUNDS = 16, 8, 3
LIMIT_PER_S, LIMIT_P99_MS = 400.0, 200.0
LUA = """
local made, thread = 0, 0
function setup(one) one:set("seed", thread); thread = thread + 1 end
request = function()
  if "%(path)s" == "/hello" then return wrk.format("GET", "/hello") end
  made = made + 1
  local ms = math.floor(os.time() * 1000)
  local key = string.format("%%08x-%%04x-7%%03x-8%%03x-%%012x", math.floor(ms / 65536), ms %% 65536, seed %% 4096, %(run)d, made)
  return wrk.format("POST", "%(path)s", {["Authorization"] = "Bearer %(key)s", ["Idempotency-Key"] = key, ["Content-Type"] = "application/json"},
    '{"payee": "epicerie-bench", "amount_cents": 1}')
end
done = function(summary, latency) io.write(string.format("p99 %%d requests %%d errors %%d duration %%d\\n", latency:percentile(99),
  summary.requests, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout, summary.duration)) end
"""


def load(address: str, path: str, key: str, run: int) -> tuple[float, float]:
    """Requests a second, and p99 in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % {"path": path, "key": key, "run": run})
        script.flush()
        words = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "--timeout", "10s", "-s", script.name, address]
        told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found = re.search(r"p99 (\d+) requests (\d+) errors (\d+) duration (\d+)", told)
    assert found, told
    p99_us, requests, errors, duration_us = map(int, found.groups())
    if errors:
        raise SystemExit(f"{errors} requests of {requests} failed: {path}")
    return 1e6 * requests / duration_us, p99_us / 1000


def manage(home: str, *words: str) -> str:
    """A command of the server."""
    environment = os.environ | {"RESSORT_HOME": home}
    done = subprocess.run([sys.executable, "-m", "ressort.web", "manage", "currency", *words], env=environment, check=True, capture_output=True, text=True)  # fmt: skip
    return done.stdout.strip()


def main() -> None:
    """Bare pages and payments in turn; then every payment is counted in the ledger."""
    if not shutil.which("wrk"):
        print("wrk is not here: no ratio. Install it (Debian: apt install wrk), then run this again.")
        return
    _timing.machine()
    with web.site() as (address, server):
        home = server.environ()["RESSORT_HOME"]
        manage(home, "found", "ABE", "Abeille")
        manage(home, "open", "ABE", "ada-bench", "Ada")
        manage(home, "open", "ABE", "epicerie-bench", "Épicerie")
        manage(home, "exchange", "ada-bench", "1000000", "--reference", "bench")
        key = manage(home, "key", "ada-bench", "bench").rsplit(" ", 1)[-1]
        measures: dict[str, list[tuple[float, float]]] = {"/hello": [], "/api/payments": []}
        cpu_ms: dict[str, list[float]] = {path: [] for path in measures}
        for run in range(1, ROUNDS + 1):
            for path, found in measures.items():
                before = _cpu_s(server)
                found.append(load(address, path, key, run))
                cpu_ms[path].append(1000 * (_cpu_s(server) - before) / (found[-1][0] * SECONDS))
        spent = {path: sorted(values)[ROUNDS // 2] for path, values in cpu_ms.items()}
        _timing.tell("HTTP payment: CPU of server and database", spent["/api/payments"], "bare page", spent["/hello"])
        _tell(measures, home)


def _tell(measures: dict[str, list[tuple[float, float]]], home: str) -> None:
    bare, paid = (sorted(measures[path]) for path in ("/hello", "/api/payments"))
    middle = ROUNDS // 2
    _timing.tell("HTTP payments a second", paid[middle][0], "limit asked", LIMIT_PER_S, "/s")
    _timing.tell("HTTP payments a second", paid[middle][0], "bare page, same stack", bare[middle][0], "/s")
    _timing.tell(f"HTTP payments: p99 at {CLIENTS} clients", sorted(p99 for _rate, p99 in paid)[middle], "limit asked", LIMIT_P99_MS)  # fmt: skip
    with psycopg.connect(f"postgresql://postgres@/ressort?host={Path(home).resolve() / 'postgres'}") as raw:
        counted = raw.execute("SELECT count(*) FROM ledger.transfer WHERE operation = 20").fetchone()
    print(f"{counted[0]:,} payments in the ledger" if counted else "")


def _cpu_s(server: psutil.Process) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in [server, *server.children(recursive=True)])


if __name__ == "__main__":
    main()
