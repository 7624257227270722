"""Mandates of direct debit: signed, printed, replaced, revoked, and what the database refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association_town import Desk, member_of
from tests.web.debits.mandates import THEIRS, a_day, agreed, signed, told

from ressort.core.errors import RuleBroken
from ressort.web.association import bank, debits, following, mandates, members
from ressort.web.association.models import Collection, Debit, MonthlyCredit, SepaMandate
from ressort.web.people.queries import everything_about


def test_a_mandate_is_printed_signed_and_revoked_on_the_pages(client: Client, desk: Desk) -> None:
    client.force_login(desk.staff)
    member = member_of(desk.ada)
    given = {"holder": "Ada Löve", "iban": THEIRS, "signed_on": ""}
    client.post(reverse("association:record_mandate", args=[desk.code, member.pk]), given)
    one = SepaMandate.objects.get(member=member)
    assert (one.reference, one.holder, one.signed_on) == (f"{desk.code}-{member.pk:06}-1", "Ada Love", None)
    paper = client.get(reverse("association:mandate_paper", args=[desk.code, one.pk]))
    assert paper.content[:5] == b"%PDF-"
    sign = reverse("association:sign_mandate", args=[desk.code, one.pk])
    tomorrow = timezone.localdate() + timedelta(1)
    assert "à venir" in client.post(sign, {"signed_on": tomorrow.isoformat()}).content.decode()
    assert client.post(sign, {"signed_on": timezone.localdate().isoformat()}).status_code == 302
    with pytest.raises(RuleBroken):
        mandates.sign_mandate(desk.staff, one, timezone.localdate())
    shown = client.get(reverse("association:member", args=[desk.code, member.pk])).content.decode()
    assert one.reference in shown and THEIRS in shown
    client.post(reverse("association:end_mandate", args=[desk.code, one.pk]))
    assert SepaMandate.objects.get(pk=one.pk).revoked_on == timezone.localdate()
    again = mandates.record_mandate(desk.staff, member, "Ada", THEIRS, None)
    assert again.reference.endswith("-2")
    wrong = client.post(reverse("association:record_mandate", args=[desk.code, member.pk]), given | {"iban": "FR00"})
    assert wrong.status_code == 200 and "IBAN" in wrong.content.decode()
    with pytest.raises(RuleBroken, match="SEPA"):
        mandates.record_mandate(desk.staff, member, "Ada", "TR330006100519786457841326", None)


def test_another_mandate_ends_the_one_before(desk: Desk) -> None:
    first, second = signed(desk, desk.ada), signed(desk, desk.ada)
    assert SepaMandate.objects.get(pk=first.pk).revoked_on and mandates.running(member_of(desk.ada))[0] == second


def test_a_holder_buys_each_month_stops_and_revokes_alone_and_nobody_else_does(client: Client, desk: Desk) -> None:
    client.force_login(desk.people["individual"])
    address = reverse("association:holder", args=[desk.code])
    assert "demandez à l’association un mandat" in client.get(address).content.decode()
    mandate = signed(desk, desk.ada)
    send = {"what": "buy", "alias": desk.ada.alias, "amount": "60"}
    client.post(address, send)
    credit = MonthlyCredit.objects.get(member=member_of(desk.ada), stopped_on=None)
    assert credit.amount_cents == 6_000 and "60,00" in client.get(address).content.decode()
    assert "20" in client.post(address, send | {"amount": "19,99"}, follow=True).content.decode()
    assert client.post(address, send | {"amount": "soixante"}, follow=True).status_code == 200
    assert client.post(address, send | {"alias": desk.grocer.alias}).status_code == 404, "somebody else's account"
    client.post(address, {"what": "stop", "alias": desk.ada.alias})
    client.post(address, {"what": "end", "alias": desk.ada.alias})
    assert mandates.running(member_of(desk.ada)) == (None, None)
    for refused in (
        lambda: mandates.revoke_mandate(desk.people["professional"], mandate),
        lambda: mandates.set_credit(desk.auditor, member_of(desk.ada), 6_000, a_day()),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_the_database_itself_lets_nobody_change_what_was_agreed_to_or_go_back(desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    waiting = debits.propose(desk.staff, desk.number, "credits", a_day())
    changes: list[tuple[Any, str]] = [
        (lambda: Debit.objects.filter(collection=waiting).update(outcome="rejected"), "two people"),
        (lambda: Collection.objects.filter(pk=waiting.pk).update(agreed_by=desk.staff, agreed_at=timezone.now()), "needs_two"),
        (lambda: Collection.objects.filter(pk=waiting.pk).update(agreed_at=timezone.now()), "somebody else"),
    ]  # fmt: skip
    _refused(changes)
    debits.agree(desk.second, waiting)
    one = Debit.objects.get(collection=waiting)
    changes = [
        (lambda: Debit.objects.filter(pk=one.pk).update(amount_cents=1), "forward only"),
        (lambda: Debit.objects.filter(pk=one.pk).delete(), "not erased"),
        (lambda: Collection.objects.filter(pk=waiting.pk).update(on=a_day(40)), "written once"),
        (lambda: Debit.objects.filter(pk=one.pk).update(outcome="collected"), "debit_collected_by_a_deed"),
    ]
    _refused(changes)
    following.reject(desk.staff, one, "AC04")
    _refused([(lambda: Debit.objects.filter(pk=one.pk).update(outcome="waiting"), "forward only")])


def _refused(changes: list[tuple[Any, str]]) -> None:
    for change, words in changes:
        with pytest.raises((DatabaseError, IntegrityError), match=words), transaction.atomic():
            change()


def test_a_member_who_left_keeps_no_name_in_what_was_collected_and_euros_go_back(desk: Desk) -> None:
    signed(desk, desk.ada, 6_000)
    made = agreed(desk)
    members.close(desk.staff, member_of(desk.ada))
    told(desk, "digital", (debits.message_of(made), "60.00", ""))
    assert bank.match_sure(desk.staff, desk.number, "digital") == (1, 1)
    one = Debit.objects.get(collection=made)
    assert (one.mandate, one.credit, one.reason) == (None, None, "closed_account")
    assert not SepaMandate.objects.filter(iban=THEIRS, member__wallet__currency=desk.number).exists()


def test_a_member_downloads_what_is_held_of_its_bank_account_and_dues(desk: Desk) -> None:
    """The export of personal data told the account only, neither the IBAN nor the mandates."""
    mandate = signed(desk, desk.ada, 6_000)
    members.call_dues(desk.staff, desk.number, "individual", timezone.localdate(), 1_234)
    words = str(everything_about(desk.people["individual"]))
    for fact in (THEIRS, mandate.reference, "6000 cents", "1234 cents", "level 0"):
        assert fact in words, fact
    assert THEIRS not in str(everything_about(desk.people["professional"]))
