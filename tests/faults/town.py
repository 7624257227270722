"""A ledger on a server of its own, a program that pays in it, and what it should hold whoever is killed."""

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
from tests.faults.payer import Program, started

MEMBERS, EACH_CENTS = 2000, 10**9
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
    #: the last transfer that was looked at
    seen: int = 0

    def listen(self, program: Program, enough: int) -> None:
        """Follows what a paying program says, until it has paid enough or stops."""
        for line in program.lines:
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
                answers = ask(raw, [Request(key, (leg,)) for key, leg in self.unanswered.items()])
                assert {answer.reason for answer in answers} <= {Reason.ACCEPTED}
                break
            except psycopg.OperationalError:
                raw.close()
        for leg in (*self.answered.values(), *self.unanswered.values()):
            self.expected[leg.debit] -= leg.amount_cents
            self.expected[leg.credit] += leg.amount_cents
        return raw

    def check(self, raw: "psycopg.Connection[Any]", folder: Path | None) -> None:
        """Each payment asked is there once and no other is, each balance is what it should be.

        Args:
            folder: where to export the whole ledger, whose every invariant is then recomputed; None to look at what is new only.
        """
        asked = self.answered | self.unanswered
        rows = raw.execute("SELECT request_key, amount_cents::bigint, id FROM ledger.transfer WHERE id > %s", [self.seen]).fetchall()  # fmt: skip
        assert sorted((key, cents) for key, cents, _id in rows) == sorted((key, leg.amount_cents) for key, leg in asked.items())  # fmt: skip
        held = dict(raw.execute("SELECT id, balance_cents FROM ledger.account WHERE id = ANY(%s)", [list(self.expected)]).fetchall())  # fmt: skip
        assert held == self.expected
        if folder is not None:
            assert verified(raw, folder).faults == ()
        self.seen = max((number for _key, _cents, number in rows), default=self.seen)
        self.answered.clear()
        self.unanswered.clear()


def verified(raw: "psycopg.Connection[Any]", folder: Path) -> Verdict:
    """Everything recomputed from what is on the disk."""
    while raw.execute("SELECT ledger.seal()").fetchone()[0]:  # type: ignore[index]  # so many at a time
        pass
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
        issued = [
            (Leg(ISSUE, outside, reserve, EACH_CENTS), Leg(ISSUE, issue, member, EACH_CENTS)) for member in members
        ]
        assert {answer.reason for answer in ask(raw, [Request(uuid4(), both) for both in issued])} == {Reason.ACCEPTED}
        last = raw.execute("SELECT max(id) FROM ledger.transfer").fetchone()[0]  # type: ignore[index]
    return Town(one, members[0], dict.fromkeys(members, EACH_CENTS), seen=last)


def paying(town: Town, seed: int) -> Program:
    return started(town.server.uri("ressort_app"), town.first, MEMBERS, seed)


def killed(town: Town, program: Program) -> None:
    """Ends a paying program without a word, and hears what it still said."""
    program.kill()
    town.listen(program, enough=0)
    program.close()


def reconnected(one: Server) -> "psycopg.Connection[Any]":
    """A connection, once the server is ready again: it answers "starting up" while it replays its log."""
    while True:
        try:
            return one.connect()
        except psycopg.OperationalError:
            assert one.postmaster().is_running()
