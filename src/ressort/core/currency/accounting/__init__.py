"""The books of an association that runs a local currency: from its ledger to the file that the law asks for, and its checks.

    transfers ─→ DayTotal ─day_entries→ FecLine, FecLine… ─fec_text→ 732829320FEC20261231.txt
                                                                           │ check_fec
                                          FecReport ── Problem (line, field, what is wrong) ◄┘

Sums are whole cents. Nothing here names a person: an auxiliary account is the code of a member.
"""

from ressort.core.currency.accounting.books import BookAccount, DayTotal, Side, balances_cents, day_entries
from ressort.core.currency.accounting.columns import COLUMNS, OPTIONAL, FecLine, decimal_comma
from ressort.core.currency.accounting.fec import FecReport, check_fec, fec_name, fec_text, is_siren
from ressort.core.currency.accounting.opening import matched, names_of, opening_entry
from ressort.core.currency.accounting.year import MATCHED_ROLES, year_lines

__all__ = [
    "COLUMNS",
    "MATCHED_ROLES",
    "OPTIONAL",
    "BookAccount",
    "DayTotal",
    "FecLine",
    "FecReport",
    "Side",
    "balances_cents",
    "check_fec",
    "day_entries",
    "decimal_comma",
    "fec_name",
    "fec_text",
    "is_siren",
    "matched",
    "names_of",
    "opening_entry",
    "year_lines",
]
