"""The tree of the network simplex on a ring, compiled: how a part of it is turned and hung elsewhere, and its prices moved.

All nodes stand on one ring, each before all that hang from it (preorder), so that what hangs from a node is a stretch of the ring:
from itself to its LAST. A potential by node, so that a tree arc costs `cost + potential[tail] − potential[head] = 0`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.food.system import Floats, Integers

#: what is kept of a node, side by side in memory: its parent, the arc to it and whether that arc leaves the node, the node
#: before it on the ring, how many hang from it, itself included, and the last of them on the ring
UP, BY, OUT, BEFORE, SIZE, LAST = range(6)
Links = NDArray[np.int32]
#: indices that are never negative need no test before each step
Ring = NDArray[np.uint32]


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
    node, left = np.uint32(first), count
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
