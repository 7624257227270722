"""From the ledger to the books: daily totals of operations become entries of a FEC.

transfers ▶ totals by day, operation and kinds ▶ sides of the books ▶ one entry a day and operation, in order
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ressort.core.currency.accounting.columns import FecLine
from ressort.core.errors import MissingData, RuleBroken

#: what an association held in the system before: it opens the books, whatever day it was brought in
OPENING = "opening_balance"


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What one operation moved in a day from accounts of a kind to accounts of another; below zero when reversals prevail.

    `first_block` and `last_block` of the chain hold its transfers; 0 when they are not sealed.
    """

    day: date
    operation: str
    from_kind: str
    to_kind: str
    amount_cents: int
    first_block: int = 0
    last_block: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """What a movement writes: the roles of the accounts debited and credited; "" where other legs hold that side, twice "" for nothing."""

    debit_role: str
    credit_role: str


@dataclass(frozen=True, slots=True)
class BookAccount:
    """An account of the books."""

    code: str
    name: str


Sides = Mapping[tuple[str, str, str], Sequence[Side]]


def day_entries(
    totals: Iterable[DayTotal], sides: Sides, accounts: Mapping[str, BookAccount], validated_on: date, first_number: int = 1
) -> list[FecLine]:  # fmt: skip
    """The lines of the books, entries numbered on from `first_number` in the order of days.

    Raises:
        RuleBroken: the legs of an operation do not balance. MissingData: a role without an account, or a movement that the
            table of entries does not tell: nothing is left out in silence.
    """
    grouped: dict[tuple[date, str], list[DayTotal]] = defaultdict(list)
    for total in totals:
        if total.amount_cents and (total.operation, total.from_kind, total.to_kind) not in sides:
            raise MissingData(
                "The table of entries does not say what {operation} writes from {source} to {target} ({day}). Add its line, empty if it writes nothing.",
                operation=total.operation, source=total.from_kind, target=total.to_kind, day=f"{total.day:%Y-%m-%d}",
            )  # fmt: skip
        if total.amount_cents:
            grouped[total.day, total.operation].append(total)
    lines: list[FecLine] = []
    number = first_number
    for (day, operation), some in sorted(grouped.items(), key=lambda one: (one[0][1] != OPENING, one[0])):
        amounts = _by_role(some, sides)
        if sum(amounts.values()):
            raise RuleBroken(
                "The legs of {operation} on {day} do not balance in the books: {rest_cents} too much. Verify the ledger first.",
                operation=operation, day=f"{day:%Y-%m-%d}", rest_cents=sum(amounts.values()),
            )  # fmt: skip
        made = [
            _line(number, day, operation, some, _account(accounts, role), cents, validated_on)
            for role, cents in sorted(amounts.items(), key=lambda item: (item[1] < 0, item[0]))
            if cents
        ]
        lines += made
        number += bool(made)
    return lines


def balances_cents(lines: Iterable[FecLine]) -> dict[str, int]:
    """Debit less credit of each account."""
    found: dict[str, int] = defaultdict(int)
    for line in lines:
        found[line.account] += line.debit_cents - line.credit_cents
    return dict(found)


def _by_role(totals: Iterable[DayTotal], sides: Sides) -> dict[str, int]:
    """Cents by role: above zero debited, below credited."""
    amounts: dict[str, int] = defaultdict(int)
    for total in totals:
        for side in sides[total.operation, total.from_kind, total.to_kind]:
            if side.debit_role:
                amounts[side.debit_role] += total.amount_cents
            if side.credit_role:
                amounts[side.credit_role] -= total.amount_cents
    return amounts


def _account(accounts: Mapping[str, BookAccount], role: str) -> BookAccount:
    if role not in accounts:
        raise MissingData("No account of the books is given for “{role}”. Add its line to the table of accounts.", role=role)  # fmt: skip
    return accounts[role]


def _line(
    number: int, day: date, operation: str, totals: Sequence[DayTotal], account: BookAccount, cents: int, validated_on: date
) -> FecLine:  # fmt: skip
    first = min(total.first_block for total in totals)
    last = max(total.last_block for total in totals)
    return FecLine(
        journal="AN" if operation == OPENING else "ML",
        journal_name="À-nouveaux" if operation == OPENING else "Monnaie locale",
        entry=str(number),
        day=day,
        account=account.code,
        account_name=account.name,
        piece=f"B{first}-B{last}",
        piece_day=day,
        label=f"{operation} {day:%Y-%m-%d}",
        debit_cents=max(cents, 0),
        credit_cents=max(-cents, 0),
        validated_on=validated_on,
    )
