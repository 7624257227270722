"""Units issued and redeemed, paper notes, offices: each operation of the desk, and its reversal."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from tests.web.association.pages import opened, page
from tests.web.association_town import Desk

from ressort.core.errors import RuleBroken
from ressort.web.association import deeds, members, notes, queries
from ressort.web.association.models import Decision, Deed
from ressort.web.association.operations import GROUPS, plan
from ressort.web.currency.queries import balance_cents


def test_the_staff_issues_units_against_a_bank_transfer(client: Client, desk: Desk) -> None:
    client.force_login(desk.staff)
    address = reverse("association:operation", args=[desk.code, "exchange_to_digital_online"])
    given = {"key": str(uuid4()), "wallet": desk.grocer.alias, "amount": "120,50", "reference": "VIR 1", "reason": ""}
    first, again = client.post(address, given), client.post(address, given)
    assert first.status_code == 302 and first.url == again.url, "sent twice, done once"
    assert balance_cents(desk.grocer)[0] == 12_050
    shown = client.get(first.url).content.decode()
    assert "120,50" in shown and "Ferme du haut" in shown and "VIR 1" in shown and "Émission numérique" in shown
    other = client.post(address, given | {"key": str(uuid4()), "amount": "1"})
    assert other.status_code == 200 and "VIR 1" in other.content.decode()
    assert balance_cents(desk.grocer)[0] == 12_050


def test_no_unit_is_issued_without_its_euro_and_nothing_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the table of operations wrong, the ledger would still refuse, and neither deed nor decision would stay."""
    made = plan("exchange_to_digital_online")
    short = type(made)(made.code, made.legs[1:], made.needs_reference, made.funds)
    monkeypatch.setattr(deeds, "plan", lambda _code: short)
    with pytest.raises(RuleBroken) as refused:
        desk.ask("exchange_to_digital_online", wallet=desk.grocer, amount_cents=100, reference="VIR 9")
    assert refused.value.facts["reason"] == "reserve_short"
    assert not Deed.objects.filter(reference="VIR 9").exists() and balance_cents(desk.grocer)[0] == 0


def test_above_the_threshold_somebody_else_agrees(client: Client, desk: Desk) -> None:
    deed = desk.ask("exchange_to_digital_online", wallet=desk.grocer, amount_cents=100_000, reference="VIR 2")
    assert deed.needs_two and balance_cents(desk.grocer)[0] == 0
    client.force_login(desk.staff)
    decide = reverse("association:decide", args=[desk.code, deed.pk])
    assert "Quelqu’un d’autre" in client.post(decide, {"outcome": "done"}, follow=True).content.decode()
    assert balance_cents(desk.grocer)[0] == 0
    client.force_login(desk.second)
    client.post(decide, {"outcome": "done"})
    assert balance_cents(desk.grocer)[0] == 100_000
    with pytest.raises(RuleBroken):
        deeds.decide(desk.second, deed, "refused")


