"""The ledger as Beancount text: another program, by other people, adds it all up again.

One `open` per account, one transaction per posted transfer, one `balance` per account at the end of each month in which it moved.
Members are numbers. Source accounts are equity, all others assets: each balance is written as it stands in the ledger.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import numpy as np

from ressort.core.currency.chart import KINDS, OPERATIONS
from ressort.core.currency.ledger import EPOCH, State
from ressort.core.currency.rows import Rows


def beancount(rows: Rows, codes: dict[int, str]) -> Iterator[str]:
    """The lines of a Beancount file.

    Args:
        rows: the ledger, its accounts and transfers in id order.
        codes: the code of each currency.
    """
    named = {int(one["id"]): (_name(one, codes), codes[int(one["currency"])] if not one["unit"] else "EUR") for one in rows.accounts}  # fmt: skip
    moved = rows.transfers[rows.transfers["state"] == State.POSTED]
    moved = moved[np.argsort(moved["effective_on"], kind="stable")]
    first = EPOCH + timedelta(days=int(moved["effective_on"][0])) if len(moved) else EPOCH
    yield 'option "title" "Ressort"'
    for name, commodity in named.values():
        yield f"{first} open {name} {commodity}"
    balance = dict.fromkeys(named, 0)
    for month, those in groupby(moved, key=lambda one: _month(int(one["effective_on"]))):
        touched: set[int] = set()
        for one in those:
            debit, credit, cents = int(one["debit_account"]), int(one["credit_account"]), int(one["amount_cents"])
            balance[debit] -= cents
            balance[credit] += cents
            touched |= {debit, credit}
            yield f'{EPOCH + timedelta(days=int(one["effective_on"]))} * "{OPERATIONS[int(one["operation"]) - 1]}"'
            yield f'  transfer: "{int(one["id"])}"'
            yield f"  {named[debit][0]}  {_units(-cents)} {named[debit][1]}"
            yield f"  {named[credit][0]}  {_units(cents)} {named[credit][1]}"
        after = (month + timedelta(days=31)).replace(day=1)
        for account in sorted(touched):
            yield f"{after} balance {named[account][0]}  {_units(balance[account])} {named[account][1]}"


def _name(account: np.void, codes: dict[int, str]) -> str:
    """An account in Beancount's words: `Assets:ABE:Member:A12`."""
    kind = KINDS[int(account["kind"]) - 1]
    root = "Equity" if kind.is_source else "Assets"
    return f"{root}:{codes[int(account['currency'])]}:{kind.code.title().replace('_', '-')}:A{int(account['id'])}"


def _month(day: int) -> date:
    return (EPOCH + timedelta(days=day)).replace(day=1)


def _units(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
