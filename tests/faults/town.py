"""A ledger on a server of its own, a program that pays in it, and what it should hold whoever is killed."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from ressort.cli.ledger_files import read_export
from ressort.core.currency import Leg, Reason, Request, Verdict, kind, operation, verify
from ressort.web.currency.door import ask
from ressort.web.currency.exports import TABLES
from tests.faults.own_server import Server
from tests.tidy.sources import ROOT

MEMBERS, EACH_CENTS = 40, 10**9
PAY, ISSUE = operation("pay_member"), operation("exchange_to_digital_online")


@dataclass
class Town:
    """A ledger on a server of its own, and what it should hold."""

    server: Server
    first: int
    expected: dict[int, int]
    #: payments asked and not answered yet, by key
    unanswered: dict[UUID, Leg] = field(default_factory=dict)
    answered: dict[UUID, Leg] = field(default_factory=dict)

    def listen(self, program: "subprocess.Popen[str]", enough: int) -> None:
        """Follows what a paying program says, until it has paid enough or stops."""
        assert program.stdout
        for line in program.stdout:
            word, key, *leg = line.split()
            if word == "asked":
                payer, payee, amount_cents = map(int, leg)
                self.unanswered[UUID(key)] = Leg(PAY, payer, payee, amount_cents)
            else:
                self.answered[UUID(key)] = self.unanswered.pop(UUID(key))
                enough -= 1
                if not enough:
                    return

    def settle(self, one: Server) -> "psycopg.Connection[Any]":
        """Asks again, with the same keys, what was not answered; then counts what each member should hold.

        A server that has lost a process may still welcome somebody, and send them away a moment later: one asks again.
        """
        while True:
            raw = reconnected(one)
            try:
                for key, leg in self.unanswered.items():
                    assert ask(raw, [Request(key, (leg,))])[0].reason is Reason.ACCEPTED
                break
            except psycopg.OperationalError:
                raw.close()
        for leg in (*self.answered.values(), *self.unanswered.values()):
            self.expected[leg.debit] -= leg.amount_cents
            self.expected[leg.credit] += leg.amount_cents
        return raw

    def check(self, raw: "psycopg.Connection[Any]", folder: Path) -> None:
        """Each answered payment is there once, each balance is what it should be, and every invariant holds."""
        keys = list(self.answered)
        found = raw.execute("SELECT request_key, count(*), min(amount_cents) FROM ledger.transfer WHERE request_key = ANY(%s) GROUP BY 1", [keys])  # fmt: skip
        assert {key: (count, cents) for key, count, cents in found} == {key: (1, leg.amount_cents) for key, leg in self.answered.items()}  # fmt: skip
        held = dict(raw.execute("SELECT id, balance_cents FROM ledger.account WHERE id = ANY(%s)", [list(self.expected)]).fetchall())  # fmt: skip
        assert held == self.expected
        assert verified(raw, folder).faults == ()
        self.answered.clear()
        self.unanswered.clear()


def verified(raw: "psycopg.Connection[Any]", folder: Path) -> Verdict:
    """Everything recomputed from what is on the disk."""
    raw.execute("SELECT ledger.seal()")
    raw.execute("SET TimeZone TO 'UTC'")
    folder.mkdir(exist_ok=True)
    for name, query in TABLES.items():
        with raw.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode()) as lines:
            (folder / f"{name}.csv").write_bytes(b"".join(lines))
    return verify(read_export(folder))


def founded(one: Server) -> Town:
    """A currency whose members hold a lot."""
    with one.connect() as raw:
        raw.execute("SELECT ledger.found_currency('ABE', 'Abeille')")
        opened = "SELECT ledger.open_account(1::smallint, %s::smallint, 0, NULL)"
        outside, reserve, issue, *members = (
            raw.execute(opened, [kind(code).id]).fetchone()[0]  # type: ignore[index]
            for code in ("outside_eur", "reserve_digital", "digital_issue", *["member"] * MEMBERS)
        )
        for member in members:
            both = (Leg(ISSUE, outside, reserve, EACH_CENTS), Leg(ISSUE, issue, member, EACH_CENTS))
            assert ask(raw, [Request(uuid4(), both)])[0].reason is Reason.ACCEPTED
    return Town(one, members[0], dict.fromkeys(members, EACH_CENTS))


def paying(town: Town, seed: int, database: Server | None = None) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "tests.faults.payer", (database or town.server).uri("ressort_app"), str(town.first), str(MEMBERS), str(seed)]  # fmt: skip
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)


def killed(town: Town, program: "subprocess.Popen[str]") -> None:
    """Ends a paying program without a word, and hears what it still said."""
    program.kill()
    town.listen(program, enough=0)
    program.wait()
    assert program.stdout
    program.stdout.close()


def reconnected(one: Server) -> "psycopg.Connection[Any]":
    """A connection, once the server is ready again: it answers "starting up" while it replays its log."""
    while True:
        try:
            return one.connect()
        except psycopg.OperationalError:
            assert one.postmaster().is_running()
