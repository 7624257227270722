"""The rows of a ledger as its database sends them in binary: records of one length, with no text in between to write and read.

PostgreSQL's binary COPY: 19 bytes, then for each row the number of its fields (2 bytes) and each field after its length (4 bytes), then
−1 (2 bytes). Moments are microseconds and days are days since 1 January 2000, as in the chain; what is absent is sent as 0.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ressort.core.currency.chain import ACCOUNT, TRANSFER, records
from ressort.core.currency.rows import Rows
from ressort.core.errors import InputError

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_BALANCES = ("balance_cents", "pending_out_cents", "floor_cents", "version")
_NUMBERS = ("id", "last_account", "last_transfer", "accounts", "transfers", "sealed_at")
_HASHES = ("previous_hash", "hash")
#: table → the fields that are sent, in their order
SENT = {
    "accounts": np.dtype([(name, ACCOUNT[name]) for name in ACCOUNT.names or ()] + [(name, ">i8") for name in _BALANCES]),
    "transfers": TRANSFER,
    "requests": np.dtype([("key", "V16")]),
    "blocks": np.dtype([(name, ">i8") for name in _NUMBERS] + [(name, "V32") for name in _HASHES]),
}  # fmt: skip


def sent_rows(sent: "Callable[[str], Any]") -> Rows:
    """The rows of a ledger.

    Args:
        sent: the bytes of each table of `SENT`, by its name: `requests` holds the keys of those accepted.

    Raises:
        InputError: a table of another shape.
    """
    accounts, transfers, blocks = (_table(sent, name) for name in ("accounts", "transfers", "blocks"))
    numbers = {name: blocks[name].astype(np.int64) for name in _NUMBERS}
    hashes = {name: np.array([bytes(one) for one in blocks[name]], object) for name in _HASHES}
    return Rows(
        records({name: accounts[name] for name in ACCOUNT.names or ()}, ACCOUNT),
        {name: accounts[name].astype(np.int64) for name in _BALANCES},
        records({name: transfers[name] for name in TRANSFER.names or ()}, TRANSFER),
        numbers | hashes,
        np.ascontiguousarray(_table(sent, "requests")["key"]),
    )


def _table(sent: "Callable[[str], Any]", name: str) -> np.ndarray:
    """The rows of one table, where they lie."""
    content, fields = memoryview(sent(name)), SENT[name]
    names = fields.names or ()
    row = np.dtype([("fields", ">i2"), *(part for one in names for part in ((f"{one} bytes", ">i4"), (one, fields[one])))])  # fmt: skip
    count, rest = divmod(len(content) - len(_SIGNATURE) - 2, row.itemsize)
    if count < 0 or rest or bytes(content[:19]) != _SIGNATURE or bytes(content[-2:]) != b"\xff\xff":
        raise _another(name)
    rows = np.frombuffer(content, row, count, len(_SIGNATURE))
    shaped = (rows["fields"] == len(names)).all()
    if not shaped or not all((rows[f"{one} bytes"] == fields[one].itemsize).all() for one in names):
        raise _another(name)
    return rows


def _another(name: str) -> InputError:
    return InputError(
        "The database does not send the table {table} as this version of Ressort reads it. Start Ressort once, which brings the database up to date.",
        table=name,
    )
