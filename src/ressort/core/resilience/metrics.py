"""What a curve of functionality says: how low, how much, how fast, how long, to which level. Undefined is nan, never is inf."""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import RuleBroken

THRESHOLDS = (0.80, 0.95, 0.99)
SUSTAINED_DAYS = 14
LEVEL_DAYS = 30
SMOOTH_DAYS = 5


@dataclass(frozen=True, slots=True)
class CurveMetrics:
    """The metrics of one curve F(t), F before the event being F0.

    Args:
        low: `min F`; low_5_days: the lowest 5-day mean.
        low_day: the first day of the lowest point.
        lost_days: Σ max(F0 − F, 0), in days of full function; net_days: Σ (F0 − F), overshoot subtracted.
        back_days: for each threshold, first day after the lowest with F above it for 14 days in a row; inf if none,
            nan where F never fell below.
        per_day: (F(t_f) − F(t_d)) / (t_f − t_d) to each threshold; nan when not recovered or never below.
        level: mean of the last 30 days over F0; may exceed 1.
    """

    low: float
    low_5_days: float
    low_day: int
    lost_days: float
    net_days: float
    back_days: tuple[float, ...]
    per_day: tuple[float, ...]
    level: float


def curve_metrics(curve: Floats, before: float = 1.0, thresholds: tuple[float, ...] = THRESHOLDS) -> CurveMetrics:
    """The metrics of a curve (T,).

    Raises:
        RuleBroken: a curve of less than a day, or that is not a number.
    """
    if len(curve) == 0 or not np.isfinite(curve).all():
        raise RuleBroken("A curve needs at least one day, and numbers only.")
    low_day = int(curve.argmin())
    back = tuple(_back(curve, low_day, share * before) for share in thresholds)
    per_day = tuple(
        float((curve[int(day)] - curve[low_day]) / (day - low_day)) if np.isfinite(day) else np.nan for day in back
    )
    return CurveMetrics(
        low=float(curve.min()),
        low_5_days=float(_moving_mean(curve, SMOOTH_DAYS).min()),
        low_day=low_day,
        lost_days=float(np.maximum(before - curve, 0.0).sum()),
        net_days=float((before - curve).sum()),
        back_days=back,
        per_day=per_day,
        level=float(curve[-LEVEL_DAYS:].mean() / before),
    )


def recovered_share(curve: Floats, before: float = 1.0) -> Floats:
    """Henry & Ramirez-Marquez: (F(t) − F(t_d)) / (F0 − F(t_d)); nan when F never falls, (T,)."""
    low = curve.min()
    return (curve - low) / (before - low) if low < before else np.full(len(curve), np.nan)


def days_under(served: Floats, vital_share: float) -> tuple[int, int, int]:
    """Days under a vital threshold, longest run of such days, and the first one (−1 if none).

    >>> days_under(np.array([1.0, 0.5, 0.7, 1.0, 0.2]), 0.8)
    (3, 2, 1)
    """
    under = served < vital_share - 1e-9
    if not under.any():
        return 0, 0, -1
    edges = np.flatnonzero(np.diff(np.concatenate([[0], under.astype(int), [0]])))
    runs = edges[1::2] - edges[::2]
    return int(under.sum()), int(runs.max()), int(under.argmax())


def overall(needs: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """F(t) = Σ w_k min(F_k, 1) and F_min(t) = min_k F_k of needs (K, T): show both.

    Raises:
        RuleBroken: weights that are negative or all zero.
    """
    if (weights < 0).any() or weights.sum() <= 0:
        raise RuleBroken(
            "The weights of needs are 0 or more and not all 0; {weights} was given.", weights=weights.tolist()
        )
    capped = np.minimum(needs, 1.0)
    return np.asarray((weights / weights.sum()) @ capped), np.asarray(capped.min(0))


def _back(curve: Floats, low_day: int, level: float) -> float:
    if curve.min() >= level:
        return np.nan
    above = np.concatenate([[0], np.cumsum(curve >= level)])
    run = (
        above[SUSTAINED_DAYS:] - above[:-SUSTAINED_DAYS] == SUSTAINED_DAYS
        if len(curve) >= SUSTAINED_DAYS
        else np.zeros(0, bool)
    )
    days = np.flatnonzero(run)
    days = days[days > low_day]
    return float(days[0]) if len(days) else np.inf


def _moving_mean(curve: Floats, width: int) -> Floats:
    width = min(width, len(curve))
    sums = np.concatenate([[0.0], np.cumsum(curve)])
    return (sums[width:] - sums[:-width]) / width
