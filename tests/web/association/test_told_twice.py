"""One movement of the bank that two files tell in other words gives units once; two movements that look alike give them twice."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.association.pages import page
from tests.web.association_town import Desk

from ressort.core.errors import RuleBroken
from ressort.web.association import bank, statements
from ressort.web.association.models import BankLine
from ressort.web.currency.queries import balance_cents

CSV = "date;libelle;montant\n"


def _brought(desk: Desk, content: str) -> list[BankLine]:
    """The lines that a file added, in its order."""
    before = set(BankLine.objects.filter(currency=desk.number).values_list("pk", flat=True))
    statements.bring(desk.staff, desk.number, "digital", content.encode())
    return list(BankLine.objects.filter(currency=desk.number).exclude(pk__in=before).order_by("pk"))


def _camt(*lines: tuple[str, str, str]) -> str:
    """Of each line: its day, its amount, who paid under which reference."""
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt>'
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
        for day, amount, reference in lines
    )
    return f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>{entries}</Stmt></BkToCstmrStmt></Document>'


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-04"])
@pytest.mark.parametrize("is_second_first", [False, True])
def test_a_movement_told_as_csv_and_as_camt_gives_units_once(desk: Desk, day: str, is_second_first: bool) -> None:
    (one,) = _brought(desk, f"{CSV}2026-03-02;VIR SEPA DUPONT;50,00\n")
    (other, _far) = _brought(desk, _camt((day, "50.00", "E2E-1"), ("2026-03-01", "7.00", "E2E-2")))
    first, second = (other, one) if is_second_first else (one, other)
    bank.issue_from(desk.staff, first, desk.ada)
    with pytest.raises(RuleBroken, match="another file"):
        bank.issue_from(desk.staff, second, desk.ada)
    assert balance_cents(desk.ada)[0] == 5_000
    bank.set_aside(desk.staff, second, "dit deux fois")
    statements.tell_apart(desk.staff, second)
    bank.set_aside(desk.staff, second, "")
    bank.issue_from(desk.staff, second, desk.grocer)
    assert balance_cents(desk.grocer)[0] == 5_000, "somebody said that it is another movement"


def test_two_members_who_pay_the_same_on_one_day_under_one_reference_are_both_credited(desk: Desk) -> None:
    header = "date;libelle;reference;montant\n"
    one = _brought(desk, f"{header}2026-03-02;DUPONT;ABEILLE;20\n")[0]
    more = f"{header}2026-03-02;DUPONT;ABEILLE;20\n2026-03-02;MARTIN;ABEILLE;20\n2026-03-09;DUPONT;ABEILLE;20\n"
    two, later = _brought(desk, more)
    assert not BankLine.objects.filter(currency=desk.number, doubted=True).exists(), (
        "the later file tells the first line too"
    )
    for line, wallet in ((one, desk.ada), (two, desk.grocer), (later, desk.ada)):
        bank.issue_from(desk.staff, line, wallet)
    assert (balance_cents(desk.ada)[0], balance_cents(desk.grocer)[0]) == (4_000, 2_000)


def test_a_range_brought_again_once_the_bank_changed_its_words_is_doubted(client: Client, desk: Desk) -> None:
    one, two = _brought(desk, f"{CSV}2026-03-02;VIR DUPONT;50\n2026-03-02;VIR MARTIN;50\n")
    bank.issue_from(desk.staff, one, desk.ada)
    again = _brought(desk, f"{CSV}2026-03-02;VIREMENT DE DUPONT;50\n2026-03-02;VIREMENT DE MARTIN;50\n")
    client.force_login(desk.staff)
    shown = page(client, desk, "bank_account", "digital").content.decode()
    assert shown.count("dit par un autre fichier") >= 3 and "VIREMENT DE DUPONT" in shown
    for line in again:
        client.post(reverse("association:match", args=[desk.code, line.pk]), {"wallet": desk.ada.alias})
    assert balance_cents(desk.ada)[0] == 5_000, "neither is credited before somebody says"
    client.post(reverse("association:match", args=[desk.code, again[0].pk]), {"aside": "dit par un autre fichier"})
    client.post(reverse("association:match", args=[desk.code, again[1].pk]), {"apart": "1"})
    client.post(reverse("association:match", args=[desk.code, again[1].pk]), {"wallet": desk.grocer.alias})
    assert balance_cents(desk.grocer)[0] == 5_000
    with pytest.raises(RuleBroken, match="another file"):
        bank.issue_from(desk.staff, BankLine.objects.get(pk=two.pk), desk.grocer)


def test_a_line_that_may_be_told_twice_settles_no_other_operation(desk: Desk) -> None:
    deeds = [desk.issue(wallet, 5_000, reference) for wallet, reference in ((desk.ada, "A"), (desk.grocer, "B"))]
    (one,) = _brought(desk, f"{CSV}2026-03-02;VIR;50,00\n")
    (other,) = _brought(desk, _camt(("2026-03-02", "50.00", "E2E-1")))
    bank.match(desk.staff, one, deeds[0])
    with pytest.raises(RuleBroken, match="another file"):
        bank.match(desk.staff, other, deeds[1])
