"""The short way of the plain payment refuses what the long way refuses, and for the same reason, whichever of two accounts is the elder."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.web import ledger_town

from ressort.core.currency import Leg, Reason, Request, Status
from ressort.web.currency.door import ask

Raw = psycopg.Connection[Any]


def _set(raw: Raw, account: int, floor: int | None, ceiling: int | None, status: Status | None) -> None:
    raw.execute("SELECT ledger.set_account(%s, %s, %s, %s::smallint)", [account, floor, ceiling, status])


def _emptied(town: ledger_town.Town, account: int) -> None:
    outside = next(one for one in town.members if one != account)
    held = town.raw.execute("SELECT balance_cents FROM ledger.account WHERE id = %s", [account]).fetchone()[0]  # type: ignore[index]
    if held:
        assert town.ask(Leg(ledger_town.PAY, account, outside, held)).reason is Reason.ACCEPTED


def _closed(town: ledger_town.Town, account: int) -> None:
    _emptied(town, account)
    _set(town.raw, account, None, None, Status.CLOSED)


#: what is wrong → the reason, and what is done before to payer and payee
WRONG: dict[str, tuple[Reason, Callable[[ledger_town.Town, int, int], object]]] = {
    "nothing": (Reason.ACCEPTED, lambda town, payer, payee: None),
    "payer receives only": (
        Reason.CLOSED_ACCOUNT,
        lambda town, payer, payee: _set(town.raw, payer, None, None, Status.RECEIVES_ONLY),
    ),
    "payer is closed": (Reason.CLOSED_ACCOUNT, lambda town, payer, payee: _closed(town, payer)),
    "payee is closed": (Reason.CLOSED_ACCOUNT, lambda town, payer, payee: _closed(town, payee)),
    "payee receives only": (
        Reason.ACCEPTED,
        lambda town, payer, payee: _set(town.raw, payee, None, None, Status.RECEIVES_ONLY),
    ),
    "payer has less": (Reason.INSUFFICIENT_FUNDS, lambda town, payer, payee: _set(town.raw, payer, 9_996, None, None)),
    "payer has just as much": (Reason.ACCEPTED, lambda town, payer, payee: _set(town.raw, payer, 9_995, None, None)),
    "payee is full": (Reason.CEILING, lambda town, payer, payee: _set(town.raw, payee, None, 10_004, None)),
    "payee just holds it": (Reason.ACCEPTED, lambda town, payer, payee: _set(town.raw, payee, None, 10_005, None)),
    "the day is closed": (
        Reason.CLOSED_DAY,
        lambda town, payer, payee: town.raw.execute(
            "SELECT ledger.close_days(%s::smallint, '2026-03-01')", [town.currency]
        ),
    ),
}


@pytest.mark.parametrize("payer_is_elder", [True, False])
@pytest.mark.parametrize("what", WRONG)
def test_both_ways_give_the_same_answer(town: ledger_town.Town, what: str, payer_is_elder: bool) -> None:
    reason, prepare = WRONG[what]
    payer, payee = town.members[:2] if payer_is_elder else reversed(town.members[:2])
    prepare(town, payer, payee)
    leg, day = Leg(ledger_town.PAY, payer, payee, 5), date(2026, 3, 1)
    short, long = Request(uuid4(), (leg,), 1, day), Request(uuid4(), (leg,), 1, day)
    for requests in ([short], [long, Request(uuid4(), (Leg(ledger_town.PAY, payer, payer, 5),))]):
        town.raw.autocommit = False
        assert ask(town.raw, requests)[0].reason is reason, requests
        town.raw.rollback()
    town.raw.autocommit = True


@pytest.mark.parametrize("payer_is_elder", [True, False])
def test_neither_way_pays_another_currency_or_in_euros(town: ledger_town.Town, payer_is_elder: bool) -> None:
    other = ledger_town.town(town.raw)
    for pair in ((town.members[0], other.members[0]), (town.members[0], town.reserve)):
        payer, payee = pair if payer_is_elder else reversed(pair)
        leg = Leg(ledger_town.PAY, payer, payee, 5)
        single, together = [Request(uuid4(), (leg,))], [Request(uuid4(), (leg,)), Request(uuid4(), (leg,))]
        assert {one.reason for one in (*ask(town.raw, single), *ask(town.raw, together))} == {Reason.NOT_ALLOWED}
