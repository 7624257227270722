"""Mandates: a member lets a creditor take what is due, once or every month; and takes that back at any time.

waiting ─→ accepted ─→ revoked        accepted or refused by the one who pays; revoked by either side
   ├─→ refused
   └─→ revoked
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from ressort.core.errors import RuleBroken

MandateState = Literal["waiting", "accepted", "refused", "revoked"]
_NEXT: dict[MandateState, tuple[MandateState, ...]] = {
    "waiting": ("accepted", "refused", "revoked"),
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
            RuleBroken: a step that does not exist, somebody else than whose step it is, a day before the last one.
        """
        if state not in _NEXT[self.state]:
            raise RuleBroken("A mandate that is {state} cannot become {wanted}.", state=self.state, wanted=state)
        if by != self.debtor and (by != self.creditor or state != "revoked"):
            raise RuleBroken("Only the one who pays accepts or refuses a mandate; either side ends it.", by=by)
        if on < self.history[-1].on:
            raise RuleBroken("{day} is before the last change of the mandate, {before}.", day=str(on), before=str(self.history[-1].on))  # fmt: skip
        return replace(self, history=(*self.history, Change(state, by, on)))


def asked(creditor: int, debtor: int, on: date, *, is_recurring: bool = True, most_cents: int | None = None) -> Mandate:
    """A mandate asked by a creditor; it gives no right until the debtor accepts it."""
    if creditor == debtor:
        raise RuleBroken("A mandate joins two members.", member=creditor)
    return Mandate(debtor, creditor, (Change("waiting", creditor, on),), is_recurring, most_cents)


def periods_due(first_on: date, accepted_on: date, on: date, *, is_recurring: bool = True) -> list[tuple[date, date]]:
    """Each period that has come by a day, oldest first: the first day of its month, and the day it was due.

    Nothing is due before the mandate is accepted; a month without that day ends before it.

    >>> periods_due(date(2026, 1, 31), date(2026, 1, 10), date(2026, 2, 28))
    [(datetime.date(2026, 1, 1), datetime.date(2026, 1, 31)), (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))]
    """
    begin, found = max(first_on, accepted_on), []
    if not is_recurring:
        return [(begin.replace(day=1), begin)] if begin <= on else []
    for month in range(begin.year * 12 + begin.month - 1, on.year * 12 + on.month):
        first = date(month // 12, month % 12 + 1, 1)
        due_on = max(begin, first.replace(day=min(first_on.day, monthrange(first.year, first.month)[1])))
        if due_on <= on:
            found.append((first, due_on))
    return found


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
