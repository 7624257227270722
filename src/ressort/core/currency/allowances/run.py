"""The payment run of a programme: who is paid for a period, once, and never partly in silence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ressort.core.currency.allowances.amounts import Parts, parts
from ressort.core.errors import RuleBroken

#: programme, person, first day of the period: the same payment is never made twice
Key = tuple[str, int, date]
Why = Literal["already_paid", "outside_programme", "not_yet_in", "left", "cap", "budget"]


@dataclass(frozen=True, slots=True)
class Programme:
    """An allowance paid every month.

    Args:
        budget_cents: for its whole life, local units and euros together.
        local_bp: local part, in basis points.
        expiry_days: local units not spent so many days after they were paid return to the programme.
        cap_cents: most earmarked units that one person may hold; None for no cap.
        when_short: who is paid when the budget does not last for all: nobody, or whole amounts in the order of the list.
    """

    name: str
    start: date
    end: date
    budget_cents: int
    local_bp: int
    expiry_days: int
    cap_cents: int | None = None
    when_short: Literal["nobody", "in_order"] = "nobody"


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A person of a programme: what a month is worth, when it joined and left, the earmarked units it holds."""

    person: int
    amount_cents: int
    joined_on: date
    left_on: date | None = None
    held_cents: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A payment to make, under its key."""

    key: Key
    parts: Parts


@dataclass(frozen=True, slots=True)
class Run:
    """Payments of a period; those not made, each with its reason; what the budget lacks to pay everybody."""

    payments: tuple[Due, ...]
    unpaid: tuple[tuple[int, Why], ...]
    missing_cents: int

    @property
    def cost_cents(self) -> int:
        """What the payments take from the budget."""
        return sum(due.parts.whole_cents for due in self.payments)


def payment_run(
    programme: Programme, period: date, people: Sequence[Beneficiary], paid: Collection[Key], spent_cents: int
) -> Run:
    """The payments of the month that begins on `period`.

    Whoever is in on the first day is paid for the whole month, and nobody else (no pro rata). The cap cuts the local part only,
    and a person at the cap is told, not forgotten.

    Args:
        paid: keys of payments already made. spent_cents: what they took from the budget.

    Raises:
        RuleBroken: a period that begins within a month, or somebody listed twice.
    """
    if period.day != 1:
        raise RuleBroken("A period begins on the first of a month, not on {day}.", day=str(period))
    if len({one.person for one in people}) < len(people):
        raise RuleBroken("Somebody is listed twice in the programme {name}.", name=programme.name)
    done, due, unpaid = set(paid), [], []
    for one in people:
        key = programme.name, one.person, period
        why = "already_paid" if key in done else _why_not(programme, period, one)
        wanted = parts(one.amount_cents, programme.local_bp)
        if why is None and programme.cap_cents is not None:
            room = max(programme.cap_cents - one.held_cents, 0)
            wanted = Parts(min(wanted.local_cents, room), wanted.euro_cents)
            why = None if wanted.whole_cents else "cap"
        if why is not None:
            unpaid.append((one.person, why))
        elif wanted.whole_cents:
            due.append(Due(key, wanted))
    return _within_budget(programme, due, unpaid, programme.budget_cents - spent_cents)


def _why_not(programme: Programme, period: date, one: Beneficiary) -> Why | None:
    if not programme.start <= period <= programme.end:
        return "outside_programme"
    if one.joined_on > period:
        return "not_yet_in"
    return "left" if one.left_on is not None and one.left_on <= period else None


def _within_budget(programme: Programme, due: list[Due], unpaid: list[tuple[int, Why]], left_cents: int) -> Run:
    missing = max(sum(one.parts.whole_cents for one in due) - left_cents, 0)
    kept = due
    if missing and programme.when_short == "nobody":
        kept = []
    elif missing:
        kept = []
        for one in due:
            if one.parts.whole_cents > left_cents:
                break
            kept.append(one)
            left_cents -= one.parts.whole_cents
    short: list[tuple[int, Why]] = [(one.key[1], "budget") for one in due[len(kept) :]]
    return Run(tuple(kept), (*unpaid, *short), missing)
