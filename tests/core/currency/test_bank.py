"""Bank files made, bank statements read, and what was expected found in them."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency.bank import (
    DEBIT_VERSIONS,
    TRANSFER_VERSIONS,
    BankLine,
    Collection,
    Expected,
    Party,
    Transfer,
    bank_id,
    bank_text,
    collections_file,
    creditor_identifier,
    iban,
    read_camt,
    read_statement_csv,
    reconcile,
    transfers_file,
)
from ressort.core.errors import RuleBroken

US = Party("Association L’Abeille", "FR76 3000 6000 0112 3456 7890 189")
SHOP = Party("Épicerie Œuf & Cie", "DE89370400440532013000")
DAY, NOW = date(2026, 3, 2), datetime(2026, 3, 1, 8, 0)
ONE = Transfer(SHOP, 9_500, "R-2026-1", "Reconversion")
DUES = Collection(SHOP, 1_000, "C-1", "Cotisation", "MD-7", date(2026, 1, 1), "FRST")


def _texts(content: bytes, name: str) -> list[str | None]:
    return [node.text for node in ElementTree.fromstring(content).iter() if node.tag.endswith("}" + name)]


@pytest.mark.parametrize("version", TRANSFER_VERSIONS)
def test_transfers_follow_the_schema_of_each_version_and_are_the_same_bytes_again(version: str) -> None:
    lines = [ONE, replace(ONE, end_to_end="R-2026-2", amount_cents=5)]
    content = transfers_file(US, lines, DAY, "PAY-1", NOW, version)
    assert content == transfers_file(US, lines, DAY, "PAY-1", NOW, version)
    assert _texts(content, "EndToEndId") == ["R-2026-1", "R-2026-2"]
    assert _texts(content, "InstdAmt") == ["95.00", "0.05"]
    assert _texts(content, "CtrlSum") == ["95.05", "95.05"]
    assert _texts(content, "MsgId") == ["PAY-1"] and _texts(content, "PmtInfId") == ["PAY-1-1"]
    assert _texts(content, "CreDtTm") == ["2026-03-01T08:00:00"]
    assert "Epicerie OEuf Cie" in _texts(content, "Nm")
    unknown = b"<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>"
    assert unknown in content, "a bank known by its account number alone, as banks ask"


@pytest.mark.parametrize("version", DEBIT_VERSIONS)
def test_collections_follow_the_schema_of_each_version(version: str) -> None:
    content = collections_file(US, "FR72ZZZ123456", [DUES, replace(DUES, end_to_end="C-2", mandate="MD-8", sequence="RCUR")], DAY, "D", NOW, version)  # fmt: skip
    assert _texts(content, "MndtId") == ["MD-7", "MD-8"] and _texts(content, "SeqTp") == ["FRST", "RCUR"]


@pytest.mark.parametrize(
    "change",
    [
        {"amount_cents": 0}, {"amount_cents": -1}, {"amount_cents": 10**11}, {"end_to_end": "x" * 36}, {"end_to_end": "/x"},
        {"end_to_end": "né"}, {"end_to_end": ""}, {"to": replace(SHOP, iban="DE89370400440532013001")}, {"to": replace(SHOP, name="🐝")},
        {"label": " "},
    ],
)  # fmt: skip
def test_what_no_bank_takes_is_refused_before_a_file_is_made(change: dict) -> None:
    with pytest.raises(RuleBroken):
        transfers_file(US, [replace(ONE, **change)], DAY, "PAY-1", NOW)


def test_files_without_sense_are_refused() -> None:
    for lines, day, message, version in (
        ([], DAY, "P", "pain.001.001.09"),
        ([ONE, ONE], DAY, "P", "pain.001.001.09"),
        ([ONE], NOW.date() - timedelta(1), "P", "pain.001.001.09"),
        ([ONE], DAY, "", "pain.001.001.09"),
        ([ONE], DAY, "P", "pain.001.001.02"),
    ):
        with pytest.raises(RuleBroken):
            transfers_file(US, lines, day, message, NOW, version)
    for some in ([DUES, replace(DUES, end_to_end="C-2")], [replace(DUES, signed_on=DAY + timedelta(1))]):
        with pytest.raises(RuleBroken):
            collections_file(US, "FR72ZZZ123456", some, DAY, "D", NOW)
    with pytest.raises(RuleBroken):
        collections_file(US, "FR73ZZZ123456", [DUES], DAY, "D", NOW)


@given(st.text(max_size=200))
def test_free_text_becomes_what_banks_take_or_is_refused(text: str) -> None:
    try:
        told = bank_text(text, 70)
    except RuleBroken:
        return
    assert 0 < len(told) <= 70 and told == told.strip()
    assert set(told) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ")


@given(st.text(max_size=40))
def test_identifiers_never_crash_on_any_text(text: str) -> None:
    for check in (iban, creditor_identifier, bank_id):
        with suppress(RuleBroken):
            assert check(text)


# statements

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">130.50</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="EUR">50.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>CONV-1</EndToEndId></Refs><RmtInf><Ustrd>Conversion</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-03-02T10:00:00</DtTm></BookgDt><NtryDtls>
<TxDtls><Refs><EndToEndId>R-1</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">5</Amt></TxAmt></AmtDtls></TxDtls>
<TxDtls><Refs><EndToEndId>R-2</EndToEndId></Refs><Amt Ccy="EUR">15.00</Amt></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""


def test_a_statement_is_read_with_the_parts_of_its_batches_and_without_what_is_only_expected() -> None:
    (found,) = read_camt(CAMT.encode())
    assert (found.iban, found.opening_cents, found.closing_cents) == ("FR7630006000011234567890189", 10_000, 13_050)
    assert [(one.line, one.amount_cents, one.reference) for one in found.lines] == [(6, 5_050, "CONV-1"), (9, -500, "R-1"), (10, -1_500, "R-2")]  # fmt: skip
    assert (found.lines[0].day, found.lines[1].day, found.lines[0].label) == (date(2026, 3, 1), DAY, "Conversion")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        CAMT.replace("<Document", BOMB + "<Document", 1).encode(),
        CAMT.replace("<Document", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><Document', 1).encode(),
        CAMT.replace('encoding="UTF-8"', 'encoding="UTF-16"')
        .replace("<Document", BOMB + "<Document", 1)
        .encode("utf-16"),
        b"<a>" * 5_000,
        b"",
        b"not xml",
        CAMT.encode()[:-40],
        CAMT.replace("camt.053", "pain.001").encode(),
        b"<html></html>",
    ],
)
def test_hostile_or_foreign_files_are_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        read_camt(content)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("50.50", "50.505", (6, "Amt")),
        ("50.50", "beaucoup", (6, "Amt")),
        ("2026-03-01", "2026-02-30", (6, "BookgDt")),
        ("130.50", "131.50", (2, "Bal")),
        ('<Ntry><Amt Ccy="EUR">50.50', '<Ntry><Amt Ccy="CHF">50.50', (6, "Amt")),
        ('<Amt Ccy="EUR">100.00', '<Amt Ccy="USD">100.00', (4, "Amt")),
    ],
)
def test_faults_of_a_statement_are_told_with_their_line(old: str, new: str, place: tuple) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_camt(CAMT.replace(old, new).encode())
    assert [(one.line, one.column) for one in refused.value.facts["problems"]] == [place]


def test_a_batch_told_in_another_currency_is_the_entry_in_euros() -> None:
    (found,) = read_camt(CAMT.replace('<Amt Ccy="EUR">5</Amt>', '<Amt Ccy="CHF">5</Amt>').encode())
    assert [one.amount_cents for one in found.lines] == [5_050, -2_000]


def test_a_statement_in_csv_in_another_currency_is_refused_with_its_line() -> None:
    text = "date;montant;devise\n2026-03-01;5;EUR\n2026-03-02;6;{}\n"
    assert len(read_statement_csv(text.format("€").encode()).lines) == 2
    with pytest.raises(RuleBroken) as refused:
        read_statement_csv(text.format("CHF").encode())
    assert [(one.line, one.column) for one in refused.value.facts["problems"]] == [(3, "devise")]


def test_a_statement_in_csv_is_read_with_one_amount_or_two() -> None:
    one = read_statement_csv("Date;Libellé;Montant;Référence\n01/03/2026;Conversion;1 050,50;CONV-1\n2026-03-02;Frais;-2;\n".encode("cp1252"))  # fmt: skip
    assert [(line.line, line.amount_cents, line.reference) for line in one.lines] == [(2, 105_050, "CONV-1"), (3, -200, "")]  # fmt: skip
    two = read_statement_csv(b"date,debit,credit\n2026-03-01,,5.00\n2026-03-02,-3.00,\n2026-03-03,3.00,\n")
    assert [line.amount_cents for line in two.lines] == [500, -300, -300]
    with pytest.raises(RuleBroken) as refused:
        read_statement_csv(b"date;debit;credit\n2026-13-01;;5\n2026-03-01;4;5\n2026-03-01;;\n")
    assert [(one.line, one.column) for one in refused.value.facts["problems"]] == [(2, "date"), (3, "montant"), (4, "montant")]  # fmt: skip
    for content in (b"", b"a;b\n", b"date;libelle\n"):
        with pytest.raises(RuleBroken):
            read_statement_csv(content)


# reconciliation


def line(cents: int, day: date = DAY, reference: str = "", label: str = "") -> BankLine:
    return BankLine(1, day, cents, reference, label)


def test_references_come_before_amounts_and_stand_as_words() -> None:
    expected = [
        Expected("a", DAY - timedelta(40), 500, "CONV-1"),
        Expected("b", DAY, 500),
        Expected("c", DAY, 700, "CONV-12"),
    ]
    lines = [line(500), line(500, label="virement conv-1 merci"), line(700, reference="CONV-123")]
    found = reconcile(lines, expected)
    assert [(one.line, one.key, one.by) for one in found.matches] == [
        (1, "a", "reference"), (0, "b", "amount_and_day"), (2, "c", "amount_and_day"),
    ]  # fmt: skip


def test_two_that_could_be_the_same_are_left_to_people() -> None:
    expected = [Expected("a", DAY, 500), Expected("b", DAY, 500)]
    found = reconcile([line(500)], expected)
    assert found.matches == () and found.unmatched_lines == (0,) and found.unmatched_keys == ("a", "b")


def test_a_reference_with_another_amount_is_told_and_not_matched() -> None:
    found = reconcile([line(499, reference="CONV-1")], [Expected("a", DAY, 500, "CONV-1"), Expected("b", DAY, 499)])
    assert found.other_amounts == ((0, "a"),) and found.matches == ()


def test_days_too_far_apart_do_not_meet() -> None:
    assert reconcile([line(5)], [Expected("a", DAY - timedelta(6), 5)]).matches == ()
    assert len(reconcile([line(5)], [Expected("a", DAY - timedelta(5), 5)]).matches) == 1
    with pytest.raises(RuleBroken):
        reconcile([], [Expected("a", DAY, 5), Expected("a", DAY, 5)])


DAYS = st.integers(0, 8).map(lambda days: DAY + timedelta(days))
WORDS = st.sampled_from(["", "R1", "R2", "R3"])


@given(
    st.lists(st.builds(line, st.integers(1, 3), DAYS, WORDS), max_size=8),
    st.lists(st.tuples(DAYS, st.integers(1, 3), WORDS), max_size=8),
)
def test_each_line_meets_one_operation_at_most_of_its_amount(lines: list, told: list) -> None:
    expected = [Expected(str(at), *one) for at, one in enumerate(told)]
    found = reconcile(lines, expected)
    by_key = {one.key: one for one in expected}
    assert len({one.line for one in found.matches}) == len({one.key for one in found.matches}) == len(found.matches)
    assert all(by_key[one.key].amount_cents == lines[one.line].amount_cents for one in found.matches)
    assert len(found.matches) + len(found.unmatched_lines) == len(lines)
    assert len(found.matches) + len(found.unmatched_keys) == len(expected)
    shuffled = reconcile(lines, expected[::-1])
    assert {(one.line, one.key) for one in shuffled.matches} == {(one.line, one.key) for one in found.matches}
