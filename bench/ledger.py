"""The ledger beside pgbench's TPC-B, interleaved on one server with the same settings, commits on the disk; then its verifier.

    python bench/ledger.py [rounds (3)] [seconds a measure (8)]

Whole schema, the sealer at work beside. Wall-clock figures depend on who else uses the machine: CPU per transfer (every process of the
server, sealing included; then ours) is printed too. TPC-B: scale 10, 8 clients, prepared statements; `pgbench` comes with the embedded server.
"""

import gc
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import _payers
import _timing
import psutil
import psycopg

from ressort.core.currency import Leg, Reason, Request, operation
from ressort.web.currency.door import ask
from ressort.web.database import start_embedded

CLIENTS, SCALE, BATCH, MEMBERS = 8, 10, 1000, 20_000
LIMITS = {"single": 0.9, "batch": 6.0, "hot": 6.0, "group": 5.0}
LIMIT_P99_MS, LIMIT_CPU_US, LIMIT_ENTRIES_PER_S = 150.0, 45.0, 300_000
PAY = operation("pay_member")
#: the key, time first, comes from whoever pays, as those of the API do: 32 figures
SINGLE = (
    r"\set d random(:low, :high)" "\n" r"\set c random(:low, :high)" "\n" r"\set a random(1, 1000)" "\n"
    r"\set at_us :at_us + 1000" "\n" r"\set dice random(1000000000000000, 9999999999999999)" "\n"
    f"SELECT reason, id FROM ledger.pay((:at_us::text || :dice::text)::uuid, 1, NULL, {PAY}::smallint, :d, :c, :a);\n"
)  # fmt: skip


@dataclass
class Bench:
    """One server with both schemas, and what was measured on it."""

    uri: str
    tools: Path
    postmaster: psutil.Process
    seconds: float
    low: int = 0
    high: int = 0
    per_s: dict[str, list[float]] = field(default_factory=dict)
    cpu_us: dict[str, list[float]] = field(default_factory=dict)
    own_us: dict[str, list[float]] = field(default_factory=dict)
    p99_ms: dict[str, list[float]] = field(default_factory=dict)

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.uri, autocommit=True)

    def measure(self, name: str, run: Callable[[], int]) -> None:
        """How many a second, and the CPU each took."""
        before, own, start = _cpu_s(self.postmaster), time.process_time(), time.perf_counter()
        count = run()
        wall_s = time.perf_counter() - start
        seal_all(self)  # what this measure left to seal is on its account
        self.per_s.setdefault(name, []).append(count / wall_s)
        self.own_us.setdefault(name, []).append(1e6 * (time.process_time() - own) / count)
        self.cpu_us.setdefault(name, []).append(1e6 * (_cpu_s(self.postmaster) - before) / count)


def _cpu_s(postmaster: psutil.Process) -> float:
    """CPU of the server, and of those of its processes that ended."""
    total = sum(postmaster.cpu_times()[:4])
    for child in postmaster.children():
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


