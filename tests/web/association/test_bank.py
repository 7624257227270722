"""Redemptions: asked by the holder, agreed by the staff, paid by the bank, read back on its statement."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import IBANS, page
from tests.web.association_town import Desk, member_of

from ressort.core.errors import RuleBroken
from ressort.web.association import bank, deeds, members, queries, statements
from ressort.web.association.models import BankLine, Deed
from ressort.web.currency.queries import balance_cents


def test_the_holder_asks_for_a_redemption_that_the_staff_agrees_to(desk: Desk) -> None:
    desk.issue(desk.grocer, 1_000, "VIR 1")
    owner = desk.people["professional"]
    asked = deeds.ask_redemption(owner, desk.grocer, 800, uuid4())
    assert balance_cents(desk.grocer)[0] == 1_000
    deeds.decide(desk.staff, asked, "done")
    assert balance_cents(desk.grocer)[0] == 200
    with pytest.raises(PermissionDenied):
        deeds.ask_redemption(desk.people["individual"], desk.grocer, 1, uuid4())


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


def test_no_redemption_is_in_two_files_for_the_bank_unless_that_is_asked(client: Client, desk: Desk) -> None:
    members.set_rules(desk.admin, desk.number, **IBANS)
    members.change_member(desk.staff, member_of(desk.grocer), iban="FR7630006000011234567890189")
    desk.issue(desk.grocer, 10_000, "VIR 1")
    client.force_login(desk.staff)
    send = {"fund": "digital", "on": timezone.localdate().isoformat()}

    def asked(**more: str) -> str:
        return client.post(
            reverse("association:payout_file", args=[desk.code]), send | more, follow=True
        ).content.decode()

    first = bank.reference_of(desk.done("redeem_digital", wallet=desk.grocer, amount_cents=1_000))
    assert first in asked()
    late = desk.done("redeem_digital", wallet=desk.grocer, amount_cents=2_000)
    second = bank.reference_of(late)
    told = [page(client, desk, "deed", one).content.decode() for one in (first.removeprefix("RESSORT-"), late.pk)]
    assert ["les euros et les unités" in one for one in told] == [True, False], "reversed, it would be paid twice"
    shown = page(client, desk, "bank").content.decode()
    assert shown.count("Ferme du haut") == 2 and shown.count("dans le fichier du") == 1
    reversal = deeds.reverse(desk.second, Deed.objects.get(pk=first.removeprefix("RESSORT-")), "erreur")
    assert "les euros et les unités" in page(client, desk, "deed", reversal.pk).content.decode(), (
        "whoever agrees reads it"
    )
    deeds.decide(desk.staff, reversal, "refused")
    later = asked()
    assert second in later and first not in later, (
        "the bank is asked once for each, though its statement has not come yet"
    )
    assert "déjà dans un fichier" in asked()
    again = asked(again="on")
    assert first in again and second in again, "the bank did not take the files"


def test_only_the_statement_of_the_bank_account_is_kept_of_a_file(desk: Desk) -> None:
    def stated(iban: str, amount: str) -> str:
        told = f"<Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
        entry = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        return f"<Stmt>{told}<Ntry>{entry}<BookgDt><Dt>2026-03-01</Dt></BookgDt></Ntry></Stmt>"

    def brought(*told: str) -> tuple[int, int]:
        head = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        return statements.bring(desk.staff, desk.number, "digital", f"{head}{''.join(told)}</BkToCstmrStmt></Document>".encode())  # fmt: skip

    mine, other = stated(IBANS["digital_iban"], "5.00"), stated(IBANS["paper_iban"], "7.00")
    with pytest.raises(RuleBroken):
        brought(mine, other)
    members.set_rules(desk.admin, desk.number, **IBANS)
    with pytest.raises(RuleBroken) as refused:
        brought(other)
    assert refused.value.facts == {"found": [IBANS["paper_iban"]], "iban": IBANS["digital_iban"]}
    assert brought(mine, other) == (1, 1)
    assert [one.line.amount_cents for one in bank.meetings(desk.number, "digital")] == [500]


def test_a_line_and_an_operation_of_another_amount_do_not_meet(desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 10_000, "VIR 1")
    today = timezone.localdate().isoformat()
    statements.bring(desk.staff, desk.number, "digital", f"date;reference;montant\n{today};VIR 1;99,00\n".encode())
    (found,) = bank.meetings(desk.number, "digital")
    assert found.what is None
    with pytest.raises(RuleBroken):
        bank.match(desk.staff, found.line, deed)


def test_a_statement_of_endless_lines_is_refused_and_nothing_of_it_is_kept(desk: Desk) -> None:
    with pytest.raises(RuleBroken):
        statements.bring(desk.staff, desk.number, "digital", b"date;montant\n" + b"2026-03-02;5\n" * 20_001)
    assert not BankLine.objects.filter(currency=desk.number).exists()


def test_a_standing_order_that_says_the_same_each_month_is_issued_each_month(desk: Desk) -> None:
    desk.issue(desk.grocer, 500, "ABEILLE")
    statements.bring(
        desk.staff,
        desk.number,
        "digital",
        b"date;reference;montant\n2026-03-02;ABEILLE;5\n2026-04-02;ABEILLE;5\n2026-05-02;ABEILLE;5\n",
    )
    for line in BankLine.objects.filter(currency=desk.number).order_by("day"):
        bank.issue_from(desk.staff, line, desk.grocer)
    assert balance_cents(desk.grocer)[0] == 1_500, "what was issued before the statement came is the first line"
    assert BankLine.objects.filter(currency=desk.number, deed__isnull=False).count() == 3


def test_what_concerns_no_operation_is_set_aside_with_a_reason_and_taken_up_again(client: Client, desk: Desk) -> None:
    statements.bring(
        desk.staff, desk.number, "digital", b"date;libelle;montant\n2026-03-02;FRAIS DE TENUE;-3,50\n2026-03-03;VIR;5\n"
    )
    charges, paid = BankLine.objects.filter(currency=desk.number).order_by("day")
    client.force_login(desk.staff)
    match = reverse("association:match", args=[desk.code, charges.pk])
    client.post(match, {"aside": "frais de la banque"})
    assert [one.line for one in bank.meetings(desk.number, "digital")] == [paid]
    assert "frais de la banque" in page(client, desk, "bank_account", "digital").content.decode()
    client.post(match, {"aside": ""})
    assert len(bank.meetings(desk.number, "digital")) == 2
    bank.issue_from(desk.staff, paid, desk.grocer)
    with pytest.raises(RuleBroken):
        bank.set_aside(desk.staff, paid, "erreur")
    bank.set_aside(desk.staff, charges, "frais de la banque")
    with pytest.raises(RuleBroken):
        bank.issue_from(desk.staff, charges, desk.grocer)
    assert client.post(match, {"aside": "x" * 201}).status_code == 302
    assert not bank.meetings(desk.number, "digital")


def test_faults_of_a_statement_are_told_with_their_lines(client: Client, desk: Desk) -> None:
    client.force_login(desk.staff)
    given = {"account": "paper", "file": SimpleUploadedFile("r.csv", b"date;montant\n2026-02-30;12\n2026-03-01;x\n")}
    shown = client.post(reverse("association:bank", args=[desk.code]), given).content.decode()
    assert ("2026-02-30" in shown and "Rien n’en est gardé" in shown) or "rien" in shown.lower()
    assert not BankLine.objects.filter(currency=desk.number).exists()


HOSTILE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    b"<a>" * 5_000,
    b"<a>" + b"<b/>" * 500_001 + b"</a>",
)


@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_a_hostile_file_of_the_bank_is_refused_in_words_on_the_desk(client: Client, desk: Desk, at: int) -> None:
    """Entities, files of the server, nests without end, too many elements: told in the form, and nothing is kept."""
    client.force_login(desk.staff)
    given = {"account": "paper", "file": SimpleUploadedFile("r.xml", HOSTILE[at])}
    shown = client.post(reverse("association:bank", args=[desk.code]), given)
    told = " ".join(shown.context["form"].non_field_errors())
    assert shown.status_code == 200 and ("Ligne" in told or "500" in told), told
    assert "root:" not in shown.content.decode() and not BankLine.objects.filter(currency=desk.number).exists()


def test_a_holder_finds_its_requests_from_its_account(client: Client, desk: Desk) -> None:
    client.force_login(desk.people["professional"])
    shown = client.get(reverse("currency:wallet", args=[desk.grocer.alias])).content.decode()
    link = reverse("association:holder", args=[desk.code])
    assert link in shown and client.get(link).status_code == 200
    assert reverse("currency:mine") in client.get(reverse("currency:currency", args=[desk.code])).content.decode()


def test_each_holder_is_offered_what_it_may_ask_for(client: Client, desk: Desk) -> None:
    told = {}
    for kind in ("individual", "professional", "public_body"):
        client.force_login(desk.people[kind])
        told[kind] = client.get(reverse("association:holder", args=[desk.code])).content.decode()
    redeems, consents = 'name="wallet"', 'value="consent"'
    assert [redeems in told[kind] for kind in told] == [False, True, True]
    assert [consents in told[kind] for kind in told] == [True, True, False], "a public body consents to nothing"
    members.set_rules(desk.admin, desk.number, individuals_redeem=True)
    client.force_login(desk.people["individual"])
    assert redeems in client.get(reverse("association:holder", args=[desk.code])).content.decode()


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
