"""Is a run still inside the model's domain? A run that collapses by itself is counted and listed, never shown nor averaged."""

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Calendar, Purses
from ressort.core.resilience.plan import Plan
from ressort.core.resilience.twin import Track

MONTH_DAYS = 30
STILL_FALLING_SHARE = 0.001
#: above this share of runs outside the domain, an ensemble is not published
MOST_OUTSIDE_SHARE = 0.05
_QUIET = 1e-9


def last_cause_day(calendar: Calendar, track: Track, purses: Purses | None = None) -> int:
    """The last day on which the calendar, the rebuilding or the purses still act; −1 when nothing ever does, T − 1 when it never ends."""
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
    if purses is not None and purses.on:
        acting |= (purses.frozen > _QUIET).any(1) | (np.abs(purses.transfers_kept - 1) > _QUIET).any(1)
        acting |= np.abs(purses.price - 1) > _QUIET
    days = np.flatnonzero(acting)
    return int(days[-1]) if len(days) else -1


def collapses(output: Floats, after_day: int, rest_meur: float = np.inf) -> bool:
    """After the last cause, does the 30-day mean of total output still fall from one month to the next, or end below its level at recovery?

    A fall that stays above the level at rest is no collapse: stocks are full again, and the bounce of restocking ends.

    Args:
        output: total output each day, (T,).
        after_day: the last day on which a cause acts.
        rest_meur: output of a quiet day, in the unit of `output`.
    """
    tail = output[after_day + 1 :]
    months = len(tail) // MONTH_DAYS
    if months < 2:
        return False
    means = tail[: months * MONTH_DAYS].reshape(months, MONTH_DAYS).mean(1)
    floor = rest_meur * (1 - STILL_FALLING_SHARE)
    falling = (means[1:] < means[:-1] * (1 - STILL_FALLING_SHARE)) & (means[1:] < floor)
    return bool(falling.any() or means[-1] < min(tail[0] * (1 - STILL_FALLING_SHARE), floor))


def outside_domain(plan: Plan, calendar: Calendar, track: Track, purses: Purses | None = None) -> bool:
    """True when a run left the domain of stability: see `collapses`; also when it is not a number.

    The whole economy is looked at, then each region that buys: a small territory may collapse and weigh nothing in the whole.
    A region that only sells lacks no input.
    """
    if not np.isfinite(track.production).all():
        return True
    products, regions, buyers = plan.flows.shape
    made, rest = (one.reshape(*one.shape[:-1], regions, products).sum(-1) for one in (track.production, plan.output))
    buying = -(-buyers // products)
    after = last_cause_day(calendar, track, purses)
    return collapses(made.sum(1), after, float(rest.sum())) or any(
        collapses(made[:, region], after, float(rest[region])) for region in range(buying)
    )
