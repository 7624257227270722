"""The chart of accounts and the operations, by number. The words, the legs and the sources are in `reference/currency`.

`paper` and `digital` tell how a balance counts in the cover of each fund: +1 euros behind the units, −1 units owed to somebody.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of account. `is_euro`: it holds euros, not local units. `is_source`: no floor, money comes from there."""

    id: int
    code: str
    is_euro: bool = False
    is_source: bool = False
    paper: int = 0
    digital: int = 0


#: every kind, numbered from 1 in the order of the chart
KINDS: tuple[Kind, ...] = (
    Kind(1, "notes_issue", is_source=True),
    Kind(2, "notes_safe"),
    Kind(3, "notes_transit"),
    Kind(4, "notes_circulation", paper=-1),
    Kind(5, "office_notes_stock"),
    Kind(6, "office_notes_till", paper=-1),
    Kind(7, "office_notes_returns"),
    Kind(8, "digital_issue", is_source=True),
    Kind(9, "member", digital=-1),
    Kind(10, "offline_hold", digital=-1),
    Kind(11, "allowance_pot", digital=-1),
    Kind(12, "demurrage_pot", digital=-1),
    Kind(13, "offline_guarantee", digital=-1),
    Kind(14, "outside_eur", is_euro=True, is_source=True),
    Kind(15, "office_eur_till_paper", is_euro=True, paper=1),
    Kind(16, "office_eur_till_digital", is_euro=True, digital=1),
    Kind(17, "office_eur_till_operating", is_euro=True),
    Kind(18, "deposit_bank_paper", is_euro=True, paper=1),
    Kind(19, "deposit_bank_digital", is_euro=True, digital=1),
    Kind(20, "deposit_bank_operating", is_euro=True),
    Kind(21, "reserve_paper", is_euro=True, paper=1),
    Kind(22, "reserve_digital", is_euro=True, digital=1),
    Kind(23, "swap_paper", is_euro=True, is_source=True, paper=1),
    Kind(24, "swap_digital", is_euro=True, is_source=True, digital=1),
    Kind(25, "payable_paper", is_euro=True),
    Kind(26, "payable_digital", is_euro=True),
    Kind(27, "operating_bank", is_euro=True),
)

#: every operation, numbered from 1 in the order of the table of operations
OPERATIONS: tuple[str, ...] = (
    "print_notes", "destroy_notes", "safe_out", "office_stock_in", "office_stock_out", "returns_out", "safe_in",
    "exchange_to_notes", "exchange_to_digital_at_office", "exchange_to_digital_online", "redeem_notes", "redeem_digital",
    "pay_redemption", "deposit_notes", "withdraw_notes", "settle_swap", "bank_deposit", "fund_reserve", "fund_operating",
    "pay_member", "dues_in_eur", "dues_in_notes", "dues_digital", "till_notes_out", "notes_lost", "notes_found",
    "donation_in_local", "public_payment", "fund_allowance", "pay_allowance", "expire_allowance", "demurrage", "load_purse",
    "settle_purse_payment", "cover_double_spend", "euro_bounced", "euro_bounced_already_spent", "close_purse",
    "opening_balance", "dues_at_bank",
)  # fmt: skip

_KINDS = {kind.code: kind for kind in KINDS}
_OPERATIONS = {code: number for number, code in enumerate(OPERATIONS, 1)}


def kind(code: str) -> Kind:
    """The kind of account of that code.

    >>> kind("reserve_digital").digital
    1
    """
    return _KINDS[code]


def operation(code: str) -> int:
    """The number of an operation.

    >>> operation("pay_member")
    20
    """
    return _OPERATIONS[code]
