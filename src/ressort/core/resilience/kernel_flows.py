"""The three sweeps of a day over the flows: orders to suppliers, same-day deliveries, refilling of stocks; compiled.

`fixed` packs (7, S, B): technical, used, target, allowed, restock, rot, essential. `moving` packs (4, S, B): stock, order,
pull (order over attraction), attraction. `links` packs (3, R, B): open share, draw last night, draw tonight.
"""

from typing import Any

import numpy as np
from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.kernel_rules import CAPACITY, ROOM, WEIGHT, WISH

#: sums may be regrouped (vector units); nothing else is relaxed
FAST = {"reassoc", "contract"}


@njit(fastmath=FAST)
def ask(
    flows: Floats,
    moving: Floats,
    weight: Floats,
    links: Floats,
    portable: Any,
    buyer_class: Any,
    arcs: bool,
    classes: Floats,
) -> None:
    """Orders to each industry by class of buyers: weight × Σ flow × pull."""
    products, regions, buyers = flows.shape
    simple = classes.shape[1] == 1
    classes[:] = 0.0
    for p in range(products):
        pull, linked = moving[2, p], arcs and portable[p]
        for r in range(regions):
            i, row = r * products + p, flows[p, r]
            if simple and not linked:
                total = 0.0
                for f in range(buyers):
                    total += row[f] * pull[f]
                classes[i, 0] = weight[i] * total
            elif linked:
                for f in range(buyers):
                    classes[i, buyer_class[f]] += weight[i] * row[f] * pull[f] * links[0, r, f] * links[1, r, f]
            else:
                for f in range(buyers):
                    classes[i, buyer_class[f]] += weight[i] * row[f] * pull[f]


@njit
def serve(served: Floats, pull: Floats) -> None:
    """Orders of today, less what the network of a product does not deliver in the region of the buyer."""
    products = served.shape[0]
    for p in range(products):
        for f in range(pull.shape[1]):
            pull[p, f] *= served[p, f // products]


@njit(fastmath=FAST)
def bind(
    flows: Floats, fixed: Floats, pull: Floats, vectors: Floats, phi: Floats, factor: float, links: Floats, linked: bool,
    buyer_class: Any, p: int, new: Floats,
) -> None:  # fmt: skip
    """Lower `new` to what today's deliveries of the same-day product p allow."""
    products, (regions, buyers) = fixed.shape[1], flows.shape
    weight, wish = vectors[WEIGHT], vectors[WISH]
    received = np.zeros(buyers)
    for r in range(regions):
        i = r * products + p
        for f in range(buyers):
            part = phi[i, buyer_class[f]] * weight[i] * flows[r, f]
            received[f] += part * links[0, r, f] * links[1, r, f] if linked else part
    for f in range(buyers):
        need = fixed[0, p, f] * factor * wish[f]
        if need > 0:
            part = min(1.0, received[f] * pull[f] / need)
            new[f] = min(new[f], wish[f] * (1 - fixed[6, p, f] * (1 - part)))


@njit(fastmath=FAST)
def refill(
    flows: Floats, fixed: Floats, lines: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, links: Floats,
    fresh: Floats, same_day: Any, portable: Any, buyer_class: Any, sigma: float, clamp: bool, decay: bool, arcs: bool,
) -> None:  # fmt: skip
    """Stocks of the evening and orders for tomorrow: each flow is read once for both."""
    products, regions, buyers = flows.shape
    taken, drawn, tonight = np.zeros(buyers), np.zeros(buyers), np.ones(vectors.shape[1])
    if sigma != 0:
        for i in range(len(tonight)):
            share = vectors[CAPACITY, i] / lines[0, i] if lines[0, i] > 0 else 1.0
            tonight[i] = share if sigma == 1 else share**sigma
    for p in range(products):
        taken[:], drawn[:] = 0.0, 0.0
        for r in range(regions):
            i = r * products + p
            if arcs and portable[p]:
                _gather_linked(
                    flows[p, r], phi[i], vectors[WEIGHT, i], tonight[i], buyer_class, links[:, r], taken, drawn
                )
            elif phi.shape[1] == 1:
                _gather(flows[p, r], phi[i, 0] * vectors[WEIGHT, i], tonight[i], taken, drawn)
            else:
                _gather_by_class(flows[p, r], phi[i], vectors[WEIGHT, i], tonight[i], buyer_class, taken, drawn)
        if same_day[p]:
            moving[3, p] = drawn
        else:
            _order(
                fixed[:, p],
                moving[0, p],
                moving[2, p],
                taken,
                drawn,
                vectors[ROOM],
                vectors[WISH],
                factor[p],
                fresh[p],
                clamp,
                decay,
            )
            # `moving[1]` of a stocked product is not read again: its pull holds the order
    vectors[WEIGHT] = tonight


@njit(fastmath=FAST)
def _gather(row: Floats, come: float, share: float, taken: Floats, drawn: Floats) -> None:
    for f in range(len(row)):
        taken[f] += come * row[f]
        drawn[f] += share * row[f]


@njit(fastmath=FAST)
def _gather_by_class(
    row: Floats, phi: Floats, weight: float, share: float, buyer_class: Any, taken: Floats, drawn: Floats
) -> None:
    for f in range(len(row)):
        taken[f] += phi[buyer_class[f]] * weight * row[f]
        drawn[f] += share * row[f]


@njit(fastmath=FAST)
def _gather_linked(
    row: Floats, phi: Floats, weight: float, share: float, buyer_class: Any, links: Floats, taken: Floats, drawn: Floats
) -> None:
    for f in range(len(row)):
        taken[f] += phi[buyer_class[f]] * weight * row[f] * links[0, f] * links[1, f]
        drawn[f] += share * row[f] * links[2, f]


@njit(fastmath=FAST)
def _order(
    fixed: Floats, stock: Floats, pull: Floats, taken: Floats, drawn: Floats, made: Floats, wish: Floats, factor: float,
    fresh: float, clamp: bool, decay: bool,
) -> None:  # fmt: skip
    """One product: stock after receipts, use and spoiling; order; pull on suppliers."""
    used, target, restock, rot = fixed[1], fixed[2], fixed[4], fixed[5]
    least = 0.0 if clamp else -np.inf
    keep = fresh if decay else 1.0
    for f in range(len(taken)):
        use = used[f] * factor * made[f]
        held = max(stock[f] + pull[f] * taken[f] - use, least) * keep
        order = max(target[f] * factor * wish[f] - held, 0.0) * restock[f] + use + rot[f] * held
        stock[f] = held
        pull[f] = order / drawn[f] if drawn[f] > 0 else 0.0
