"""The pivots of the network simplex, compiled: from any strongly feasible tree to the optimum on given arcs.

Arrays are changed in place. All nodes stand on one ring, each before all that hang from it (preorder), so that what hangs from a
node is a stretch of the ring: from itself to its LAST. A potential by node, so that a tree arc costs
`cost + potential[tail] − potential[head] = 0`. Only the arcs of the tree carry anything, kept with the node below.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.food.system import Floats, Integers

#: what is kept of a node, side by side in memory: its parent, the arc to it and whether that arc leaves the node, the node
#: before it on the ring, how many hang from it, itself included, and the last of them on the ring
UP, BY, OUT, BEFORE, SIZE, LAST = range(6)
#: arcs looked at for one candidate, and candidates gathered before the best ones pivot
STRETCH, CANDIDATES = 64, 32
Links = NDArray[np.int32]
Ring = NDArray[np.int32]


@njit(cache=True)
def improve(
    tail: Integers,
    head: Integers,
    cost: Floats,
    links: Links,
    ring: Ring,
    carried: Floats,
    potential: Floats,
    tolerance: float,
    most: int,
) -> int:
    """Pivot until no arc would help; how many pivots it took, -1 when there were more than the most."""
    candidates, count, start = np.empty(CANDIDATES, dtype=np.int64), 0, 0
    while True:
        held, start = gather(candidates, start, tail, head, cost, potential, tolerance)
        if held == 0:
            return count
        while True:
            held, arc = best(candidates, held, tail, head, cost, potential, tolerance)
            if arc < 0:
                break
            if count == most:
                return -1
            count += 1
            pivot(arc, tail, head, cost, links, ring, carried, potential)


@njit(cache=True)
def gather(
    candidates: Integers,
    start: int,
    tail: Integers,
    head: Integers,
    cost: Floats,
    potential: Floats,
    tolerance: float,
) -> tuple[int, int]:
    """The arc of lowest reduced cost of each stretch that has one under the tolerance: how many, and where to go on."""
    held, left = 0, len(cost)
    while left > 0 and held < len(candidates):
        chosen, lowest, end = -1, -tolerance, min(start + STRETCH, len(cost))
        for arc in range(start, end):
            reduced = cost[arc] + potential[tail[arc]] - potential[head[arc]]
            if reduced < lowest:
                chosen, lowest = arc, reduced
        if chosen >= 0:
            candidates[held] = chosen
            held += 1
        left -= end - start
        start = end if end < len(cost) else 0
    return held, start


@njit(cache=True)
def best(
    candidates: Integers, held: int, tail: Integers, head: Integers, cost: Floats, potential: Floats, tolerance: float
) -> tuple[int, int]:
    """Candidates that no longer help dropped, the best taken out: how many stay, and that one, -1 when none is left."""
    chosen, lowest, place = -1, -tolerance, 0
    while place < held:
        arc = candidates[place]
        reduced = cost[arc] + potential[tail[arc]] - potential[head[arc]]
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
    tail: Integers,
    head: Integers,
    cost: Floats,
    links: Links,
    ring: Ring,
    carried: Floats,
    potential: Floats,
) -> None:
    """Fill an arc until one of the cycle that it closes empties; that one leaves the tree."""
    p, q = tail[arc], head[arc]
    reduced = cost[arc] + potential[p] - potential[q]
    top, amount, on_head, join = leaving(p, q, links, carried)
    if amount > 0:
        push(p, join, -amount, links, carried)
        push(q, join, amount, links, carried)
    near, far = (q, p) if on_head else (p, q)
    count = links[top, SIZE]
    resize(links[top, UP], join, -count, links)
    resize(far, join, count, links)
    end = rehang(top, near, far, (arc, 0 if on_head else 1), amount, links, ring, carried)
    shift(near, end, count, reduced if on_head else -reduced, ring, potential)


@njit(cache=True)
def leaving(p: int, q: int, links: Links, carried: Floats) -> tuple[int, float, bool, int]:
    """The node whose arc empties first, how much moves, whether it is on the head's side, and where both sides join.

    Among equals, the last on the way from the join through the tail and the head (Cunningham): the tree stays strongly feasible.
    """
    least, node, on_head = 1e300, -1, False
    while p != q:
        if links[p, SIZE] < links[q, SIZE]:
            if links[p, OUT] == 1 and carried[p] < least:
                least, node, on_head = carried[p], p, False
            p = links[p, UP]
        else:
            if links[q, OUT] == 0 and carried[q] <= least:
                least, node, on_head = carried[q], q, True
            q = links[q, UP]
    return node, least, on_head, p


@njit(cache=True)
def push(node: int, join: int, quantity: float, links: Links, carried: Floats) -> None:
    """Move a quantity up the tree from a node to a join; less than 0 moves it down."""
    while node != join:
        carried[node] += quantity if links[node, OUT] == 1 else -quantity
        node = links[node, UP]


@njit(cache=True)
def resize(node: int, join: int, change: int, links: Links) -> None:
    """So many more hang from every node on the way up to a join."""
    while node != join:
        links[node, SIZE] += change
        node = links[node, UP]


@njit(cache=True)
def tie(first: int, second: int, links: Links, ring: Ring) -> None:
    """The second follows the first on the ring."""
    ring[first] = second
    links[second, BEFORE] = first


@njit(cache=True)
def rehang(
    top: int, near: int, far: int, by: tuple[int, int], quantity: float, links: Links, ring: Ring, carried: Floats
) -> int:
    """What hangs from `top` turned so that `near` hangs from `far`, outside it; the last of it on the ring.

    Args:
        by: the arc that hangs it, and 1 when that arc leaves `near`, else 0.
    """
    above, before, old_end, leaf = links[top, UP], links[top, BEFORE], links[top, LAST], far
    end, after = turn(top, near, far, by, quantity, links, ring, carried)
    tie(before, after, links, ring)
    while above >= 0 and links[above, LAST] == old_end:
        links[above, LAST] = before
        above = links[above, UP]
    after = ring[far]
    tie(far, near, links, ring)
    tie(end, after, links, ring)
    while far >= 0 and links[far, LAST] == leaf:
        links[far, LAST] = end
        far = links[far, UP]
    return end


@njit(cache=True)
def turn(
    top: int, near: int, far: int, by: tuple[int, int], quantity: float, links: Links, ring: Ring, carried: Floats
) -> tuple[int, int]:
    """Parents and children exchanged from `near` up to `top`: the last of them on the ring, and what came after them all.

    Each on the way, with what hangs from it elsewhere, comes behind what hangs from the one below, as its last child: all on
    the way end with the same node.
    """
    count, below, parent, node = links[top, SIZE], 0, far, near
    (arc, out), end = by, links[near, LAST]
    after, last_below, before_below = ring[end], end, -1
    while True:
        last, before, size = links[node, LAST], links[node, BEFORE], links[node, SIZE]
        old = links[node, UP], links[node, BY], links[node, OUT], carried[node]
        if node != near:
            stop = before_below
            if last != last_below:
                tie(before_below, after, links, ring)
                stop, after = last, ring[last]
            tie(end, node, links, ring)
            end = stop
        links[node, UP], links[node, BY], links[node, OUT], carried[node] = parent, arc, out, quantity
        links[node, SIZE] = count - below
        if node == top:
            break
        below, last_below, before_below, parent = size, last, before, node
        node, arc, out, quantity = old[0], old[1], 1 - old[2], old[3]
    while node != far:
        links[node, LAST] = end
        node = links[node, UP]
    return end, after


@njit(cache=True)
def shift(first: int, end: int, count: int, rise: float, ring: Ring, potential: Floats) -> None:
    """The potentials of a stretch raised, or all others lowered when they are fewer: only differences count."""
    node, left = first, count
    if 2 * count > len(ring):
        node, left, rise = ring[end], len(ring) - count, -rise
    for _ in range(left):
        potential[node] += rise
        node = ring[node]


@njit(cache=True)
def settle(cost: Floats, links: Links, ring: Ring, potential: Floats, root: int) -> None:
    """Potentials renewed from the root down, so that rounding does not add up over pivots."""
    potential[root], node = 0.0, ring[root]
    while node != root:
        arc = links[node, BY]
        potential[node] = potential[links[node, UP]] + (-cost[arc] if links[node, OUT] == 1 else cost[arc])
        node = ring[node]


@njit(cache=True)
def fill(order: Integers, tail: Integers, head: Integers, spare: Floats) -> tuple[Integers, Floats]:
    """Arcs taken in order, each filled with what its two ends have left (changed in place): those that carry something, and what."""
    used, amounts, count = np.empty(len(order), dtype=np.int64), np.empty(len(order)), 0
    for arc in order:
        amount = min(spare[tail[arc]], spare[head[arc]])
        if amount > 0:
            spare[tail[arc]] -= amount
            spare[head[arc]] -= amount
            used[count], amounts[count] = arc, amount
            count += 1
    return used[:count], amounts[:count]


@njit(cache=True)
def hang(order: Integers, links: Links, ring: Ring) -> None:
    """The ring, sizes and ends of a tree told by its parents, nodes taken in an order where parents come first."""
    links[:, SIZE] = 1
    for node in order[:0:-1]:
        links[links[node, UP], SIZE] += links[node, SIZE]
    place, free = np.zeros(len(order), dtype=np.int64), np.ones(len(order), dtype=np.int64)
    for node in order[1:]:
        parent = links[node, UP]
        place[node] = place[parent] + free[parent]
        free[parent] += links[node, SIZE]
    standing = np.empty(len(order), dtype=np.int64)
    for node in order:
        standing[place[node]] = node
    for node in order:
        links[node, LAST] = standing[place[node] + links[node, SIZE] - 1]
        tie(standing[place[node] - 1], node, links, ring)
