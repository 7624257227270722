"""Quantities that lie between two ends: low, central, high; nan where not known."""

from dataclasses import dataclass

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.territory.geometry import Floats

#: a divisor under that is nothing: a watt-hour, where quantities are megawatt-hours
LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Ranged:
    """n quantities with their ends, `low ≤ central ≤ high`; all three nan where the quantity is not known, (n,) each.

    Ends are worked out with every factor at its own end: the widest range that the hypotheses allow, not a centile.
    """

    low: Floats
    central: Floats
    high: Floats

    def __post_init__(self) -> None:
        known = ~np.isnan(self.central)
        if (np.isnan(self.low) == known).any() or (np.isnan(self.high) == known).any():
            raise RuleBroken("A range is known at both ends and in its middle, or not at all.")
        slack = 1e-9 * np.abs(np.where(known, self.central, 0.0))
        wrong = known & ((self.low > self.central + slack) | (self.high < self.central - slack))
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            raise RuleBroken(
                "A range goes from low to high: {low}, {central}, {high} does not.",
                low=float(self.low[at]), central=float(self.central[at]), high=float(self.high[at]),
            )  # fmt: skip

    @classmethod
    def exactly(cls, values: Floats) -> "Ranged":
        """Quantities known without a range."""
        return cls(values, values, values)

    @classmethod
    def spread(cls, low: float, central: float, high: float, count: int) -> "Ranged":
        """The same range `count` times."""
        return cls(*(np.full(count, end) for end in (low, central, high)))

    def __len__(self) -> int:
        return len(self.central)

    @property
    def known(self) -> np.ndarray:
        """True where the quantity is known, (n,)."""
        return ~np.isnan(self.central)

    def times(self, factor: "Ranged | Floats | float") -> "Ranged":
        """Multiplied by something that is not negative, end by end."""
        low, central, high = factor.ends if isinstance(factor, Ranged) else (factor, factor, factor)
        return Ranged(self.low * low, self.central * central, self.high * high)

    def plus(self, other: "Ranged") -> "Ranged":
        """Added up, end by end; not known where either is not."""
        return Ranged(self.low + other.low, self.central + other.central, self.high + other.high)

    def beyond(self, other: "Ranged") -> "Ranged":
        """What exceeds another quantity, from 0 up: the least against its high end, the most against its low end."""
        return Ranged(
            np.maximum(self.low - other.high, 0.0),
            np.maximum(self.central - other.central, 0.0),
            np.maximum(self.high - other.low, 0.0),
        )

    def over(self, other: "Ranged") -> "Ranged":
        """Divided by another quantity; not known where that one may be nothing."""
        fit = other.known & (other.low >= LEAST) & self.known
        ends = ((self.low, other.high), (self.central, other.central), (self.high, other.low))
        return Ranged(*(np.divide(a, b, out=np.full(len(self), np.nan), where=fit) for a, b in ends))

    def where(self, chosen: np.ndarray, other: "Ranged") -> "Ranged":
        """These quantities where `chosen`, the others elsewhere."""
        return Ranged(*(np.where(chosen, a, b) for a, b in zip(self.ends, other.ends, strict=True)))

    @property
    def ends(self) -> tuple[Floats, Floats, Floats]:
        """Low, central, high."""
        return self.low, self.central, self.high
