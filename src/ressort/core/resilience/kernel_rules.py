"""Rules of a day that work on vectors of industries: capital lost, overproduction, limits, rationing, traces; compiled.

`lines` packs (5, n): output, alpha at rest, alpha at most, alpha pace, capital. `vectors` packs what moves, by the names below.
`owed` packs (3, N): left to rebuild, amount, placed today; `owners` (3, N): event, supplier, client; `terms` (3, E): day of
the loss, first day of orders, time of rebuilding.
"""

from typing import Any

import numpy as np
from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.twin import BY_CAPACITY, BY_DEMAND, TOLD

WEIGHT, ALPHA, DEMAND, MADE, CAPACITY, WISH, ROOM, LOST = range(8)
VECTORS = 8


@njit
def capital_lost(lines: Floats, lost: Floats, owed: Floats, owners: Any, terms: Floats, now: Floats, t: int) -> None:
    """Δ of the day, written in `now`: the largest of the causes, at most 1."""
    for f in range(len(now)):
        now[f] = min(lost[f], 1.0)
    if owed.shape[1] == 0:
        return
    total = np.zeros(len(now))
    for k in range(owed.shape[1]):
        if terms[0, owners[0, k]] == t:
            owed[0, k] = owed[1, k]
        total[owners[2, k]] += owed[0, k]
    for f in range(len(now)):
        if lines[4, f] > 0:
            now[f] = min(max(now[f], total[f] / lines[4, f]), 1.0)


@njit
def rebuild_orders(owed: Floats, owners: Any, terms: Floats, demand: Floats, t: int) -> None:
    """B = H / tau_R from the first day of orders, added to the demand of its class."""
    for k in range(owed.shape[1]):
        event = owners[0, k]
        owed[2, k] = owed[0, k] / terms[2, event] if terms[1, event] <= t else 0.0
        demand[owners[1, k]] += owed[2, k]


@njit
def draw_today(
    fixed: Floats, lines: Floats, kept: Floats, factor: Floats, same_day: Any, vectors: Floats, moving: Floats
) -> None:
    """Same-day products are drawn on the day: what a client could make today, not last night's order."""
    for f in range(fixed.shape[2]):
        able = lines[0, f] * (1 - vectors[LOST, f]) * kept[f] * vectors[ALPHA, f]
        drawn = min(vectors[DEMAND, f], able)
        for p in range(len(same_day)):
            if same_day[p]:
                held = moving[3, p, f]
                moving[1, p, f] = fixed[0, p, f] * factor[p] * drawn
                moving[2, p, f] = moving[1, p, f] / held if held > 0 else 0.0


@njit
def overproduce(lines: Floats, vectors: Floats, eager: bool, t: int) -> None:
    """α moves toward its highest value where demand exceeds what was made, and back to rest where it is met exactly."""
    if t < 2:
        return
    for i in range(vectors.shape[1]):
        asked, alpha = vectors[DEMAND, i], vectors[ALPHA, i]
        zeta = (asked - vectors[MADE, i]) / asked if asked > 0 else 0.0
        moving = zeta > 0 if eager else zeta != 0
        step = (lines[2, i] - alpha) * zeta if moving else lines[1, i] - alpha
        vectors[ALPHA, i] = max(alpha + step * lines[3, i], lines[1, i])


@njit
def allow(
    fixed: Floats,
    lines: Floats,
    kept: Floats,
    factor: Floats,
    same_day: Any,
    essential: bool,
    vectors: Floats,
    moving: Floats,
) -> None:
    """What capacity, then stocks, allow: written in CAPACITY, WISH, ROOM."""
    for f in range(vectors.shape[1]):
        vectors[CAPACITY, f] = lines[0, f] * (1 - vectors[LOST, f]) * kept[f] * vectors[ALPHA, f]
        vectors[WISH, f] = min(vectors[DEMAND, f], vectors[CAPACITY, f])
        vectors[ROOM, f] = vectors[WISH, f]
    room, wish = vectors[ROOM], vectors[WISH]
    for p in range(len(same_day)):
        if same_day[p]:
            continue
        stock, allowed, easing = moving[0, p], fixed[3, p], factor[p]
        if essential:
            _ease(stock, allowed, easing, fixed[6, p], wish, room)
        elif easing == 1:
            for f in range(len(stock)):
                room[f] = min(room[f], stock[f] * allowed[f])
        else:
            for f in range(len(stock)):
                room[f] = min(room[f], stock[f] * allowed[f] / easing)


@njit
def _ease(stock: Floats, allowed: Floats, easing: float, essential: Floats, wish: Floats, room: Floats) -> None:
    """An input that is not wholly essential leaves a part of what was wished."""
    for f in range(len(stock)):
        reach = min(wish[f], stock[f] * allowed[f] / easing)
        room[f] = min(room[f], (1 - essential[f]) * wish[f] + essential[f] * reach)


@njit
def rationed(x: Floats, demand: Floats, phi: Floats) -> None:
    """phi: share of its demand that each class gets, first class first; 1 where nothing is asked."""
    for i in range(len(x)):
        left = x[i]
        for c in range(demand.shape[1]):
            asked = demand[i, c]
            share = left / asked if asked > 0 else 1.0
            if demand.shape[1] > 1:
                share = min(share, 1.0)
            phi[i, c] = share
            left = max(left - share * asked, 0.0)


@njit
def tell(
    flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, same_day: Any, buyer_class: Any,
    links: Floats, portable: Any, label: Any, ratio: Floats, fill: Floats,
) -> None:  # fmt: skip
    """What limited each industry: found after the fact, for the few that were limited."""
    products, regions, buyers = flows.shape
    for f in range(vectors.shape[1]):
        x, wish, asked = vectors[ROOM, f], vectors[WISH, f], vectors[DEMAND, f]
        ratio[f] = x / wish if wish > 0 else 1.0
        fill[f] = x / asked if asked > 0 else 1.0
        label[f] = BY_CAPACITY if asked * TOLD > vectors[CAPACITY, f] else BY_DEMAND
        if f >= buyers or x >= wish * TOLD:
            continue
        best = wish
        for p in range(products):
            need = fixed[0, p, f] * factor[p] * wish
            if need <= 0:
                continue
            if same_day[p]:
                got = 0.0
                for r in range(regions):
                    i = r * products + p
                    part = phi[i, buyer_class[f]] * vectors[WEIGHT, i] * flows[p, r, f] * moving[2, p, f]
                    got += part * links[0, r, f] * links[1, r, f] if portable[p] else part
                reach = min(1.0, got / need) * wish
            else:
                reach = min(wish, moving[0, p, f] * fixed[3, p, f] / factor[p])
            reach = (1 - fixed[6, p, f]) * wish + fixed[6, p, f] * reach
            if reach < best:
                best, label[f] = reach, p
