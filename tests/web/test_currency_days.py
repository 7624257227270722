"""The day of a till and the statement of some days, found among the entries of an account without reading all of them."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_currency_codes import ada, grocer, number, shop

from ressort.web.currency import days, queries, wallets
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
