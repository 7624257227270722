"""What a payment may be: who may pay whom, how much at once, in a day, and held at most by level of identity check."""

from dataclasses import dataclass, field
from typing import Literal

Refusal = Literal["not_allowed", "limit", "daily_limit", "ceiling"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a currency; the defaults let everyone pay everyone.

    Args:
        ceilings_cents: most held at level 0, 1, …; beyond the last, no ceiling.
        payment_cents, day_cents: most paid at once, and in a day; None for no limit.
        closed: pairs of kinds of members (payer, payee) that may not pay each other.
    """

    ceilings_cents: tuple[int, ...] = (25_000, 100_000)
    payment_cents: int | None = None
    day_cents: int | None = None
    closed: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def ceiling_cents(self, level: int) -> int | None:
        """The most a member of a level may hold; None for no ceiling.

        >>> [Limits().ceiling_cents(level) for level in (0, 1, 2)]
        [25000, 100000, None]
        """
        return self.ceilings_cents[level] if level < len(self.ceilings_cents) else None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who pays or is paid: kind of member, level of identity check, balance, and what was paid today."""

    kind: str
    level: int
    balance_cents: int
    paid_today_cents: int = 0


def refusal(limits: Limits, payer: Party, payee: Party, amount_cents: int) -> Refusal | None:
    """Why a payment may not be, the first reason in this order: kinds, amount, day, ceiling of the payee; None when it may.

    Only persons meet a ceiling: professionals are always checked before they are approved.
    """
    if (payer.kind, payee.kind) in limits.closed:
        return "not_allowed"
    if limits.payment_cents is not None and amount_cents > limits.payment_cents:
        return "limit"
    if limits.day_cents is not None and payer.paid_today_cents + amount_cents > limits.day_cents:
        return "daily_limit"
    ceiling = limits.ceiling_cents(payee.level) if payee.kind == "person" else None
    if ceiling is not None and payee.balance_cents + amount_cents > ceiling:
        return "ceiling"
    return None
