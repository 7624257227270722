"""Each account replayed from nothing: its entries one after the other, and where they lead."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ressort.core.currency.ledger import State
from ressort.core.currency.rows import Rows, book, named, places, previous, told
from ressort.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class _Entries:
    """Every entry, by account and version; `first` marks the first of each account."""

    account: np.ndarray
    version: np.ndarray
    change: np.ndarray
    after: np.ndarray
    transfer: np.ndarray
    first: np.ndarray


def _entries_of(rows: Rows) -> _Entries:
    moved = rows.transfers[rows.transfers["state"] == State.POSTED]
    part = Rows(rows.accounts, rows.balances, moved, rows.blocks)
    account = np.concatenate([places(part, "debit_account"), places(part, "credit_account")])
    version = np.concatenate([moved["debit_version"], moved["credit_version"]]).astype(np.int64)
    amount = moved["amount_cents"].astype(np.int64)
    change = np.concatenate([-amount, amount])
    after = np.concatenate([moved["debit_after_cents"], moved["credit_after_cents"]]).astype(np.int64)
    ids = np.tile(moved["id"].astype(np.int64), 2)
    order = _order(account, version)
    account = account[order]
    first = np.ones(len(account), bool)
    first[1:] = account[1:] != account[:-1]
    return _Entries(account, version[order], change[order], after[order], ids[order], first)


def _order(account: np.ndarray, version: np.ndarray) -> np.ndarray:
    """Entries by account and version: counted into place when versions are 1..n, as they should be; sorted when they are not."""
    if len(account) and account.min() >= 0:
        counts = np.bincount(account)
        place = np.cumsum(counts)[account] - counts[account] + version - 1
        if ((version >= 1) & (version <= counts[account])).all():
            order = np.full(len(account), -1)
            order[place] = np.arange(len(account))
            if (order >= 0).all():
                return order
    return np.lexsort((version, account))


def replay(rows: Rows) -> Iterator[RuleBroken]:
    """Each account replayed from nothing: versions 1..n without gap, in the order of the transfers, and running balances."""
    e = _entries_of(rows)
    before = np.where(e.first, 0, previous(e.after))
    for at in told(e.version != np.where(e.first, 0, previous(e.version)) + 1):
        yield RuleBroken(
            "Account {account}: its version {version} is not the next one.",
            account=named(rows, e.account[at]),
            version=int(e.version[at]),
            invariant="I4",
        )
    for at in told(before + e.change != e.after):
        yield RuleBroken(
            "Account {account}, transfer {transfer}: the balance written is not the one before plus the amount.",
            account=named(rows, e.account[at]),
            transfer=int(e.transfer[at]),
            invariant="I2",
        )
    for at in told(~e.first & (e.transfer <= previous(e.transfer))):
        yield RuleBroken(
            "Account {account}, transfer {transfer}: its versions are not in the order of the transfers.",
            account=named(rows, e.account[at]),
            transfer=int(e.transfer[at]),
            invariant="I10",
        )
    yield from _balances(rows, e)


def _balances(rows: Rows, e: _Entries) -> Iterator[RuleBroken]:
    """What each account shows is where its entries lead, above its floor; each unit of each currency sums to zero."""
    last = np.ones(len(e.first), bool)
    last[:-1] = e.first[1:]
    last &= e.account >= 0
    balance, count = np.zeros(len(rows.accounts), np.int64), np.zeros(len(rows.accounts), np.int64)
    balance[e.account[last]], count[e.account[last]] = e.after[last], e.version[last]
    shown = rows.balances
    for at in told((balance != shown["balance_cents"]) | (count != shown["version"])):
        yield RuleBroken(
            "Account {account} shows {shown} cents; its entries lead to {replayed}.",
            account=named(rows, at),
            shown=int(shown["balance_cents"][at]),
            replayed=int(balance[at]),
            invariant="I2",
        )
    for at in told(shown["balance_cents"] - shown["pending_out_cents"] < shown["floor_cents"]):
        yield RuleBroken("Account {account} is below its floor.", account=named(rows, at), invariant="I3")
    units = book(rows)
    for one in np.unique(units).tolist():
        if total := int(shown["balance_cents"][units == one].sum()):
            yield RuleBroken(
                "The balances of currency {currency} sum to {total} cents, not to zero.",
                currency=one // 2,
                total=total,
                invariant="I1",
            )
