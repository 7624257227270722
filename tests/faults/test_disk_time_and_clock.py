"""A disk that fills, a return to a point in time, a clock that jumps."""

import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from ressort.core.currency import Action, Answer, Leg, Reason, Request
from ressort.web.currency.door import ask
from tests.faults.own_server import Server, server
from tests.faults.town import PAY, Town, founded, killed, paying, reconnected, verified


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 200 MB of its own; only root may mount one."""
    place = Path(tempfile.mkdtemp(prefix="rd-"))
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        place.rmdir()
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)
    place.rmdir()


def test_a_disk_that_fills_under_load_loses_no_answered_payment_and_paying_goes_on_once_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    """PostgreSQL may stop when it cannot write its log: it then starts again from it."""
    with server(small_disk) as one:
        with one.connect() as raw:
            raw.execute("ALTER SYSTEM SET max_wal_size = '64MB'")
            raw.execute("ALTER SYSTEM SET min_wal_size = '32MB'")
            raw.execute("SELECT pg_reload_conf()")
        town, ballast = founded(one), small_disk / "ballast"
        program = paying(town, seed=1)
        town.listen(program, enough=300)
        _fill(ballast)
        town.listen(program, enough=10**9)  # until the program, refused, can pay no more
        killed(town, program)
        assert town.answered and town.unanswered, "it paid, and the disk stopped it"
        ballast.unlink()
        if not one.is_running():
            one.start()
        with town.settle(one) as raw:
            town.check(raw, tmp_path / "export")
        program = paying(town, seed=2)
        town.listen(program, enough=50)
        killed(town, program)
        with town.settle(one) as raw:
            town.check(raw, tmp_path / "export")


def _fill(ballast: Path) -> None:
    """Takes all the room left, to the last byte."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65_536)


