"""Killed without a word, the application or the server lose no payment that was answered, and do none by halves.

Three rounds here; `make faults` does a thousand (FAULT_ROUNDS), in about half an hour. Each round looks at all that it paid; every
invariant is recomputed from the whole ledger after the hundredth, the two hundredth… and the last: a ledger that grows only forgets no fault.
"""

import os
import random
import subprocess
import threading
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from ressort.core.currency import Leg, Reason, Request
from ressort.web.currency.door import ask
from tests.faults.own_server import TOOLS, Server
from tests.faults.town import PAY, Town, killed, paying, verified

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
#: rounds between two looks at the whole ledger
WHOLE_EVERY = 100


@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_no_answered_payment_is_lost_nor_done_twice_whoever_is_killed(town: Town, tmp_path: Path, round_number: int) -> None:  # fmt: skip
    chance = random.Random(round_number)
    victim = ("application", "server", "backend")[round_number % 3]
    program = paying(town, round_number)
    town.listen(program, enough=chance.randint(1, 400))
    if victim == "server":
        town.server.kill()
        town.server.start()
    elif victim == "backend":
        town.server.kill_a_backend()
    killed(town, program)
    with town.settle(town.server) as raw:
        is_whole = (round_number + 1) % WHOLE_EVERY == 0 or round_number in (0, ROUNDS - 1)
        town.check(raw, tmp_path / "export" if is_whole else None)


def test_a_backup_restored_elsewhere_is_the_same_ledger_and_goes_on(town: Town, tmp_path: Path) -> None:
    dump = tmp_path / "ledger.dump"
    subprocess.run([TOOLS / "pg_dump", "-Fc", "-f", dump, town.server.uri()], check=True)
    with town.server.connect() as raw:
        before = verified(raw, tmp_path / "before")
        subprocess.run([TOOLS / "pg_dump", "-Fc", "-f", dump, town.server.uri()], check=True)
        raw.execute("CREATE DATABASE restored")
    subprocess.run([TOOLS / "pg_restore", "--no-owner", "-d", town.server.uri(database="restored"), dump], check=True)
    with town.server.connect(database="restored") as raw:
        after = verified(raw, tmp_path / "after")
        assert (after.head, after.transfers, after.faults) == (before.head, before.transfers, ())
        leg = Leg(PAY, town.first, town.first + 1, 1)
        assert ask(raw, [Request(uuid4(), (leg,))])[0].reason is Reason.ACCEPTED
        again = verified(raw, tmp_path / "again")
        assert (again.transfers, again.blocks, again.faults) == (before.transfers + 1, before.blocks + 1, ())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), town.server.connect("ressort_app", "restored") as raw:
        raw.execute("UPDATE ledger.account SET balance_cents = 0")


def test_a_standby_promoted_after_the_primary_is_killed_has_every_answered_payment(town: Town, tmp_path: Path) -> None:
    """A synchronous standby: no payment is answered before it is on both disks."""
    primary, standby = town.server, Server(town.server.folder.parent / "two")
    standby.run("pg_basebackup", "-D", str(standby.folder), "-R", "-X", "stream", "-c", "fast", "-d", primary.uri())
    (standby.folder / ".s.PGSQL.5432.lock").unlink()  # copied with the rest: the lock of the primary's socket
    standby.start()
    with primary.connect() as raw:
        raw.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        raw.execute("SELECT pg_reload_conf()")
        while not raw.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone():
            threading.Event().wait(0.01)
    program = paying(town, seed=10**6)
    town.listen(program, enough=200)
    primary.kill()
    killed(town, program)
    standby.run("pg_ctl", "-w", "-D", str(standby.folder), "promote")
    with standby.connect() as raw:
        raw.execute("ALTER SYSTEM RESET synchronous_standby_names")
        raw.execute("SELECT pg_reload_conf()")
    with town.settle(standby) as raw:
        town.check(raw, tmp_path / "export")
