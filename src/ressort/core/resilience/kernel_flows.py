"""The three sweeps of a day over the flows: orders to suppliers, same-day deliveries, refilling of stocks; compiled.

`fixed` packs (7, S, B): technical, used, target, allowed, restock, rot, essential. `moving` packs (4, S, B): stock, order,
pull (order over attraction), attraction. `links` packs (3, R, B): open share, draw last night, draw tonight.

Whole arrays and places are passed, never rows cut out of them: counting who holds a row costs more than a short row.
Each inner loop writes one or two arrays: over more than the compiler can tell apart, it would not use vector units.
"""

from typing import Any

from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.kernel_rules import CAPACITY, ROOM, WEIGHT, WISH

#: sums may be regrouped (vector units); nothing else is relaxed
FAST = {"reassoc", "contract"}


@njit(fastmath=FAST, error_model="numpy")
def ask(
    flows: Floats, moving: Floats, vectors: Floats, links: Floats, portable: Any, masks: Floats, arcs: bool, classes: Floats
) -> None:  # fmt: skip
    """Orders to each industry by class of buyers: weight × Σ flow × pull."""
    products, regions, buyers = flows.shape
    for p in range(products):
        linked = arcs and portable[p]
        for r in range(regions):
            i = r * products + p
            for c in range(classes.shape[1]):
                total = 0.0
                if linked:
                    for f in range(buyers):
                        total += flows[p, r, f] * moving[2, p, f] * masks[c, f] * links[0, r, f] * links[1, r, f]
                elif len(masks) == 1:
                    for f in range(buyers):
                        total += flows[p, r, f] * moving[2, p, f]
                else:
                    for f in range(buyers):
                        total += flows[p, r, f] * moving[2, p, f] * masks[c, f]
                classes[i, c] = vectors[WEIGHT, i] * total


@njit(error_model="numpy")
def serve(served: Floats, moving: Floats, t: int) -> None:
    """Orders of today, less what the network of a product does not deliver in the region of the buyer."""
    products, regions = served.shape[1:]
    for p in range(products):
        for r in range(regions):
            if served[t, p, r] != 1:
                for f in range(r * products, min((r + 1) * products, moving.shape[2])):
                    moving[2, p, f] *= served[t, p, r]


@njit(fastmath=FAST, error_model="numpy")
def bind(
    flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: float, links: Floats, linked: bool,
    masks: Floats, p: int, received: Floats, new: Floats,
) -> None:  # fmt: skip
    """Lower `new` to what today's deliveries of the same-day product p allow."""
    products, regions, buyers = flows.shape
    received[:] = 0.0
    for r in range(regions):
        _take(flows, p, r, phi, vectors[WEIGHT, r * products + p], masks, links, linked, received)
    for f in range(buyers):
        need = fixed[0, p, f] * factor * vectors[WISH, f]
        if need > 0:
            part = min(1.0, received[f] * moving[2, p, f] / need)
            new[f] = min(new[f], vectors[WISH, f] * (1 - fixed[6, p, f] * (1 - part)))


@njit(fastmath=FAST, error_model="numpy")
def refill(
    flows: Floats, fixed: Floats, lines: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, links: Floats,
    fresh: Floats, same_day: Any, portable: Any, masks: Floats, sigma: float, clamp: bool, decay: bool, arcs: bool,
    taken: Floats, drawn: Floats, rest: Floats,
) -> None:  # fmt: skip
    """Stocks of the evening and orders for tomorrow."""
    products, regions, _ = flows.shape
    _attract(lines, vectors, sigma, rest)
    for p in range(products):
        if len(masks) == 1 and not (arcs and portable[p]):
            _take_and_draw(flows, p, phi, vectors, rest, taken, drawn)
        else:
            taken[:], drawn[:] = 0.0, 0.0
            for r in range(regions):
                i, linked = r * products + p, arcs and portable[p]
                _take(flows, p, r, phi, vectors[WEIGHT, i], masks, links, linked, taken)
                _draw(flows, p, r, rest[i], links, linked, drawn)
        if same_day[p]:
            for f in range(len(drawn)):
                moving[3, p, f] = drawn[f]
        else:
            _stock(fixed, moving, vectors, p, factor[p], clamp, taken)
            if decay:
                _spoil(fixed, moving, p, fresh[p])
            _order(fixed, moving, vectors, p, factor[p], decay, taken, drawn)
            # `moving[1]` of a stocked product is not read again: its pull holds the order
    for i in range(len(rest)):
        vectors[WEIGHT, i] = rest[i]


