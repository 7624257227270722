"""Collections: from the monthly credit or the dues to what the bank returns."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import IBANS
from tests.web.association_town import Desk, member_of
from tests.web.debits.mandates import a_day, agreed, signed, told

from ressort.core.currency.accounting import check_fec
from ressort.core.currency.association import bank_day
from ressort.core.errors import RuleBroken
from ressort.web.association import bank, debits, deeds, following, keeping, mandates, members, queries
from ressort.web.association.models import BankLine, Collection, Debit, Deed, Dues
from ressort.web.currency.queries import balance_cents


def texts(content: bytes, name: str) -> list[str | None]:
    return [node.text for node in ElementTree.fromstring(content).iter() if node.tag.endswith("}" + name)]


def test_a_monthly_credit_goes_to_the_bank_comes_back_and_issues_units(client: Client, desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    signed(desk, desk.grocer, 30_000)
    client.force_login(desk.staff)
    address = reverse("association:collections", args=[desk.code])
    given = {"purpose": "credits", "on": a_day().isoformat()}
    shown = client.get(address, given).content.decode()
    assert "Ada" in shown and "360,00" in shown
    page = client.post(address, given, follow=True)
    made = Collection.objects.get(currency=desk.number)
    move = reverse("association:move_collection", args=[desk.code, made.pk, "accord"])
    assert "Quelqu’un d’autre" in client.post(move, follow=True).content.decode() and made.agreed_at is None
    file = reverse("association:collection_file", args=[desk.code, made.pk])
    assert client.get(file).status_code == 302, "nobody agreed yet"
    client.force_login(desk.second)
    assert "2 adhérents" in client.post(move, follow=True).content.decode() and page.status_code == 200
    assert len(mail.outbox) == 2 and "60" in mail.outbox[0].body + mail.outbox[1].body
    content = client.get(file).content
    assert content == client.get(file).content, "the same bytes when it is made again"
    lines = list(Debit.objects.filter(collection=made))
    assert texts(content, "EndToEndId") == [one.end_to_end for one in lines]
    assert texts(content, "SeqTp") == ["RCUR"] and texts(content, "CtrlSum") == ["360.00", "360.00"]
    assert texts(content, "MndtId") == [one.mandate_reference for one in lines]
    assert texts(content, "ReqdColltnDt") == [str(made.on)] and "FR72ZZZ123456" in content.decode()
    assert IBANS["digital_iban"] in content.decode() and not debits.candidates(desk.number, "credits", made.on)

    told(desk, "digital", (debits.message_of(made) + "-1", "360.00", ""))
    client.post(reverse("association:match_sure", args=[desk.code, "digital"]))
    assert (balance_cents(desk.ada)[0], balance_cents(desk.grocer)[0]) == (6_000, 30_000)
    assert queries.balances(desk.number)["reserve_digital"] == 36_000 and not queries.reserve(desk.number).broken
    assert not bank.meetings(desk.number, "digital"), "nothing is left to match"
    shown = client.get(reverse("association:collection", args=[desk.code, made.pk])).content.decode()
    assert "prélevé" in shown and "360,00" in shown
    assert client.get(reverse("association:bank_account", args=[desk.code, "digital"])).status_code == 200


def test_what_the_bank_tells_one_by_one_is_matched_one_by_one(desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    signed(desk, desk.grocer, 30_000)
    made = agreed(desk)
    one, other = made.debits.all()
    told(desk, "digital", (one.end_to_end, "60.00" if one.amount_cents == 6_000 else "300.00", ""))
    assert bank.match_sure(desk.staff, desk.number, "digital") == (1, 0)
    following.reject(desk.staff, other, "AC04")
    outcomes = dict(Debit.objects.filter(collection=made).values_list("pk", "outcome"))
    assert outcomes == {one.pk: "collected", other.pk: "rejected"} and not bank.meetings(desk.number, "digital")
    assert len(debits.candidates(desk.number, "credits", made.on)) == 1, "what was rejected may be collected again"
    with pytest.raises(RuleBroken):
        following.reject(desk.staff, one, "AC04")


def test_what_is_returned_takes_the_units_back_or_becomes_a_debt_of_two_people(desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    signed(desk, desk.grocer, 30_000)
    made = agreed(desk)
    told(desk, "digital", (debits.message_of(made), "360.00", ""))
    bank.match_sure(desk.staff, desk.number, "digital")
    desk.done("redeem_digital", wallet=desk.grocer, amount_cents=30_000)
    desk.done("dues_at_bank", wallet=desk.grocer, amount_cents=50_000, reference="DON", by=desk.staff)
    ada, grocer = (Debit.objects.get(collection=made, account=one.account) for one in (desk.ada, desk.grocer))
    told(desk, "digital", (ada.end_to_end, "-60.00", "AM04"), (grocer.end_to_end, "-300.00", "MD06"))
    assert bank.match_sure(desk.staff, desk.number, "digital") == (2, 0)
    ada.refresh_from_db()
    grocer.refresh_from_db()
    assert (ada.outcome, ada.reason, grocer.outcome, grocer.reason) == ("returned", "AM04", "returned", "MD06")
    assert balance_cents(desk.ada)[0] == 0 and not queries.reserve(desk.number).broken
    assert grocer.back is not None
    assert grocer.back.operation == "euro_bounced_already_spent" and grocer.back.account == desk.grocer.account
    assert not hasattr(grocer.back, "decision"), "two people write a debt down"
    deeds.decide(desk.second, grocer.back, "done")
    assert queries.balances(desk.number)["operating_bank"] == 50_000 - 30_000


def test_dues_are_collected_on_the_operating_account_and_owed_again_when_returned(desk: Desk) -> None:
    today = timezone.localdate()
    members.call_dues(desk.staff, desk.number, "professional", today, 1_000)
    members.call_dues(desk.staff, desk.number, "professional", today + timedelta(1), 1_200)
    assert [one.why for one in debits.candidates(desk.number, "dues", a_day())] == ["no_mandate", "no_mandate"]
    signed(desk, desk.grocer)
    assert [one.why for one in debits.candidates(desk.number, "dues", a_day())] == [None, "one_per_file"]
    made = agreed(desk, "dues")
    _name, content = debits.file_of(desk.staff, made)
    assert IBANS["operating_iban"] in content.decode() and texts(content, "InstdAmt") == ["10.00"]
    told(desk, "operating", (debits.message_of(made), "10.00", ""))
    bank.match_sure(desk.staff, desk.number, "operating")
    first = Dues.objects.filter(member=member_of(desk.grocer)).earliest("due_on")
    assert members.dues_rule(first).status(today) == "paid" and queries.balances(desk.number)["operating_bank"] == 1_000
    (one,) = made.debits.all()
    told(desk, "operating", (one.end_to_end, "-10.00", "AC06"))
    bank.match_sure(desk.staff, desk.number, "operating")
    back = Deed.objects.get(reverses__debit=one)
    deeds.decide(desk.second, back, "done")
    assert members.dues_rule(Dues.objects.get(pk=first.pk)).status(today) == "due"
    assert queries.balances(desk.number)["operating_bank"] == 0
    assert [one.why for one in debits.candidates(desk.number, "dues", a_day())] == [None, "one_per_file"]


def test_dues_paid_at_the_bank_enter_the_books(desk: Desk) -> None:
    desk.done("dues_at_bank", wallet=desk.grocer, amount_cents=1_500, reference="VIR COT")
    year = timezone.localdate().year
    name, content = keeping.accounting_file(desk.auditor, desk.number, date(year, 1, 1), date(year, 12, 31))
    cells = [line.split("\t") for line in content.decode().splitlines()[1:]]
    assert check_fec(content, name).conforms
    assert {(one[4], one[11], one[12]) for one in cells} == {("512000", "15,00", "0,00"), ("756000", "0,00", "15,00")}


def test_a_credit_above_the_ceiling_waits_and_is_credited_once_the_level_allows_it(client: Client, desk: Desk) -> None:
    signed(desk, desk.ada, 20_000)
    made = agreed(desk)
    desk.issue(desk.ada, 10_000, "VIR 1")
    told(desk, "digital", (debits.message_of(made), "200.00", ""))
    assert bank.match_sure(desk.staff, desk.number, "digital") == (1, 1)
    assert Debit.objects.get(collection=made).reason == "ceiling" and balance_cents(desk.ada)[0] == 10_000
    assert [one.why for one in debits.candidates(desk.number, "credits", a_day(60))] == ["above_ceiling"]
    client.force_login(desk.staff)
    shown = client.get(reverse("association:collection", args=[desk.code, made.pk])).content.decode()
    assert "plus que son niveau" in shown
    members.check_identity(desk.staff, member_of(desk.ada), 1)
    client.post(reverse("association:move_collection", args=[desk.code, made.pk, "reprise"]))
    assert balance_cents(desk.ada)[0] == 30_000 and Debit.objects.get(collection=made).outcome == "collected"


def test_what_the_bank_would_refuse_is_not_proposed(desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="Nothing"):
        debits.propose(desk.staff, desk.number, "credits", a_day())
    mandate = signed(desk, desk.ada, 6_000)
    with pytest.raises(RuleBroken, match="14 days"):
        debits.propose(desk.staff, desk.number, "credits", bank_day(timezone.localdate() + timedelta(1)))
    saturday = next(a_day() + timedelta(n) for n in range(7) if (a_day() + timedelta(n)).weekday() == 5)
    with pytest.raises(RuleBroken, match="Banks do not"):
        debits.propose(desk.staff, desk.number, "credits", saturday)
    made = agreed(desk)
    mandates.revoke_mandate(desk.people["individual"], mandate)
    with pytest.raises(RuleBroken, match="one payment at least"):
        debits.file_of(desk.staff, made)
    assert Debit.objects.get(collection=made).amount_cents == 6_000
    members.set_rules(desk.admin, desk.number, creditor_identifier="")
    with pytest.raises(RuleBroken, match="creditor identifier"):
        debits.propose(desk.staff, desk.number, "credits", a_day())


def test_a_mandate_revoked_after_the_agreement_is_left_out_of_the_file_and_said_so(desk: Desk) -> None:
    mandate = signed(desk, desk.ada, 6_000)
    signed(desk, desk.grocer, 30_000)
    made = agreed(desk)
    mandates.revoke_mandate(desk.staff, mandate)
    _name, content = debits.file_of(desk.staff, made)
    assert texts(content, "CtrlSum") == ["300.00", "300.00"]
    assert Debit.objects.get(collection=made, account=desk.ada.account).outcome == "rejected"
    assert [one.amount_cents for one in following.awaited(desk.number, "digital")] == [30_000, 30_000]


def test_a_collection_that_nobody_agreed_to_is_given_up_and_one_agreed_to_is_not(client: Client, desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    made = debits.propose(desk.staff, desk.number, "credits", a_day())
    client.force_login(desk.staff)
    client.post(reverse("association:move_collection", args=[desk.code, made.pk, "abandon"]))
    assert not Collection.objects.filter(currency=desk.number).exists()
    made = agreed(desk)
    with pytest.raises(RuleBroken):
        debits.give_up(desk.staff, made)
    with pytest.raises(RuleBroken):
        debits.agree(desk.staff, made)


def test_a_line_of_another_amount_meets_no_collection(desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    made = agreed(desk)
    told(desk, "digital", (debits.message_of(made), "59.00", ""))
    (found,) = bank.meetings(desk.number, "digital")
    assert found.what is None
    with pytest.raises(RuleBroken):
        following.meet(desk.staff, found.line, made)
    assert BankLine.objects.get(pk=found.line.pk).deed is None
