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


@njit(error_model="numpy")
def capital_lost(
    lines: Floats, lost: Floats, owed: Floats, owners: Any, terms: Floats, vectors: Floats, t: int
) -> None:
    """Δ of the day: the largest of the causes, at most 1."""
    for f in range(vectors.shape[1]):
        vectors[LOST, f] = min(lost[t, f], 1.0)
    if owed.shape[1] == 0:
        return
    total = np.zeros(vectors.shape[1])
    for k in range(owed.shape[1]):
        if terms[0, owners[0, k]] == t:
            owed[0, k] = owed[1, k]
        if owners[2, k] < len(total):  # what homes rebuild takes no capacity
            total[owners[2, k]] += owed[0, k]
    for f in range(vectors.shape[1]):
        if lines[4, f] > 0:
            vectors[LOST, f] = min(max(vectors[LOST, f], total[f] / lines[4, f]), 1.0)


@njit(error_model="numpy")
def rebuild_orders(
    owed: Floats, owners: Any, terms: Floats, classes: Floats, rebuild_class: int, t: int
) -> None:  # fmt: skip
    """B = H / tau_R from the first day of orders, added to the demand of its class."""
    for k in range(owed.shape[1]):
        event = owners[0, k]
        owed[2, k] = owed[0, k] / terms[2, event] if terms[1, event] <= t else 0.0
        classes[owners[1, k], rebuild_class] += owed[2, k]


@njit(error_model="numpy")
def draw_today(
    fixed: Floats, lines: Floats, kept: Floats, factor: Floats, same_day: Any, vectors: Floats, moving: Floats, t: int
) -> None:
    """Same-day products are drawn on the day: what a client could make today, not last night's order."""
    for p in range(len(same_day)):
        if same_day[p]:
            for f in range(fixed.shape[2]):
                able = lines[0, f] * (1 - vectors[LOST, f]) * kept[t, f] * vectors[ALPHA, f]
                moving[1, p, f] = fixed[0, p, f] * factor[p] * min(vectors[DEMAND, f], able)
                moving[2, p, f] = moving[1, p, f] / moving[3, p, f] if moving[3, p, f] > 0 else 0.0


@njit(error_model="numpy")
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


@njit(error_model="numpy")
def allow(
    fixed: Floats, lines: Floats, kept: Floats, factor: Floats, same_day: Any, essential: bool, vectors: Floats, moving: Floats, t: int
) -> None:  # fmt: skip
    """What capacity, then stocks, allow: written in CAPACITY, WISH, ROOM."""
    for f in range(vectors.shape[1]):
        vectors[CAPACITY, f] = lines[0, f] * (1 - vectors[LOST, f]) * kept[t, f] * vectors[ALPHA, f]
        vectors[WISH, f] = min(vectors[DEMAND, f], vectors[CAPACITY, f])
        vectors[ROOM, f] = vectors[WISH, f]
    for p in range(len(same_day)):
        if same_day[p]:
            continue
        if essential:
            _ease(fixed, moving, p, factor[p], vectors)
            continue
        easing = factor[p]
        if easing == 1:
            for f in range(fixed.shape[2]):
                vectors[ROOM, f] = min(vectors[ROOM, f], moving[0, p, f] * fixed[3, p, f])
        else:
            for f in range(fixed.shape[2]):
                vectors[ROOM, f] = min(vectors[ROOM, f], moving[0, p, f] * fixed[3, p, f] / easing)


@njit(error_model="numpy")
def _ease(fixed: Floats, moving: Floats, p: int, easing: float, vectors: Floats) -> None:
    """An input that is not wholly essential leaves a part of what was wished."""
    part = 1 / easing
    for f in range(fixed.shape[2]):
        wish, binding = vectors[WISH, f], fixed[6, p, f]
        reach = min(wish, moving[0, p, f] * fixed[3, p, f] * part)
        vectors[ROOM, f] = min(vectors[ROOM, f], (1 - binding) * wish + binding * reach)


@njit(error_model="numpy")
def rationed(vectors: Floats, demand: Floats, phi: Floats) -> None:
    """phi: share of its demand that each class gets, first class first; 1 where nothing is asked."""
    for i in range(vectors.shape[1]):
        left = vectors[ROOM, i]
        for c in range(demand.shape[1]):
            asked = demand[i, c]
            share = left / asked if asked > 0 else 1.0
            if demand.shape[1] > 1:
                share = min(share, 1.0)
            phi[i, c] = share
            left = max(left - share * asked, 0.0)


@njit(error_model="numpy")
def tell(
    flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, same_day: Any, buyer_class: Any,
    links: Floats, portable: Any, label: Any, ratio: Floats, fill: Floats, t: int,
) -> None:  # fmt: skip
    """What limited each industry: found after the fact, for the few that were limited."""
    buyers, count = flows.shape[2], 0
    limited, best = np.empty(buyers, np.int64), np.empty(buyers)
    for f in range(vectors.shape[1]):
        x, wish, asked = vectors[ROOM, f], vectors[WISH, f], vectors[DEMAND, f]
        ratio[t, f] = x / wish if wish > 0 else 1.0
        fill[t, f] = x / asked if asked > 0 else 1.0
        label[t, f] = BY_CAPACITY if asked * TOLD > vectors[CAPACITY, f] else BY_DEMAND
        if f < buyers and x < wish * TOLD:
            limited[count], best[count] = f, wish
            count += 1
    for p in range(flows.shape[0] if count else 0):
        for k in range(count):
            f = limited[k]
            wish = vectors[WISH, f]
            need = fixed[0, p, f] * factor[p] * wish
            if need <= 0:
                continue
            if same_day[p]:
                got = _received(flows, moving, vectors, phi, links, portable[p], buyer_class[f], p, f)
                reach = min(1.0, got / need) * wish
            else:
                reach = min(wish, moving[0, p, f] * fixed[3, p, f] / factor[p])
            reach = (1 - fixed[6, p, f]) * wish + fixed[6, p, f] * reach
            if reach < best[k]:
                best[k], label[t, f] = reach, p


@njit(error_model="numpy")
def _received(
    flows: Floats,
    moving: Floats,
    vectors: Floats,
    phi: Floats,
    links: Floats,
    portable: bool,
    rank: int,
    p: int,
    f: int,
) -> float:
    """What a buyer of a class gets today of a same-day product."""
    products, regions, _ = flows.shape
    got = 0.0
    for r in range(regions):
        i = r * products + p
        part = phi[i, rank] * vectors[WEIGHT, i] * flows[p, r, f] * moving[2, p, f]
        got += part * links[0, r, f] * links[1, r, f] if portable else part
    return got
