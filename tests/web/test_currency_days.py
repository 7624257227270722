"""The day of a till and the statement of some days, found among the entries of an account without reading all of them."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_currency_codes import ada, grocer, number, shop

from ressort.core.currency import Action, Leg, Request, operation
from ressort.core.errors import RuleBroken
from ressort.web.currency import actions, days, queries, wallets
from ressort.web.currency.models import Wallet

__all__ = ["ada", "grocer", "number", "shop"]


def pay(payer: Wallet, payee: Wallet, amount_cents: int) -> int:
    return wallets.pay(payer.owner, payer, payee, amount_cents, uuid4(), "").transfers[0]


def test_the_sums_of_a_day_count_payments_that_are_not_listed(
    client: Client, ada: Wallet, shop: Wallet, grocer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, _third = (pay(ada, shop, cents) for cents in (100, 200, 300))
    wallets.refund(grocer, shop, first)
    whole = days.received_on(shop, timezone.localdate())
    assert (whole.total_cents, whole.kept, len(whole.lines), whole.is_whole) == (500, 2, 4, True)
    monkeypatch.setattr(days, "SHOWN", 2)
    client.force_login(grocer)
    page = client.get(reverse("currency:till", args=[shop.alias]))
    assert (page.context["total_cents"], page.context["count"], len(page.context["lines"])) == (500, 2, 2)
    assert "les 2 derniers" in page.content.decode()


def test_what_a_supplier_gives_back_is_no_sale_and_is_refunded_to_nobody(
    ada: Wallet, shop: Wallet, grocer: Any
) -> None:
    pay(ada, shop, 3_000)
    bought = pay(shop, ada, 1_200)
    wallets.refund(ada.owner, ada, bought)
    back = queries.statement(shop, count=1)[0]
    assert (back.amount_cents, days.received_on(shop, timezone.localdate()).total_cents) == (1_200, 3_000)
    with pytest.raises(RuleBroken):
        wallets.refund(grocer, shop, back.transfer)


def test_an_issue_taken_back_comes_off_no_till(ada: Wallet, shop: Wallet) -> None:
    pay(ada, shop, 3_000)
    issue = actions.require(wallets.exchange(None, shop, 500, "VIR 9")).transfers
    legs = tuple(Leg(operation("exchange_to_digital_online"), action=Action.REVERSE, target=one) for one in issue[::-1])
    actions.require(actions.submit(Request(uuid4(), legs)))
    assert queries.balance_cents(shop)[0] == 3_000
    assert (days.received_on(shop, timezone.localdate()).total_cents, days.received_on(shop, timezone.localdate()).kept) == (3_000, 1)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_total_of_a_busy_day_is_that_of_the_ledger(ada: Wallet, shop: Wallet, grocer: Any, seed: int) -> None:
    """Sales, purchases and refunds either way, drawn; added up again from the rows of the ledger alone."""
    dice, made = random.Random(seed), []
    for _one in range(40):
        payer, payee = (ada, shop) if dice.random() < 0.7 else (shop, ada)
        cents = dice.randint(1, 300)
        if queries.balance_cents(payer)[1] >= cents:
            made.append((payee, pay(payer, payee, cents)))
        if made and dice.random() < 0.3:
            payee, transfer = made.pop(dice.randrange(len(made)))
            wallets.refund(payee.owner, payee, transfer)
    with connection.cursor() as cursor:
        columns = "id, debit_account, credit_account, amount_cents, reverses"
        cursor.execute(
            f"SELECT {columns} FROM ledger.transfer WHERE %s IN (debit_account, credit_account)", [shop.account]
        )
        rows = {row[0]: row for row in cursor.fetchall()}
    sales = {one for one, (_id, payer, payee, _cents, back) in rows.items() if payer == ada.account and back is None}
    gone = {row[4] for row in rows.values() if row[4]}
    day = days.received_on(shop, timezone.localdate())
    assert day.total_cents == sum(rows[one][3] for one in sales - gone) and day.kept == len(sales - gone)


def test_entries_are_counted_at_any_moment(ledger: Any) -> None:
    from tests.web import ledger_town

    ledger.autocommit = True
    town = ledger_town.town(ledger)
    for cents in (5, 4, 3, 2):
        town.pay(0, 1, cents)
        town.pay(1, 0, 1)
    account = town.members[0]
    moments = [row[0] for row in ledger.execute(
        "SELECT created_at FROM ledger.transfer WHERE %(a)s IN (debit_account, credit_account) AND state = 1 ORDER BY id", {"a": account}
    )]  # fmt: skip
    assert len(moments) == 9
    assert [days.written_before(account, moment) for moment in moments] == list(range(9))
    assert days.written_before(account, moments[-1] + timedelta(seconds=1)) == 9


@pytest.mark.parametrize("day", [date.min, date(2020, 2, 29), date.max - timedelta(1)])
def test_a_day_without_entries_is_empty_however_far(ada: Wallet, shop: Wallet, day: date) -> None:
    pay(ada, shop, 100)
    assert days.received_on(shop, day).lines == []
    assert days.between(shop, day, day, 10) == []
    held = queries.held_cents(shop.account)
    assert days.held_at_end_of(shop, day, held) == (held if day > timezone.localdate() else 0)
