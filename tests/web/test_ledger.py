"""The ledger in the database, held to the book of the core: same answers, same balances, same versions, whatever is asked.

Two whole currencies side by side. After each step, in each of them: units and euros sum to zero, and there are as many euros as units
owed. At the end everything is exported and recomputed.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.core.currency.steps import BATCHES
from tests.web.ledger_town import founded, opened

from ressort.cli.ledger_files import read_export
from ressort.core.currency import KINDS as CHART
from ressort.core.currency import (
    Action,
    Book,
    Leg,
    Melting,
    Request,
    Status,
    kind,
    melt,
    operation,
    taken_cents,
    verify,
)
from ressort.web.currency import exports
from ressort.web.currency.door import ask

PAY, MELT = operation("pay_member"), operation("demurrage")
KINDS = (
    "outside_eur",
    "reserve_digital",
    "digital_issue",
    "member",
    "member",
    "member",
    "notes_circulation",
    "reserve_paper",
    "demurrage_pot",
)
#: those of the other currency, which come after
OTHERS = ("outside_eur", "reserve_digital", "digital_issue", "member")
#: requests use days from there
FIRST_DAY = date(2026, 1, 1)


class Side(RuleBasedStateMachine):
    """The book and the database, asked the same, side by side."""

    raw: psycopg.Connection[Any]

    @initialize()
    def found(self) -> None:
        self.book, self.currency = Book(), founded(self.raw)
        self.other = founded(self.raw)
        self.accounts: list[int] = []
        self.transfers: dict[int, int] = {}
        self.asked: list[Request] = []
        for code in (*KINDS, *OTHERS):
            self.open(code, -300 if len(self.accounts) == 4 else 0, 500 if len(self.accounts) == 5 else None, len(self.accounts) >= len(KINDS))  # fmt: skip
        self.raw.commit()

    def open(self, code: str, floor_cents: int, ceiling_cents: int | None, elsewhere: bool) -> None:
        currency = self.other if elsewhere else self.currency
        self.accounts.append(opened(self.raw, currency, code, floor_cents, ceiling_cents))
        extra = {} if ceiling_cents is None else {"ceiling_cents": ceiling_cents}
        self.book.open_account(currency, kind(code).id, floor_cents, **extra)

    @rule(
        n=st.integers(1, 500), short=st.integers(-1, 1), euros=st.booleans(), units=st.booleans(), before=st.booleans()
    )
    def issue(self, n: int, short: int, euros: bool, units: bool, before: bool) -> None:
        """Euros in, units out, of one currency or of the other: without as many euros of its own, nothing moves."""
        first, second = (len(KINDS) * other for other in (euros, units))
        legs = [Leg(10, first + 1, first + 2, n + short), Leg(10, second + 3, second + 4, n)]
        self.together([Request(uuid4(), tuple(legs if before else reversed(legs)))])

    @rule(batch=BATCHES)
    def submit(self, batch: list[dict[str, Any]]) -> None:
        self.together([self.request(one) for one in batch])

    def request(self, one: dict[str, Any]) -> Request:
        """A step as a request in the book's numbers."""
        legs = tuple(self.leg(leg) for leg in one["legs"])
        day = None if one["day"] is None else FIRST_DAY + timedelta(days=one["day"])
        now = self.raw.execute("SELECT now()").fetchone()[0]  # type: ignore[index]
        deadline = now + (timedelta(microseconds=1) if one["is_short"] else timedelta(days=1))
        request = Request(uuid4(), legs, 7, day, deadline)
        if one["again"] and self.asked:
            before = self.asked[-1]
            request = before if one["again"] == "same" else Request(before.key, legs, 7, day, deadline)
        return request

    def leg(self, one: dict[str, Any]) -> Leg:
        def place(at: int, count: int) -> int:
            return 10**9 if at == 99 or not count else at % count + 1

        action = Action(one["action"])
        if action > Action.HOLD:
            amount_cents = one["amount_cents"] if action is Action.POST else 0
            return Leg(PAY, amount_cents=amount_cents, action=action, target=place(one["target"], len(self.transfers)))
        return Leg(PAY, place(one["debit"], len(self.accounts)), place(one["credit"], len(self.accounts)), one["amount_cents"], action)  # fmt: skip

    def together(self, batch: list[Request]) -> None:
        now, today = self.raw.execute("SELECT now(), ledger.today()").fetchone()  # type: ignore[misc]
        given = ask(self.raw, [self.translated(one) for one in batch])
        self.raw.commit()
        for request, answer in zip(batch, given, strict=True):
            expected = self.book.submit(request, now, today)
            assert answer.reason is expected.reason, request
            assert len(answer.transfers) == len(expected.transfers)
            self.transfers.update(zip(expected.transfers, answer.transfers, strict=True))
            self.asked.append(request)

    def translated(self, request: Request) -> Request:
        """A request in the database's numbers."""
        account = {0: 0, 10**9: 10**9} | dict(enumerate(self.accounts, 1))
        target = {0: 0, 10**9: 10**9} | self.transfers
        legs = (Leg(leg.operation, account[leg.debit], account[leg.credit], leg.amount_cents, leg.action, target[leg.target]) for leg in request.legs)  # fmt: skip
        return Request(request.key, tuple(legs), request.actor, request.day, request.expires_at)

    @rule(at=st.integers(3, 5), floor_cents=st.integers(-400, 200), ceiling_cents=st.integers(0, 900), status=st.sampled_from(Status))  # fmt: skip
    def change(self, at: int, floor_cents: int, ceiling_cents: int, status: Status) -> None:
        account = self.book.accounts[at + 1]
        is_empty = account.balance_cents == account.pending_out_cents == 0
        allowed = account.balance_cents - account.pending_out_cents >= floor_cents and (status is not Status.CLOSED or is_empty)  # fmt: skip
        try:
            self.raw.execute("SELECT ledger.set_account(%s, %s, %s, %s::smallint)", [self.accounts[at], floor_cents, ceiling_cents, status])  # fmt: skip
            self.raw.commit()
            assert allowed
            account.floor_cents, account.ceiling_cents, account.status = floor_cents, ceiling_cents, status
        except psycopg.errors.CheckViolation:
            self.raw.rollback()
            assert not allowed

    @rule(day=st.integers(0, 10), is_other=st.booleans())
    def close_days(self, day: int, is_other: bool) -> None:
        until, currency = FIRST_DAY + timedelta(days=day), self.other if is_other else self.currency
        closed = self.book.closed_until.get(currency, until)
        row = self.raw.execute("SELECT ledger.close_days(%s::smallint, %s)", [currency, until]).fetchone()
        self.raw.commit()
        assert row == (until >= closed,)
        self.book.closed_until[currency] = max(until, closed)

    @rule(n=st.integers(1, 10**4), days=st.integers(1, 400))
    def demurrage(self, n: int, days: int) -> None:
        """Demurrage, as a batch of the month takes it: what melts, or what is free if that is less."""
        due, _rest = taken_cents(melt(Melting(), n, days, 5_000))
        payer = self.book.accounts[4]
        free = payer.balance_cents - payer.pending_out_cents - payer.floor_cents
        self.together([Request(uuid4(), (Leg(MELT, 4, len(KINDS), min(due, free)),))])

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "accounts"):
            return
        rows = self.raw.execute(
            "SELECT id, balance_cents, pending_out_cents, version, status FROM ledger.account WHERE id = ANY(%s)", [self.accounts]
        ).fetchall()  # fmt: skip
        held = {row[0]: row[1:] for row in rows}
        for number, account in self.book.accounts.items():
            expected = (account.balance_cents, account.pending_out_cents, account.version, account.status)
            assert held[self.accounts[number - 1]] == expected
        for currency in (self.currency, self.other):
            here = [account for account in self.book.accounts.values() if account.currency == currency]
            for is_euro in (False, True):
                assert sum(one.balance_cents for one in here if CHART[one.kind - 1].is_euro is is_euro) == 0
            for fund in ("paper", "digital"):
                assert sum(one.balance_cents * getattr(CHART[one.kind - 1], fund) for one in here) >= 0


def test_the_database_gives_the_answers_of_the_book_whatever_is_asked(
    ledger: psycopg.Connection[Any], tmp_path: Path
) -> None:
    class Machine(Side):
        raw = ledger

    quick = settings(max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Machine, settings=quick)
    exports.export(tmp_path / "export")
    assert verify(read_export(tmp_path / "export")).faults == ()
