"""Settling offline payments: in any order, again and again, each paid once; the loss never exceeds the guarantee."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ressort.core.currency.purse.purse import digest, read_payment

LATE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a payment, and where its cents come from. `forked`: two payments bear one counter, the proof of a double spending."""

    outcome: Literal["paid", "too_late", "guarantee_exhausted"]
    from_hold_cents: int = 0
    from_guarantee_cents: int = 0
    forked: bool = False

    @property
    def is_caught(self) -> bool:
        """Whether the device signed more than it might: its purse is revoked."""
        return self.forked or self.from_guarantee_cents > 0 or self.outcome == "guarantee_exhausted"


def settled(amount_cents: int, expires_on: date, held_cents: int, guarantee_cents: int, today: date, *, forked: bool) -> Settled:  # fmt: skip
    """What becomes of a payment whose signatures hold and that was not settled yet: the hold pays first, the guarantee the rest, or nobody.

    >>> settled(500, date(2026, 3, 1), 300, 1000, date(2026, 3, 2), forked=False)
    Settled(outcome='paid', from_hold_cents=300, from_guarantee_cents=200, forked=False)
    """
    if today > expires_on + timedelta(LATE_DAYS):
        return Settled("too_late", forked=forked)
    from_hold = min(held_cents, amount_cents)
    rest = amount_cents - from_hold
    if rest > guarantee_cents:
        return Settled("guarantee_exhausted", forked=forked)
    return Settled("paid", from_hold, rest, forked)


def returned_cents(held_cents: int, expires_on: date, today: date, *, signed_cents: int | None = None, settled_cents: int = 0) -> int:  # fmt: skip
    """What of a hold returns to the member: all once late payments can come no more; before, what a surrendered device did not sign.

    Args:
        signed_cents: what the device says it signed in all, when it surrendered. settled_cents: what of it was settled.

    >>> returned_cents(3000, date(2026, 3, 1), date(2026, 3, 2)), returned_cents(3000, date(2026, 3, 1), date(2026, 4, 1))
    (0, 3000)
    >>> returned_cents(4000, date(2026, 3, 1), date(2026, 3, 2), signed_cents=1500, settled_cents=1000)
    3500
    """
    if today > expires_on + timedelta(LATE_DAYS):
        return held_cents
    if signed_cents is None:
        return 0
    return max(0, held_cents - max(0, signed_cents - settled_cents))


@dataclass
class Settlement:
    """The books of all purses.

    Args:
        guarantee_cents: what the association set aside for double spending: its loss at most.
        holds_cents: what is held for each purse. debts_cents: what the guarantee paid for each. revoked: purses caught.
    """

    guarantee_cents: int
    holds_cents: dict[int, int] = field(default_factory=dict)
    debts_cents: dict[int, int] = field(default_factory=dict)
    revoked: set[int] = field(default_factory=set)
    _answers: dict[bytes, Settled] = field(default_factory=dict)
    _counters: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def settle(self, content: bytes, certificate: bytes, server: Ed25519PublicKey, today: date) -> Settled:
        """Pay the merchant of a payment, once: the same payment again gets the same answer.

        The hold pays first, the guarantee the rest, whole or not at all.

        Raises:
            InputError, RuleBroken: forged, or not allowed by its certificate.
        """
        key = digest(content)
        if key in self._answers:
            return self._answers[key]
        told, paid = read_payment(content, certificate, server)
        forked = self._counters.setdefault((told.purse, paid.counter), key) != key
        held = self.holds_cents.get(told.purse, 0)
        found = settled(paid.amount_cents, told.expires_on, held, self.guarantee_cents, today, forked=forked)
        if found.is_caught:
            self.revoked.add(told.purse)
        if found.outcome == "guarantee_exhausted":
            # not remembered: the association may add to the guarantee, and the merchant ask again
            return found
        self.holds_cents[told.purse] = held - found.from_hold_cents
        self.guarantee_cents -= found.from_guarantee_cents
        if found.from_guarantee_cents:
            self.debts_cents[told.purse] = self.debts_cents.get(told.purse, 0) + found.from_guarantee_cents
        return self._answers.setdefault(key, found)

    def close(self, purse: int, expires_on: date, today: date) -> int:
        """The cents that return to the member, once late payments can come no more; 0 before.

        >>> Settlement(0, {7: 300}).close(7, date(2026, 3, 1), date(2026, 4, 1))
        300
        """
        back = returned_cents(self.holds_cents.get(purse, 0), expires_on, today)
        if back:
            self.holds_cents[purse] -= back
        return back
