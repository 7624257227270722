"""The pivots of the network simplex, compiled: from any feasible tree to the optimum on given arcs.

Arrays are changed in place. A node's tree is told by its parent, the arc to it, and doubly linked children; a potential by
node, so that a tree arc costs `cost + potential[tail] − potential[head] = 0`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.food.system import Floats, Integers

#: what is kept of a node, side by side in memory: its parent, the arc to it, first child, next and previous sibling, depth
UP, BY, CHILD, AFTER, BEFORE, DEPTH = range(6)
Links = NDArray[np.int32]


@njit(cache=True)
def attach(node: int, parent: int, arc: int, links: Links) -> None:
    """Hang a node, with all that hangs from it, under a parent."""
    links[node, UP], links[node, BY], links[node, BEFORE], links[node, AFTER] = parent, arc, -1, links[parent, CHILD]
    if links[parent, CHILD] >= 0:
        links[links[parent, CHILD], BEFORE] = node
    links[parent, CHILD] = node


@njit(cache=True)
def detach(node: int, links: Links) -> None:
    """Take a node away from its parent's children."""
    if links[node, BEFORE] >= 0:
        links[links[node, BEFORE], AFTER] = links[node, AFTER]
    else:
        links[links[node, UP], CHILD] = links[node, AFTER]
    if links[node, AFTER] >= 0:
        links[links[node, AFTER], BEFORE] = links[node, BEFORE]


@njit(cache=True)
def shift_below(top: int, rise: float, links: Links, potential: Floats) -> None:
    """Depth of a node and of all below it renewed, their potentials raised."""
    node = top
    while True:
        potential[node] += rise
        links[node, DEPTH] = links[links[node, UP], DEPTH] + 1
        if links[node, CHILD] >= 0:
            node = links[node, CHILD]
            continue
        while node != top and links[node, AFTER] < 0:
            node = links[node, UP]
        if node == top:
            return
        node = links[node, AFTER]


@njit(cache=True)
def entering(
    start: int, block: int, tail: Integers, head: Integers, cost: Floats, potential: Floats, tolerance: float
) -> int:
    """The arc of lowest reduced cost in the first block that has one under the tolerance, -1 when no block has."""
    best, lowest, left, arc = -1, -tolerance, block, start
    for _ in range(len(cost)):
        reduced = cost[arc] + potential[tail[arc]] - potential[head[arc]]
        if reduced < lowest:
            best, lowest = arc, reduced
        left -= 1
        if left == 0:
            if best >= 0:
                return best
            left = block
        arc = arc + 1 if arc + 1 < len(cost) else 0
    return best


@njit(cache=True)
def leaving(arc: int, tail: Integers, head: Integers, flow: Floats, links: Links) -> tuple[int, float, bool]:
    """The node whose tree arc empties first when the entering arc fills, how much moves, and whether it is on the head's side."""
    p, q, least, node, on_head = tail[arc], head[arc], 1e300, -1, False
    while p != q:
        if links[p, DEPTH] >= links[q, DEPTH]:
            if tail[links[p, BY]] == p and flow[links[p, BY]] < least:
                least, node, on_head = flow[links[p, BY]], p, False
            p = links[p, UP]
        else:
            if head[links[q, BY]] == q and flow[links[q, BY]] <= least:
                least, node, on_head = flow[links[q, BY]], q, True
            q = links[q, UP]
    return node, least, on_head


@njit(cache=True)
def push(arc: int, quantity: float, tail: Integers, head: Integers, flow: Floats, links: Links) -> None:
    """Move a quantity around the cycle that the arc closes in the tree."""
    flow[arc] += quantity
    p, q = tail[arc], head[arc]
    while p != q:
        if links[p, DEPTH] >= links[q, DEPTH]:
            flow[links[p, BY]] += quantity if head[links[p, BY]] == p else -quantity
            p = links[p, UP]
        else:
            flow[links[q, BY]] += quantity if tail[links[q, BY]] == q else -quantity
            q = links[q, UP]


@njit(cache=True)
def rehang(
    top: int,
    node: int,
    parent: int,
    arc: int,
    links: Links,
) -> None:
    """The subtree under `top` turned so that `node` hangs by `arc` from a parent outside it."""
    while True:
        old_parent, old_arc = links[node, UP], links[node, BY]
        detach(node, links)
        attach(node, parent, arc, links)
        if node == top:
            return
        node, parent, arc = old_parent, node, old_arc


@njit(cache=True)
def improve(
    tail: Integers,
    head: Integers,
    cost: Floats,
    flow: Floats,
    links: Links,
    potential: Floats,
    tolerance: float,
    most: int,
) -> int:
    """Pivot until no arc would help; how many pivots it took, -1 when there were more than the most."""
    block, start = max(int(len(cost) ** 0.5), 20), 0
    for count in range(most):
        arc = entering(start, block, tail, head, cost, potential, tolerance)
        if arc < 0:
            return count
        start = arc + 1 if arc + 1 < len(cost) else 0
        top, amount, on_head = leaving(arc, tail, head, flow, links)
        push(arc, amount, tail, head, flow, links)
        reduced = cost[arc] + potential[tail[arc]] - potential[head[arc]]
        near, far = (head[arc], tail[arc]) if on_head else (tail[arc], head[arc])
        rehang(top, near, far, arc, links)
        shift_below(near, reduced if on_head else -reduced, links, potential)
    return -1


@njit(cache=True)
def settle(
    tail: Integers,
    cost: Floats,
    links: Links,
    potential: Floats,
    root: int,
) -> None:
    """Depths and potentials renewed from the root down, so that rounding does not add up over pivots."""
    node = root
    while True:
        if links[node, CHILD] >= 0:
            node = links[node, CHILD]
        else:
            while node != root and links[node, AFTER] < 0:
                node = links[node, UP]
            if node == root:
                return
            node = links[node, AFTER]
        arc = links[node, BY]
        links[node, DEPTH] = links[links[node, UP], DEPTH] + 1
        potential[node] = potential[links[node, UP]] + (-cost[arc] if tail[arc] == node else cost[arc])


@njit(cache=True)
def fill(order: Integers, tail: Integers, head: Integers, flow: Floats, spare: Floats) -> Integers:
    """Arcs taken in order, each filled with what its two ends have left (changed in place); those that carry something."""
    used, count = np.empty(len(order), dtype=np.int64), 0
    for arc in order:
        amount = min(spare[tail[arc]], spare[head[arc]])
        if amount > 0:
            flow[arc] = amount
            spare[tail[arc]] -= amount
            spare[head[arc]] -= amount
            used[count] = arc
            count += 1
    return used[:count]


@njit(cache=True)
def hang(order: Integers, links: Links) -> None:
    """Children linked under their parents, nodes taken in an order where parents come first, the root left aside."""
    for node in order[1:]:
        attach(node, links[node, UP], links[node, BY], links)
