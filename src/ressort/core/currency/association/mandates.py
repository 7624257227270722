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
#: why a mandate lets nothing be taken; empty when it does
Refusal = Literal["", "no_mandate", "above_mandate"]
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

    def refusal(self, amount_cents: int) -> Refusal:
        """Why an amount cannot be taken, today or later; empty when it can, as far as the account holds it.

        Raises:
            RuleBroken: nothing would be taken.
        """
        if amount_cents <= 0:
            raise RuleBroken("A debit takes an amount above zero.", amount_cents=amount_cents)
        if self.state != "accepted":
            return "no_mandate"
        return "above_mandate" if self.most_cents is not None and amount_cents > self.most_cents else ""


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


def next_try(on: date, tried: int, retry_days: tuple[int, ...] = (5, 15)) -> date | None:
    """When a debit that the account could not pay on a day is tried again; None once it was tried often enough.

    Args:
        tried: attempts made before this one.

    >>> [next_try(date(2026, 1, 1), tried) for tried in range(3)]
    [datetime.date(2026, 1, 6), datetime.date(2026, 1, 16), None]
    """
    return on + timedelta(retry_days[tried]) if tried < len(retry_days) else None
