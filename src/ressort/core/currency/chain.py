"""The chain over the transfers: blocks in the order of their ids, each sealed over the one before.

    genesis (32 zero bytes) ─→ block 1 ─→ block 2 ─→ … ─→ head, which is published

    hash = SHA-256(previous hash ‖ block id ‖ sealed at ‖ accounts opened: count, records ‖ transfers: count, records)

Every number is a signed big-endian integer, of 8 bytes but for the small ones; moments are microseconds and days are days
since 1 January 2000; what is absent is 0. A change of one byte of one transfer changes every head after it.
"""

from hashlib import sha256
from typing import Any

import numpy as np

GENESIS = bytes(32)

#: the record of an account, as sealed: what it is, which never changes
ACCOUNT = np.dtype([("id", ">i8"), ("currency", ">i2"), ("kind", ">i2"), ("unit", ">i2")])
#: the record of a transfer, with both its entries
TRANSFER = np.dtype(
    [
        ("id", ">i8"),
        ("request_key", "V16"),
        ("leg", ">i2"),
        ("operation", ">i2"),
        ("state", ">i2"),
        ("debit_account", ">i8"),
        ("credit_account", ">i8"),
        ("amount_cents", ">i8"),
        ("resolves", ">i8"),
        ("reverses", ">i8"),
        ("effective_on", ">i4"),
        ("expires_at", ">i8"),
        ("actor", ">i8"),
        ("created_at", ">i8"),
        ("debit_version", ">i8"),
        ("debit_after_cents", ">i8"),
        ("credit_version", ">i8"),
        ("credit_after_cents", ">i8"),
    ]
)


def records(columns: dict[str, Any], dtype: np.dtype[Any]) -> np.ndarray:
    """Columns as fixed records, ready to be hashed.

    Args:
        columns: one array per field, all of one length.
    """
    size = len(columns["id"])
    table = np.empty(size, dtype)
    for name in dtype.names or ():
        table[name] = columns[name]
    return table


def block_hash(previous: bytes, block: int, sealed_at: int, accounts: np.ndarray, transfers: np.ndarray) -> bytes:
    """The hash of one block over the one before.

    >>> none = np.empty(0, ACCOUNT), np.empty(0, TRANSFER)
    >>> block_hash(GENESIS, 1, 0, *none).hex()[:16]
    'd7272d936f77a9bf'
    """
    digest = sha256(previous)
    digest.update(np.array([block, sealed_at, len(accounts)], ">i8").tobytes())
    digest.update(np.ascontiguousarray(accounts).data)
    digest.update(np.array([len(transfers)], ">i8").tobytes())
    digest.update(np.ascontiguousarray(transfers).data)
    return digest.digest()
