"""Tables of payments and accounts, read as flows; every fault with its line."""

from datetime import date

import pytest

from ressort.core.currency.measures import OUTSIDE, Flow, Role
from ressort.core.errors import RuleBroken
from ressort.ingest.currency_flows import after_last, day_number, read_flows

PAYMENTS = """jour;nature;payeur;beneficiaire;montant
2026-01-02;paiement;P1;C1;12,50
2026-01-01;conversion;;P1;100
2026-01-03;reconversion;C2;;0,05
"""
ACCOUNTS = """compte,role,titulaire,branche,solde_initial
P1,personne,,,0
C1,pro,boulangerie,pain,
C2,pro,boulangerie,pain,"20,5"
"""


def test_two_tables_become_flows_between_holders() -> None:
    read = read_flows(PAYMENTS.encode(), ACCOUNTS.encode())
    assert read.holders == ("P1", "boulangerie")
    assert read.flows.amount_cents.tolist() == [10_000, 1_250, 5]
    assert read.flows.payer.tolist() == [OUTSIDE, 0, 1]
    assert read.flows.kind.tolist() == [Flow.ISSUE, Flow.PAYMENT, Flow.REDEMPTION]
    assert read.flows.role.tolist() == [Role.PERSON, Role.PROFESSIONAL]
    assert read.flows.opening_cents.tolist() == [0, 2_050]
    assert [read.groups[place] for place in read.group] == ["", "pain"]
    assert after_last(read) == date(2026, 1, 4)
    assert day_number(read, date(2026, 1, 4)) == 3


def test_without_accounts_all_are_persons_and_without_a_kind_all_are_payments() -> None:
    read = read_flows(b"day,payer,payee,amount_cents\n2026-01-01,a,b,5\n")
    assert read.holders == ("a", "b")
    assert read.flows.kind.tolist() == [Flow.PAYMENT]
    assert read.flows.amount_cents.tolist() == [5]


def test_reversals_go_with_what_they_reverse() -> None:
    text = "day,payer,payee,amount,id,reverses\n2026-01-01,a,b,5,1,\n2026-01-02,a,b,7,2,\n2026-01-03,b,a,7,3,2\n"
    assert read_flows(text.encode()).flows.amount_cents.tolist() == [500]


@pytest.mark.parametrize(
    ("payments", "accounts", "places"),
    [
        ("jour;payeur;beneficiaire;montant\n2026-02-30;a;b;1\n", None, [(2, "day")]),
        ("jour;payeur;beneficiaire;montant\n2026-02-01;a;b;1\n2026-02-01;a;b;1,005\n", None, [(3, "amount")]),
        ("jour;payeur;beneficiaire;montant\n2026-02-01;a;b;-1\n", None, [(2, "amount")]),
        ("jour;payeur;beneficiaire;montant\n2026-02-01;a;b;0\n", None, [(2, "amount")]),
        ("jour;payeur;beneficiaire;montant\n2026-02-01;a;b;=1+1\n", None, [(2, "amount")]),
        ("jour;payeur;beneficiaire;montant\n2026-02-01;a;;1\n", None, [(2, "payee")]),
        ("jour;nature;payeur;beneficiaire;montant\n2026-02-01;don;a;b;1\n", None, [(2, "kind")]),
        (PAYMENTS, ACCOUNTS.replace("personne", "roi"), [(2, "role")]),
        (PAYMENTS, ACCOUNTS.replace("C2,", "C1,"), [(3, "account"), (4, "account")]),
        (PAYMENTS, ACCOUNTS.replace("20,5", "-3"), [(4, "opening")]),
        (PAYMENTS, ACCOUNTS.replace("C2,", "C3,"), [(4, "payer")]),
    ],
)
def test_each_fault_is_told_with_its_line(payments: str, accounts: str | None, places: list) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_flows(payments.encode(), accounts.encode() if accounts else None)
    assert [(one.line, one.column) for one in refused.value.facts["problems"]] == places


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xff\xfe\x00", b"a;b\n1;2\n", b"jour;payeur;beneficiaire;montant\n", b"jour;payeur;montant\n"]
)  # fmt: skip
def test_what_is_no_table_of_payments_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        read_flows(content)
