"""A small town for the tests of the ledger in the database: a currency of its own, a reserve, members."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg

from ressort.core.currency import Action, Answer, Leg, Request, kind, operation
from ressort.web.currency.door import ask

PAY = operation("pay_member")
ISSUE = operation("exchange_to_digital_online")


def connected(role: str = "postgres", autocommit: bool = True) -> psycopg.Connection[Any]:
    """A connection of its own to the database of the tests."""
    from django.db import connection

    given = connection.settings_dict
    return psycopg.connect(dbname=given["NAME"], host=given["HOST"], user=role, autocommit=autocommit)


def founded(raw: psycopg.Connection[Any]) -> int:
    """The number of a new currency."""
    code = "T" + uuid4().hex[:7].upper()
    return raw.execute("SELECT ledger.found_currency(%s, 'Essai')", [code]).fetchone()[0]  # type: ignore[index]


def opened(raw: psycopg.Connection[Any], currency: int, code: str, floor_cents: int = 0, ceiling_cents: int | None = None) -> int:  # fmt: skip
    """The number of a new account."""
    given = (currency, kind(code).id, floor_cents, ceiling_cents)
    return raw.execute("SELECT ledger.open_account(%s::smallint, %s::smallint, %s, %s)", given).fetchone()[0]  # type: ignore[index]


@dataclass
class Town:
    """Members who hold 100 each, and the reserve what is behind."""

    raw: psycopg.Connection[Any]
    currency: int
    outside: int
    reserve: int
    issue: int
    members: list[int]

    def ask(self, *legs: Leg, key: UUID | None = None, **rest: Any) -> Answer:
        return ask(self.raw, [Request(key or uuid4(), legs, 1, **rest)])[0]

    def pay(self, payer: int, payee: int, amount_cents: int, **rest: Any) -> Answer:
        return self.ask(Leg(PAY, self.members[payer], self.members[payee], amount_cents), **rest)

    def hold(self, payer: int, payee: int, amount_cents: int, expires_at: Any) -> int:
        leg = Leg(PAY, self.members[payer], self.members[payee], amount_cents, Action.HOLD)
        return self.ask(leg, expires_at=expires_at).transfers[0]

    def balance_cents(self, member: int) -> int:
        row = self.raw.execute(
            "SELECT balance_cents FROM ledger.account WHERE id = %s", [self.members[member]]
        ).fetchone()
        return int(row[0])  # type: ignore[index]


def town(raw: psycopg.Connection[Any], members: int = 3) -> Town:
    """A new town."""
    currency = founded(raw)
    outside, reserve, issue = (
        opened(raw, currency, code) for code in ("outside_eur", "reserve_digital", "digital_issue")
    )
    made = Town(raw, currency, outside, reserve, issue, [opened(raw, currency, "member") for _one in range(members)])
    for member in made.members:
        assert made.ask(Leg(ISSUE, outside, reserve, 10_000), Leg(ISSUE, issue, member, 10_000)).reason == 0
    return made
