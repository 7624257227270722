"""A local currency: its ledger, told in plain Python. Integer cents, double entry, nothing ever changed or erased.

    Request ── Leg, Leg…            all together or none; the same key asked again gets the same answer
       │ submit
       ▼
    Book ── Account ══ Transfer     each transfer leaves one account and enters another: Σ = 0 by its shape
                          │ seal
                          ▼
    genesis ─→ block ─→ block ─→ head      verify(Rows) recomputes everything from the rows alone

The database says the same rules in `web/currency/sql`; this package is what it is held to.
"""

from ressort.core.currency.amounts import balance_of, cents_of
from ressort.core.currency.beancount import beancount
from ressort.core.currency.binary import sent_rows
from ressort.core.currency.book import Account, Book, Transfer
from ressort.core.currency.chain import ACCOUNT, GENESIS, TRANSFER, block_hash, records
from ressort.core.currency.chart import KINDS, OPERATIONS, Kind, kind, operation
from ressort.core.currency.demurrage import Melting, MeltingRule, Move, melt, melted, moved, taken_cents
from ressort.core.currency.ledger import (
    EPOCH,
    MOST_CENTS,
    NO_CEILING_CENTS,
    NO_FLOOR_CENTS,
    Action,
    Answer,
    Leg,
    Reason,
    Request,
    State,
    Status,
    request_hash,
)
from ressort.core.currency.rows import Rows
from ressort.core.currency.verify import Verdict, verify

__all__ = [
    "ACCOUNT",
    "EPOCH",
    "GENESIS",
    "KINDS",
    "MOST_CENTS",
    "NO_CEILING_CENTS",
    "NO_FLOOR_CENTS",
    "OPERATIONS",
    "TRANSFER",
    "Account",
    "Action",
    "Answer",
    "Book",
    "Kind",
    "Leg",
    "Melting",
    "MeltingRule",
    "Move",
    "Reason",
    "Request",
    "Rows",
    "State",
    "Status",
    "Transfer",
    "Verdict",
    "balance_of",
    "beancount",
    "block_hash",
    "cents_of",
    "kind",
    "melt",
    "melted",
    "moved",
    "operation",
    "records",
    "request_hash",
    "sent_rows",
    "taken_cents",
    "verify",
]
