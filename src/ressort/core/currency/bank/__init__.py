"""The bank's side of a currency: files it executes, statements it gives back, and what was expected found in them.

Transfer… ─transfers_file→ pain.001      Collection… ─collections_file→ pain.008      (same content, same bytes)
camt.053, CSV ─read_camt, read_statement_csv→ BankLine… ─reconcile→ matches, and what is left to people
"""

from ressort.core.currency.bank.identifiers import bank_id, bank_text, bic, creditor_identifier, iban
from ressort.core.currency.bank.reconciliation import Expected, Match, Reconciliation, reconcile
from ressort.core.currency.bank.sepa import (
    DEBIT_VERSIONS,
    TRANSFER_VERSIONS,
    Collection,
    Party,
    Transfer,
    collections_file,
    transfers_file,
)
from ressort.core.currency.bank.statement import (
    BankLine,
    BankStatement,
    cents_of,
    day_of,
    is_xml,
    read_camt,
    read_statement_csv,
)

__all__ = [
    "DEBIT_VERSIONS",
    "TRANSFER_VERSIONS",
    "BankLine",
    "BankStatement",
    "Collection",
    "Expected",
    "Match",
    "Party",
    "Reconciliation",
    "Transfer",
    "bank_id",
    "bank_text",
    "bic",
    "cents_of",
    "collections_file",
    "creditor_identifier",
    "day_of",
    "iban",
    "is_xml",
    "read_camt",
    "read_statement_csv",
    "reconcile",
    "transfers_file",
]
