"""The share of aid that answers to resilience criteria, year by year, and the pace that a target asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ressort.core.errors import RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Aid:
    """One grant: the year of its decision, its amount, and whether it was chosen under resilience criteria."""

    year: int
    amount_cents: int
    under_criteria: bool


@dataclass(frozen=True, slots=True)
class YearOfAid:
    """A year: what was granted, what of it under criteria, and the share the path to the target asks (None before it)."""

    year: int
    total_cents: int
    under_cents: int
    count: int
    under_count: int
    path_share: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """Part of the money under criteria; None when nothing was granted."""
        return Fraction(self.under_cents, self.total_cents) if self.total_cents else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A share to reach by a year, such as all of it by 2030."""

    year: int
    share: Fraction = Fraction(1)


def aid_under_criteria(aids: Iterable[Aid], target: Target | None = None) -> list[YearOfAid]:
    """Year by year without a gap, from the first grant to the last; the path is the straight line from the first year's share.

    Raises:
        RuleBroken: an amount below zero, or a target share outside 0–1.
    """
    held = list(aids)
    if any(one.amount_cents < 0 for one in held):
        raise RuleBroken("An amount of aid is below zero: record a recovery apart from the grants.")
    if target and not 0 <= target.share <= 1:
        raise RuleBroken("The target of {given} is not a share between 0 and 1.", given=str(target.share))
    if not held:
        return []
    years = range(min(one.year for one in held), max(one.year for one in held) + 1)
    rows = []
    start: Fraction | None = None
    for year in years:
        now = [one for one in held if one.year == year]
        under = [one for one in now if one.under_criteria]
        row = YearOfAid(
            year, sum(a.amount_cents for a in now), sum(a.amount_cents for a in under), len(now), len(under), None
        )
        start = row.share if start is None else start
        rows.append(YearOfAid(*_facts(row), _path(start, years[0], year, target)))
    return rows


def _facts(row: YearOfAid) -> tuple[int, int, int, int, int]:
    return row.year, row.total_cents, row.under_cents, row.count, row.under_count


def _path(start: Fraction | None, first: int, year: int, target: Target | None) -> Fraction | None:
    if target is None or start is None or target.year <= first:
        return None
    done = min(Fraction(year - first, target.year - first), Fraction(1))
    return start + (target.share - start) * done
