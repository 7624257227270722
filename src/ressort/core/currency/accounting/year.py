"""A year of the books, whole: what it begins with, its entries, and what settles what."""

from collections.abc import Iterable, Mapping
from datetime import date

from ressort.core.currency.accounting.books import BookAccount, DayTotal, Sides, balances_cents, day_entries
from ressort.core.currency.accounting.columns import FecLine
from ressort.core.currency.accounting.opening import matched, names_of, opening_entry

#: accounts whose lines settle each other
MATCHED_ROLES = ("payable_paper", "payable_digital", "swap_paper", "swap_digital", "member_debts", "suspense")


def year_lines(
    before: Iterable[DayTotal], totals: Iterable[DayTotal], sides: Sides, accounts: Mapping[str, BookAccount], first_day: date, validated_on: date,
    first_number: int = 1,
) -> list[FecLine]:  # fmt: skip
    """The lines of a year: opening balances first, then each day and operation, matched.

    Args:
        before: totals of all the days before `first_day`; none for a first year.

    Raises:
        RuleBroken, MissingData: as for `day_entries`.
    """
    held = balances_cents(day_entries(before, sides, accounts, validated_on))
    names, carried = names_of(accounts.values()), accounts["carried_forward"]
    opening = opening_entry(held, names, carried, first_day, validated_on, first_number) if any(held.values()) else []
    entries = day_entries(totals, sides, accounts, validated_on, first_number + bool(opening))
    return matched([*opening, *entries], {accounts[role].code for role in MATCHED_ROLES})
