"""The operations that the desk can do, read from the table of operations: which accounts, what must be told, who must agree.

table of operations ─→ Plan ─legs(accounts, amount)→ Leg, Leg…      one form, one action, for all of them
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ressort.core.currency import Leg, operation
from ressort.reference.tables import table

#: what each operation is called, group after group: the desk offers these and no other
GROUPS: dict[Promise, dict[str, Promise]] = {
    _("Euros and units"): {
        "exchange_to_digital_online": _("issue units against a bank transfer"),
        "exchange_to_digital_at_office": _("issue units at an office"),
        "exchange_to_notes": _("issue notes at an office"),
        "redeem_digital": _("redeem units in euros"),
        "redeem_notes": _("redeem notes in euros"),
        "deposit_notes": _("turn notes into units"),
        "withdraw_notes": _("turn units into notes"),
        "euro_bounced": _("euros returned by the bank, units still there"),
        "euro_bounced_already_spent": _("euros returned by the bank, units already spent"),
    },
    _("Notes"): {
        "print_notes": _("notes printed, into the safe"),
        "destroy_notes": _("notes destroyed, out of the safe"),
        "safe_out": _("out of the safe"),
        "safe_in": _("back into the safe"),
        "office_stock_in": _("received by an office"),
        "office_stock_out": _("taken back from the stock of an office"),
        "returns_out": _("collected from the returns of an office"),
        "till_notes_out": _("notes paid out of the till of an office"),
        "notes_lost": _("notes missing at an office"),
        "notes_found": _("notes found at an office"),
    },
    _("Tills, banks and reserves"): {
        "bank_deposit": _("till of an office taken to the bank"),
        "fund_reserve": _("deposit bank to the dedicated account"),
        "fund_operating": _("deposit bank to the operating account"),
        "settle_swap": _("settle between the two reserves"),
    },
    _("Public money"): {
        "public_payment": _("payment by a public body, by mandate"),
        "fund_allowance": _("programme funded"),
    },
    _("Members"): {
        "dues_in_eur": _("dues in euros at an office"),
        "dues_in_notes": _("dues in notes at an office"),
        "dues_at_bank": _("dues in euros at the bank"),
        "dues_digital": _("dues in units"),
        "donation_in_local": _("gift to an association"),
    },
}
#: what is taken under a mandate, and never without
MANDATED = "pay_member"
NAMES: dict[str, Promise] = {code: name for group in GROUPS.values() for code, name in group.items()} | {
    "pay_redemption": _("redemption paid out by the bank"),
    "pay_allowance": _("allowance paid"),
    "expire_allowance": _("allowance that expired"),
    MANDATED: _("mandate collected"),
}
#: the account that each programme has for itself
FUND = "allowance_pot"
#: what a jurist must confirm before an operation is used
TO_CONFIRM = {
    "public_payment": _(
        "Hypothesis, for a jurist to confirm: a public body may pay by mandate to the association (ministers, 2019, 2021; a court suspended direct spending in 2018)."
    ),
}
#: two different people, whatever the amount
ALWAYS_TWO = frozenset({"notes_lost", "notes_found", "destroy_notes", "pay_redemption", "euro_bounced_already_spent", "till_notes_out"})  # fmt: skip
_FUNDS = ("paper", "digital", "operating")
_NOTES = ("notes_", "office_notes_")
_ISSUER, _SUPPORTED = "member (the association)", "member (the supported association)"


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation as the table tells it: pairs of accounts and what each leg moves."""

    code: str
    legs: tuple[tuple[str, str, str], ...]
    needs_reference: bool
    funds: tuple[str, ...]

    @property
    def needs_office(self) -> bool:
        """An account of an office takes part."""
        return any(cell.startswith("office_") for leg in self.legs for cell in leg[:2])

    @property
    def needs_member(self) -> bool:
        """An account of somebody takes part, the association's aside; dues and redemptions are somebody's, whatever is paid."""
        return self.code.startswith(("dues_", "redeem_")) or any(
            cell.startswith("member") and cell != _ISSUER for leg in self.legs for cell in leg[:2]
        )

    @property
    def needs_programme(self) -> bool:
        """The fund of a programme takes part."""
        return any(FUND in leg[:2] for leg in self.legs)

    @property
    def notes_leg(self) -> int | None:
        """The leg that moves notes, counted by series; none when only units or euros move."""
        return next((at for at, leg in enumerate(self.legs) if any(cell.startswith(_NOTES) for cell in leg[:2])), None)

    def kinds(self, fund: str) -> set[str]:
        """The kinds of accounts of every leg."""
        return {_kind(cell, fund) for leg in self.legs for cell in leg[:2] if not cell.startswith("member")}

    def built(self, accounts: Mapping[str, int], fund: str, amount_cents: int, fee_cents: int = 0) -> tuple[Leg, ...]:
        """The legs on real accounts; those of nothing are left out.

        Args:
            accounts: number of the account of each kind, of `member` and of `association`.
        """
        amounts = {"n - fee": amount_cents - fee_cents, "fee": fee_cents}
        number = operation(self.code)
        legs = [
            Leg(number, _of(accounts, one, fund), _of(accounts, other, fund), amounts.get(word, amount_cents))
            for one, other, word in self.legs
        ]
        return tuple(leg for leg in legs if leg.amount_cents)


def _of(accounts: Mapping[str, int], cell: str, fund: str) -> int:
    if cell == _ISSUER:
        return accounts["association"]
    return accounts["member" if cell.startswith("member") else _kind(cell, fund)]


def _kind(cell: str, fund: str) -> str:
    return cell.replace("_x", f"_{fund}") if cell.endswith("_x") else cell


@cache
def plan(code: str) -> Plan:
    """The plan of an operation."""
    rows = table("currency/operations").filter(operation=code).sort("leg").to_dicts()
    legs = tuple((row["from_account"], row["to_account"], row["amount"]) for row in rows)
    known = set(table("currency/chart_of_accounts")["code"])
    has_x = any(cell.endswith("_x") for leg in legs for cell in leg[:2])
    plain = [cell for leg in legs for cell in leg[:2] if not cell.startswith("member")]
    funds = tuple(fund for fund in _FUNDS if all(_kind(cell, fund) in known for cell in plain)) if has_x else ()
    return Plan(code, legs, any(row["initial_state"] == "bank_reference_required" for row in rows), funds)