def test_the_database_itself_wants_two_people_and_changes_nothing_written(desk: Desk) -> None:
    deed = desk.ask("exchange_to_digital_online", wallet=desk.grocer, amount_cents=100_000, reference="VIR 2")
    with pytest.raises(DatabaseError, match="two different people"), transaction.atomic():
        Decision.objects.create(deed=deed, outcome="done", by=desk.staff, first_transfer=1)
    for change in (
        lambda: Deed.objects.filter(pk=deed.pk).update(amount_cents=1),
        lambda: Deed.objects.filter(pk=deed.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            change()
    deeds.decide(desk.second, deed, "done")
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Decision.objects.filter(deed=deed).update(first_transfer=7)


def test_a_refused_operation_moves_nothing_and_frees_its_reference(desk: Desk) -> None:
    deed = desk.ask("exchange_to_digital_online", wallet=desk.grocer, amount_cents=200_000, reference="VIR 3")
    deeds.decide(desk.second, deed, "refused")
    assert balance_cents(desk.grocer)[0] == 0
    assert (
        desk.ask("exchange_to_digital_online", wallet=desk.grocer, amount_cents=5, reference="VIR 3").decision.outcome
        == "done"
    )


def test_a_redemption_keeps_its_fee_and_is_paid_out_once(desk: Desk) -> None:
    desk.issue(desk.grocer, 10_000, "VIR 1")
    redeemed = desk.done("redeem_digital", wallet=desk.grocer, amount_cents=10_000)
    assert redeemed.fee_cents == 500 and list(queries.unpaid_redemptions(desk.number)) == [redeemed]
    held = queries.balances(desk.number)
    assert (held["payable_digital"], held["member"], held["reserve_digital"]) == (10_000, 0, 0)
    paid = desk.done("pay_redemption", settles=redeemed, fund="digital")
    held = queries.balances(desk.number)
    assert (held["payable_digital"], held["operating_bank"], held["outside_eur"]) == (0, 500, -500)
    assert not queries.unpaid_redemptions(desk.number)
    assert desk.ask("pay_redemption", settles=redeemed, fund="digital") == paid


def test_individuals_do_not_redeem_unless_the_rules_say_so(desk: Desk) -> None:
    desk.issue(desk.ada, 1_000, "VIR 1")
    with pytest.raises(RuleBroken, match="Individuals"):
        desk.ask("redeem_digital", wallet=desk.ada, amount_cents=500)
    members.set_rules(desk.admin, desk.number, individuals_redeem=True)
    assert desk.ask("redeem_digital", wallet=desk.ada, amount_cents=500).decision.outcome == "done"


def test_notes_are_followed_by_series_from_the_press_to_the_returns(client: Client, desk: Desk) -> None:
    desk.stocked(100)
    desk.done("exchange_to_notes", by=desk.keeper, office=desk.office, counts={desk.series: 10})
    held = queries.balances(desk.number)
    assert (held["notes_circulation"], held["office_eur_till_paper"], held["office_notes_stock"]) == (
        5_000,
        5_000,
        45_000,
    )
    with pytest.raises(RuleBroken, match="not there"):
        desk.ask("exchange_to_notes", office=desk.office, counts={desk.series: 91})
    _banked(desk)
    desk.done("redeem_notes", office=desk.office, wallet=desk.grocer, counts={desk.series: 4})
    assert notes.count_at(desk.series.pk, desk.office.office_notes_returns) == 4
    client.force_login(desk.auditor)
    shown = page(client, desk, "notes").content.decode()
    assert "Épicerie du port" in shown and ">90<" in shown and ">6<" in shown


def _banked(desk: Desk) -> None:
    """The till of the office reaches the dedicated account."""
    desk.done("bank_deposit", office=desk.office, fund="paper", amount_cents=5_000)
    desk.done("fund_reserve", fund="paper", amount_cents=5_000)


def test_notes_that_are_missing_need_two_people_and_the_reserve_stays_whole(desk: Desk) -> None:
    desk.stocked(10)
    lost = desk.ask("notes_lost", office=desk.office, counts={desk.series: 1}, reason="inventaire")
    assert lost.needs_two
    with pytest.raises(RuleBroken):  # the association has no euros to cover them yet
        deeds.decide(desk.second, lost, "done")
    assert not queries.reserve(desk.number).broken


def test_an_office_acts_for_itself_only(desk: Desk) -> None:
    other = members.open_office(desk.staff, desk.number, "Autre bureau")
    desk.stocked(10)
    with pytest.raises(PermissionDenied):
        desk.ask("exchange_to_notes", by=desk.keeper, office=other, counts={desk.series: 1})
    with pytest.raises(PermissionDenied):
        desk.ask("exchange_to_digital_online", by=desk.keeper, wallet=desk.grocer, amount_cents=1, reference="x")
    assert (
        desk.ask("exchange_to_notes", by=desk.keeper, office=desk.office, counts={desk.series: 1}).decision.outcome
        == "done"
    )


def test_the_swap_between_reserves_is_settled_whichever_owes(desk: Desk) -> None:
    desk.stocked(100)
    desk.done("exchange_to_notes", office=desk.office, counts={desk.series: 10})
    _banked(desk)
    desk.done("deposit_notes", office=desk.office, wallet=desk.grocer, counts={desk.series: 6})
    assert queries.balances(desk.number)["swap_paper"] == -3_000
    desk.done("settle_swap")
    held = queries.balances(desk.number)
    assert (held["swap_paper"], held["reserve_paper"], held["reserve_digital"]) == (0, 2_000, 3_000)
    desk.done("withdraw_notes", office=desk.office, wallet=desk.grocer, counts={desk.series: 2})
    desk.done("settle_swap")
    held = queries.balances(desk.number)
    assert (held["swap_digital"], held["reserve_paper"], held["reserve_digital"]) == (0, 3_000, 2_000)
    with pytest.raises(RuleBroken, match="nothing to move"):
        desk.ask("settle_swap")


def test_an_operation_is_reversed_by_an_opposite_one_within_its_window(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = desk.issue(desk.grocer, 5_000, "VIR 1")
    back = deeds.reverse(desk.staff, deed, "erreur de compte")
    with pytest.raises(RuleBroken):
        deeds.reverse(desk.staff, deed, "encore")
    with pytest.raises(RuleBroken):
        deeds.decide(desk.staff, back, "done")
    deeds.decide(desk.second, back, "done")
    assert balance_cents(desk.grocer)[0] == 0 and not queries.reserve(desk.number).broken
    with pytest.raises(RuleBroken):
        deeds.reverse(desk.staff, Deed.objects.get(pk=back.pk), "x")
    late = desk.issue(desk.grocer, 1_000, "VIR 2")
    monkeypatch.setattr(deeds.timezone, "now", lambda: late.decision.at + timedelta(days=62))
    with pytest.raises(RuleBroken, match="61"):
        deeds.reverse(desk.staff, late, "trop tard")


def test_what_the_payee_already_spent_is_not_reversed(desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 5_000, "VIR 1")
    desk.done("redeem_digital", wallet=desk.grocer, amount_cents=5_000)
    back = deeds.reverse(desk.staff, deed, "erreur")
    with pytest.raises(RuleBroken) as refused:
        deeds.decide(desk.second, back, "done")
    assert refused.value.facts["reason"] == "insufficient_funds"


def test_every_operation_offered_is_one_of_the_table_and_builds(desk: Desk) -> None:
    opened(desk)
    for group in GROUPS.values():
        for code in group:
            made = plan(code)
            assert made.legs, code
            accounts = queries.accounts_for(desk.number, made.kinds(made.funds[0] if made.funds else ""), desk.office)
            accounts |= {"member": desk.grocer.account, "association": desk.association.account}
            assert made.built(accounts, made.funds[0] if made.funds else "", 100), code