@contextmanager
def server(seconds: float) -> Iterator[Bench]:
    """A new embedded server, as `ressort serve` starts it, with TPC-B's tables and a ledger of 20,000 members who hold a million each."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="rl-") as home:
        os.environ["RESSORT_HOME"] = home
        started = start_embedded()
        bench = Bench(started.get_uri(), started.bin_path, psutil.Process(started.get_pid()), seconds)
        try:
            subprocess.run([bench.tools / "pgbench", "-i", "-q", "-s", str(SCALE), bench.uri], check=True, stderr=subprocess.DEVNULL)  # fmt: skip
            _found(bench)
            yield bench
        finally:
            started.cleanup()


def _found(bench: Bench) -> None:
    sql = files("ressort.web.currency") / "sql"
    with bench.connect() as raw:
        for name in ("tables", "chart", "door", "seal", "roles"):
            raw.execute((sql / f"{name}.sql").read_text("utf-8").encode())
        raw.execute("SELECT ledger.found_currency('ABE', 'Abeille')")
        opened = "SELECT ledger.open_account(1::smallint, %s::smallint, 0, NULL)"
        outside, reserve, issue = (raw.execute(opened, [kind]).fetchone()[0] for kind in (14, 22, 8))  # type: ignore[index]
        raw.execute(
            "SELECT count(ledger.open_account(1::smallint, 9::smallint, 0, NULL)) FROM generate_series(1, %s)",
            [MEMBERS],
        )
        bench.low, bench.high = issue + 1, issue + MEMBERS
        members = list(range(bench.low, bench.high + 1))
        euros = Request(uuid4(), (Leg(10, outside, reserve, 10**8 * MEMBERS),))
        assert ask(raw, [euros])[0].reason is Reason.ACCEPTED
        for start in range(0, MEMBERS, BATCH):
            legs = [
                (Leg(10, outside, reserve, 10**8), Leg(10, issue, member, 10**8))
                for member in members[start : start + BATCH]
            ]
            assert {one.reason for one in ask(raw, [Request(uuid4(), both) for both in legs])} == {Reason.ACCEPTED}
        raw.execute("VACUUM ANALYZE")


def pgbench(bench: Bench, *script: str) -> int:
    """Transactions done by 8 clients."""
    words = [
        str(bench.tools / "pgbench"),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "1",
        "-T",
        f"{bench.seconds:.0f}",
    ]
    told = subprocess.run([*words, *script, bench.uri], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"actually processed: (\d+)", told)[1])  # type: ignore[index]


def single(bench: Bench) -> int:
    """Payments one by one, each its own transaction, sent by the same program as TPC-B."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(SINGLE)
        file.flush()
        given = {"low": bench.low, "high": bench.high, "at_us": time.time_ns() // 1000}
        return pgbench(bench, *(word for name in given for word in ("-D", f"{name}={given[name]}")), "-f", file.name)


def time_ordered() -> UUID:
    """A key whose first half is the hour: what the clients of the API send."""
    return UUID(int=(time.time_ns() // 10**6 << 80 | 7 << 76 | 2 << 62 | random.getrandbits(62)))


def batches(bench: Bench, writers: int, hot: int | None = None) -> int:
    """Payments by batches of 1,000 through the Python door, each judged in order, with its own answer."""
    done, stop = [0] * writers, time.perf_counter() + bench.seconds

    def write(at: int) -> None:
        with bench.connect() as raw:
            while time.perf_counter() < stop:
                requests = [Request(time_ordered(), (_leg(bench, hot),), 1) for _one in range(BATCH)]
                assert {answer.reason for answer in ask(raw, requests)} <= {Reason.ACCEPTED}
                done[at] += BATCH

    _all([threading.Thread(target=write, args=(at,)) for at in range(writers)])
    return sum(done)


def _leg(bench: Bench, hot: int | None) -> Leg:
    at, amount_cents = 1 + int(random.random() * (MEMBERS - 1)), 1 + int(random.random() * 1000)
    return Leg(PAY, bench.low + at, hot or bench.low + (at + 7) % MEMBERS, amount_cents)


def grouped(bench: Bench, name: str, payers: Callable[..., list[float]]) -> int:
    """500 payers, each waiting for its own answer before it pays again."""
    waits = payers(bench.connect, lambda: Request(time_ordered(), (_leg(bench, None),), 1), bench.seconds)
    bench.p99_ms.setdefault(name, []).append(1000 * statistics.quantiles(waits, n=100)[98])
    return len(waits)


def _all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def seal_all(bench: Bench) -> None:
    """Seals what is decided; another sealer at work makes it wait for nothing."""
    with bench.connect() as raw:
        while raw.execute("SELECT ledger.seal()").fetchone()[0]:  # type: ignore[index]
            pass


@contextmanager
def sealing(bench: Bench) -> Iterator[None]:
    """The sealer beside, as the server runs it."""
    stop = threading.Event()

    def seal() -> None:
        while not stop.wait(2.0):
            seal_all(bench)

    thread = threading.Thread(target=seal)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def exported(bench: Bench, folder: Path) -> None:
    """Seals, then writes what `ressort ledger export` does."""
    from ressort.web.currency.exports import TABLES

    seal_all(bench)
    _copied(bench, folder, TABLES, "csv", "FORMAT csv, HEADER")


def _copied(bench: Bench, folder: Path, queries: dict[str, str], end: str, words: str) -> None:
    with bench.connect() as raw:
        raw.execute("SET TimeZone TO 'UTC'")
        for name, query in queries.items():
            with (folder / f"{name}.{end}").open("wb") as file, raw.cursor().copy(f"COPY ({query}) TO STDOUT ({words})".encode()) as lines:  # fmt: skip
                for part in lines:
                    file.write(part)


def verified(bench: Bench) -> None:
    """Reads the whole ledger and recomputes it: from the database, then from its export alone."""
    from ressort.cli.ledger_files import read_export, read_sent
    from ressort.core.currency import verify
    from ressort.web.currency.exports import SENT

    seal_all(bench)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        _copied(bench, Path(folder), SENT, "binary", "FORMAT binary")
        verdict = verify(read_sent(Path(folder)))
        assert verdict.faults == (), verdict.faults[:3]
        rate = verdict.entries / (time.perf_counter() - start)
        _timing.tell("verify, from the database", rate, "limit asked", LIMIT_ENTRIES_PER_S, "/s")
    with tempfile.TemporaryDirectory() as folder:
        exported(bench, Path(folder))
        read, cpu_s = time.perf_counter(), time.process_time()
        verdict = verify(read_export(Path(folder)))
        end = time.perf_counter()
        assert verdict.faults == (), verdict.faults[:3]
        print(f"{verdict.transfers:,} transfers, {verdict.entries:,} entries, {verdict.blocks} blocks: no fault")
        rate = verdict.entries / (end - read)
        _timing.tell("verify, from an export", rate, "limit asked", LIMIT_ENTRIES_PER_S, "/s")
        _timing.tell("verify, from an export, by CPU", verdict.entries / (time.process_time() - cpu_s), "limit asked", LIMIT_ENTRIES_PER_S, "/s")  # fmt: skip


def main() -> None:
    """Rounds of every measure in turn; medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    _timing.machine()
    gc.freeze()  # both as the server does once it is warm (web/warmth.py)
    gc.set_threshold(10_000, 20, 20)
    with server(float(sys.argv[2]) if len(sys.argv) > 2 else 8.0) as bench:
        with sealing(bench):
            for _round in range(rounds):
                bench.measure("TPC-B", lambda: pgbench(bench))
                bench.measure("single", lambda: single(bench))
                bench.measure("batch", lambda: batches(bench, writers=2))
                bench.measure("hot", lambda: batches(bench, writers=2, hot=bench.low))
                bench.measure("group", lambda: grouped(bench, "group", _payers.coroutines))
                bench.measure("group by threads", lambda: grouped(bench, "group by threads", _payers.threads))
        peer = statistics.median(bench.per_s["TPC-B"])
        for name in bench.per_s:
            asked = f"TPC-B (asked: {LIMITS[name]} ×)" if name in LIMITS else "TPC-B"
            _timing.tell(f"{name}: transfers a second", statistics.median(bench.per_s[name]), asked, peer, "/s")
        for name in bench.cpu_us:
            limit = LIMIT_CPU_US if name in ("batch", "hot") else statistics.median(bench.cpu_us["TPC-B"])
            against = "limit asked" if name in ("batch", "hot") else "TPC-B"
            _timing.tell(f"{name}: CPU of the server", statistics.median(bench.cpu_us[name]), against, limit, "µs")
            if name not in ("TPC-B", "single"):
                _timing.tell(f"{name}: CPU of our client", statistics.median(bench.own_us[name]), against, limit, "µs")
        for name, p99_ms in bench.p99_ms.items():
            _timing.tell(
                f"{name}: p99 with {_payers.COUNT} payers", statistics.median(p99_ms), "limit asked", LIMIT_P99_MS, "ms"
            )
        verified(bench)


if __name__ == "__main__":
    main()
