"""Mandates: a member lets a creditor take what is due, once or every month; and takes that back at any time.

waiting ─→ accepted ─→ revoked
   └─→ refused
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from ressort.core.errors import RuleBroken

MandateState = Literal["waiting", "accepted", "refused", "revoked"]
_NEXT: dict[MandateState, tuple[MandateState, ...]] = {
    "waiting": ("accepted", "refused"),
    "accepted": ("revoked",),
    "refused": (),
    "revoked": (),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A state, who decided it and when."""

    state: MandateState
    by: int
    on: date


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a debtor lets a creditor take. Its history only grows.

    Args:
        debtor, creditor: numbers of members. most_cents: the most of one debit; None for no limit.
    """

    debtor: int
    creditor: int
    history: tuple[Change, ...]
    is_recurring: bool = True
    most_cents: int | None = None

    @property
    def state(self) -> MandateState:
        """Where it stands."""
        return self.history[-1].state

    def decided(self, state: MandateState, by: int, on: date) -> "Mandate":
        """The mandate once decided.

        Raises:
            RuleBroken: a step that does not exist, somebody else than the debtor, a day before the last one.
        """
        if state not in _NEXT[self.state]:
            raise RuleBroken("A mandate that is {state} cannot become {wanted}.", state=self.state, wanted=state)
        if by != self.debtor:
            raise RuleBroken("Only the one who pays accepts, refuses or revokes a mandate.", by=by)
        if on < self.history[-1].on:
            raise RuleBroken("{day} is before the last change of the mandate, {before}.", day=str(on), before=str(self.history[-1].on))  # fmt: skip
        return replace(self, history=(*self.history, Change(state, by, on)))


def asked(creditor: int, debtor: int, on: date, *, is_recurring: bool = True, most_cents: int | None = None) -> Mandate:
    """A mandate asked by a creditor; it gives no right until the debtor accepts it."""
    if creditor == debtor:
        raise RuleBroken("A mandate joins two members.", member=creditor)
    return Mandate(debtor, creditor, (Change("waiting", creditor, on),), is_recurring, most_cents)


@dataclass(frozen=True, slots=True)
class Debit:
    """What became of a debit: paid, or rejected and tried again on a day, or rejected for good."""

    outcome: Literal["paid", "rejected"]
    reason: Literal["", "no_mandate", "above_mandate", "insufficient_funds"]
    retry_on: date | None = None


def debit(
    mandate: Mandate, amount_cents: int, available_cents: int, on: date, tried: int = 0, retry_days: tuple[int, ...] = (5, 15)
) -> Debit:  # fmt: skip
    """What becomes of a debit on a day. It never overdraws: without funds it is rejected and tried again after so many days.

    Args:
        tried: attempts made before this one.
    """
    if amount_cents <= 0:
        raise RuleBroken("A debit takes an amount above zero.", amount_cents=amount_cents)
    if mandate.state != "accepted":
        return Debit("rejected", "no_mandate")
    if mandate.most_cents is not None and amount_cents > mandate.most_cents:
        return Debit("rejected", "above_mandate")
    if amount_cents > available_cents:
        return Debit("rejected", "insufficient_funds", on + timedelta(retry_days[tried]) if tried < len(retry_days) else None)  # fmt: skip
    return Debit("paid", "")
