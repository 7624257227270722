"""Units of an allowance: kept for what they are paid for, spent where it is accepted, returned when their day is past."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import opened
from tests.web.association_town import Desk, member_of

from ressort.core.currency import Reason
from ressort.core.errors import RuleBroken
from ressort.web.association import deeds, members, public, queries
from ressort.web.association.models import Allowance, Programme
from ressort.web.currency import earmarks, text_channel, wallets
from ressort.web.currency.models import Earmark, Listing, Wallet
from ressort.web.currency.queries import balance_cents

TODAY = timezone.localdate


@pytest.fixture
def food(desk: Desk) -> Programme:
    """A food fund of 85 units a month, to be spent within 60 days; Ada is in it and was paid this month."""
    made: Programme = opened(desk, expiry_days=60, cap_cents=12_000)
    desk.done("fund_allowance", amount_cents=30_000, reference="FONDS 1", programme=made)
    public.join(desk.staff, made, desk.ada, TODAY() - timedelta(days=90))
    public.pay_month(desk.staff, made, TODAY().replace(day=1))
    return made


def pay(desk: Desk, payee: Wallet, cents: int, key: Any = None) -> Reason:
    return wallets.pay(desk.people["individual"], desk.ada, payee, cents, key or uuid4()).reason


def kept(desk: Desk) -> int:
    return sum(one.cents for one in earmarks.kept(desk.ada))


def consistent(desk: Desk) -> None:
    """What may be spent anywhere is what is held less what is kept."""
    held, free = balance_cents(desk.ada)
    assert held - free == kept(desk)


def other_shop(desk: Desk) -> Wallet:
    made = members.add_member(
        desk.staff, desk.number, "Bar", f"bar-{desk.code.lower()}", "professional", "bar@example.fr"
    )
    members.approve(desk.second, made, "charte 2026", made.wallet.opened_at.date())
    return Wallet.objects.get(pk=made.wallet_id)


def test_units_of_a_fund_are_spent_where_it_is_accepted_and_nowhere_else(desk: Desk, food: Programme) -> None:
    bar = other_shop(desk)
    public.accept(desk.staff, food, desk.grocer, "", 10_000)
    assert (balance_cents(desk.ada), kept(desk)) == ((8_500, 0), 8_500)
    assert pay(desk, bar, 100) is Reason.INSUFFICIENT_FUNDS
    assert pay(desk, desk.grocer, 3_000) is Reason.ACCEPTED
    assert (balance_cents(desk.ada), kept(desk)) == ((5_500, 0), 5_500)
    desk.issue(desk.ada, 1_000, "VIR 9")
    assert pay(desk, bar, 1_000) is Reason.ACCEPTED and pay(desk, bar, 1) is Reason.INSUFFICIENT_FUNDS
    assert pay(desk, desk.grocer, 5_501) is Reason.INSUFFICIENT_FUNDS
    consistent(desk)


def test_a_fund_that_is_half_accepted_pays_half_of_the_basket_and_own_units_the_rest(desk: Desk, food: Programme) -> None:  # fmt: skip
    Listing.objects.create(wallet=desk.grocer, branch="food_retail")
    public.accept(desk.staff, food, None, "food_retail", 5_000)
    assert pay(desk, desk.grocer, 2_001) is Reason.INSUFFICIENT_FUNDS
    desk.issue(desk.ada, 2_000, "VIR 9")
    assert pay(desk, desk.grocer, 2_000) is Reason.ACCEPTED
    assert (balance_cents(desk.ada), kept(desk)) == ((8_500, 1_000), 7_500)
    public.accept(desk.staff, food, desk.grocer, "", 10_000)  # named itself, it is taken whole
    assert pay(desk, desk.grocer, 1_000) is Reason.ACCEPTED and kept(desk) == 6_500
    consistent(desk)


def test_the_same_payment_sent_again_takes_nothing_more(desk: Desk, food: Programme) -> None:
    key = uuid4()
    assert [pay(desk, desk.grocer, 500, key) for _time in range(3)] == [Reason.ACCEPTED] * 3
    assert pay(desk, desk.grocer, 600, key) is Reason.KEY_CONFLICT
    assert (balance_cents(desk.ada), kept(desk)) == ((8_000, 0), 8_000)


def test_units_not_spent_on_their_day_return_to_the_pot_once(desk: Desk, food: Programme) -> None:
    pot = queries.balances(desk.number)["allowance_pot"]
    pay(desk, desk.grocer, 2_500)
    assert earmarks.return_late() == 0
    Earmark.objects.filter(wallet=desk.ada).update(expires_on=TODAY() - timedelta(days=1))
    assert pay(desk, desk.grocer, 100) is Reason.INSUFFICIENT_FUNDS
    assert (earmarks.return_late(), earmarks.return_late()) == (1, 0)
    assert balance_cents(desk.ada) == (0, 0)
    assert queries.balances(desk.number)["allowance_pot"] - pot == 6_000


def test_nobody_is_paid_beyond_the_cap(desk: Desk, food: Programme) -> None:
    after = (TODAY().replace(day=1) + timedelta(days=32)).replace(day=1)
    public.pay_month(desk.staff, food, after)
    assert Allowance.objects.get(programme=food, period=after).local_cents == 3_500  # 120 less the 85 held
    assert kept(desk) == 12_000
    found = public.month(food, (after + timedelta(days=32)).replace(day=1))
    assert found.local_cents == 0 and found.euro_cents == 1_500


def test_the_units_that_end_first_are_spent_first(desk: Desk, food: Programme) -> None:
    Earmark.objects.filter(wallet=desk.ada).update(expires_on=TODAY() + timedelta(days=5))
    after = (TODAY().replace(day=1) + timedelta(days=32)).replace(day=1)
    public.pay_month(desk.staff, food, after)
    assert pay(desk, desk.grocer, 9_000) is Reason.ACCEPTED
    assert [(one.cents, (one.expires_on - TODAY()).days) for one in earmarks.kept(desk.ada)] == [(3_000, 60)]


def test_a_refund_keeps_the_units_for_their_purpose_again(desk: Desk, food: Programme) -> None:
    answer = wallets.pay(desk.people["individual"], desk.ada, desk.grocer, 2_000, uuid4())
    assert kept(desk) == 6_500
    assert wallets.refund(desk.people["professional"], desk.grocer, answer.transfers[0]).reason is Reason.ACCEPTED
    assert kept(desk) == 8_500
    consistent(desk)


def test_a_month_paid_by_mistake_is_reversed_with_what_it_kept(desk: Desk, food: Programme) -> None:
    deed = Allowance.objects.get(programme=food).deed
    back = deeds.reverse(desk.staff, deed, "mauvais mois")
    deeds.decide(desk.second, back, "done")
    assert (balance_cents(desk.ada), kept(desk)) == ((0, 0), 0)


def test_kept_units_leave_by_no_other_door(desk: Desk, food: Programme) -> None:
    """Purses, payments of several at once, redemptions: the database holds them back."""
    from ressort.web.currency import purses

    holder, bar = desk.people["individual"], other_shop(desk)
    public.accept(desk.staff, food, desk.grocer, "", 10_000)
    with pytest.raises(RuleBroken):
        purses.load(holder, desk.ada, 1_000, bytes(range(32)), uuid4())
    with pytest.raises(RuleBroken, match="Bar"):
        wallets.pay_each(
            holder, desk.ada, [wallets.Payment(desk.grocer, 500, uuid4()), wallets.Payment(bar, 500, uuid4())], uuid4()
        )
    consistent(desk)


def test_an_allowance_without_a_number_of_days_is_plain_units(desk: Desk) -> None:
    made = opened(desk)
    desk.done("fund_allowance", amount_cents=30_000, reference="FONDS 1", programme=made)
    public.join(desk.staff, made, desk.ada, TODAY() - timedelta(days=90))
    public.pay_month(desk.staff, made, TODAY().replace(day=1))
    assert (balance_cents(desk.ada), kept(desk)) == ((8_500, 8_500), 0)
    with pytest.raises(RuleBroken, match="anywhere"):
        public.accept(desk.staff, made, desk.grocer, "", 10_000)
    with pytest.raises(RuleBroken, match="cap"):
        opened(desk, cap_cents=5_000)


def test_a_telephone_is_told_what_is_kept_too(desk: Desk, food: Programme) -> None:
    text_channel.link(None, desk.ada, "06 12 34 56 78")
    told = text_channel.answer("+33612345678", "solde", "m1")
    assert "0,00" in told and food.name in told and "85,00" in told


def test_only_the_staff_says_where_a_fund_is_spent(desk: Desk, food: Programme) -> None:
    for stranger in (desk.people["individual"], desk.people["professional"], desk.auditor):
        with pytest.raises(PermissionDenied):
            public.accept(stranger, food, desk.grocer, "", 10_000)
    with pytest.raises(RuleBroken, match="one account"):
        public.accept(desk.staff, food, None, "", 10_000)
    with pytest.raises(RuleBroken, match="professionals"):
        public.accept(desk.staff, food, desk.ada, "", 10_000)


def test_the_pages_tell_what_is_kept_where_it_goes_and_what_pays(desk: Desk, food: Programme, client: Client) -> None:
    client.force_login(desk.staff)
    at = reverse("association:programme", args=[desk.code, food.pk])
    page = client.post(at, {"what": "accept", "alias": desk.grocer.alias, "branch": "", "share": "50"}, follow=True)
    assert "Ferme du haut" in page.content.decode() and "50" in page.content.decode()
    assert client.post(at, {"what": "accept", "alias": "personne", "branch": "", "share": "50"}).status_code == 200
    client.force_login(desk.people["individual"])
    own = client.get(reverse("currency:wallet", args=[desk.ada.alias])).content.decode()
    assert food.name in own and "85,00" in own
    where = client.get(reverse("currency:purpose", args=[desk.ada.alias, food.purpose_id])).content.decode()
    assert "Ferme du haut" in where
    desk.issue(desk.ada, 2_000, "VIR 9")
    asked = {"payee": desk.grocer.alias, "amount": "20,00", "label": ""}
    confirm = client.post(reverse("currency:pay", args=[desk.ada.alias]), asked, follow=True).content.decode()
    assert "10,00" in confirm
    client.force_login(desk.people["professional"])
    assert client.get(reverse("currency:purpose", args=[desk.ada.alias, food.purpose_id])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_payments_at_once_never_spend_more_than_is_kept(desk: Desk, food: Programme) -> None:
    """Eight hands pay 20 each out of 85: four are served, and what is left is still kept."""
    told: list[Reason] = []
    gate = threading.Barrier(8)

    def spend() -> None:
        gate.wait()
        try:
            told.append(pay(desk, desk.grocer, 2_000))
        finally:
            connection.close()

    hands = [threading.Thread(target=spend) for _hand in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(told) == [Reason.ACCEPTED] * 4 + [Reason.INSUFFICIENT_FUNDS] * 4
    assert (balance_cents(desk.ada), kept(desk)) == ((500, 0), 500)


def test_a_professional_is_listed_by_the_staff_once_approved(desk: Desk, client: Client) -> None:
    client.force_login(desk.staff)
    one = member_of(desk.grocer)
    at = reverse("association:show_member", args=[desk.code, one.pk])
    assert client.post(at, {"sector": "farming", "commune": "64445", "is_public": "on"}).status_code == 302
    listed = client.get(reverse("currency:professionals", args=[desk.code.lower()])).content.decode()
    assert "Ferme du haut" in listed and "Pau" in listed
    assert client.post(at, {"sector": "farming", "commune": "Atlantide", "is_public": "on"}).status_code == 200
    with pytest.raises(RuleBroken, match="approved"):
        members.list_member(desk.staff, member_of(desk.ada), "", "", True)
