"""The rows of a ledger as columns, and what every look at them needs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

Columns = dict[str, np.ndarray]
#: faults told of each sort; a ledger with more is no better known by telling them all
TOLD = 20
#: numbers of accounts are looked up in a table while it has at most so many rows an account
_SPARSE = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """The tables of a ledger, as columns.

    Args:
        accounts: records of `chain.ACCOUNT`, and its columns `balance_cents`, `pending_out_cents`, `floor_cents`, `version`.
        transfers: records of `chain.TRANSFER`, in id order.
        blocks: columns `id`, `last_account`, `last_transfer`, `accounts`, `transfers`, `sealed_at`, `previous_hash`, `hash`.
        accepted: keys of the accepted requests, when known.
    """

    accounts: np.ndarray
    balances: Columns
    transfers: np.ndarray
    blocks: Columns
    accepted: np.ndarray | None = None


def told(wrong: np.ndarray) -> Iterator[int]:
    """Positions of the first faults of a sort."""
    yield from np.flatnonzero(wrong)[:TOLD].tolist()


def places(rows: Rows, column: str) -> np.ndarray:
    """The position of each account named in the table of accounts; −1 when it is not there."""
    ids, asked = rows.accounts["id"].astype(np.int64), rows.transfers[column].astype(np.int64)
    if not len(ids):
        return np.full(len(asked), -1)
    most = int(ids.max())
    if ids.min() > 0 and most <= _SPARSE * len(ids):  # numbers without wide gaps: each tells its place
        place_of = np.full(most + 2, -1)
        place_of[ids] = np.arange(len(ids))
        return place_of[np.clip(asked, 0, most + 1)]
    place = np.minimum(np.searchsorted(ids, asked), len(ids) - 1)
    return np.where(ids[place] == asked, place, -1)


def named(rows: Rows, place: int) -> int:
    """The number of the account at a place; 0 when there is none."""
    return int(rows.accounts["id"][place]) if place >= 0 else 0


def book(rows: Rows) -> np.ndarray:
    """One number for each unit of each currency."""
    return rows.accounts["currency"].astype(np.int64) * 2 + rows.accounts["unit"]


def previous(values: np.ndarray) -> np.ndarray:
    """Each value's predecessor; 0 before the first."""
    shifted = np.zeros_like(values)
    shifted[1:] = values[:-1]
    return shifted
