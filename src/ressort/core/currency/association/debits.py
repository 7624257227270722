"""Direct debits of euros: when a bank collects, and why a member is left out of a collection.

SEPA mandate (signed, not revoked, in use) ─┐
what is due: a monthly credit, dues         ├─ left_out ─▶ collected on a bank day, told to the member before
day of collection                          ─┘

Core direct debit: told so many days before (14 unless agreed otherwise); taken back within 8 weeks, or 13 months without a
mandate; a mandate that collected nothing for 36 months has lapsed. Recalled from the rulebook of the EPC: to be confirmed by the bank.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PRENOTICE_DAYS = 14
LAPSE_MONTHS = 36
#: countries of SEPA, by the first letters of their account numbers (EPC409; GB and CH take core debits, some banks refuse them)
SEPA_COUNTRIES = frozenset(
    [
        "AD",
        "AL",
        "AT",
        "BE",
        "BG",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GI",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MC",
        "MD",
        "ME",
        "MK",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "RS",
        "SE",
        "SI",
        "SK",
        "SM",
        "VA",
    ]
)

LeftOut = Literal[
    "no_mandate", "not_signed", "signed_later", "revoked", "lapsed", "outside_sepa", "member_not_approved", "below_least",
    "above_ceiling", "one_per_file",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SepaMandate:
    """A mandate as the bank knows it. `last_on`: the last day it collected."""

    iban: str
    signed_on: date | None
    revoked_on: date | None = None
    last_on: date | None = None


def left_out(
    mandate: SepaMandate | None, on: date, amount_cents: int, *, is_approved: bool = True, least_cents: int = 1, room_cents: int | None = None
) -> LeftOut | None:  # fmt: skip
    """Why a member cannot be collected on a day; None when it can be.

    Args:
        least_cents: the least of one debit. room_cents: what the account may still receive in units; None when it receives none.
    """
    if mandate is None:
        return "no_mandate"
    why = _mandate_left_out(mandate, on)
    if why is not None:
        return why
    if not is_approved:
        return "member_not_approved"
    if amount_cents < least_cents:
        return "below_least"
    return "above_ceiling" if room_cents is not None and amount_cents > room_cents else None


def _mandate_left_out(mandate: SepaMandate, on: date) -> LeftOut | None:
    if mandate.signed_on is None:
        return "not_signed"
    if mandate.signed_on > on:
        return "signed_later"
    if mandate.revoked_on is not None and mandate.revoked_on <= on:
        return "revoked"
    if _months(max(mandate.signed_on, mandate.last_on or mandate.signed_on), on) >= LAPSE_MONTHS:
        return "lapsed"
    return "outside_sepa" if mandate.iban[:2] not in SEPA_COUNTRIES else None


def _months(first: date, last: date) -> int:
    """Whole months from a day to another."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def is_bank_day(day: date) -> bool:
    """Whether the European payment system is open: no weekend, and six days a year closed.

    >>> [is_bank_day(date(2026, 4, day)) for day in (2, 3, 4, 6, 7)]  # Good Friday, Saturday, Easter Monday
    [True, False, False, False, True]
    """
    easter = _easter(day.year)
    closed = {(1, 1), (5, 1), (12, 25), (12, 26)}
    return (
        day.weekday() < 5
        and (day.month, day.day) not in closed
        and day not in (easter - timedelta(2), easter + timedelta(1))
    )


def bank_day(day: date) -> date:
    """The first day from one on when banks collect.

    >>> bank_day(date(2026, 12, 25))
    datetime.date(2026, 12, 28)
    """
    while not is_bank_day(day):
        day += timedelta(1)
    return day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (8 * b + 13) // 25
    g = (19 * a + b - d - f + 15) % 30
    h = (a + 11 * g) // 319
    i, j = divmod(c, 4)
    k = (2 * e + 2 * i - j - g + h + 32) % 7
    month = (g - h + k + 90) // 25
    return date(year, month, (g - h + k + month + 19) % 32)
