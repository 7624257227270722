"""Direct debits: when banks are open, and who is left out of a collection, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency.association import SepaMandate, bank_day, is_bank_day, left_out
from ressort.core.currency.bank import read_camt

SIGNED = SepaMandate("FR7630006000011234567890189", date(2026, 1, 10))
ON = date(2026, 3, 5)


def test_a_mandate_in_force_is_collected() -> None:
    assert left_out(SIGNED, ON, 6_000, least_cents=2_000, room_cents=6_000) is None


@pytest.mark.parametrize(
    ("mandate", "given", "why"),
    [
        (None, {}, "no_mandate"),
        (replace(SIGNED, signed_on=None), {}, "not_signed"),
        (replace(SIGNED, signed_on=ON + timedelta(1)), {}, "signed_later"),
        (replace(SIGNED, revoked_on=ON), {}, "revoked"),
        (replace(SIGNED, signed_on=date(2023, 3, 5)), {}, "lapsed"),
        (replace(SIGNED, iban="US00"), {}, "outside_sepa"),
        (SIGNED, {"is_approved": False}, "member_not_approved"),
        (SIGNED, {"least_cents": 6_001}, "below_least"),
        (SIGNED, {"room_cents": 5_999}, "above_ceiling"),
    ],
)
def test_each_reason_to_be_left_out_is_told(mandate: SepaMandate | None, given: dict[str, int], why: str) -> None:
    assert left_out(mandate, ON, 6_000, **given) == why  # type: ignore[arg-type]


def test_a_mandate_revoked_later_and_one_in_use_are_collected() -> None:
    assert left_out(replace(SIGNED, revoked_on=ON + timedelta(1)), ON, 1) is None
    old = replace(SIGNED, signed_on=date(2020, 1, 1), last_on=date(2023, 3, 6))
    assert left_out(old, ON, 1) is None
    assert left_out(old, ON + timedelta(1), 1) == "lapsed", "36 months after the last collection"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_next_bank_day_is_open_near_and_never_before(day: date) -> None:
    found = bank_day(day)
    assert is_bank_day(found) and timedelta(0) <= found - day <= timedelta(5)
    assert is_bank_day(day) == (found == day)


def test_easter_is_where_calendars_put_it() -> None:
    """Good Fridays printed in calendars."""
    for friday in ("2024-03-29", "2025-04-18", "2026-04-03", "2027-03-26", "2038-04-23", "2285-03-20"):
        day = date.fromisoformat(friday)
        assert not is_bank_day(day) and not is_bank_day(day + timedelta(3)) and is_bank_day(day - timedelta(1))


CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">120.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-05</Dt></BookgDt>
<AcctSvcrRef>XYZ</AcctSvcrRef><NtryDtls><Btch><PmtInfId>RESSORT-P7-1</PmtInfId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">60.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-09</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>RESSORT-D31</EndToEndId></Refs><RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_a_statement_names_the_file_booked_together_and_why_a_debit_came_back() -> None:
    (statement,) = read_camt(CAMT.encode())
    told = [(one.amount_cents, one.reference, one.reason) for one in statement.lines]
    assert told == [(12_000, "RESSORT-P7-1", ""), (-6_000, "RESSORT-D31", "AM04")]
