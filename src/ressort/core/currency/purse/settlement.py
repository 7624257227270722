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
        if today > told.expires_on + timedelta(LATE_DAYS):
            return self._answers.setdefault(key, Settled("too_late"))
        forked = self._counters.setdefault((told.purse, paid.counter), key) != key
        held = self.holds_cents.get(told.purse, 0)
        from_hold = min(held, paid.amount_cents)
        rest = paid.amount_cents - from_hold
        if forked or rest:
            self.revoked.add(told.purse)
        if rest > self.guarantee_cents:
            # not remembered: the association may add to the guarantee, and the merchant ask again
            return Settled("guarantee_exhausted", forked=forked)
        self.holds_cents[told.purse] = held - from_hold
        self.guarantee_cents -= rest
        if rest:
            self.debts_cents[told.purse] = self.debts_cents.get(told.purse, 0) + rest
        return self._answers.setdefault(key, Settled("paid", from_hold, rest, forked))

    def close(self, purse: int, expires_on: date, today: date) -> int:
        """The cents that return to the member, once late payments can come no more; 0 before.

        >>> Settlement(0, {7: 300}).close(7, date(2026, 3, 1), date(2026, 4, 1))
        300
        """
        if today <= expires_on + timedelta(LATE_DAYS):
            return 0
        return self.holds_cents.pop(purse, 0)
