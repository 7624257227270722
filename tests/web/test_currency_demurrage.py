"""Demurrage, from its announcement to the pot: once a month, from what may be spent, never twice."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_currency_codes import ada, grocer, number, opened, shop
from tests.web.test_ledger_chain import verified

from ressort.core.currency import Leg, Request, operation
from ressort.core.errors import RuleBroken
from ressort.web.currency import actions, demurrage, keeper, queries
from ressort.web.currency.models import Melted, Wallet

__all__ = ["ada", "grocer", "number", "shop"]

RATE_PPM = 1_000


def month_after(day: date, months: int = 1) -> date:
    """The first of a month to come."""
    return date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)


@pytest.fixture
def start(number: int) -> date:
    """The first day of a rule announced today."""
    since = month_after(timezone.localdate(), 3)
    demurrage.announce(number, RATE_PPM, 0, since)
    return since


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> int:
    """What the keeper does on a day: accounts looked at."""
    monkeypatch.setattr(demurrage.timezone, "localdate", lambda: day)
    return demurrage.melt_months()


def test_whole_cents_go_to_the_pot_once_a_month_and_the_rest_is_carried(
    ada: Wallet, shop: Wallet, number: int, start: date, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pot, before = queries.sole_account(number, "demurrage_pot"), queries.balance_cents(ada)[0]
    assert on(start, monkeypatch) == 0, "nothing melts before the first month has ended"
    first = month_after(start)
    assert on(first, monkeypatch) >= 2
    days = (first - start).days
    cents, rest = divmod(before * RATE_PPM * days, 1_000_000)
    assert queries.balance_cents(ada)[0] == before - cents
    assert Melted.objects.get(account=ada.account).due == rest
    assert on(first, monkeypatch) == 0
    demurrage._done.clear()
    assert on(first + timedelta(3), monkeypatch) == 0, "another process finds nothing left to do"
    held = queries.held_cents(pot)
    second = month_after(first)
    on(second, monkeypatch)
    assert queries.held_cents(pot) > held
    # what was taken that very night left the account before the next evening: it melts no more
    assert queries.statement(ada)[0].operation == "demurrage"
    assert verified(tmp_path / "export").faults == ()


def test_what_cannot_be_spent_is_not_taken_and_stays_due(ada: Wallet, number: int, start: date, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    held = queries.balance_cents(ada)[0]
    actions.limit_account(ada.account, floor_cents=held - 1)
    first = month_after(start)
    on(first, monkeypatch)
    due = held * RATE_PPM * (first - start).days
    assert queries.balance_cents(ada)[0] == held - 1
    assert Melted.objects.get(account=ada.account).due == due - 1_000_000
    actions.limit_account(ada.account, floor_cents=0)


def test_public_bodies_are_exempt_and_credit_is_never_drawn_on(
    shop: Wallet, ada: Wallet, number: int, start: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = opened(number, "Mairie", "public_body", shop.owner, 10_000)
    actions.limit_account(ada.account, floor_cents=-10_000)
    leg = Leg(operation("pay_member"), ada.account, shop.account, queries.balance_cents(ada)[0])
    assert actions.submit(Request(uuid4(), (leg,))).reason == 0
    on(month_after(start), monkeypatch)
    assert queries.balance_cents(town)[0] == 10_000
    assert queries.balance_cents(ada)[0] == 0
    actions.limit_account(ada.account, floor_cents=0)


@pytest.mark.parametrize(
    ("days", "day", "rate_ppm", "grace_days"),
    [(0, 1, 160, 0), (90, 2, 160, 0), (90, 1, -1, 0), (90, 1, 10_001, 0), (90, 1, 160, -1), (90, 1, 160, 99_999)],
)
def test_a_rule_is_announced_ahead_and_makes_sense(number: int, days: int, day: int, rate_ppm: int, grace_days: int) -> None:  # fmt: skip
    since = (timezone.localdate() + timedelta(days)).replace(day=day)
    with pytest.raises(RuleBroken):
        demurrage.announce(number, rate_ppm, grace_days, since)


def test_the_public_page_says_what_was_announced_and_its_end(client: Client, number: int) -> None:
    code, since = queries.code_of(number), month_after(timezone.localdate(), 3)
    said = StringIO()
    call_command("currency", "demurrage", code, "160", str(since), "--grace-days", "90", stdout=said)
    call_command("currency", "demurrage", code, "0", str(month_after(since)), stdout=said)
    page = client.get(reverse("currency:currency", args=[code.lower()])).content.decode()
    assert "0,016" in page
    assert "plus rien ne fond" in page
    assert "90 jours sans dépense" in page
    assert "160" in said.getvalue()


def test_the_keeper_takes_what_melted(ada: Wallet, start: date, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(demurrage, "melt_months", lambda: asked.append(1))
    keeper.once()
    assert asked
