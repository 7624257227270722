"""Mandates in units: asked by the desk, answered by whoever pays, taken once a period and never beyond what is held."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association_town import Desk, person

from ressort.core.errors import RuleBroken
from ressort.web.association import deeds, members, unit_mandates
from ressort.web.association.models import Deed, Dues, Mandate, MandateDebit
from ressort.web.currency.queries import balance_cents

TODAY = timezone.localdate


def asked(desk: Desk, amount_cents: int = 2_000, **given: Any) -> Mandate:
    """Ada lets the farm take a basket."""
    rest = {"purpose": "Panier", "first_on": TODAY(), "creditor": desk.grocer} | given
    return unit_mandates.ask(
        desk.staff, desk.ada, rest.pop("creditor"), rest.pop("purpose"), amount_cents, rest.pop("first_on"), **rest
    )


def accepted(desk: Desk, amount_cents: int = 2_000, **given: Any) -> Mandate:
    made = asked(desk, amount_cents, **given)
    unit_mandates.answer(desk.people["individual"], made, "accepted")
    return made


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Lives on another day, for what is due."""

    real = timezone.localdate

    def live(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda at=None: real(at) if at else day)

    return live


def test_nothing_is_taken_before_whoever_pays_accepts_nor_after_either_side_ends(desk: Desk) -> None:
    desk.issue(desk.ada, 10_000, "VIR 1")
    waiting, refused, ended = asked(desk), asked(desk), accepted(desk)
    unit_mandates.answer(desk.people["individual"], refused, "refused")
    unit_mandates.end(desk.staff, ended)
    assert unit_mandates.run(desk.staff, desk.number) == []
    unit_mandates.answer(desk.people["individual"], waiting, "accepted")
    assert [one.outcome for one in unit_mandates.run(desk.staff, desk.number)] == ["paid"]
    assert (balance_cents(desk.ada)[0], balance_cents(desk.grocer)[0]) == (8_000, 2_000)
    deed = Deed.objects.get(operation="pay_member", currency=desk.number)
    assert (deed.account, deed.payee, deed.amount_cents) == (desk.ada.account, desk.grocer.account, 2_000)


def test_each_period_is_taken_once_however_often_it_is_run_and_missed_months_are_caught_up(desk: Desk, on: Callable[[date], None]) -> None:  # fmt: skip
    desk.issue(desk.ada, 20_000, "VIR 1")
    made = accepted(desk)
    for _again in range(3):
        unit_mandates.run(desk.staff, desk.number)
    assert balance_cents(desk.grocer)[0] == 2_000
    on((made.first_on.replace(day=1) + timedelta(100)).replace(day=28))
    assert [one.outcome for one in unit_mandates.run(desk.staff, desk.number)] == ["paid"] * 3
    assert unit_mandates.run(desk.staff, desk.number) == []
    assert balance_cents(desk.grocer)[0] == 8_000


def test_who_does_not_hold_enough_is_never_overdrawn_and_is_tried_again_twice_on_later_days(desk: Desk, on: Callable[[date], None]) -> None:  # fmt: skip
    desk.issue(desk.ada, 1_999, "VIR 1")
    accepted(desk, is_recurring=False)
    (first,) = unit_mandates.run(desk.staff, desk.number)
    assert (first.outcome, first.reason, first.retry_on) == ("refused", "insufficient_funds", TODAY() + timedelta(5))
    on(TODAY() + timedelta(4))
    assert unit_mandates.run(desk.staff, desk.number) == []
    on(TODAY() + timedelta(6))
    (second,) = unit_mandates.run(desk.staff, desk.number)
    desk.issue(desk.ada, 1, "VIR 2")
    on(second.retry_on)
    (third,) = unit_mandates.run(desk.staff, desk.number)
    assert (second.tried, third.tried, third.outcome, third.retry_on) == (2, 3, "paid", None)
    assert MandateDebit.objects.count() == 1 and balance_cents(desk.ada)[0] == 0


def test_what_the_ledger_refuses_is_told_and_spoils_no_other_debit(desk: Desk) -> None:
    desk.issue(desk.ada, 10_000, "VIR 1")
    shop = members.add_member(desk.staff, desk.number, "Librairie", "librairie", "professional", "").wallet
    refused, paid = accepted(desk, creditor=shop), accepted(desk)
    found = {one.mandate_id: (one.outcome, one.reason) for one in unit_mandates.run(desk.staff, desk.number)}
    assert found == {refused.pk: ("refused", "closed_account"), paid.pk: ("paid", "")}
    members.close(desk.staff, shop.member)
    assert not Mandate.objects.filter(pk=refused.pk).exists(), "closing an account forgets its mandates"
    members.suspend(desk.staff, desk.ada.member)
    accepted(desk, 100)
    (suspended,) = unit_mandates.run(desk.staff, desk.number)
    assert (suspended.outcome, suspended.reason) == ("refused", "closed_account")


def test_a_run_that_fails_on_the_way_takes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.issue(desk.ada, 10_000, "VIR 1")
    for _two in range(2):
        accepted(desk)
    real, count = deeds.ask, iter(range(9))

    def fails_second(*given: Any) -> Deed:
        if next(count):
            raise psycopg.OperationalError("the server is gone")
        return real(*given)

    monkeypatch.setattr("ressort.web.association.unit_mandates.deeds.ask", fails_second)
    with pytest.raises(psycopg.OperationalError):
        unit_mandates.run(desk.staff, desk.number)
    assert (balance_cents(desk.grocer)[0], MandateDebit.objects.count()) == (0, 0)


