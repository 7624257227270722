"""Who fits whom: what each of two territories has too much of and the other lacks, the nearer the better.

`score(a, b) = Σ_p value_p (min(surplus_a, lack_b) + min(surplus_b, lack_a)) × exp(−km / fade)`
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.food.system import Floats, Integers

#: kilometres over which a partner loses about two thirds of its interest, a hypothesis
FADE_KM = 150.0


@dataclass(frozen=True, eq=False)
class Fit:
    """How each territory fits one of them. Axes: n territories, P goods.

    Args:
        gives: what the territory could send to each, (n, P); gets: what it could receive from each, (n, P).
        value: of both ways together at the weights given, (n,).
        balance_share: smaller over larger of both values, 0–1: 1 when each brings as much, (n,).
        score: value faded by distance, 0 for itself, (n,).
        order: rows by falling score, those of no interest left out.
    """

    gives: Floats
    gets: Floats
    value: Floats
    balance_share: Floats
    score: Floats
    order: Integers


def fit(row: int, surplus: Floats, lack: Floats, weights: Floats, km: Floats, fade_km: float = FADE_KM) -> Fit:
    """How every territory complements one.

    Args:
        surplus, lack: by territory and good, nan where not known (counts for nothing either way), (n, P).
        weights: value of a unit of each good, (P,); km: distance of each from the territory, (n,).

    Raises:
        RuleBroken: a distance of interest that is not above 0.
    """
    if fade_km <= 0:
        raise RuleBroken("The distance over which interest fades must be above 0 km, not {value}.", value=fade_km)
    extra, short = np.nan_to_num(surplus), np.nan_to_num(lack)
    gives, gets = np.minimum(extra[row], short), np.minimum(extra, short[row])
    gives[row], gets[row] = 0.0, 0.0
    given, got = gives @ weights, gets @ weights
    value = given + got
    larger = np.maximum(given, got)
    balance = np.divide(np.minimum(given, got), larger, out=np.zeros(len(value)), where=larger > 0)
    score = value * np.exp(-np.nan_to_num(km, nan=np.inf) / fade_km)
    order = np.lexsort((np.arange(len(score)), -score))
    return Fit(gives, gets, value, balance, score, order[score[order] > 0])
