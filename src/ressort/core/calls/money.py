"""The money of a grant, in whole cents: how it is worked out step by step, paid in parts, and taken back in part.

requested ▶ rate × eligible cost ▶ ceiling ▶ + bonus ▶ overall ceiling ▶ instalments ▶ claw-back
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ressort.core.cents import split_cents
from ressort.core.errors import RuleBroken

WHOLE_BP = 10_000
#: days after the due date before a commitment without evidence counts as late
GRACE_DAYS = 30
State = Literal["pledged", "received", "accepted", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What an applicant commits to, for a bonus or as a condition (a bonus of zero).

    Args:
        rate_bp: its part of the bonus, in basis points of the amount granted.
        due_on: when evidence is due.
        state: where it stands; "received" waits for a checker.
    """

    code: str
    rate_bp: int
    due_on: date
    state: State = "pledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AidRules:
    """Ceilings of an aid; None is no ceiling.

    Args:
        rate_bp: most of the eligible cost that the aid pays.
        most_cents: most before the bonus; overall_cents: most with it.
        overall_rate_bp: most of the eligible cost with the bonus, such as a legal ceiling.
        bonus_cap_bp, bonus_cap_cents: most of the bonus.
        least_commitments: fewer give no bonus at all.
    """

    rate_bp: int = WHOLE_BP
    most_cents: int | None = None
    overall_cents: int | None = None
    overall_rate_bp: int = WHOLE_BP
    bonus_cap_bp: int = WHOLE_BP
    bonus_cap_cents: int | None = None
    least_commitments: int = 1

    def __post_init__(self) -> None:
        for given in (self.rate_bp, self.overall_rate_bp, self.bonus_cap_bp):
            if not 0 <= given <= WHOLE_BP:
                raise RuleBroken("A rate of {given} basis points is not between 0 and 100 %.", given=given)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the calculation and the amount after it: what a letter of grant prints."""

    name: Literal["requested", "rate", "ceiling", "bonus", "overall"]
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What is granted: the base, the bonus, and how they came about."""

    base_cents: int
    bonus_cents: int
    steps: tuple[Step, ...]

    @property
    def total_cents(self) -> int:
        """Base and bonus."""
        return self.base_cents + self.bonus_cents


def granted(
    requested_cents: int, eligible_cents: int, rules: AidRules, commitments: Sequence[Commitment] = ()
) -> Grant:
    """The grant: `min(requested, rate × cost, ceiling)`, plus the bonus `floor(base × rate)`, under the overall ceilings.

    Raises:
        RuleBroken: an amount below zero, more asked than the project costs, a bonus above 100 %.
    """
    if requested_cents <= 0 or eligible_cents <= 0:
        raise RuleBroken("The amount requested and the eligible cost are above zero.")
    if requested_cents > eligible_cents:
        raise RuleBroken(
            "{requested_cents} is requested for a project whose eligible cost is {eligible_cents}.",
            requested_cents=requested_cents,
            eligible_cents=eligible_cents,
        )
    by_rate = min(requested_cents, eligible_cents * rules.rate_bp // WHOLE_BP)
    base = by_rate if rules.most_cents is None else min(by_rate, rules.most_cents)
    bonus = _bonus(base, rules, commitments)
    most = eligible_cents * rules.overall_rate_bp // WHOLE_BP
    most = most if rules.overall_cents is None else min(most, rules.overall_cents)
    total = min(base + bonus, most)
    steps = (
        Step("requested", requested_cents),
        Step("rate", by_rate),
        Step("ceiling", base),
        Step("bonus", base + bonus),
        Step("overall", total),
    )
    return Grant(min(base, total), total - min(base, total), steps)


def _bonus(base: int, rules: AidRules, commitments: Sequence[Commitment]) -> int:
    rate = sum(one.rate_bp for one in commitments)
    if any(one.rate_bp < 0 for one in commitments) or rate > WHOLE_BP:
        raise RuleBroken("The bonus of {given} basis points is not between 0 and 100 %.", given=rate)
    if len(commitments) < rules.least_commitments:
        return 0
    bonus = base * min(rate, rules.bonus_cap_bp) // WHOLE_BP
    return bonus if rules.bonus_cap_cents is None else min(bonus, rules.bonus_cap_cents)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment planned."""

    label: str
    due_on: date
    amount_cents: int


def instalments(amount_cents: int, parts: Sequence[tuple[str, date, int]]) -> list[Instalment]:
    """A payment schedule whose parts sum to the amount. Each part is a label, a day and a weight (basis points, say).

    Raises:
        RuleBroken: no part, a part without weight, or days that go back in time.
    """
    if not parts or any(weight <= 0 for _label, _day, weight in parts):
        raise RuleBroken("A schedule holds one payment at least, each with a share above zero.")
    days = [day for _label, day, _weight in parts]
    if days != sorted(days):
        raise RuleBroken("The payments of a schedule follow each other in time.")
    cents = split_cents(amount_cents, [weight for _label, _day, weight in parts])
    return [Instalment(label, day, part) for (label, day, _weight), part in zip(parts, cents, strict=True)]


@dataclass(frozen=True, slots=True)
class ClawBack:
    """What is to be recovered for one commitment that failed, and why."""

    code: str
    why: Literal["refused", "late"]
    amount_cents: int


def claw_back(
    bonus_cents: int, commitments: Sequence[Commitment], today: date, grace_days: int = GRACE_DAYS
) -> list[ClawBack]:
    """What to recover of a bonus: the part of each commitment refused, or still without evidence after its day and the grace.

    The bonus is split between commitments by their rates, in whole cents: if all fail, the whole bonus comes back, no more.
    A commitment whose evidence was received in time and waits for its check recovers nothing.
    """
    if not bonus_cents:
        return []
    parts = split_cents(bonus_cents, [one.rate_bp for one in commitments])
    found = []
    for one, cents in zip(commitments, parts, strict=True):
        is_late = one.state == "pledged" and today > one.due_on + timedelta(days=grace_days)
        if cents and (one.state == "refused" or is_late):
            found.append(ClawBack(one.code, "refused" if one.state == "refused" else "late", cents))
    return found


def recovered_cents(found: Iterable[ClawBack]) -> int:
    """The sum to recover."""
    return sum(one.amount_cents for one in found)
