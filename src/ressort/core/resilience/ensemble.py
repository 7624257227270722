"""Many runs at once: quantiles of metrics, curves as counts, convergence, sensitivity, paired effects of levers.

Curves are kept as counts in narrow bins: integers add up to the same bits in any order, and memory grows with the bins, not the runs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ressort.core.economy import Floats
from ressort.core.errors import RuleBroken

BINS = 501
TOP = 1.0
CENTILES = (0.10, 0.50, 0.90)
SETTLED_SHARE = 0.05


def levels(curves: Floats) -> NDArray[np.uint16]:
    """The bin of each point of some curves."""
    return np.clip(np.rint(curves * (BINS - 1) / TOP), 0, BINS - 1).astype(np.uint16)


@dataclass(frozen=True, eq=False)
class Counts:
    """How many runs had each level of functionality, by need and day: (K, T, BINS). The last bin holds 1 and more."""

    bins: NDArray[np.uint32]

    @classmethod
    def empty(cls, needs: int, days: int) -> "Counts":
        """No run yet."""
        return cls(np.zeros((needs, days, BINS), np.uint32))

    def add(self, curves: Floats) -> None:
        """One more run, curves (K, T)."""
        self.count(levels(curves))

    def count(self, level: NDArray[np.uint16]) -> None:
        """One more run, by the bins of its curves (K, T): a small thing to send, where bins are large."""
        needs, days = level.shape
        self.bins[np.arange(needs)[:, None], np.arange(days)[None, :], level] += 1

    def join(self, other: "Counts") -> None:
        """The runs of another worker."""
        self.bins[:] += other.bins


def fan(counts: Counts, centiles: tuple[float, ...] = CENTILES) -> Floats:
    """Quantile curves day by day, (len(centiles), K, T), true to half a bin (0.001). A picture, not the metrics of a curve.

    Raises:
        RuleBroken: no run was counted.
    """
    total = counts.bins.sum(-1, dtype=np.int64)
    if not (total > 0).all():
        raise RuleBroken("No run was counted: there is no curve to draw.")
    heap = np.cumsum(counts.bins, axis=-1, dtype=np.int64)
    return np.array([(heap >= np.ceil(c * total)[..., None]).argmax(-1) for c in centiles]) * (TOP / (BINS - 1))


def quantiles(values: Floats, centiles: tuple[float, ...] = CENTILES) -> Floats:
    """Quantiles of a metric over runs; nan (undefined) is left out, inf (never) counts as the largest. All nan gives nan."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return np.full(len(centiles), np.nan)
    return np.array([known[min(int(np.ceil(c * len(known))) - 1, len(known) - 1) if c > 0 else 0] for c in centiles])


def converged(values: Floats) -> bool:
    """Do the medians of the two halves of the runs differ by less than 5 %?"""
    half = len(values) // 2
    if half < 2:
        return False
    first, second = float(quantiles(values[:half], (0.5,))[0]), float(quantiles(values[half:], (0.5,))[0])
    if np.isnan(first) or np.isnan(second) or first == second:
        return bool(first == second or (np.isnan(first) and np.isnan(second)))
    if np.isinf(first) or np.isinf(second):
        return False
    return abs(first - second) < SETTLED_SHARE * max(abs(first), abs(second), 1e-12)


def first_order_shares(ranks: Floats, values: Floats) -> Floats:
    """First-order Sobol indices from runs already played: part of the variance of a metric that each hypothesis explains alone, (laws,).

    The variance of the mean by slices of a hypothesis, less what chance alone gives it, over the whole variance; the dice make
    it uncertain by some 0.02 at 200 runs. Shares may add up to less than 1 (hypotheses act together) and to more (they are drawn together).
    """
    runs = len(values)
    slices = max(2, int(np.sqrt(runs) / 1.5))
    total = float(values.var())
    shares = np.zeros(ranks.shape[1])
    if total == 0 or runs < 2 * slices:
        return shares
    for j in range(ranks.shape[1]):
        parts = np.array_split(values[np.argsort(ranks[:, j], kind="stable")], slices)
        between = sum(len(part) * (part.mean() - values.mean()) ** 2 for part in parts) / runs
        within = sum(len(part) * part.var() for part in parts) / runs
        noise = within * (slices - 1) / (runs - slices)
        shares[j] = max(0.0, float((between - noise) / total))
    return shares


def sensitivities(ranks: Floats, values: Floats, names: list[str], most: int = 5) -> list[tuple[str, float, float]]:
    """What to measure first: first-order Sobol index and squared rank correlation of each drawn hypothesis with a metric, at most `most`.

    The largest index comes first; what chance alone could give (below 5 % of the variance, at few runs more) is left out.
    """
    known = np.isfinite(values)
    if known.sum() < 8 or np.ptp(values[known]) == 0:
        return []
    order = _ranks(values[known])
    weights = np.array([float((_ranks(ranks[known, j]) @ order) ** 2) for j in range(len(names))])
    shares = first_order_shares(ranks[known], values[known])
    floor = max(0.05, 2 / np.sqrt(known.sum()) - 0.05)
    best = np.argsort(-shares, kind="stable")[:most]
    return [(names[j], float(shares[j]), float(weights[j])) for j in best if shares[j] > floor]


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """What a lever changes, run by run on the same draws: quantiles of the difference, share of runs where it helps.

    Args:
        price_cents: cost over the median avoided; price_low_cents over the most (P90), price_high_cents over the least (P10); inf when
            nothing is avoided.
    """

    low: float
    median: float
    high: float
    helps_share: float
    price_cents: float
    price_low_cents: float = np.inf
    price_high_cents: float = np.inf


#: below this share of the loss, what a lever avoids is rounding of the model
HELPS_SHARE = 1e-3


def effectiveness(base: Floats, lever: Floats, cost_cents: int) -> Effectiveness:
    """Loss without less loss with, paired; positive is avoided loss. Less than a thousandth of the loss is no help, and has no price."""
    saved = base - lever
    low, median, high = quantiles(saved)
    least_help = HELPS_SHARE * max(float(np.median(base)), 0.0)
    price, most, least = (float(cost_cents / one) if one > least_help else np.inf for one in (median, low, high))
    helps = float((saved > np.maximum(HELPS_SHARE * base, 1e-9)).mean())
    return Effectiveness(
        float(low), float(median), float(high), helps, price, price_low_cents=least, price_high_cents=most
    )


def _ranks(values: Floats) -> Floats:
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float)
    ranks -= ranks.mean()
    norm = np.sqrt((ranks**2).sum())
    return ranks / norm if norm > 0 else ranks
