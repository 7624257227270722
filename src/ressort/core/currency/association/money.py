"""Fees, gifts and dues in whole cents; nothing is lost or made by rounding."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ressort.core.cents import split_cents
from ressort.core.errors import RuleBroken

_WHOLE_BP = 10_000
#: the pot for gifts that no association may receive yet
COMMON_POT = ""


def part_cents(amount_cents: int, rate_bp: int) -> int:
    """A rate of an amount, half a cent rounding up: `(amount · rate + 5000) // 10000`.

    >>> part_cents(10_000, 500), part_cents(10, 500), part_cents(9, 500)
    (500, 1, 0)
    """
    if amount_cents < 0 or not 0 <= rate_bp <= _WHOLE_BP:
        raise RuleBroken("A part is taken from an amount above zero, at a rate between 0 and 100 %.", amount_cents=amount_cents, rate_bp=rate_bp)  # fmt: skip
    return (amount_cents * rate_bp + _WHOLE_BP // 2) // _WHOLE_BP


@dataclass(frozen=True, slots=True)
class Redemption:
    """Units that go back to euros: what leaves circulation, what is kept, what is paid out."""

    amount_cents: int
    fee_cents: int

    @property
    def net_cents(self) -> int:
        """What is paid out."""
        return self.amount_cents - self.fee_cents


def redemption(amount_cents: int, rate_bp: int) -> Redemption:
    """A redemption and its fee.

    >>> redemption(10_000, 500).net_cents
    9500
    """
    return Redemption(amount_cents, part_cents(amount_cents, rate_bp))


@dataclass(frozen=True, slots=True)
class Conversion:
    """Euros that a member turned into units, for the association that the member sponsors ("" for none)."""

    day: date
    amount_cents: int
    sponsored: str


def gifts_cents(
    conversions: Iterable[Conversion], sponsors: Mapping[str, int], rate_bp: int, least_sponsors: int
) -> dict[str, int]:
    """What is owed to each association for some conversions; that of associations with too few sponsors goes to the common pot.

    Args:
        sponsors: members who sponsor each association.
    """
    owed: dict[str, int] = defaultdict(int)
    for one in conversions:
        is_known = sponsors.get(one.sponsored, 0) >= least_sponsors
        owed[one.sponsored if is_known else COMMON_POT] += part_cents(one.amount_cents, rate_bp)
    return dict(owed)


def pot_shared_cents(pot_cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A pot shared between associations by weights, to the cent."""
    return dict(zip(weights, split_cents(pot_cents, list(weights.values())), strict=True))


DuesStatus = Literal["due", "paid", "late", "waived", "left"]


@dataclass(frozen=True, slots=True)
class Dues:
    """Dues of a member for a period.

    Args:
        waived: let off; left_on: the day the member left, if ever: what falls due from then on is not owed.
    """

    due_on: date
    amount_cents: int
    paid_cents: int = 0
    waived: bool = False
    left_on: date | None = None

    def status(self, today: date) -> DuesStatus:
        """Where they stand."""
        if self.waived:
            return "waived"
        if self.paid_cents >= self.amount_cents:
            return "paid"
        if self.left_on is not None and self.left_on <= self.due_on:
            return "left"
        return "late" if today > self.due_on else "due"


def may_spend(dues: Iterable[Dues], today: date, patience_days: int = 60) -> bool:
    """Whether a member may spend: no dues late for longer than the patience. What is owed to a member is redeemed all the same."""
    return not any(one.status(today) == "late" and today > one.due_on + timedelta(patience_days) for one in dues)
