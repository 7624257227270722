"""What clients ask of industries and get: final demand by class, total demand, deliveries, rebuilding; compiled."""

from typing import Any

from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.kernel_rules import DEMAND, rebuild_orders


@njit(error_model="numpy")
def gathered(asked: Floats, consumer_class: Any, classes: Floats) -> None:
    """Final demand by class of consumers; kept from day to day where it does not change."""
    classes[:] = 0.0
    for i in range(asked.shape[0]):
        for q in range(asked.shape[1]):
            classes[i, consumer_class[q]] += asked[i, q]


@njit(error_model="numpy")
def summed(
    wishes: Floats, owed: Floats, owners: Any, terms: Floats, rebuild_class: int, classes: Floats, vectors: Floats, t: int
) -> None:  # fmt: skip
    """Orders, final demand and rebuilding by class of clients, then over all of them."""
    for i in range(classes.shape[0]):
        for c in range(classes.shape[1]):
            classes[i, c] += wishes[i, c]
    if owed.shape[1]:
        rebuild_orders(owed, owners, terms, classes, rebuild_class, t)
    for i in range(classes.shape[0]):
        total = classes[i, 0]
        for c in range(1, classes.shape[1]):
            total += classes[i, c]
        vectors[DEMAND, i] = total


@njit(error_model="numpy")
def deliver(
    final: Floats, demand: Floats, asked: Floats, phi: Floats, consumer_class: Any, given: Floats, unmet: Floats, moved: bool, t: int
) -> None:  # fmt: skip
    """What final consumers get, and lack; where final demand is as at rest (not `moved`), who serves all is passed over."""
    products = unmet.shape[2]
    for start in range(0, final.shape[0], products):
        for product in range(products):
            i = start + product
            if not moved and phi.shape[1] == 1 and phi[i, 0] == 1:
                continue
            for q in range(final.shape[1]):
                need = final[i, q] * demand[t, q, product] if len(demand) else final[i, q]
                given[i, q] = phi[i, consumer_class[q]] * asked[i, q]
                unmet[t, q, product] += need - given[i, q]


@njit(error_model="numpy")
def rebuilt(phi: Floats, rebuild_class: int, owners: Any, owed: Floats) -> float:
    """Less what was delivered today; gives what is left."""
    left = 0.0
    for k in range(owed.shape[1]):
        owed[0, k] -= phi[owners[1, k], rebuild_class] * owed[2, k]
        left += owed[0, k]
    return left
