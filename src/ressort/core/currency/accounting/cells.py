"""What one line of a FEC must be, whatever stands before and after it."""

import re
from collections.abc import Iterator
from datetime import date

from ressort.core.currency.accounting.columns import COLUMNS, OPTIONAL, PAIRS
from ressort.core.problem import Problem

_DAYS = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")
_AMOUNT = re.compile(r"(-?)([0-9]{1,15})(?:,([0-9]{1,2}))?")
_FOREIGN = re.compile(r"-?[0-9]{1,15}(?:,[0-9]{1,6})?")
_ACCOUNT = re.compile(r"[0-9]{3}[0-9A-Za-z]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def cents_of(text: str) -> int | None:
    """The cents of an amount with a decimal comma; None when it is not one.

    >>> cents_of("1234,5"), cents_of("-0,05"), cents_of("1 234,00"), cents_of("12.50")
    (123450, -5, None, None)
    """
    found = _AMOUNT.fullmatch(text)
    if not found:
        return None
    cents = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -cents if found[1] else cents


def day_of(text: str) -> date | None:
    """The day of eight digits; None when there is no such day.

    >>> day_of("20260228"), day_of("20260230"), day_of("28/02/2026")
    (datetime.date(2026, 2, 28), None, None)
    """
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def cell_problems(number: int, row: dict[str, str]) -> Iterator[Problem]:
    """What is wrong with the cells of one line, each alone and by pairs."""
    for name in COLUMNS:
        value = row[name]
        if not value.strip() and name not in OPTIONAL:
            yield Problem(number, name, "this field may not be empty.")
        elif _CONTROL.search(value):
            yield Problem(number, name, "“{given}” holds a character that is not printed.", {"given": ascii(value)})
    for name in _DAYS:
        if row[name].strip() and day_of(row[name]) is None:
            yield Problem(
                number, name, "“{given}” is not a day: write YYYYMMDD, such as 20261231.", {"given": row[name]}
            )
    if row["CompteNum"].strip() and not _ACCOUNT.fullmatch(row["CompteNum"]):
        yield Problem(
            number,
            "CompteNum",
            "“{given}” is not an account: three digits of the chart of accounts come first, then digits or letters.",
            {"given": row["CompteNum"]},
        )
    for one, other in PAIRS:
        if bool(row[one].strip()) != bool(row[other].strip()):
            empty, filled = (one, other) if row[other].strip() else (other, one)
            yield Problem(number, empty, "this field is empty while {other} is filled: fill both or none.", {"other": filled})  # fmt: skip
    yield from _amount_problems(number, row)


def _amount_problems(number: int, row: dict[str, str]) -> Iterator[Problem]:
    for name in ("Debit", "Credit"):
        if row[name].strip() and cents_of(row[name]) is None:
            yield Problem(
                number,
                name,
                "“{given}” is not an amount: digits, a comma, at most two decimals, no space between thousands (1234,56).",
                {"given": row[name]},
            )
    if row["Montantdevise"].strip() and not _FOREIGN.fullmatch(row["Montantdevise"]):
        yield Problem(number, "Montantdevise", "“{given}” is not an amount: digits, a comma, at most six decimals.", {"given": row["Montantdevise"]})  # fmt: skip
    debit, credit = cents_of(row["Debit"]), cents_of(row["Credit"])
    if debit and credit:
        yield Problem(number, "Credit", "debit and credit are both filled: a line stands on one side only.")
