"""One number as people meet it: with its range, unit, year, source and status, or the reason why it is missing."""

from dataclasses import dataclass, replace
from typing import Literal

Status = Literal["observed", "derived", "estimated", "hypothesis", "missing"]
Reason = Literal["secret", "not_available", "not_applicable", "not_fetched"]

#: from the surest to the least sure
STATUSES: tuple[Status, ...] = ("observed", "derived", "estimated", "hypothesis", "missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value and all that a reader may ask about it.

    Args:
        value: the central value, or None when missing.
        unit: a key of `core.units.UNITS`, or two joined by `_per_`.
        status: how it is known.
        low, high: P5 and P95 of an estimate; None when the value is not a range.
        year: vintage, as the producer words it ("2023", "2018-2019 mean").
        source: key of the card of the table it comes from, such as `territory/commune_population`.
        how: key of the explanation in `reference/diagnosis/indicators.toml`.
        reason: why it is missing; None when it is known.
        note: one clause for the reader, such as the larger area the value is lent by.
    """

    value: float | None
    unit: str
    status: Status = "observed"
    low: float | None = None
    high: float | None = None
    year: str = ""
    source: str = ""
    how: str = ""
    reason: Reason | None = None
    note: str = ""

    def __post_init__(self) -> None:
        assert (self.value is None) == (self.status == "missing") == (self.reason is not None), self
        assert self.low is None or self.high is None or self.low <= self.high, self

    @property
    def known(self) -> bool:
        return self.value is not None

    def over(self, other: "Figure", unit: str) -> "Figure":
        """This figure divided by another; missing when either is, or when the divisor is zero."""
        if self.value is None or other.value is None or other.value == 0:
            return missing(unit, self.reason or other.reason or "not_applicable", how=self.how)
        scale = 1 / other.value
        status = max(self.status, other.status, key=STATUSES.index)
        low, high = (None if b is None else b * scale for b in (self.low, self.high))
        return replace(self, value=self.value * scale, low=low, high=high, unit=unit, status=status)


def missing(unit: str, reason: Reason, *, year: str = "", source: str = "", how: str = "", note: str = "") -> Figure:
    """A figure that is not known, and why."""
    return Figure(value=None, unit=unit, status="missing", reason=reason, year=year, source=source, how=how, note=note)