def test_dues_are_taken_when_they_are_called_up_to_the_most_agreed(desk: Desk) -> None:
    desk.issue(desk.ada, 10_000, "VIR 1")
    accepted(desk, 1_500, creditor=None, for_dues=True)
    with pytest.raises(RuleBroken, match="dues of this member"):
        asked(desk, creditor=None, for_dues=True)
    assert unit_mandates.run(desk.staff, desk.number) == []
    for days, cents in ((400, 1_500), (30, 1_501)):
        members.call_dues(desk.staff, desk.number, "individual", TODAY() - timedelta(days), cents)
    paid, above = sorted(unit_mandates.run(desk.staff, desk.number), key=lambda one: one.amount_cents)
    assert (paid.outcome, above.outcome, above.reason, above.retry_on) == ("paid", "refused", "above_mandate", None)
    owed = {one.amount_cents: members.dues_rule(one).paid_cents for one in Dues.objects.filter(member=desk.ada.member)}
    assert owed == {1_500: 1_500, 1_501: 0}
    assert balance_cents(desk.association)[0] == 1_500


def test_a_mandate_above_the_threshold_of_two_people_is_taken_by_one_since_whoever_pays_agreed(desk: Desk) -> None:
    desk.issue(desk.grocer, 500_000, "VIR 1")
    made = unit_mandates.ask(desk.staff, desk.grocer, desk.association, "Loyer", 200_000, TODAY())
    unit_mandates.answer(desk.people["professional"], made, "accepted")
    assert [one.outcome for one in unit_mandates.run(desk.staff, desk.number)] == ["paid"]


def test_units_are_taken_under_a_mandate_of_that_account_for_that_only_even_by_who_may_operate(desk: Desk) -> None:
    for one in (desk.ada, desk.grocer):
        desk.issue(one, 10_000, f"VIR {one.pk}")
    waiting, agreed = asked(desk), accepted(desk)
    wrong: tuple[dict[str, Any], ...] = (
        {"mandate": None}, {"mandate": waiting}, {"mandate": agreed, "wallet": desk.grocer}, {"mandate": agreed, "amount_cents": 2_001},
        {"mandate": agreed, "operation": "dues_digital"}, {"mandate": agreed, "operation": "donation_in_local"},
    )  # fmt: skip
    usual: dict[str, Any] = {"operation": "pay_member", "amount_cents": 2_000, "wallet": desk.ada}
    for given in wrong:
        with pytest.raises(RuleBroken, match="mandate of this account"):
            deeds.ask(desk.staff, desk.number, deeds.Asked(**usual | {"key": uuid4()} | given))
    assert not Deed.objects.filter(operation__in=["pay_member", "dues_digital", "donation_in_local"]).exists()


def test_a_debit_that_was_paid_is_reversed_as_any_other_and_not_taken_again(desk: Desk) -> None:
    desk.issue(desk.ada, 10_000, "VIR 1")
    accepted(desk)
    (paid,) = unit_mandates.run(desk.staff, desk.number)
    deeds.decide(desk.second, deeds.reverse(desk.staff, paid.deed, "erreur"), "done")
    assert balance_cents(desk.ada)[0] == 10_000 and unit_mandates.run(desk.staff, desk.number) == []


def test_a_mandate_is_answered_by_its_debtor_only_and_asked_of_nobody_else(desk: Desk) -> None:
    made = asked(desk)
    for who in (desk.staff, desk.people["professional"], person("passant")):
        with pytest.raises(PermissionDenied):
            unit_mandates.answer(who, made, "accepted")
    for who in (desk.keeper, desk.auditor, desk.people["individual"]):
        with pytest.raises(PermissionDenied):
            unit_mandates.run(who, desk.number)
    with pytest.raises(PermissionDenied):
        unit_mandates.end(person("autre"), made)
    wrong = (
        {"creditor": desk.ada}, {"first_on": TODAY() - timedelta(1)}, {"amount_cents": 0}, {"amount_cents": -5},
    )  # fmt: skip
    for given in wrong:
        with pytest.raises(RuleBroken):
            asked(desk, **given)
    town_hall = desk.people["public_body"].wallets.get()
    with pytest.raises(RuleBroken, match="public body"):
        unit_mandates.ask(desk.staff, town_hall, desk.association, "Cotisation", 100, TODAY())


def test_the_desk_asks_the_member_accepts_on_its_page_the_desk_runs_and_the_member_ends(client: Client, desk: Desk) -> None:  # fmt: skip
    desk.issue(desk.ada, 10_000, "VIR 1")
    page = reverse("association:unit_mandates", args=[desk.code])
    client.force_login(desk.staff)
    form = {"wallet": desk.ada.alias, "what": "month", "creditor": desk.grocer.alias, "purpose": "Panier", "amount": "12,50", "first_on": str(TODAY())}  # fmt: skip
    assert client.post(page, form | {"wallet": "personne"}).status_code == 200 and not Mandate.objects.exists()
    assert client.post(page, form).status_code == 302
    made = Mandate.objects.get()
    client.force_login(desk.people["individual"])
    held = reverse("association:holder", args=[desk.code])
    assert "Panier" in client.get(held).content.decode()
    assert held in client.get(reverse("currency:wallet", args=[desk.ada.alias])).content.decode()
    step = reverse("association:answer_unit_mandate", args=[desk.code, made.pk])
    client.post(step, {"what": "accept"})
    client.force_login(desk.staff)
    assert "12,50" in client.get(page, headers={"accept-language": "fr"}).content.decode()
    for _twice in range(2):
        client.post(reverse("association:run_unit_mandates", args=[desk.code]))
    assert balance_cents(desk.grocer)[0] == 1_250
    client.force_login(desk.people["individual"])
    client.post(step, {"what": "end"})
    assert unit_mandates.state_of(Mandate.objects.get()) == "revoked"
    assert client.post(step, {"what": "accept"}).status_code == 302 and unit_mandates.state_of(Mandate.objects.get()) == "revoked"  # fmt: skip
