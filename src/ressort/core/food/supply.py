"""What is grown where: a département's hectares spread over its communes, until better is known.

Rule, documented and replaceable: in proportion to `area_ha × (1 − built share)`. A figure known for a commune wins over the
rule, and the remainder goes to the others; the parts always sum to the département.
"""

import numpy as np

from ressort.core.food.system import Floats, Integers


def open_land_ha(area_ha: Floats, population_people: Floats, built_ha_per_person: float) -> Floats:
    """Land outside towns: `area × (1 − built share)`, `built share = 1 − exp(−built_ha_per_person × density)`.

    The exponential keeps the share under 1 in dense towns. Nothing is left where area or population is not known.
    """
    density = np.divide(population_people, area_ha, out=np.zeros_like(area_ha), where=area_ha > 0)
    return np.nan_to_num(area_ha * np.exp(-built_ha_per_person * np.nan_to_num(density)))


def spread_over_communes(
    totals_ha: Floats, parent: Integers, weights: Floats, known_ha: Floats | None = None
) -> Floats:
    """Each parent's total over its communes, in proportion to weights; known communes keep their own figure.

    Args:
        totals_ha: hectares by parent and post, nan where not known, (D, X).
        parent: index of the parent of each commune, -1 for none, (T,).
        weights: (T,) or (T, X), not negative.
        known_ha: figures of communes that are known, nan elsewhere, (T, X).

    Returns:
        Hectares by commune, (T, X); nan where neither the commune nor its parent is known. Where the known parts exceed
        the total they stand and the others get nothing.
    """
    posts = totals_ha.shape[1]
    weights = np.broadcast_to(weights.reshape(len(parent), -1), (len(parent), posts))
    known = np.full((len(parent), posts), np.nan) if known_ha is None else known_ha
    is_known = ~np.isnan(known)
    free = np.where(is_known, 0.0, weights)
    inside = parent >= 0
    home = parent[inside]
    taken = _add_up(np.nan_to_num(known[inside]), home, len(totals_ha))
    shared = _add_up(free[inside], home, len(totals_ha))
    rest = np.maximum(totals_ha - taken, 0.0)
    per_weight = np.divide(rest, shared, out=np.where(np.isnan(rest), np.nan, 0.0), where=shared > 0)
    spread = np.full((len(parent), posts), np.nan)
    spread[inside] = free[inside] * per_weight[home]
    return np.where(is_known, known, spread)


def reweighted(weights: Floats, group: Integers, group_total_ha: Floats) -> Floats:
    """Weights scaled so that each group with a known farmland (an EPCI) carries weight equal to it; others keep their scale.

    The communes of unknown groups are scaled by the overall ratio of known farmland to weight, so that both stay comparable.
    """
    size = len(group_total_ha)
    inside = group >= 0
    carried = np.bincount(group[inside], weights[inside], size)
    known = ~np.isnan(group_total_ha) & (carried > 0)
    if not known.any():
        return weights
    usual = group_total_ha[known].sum() / carried[known].sum()
    scale = np.where(
        known, np.divide(np.nan_to_num(group_total_ha), carried, out=np.full(size, usual), where=known), usual
    )
    scaled = weights * usual
    scaled[inside] = weights[inside] * scale[group[inside]]
    return scaled


def spread_error(estimated_ha: Floats, observed_ha: Floats) -> float:
    """Standard deviation of log(estimated / observed) where both are positive: how wrong the rule is where it can be checked."""
    both = (estimated_ha > 0) & (observed_ha > 0)
    return float(np.std(np.log(estimated_ha[both] / observed_ha[both]))) if both.sum() > 2 else float("nan")


def _add_up(values: Floats, home: Integers, size: int) -> Floats:
    total = np.zeros((size, values.shape[1]))
    np.add.at(total, home, values)
    return total
