"""Who is funded when the money is limited: the rules of the purse, and the usual way of following the ranking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ressort.core.errors import InputError, RuleBroken

#: at the first file that does not fit: stop, or skip it and try the next ones. Two rules: the call says which.
Following = Literal["stop", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file that may be funded: what it would receive (bonus included), and its total 0–1."""

    application: str
    amount_cents: int
    score: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a group of files must receive at least or at most: a sub-envelope, a canton, a theme; None is no limit."""

    code: str
    members: frozenset[str]
    least_cents: int = 0
    most_cents: int | None = None
    least_count: int = 0
    most_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """The money and its rules.

    Args:
        excludes: pairs of files of which at most one is funded.
        requires: pairs (file, file that must be funded for it to be).
    """

    envelope_cents: int
    bounds: tuple[Bound, ...] = ()
    excludes: tuple[tuple[str, str], ...] = ()
    requires: tuple[tuple[str, str], ...] = ()

    def broken_by(self, chosen: Iterable[str], amounts_cents: Mapping[str, int]) -> list[RuleBroken]:
        """Every rule that a choice breaks, checked in whole cents."""
        taken = set(chosen)
        broken = []
        spent = sum(amounts_cents[name] for name in taken)
        if spent > self.envelope_cents:
            broken.append(_over(spent, self.envelope_cents))
        for one in self.bounds:
            cents = sum(amounts_cents[name] for name in taken & one.members)
            count = len(taken & one.members)
            if cents < one.least_cents or count < one.least_count:
                broken.append(_too_little(one, cents, count))
            if _exceeds(one, cents, count):
                broken.append(_too_much(one, cents, count))
        broken += [_together(a, b) for a, b in self.excludes if {a, b} <= taken]
        broken += [_alone(a, b) for a, b in self.requires if a in taken and b not in taken]
        return broken


@dataclass(frozen=True, slots=True)
class Choice:
    """Files funded, in the order given, what they cost, and why each other one is not."""

    funded: tuple[str, ...]
    spent_cents: int
    refusals: Mapping[str, RuleBroken] = field(default_factory=dict)


def follow_ranking(ranked: Sequence[Candidate], purse: Purse, following: Following = "skip") -> Choice:
    """Funds files in the order given while the money and the upper limits allow.

    Lower limits of groups are not sought here, only ceilings, exclusions and dependencies; the portfolio seeks them.
    """
    amounts_of(ranked)
    till = _Till(purse)
    refusals: dict[str, RuleBroken] = {}
    stopped_at = ""
    for one in ranked:
        refusal = till.refusal(one)
        if stopped_at:
            refusals[one.application] = RuleBroken(
                "The ranking stops at {stopped_at}, the first file that no longer fits.", stopped_at=stopped_at
            )
        elif refusal:
            refusals[one.application] = refusal
            stopped_at = one.application if following == "stop" else ""
        else:
            till.pay(one)
    return Choice(tuple(till.funded), till.spent, refusals)


class _Till:
    """What was spent so far, as files are taken one after the other."""

    def __init__(self, purse: Purse) -> None:
        self.purse = purse
        self.funded: dict[str, None] = {}
        self.spent = 0
        self.cents = [0] * len(purse.bounds)
        self.counts = [0] * len(purse.bounds)
        self.foes: dict[str, set[str]] = {}
        for a, b in purse.excludes:
            self.foes.setdefault(a, set()).add(b)
            self.foes.setdefault(b, set()).add(a)

    def refusal(self, one: Candidate) -> RuleBroken | None:
        """The first rule that taking this file would break, or None."""
        name = one.application
        foes = [foe for foe in sorted(self.foes.get(name, ())) if foe in self.funded]
        if foes:
            return _together(name, foes[0])
        for a, b in self.purse.requires:
            if a == name and b not in self.funded:
                return _alone(a, b)
        if self.spent + one.amount_cents > self.purse.envelope_cents:
            return _over(self.spent + one.amount_cents, self.purse.envelope_cents)
        for bound, cents, count in zip(self.purse.bounds, self.cents, self.counts, strict=True):
            if name in bound.members and _exceeds(bound, cents + one.amount_cents, count + 1):
                return _too_much(bound, cents + one.amount_cents, count + 1)
        return None

    def pay(self, one: Candidate) -> None:
        """Takes a file."""
        self.funded[one.application] = None
        self.spent += one.amount_cents
        for i, bound in enumerate(self.purse.bounds):
            if one.application in bound.members:
                self.cents[i] += one.amount_cents
                self.counts[i] += 1


def _exceeds(bound: Bound, cents: int, count: int) -> bool:
    over_cents = bound.most_cents is not None and cents > bound.most_cents
    return over_cents or (bound.most_count is not None and count > bound.most_count)


def amounts_of(candidates: Iterable[Candidate]) -> dict[str, int]:
    """Amounts by file.

    Raises:
        InputError: a file twice, or an amount that is not above zero.
    """
    amounts: dict[str, int] = {}
    for one in candidates:
        if one.application in amounts:
            raise InputError("The file {application} stands twice.", application=one.application)
        if one.amount_cents <= 0:
            raise InputError(
                "{application} would receive {amount_cents}: an amount is above zero.",
                application=one.application,
                amount_cents=one.amount_cents,
            )
        amounts[one.application] = one.amount_cents
    return amounts


def _over(spent: int, envelope: int) -> RuleBroken:
    return RuleBroken(
        "{missing_cents} is missing in the envelope of {envelope_cents}.",
        missing_cents=spent - envelope,
        envelope_cents=envelope,
    )


def _too_little(one: Bound, cents: int, count: int) -> RuleBroken:
    if cents < one.least_cents:
        return RuleBroken(
            "The group {group} would receive {given_cents}; it is due at least {least_cents}.",
            group=one.code, given_cents=cents, least_cents=one.least_cents,
        )  # fmt: skip
    return RuleBroken(
        "The group {group} would have {count} file(s); it is due at least {least}.",
        group=one.code, count=count, least=one.least_count,
    )  # fmt: skip


def _too_much(one: Bound, cents: int, count: int) -> RuleBroken:
    if one.most_cents is not None and cents > one.most_cents:
        return RuleBroken(
            "The group {group} would receive {given_cents}; at most {most_cents} is reserved for it.",
            group=one.code, given_cents=cents, most_cents=one.most_cents,
        )  # fmt: skip
    return RuleBroken(
        "The group {group} would have {count} files; at most {most} are funded.",
        group=one.code, count=count, most=one.most_count,
    )  # fmt: skip


def _together(one: str, other: str) -> RuleBroken:
    return RuleBroken("{one} and {other} exclude each other: at most one is funded.", one=one, other=other)


def _alone(one: str, other: str) -> RuleBroken:
    return RuleBroken("{one} depends on {other}, which is not funded.", one=one, other=other)
