"""Starting market gardens (Ceinture Verte): how many, how much land, which share of the vegetables, by which year.

A garden's size, first years and chance to last come as a `Garden`: figures of `food/parameters`.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from ressort.core.food.system import Floats

KG_PER_T = 1000.0


@dataclass(frozen=True, slots=True)
class Garden:
    """A market garden that starts.

    Args:
        land_ha: its land.
        maturity_share: share of its full yield that it gives in its first years; all of it after these.
        retention_share: share of the gardens still at work a year later.
    """

    land_ha: float
    maturity_share: tuple[float, ...]
    retention_share: float


@dataclass(frozen=True, slots=True)
class FarmsNeeded:
    """What covering a share of the vegetables takes."""

    land_ha: float
    farms: int


def farms_needed(vegetables_kg: float, covered_share: float, yield_t_per_ha: float, garden_ha: float) -> FarmsNeeded:
    """Market gardens that cover a share of the vegetables eaten: `kg × share / (1000 × yield)`, in gardens of a size.

    >>> farms_needed(16_000_000, 0.1, 8.0, 2.0)
    FarmsNeeded(land_ha=200.0, farms=100)
    """
    land_ha = vegetables_kg * covered_share / (KG_PER_T * yield_t_per_ha)
    return FarmsNeeded(land_ha, ceil(round(land_ha / garden_ha, 9)))


@dataclass(frozen=True, eq=False)
class FarmStarts:
    """Year by year, from the first year on, each (years,); the share covered with its low and high bound."""

    active_farms: Floats
    land_ha: Floats
    covered_share: Floats
    covered_low_share: Floats
    covered_high_share: Floats


def start_farms(
    garden: Garden,
    starts_per_year: float,
    years: int,
    vegetables_kg: float,
    yield_t_per_ha: float,
    low_t_per_ha: float | None = None,
    high_t_per_ha: float | None = None,
) -> FarmStarts:
    """Gardens at work and the share of the vegetables they cover, when as many are started each year.

    `active[t+1] = active[t] × retention + starts`; a garden gives its maturity's shares, then all of its yield.
    """
    alive = garden.retention_share ** np.arange(years) * starts_per_year
    mature = np.array([*garden.maturity_share, *[1.0] * years])[:years]
    at_full_yield_ha = np.cumsum(alive * mature) * garden.land_ha

    def covered(t_per_ha: float) -> Floats:
        grown_kg = at_full_yield_ha * t_per_ha * KG_PER_T
        return grown_kg / vegetables_kg if vegetables_kg > 0 else np.full(years, np.nan)

    shares = [covered(bound or yield_t_per_ha) for bound in (yield_t_per_ha, low_t_per_ha, high_t_per_ha)]
    return FarmStarts(np.cumsum(alive), np.cumsum(alive) * garden.land_ha, *shares)
