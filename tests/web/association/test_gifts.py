"""A part of what members convert goes to the association that each sponsors, once, to the cent."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association_town import Desk, member_of

from ressort.core.errors import RuleBroken
from ressort.web.association import deeds, gifts, members
from ressort.web.association.models import Deed, Gifts
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import balance_cents

TODAY = timezone.localdate()
SINCE, UNTIL = TODAY - timedelta(30), TODAY


@pytest.fixture
def garden(desk: Desk) -> Wallet:
    """An association that Ada sponsors; the issuer holds enough."""
    made = members.add_member(desk.staff, desk.number, "Jardin", f"jardin-{desk.code.lower()}", "association", "")
    members.approve(desk.second, made, "charte 2026", TODAY)
    members.change_member(desk.staff, member_of(desk.ada), sponsors=made.wallet)
    desk.issue(desk.association, 50_000, "VIR 0")
    return Wallet.objects.get(pk=made.wallet_id)


def _converted(desk: Desk) -> None:
    """Of 10,000 and 333 by Ada, and 1,000 by somebody who sponsors nobody; one is taken back."""
    for cents, wallet, reference in ((10_000, desk.ada, "1"), (333, desk.ada, "2"), (1_000, desk.grocer, "3")):
        desk.issue(wallet, cents, reference)
    taken_back = desk.issue(desk.ada, 5_000, "4")
    deeds.decide(desk.second, deeds.reverse(desk.staff, taken_back, "erreur"), "done")


def _until_tomorrow(desk: Desk) -> gifts.Owed:
    return gifts.owed(desk.number, SINCE, TODAY + timedelta(1))


def test_an_association_with_enough_sponsors_is_owed_its_part_and_the_pot(desk: Desk, garden: Wallet) -> None:
    members.set_rules(desk.admin, desk.number, gift_bp=300, gift_least_sponsors=1)
    _converted(desk)
    found = _until_tomorrow(desk)
    own = 300 + 10  # of 10,000 and 333
    pot = 30  # the grocer's; what the issuer converts gives nothing
    assert [(one, count, cents) for one, count, cents in found.shares] == [(garden, 1, own + pot)]
    assert found.left_cents == 0


def test_with_too_few_sponsors_all_waits_for_the_next_gifts(desk: Desk, garden: Wallet) -> None:
    _converted(desk)
    found = _until_tomorrow(desk)
    assert found.shares == () and found.left_cents == 300 + 10 + 30
    Gifts.objects.create(currency=desk.number, since=SINCE - timedelta(30), until=SINCE, left_cents=7)
    assert _until_tomorrow(desk).left_cents == found.left_cents + 7
    members.set_rules(desk.admin, desk.number, gift_least_sponsors=1)
    assert _until_tomorrow(desk).total_cents == found.left_cents + 7


def test_days_are_given_once_and_go_on_from_the_last(desk: Desk, garden: Wallet, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    members.set_rules(desk.admin, desk.number, gift_least_sponsors=1)
    _converted(desk)
    monkeypatch.setattr(timezone, "localdate", lambda *_given: TODAY + timedelta(1))
    made = gifts.give(desk.staff, desk.number, SINCE, TODAY + timedelta(1))
    assert [one.operation for one in made] == ["donation_in_local"]
    assert balance_cents(garden)[0] == 340 and balance_cents(desk.association)[0] == 50_000 - 340
    for since, until in ((SINCE, TODAY + timedelta(1)), (TODAY, TODAY + timedelta(1)), (TODAY + timedelta(1), TODAY + timedelta(2))):  # fmt: skip
        with pytest.raises(RuleBroken):
            gifts.give(desk.staff, desk.number, since, until)
    assert Gifts.objects.filter(currency=desk.number).count() == 1


def test_what_the_association_does_not_hold_is_not_given_and_nothing_is_kept(desk: Desk, garden: Wallet) -> None:
    members.set_rules(desk.admin, desk.number, gift_bp=10_000, gift_least_sponsors=1)
    desk.issue(desk.ada, 20_000, "5")
    Gifts.objects.create(currency=desk.number, since=SINCE - timedelta(30), until=SINCE, left_cents=60_000)
    with pytest.raises(RuleBroken):
        gifts.give(desk.staff, desk.number, SINCE, UNTIL)
    assert Gifts.objects.filter(currency=desk.number).count() == 1
    assert not Deed.objects.filter(currency=desk.number, operation="donation_in_local").exists()


def test_the_staff_looks_then_gives_on_the_page(client: Client, desk: Desk, garden: Wallet) -> None:
    members.set_rules(desk.admin, desk.number, gift_least_sponsors=1)
    Gifts.objects.create(currency=desk.number, since=date(2026, 1, 1), until=SINCE, left_cents=1_234)
    client.force_login(desk.staff)
    address = reverse("association:gifts", args=[desk.code])
    shown = client.get(address, {"since": SINCE.isoformat(), "until": UNTIL.isoformat()}).content.decode()
    assert "Jardin" in shown and "12,34" in shown
    assert f'value="{SINCE.isoformat()}"' in shown and "readonly" in shown
    days = {"since": SINCE.isoformat(), "until": UNTIL.isoformat()}
    for stale in (SINCE - timedelta(9), SINCE + timedelta(1)):
        answer = client.post(address, days | {"since": stale.isoformat()}, follow=True)
        assert "regardez à nouveau" in answer.content.decode() and balance_cents(garden)[0] == 0
    assert client.post(address, days).status_code == 302
    assert balance_cents(garden)[0] == 1_234
    client.post(address, days)
    assert balance_cents(garden)[0] == 1_234, "sent again, these days are decided"
    member = reverse("association:change_member", args=[desk.code, member_of(desk.ada).pk])
    client.post(member, {"branch": "", "iban": "", "sponsors": desk.association.pk})
    assert member_of(desk.ada).sponsors == garden, "nobody sponsors the issuer"
    client.post(member, {"branch": "", "iban": "", "sponsors": ""})
    assert member_of(desk.ada).sponsors is None


def test_what_somebody_refuses_waits_for_the_next_gifts_which_wait_for_that_decision(
    desk: Desk, garden: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    members.set_rules(desk.admin, desk.number, gift_least_sponsors=1, four_eyes_cents=300)
    _converted(desk)
    monkeypatch.setattr(timezone, "localdate", lambda *_given: TODAY + timedelta(2))
    (asked,) = gifts.give(desk.staff, desk.number, SINCE, TODAY + timedelta(1))
    with pytest.raises(RuleBroken, match="wait for somebody else"):
        gifts.give(desk.staff, desk.number, TODAY + timedelta(1), TODAY + timedelta(2))
    deeds.decide(desk.second, asked, "refused")
    assert balance_cents(garden)[0] == 0
    (again,) = gifts.give(desk.staff, desk.number, TODAY + timedelta(1), TODAY + timedelta(2))
    assert again.amount_cents == asked.amount_cents == 340
    deeds.decide(desk.second, again, "done")
    assert balance_cents(garden)[0] == 340
    found = gifts.owed(desk.number, TODAY + timedelta(2), TODAY + timedelta(3))
    assert (found.total_cents, found.left_cents) == (0, 0), "given, it waits no more"


def test_associations_are_offered_before_the_rules_name_the_issuer_and_only_approved_ones(client: Client, desk: Desk, garden: Wallet) -> None:  # fmt: skip
    candidate = members.add_member(
        desk.staff, desk.number, "Pas encore", f"pas-encore-{desk.code.lower()}", "association", ""
    )
    client.force_login(desk.staff)
    address = reverse("association:change_member", args=[desk.code, member_of(desk.ada).pk])
    member = reverse("association:member", args=[desk.code, member_of(desk.ada).pk])
    members.set_rules(desk.admin, desk.number, association=None)
    client.post(address, {"branch": "", "iban": "", "sponsors": ""})
    client.post(address, {"branch": "", "iban": "", "sponsors": garden.pk})
    assert member_of(desk.ada).sponsors == garden
    client.post(address, {"branch": "", "iban": "", "sponsors": candidate.wallet_id})
    assert member_of(desk.ada).sponsors == garden, "a candidate has no account that receives"
    shown = client.get(member).content.decode()
    assert f'<option value="{garden.pk}"' in shown and f'<option value="{candidate.wallet_id}"' not in shown


def test_gifts_decided_before_they_named_their_operations_find_them(desk: Desk, garden: Wallet) -> None:
    members.set_rules(desk.admin, desk.number, gift_least_sponsors=1)
    Gifts.objects.create(currency=desk.number, since=SINCE - timedelta(30), until=SINCE, left_cents=500)
    (made,) = gifts.give(desk.staff, desk.number, SINCE, UNTIL)
    found = Gifts.objects.get(currency=desk.number, since=SINCE)
    found.deeds.clear()
    with connection.cursor() as cursor:
        cursor.execute(import_module("ressort.web.association.migrations.0012_told_twice").DEEDS)
    assert list(found.deeds.all()) == [made]
