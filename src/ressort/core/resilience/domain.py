"""Is a run still inside the model's domain? A run that collapses by itself is counted and listed, never shown nor averaged."""

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Calendar
from ressort.core.resilience.twin import Track

MONTH_DAYS = 30
STILL_FALLING_SHARE = 0.001
#: above this share of runs outside the domain, an ensemble is not published
MOST_OUTSIDE_SHARE = 0.05
_QUIET = 1e-9


def last_cause_day(calendar: Calendar, track: Track) -> int:
    """The last day on which the calendar or the rebuilding still acts; −1 when nothing ever does, T − 1 when it never ends."""
    acting = (calendar.lost > _QUIET).any(1) | (np.abs(calendar.kept - 1) > _QUIET).any(1)
    if len(calendar.demand):
        acting |= (np.abs(calendar.demand - 1) > _QUIET).any((1, 2))
    if len(calendar.use):
        acting |= (np.abs(calendar.use - 1) > _QUIET).any(1)
    if len(calendar.served):
        acting |= (calendar.served < 1 - _QUIET).any((1, 2))
    if len(calendar.opened):
        acting |= (calendar.opened < 1 - _QUIET).any((1, 2)) | (calendar.cost > _QUIET).any((1, 2))
    if len(calendar.amount):
        acting |= track.rebuilding > 1e-3 * calendar.amount.sum()
    days = np.flatnonzero(acting)
    return int(days[-1]) if len(days) else -1


def collapses(output: Floats, after_day: int) -> bool:
    """After the last cause, does the 30-day mean of total output still fall from one month to the next, or end below its level at recovery?

    Args:
        output: total output each day, (T,).
        after_day: the last day on which a cause acts.
    """
    tail = output[after_day + 1 :]
    months = len(tail) // MONTH_DAYS
    if months < 2:
        return False
    means = tail[: months * MONTH_DAYS].reshape(months, MONTH_DAYS).mean(1)
    falling = bool((means[1:] < means[:-1] * (1 - STILL_FALLING_SHARE)).any())
    return falling or bool(means[-1] < tail[0] * (1 - STILL_FALLING_SHARE))


def outside_domain(calendar: Calendar, track: Track) -> bool:
    """True when a run left the domain of stability: see `collapses`; also when it is not a number."""
    if not np.isfinite(track.production).all():
        return True
    return collapses(track.production.sum(1), last_cause_day(calendar, track))
