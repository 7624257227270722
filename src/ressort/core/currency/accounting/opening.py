"""What a year begins with, and what settles what: opening balances, and matching letters.

balances of the days before ─opening_entry→ journal AN, first      lines of an account ─matched→ letters each time it comes back to zero
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ressort.core.currency.accounting.books import BookAccount
from ressort.core.currency.accounting.columns import FecLine

JOURNAL, JOURNAL_NAME = "AN", "À-nouveaux"
_PROFIT_CLASSES = ("6", "7")


def opening_entry(
    balances_cents: Mapping[str, int], names: Mapping[str, str], carried: BookAccount, first_day: date, validated_on: date, number: int = 1
) -> list[FecLine]:  # fmt: skip
    """The entry that opens a year: what each account of classes 1 to 5 held, the result of the years before carried forward.

    Args:
        balances_cents: debit less credit of each account, the day before. names: name of each account.
        carried: the account that takes classes 6 and 7.
    """
    held: dict[str, int] = defaultdict(int)
    for code, cents in balances_cents.items():
        held[carried.code if code.startswith(_PROFIT_CLASSES) else code] += cents
    told = {**names, carried.code: carried.name}
    return [
        FecLine(
            journal=JOURNAL, journal_name=JOURNAL_NAME, entry=str(number), day=first_day, account=code, account_name=told[code], piece="AN",
            piece_day=first_day, label=f"{JOURNAL_NAME} {first_day:%Y}", validated_on=validated_on,
            debit_cents=max(cents, 0), credit_cents=max(-cents, 0),
        )
        for code, cents in sorted(held.items())
        if cents
    ]  # fmt: skip


def matched(lines: Sequence[FecLine], accounts: Collection[str]) -> list[FecLine]:
    """The same lines, those of some accounts bearing letters: each time an account comes back to zero, the lines since the last time.

    What is still open bears none.
    """
    found = list(lines)
    open_places: dict[str, list[int]] = defaultdict(list)
    balances: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for place, line in enumerate(lines):
        if line.account not in accounts:
            continue
        open_places[line.account].append(place)
        balances[line.account] += line.debit_cents - line.credit_cents
        if not balances[line.account]:
            letters = _letters(count[line.account])
            count[line.account] += 1
            for one in open_places.pop(line.account):
                found[one] = replace(found[one], matching=letters, matched_on=line.day)
    return found


def _letters(number: int) -> str:
    """AA, AB … ZZ, AAA…

    >>> [_letters(number) for number in (0, 25, 26, 675, 676)]
    ['AA', 'AZ', 'BA', 'ZZ', 'AAA']
    """
    width, first = 2, 26**2
    while number >= first:
        number -= first
        width, first = width + 1, first * 26
    text = ""
    for _place in range(width):
        number, letter = divmod(number, 26)
        text = chr(ord("A") + letter) + text
    return text


def names_of(accounts: Iterable[BookAccount]) -> dict[str, str]:
    """The name of each account."""
    return {one.code: one.name for one in accounts}
