"""The desk of an association, by HTTP and by its actions."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.web import association_town
from tests.web.association_town import Desk, member_of

from ressort.core.currency import Leg, Reason, Request, operation
from ressort.core.currency.accounting import check_fec
from ressort.core.currency.association import check_signed
from ressort.core.errors import RuleBroken
from ressort.web.association import (
    access,
    bank,
    debits,
    declaring,
    deeds,
    importing,
    keeping,
    mandates,
    members,
    notes,
    papers,
    public,
    queries,
    totals,
    urls,
)
from ressort.web.association.models import (
    Allowance,
    BankLine,
    Certificate,
    DayTotal,
    Decision,
    Deed,
    Dues,
    Member,
    Post,
    Rules,
)
from ressort.web.association.operations import GROUPS, plan
from ressort.web.currency import actions
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import balance_cents


@pytest.fixture
def desk(db: None) -> Desk:
    return association_town.desk()


def page(client: Client, desk: Desk, name: str, *given: Any) -> Any:
    return client.get(reverse(f"association:{name}", args=[desk.code, *given]))


# Operations -------------------------------------------------------------------------------------------------------------------------


def test_the_staff_issues_units_against_a_bank_transfer(client: Client, desk: Desk) -> None:
    client.force_login(desk.staff)
    address = reverse("association:operation", args=[desk.code, "exchange_to_digital_online"])
    given = {"key": str(uuid4()), "wallet": desk.grocer.alias, "amount": "120,50", "reference": "VIR 1", "reason": ""}
    first, again = client.post(address, given), client.post(address, given)
    assert first.status_code == 302 and first.url == again.url, "sent twice, done once"
    assert balance_cents(desk.grocer)[0] == 12_050
    shown = client.get(first.url).content.decode()
    assert "120,50" in shown and "Ferme du haut" in shown and "VIR 1" in shown and "digital_issue" in shown
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


# Members ----------------------------------------------------------------------------------------------------------------------------


def test_a_professional_is_paid_once_approved_by_somebody_else_with_a_charter(desk: Desk) -> None:
    made = members.add_member(desk.staff, desk.number, "Boulangerie", "boulangerie-essai", "professional", "")
    with pytest.raises(RuleBroken, match="closed"):
        desk.issue(made.wallet, 100, "VIR 1")
    with pytest.raises(RuleBroken, match="added"):
        members.approve(desk.staff, made, "charte", date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        members.approve(desk.second, made, "", date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        members.approve(desk.second, made, "charte", timezone.localdate() + timedelta(1))
    members.approve(desk.second, made, "charte 2026", date(2026, 1, 1))
    desk.issue(made.wallet, 100, "VIR 1")
    assert balance_cents(made.wallet)[0] == 100


def test_the_ledger_itself_holds_the_ceiling_of_each_level(desk: Desk) -> None:
    desk.issue(desk.ada, 25_000, "VIR 1")
    with pytest.raises(RuleBroken) as refused:
        desk.issue(desk.ada, 1, "VIR 2")
    assert refused.value.facts["reason"] == "ceiling"
    members.check_identity(desk.staff, member_of(desk.ada), 1)
    desk.issue(desk.ada, 75_000, "VIR 2")
    members.check_identity(desk.staff, member_of(desk.ada), 2)
    desk.issue(desk.ada, 1, "VIR 3")


def test_a_suspended_member_receives_but_does_not_pay(desk: Desk) -> None:
    desk.issue(desk.grocer, 1_000, "VIR 1")
    members.suspend(desk.staff, member_of(desk.grocer))
    pay = Leg(operation("pay_member"), desk.grocer.account, desk.ada.account, 100)
    assert actions.submit(Request(uuid4(), (pay,))).reason is Reason.CLOSED_ACCOUNT
    desk.issue(desk.grocer, 500, "VIR 2")
    members.resume(desk.staff, member_of(desk.grocer))
    assert actions.submit(Request(uuid4(), (pay,))).reason is Reason.ACCEPTED
    with pytest.raises(RuleBroken):
        members.resume(desk.staff, member_of(desk.grocer))


def test_a_public_till_receives_and_never_pays(desk: Desk) -> None:
    regie = Wallet.objects.get(currency=desk.number, kind="public_body")
    desk.issue(desk.grocer, 1_000, "VIR 1")
    tell = operation("pay_member")
    assert (
        actions.submit(Request(uuid4(), (Leg(tell, desk.grocer.account, regie.account, 400),))).reason
        is Reason.ACCEPTED
    )
    assert (
        actions.submit(Request(uuid4(), (Leg(tell, regie.account, desk.grocer.account, 1),))).reason
        is Reason.CLOSED_ACCOUNT
    )
    members.suspend(desk.staff, member_of(regie))
    members.resume(desk.staff, member_of(regie))
    assert (
        actions.submit(Request(uuid4(), (Leg(tell, regie.account, desk.grocer.account, 1),))).reason
        is Reason.CLOSED_ACCOUNT
    )


def test_closing_needs_an_empty_account_and_forgets_the_name_but_no_operation(client: Client, desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 1_000, "VIR 1")
    with pytest.raises(RuleBroken):
        members.close(desk.staff, member_of(desk.grocer))
    desk.done("redeem_digital", wallet=desk.grocer, amount_cents=1_000)
    members.close(desk.staff, member_of(desk.grocer))
    assert not Member.objects.filter(wallet__alias=desk.grocer.alias).exists()
    client.force_login(desk.staff)
    shown = page(client, desk, "deed", deed.pk).content.decode()
    assert "Ferme du haut" not in shown and "fermé depuis" in shown


def test_dues_are_called_once_paid_and_taken_back_with_what_paid_them(desk: Desk) -> None:
    due_on = timezone.localdate() - timedelta(3)
    assert members.call_dues(desk.staff, desk.number, "professional", due_on, 1_000) == 1
    assert members.call_dues(desk.staff, desk.number, "professional", due_on, 1_000) == 0
    dues = Dues.objects.get(member__wallet=desk.grocer)
    assert members.dues_rule(dues).status(timezone.localdate()) == "late"
    desk.issue(desk.grocer, 2_000, "VIR 1")
    paid = desk.done("dues_digital", wallet=desk.grocer, amount_cents=1_000)
    assert (
        members.dues_rule(dues).status(timezone.localdate()) == "paid" and balance_cents(desk.association)[0] == 1_000
    )
    deeds.decide(desk.second, deeds.reverse(desk.staff, paid, "erreur"), "done")
    assert members.dues_rule(Dues.objects.get(pk=dues.pk)).status(timezone.localdate()) == "late"
    members.waive(desk.staff, dues)
    assert members.dues_rule(Dues.objects.get(pk=dues.pk)).status(timezone.localdate()) == "waived"


# Reserve, books, clocks -------------------------------------------------------------------------------------------------------------


def test_a_certificate_is_signed_by_two_people_and_checked_by_anybody(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 5_000, "VIR 1")
    client.force_login(desk.staff)
    given = {"paper_reference": "R1", "paper": "", "digital_reference": "R2", "digital": "50"}
    assert client.post(reverse("association:reserve", args=[desk.code]), given).status_code == 302
    proposed = Certificate.objects.get(currency=desk.number)
    client.post(reverse("association:confirm", args=[desk.code, proposed.pk]))
    assert not Certificate.objects.get(pk=proposed.pk).body, "whoever proposed it does not confirm it"
    client.force_login(desk.second)
    client.post(reverse("association:confirm", args=[desk.code, proposed.pk]))
    told = json.loads(page(client, desk, "certificate_file", proposed.pk).content)
    body = json.loads(check_signed(told, keeping.signing_key(desk.number).public_key().public_bytes_raw().hex()))
    assert body["funds"]["digital"]["claims_cents"] == 5_000 and body["funds"]["digital"]["difference_cents"] == 0
    assert body["confirmed_by"] == ["Second", "Staff"] and body["head"] != "0" * 64
    assert page(client, desk, "certificate_paper", proposed.pk).content[:5] == b"%PDF-"
    with pytest.raises(RuleBroken):
        keeping.propose_certificate(desk.staff, desk.number, ("R1", 0), ("R2", 1))


def test_the_books_come_out_of_the_same_entries_and_conform(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 10_000, "VIR 1")
    desk.done(
        "pay_redemption", settles=desk.done("redeem_digital", wallet=desk.grocer, amount_cents=4_000), fund="digital"
    )
    wrong = desk.done("dues_digital", wallet=desk.grocer, amount_cents=500)
    deeds.decide(desk.second, deeds.reverse(desk.staff, wrong, "erreur"), "done")
    client.force_login(desk.auditor)
    year = timezone.localdate().year
    given = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
    answer = client.post(reverse("association:books", args=[desk.code]), given)
    name = answer["Content-Disposition"].split('"')[1]
    report = check_fec(answer.content, name)
    assert report.conforms and name == f"732829320FEC{year}1231.txt"
    cells = [line.split("\t") for line in answer.content.decode().splitlines()[1:]]
    total = {
        code: sum(
            float((row[11] or "0").replace(",", ".")) - float(row[12].replace(",", "."))
            for row in cells
            if row[4] == code
        )
        for code in {row[4] for row in cells}
    }
    assert total["467200"] == -60 and total["758000"] == -2 and total["512200"] == 60
    assert total.get("756000", 0) == 0, "dues taken back are no longer in the books"


def test_daily_totals_are_those_of_the_ledger_however_often_they_are_renewed(desk: Desk) -> None:
    for number in range(5):
        desk.issue(desk.grocer, 1_000, f"VIR {number}")
        actions.seal()
        totals.renew()
        totals.renew()
    kept = DayTotal.objects.filter(currency=desk.number, operation=operation("exchange_to_digital_online"))
    assert sorted((one.amount_cents, one.transfers) for one in kept) == [(5_000, 5), (5_000, 5)]
    assert all(one.first_block < one.last_block for one in kept)


def test_clocks_watch_payments_and_units_outstanding(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 80_000_000, "VIR 1")
    pay = Leg(operation("pay_member"), desk.grocer.account, desk.association.account, 7_100_000)
    for _one in range(10):
        assert actions.submit(Request(uuid4(), (pay,))).reason is Reason.ACCEPTED
    actions.seal()
    totals.renew()
    found = queries.clocks(desk.number, timezone.localdate())
    assert (found["payments"].value_cents, found["payments"].alert_share) == (71_000_000, 0.7)
    assert (found["outstanding"].value_cents, found["outstanding"].alert_share) == (80_000_000, 0.7)
    client.force_login(desk.staff)
    today = timezone.localdate()
    client.post(
        reverse("association:clocks", args=[desk.code]), {"clock": "payments", "declared_on": today.isoformat()}
    )
    assert str(today.year + 1) in page(client, desk, "clocks").content.decode()
    with pytest.raises(RuleBroken):
        keeping.declare(desk.staff, desk.number, "payments", today + timedelta(1))


# Rights -----------------------------------------------------------------------------------------------------------------------------


def test_a_declaration_pack_holds_the_figures_and_dates_of_the_ledger(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.issue(desk.grocer, 120_000, "VIR 1")
    leg = Leg(operation("pay_member"), desk.grocer.account, desk.association.account, 45_000)
    actions.require(actions.submit(Request(uuid4(), (leg,))))
    keeping.declare(desk.staff, desk.number, "payments", date(2026, 2, 28))
    client.force_login(desk.auditor)
    csv_text = client.get(reverse("association:declaration_pack", args=[desk.code, "csv"])).content.decode()
    today = timezone.localdate()
    assert csv_text.splitlines()[-1] == f"{today};450,00;450,00;1200,00" and len(csv_text.splitlines()) == 2
    told: list[Any] = []
    printed = papers.printed
    monkeypatch.setattr(papers, "printed", lambda *given: told.append(given) or printed(*given))
    paper = client.get(reverse("association:declaration_pack", args=[desk.code, "pdf"]))
    assert paper.content[:5] == b"%PDF-" and paper["Content-Disposition"].endswith(f'{today}.pdf"')
    words = str(told[0][3])
    for fact in ("732829320", "450", "Ferme du haut", "charte 2026", "28 février 2027", "L521-3"):
        assert fact in words, fact


def test_each_month_of_a_pack_is_its_own_and_rolls_over_a_year(desk: Desk) -> None:
    pay, issue = 20, (8, 9)
    rows = [(date(2024, 12, 31), 7), (date(2025, 1, 1), 100), (date(2025, 3, 31), 10), (date(2026, 1, 1), 1)]
    DayTotal.objects.filter(currency=desk.number).delete()
    for day, cents in rows:
        for number, ends, sum_cents in ((pay, (9, 9), cents), (10, issue, 2 * cents)):
            DayTotal.objects.create(
                currency=desk.number, day=day, operation=number, from_kind=ends[0], to_kind=ends[1], amount_cents=sum_cents,
                transfers=1, first_block=1, last_block=1,
            )  # fmt: skip
    found = {one.last: (one.paid_cents, one.rolling_cents, one.outstanding_cents) for one in declaring.months(desk.number, date(2026, 1, 15))}  # fmt: skip
    assert len(found) == 13 and min(found) == date(2025, 1, 31)
    assert found[date(2025, 1, 31)] == (100, 107, 214) and found[date(2025, 3, 31)] == (10, 117, 234)
    assert found[date(2025, 12, 31)] == (0, 110, 234) and found[date(2026, 1, 15)] == (1, 11, 236)


#: view → roles that see it; everybody else is refused (403 with a post, 404 without)
SEEN = {
    "home": {"staff", "office", "auditor", "admin"},
    "operations": {"staff", "office"}, "operation": {"staff"}, "journal": {"staff", "office", "auditor"},
    "deed": {"staff", "auditor"}, "decide": {"staff"}, "reverse": {"staff"},
    "members": {"staff", "auditor"}, "new_member": {"staff"}, "member": {"staff", "auditor"}, "approve": {"staff"},
    "change_member": {"staff"}, "move_member": {"staff"}, "dues": {"staff"}, "waive": {"staff"},
    "posts": {"staff", "auditor", "admin"}, "dismiss": {"staff", "admin"}, "rules": {"admin"},
    "offices": {"staff", "office", "auditor"}, "notes": {"staff", "office", "auditor"}, "reserve": {"staff", "auditor"},
    "confirm": {"staff"}, "certificate_file": {"staff", "auditor"},
    "certificate_paper": {"staff", "auditor"}, "declaration_pack": {"staff", "auditor"}, "books": {"staff", "auditor"}, "clocks": {"staff", "auditor"},
    "bank": {"staff"}, "payout_file": {"staff"}, "bank_account": {"staff"}, "match": {"staff"}, "opening": {"admin"},
    "match_sure": {"staff"}, "record_mandate": {"staff"}, "sign_mandate": {"staff"}, "end_mandate": {"staff"}, "mandate_paper": {"staff"},
    "set_credit": {"staff"}, "stop_credit": {"staff"}, "collections": {"staff"}, "collection": {"staff"}, "collection_file": {"staff"},
    "move_collection": {"staff"}, "reject_debit": {"staff"},
    "programmes": {"staff"}, "programme": {"staff"}, "holder": {"professional", "individual", "public_body", "association"},
}  # fmt: skip


def _collected(desk: Desk) -> tuple[int, int, int]:
    """A mandate, a collection proposed with it, its debit."""
    members.set_rules(desk.admin, desk.number, creditor_identifier="FR72ZZZ123456", **IBANS)
    today = timezone.localdate()
    mandate = mandates.record_mandate(desk.staff, member_of(desk.ada), "Ada", "DE89370400440532013000", today)
    mandates.set_credit(desk.staff, member_of(desk.ada), 6_000, today)
    made = debits.propose(desk.staff, desk.number, "credits", debits.earliest(Rules.objects.get(currency=desk.number)))
    return mandate.pk, made.pk, made.debits.get().pk


def test_every_view_refuses_every_role_but_those_it_is_for(client: Client, desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 100, "VIR 1")
    members.call_dues(desk.staff, desk.number, "professional", date(2026, 1, 1), 100)
    certificate = keeping.confirm_certificate(
        desk.second, keeping.propose_certificate(desk.staff, desk.number, ("R", 0), ("R", 100))
    )
    programme = opened(desk)
    bank.bring_statement(desk.staff, desk.number, "digital", b"date;montant\n2026-03-01;12\n")
    post = Post.objects.filter(currency=desk.number, role="auditor").get()
    mandate, collection, debit = _collected(desk)
    member = member_of(desk.grocer).pk
    given = {
        "operation": ["exchange_to_digital_online"], "deed": [deed.pk], "decide": [deed.pk], "reverse": [deed.pk], "member": [member],
        "approve": [member], "change_member": [member], "move_member": [member, "niveau-1"],
        "waive": [Dues.objects.get(member=member).pk], "dismiss": [post.pk], "confirm": [certificate.pk],
        "bank_account": ["digital"], "programme": [programme.pk], "match": [BankLine.objects.get(currency=desk.number).pk], "certificate_file": [certificate.pk],
        "certificate_paper": [certificate.pk], "declaration_pack": ["csv"],
        "match_sure": ["digital"], "record_mandate": [member], "set_credit": [member], "stop_credit": [member], "sign_mandate": [mandate],
        "end_mandate": [mandate], "mandate_paper": [mandate], "collection": [collection], "collection_file": [collection],
        "move_collection": [collection, "accord"], "reject_debit": [debit],
    }  # fmt: skip
    assert {one.name for one in urls.urlpatterns} == SEEN.keys(), "every view stands in the table"
    people = {"staff": desk.staff, "office": desk.keeper, "auditor": desk.auditor, "admin": desk.admin} | desk.people
    assert people.keys() == set(access.ROLES)
    for name, seen in SEEN.items():
        address = reverse(f"association:{name}", args=[desk.code, *given.get(name, [])])
        client.logout()
        assert client.get(address).status_code == 302, f"{name} asks to sign in"
        for role, who in people.items():
            client.force_login(who)
            status = client.get(address).status_code
            if role in seen:
                assert status in (200, 302) or (name == "decide" and status == 404), (name, role, status)
            else:
                assert status in (403, 404), (name, role, status)


def test_rights_on_one_currency_open_no_other(client: Client, desk: Desk) -> None:
    other = actions.found_currency("T" + uuid4().hex[:7].upper(), "Autre")
    deed = desk.issue(desk.grocer, 100, "VIR 1")
    members.appoint(desk.admin, other, desk.staff.email, Post.Role.STAFF)
    from ressort.web.currency.queries import code_of

    code = code_of(other)
    client.force_login(desk.staff)
    assert client.get(reverse("association:home", args=[code])).status_code == 200
    assert client.get(reverse("association:deed", args=[code, deed.pk])).status_code == 404
    assert client.get(reverse("association:member", args=[code, member_of(desk.grocer).pk])).status_code == 404
    client.force_login(desk.second)
    assert client.get(reverse("association:home", args=[code])).status_code == 404
    with pytest.raises(RuleBroken):
        deeds.ask(
            desk.staff,
            other,
            deeds.Asked("exchange_to_digital_online", uuid4(), 100, wallet=desk.grocer, reference="x"),
        )


def test_who_runs_the_site_names_the_staff_and_moves_no_money(desk: Desk) -> None:
    for action in ("operate", "decide", "certify", "keep_members"):
        assert not access.may(desk.admin, action, desk.number)
    with pytest.raises(PermissionDenied):
        members.appoint(desk.staff, desk.number, "x@example.fr", Post.Role.STAFF)
    with pytest.raises(RuleBroken):
        members.appoint(desk.admin, desk.number, desk.admin.email, Post.Role.STAFF)
    with pytest.raises(PermissionDenied):
        members.set_rules(desk.staff, desk.number, four_eyes_cents=10**9)


def test_the_holder_asks_for_a_redemption_that_the_staff_agrees_to(desk: Desk) -> None:
    desk.issue(desk.grocer, 1_000, "VIR 1")
    owner = desk.people["professional"]
    asked = deeds.ask_redemption(owner, desk.grocer, 800, uuid4())
    assert balance_cents(desk.grocer)[0] == 1_000
    deeds.decide(desk.staff, asked, "done")
    assert balance_cents(desk.grocer)[0] == 200
    with pytest.raises(PermissionDenied):
        deeds.ask_redemption(desk.people["individual"], desk.grocer, 1, uuid4())


def test_the_rules_say_no_to_what_makes_no_sense(client: Client, desk: Desk) -> None:
    client.force_login(desk.admin)
    form = {
        "siren": "123456789",
        "four_eyes_cents": "500",
        "reversal_days": "30",
        "fee_bp": "200",
        "level0_cents": "250",
        "level1_cents": "1000",
        "prenotice_days": "14",
        "credit_least_cents": "20",
    }
    answer = client.post(reverse("association:rules", args=[desk.code]), form)
    assert "SIREN" in answer.content.decode() and Rules.objects.get(currency=desk.number).fee_bp == 500
    answer = client.post(reverse("association:rules", args=[desk.code]), form | {"siren": "732829320"})
    assert answer.status_code == 302 and Rules.objects.get(currency=desk.number).fee_bp == 200


def test_a_person_who_leaves_is_forgotten_and_their_deeds_stay(desk: Desk) -> None:
    from ressort.web.people.actions import leave

    deed = desk.issue(desk.grocer, 100, "VIR 1")
    leave(desk.staff)
    kept = Deed.objects.get(pk=deed.pk)
    assert kept.made_by_id is None and kept.decision.by_id is None and kept.decision.first_transfer


def test_no_address_of_the_desk_is_hidden_by_another(desk: Desk) -> None:
    for one in urls.urlpatterns:
        given = {"operation": "redeem_digital"}
        extra = {"move_member": {"way": "fermer", "member_id": 1}, "bank_account": {"account": "digital"}}
        extra |= {"declaration_pack": {"kind": "pdf"}}
        extra |= {"match_sure": {"account": "digital"}, "move_collection": {"way": "accord", "collection_id": 1}}
        named = {name: given.get(name, 1) for name in one.pattern.converters} | extra.get(one.name or "", {})
        named |= {"code": desk.code}
        address = reverse(f"association:{one.name}", kwargs=named)
        assert get_resolver().resolve(address).view_name == f"association:{one.name}"


# Bank and opening balances ----------------------------------------------------------------------------------------------------------

IBANS = {
    "operating_iban": "FR7630006000011234567890189",
    "paper_iban": "FR1420041010050500013M02606",
    "digital_iban": "FR7630004000031234567890143",
}
TABLE = "compte;nom;sorte;solde;iban\nboulangerie-x;Boulangerie;professionnel;1 200,50;\nlea-x;Léa;particulier;40;\nbillets;;;300;\n"


def test_a_redemption_goes_to_the_bank_and_comes_back_on_its_statement(client: Client, desk: Desk) -> None:
    members.set_rules(desk.admin, desk.number, **IBANS)
    desk.issue(desk.grocer, 10_000, "VIR 1")
    redeemed = desk.done("redeem_digital", wallet=desk.grocer, amount_cents=10_000)
    client.force_login(desk.staff)
    send = {"fund": "digital", "on": timezone.localdate().isoformat()}
    assert client.post(reverse("association:payout_file", args=[desk.code]), send).status_code == 302, (
        "no bank account is known"
    )
    members.change_member(desk.staff, member_of(desk.grocer), iban="FR7630006000011234567890189")
    answer = client.post(reverse("association:payout_file", args=[desk.code]), send)
    text, reference = answer.content.decode(), bank.reference_of(redeemed)
    assert (
        "pain.001.001.09" in text
        and f"<EndToEndId>{reference}</EndToEndId>" in text
        and "95.00" in text
        and "5.00" in text
    )
    today = timezone.localdate().isoformat()
    statement = f"date;libelle;reference;montant\n{today};VIR;{reference};-95,00\n{today};VIR RECU;VIR 1;100,00\n{today};inconnu;;12,00\n"
    bring = {"account": "digital", "file": SimpleUploadedFile("releve.csv", statement.encode())}
    assert client.post(reverse("association:bank", args=[desk.code]), bring).status_code == 302
    bring["file"] = SimpleUploadedFile("releve.csv", statement.encode())
    client.post(reverse("association:bank", args=[desk.code]), bring)
    found = bank.meetings(desk.number, "digital")
    assert len(found) == 3, "a statement brought in twice is kept once"
    assert {one.line.reference: one.what and one.is_sure for one in found} == {reference: True, "VIR 1": True, "": None}
    for one in found:
        if one.what:
            client.post(reverse("association:match", args=[desk.code, one.line.pk]), {"what": one.key})
    paid = Deed.objects.get(settles=redeemed)
    deeds.decide(desk.second, paid, "done")
    held = queries.balances(desk.number)
    assert (held["payable_digital"], held["operating_bank"]) == (0, 500)
    left = bank.meetings(desk.number, "digital")
    assert len(left) == 1
    client.post(reverse("association:match", args=[desk.code, left[0].line.pk]), {"wallet": desk.ada.alias})
    assert balance_cents(desk.ada)[0] == 1_200 and not bank.meetings(desk.number, "digital")
    with pytest.raises(RuleBroken):
        bank.issue_from(desk.staff, left[0].line, desk.ada)


def test_a_line_and_an_operation_of_another_amount_do_not_meet(desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 10_000, "VIR 1")
    today = timezone.localdate().isoformat()
    bank.bring_statement(desk.staff, desk.number, "digital", f"date;reference;montant\n{today};VIR 1;99,00\n".encode())
    (found,) = bank.meetings(desk.number, "digital")
    assert found.what is None
    with pytest.raises(RuleBroken):
        bank.match(desk.staff, found.line, deed)


def test_faults_of_a_statement_are_told_with_their_lines(client: Client, desk: Desk) -> None:
    client.force_login(desk.staff)
    given = {"account": "paper", "file": SimpleUploadedFile("r.csv", b"date;montant\n2026-02-30;12\n2026-03-01;x\n")}
    shown = client.post(reverse("association:bank", args=[desk.code]), given).content.decode()
    assert ("2026-02-30" in shown and "Rien n’en est gardé" in shown) or "rien" in shown.lower()
    hostile = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    given["file"] = SimpleUploadedFile("r.xml", hostile)
    assert client.post(reverse("association:bank", args=[desk.code]), given).status_code == 200


def test_another_system_is_tried_then_brought_in_whole_and_once(client: Client, desk: Desk) -> None:
    client.force_login(desk.admin)
    address = reverse("association:opening", args=[desk.code])

    def send(table: str = TABLE, **given: Any) -> str:
        body = {"file": SimpleUploadedFile("m.csv", table.encode()), "digital": "1240,50", "paper": "300"} | given
        return client.post(address, body).content.decode()

    assert "Essai seulement" in send(is_dry_run="on") and not Wallet.objects.filter(alias="lea-x").exists()
    assert "réconciliez" in send(digital="1240,49").lower()
    assert "Repris" in send() and "Repris" in send()
    held = queries.balances(desk.number)
    assert (held["member"], held["notes_circulation"], held["reserve_digital"], held["reserve_paper"]) == (
        124_050,
        30_000,
        124_050,
        30_000,
    )
    assert not queries.reserve(desk.number).broken
    assert (
        "ligne" in send(TABLE.replace("40;", "41;"), digital="1241,50").lower()
        and queries.balances(desk.number)["member"] == 124_050
    )
    year = timezone.localdate().year
    name, content = keeping.accounting_file(desk.auditor, desk.number, date(year, 1, 1), date(year, 12, 31))
    assert check_fec(content, name).conforms and content.decode().splitlines()[1].startswith("AN\t")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A;Nom;particulier;1;", "compte"), ("abc;;particulier;1;", "nom"), ("abc;Nom;roi;1;", "sorte"), ("abc;Nom;particulier;-1;", "solde"),
        ("abc;Nom;particulier;1,234;", "solde"), ("abc;Nom;particulier;;", "solde"), ("abc;Nom;particulier;1;FR00", "iban"),
    ],
)  # fmt: skip
def test_each_fault_of_the_table_is_told_with_its_line(line: str, column: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        importing.read(f"compte;nom;sorte;solde;iban\nbon-compte;Bon;particulier;2;\n{line}\n".encode())
    assert [(one.line, one.column) for one in refused.value.facts["problems"]] == [(3, column)]


def test_an_empty_table_or_another_one_is_refused() -> None:
    for content in (
        b"",
        b"a;b\n1;2\n",
        b"compte;nom;sorte;solde\n",
        "compte;nom\n".encode("utf-16"),
        b"compte;nom;sorte;solde\nabc;A;particulier;1\nabc;B;particulier;1\n",
    ):
        with pytest.raises(RuleBroken):
            importing.read(content)


def test_the_command_line_tries_first_and_keeps_when_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.csv"
    path.write_text(TABLE)
    words = ("association_import", desk.code, str(path), "--digital", "1240.50", "--paper", "300")
    call_command(*words)
    assert not Wallet.objects.filter(alias="lea-x").exists()
    call_command(*words, "--do")
    assert balance_cents(Wallet.objects.get(alias="lea-x"))[0] == 4_000
    path.write_text(TABLE.replace("Léa", ""))
    with pytest.raises(RuleBroken):
        call_command(*words)
    assert "3" in capsys.readouterr().err


# Public money -----------------------------------------------------------------------------------------------------------------------


def opened(desk: Desk, **given: Any) -> Any:
    """A programme of 100 a month, 85 in local units, for 300."""
    rest = {"start": date(2026, 1, 1), "end": date(2030, 12, 31), "budget_cents": 30_000, "month_cents": 10_000} | given
    return public.open_programme(desk.staff, desk.number, name=f"Revenu {uuid4().hex[:4]}", **rest)


def test_a_public_body_pays_who_consented_with_euros_that_arrived(client: Client, desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="consented"):
        desk.ask("public_payment", wallet=desk.grocer, amount_cents=500, reference="MANDAT 1")
    client.force_login(desk.people["professional"])
    address = reverse("association:holder", args=[desk.code])
    assert client.post(address, {"what": "consent", "alias": desk.ada.alias}).status_code == 404, (
        "somebody else's account"
    )
    client.post(address, {"what": "consent", "alias": desk.grocer.alias})
    desk.done("public_payment", wallet=desk.grocer, amount_cents=500, reference="MANDAT 1")
    assert balance_cents(desk.grocer)[0] == 500 and queries.balances(desk.number)["reserve_digital"] == 500
    client.post(address, {"what": "revoke", "alias": desk.grocer.alias})
    with pytest.raises(RuleBroken, match="consented"):
        desk.ask("public_payment", wallet=desk.grocer, amount_cents=500, reference="MANDAT 2")


def test_a_holder_asks_for_a_redemption_on_the_page(client: Client, desk: Desk) -> None:
    desk.issue(desk.grocer, 1_000, "VIR 1")
    client.force_login(desk.people["professional"])
    address = reverse("association:holder", args=[desk.code])
    given = {"what": "redeem", "wallet": desk.grocer.pk, "amount": "8", "key": str(uuid4())}
    assert client.post(address, given).status_code == 302 and client.post(address, given).status_code == 302
    assert Deed.objects.filter(currency=desk.number, operation="redeem_digital", amount_cents=800).count() == 1
    assert client.post(address, given | {"wallet": desk.ada.pk, "key": str(uuid4())}).status_code == 200, (
        "not one's own"
    )


def test_a_month_is_paid_once_out_of_funds_paid_in_first(client: Client, desk: Desk) -> None:
    programme, period = opened(desk), date(2026, 3, 1)
    public.join(desk.staff, programme, desk.ada, date(2026, 2, 10))
    with pytest.raises(RuleBroken) as refused:
        public.pay_month(desk.staff, programme, period)
    assert (
        refused.value.facts["reason"] == "insufficient_funds"
        and not Allowance.objects.filter(programme=programme).exists()
    )
    desk.done("fund_allowance", amount_cents=50_000, reference="DON 1")
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    tried = client.post(address, {"what": "try", "period": "2026-03-01"}).content.decode()
    assert "85,00" in tried and "15,00" in tried and balance_cents(desk.ada)[0] == 0
    for _one in range(2):
        client.post(address, {"what": "pay", "period": "2026-03-01"})
    assert balance_cents(desk.ada)[0] == 8_500 and Allowance.objects.filter(programme=programme).count() == 1
    assert "déjà payé" in client.post(address, {"what": "try", "period": "2026-03-01"}).content.decode()
    assert client.post(address, {"what": "pay", "period": "2026-03-15"}).status_code == 200
    assert Allowance.objects.filter(programme=programme).count() == 1
    assert not queries.reserve(desk.number).broken


def test_a_budget_that_is_short_pays_nobody_and_says_so(desk: Desk) -> None:
    programme = opened(desk, budget_cents=9_999)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    desk.done("fund_allowance", amount_cents=50_000, reference="DON 1")
    found = public.pay_month(desk.staff, programme, date(2026, 3, 1))
    assert found.unpaid == [("Ada", "budget")] and balance_cents(desk.ada)[0] == 0
    with pytest.raises(RuleBroken, match="individuals"):
        public.join(desk.staff, programme, desk.grocer, date(2026, 1, 1))


def test_a_programme_is_simulated_before_it_is_paid(client: Client, desk: Desk) -> None:
    programme = opened(desk)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    shown = client.post(
        address, {"what": "simulate", "acceptors": "Ferme = 60\nCoop = 10", "months": "12"}
    ).content.decode()
    assert "Ferme" in shown and "sans source" in shown and "0 %" in shown.replace("\u202f", " ").replace("\xa0", " ")
    wrong = client.post(address, {"what": "simulate", "acceptors": "Ferme", "months": "12"}).content.decode()
    assert "n’est pas un montant" in wrong
    assert client.get(reverse("association:programmes", args=[desk.code])).status_code == 200
