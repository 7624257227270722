"""The pivots of the network simplex, compiled: from any strongly feasible tree to the optimum on given arcs.

Arrays are changed in place; the tree and its ring are in `ring`. Only the arcs of the tree carry anything between their bounds, kept
with the node below; other arcs carry nothing or, where arcs have a room, all of it (`full`). Without rooms, both arrays are empty.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.exchanges.ring import BY, OUT, SIZE, UP, Links, Ring, rehang, resize, shift
from ressort.core.food.system import Floats, Integers

#: candidates gathered before the best ones pivot
CANDIDATES = 32
ENDLESS = 1e300
Flags = NDArray[np.int8]
Ends = NDArray[np.uint32]


@njit(cache=True, nogil=True)
def improve(
    tail: Ends,
    head: Ends,
    cost: Floats,
    room: Floats,
    full: Flags,
    links: Links,
    ring: Ring,
    carried: Floats,
    potential: Floats,
    tolerance: float,
    stretch: int,
    most: int,
) -> int:
    """Pivot until no arc would help, one candidate found in each stretch of so many arcs; how many pivots it took, -1 when there were more than the most."""
    candidates, count, start = np.empty(CANDIDATES, dtype=np.int64), 0, 0
    while True:
        held, start = gather(candidates, start, tail, head, cost, full, potential, tolerance, stretch)
        if held == 0:
            return count
        while True:
            held, arc = best(candidates, held, tail, head, cost, full, potential, tolerance)
            if arc < 0:
                break
            if count == most:
                return -1
            count += 1
            pivot(arc, tail, head, cost, room, full, links, ring, carried, potential)


@njit(cache=True)
def gather(
    candidates: Integers,
    start: int,
    tail: Ends,
    head: Ends,
    cost: Floats,
    full: Flags,
    potential: Floats,
    tolerance: float,
    stretch: int,
) -> tuple[int, int]:
    """The arc that gains most of each stretch that has one over the tolerance: how many, and where to go on."""
    held, left, limited = 0, len(cost), len(full) > 0
    while left > 0 and held < len(candidates):
        end, lowest = min(start + stretch, len(cost)), -tolerance
        if limited:
            for arc in range(start, end):
                lowest = min(lowest, reduced_cost(arc, tail, head, cost, full, potential))
        else:  # nothing but the least: several arcs are computed at once
            tails, heads, costs = tail[start:end], head[start:end], cost[start:end]
            for place in range(len(costs)):
                reduced = costs[place] + potential[tails[place]] - potential[heads[place]]
                lowest = reduced if reduced < lowest else lowest
        if lowest < -tolerance:
            candidates[held] = start
            while reduced_cost(candidates[held], tail, head, cost, full, potential) > lowest:
                candidates[held] += 1
            held += 1
        left -= end - start
        start = end if end < len(cost) else 0
    return held, start


@njit(cache=True)
def reduced_cost(arc: int, tail: Ends, head: Ends, cost: Floats, full: Flags, potential: Floats) -> float:
    """What a unit more would cost on an arc, or a unit less on one that is full."""
    reduced = cost[arc] + potential[tail[arc]] - potential[head[arc]]
    return -reduced if len(full) > 0 and full[arc] == 1 else reduced


@njit(cache=True)
def best(
    candidates: Integers,
    held: int,
    tail: Ends,
    head: Ends,
    cost: Floats,
    full: Flags,
    potential: Floats,
    tolerance: float,
) -> tuple[int, int]:
    """Candidates that no longer help dropped, the best taken out: how many stay, and that one, -1 when none is left."""
    chosen, lowest, place = -1, -tolerance, 0
    while place < held:
        reduced = reduced_cost(candidates[place], tail, head, cost, full, potential)
        if reduced >= -tolerance:
            held -= 1
            candidates[place] = candidates[held]
            continue
        if reduced < lowest:
            chosen, lowest = place, reduced
        place += 1
    if chosen < 0:
        return held, -1
    arc = candidates[chosen]
    candidates[chosen] = candidates[held - 1]
    return held - 1, arc


@njit(cache=True)
def pivot(
    arc: int,
    tail: Ends,
    head: Ends,
    cost: Floats,
    room: Floats,
    full: Flags,
    links: Links,
    ring: Ring,
    carried: Floats,
    potential: Floats,
) -> None:
    """Fill an arc, or empty one that is full, until an arc of the cycle that it closes is empty or full; that one leaves the tree."""
    p, q, limited, backwards = tail[arc], head[arc], len(room) > 0, False
    reduced, limit = cost[arc] + potential[p] - potential[q], ENDLESS
    if limited:
        limit, backwards = room[arc], full[arc] == 1
        if backwards:
            p, q, reduced = q, p, -reduced
    top, amount, on_head, join = leaving(p, q, room, limit, links, carried)
    if amount > 0:
        push(p, join, -amount, links, carried)
        push(q, join, amount, links, carried)
    if top < 0:
        full[arc] = 0 if backwards else 1
        return
    if limited:
        full[arc] = 0
        full[links[top, BY]] = 1 if on_head == (links[top, OUT] == 1) else 0
    near, far = (q, p) if on_head else (p, q)
    count = links[top, SIZE]
    resize(links[top, UP], join, -count, links)
    resize(far, join, count, links)
    by = (arc, 0 if on_head != backwards else 1)
    end = rehang(top, near, far, by, limit - amount if backwards else amount, links, ring, carried)
    shift(near, end, count, reduced if on_head else -reduced, ring, potential)


@njit(cache=True)
def leaving(p: int, q: int, room: Floats, limit: float, links: Links, carried: Floats) -> tuple[int, float, bool, int]:
    """The node whose arc is empty or full first, how much moves, whether it is on the head's side, and where both sides join.

    No node, -1, when the entering arc's own limit comes first. Among equals, the last on the way from the join through the tail,
    the entering arc and the head (Cunningham): the tree stays strongly feasible.
    """
    least, node, on_head, limited = limit, -1, False, len(room) > 0
    while p != q:
        if links[p, SIZE] < links[q, SIZE]:
            if links[p, OUT] == 1:
                if carried[p] < least:
                    least, node, on_head = carried[p], p, False
            elif limited:
                spare = room[links[p, BY]] - carried[p]
                if spare < least:
                    least, node, on_head = spare, p, False
            p = links[p, UP]
        else:
            if links[q, OUT] == 0:
                if carried[q] <= least:
                    least, node, on_head = carried[q], q, True
            elif limited:
                spare = room[links[q, BY]] - carried[q]
                if spare <= least:
                    least, node, on_head = spare, q, True
            q = links[q, UP]
    return node, least, on_head, p


@njit(cache=True)
def push(node: int, join: int, quantity: float, links: Links, carried: Floats) -> None:
    """Move a quantity up the tree from a node to a join; less than 0 moves it down."""
    while node != join:
        carried[node] += quantity if links[node, OUT] == 1 else -quantity
        node = links[node, UP]


@njit(cache=True)
def fill(order: Integers, tail: Ends, head: Ends, room: Floats, spare: Floats) -> tuple[Integers, Floats, Integers]:
    """Arcs taken in order, each filled with what its two ends have left (changed in place), up to its room.

    Returns:
        Those that carry something less than their room, what they carry, and those that are full.
    """
    used, amounts, count = np.empty(len(order), dtype=np.int64), np.empty(len(order)), 0
    full, filled, limited = np.empty(len(order) if len(room) else 0, dtype=np.int64), 0, len(room) > 0
    for arc in order:
        amount = min(spare[tail[arc]], spare[head[arc]])
        if limited and amount >= room[arc]:
            spare[tail[arc]] -= room[arc]
            spare[head[arc]] -= room[arc]
            full[filled] = arc
            filled += 1
        elif amount > 0:
            spare[tail[arc]] -= amount
            spare[head[arc]] -= amount
            used[count], amounts[count] = arc, amount
            count += 1
    return used[:count], amounts[:count], full[:filled]
