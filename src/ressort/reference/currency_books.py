"""What operations write in the books, and in which accounts: the templates shipped, or an association's own accounts."""

from collections import defaultdict

from ressort.core.currency.accounting import BookAccount, Side
from ressort.reference.tables import table


def book_sides() -> dict[tuple[str, str, str], list[Side]]:
    """What each movement of the ledger writes, by operation and kinds of accounts."""
    found: dict[tuple[str, str, str], list[Side]] = defaultdict(list)
    for row in table("currency/accounting_entries").fill_null("").to_dicts():
        key = row["operation"], row["from_account"], row["to_account"]
        found[key].append(Side(row["debit_role"], row["credit_role"]))
    return dict(found)


def book_accounts() -> dict[str, BookAccount]:
    """The accounts of the books by role: a template that an accountant confirms."""
    return {
        row["role"]: BookAccount(row["account_code"], row["name_fr"])
        for row in table("currency/fec_accounts").to_dicts()
    }
