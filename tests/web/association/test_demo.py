"""The desk of a simulated currency: every screen of it lives, and it leaves with the currency."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from ressort.core.currency.specimen import specimen
from ressort.web.association import bank, demo, notes
from ressort.web.association.models import Deed, Dues, Member, Office, Post, Series
from ressort.web.association.queries import unpaid_redemptions
from ressort.web.currency import demo as currency_demo
from ressort.web.currency import queries
from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, db: None) -> tuple[str, dict[str, str]]:
    """A small specimen, its desk, and the links of those who may sign in."""
    monkeypatch.setattr(currency_demo, "specimen", lambda seed, places: specimen(seed, places, people=30, professionals=24))  # fmt: skip
    return demo.found(3, "EPCI:200068930", beside=True)


def test_every_screen_of_the_simulated_desk_lives(client: Client, small: tuple[str, dict[str, str]]) -> None:
    code, links = small
    assert all(fund.claims_cents == fund.cover_cents > 0 for fund in queries.currency(code).funds)
    assert links.keys() >= {email for emails in demo.POSTS.values() for email in emails}
    client.force_login(Person.objects.get(email="bureau@specimen.example"))
    for name in (
        "home",
        "members",
        "dues",
        "offices",
        "notes",
        "journal",
        "reserve",
        "posts",
        "programmes",
        "clocks",
        "bank",
        "unit_mandates",
    ):
        page = client.get(reverse(f"association:{name}", args=[code]))
        assert page.status_code == 200, name
    number = queries.currency_number(code)
    office, stocks = Office.objects.get(currency=number), notes.stocks(number)
    for kind in Office.KINDS[:3]:
        account = getattr(office, kind)
        counted = sum(one.value_cents * stocks[one.pk][account] for one in Series.objects.filter(currency=number))
        assert counted == queries.held_cents(account), f"{kind}: notes by series are those of the ledger"
    assert not unpaid_redemptions(number).exists() and not bank.meetings(number, "paper")
    assert Dues.objects.filter(member__wallet__currency=queries.currency_number(code)).exists()
    waiting = Deed.objects.filter(currency=queries.currency_number(code), decision__isnull=True)
    assert [one.operation for one in waiting] == ["redeem_digital"]
    client.force_login(Person.objects.get(email="adherente@specimen.example"))
    own = Wallet.objects.get(owner__email="adherente@specimen.example")
    assert [one.debits.count() for one in own.mandates_given.order_by("pk")] == [1, 0], "a basket taken, dues to answer"
    assert "100,00" in client.get(reverse("currency:wallet", args=[own.alias])).content.decode()


def test_the_desk_leaves_with_the_currency(small: tuple[str, dict[str, str]]) -> None:
    number: Any = queries.currency_number(small[0])
    assert demo.remove() == small[0]
    assert (
        not Member.objects.filter(wallet__currency=number).exists()
        and not Post.objects.filter(currency=number).exists()
    )
    assert not Person.objects.filter(email__endswith="@specimen.example").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(balance_cents) FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = %s AND k.digital < 0",
            [number],
        )
        assert cursor.fetchone()[0] == 0