@njit(error_model="numpy")
def _attract(lines: Floats, vectors: Floats, sigma: float, tonight: Floats) -> None:
    """How much each supplier draws tonight's orders: its remaining capacity, to the power σ."""
    tonight[:] = 1.0
    if sigma != 0:
        for i in range(len(tonight)):
            share = vectors[CAPACITY, i] / lines[0, i] if lines[0, i] > 0 else 1.0
            tonight[i] = share if sigma == 1 else share**sigma


@njit(fastmath=FAST, error_model="numpy", inline="always")
def _take_and_draw(
    flows: Floats, p: int, phi: Floats, vectors: Floats, tonight: Floats, taken: Floats, drawn: Floats
) -> None:
    """Receipts and attraction of one product, where clients form one class and roads are open."""
    products, regions, buyers = flows.shape
    come, share = phi[p, 0] * vectors[WEIGHT, p], tonight[p]
    for f in range(buyers):
        taken[f] = come * flows[p, 0, f]
        drawn[f] = share * flows[p, 0, f]
    for r in range(1, regions):
        i = r * products + p
        come, share = phi[i, 0] * vectors[WEIGHT, i], tonight[i]
        for f in range(buyers):
            taken[f] += come * flows[p, r, f]
            drawn[f] += share * flows[p, r, f]


@njit(fastmath=FAST, error_model="numpy", inline="always")
def _take(
    flows: Floats, p: int, r: int, phi: Floats, weight: float, masks: Floats, links: Floats, linked: bool, taken: Floats
) -> None:
    """Receipts of one product from one region, for one unit of pull."""
    i = r * flows.shape[0] + p
    for c in range(len(masks)):
        come = phi[i, c] * weight
        if linked:
            for f in range(len(taken)):
                taken[f] += come * masks[c, f] * flows[p, r, f] * links[0, r, f] * links[1, r, f]
        else:
            for f in range(len(taken)):
                taken[f] += come * masks[c, f] * flows[p, r, f]


@njit(fastmath=FAST, error_model="numpy", inline="always")
def _draw(flows: Floats, p: int, r: int, share: float, links: Floats, linked: bool, drawn: Floats) -> None:
    """How much one region draws tonight's orders of one product."""
    if linked:
        for f in range(len(drawn)):
            drawn[f] += share * flows[p, r, f] * links[2, r, f]
    else:
        for f in range(len(drawn)):
            drawn[f] += share * flows[p, r, f]


@njit(fastmath=FAST, error_model="numpy", inline="always")
def _stock(
    fixed: Floats, moving: Floats, vectors: Floats, p: int, factor: float, clamp: bool, taken: Floats
) -> None:  # fmt: skip
    """Stock of one product after receipts and use."""
    for f in range(len(taken)):
        moving[0, p, f] += moving[2, p, f] * taken[f] - fixed[1, p, f] * factor * vectors[ROOM, f]
    if clamp:
        for f in range(len(taken)):
            moving[0, p, f] = max(moving[0, p, f], 0.0)


@njit(error_model="numpy")
def _spoil(fixed: Floats, moving: Floats, p: int, fresh: float) -> None:
    for f in range(fixed.shape[2]):
        moving[0, p, f] *= fresh


@njit(fastmath=FAST, error_model="numpy", inline="always")
def _order(
    fixed: Floats, moving: Floats, vectors: Floats, p: int, factor: float, decay: bool, taken: Floats, drawn: Floats
) -> None:
    """What each client orders of one product, over what draws it: its pull. `taken` is used as a draft."""
    for f in range(len(taken)):
        taken[f] = max(fixed[2, p, f] * factor * vectors[WISH, f] - moving[0, p, f], 0.0) * fixed[4, p, f]
    if decay:
        for f in range(len(taken)):
            taken[f] += fixed[5, p, f] * moving[0, p, f]
    for f in range(len(taken)):
        order = taken[f] + fixed[1, p, f] * factor * vectors[ROOM, f]
        moving[2, p, f] = order / drawn[f] if drawn[f] > 0 else 0.0