def test_a_ledger_goes_back_to_a_point_in_time_and_the_chain_says_what_was_kept(tmp_path: Path) -> None:
    """The runbook of docs/methods/currency.md, played."""
    with server() as one:
        archive, base = one.own(one.folder.parent / "archive"), one.folder.parent / "base"
        with one.connect() as raw:
            raw.execute("ALTER SYSTEM SET archive_mode = on")
            raw.execute(
                f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/.%f && mv {archive}/.%f {archive}/%f'".encode()
            )
        one.restart()
        town = founded(one)
        one.run("pg_basebackup", "-D", str(base), "-X", "stream", "-c", "fast", "-d", one.uri())
        kept = _paid(town, seed=1)
        with one.connect() as raw:
            published = verified(raw, tmp_path / "before")
            moment = raw.execute("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[index]
        lost = _paid(town, seed=2)
        with one.connect() as raw:
            segment = raw.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]  # type: ignore[index]
        while not (archive / segment).exists():
            threading.Event().wait(0.01)
        one.kill()

        with (base / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"archive_mode = off\nrestore_command = 'cp {archive}/%f %p'\n")
            settings.write(f"recovery_target_time = '{moment.isoformat()}'\nrecovery_target_action = 'promote'\n")
        (base / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        (base / "recovery.signal").touch()
        restored = Server(base)
        restored.start()
        with reconnected(restored) as raw:
            while raw.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
                threading.Event().wait(0.01)
            found = {key for (key,) in raw.execute("SELECT key FROM ledger.request")}
            assert kept <= found and not lost & found
            after = verified(raw, tmp_path / "after")
            assert (after.head, after.transfers, after.faults) == (published.head, published.transfers, ())
            leg = Leg(PAY, town.first, town.first + 1, 1)
            assert ask(raw, [Request(next(iter(lost)), (leg,))])[0].reason is Reason.ACCEPTED, (
                "what was lost may be paid again"
            )
            assert verified(raw, tmp_path / "again").faults == ()


def _paid(town: Town, seed: int) -> set[Any]:
    """Some payments, all answered; their keys."""
    before = set(town.answered)
    program = paying(town, seed)
    town.listen(program, enough=100)
    killed(town, program)
    with town.server.connect() as raw:
        for key, leg in list(town.unanswered.items()):
            assert ask(raw, [Request(key, (leg,))])[0].reason is Reason.ACCEPTED
            town.answered[key] = town.unanswered.pop(key)
    return set(town.answered) - before


_CLOCK = """
ALTER FUNCTION pg_catalog.now() RENAME TO true_now;
ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO true_clock_timestamp;
CREATE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT pg_catalog.true_now() + current_setting('clock.jump')::interval $$;
CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.true_clock_timestamp() + current_setting('clock.jump')::interval $$;
"""


@pytest.fixture
def clock() -> "Iterator[psycopg.Connection[Any]]":
    """A ledger in a database whose clock tells what `clock.jump` adds to it."""
    with server() as one, one.connect() as raw:
        raw.execute("SET allow_system_table_mods = on")
        raw.execute(_CLOCK.encode())
        raw.execute("RESET allow_system_table_mods")
        raw.execute("SET clock.jump = '0'")
        yield raw


def _jump(raw: "psycopg.Connection[Any]", days: int) -> None:
    raw.execute("SELECT set_config('clock.jump', %s, false)", [f"{days} days"])


def _said(raw: "psycopg.Connection[Any]", leg: Leg, **rest: Any) -> Answer:
    return ask(raw, [Request(uuid4(), (leg,), **rest)])[0]


def test_a_clock_that_jumps_either_way_breaks_no_invariant_and_no_chain(
    clock: "psycopg.Connection[Any]", tmp_path: Path
) -> None:
    """Order is that of numbers, never of moments; blocks sealed in the past follow those sealed in the future."""
    _jump(clock, 0)
    town = _founded_on(clock)
    leg = Leg(PAY, town.first, town.first + 1, 1)
    jumps, paris = (0, 400, -30, -400, 0, 3), ZoneInfo("Europe/Paris")
    for days in jumps:
        _jump(clock, days)
        for _one in range(3):
            assert _said(clock, leg).reason is Reason.ACCEPTED
        assert verified(clock, tmp_path / "export").faults == (), days
    moments = [at for (at,) in clock.execute("SELECT sealed_at FROM ledger.block ORDER BY id")]
    assert moments != sorted(moments), "the clock did go back"
    days_told = {day for (day,) in clock.execute("SELECT DISTINCT effective_on FROM ledger.transfer")}
    # a day is that of Paris: late in the evening of winter, the same hour of a day of summer is on the next day
    assert days_told == {(datetime.now(UTC) + timedelta(days)).astimezone(paris).date() for days in jumps}


def test_a_hold_expires_when_the_clock_jumps_and_ends_once_whatever_the_clock_says_after(
    clock: "psycopg.Connection[Any]", tmp_path: Path
) -> None:
    town = _founded_on(clock)
    (tomorrow,) = clock.execute("SELECT now() + interval '1 day'").fetchone()  # type: ignore[misc]
    hold = Leg(PAY, town.first, town.first + 1, 50, Action.HOLD)
    held = [_said(clock, hold, expires_at=tomorrow).transfers[0] for _one in range(3)]

    def end(action: Action, at: int) -> Reason:
        return _said(clock, Leg(PAY, action=action, target=held[at], amount_cents=50 if action is Action.POST else 0)).reason  # fmt: skip

    assert end(Action.EXPIRE, 0) is Reason.NOT_EXPIRED
    _jump(clock, 2)
    assert end(Action.POST, 0) is not Reason.ACCEPTED and end(Action.EXPIRE, 0) is Reason.ACCEPTED
    _jump(clock, 0)
    assert end(Action.POST, 0) is not Reason.ACCEPTED, "ended once, whatever the clock says"
    assert end(Action.POST, 1) is Reason.ACCEPTED
    _jump(clock, -500)
    assert end(Action.VOID, 2) is Reason.ACCEPTED
    assert verified(clock, tmp_path / "export").faults == ()


def test_a_clock_that_falls_back_into_a_closed_day_stops_payments_until_it_is_right(clock: "psycopg.Connection[Any]") -> None:  # fmt: skip
    town = _founded_on(clock)
    leg = Leg(PAY, town.first, town.first + 1, 1)
    clock.execute("SELECT ledger.close_days(1::smallint, ledger.today() - 1)")
    assert _said(clock, leg).reason is Reason.ACCEPTED
    _jump(clock, -3)
    assert _said(clock, leg).reason is Reason.CLOSED_DAY
    assert _said(clock, leg, day=date.today() + timedelta(1)).reason is Reason.ACCEPTED
    _jump(clock, 0)
    assert _said(clock, leg).reason is Reason.ACCEPTED


def _founded_on(raw: "psycopg.Connection[Any]") -> Town:
    """The usual currency, founded through a connection of its own: the clock is told to each."""
    host = Path(raw.info.host)

    class Told(Server):
        def connect(self, role: str = "postgres", database: str = "postgres") -> "psycopg.Connection[Any]":
            made = super().connect(role, database)
            made.execute("SET clock.jump = '0'")
            return made

    return founded(Told(host))
