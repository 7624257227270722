"""The territories that most resemble one: same kind, near in size, density and whatever else is known."""

from dataclasses import dataclass

import numpy as np

from ressort.core.territory.geometry import Floats
from ressort.core.territory.territories import Integers, Territories

#: spread over size under which a feature does not vary
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Peers:
    """The territories that may be compared: same kind, country and zone.

    Args:
        rows: their rows in the table, ascending, (n,).
        features: log population, log density and the features given, nan where not known, (n, f).
        spread: standard deviation of each feature, infinite where it does not vary, (f,).
    """

    rows: Integers
    features: Floats
    spread: Floats


def peers(territories: Territories, row: int, features: Floats) -> Peers:
    """The peers of a territory of the table, itself included.

    Args:
        features: one row a territory of the table, nan where not known, (n, f).
    """
    table = territories.table
    same = np.ones(len(table), dtype=bool)
    for column in ("kind", "country", "zone"):
        values = table[column].to_numpy()
        same &= values == values[row]
    rows = np.flatnonzero(same)
    people, area = (table[name].to_numpy().astype(float)[rows] for name in ("population_people", "area_ha"))
    density = people / np.where(area > 0, area, np.nan)
    held = np.column_stack([np.log(np.maximum(people, 1.0)), np.log(np.maximum(density, 1e-6)), features[rows]])
    held = held[:, (~np.isnan(held)).sum(0) > 1]
    spread = np.nanstd(held, axis=0)
    # a feature that is the same everywhere varies by the rounding of its sums, which must not rank anybody
    varies = spread > ROUNDING * np.nanmax(np.abs(held), axis=0)
    # column by column: sums over a few features of many territories run along the columns
    return Peers(rows, np.asfortranarray(held), np.where(varies, spread, np.inf))


def most_similar(among: Peers, row: int, count: int) -> list[int]:
    """Rows of the `count` territories most similar to one of them, the nearest first.

    Distance: root mean square of standardised differences of the features, over those that both territories know.
    """
    here = int(np.searchsorted(among.rows, row))
    apart = (among.features - among.features[here]) / among.spread
    known = ~np.isnan(apart)
    squares = np.where(known, apart, 0.0) ** 2
    counted = known.sum(1)
    distance = np.sqrt(np.divide(squares.sum(1), counted, out=np.full(len(counted), np.inf), where=counted >= 2))
    distance[here] = np.inf
    near = np.flatnonzero(distance <= _least(distance, count))
    nearest = near[np.argsort(distance[near], kind="stable")][:count]
    return [int(among.rows[i]) for i in nearest if np.isfinite(distance[i])]


def _least(values: Floats, count: int) -> float:
    """The value that `count` of them do not exceed: a partition spares the sort of 35,000 communes for ten of them."""
    last = min(count, len(values)) - 1
    return float(np.partition(values, last)[last])
