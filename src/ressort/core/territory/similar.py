"""The territories that most resemble one: same kind, near in size, density and whatever else is known."""

import numpy as np

from ressort.core.territory.geometry import Floats
from ressort.core.territory.territories import Territories, Territory


def most_similar(territories: Territories, place: Territory, features: Floats, count: int) -> list[int]:
    """Rows of the `count` most similar territories of the same kind and country, the nearest first.

    Distance: root mean square of standardised differences of log population, log density and the features given,
    over the features that both territories know. Own groups have no row, hence no similar ones.

    Args:
        features: one row a territory of the table, nan where not known, (n, f).
    """
    if not territories.has(place.key):
        return []
    row = territories.row(place.key)
    table = territories.table
    same = ((table["kind"] == place.kind) & (table["country"] == place.country)).to_numpy()
    same &= table["zone"].to_numpy() == table["zone"][row]
    people = table["population_people"].to_numpy().astype(float)
    density = people / np.where(
        table["area_ha"].to_numpy().astype(float) > 0, table["area_ha"].to_numpy().astype(float), np.nan
    )
    all_features = np.column_stack([np.log(np.maximum(people, 1.0)), np.log(np.maximum(density, 1e-6)), features])
    all_features = all_features[:, (~np.isnan(all_features[same])).sum(0) > 1]
    candidates = np.flatnonzero(same & (np.arange(len(table)) != row))
    spread = np.nanstd(all_features[same], axis=0)
    apart = (all_features[candidates] - all_features[row]) / np.where(spread > 0, spread, 1.0)
    known = ~np.isnan(apart)
    squares = np.where(known, apart, 0.0) ** 2
    counted = known.sum(1)
    distance = np.sqrt(np.divide(squares.sum(1), counted, out=np.full(len(candidates), np.inf), where=counted >= 2))
    nearest = np.argsort(distance, kind="stable")[:count]
    return [int(candidates[i]) for i in nearest if np.isfinite(distance[i])]
