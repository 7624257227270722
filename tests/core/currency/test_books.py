"""From the ledger to the books, and the checks of the file that the law asks for."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency.accounting import (
    COLUMNS,
    OPTIONAL,
    DayTotal,
    balances_cents,
    check_fec,
    day_entries,
    fec_name,
    fec_text,
    year_lines,
)
from ressort.core.errors import MissingData, RuleBroken
from ressort.reference import table
from ressort.reference.currency_books import book_accounts, book_sides
from tests.core.currency.operations_told import operations, told

CLOSING = date(2026, 12, 31)
NAME = "732829320FEC20261231.txt"
DONE = st.lists(
    st.tuples(
        st.sampled_from(operations()), st.integers(100, 10**9), st.integers(0, 99), st.integers(0, 360), st.integers(0, 2)
    ),
    min_size=1,
)  # fmt: skip


def _totals(done: list[tuple[str, int, int, int, int]]) -> tuple[list[DayTotal], dict[str, int]]:
    """Daily totals of operations done, and the balance that the ledger gives each kind of account."""
    amounts: dict[tuple[date, str, str, str], int] = defaultdict(int)
    balances: dict[str, int] = defaultdict(int)
    for operation, cents, fee, days, which in done:
        meanings = list(told(operation, cents, fee))
        for source, target, moved in meanings[which % len(meanings)]:
            amounts[date(2026, 1, 1) + timedelta(days), operation, source, target] += moved
            balances[source] -= moved
            balances[target] += moved
    return [DayTotal(*key, cents, 1, 2) for key, cents in amounts.items()], balances


@given(DONE)
def test_the_books_hold_what_the_ledger_holds(done: list[tuple[str, int, int, int, int]]) -> None:
    totals, ledger = _totals(done)
    books = balances_cents(day_entries(totals, book_sides(), book_accounts(), CLOSING))
    code = {role: account.code for role, account in book_accounts().items()}

    def held(role: str) -> int:
        return books.get(code[role], 0)

    for fund in ("paper", "digital"):
        # the bank check: the statement of the reserve account holds the reserve and what is still to pay out
        assert held(f"reserve_{fund}_bank") == ledger[f"reserve_{fund}"] + ledger[f"payable_{fund}"]
        assert -held(f"payable_{fund}") == ledger[f"payable_{fund}"]
        assert held(f"swap_{fund}") == ledger[f"swap_{fund}"]
    for fund in ("paper", "digital", "operating"):
        assert held(f"till_{fund}") == ledger[f"office_eur_till_{fund}"]
        assert held(f"deposit_bank_{fund}") == ledger[f"deposit_bank_{fund}"]
    assert held("operating_bank") == ledger["operating_bank"]
    assert -held("units_paper") == ledger["notes_circulation"] + ledger["office_notes_till"]
    assert -held("units_digital") == -ledger["digital_issue"]
    assert sum(books.values()) == 0


@given(DONE)
def test_what_is_written_from_the_ledger_conforms(done: list[tuple[str, int, int, int, int]]) -> None:
    lines = day_entries(_totals(done)[0], book_sides(), book_accounts(), CLOSING)
    report = check_fec(fec_text(lines).encode(), NAME)
    assert report.conforms == bool(lines), [one.say(str) for one in report.problems]
    assert report.debit_cents == report.credit_cents


def test_a_reversal_comes_off_what_it_reverses() -> None:
    totals = [DayTotal(CLOSING, "dues_in_eur", "outside_eur", "office_eur_till_operating", -500)]
    lines = day_entries(totals, book_sides(), book_accounts(), CLOSING)
    assert [(line.account, line.debit_cents, line.credit_cents) for line in lines] == [
        ("756000", 500, 0),
        ("530300", 0, 500),
    ]


def test_legs_that_do_not_balance_are_refused() -> None:
    half = [DayTotal(CLOSING, "exchange_to_notes", "outside_eur", "office_eur_till_paper", 500)]
    with pytest.raises(RuleBroken) as refused:
        day_entries(half, book_sides(), book_accounts(), CLOSING)
    assert refused.value.facts["rest_cents"] == 500


def test_a_role_without_an_account_is_named() -> None:
    totals = [DayTotal(CLOSING, "dues_in_eur", "outside_eur", "office_eur_till_operating", 500)]
    with pytest.raises(MissingData):
        day_entries(totals, book_sides(), {}, CLOSING)


def test_the_columns_are_those_of_the_law() -> None:
    told_columns = table("currency/fec_columns").sort("position")
    assert tuple(told_columns["field"]) == COLUMNS
    assert set(told_columns.filter(value_required="no")["field"]) == OPTIONAL


def test_every_movement_of_the_books_is_one_of_the_table_of_operations() -> None:
    known = {(name, *leg[:2]) for name in operations() for legs in told(name, 100) for leg in legs}
    known |= {("settle_swap", target, source) for _name, source, target in known if _name == "settle_swap"}
    assert set(book_sides()) <= known
    assert {side.debit_role for sides in book_sides().values() for side in sides} <= {*book_accounts(), ""}


def _file(*changes: tuple[int, str, str], rows: int = 2) -> bytes:
    """Two entries of two lines that conform, with cells changed: (line, field, value)."""
    lines = [dict.fromkeys(COLUMNS, "") for _row in range(2 * rows)]
    for place, row in enumerate(lines):
        day = f"202603{10 + place // 2:02d}"
        row |= {"JournalCode": "VE", "JournalLib": "Ventes", "EcritureNum": str(place // 2 + 1), "EcritureDate": day}
        row |= {"CompteNum": "411000", "CompteLib": "Clients", "PieceRef": "F1", "PieceDate": day, "EcritureLib": "x"}
        row |= {"Debit": "10,00", "Credit": "0,00", "ValidDate": day}
        if place % 2:
            row |= {"CompteNum": "706000", "CompteLib": "Services", "Debit": "0,00", "Credit": "10,00"}
    for line, name, value in changes:
        lines[line - 2][name] = value
    return "\n".join(["\t".join(COLUMNS), *("\t".join(row.values()) for row in lines), ""]).encode()


def _places(content: bytes, name: str | None = NAME) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in check_fec(content, name).problems]


def test_a_file_that_conforms_is_told_so() -> None:
    report = check_fec(_file(), NAME)
    assert report.conforms and not report.advice
    assert (report.lines, report.entries, report.debit_cents, report.credit_cents) == (4, 2, 2000, 2000)


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ([(3, "EcritureLib", " ")], [(3, "EcritureLib")]),
        ([(3, "PieceDate", "20260229")], [(3, "PieceDate")]),
        ([(3, "PieceDate", "10/03/2026")], [(3, "PieceDate")]),
        ([(3, "CompteNum", "70A")], [(3, "CompteNum")]),
        ([(3, "CompAuxNum", "M12")], [(3, "CompAuxLib")]),
        ([(3, "EcritureLet", "AA")], [(3, "DateLet")]),
        ([(3, "DateLet", "20260310")], [(3, "EcritureLet")]),
        ([(3, "Montantdevise", "10,00")], [(3, "Idevise")]),
        ([(3, "Credit", "10.00")], [(3, "Credit")]),
        ([(3, "Credit", "1 010,00")], [(3, "Credit")]),
        ([(3, "Credit", "10,001")], [(3, "Credit")]),
        ([(3, "Debit", "5,00"), (3, "Credit", "15,00")], [(3, "Credit")]),
        ([(3, "Credit", "10,01")], [(2, "EcritureNum")]),
        ([(4, "EcritureNum", "3"), (5, "EcritureNum", "3")], [(4, "EcritureNum")]),
        ([(4, "EcritureNum", "B2"), (5, "EcritureNum", "B2")], [(4, "EcritureNum")]),
        ([(5, "EcritureDate", "20260312")], [(5, "EcritureDate")]),
        ([(2, "ValidDate", "20260401"), (3, "ValidDate", "20260401")], [(4, "ValidDate")]),
        ([(4, "EcritureDate", "20270101"), (5, "EcritureDate", "20270101")], [(4, "EcritureDate"), (5, "EcritureDate")]),
        ([(4, "JournalCode", "AN"), (5, "JournalCode", "AN")], [(4, "JournalCode")]),
        ([(4, "CompteNum", "120000")], [(4, "EcritureNum")]),
        ([(3, "EcritureLib", "a\x07b")], [(3, "EcritureLib")]),
        ([(3, "EcritureLib", "a\tb")], [(2, "EcritureNum"), (3, "")]),
        ([(3, "EcritureLib", "a\nb")], [(2, "EcritureNum"), (3, ""), (4, "")]),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line_and_field(changes: list, places: list) -> None:
    assert _places(_file(*changes)) == places


def test_entries_may_be_numbered_by_journal() -> None:
    two = [(4, "JournalCode", "BQ"), (5, "JournalCode", "BQ"), (4, "EcritureNum", "1"), (5, "EcritureNum", "1")]
    assert _places(_file(*two)) == []


def test_an_entry_that_comes_back_after_another_one_is_told() -> None:
    again = [(6, "EcritureNum", "1"), (7, "EcritureNum", "1")]
    assert (6, "EcritureNum") in _places(_file(*again, rows=3))


def test_opening_balances_may_be_validated_after_what_follows() -> None:
    opening = [(line, name, value) for line in (2, 3) for name, value in (("JournalCode", "AN"), ("ValidDate", "20260901"))]  # fmt: skip
    assert _places(_file(*opening)) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\xef\xbb\xbf" + _file(), (1, "JournalCode")),
        (_file().replace(b"Debit", b"debit", 1), (1, "Debit")),
        (_file().replace(b"\tIdevise", b"", 1), (1, "Idevise")),
        (_file().replace(b"\t", b";"), (1, "")),
        (_file().split(b"\n")[0], (0, "")),
        (b"a\x00b", (0, "")),
        (b"", (1, "")),
        (_file() + b"\n", (6, "")),
    ],
)
def test_a_file_of_another_shape_is_told(content: bytes, place: tuple[int, str]) -> None:
    assert _places(content)[0] == place


@pytest.mark.parametrize("name", ["fec.txt", "732829321FEC20261231.txt", "732829320FEC20261331.txt"])
def test_the_name_bears_a_number_and_a_day(name: str) -> None:
    assert _places(_file(), name) == [(0, "")]


def test_latin_accents_and_pipes_are_read() -> None:
    text = _file((3, "EcritureLib", "œuvre à 5 €")).decode().replace("\t", "|")
    report = check_fec(text.encode("iso-8859-15"), NAME)
    assert report.conforms and report.encoding == "iso-8859-15"


def test_lines_of_two_encodings_in_one_file_are_told() -> None:
    first, *rest = _file((2, "EcritureLib", "é"), (3, "EcritureLib", "è"), (4, "EcritureLib", "ê")).split(b"\n")
    rest[1] = rest[1].decode().encode("iso-8859-15")
    assert _places(b"\n".join([first, *rest])) == [(3, "")]
    assert _places(_file((3, "EcritureLib", "è")).decode().encode("iso-8859-15")) == []


def test_what_is_allowed_but_odd_is_told_apart() -> None:
    odd = [(2, "EcritureLet", "A"), (2, "DateLet", "20260331"), (4, "Debit", "0,00"), (4, "Credit", "-10,00")]
    report = check_fec(_file(*odd), NAME)
    assert report.conforms
    assert [(one.line, one.column) for one in report.advice] == [(4, "Credit"), (2, "EcritureLet")]


def test_faults_without_number_are_counted_but_not_all_told() -> None:
    content = _file() + b"x\n" * 5_000
    report = check_fec(content, NAME)
    assert report.problem_count == 5_000 and len(report.problems) == 1_000


def test_codes_that_would_break_the_file_are_refused_and_labels_cleaned() -> None:
    totals = [DayTotal(CLOSING, "dues_in_eur", "outside_eur", "office_eur_till_operating", 500)]
    from ressort.core.currency.accounting import BookAccount

    accounts = book_accounts() | {"dues": BookAccount("756\t1", "a\tb")}
    with pytest.raises(RuleBroken):
        fec_text(day_entries(totals, book_sides(), accounts, CLOSING))
    accounts["dues"] = BookAccount("7561", "a\tb\nc")
    assert check_fec(fec_text(day_entries(totals, book_sides(), accounts, CLOSING)).encode(), NAME).conforms


def test_a_number_that_is_none_gives_no_name() -> None:
    assert fec_name("732829320", CLOSING) == NAME
    with pytest.raises(RuleBroken):
        fec_name("123456789", CLOSING)


@given(DONE, DONE)
def test_a_year_begins_with_what_the_one_before_ended_with(before: list, done: list) -> None:
    old, sides, accounts = _totals(before)[0], book_sides(), book_accounts()
    lines = year_lines(old, _totals(done)[0], sides, accounts, date(2026, 1, 1), CLOSING)
    report = check_fec(fec_text(lines).encode(), NAME)
    assert report.conforms == bool(lines), [one.say(str) for one in report.problems]
    whole = balances_cents(
        [*day_entries(old, sides, accounts, CLOSING), *day_entries(_totals(done)[0], sides, accounts, CLOSING)]
    )
    for code, cents in balances_cents(lines).items():
        if code < "6" and code != accounts["carried_forward"].code:
            assert cents == whole.get(code, 0)
    assert sum(balances_cents(lines).values()) == 0


def test_lines_that_settle_each_other_bear_the_same_letters_and_what_is_open_bears_none() -> None:
    day = [date(2026, 3, number) for number in (1, 2, 3, 4)]
    moves = [("redeem_digital", 500), ("pay_redemption", 500), ("redeem_digital", 300), ("redeem_digital", 200)]
    totals = []
    for when, (operation, cents) in zip(day, moves, strict=True):
        for source, target, moved in list(told(operation, cents))[-1]:
            totals.append(DayTotal(when, operation, source, target, moved))
    lines = year_lines([], totals, book_sides(), book_accounts(), date(2026, 1, 1), CLOSING)
    payable = [(line.day, line.matching, line.matched_on) for line in lines if line.account == "467400"]
    assert payable == [(day[0], "AA", day[1]), (day[1], "AA", day[1]), (day[2], "", None), (day[3], "", None)]
    assert not check_fec(fec_text(lines).encode(), NAME).advice
