"""The clocks of the law: payments of the last twelve months, and units outstanding, each beside its threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

ROLLING_DAYS = 365
ALERT_SHARES = (0.7, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Clock:
    """A sum beside a threshold.

    Args:
        crossed: for each alert share, the last day it was crossed upwards, None if the sum is under it.
    """

    value_cents: int
    threshold_cents: int
    crossed: tuple[tuple[float, date | None], ...]

    @property
    def share(self) -> float:
        """The sum over the threshold."""
        return self.value_cents / self.threshold_cents

    @property
    def alert_share(self) -> float | None:
        """The highest alert reached; None under the first."""
        return max((share for share, on in self.crossed if on is not None), default=None)

    @property
    def is_beyond(self) -> bool:
        """Whether the sum exceeds the threshold, so that it must be declared."""
        return self.value_cents > self.threshold_cents


def rolling_cents(cents_by_day: NDArray[np.int64], days: int = ROLLING_DAYS) -> NDArray[np.int64]:
    """For each day, the sum of that day and of those before it, `days` in all.

    >>> rolling_cents(np.array([1, 2, 4, 8]), 2).tolist()
    [1, 3, 6, 12]
    """
    whole = np.concatenate([np.zeros(1, np.int64), np.cumsum(cents_by_day, dtype=np.int64)])
    ends = np.arange(1, len(whole))
    return whole[ends] - whole[np.maximum(ends - days, 0)]


def clock(
    values_cents: NDArray[np.int64], first_day: date, threshold_cents: int, shares: Sequence[float] = ALERT_SHARES
) -> Clock:
    """The clock on the last day of a series of daily values, from a first day on."""
    assert len(values_cents), "one day at least"
    crossed = []
    for share in sorted(shares):
        under = np.flatnonzero(values_cents < share * threshold_cents)
        since = int(under[-1]) + 1 if len(under) else 0
        crossed.append((share, first_day + timedelta(since) if since < len(values_cents) else None))
    return Clock(int(values_cents[-1]), threshold_cents, tuple(crossed))


def next_declaration(declared_on: date) -> date:
    """The day by which a declaration is brought up to date: a year later."""
    try:
        return declared_on.replace(year=declared_on.year + 1)
    except ValueError:  # 29 February
        return declared_on.replace(year=declared_on.year + 1, day=28)
