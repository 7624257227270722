"""The few lowest values of each group, compiled: two passes over millions of arcs, without sorting them."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.food.system import Floats, Integers

Rows = Integers | NDArray[np.int32]


@njit(cache=True)
def lower(values: Floats, supplier: Rows, consumer: Rows, u: Floats, v: Floats) -> None:
    """Every arc's value less those of its two ends, in its place: no array of millions is made on the way."""
    for at in range(len(values)):
        values[at] -= u[supplier[at]] + v[consumer[at]]


@njit(cache=True)
def among_lowest(group: Rows, values: Floats, groups: int, most: int, below_km: float = np.inf) -> NDArray[np.bool_]:
    """Whether each value is one of the lowest of its group, so many of them at most, all below a bound; among equals, the first ones."""
    lowest = np.full((groups, most), below_km)
    for at in range(len(values)):
        one, place = group[at], most - 1
        if values[at] >= lowest[one, place]:
            continue
        while place > 0 and lowest[one, place - 1] > values[at]:
            lowest[one, place] = lowest[one, place - 1]
            place -= 1
        lowest[one, place] = values[at]
    equal = np.zeros(groups, dtype=np.int64)
    for one in range(groups):
        for place in range(most):
            equal[one] += lowest[one, place] == lowest[one, most - 1] < below_km
    keep = np.zeros(len(values), dtype=np.bool_)
    for at in range(len(values)):
        one = group[at]
        if values[at] < lowest[one, most - 1]:
            keep[at] = True
        elif values[at] == lowest[one, most - 1] and equal[one] > 0:
            keep[at] = True
            equal[one] -= 1
    return keep
