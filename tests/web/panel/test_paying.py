"""Allowances of a panel: in euros through the treasury, in local currency through the ledger, never twice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.web.currency import actions as ledger
from ressort.web.currency import queries as purse
from ressort.web.currency import wallets
from ressort.web.currency.models import Label, Wallet
from ressort.web.panel import access, drawing, life, paying, queries
from ressort.web.panel.models import Attendance, Draw, Seat


def _wallet(currency: int, kind: str, owner: Any = None) -> Wallet:
    alias = f"{kind[:3]}-{uuid4().hex[:8]}"
    return wallets.open_wallet(None, currency, f"Compte {alias}", alias, kind, owner)


@pytest.fixture
def town(administrator: Any, drawn: Draw) -> dict[str, Any]:
    """A session that three members attended for 40 euros, the town's account with 100 units."""
    currency = ledger.found_currency(f"P{uuid4().hex[:6].upper()}", "Essai")
    payer = _wallet(currency, "association", administrator)
    wallets.exchange(None, payer, 10_000, "VIR 1")
    seats = [drawing.answer_seat(seat, "accepted", by=administrator) for seat in Seat.objects.all()[:3]]
    meeting = life.add_meeting(
        administrator, drawn.panel, title="Séance 1", starts_at=timezone.now() - timedelta(days=1), place="Mairie", allowance_cents=4000,
    )  # fmt: skip
    life.mark_attendance(administrator, meeting, {seat.pk for seat in seats})
    return {"currency": currency, "payer": payer, "seats": seats, "panel": drawn.panel}


def test_members_who_gave_an_account_are_paid_in_local_currency_once_and_the_others_in_euros(
    client: Client, administrator: Any, town: dict[str, Any]
) -> None:
    panel, payer = town["panel"], town["payer"]
    mine = [_wallet(town["currency"], "individual") for _seat in range(2)]
    for seat, wallet in zip(town["seats"], mine, strict=False):
        page = reverse("panel:mine", args=[access.key_of(seat.volunteer)])
        Client().post(page, {"answer": "account", "account": wallet.alias.upper()})
    client.force_login(administrator)
    sessions = reverse("panel:meetings", args=[panel.pk])
    text = client.get(sessions).content.decode()
    assert f"numéros {town['seats'][2].volunteer.number}" in text.replace("\xa0", " ") and "80\xa0€ peuvent" in text
    pay = reverse("panel:pay_in_currency", args=[panel.pk])
    client.post(pay, {"payer": payer.alias})
    client.post(pay, {"payer": payer.alias})
    assert [purse.balance_cents(one)[0] for one in (payer, *mine)] == [2_000, 4_000, 4_000]
    paid = Attendance.objects.exclude(transfer=None)
    assert paid.count() == 2 and queries.unpaid(panel) == 4_000
    assert "Séance 1" in Label.objects.get(transfer=paid[0].transfer).text
    receipt = Client().get(reverse("panel:mine", args=[access.key_of(town["seats"][0].volunteer)])).content.decode()
    assert f"virement n° {paid.get(seat=town['seats'][0]).transfer}" in receipt.replace("\xa0", " ")
    client.post(reverse("panel:pay", args=[panel.pk]))
    table = client.get(reverse("panel:mandates_csv", args=[panel.pk])).content.decode("utf-8-sig")
    assert queries.unpaid(panel) == 0 and table.count("monnaie locale") == 2 and table.count(";euros;") == 1


def test_a_member_without_an_account_or_with_an_unknown_one_is_refused_clearly(
    administrator: Any, town: dict[str, Any]
) -> None:
    with pytest.raises(RuleBroken, match="gave an account") as refused:
        paying.pay_in_currency(administrator, town["panel"], town["payer"])
    assert str(town["seats"][0].volunteer.number) in refused.value.facts["people"]
    contact = town["seats"][0].volunteer.contact
    with pytest.raises(RuleBroken):
        paying.name_account(contact, "personne-ici")
    other = ledger.found_currency(f"Q{uuid4().hex[:6].upper()}", "Autre")
    paying.name_account(contact, _wallet(other, "individual").alias)
    assert paying.plan(town["panel"], town["payer"]).payments == [], "an account of another currency does not count"


def test_too_little_money_pays_nobody(administrator: Any, town: dict[str, Any]) -> None:
    mine = [_wallet(town["currency"], "individual") for _seat in town["seats"]]
    for seat, wallet in zip(town["seats"], mine, strict=True):
        paying.name_account(seat.volunteer.contact, wallet.alias)
    with pytest.raises(RuleBroken, match="Nothing was paid"):
        paying.pay_in_currency(administrator, town["panel"], town["payer"])
    assert queries.unpaid(town["panel"]) == 12_000 and purse.balance_cents(mine[0])[0] == 0


def test_nobody_pays_from_the_account_of_another_nor_a_large_sum_without_a_proof(
    administrator: Any, town: dict[str, Any], client: Client
) -> None:
    wallet = _wallet(town["currency"], "individual")
    paying.name_account(town["seats"][0].volunteer.contact, wallet.alias)
    stranger = _wallet(town["currency"], "association")
    with pytest.raises(PermissionDenied):
        paying.pay_in_currency(administrator, town["panel"], stranger)
    client.force_login(administrator)
    url = reverse("panel:pay_in_currency", args=[town["panel"].pk])
    assert client.post(url, {"payer": stranger.alias}).status_code == 404
    Attendance.objects.update(due_cents=20_000)
    with pytest.raises(RuleBroken, match="prove again"):
        paying.pay_in_currency(administrator, town["panel"], town["payer"])
    assert queries.unpaid(town["panel"]) == 60_000


def test_a_transfer_is_never_without_its_day(town: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.update(transfer=1)
