"""What a unit costs from one territory to another: great circle times a detour, or a matrix of one's own.

A great circle is a metric: going through a third territory is never shorter. A matrix may be anything, but not negative.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ressort.core.errors import InputError, RuleBroken
from ressort.core.food.system import Floats, Integers
from ressort.core.territory.geometry import EARTH_RADIUS_KM

#: road over straight line, a hypothesis
DETOUR_RATIO = 1.3
#: cells of the finest map: 2^bits by 2^bits
CURVE_BITS = 16


@dataclass(frozen=True, eq=False)
class GreatCircle:
    """Kilometres between points: `detour × 2 R asin(chord / 2)`; over the sea as over land.

    Args:
        lat_degree, lon_degree: (n,), nan where the point is not known.
    """

    lat_degree: Floats
    lon_degree: Floats
    detour_ratio: float = DETOUR_RATIO

    def __post_init__(self) -> None:
        if self.detour_ratio < 1:
            raise RuleBroken(
                "A detour of {ratio} is shorter than the straight line: give 1 or more.", ratio=self.detour_ratio
            )

    def __len__(self) -> int:
        return len(self.lat_degree)

    @cached_property
    def points(self) -> Floats:
        """The points on the unit sphere, (n, 3)."""
        lat, lon = np.radians(self.lat_degree), np.radians(self.lon_degree)
        return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

    @property
    def scale_km(self) -> float:
        """Kilometres for one radian."""
        return self.detour_ratio * EARTH_RADIUS_KM

    @property
    def known(self) -> np.ndarray:
        """True where the territory has a place, (n,)."""
        return ~(np.isnan(self.lat_degree) | np.isnan(self.lon_degree))

    @cached_property
    def curve(self) -> Integers:
        """Where each territory lies on a curve that fills the map (Morton): neighbours have near numbers, (n,)."""
        code = np.zeros(len(self), dtype=np.int64)
        for axis, values in enumerate((self.lon_degree, self.lat_degree)):
            known = np.nan_to_num(values, nan=float(np.nanmean(values)) if self.known.any() else 0.0)
            step = np.floor((known - known.min()) / (np.ptp(known) * (1 + 1e-9) or 1.0) * 2**CURVE_BITS).astype(
                np.int64
            )
            for bit in range(CURVE_BITS):
                code |= ((step >> bit) & 1) << (2 * bit + axis)
        return code

    def km(self, givers: Integers, receivers: Integers) -> Floats:
        """What a unit costs from each giver to the receiver of the same position."""
        return self.between(self.points[givers], self.points[receivers])

    def between(self, left: Floats, right: Floats) -> Floats:
        """What a unit costs between points of the sphere, (m, 3) and (m, 3)."""
        chord = np.sqrt(((left - right) ** 2).sum(-1))
        return np.asarray(2 * self.scale_km * np.arcsin(np.minimum(1.0, chord / 2)))


@dataclass(frozen=True, eq=False)
class OwnMatrix:
    """Costs of one's own, giver by receiver: kilometres, euros, hours; infinite where there is no way.

    Args:
        cost: (n, n); the diagonal is what a territory's own supply costs it.
    """

    cost: Floats

    def __post_init__(self) -> None:
        if self.cost.ndim != 2 or self.cost.shape[0] != self.cost.shape[1]:
            raise InputError(
                "A matrix of costs is square; this one has the shape {shape}.", shape=list(self.cost.shape)
            )
        if np.isnan(self.cost).any():
            giver, receiver = np.argwhere(np.isnan(self.cost))[0]
            raise InputError(
                "The cost from {giver} to {receiver} is not a number: write a cost, or infinity where there is no way.",
                giver=int(giver),
                receiver=int(receiver),
            )
        if (self.cost < 0).any():
            giver, receiver = np.argwhere(self.cost < 0)[0]
            raise RuleBroken(
                "The cost from {giver} to {receiver} is {cost}: a cost cannot be negative.",
                giver=int(giver),
                receiver=int(receiver),
                cost=float(self.cost[giver, receiver]),
            )

    def __len__(self) -> int:
        return len(self.cost)

    @property
    def known(self) -> np.ndarray:
        """True where the territory has a place, (n,)."""
        return np.ones(len(self.cost), dtype=bool)

    def km(self, givers: Integers, receivers: Integers) -> Floats:
        """What a unit costs from each giver to the receiver of the same position."""
        return np.asarray(self.cost[givers, receivers])
