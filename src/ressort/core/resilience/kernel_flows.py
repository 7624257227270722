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
    masks: Floats,
    arcs: bool,
    classes: Floats,
) -> None:
    """Orders to each industry by class of buyers: weight × Σ flow × pull."""
    products, regions, _ = flows.shape
    for p in range(products):
        pull, linked = moving[2, p], arcs and portable[p]
        for r in range(regions):
            i, row = r * products + p, flows[p, r]
            for c in range(classes.shape[1]):
                if linked:
                    classes[i, c] = weight[i] * _linked_total(row, pull, masks[c], links[0, r], links[1, r])
                else:
                    classes[i, c] = weight[i] * (
                        _total(row, pull) if len(masks) == 1 else _masked_total(row, pull, masks[c])
                    )


@njit(fastmath=FAST)
def _total(row: Floats, pull: Floats) -> float:
    total = 0.0
    for f in range(len(row)):
        total += row[f] * pull[f]
    return total


@njit(fastmath=FAST)
def _masked_total(row: Floats, pull: Floats, mask: Floats) -> float:
    total = 0.0
    for f in range(len(row)):
        total += row[f] * pull[f] * mask[f]
    return total


@njit(fastmath=FAST)
def _linked_total(row: Floats, pull: Floats, mask: Floats, opened: Floats, draw: Floats) -> float:
    total = 0.0
    for f in range(len(row)):
        total += row[f] * pull[f] * mask[f] * opened[f] * draw[f]
    return total


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
    masks: Floats, p: int, new: Floats,
) -> None:  # fmt: skip
    """Lower `new` to what today's deliveries of the same-day product p allow."""
    products, (regions, buyers) = fixed.shape[1], flows.shape
    weight, wish = vectors[WEIGHT], vectors[WISH]
    received = np.zeros(buyers)
    for r in range(regions):
        i = r * products + p
        if linked:
            _take_linked(flows[r], phi[i], weight[i], masks, links[:, r], received)
        else:
            _take(flows[r], phi[i], weight[i], masks, received)
    for f in range(buyers):
        need = fixed[0, p, f] * factor * wish[f]
        if need > 0:
            part = min(1.0, received[f] * pull[f] / need)
            new[f] = min(new[f], wish[f] * (1 - fixed[6, p, f] * (1 - part)))


@njit(fastmath=FAST)
def refill(
    flows: Floats, fixed: Floats, lines: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, links: Floats,
    fresh: Floats, same_day: Any, portable: Any, masks: Floats, sigma: float, clamp: bool, decay: bool, arcs: bool,
    room: Floats, rest: Floats,
) -> None:  # fmt: skip
    """Stocks of the evening and orders for tomorrow: each flow is read once for both."""
    products, regions, _ = flows.shape
    taken, drawn, tonight = room[0], room[1], rest
    tonight[:] = 1.0
    if sigma != 0:
        for i in range(len(tonight)):
            share = vectors[CAPACITY, i] / lines[0, i] if lines[0, i] > 0 else 1.0
            tonight[i] = share if sigma == 1 else share**sigma
    for p in range(products):
        taken[:], drawn[:] = 0.0, 0.0
        for r in range(regions):
            i = r * products + p
            if arcs and portable[p]:
                _take_linked(flows[p, r], phi[i], vectors[WEIGHT, i], masks, links[:, r], taken)
                _draw_linked(flows[p, r], tonight[i], links[:, r], drawn)
            elif len(masks) == 1:
                _gather(flows[p, r], phi[i, 0] * vectors[WEIGHT, i], tonight[i], taken, drawn)
            else:
                _take(flows[p, r], phi[i], vectors[WEIGHT, i], masks, taken)
                _draw(flows[p, r], tonight[i], drawn)
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
    vectors[WEIGHT, :] = tonight


@njit(fastmath=FAST)
def _gather(row: Floats, come: float, share: float, taken: Floats, drawn: Floats) -> None:
    for f in range(len(row)):
        taken[f] += come * row[f]
        drawn[f] += share * row[f]


@njit(fastmath=FAST)
def _take(row: Floats, phi: Floats, weight: float, masks: Floats, taken: Floats) -> None:
    for c in range(len(masks)):
        come, mask = phi[c] * weight, masks[c]
        for f in range(len(row)):
            taken[f] += come * mask[f] * row[f]


@njit(fastmath=FAST)
def _take_linked(row: Floats, phi: Floats, weight: float, masks: Floats, links: Floats, taken: Floats) -> None:
    for c in range(len(masks)):
        come, mask = phi[c] * weight, masks[c]
        for f in range(len(row)):
            taken[f] += come * mask[f] * row[f] * links[0, f] * links[1, f]


@njit(fastmath=FAST)
def _draw(row: Floats, share: float, drawn: Floats) -> None:
    for f in range(len(row)):
        drawn[f] += share * row[f]


@njit(fastmath=FAST)
def _draw_linked(row: Floats, share: float, links: Floats, drawn: Floats) -> None:
    for f in range(len(row)):
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
