"""The pivots of the network simplex, compiled: from any feasible tree to the optimum on given arcs.

Arrays are changed in place. A node's tree is told by its parent, the arc to it, and doubly linked children; a potential by
node, so that a tree arc costs `cost + potential[tail] − potential[head] = 0`.
"""

import numpy as np
from numba import njit

from ressort.core.food.system import Floats, Integers


@njit(cache=True)
def attach(
    node: int, parent: int, arc: int, up: Integers, by: Integers, child: Integers, after: Integers, before: Integers
) -> None:
    """Hang a node, with all that hangs from it, under a parent."""
    up[node], by[node], before[node], after[node] = parent, arc, -1, child[parent]
    if child[parent] >= 0:
        before[child[parent]] = node
    child[parent] = node


@njit(cache=True)
def detach(node: int, up: Integers, child: Integers, after: Integers, before: Integers) -> None:
    """Take a node away from its parent's children."""
    if before[node] >= 0:
        after[before[node]] = after[node]
    else:
        child[up[node]] = after[node]
    if after[node] >= 0:
        before[after[node]] = before[node]


@njit(cache=True)
def shift_below(
    top: int, rise: float, up: Integers, child: Integers, after: Integers, depth: Integers, potential: Floats
) -> None:
    """Depth of a node and of all below it renewed, their potentials raised."""
    node = top
    while True:
        potential[node] += rise
        depth[node] = depth[up[node]] + 1
        if child[node] >= 0:
            node = child[node]
            continue
        while node != top and after[node] < 0:
            node = up[node]
        if node == top:
            return
        node = after[node]


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
def leaving(
    arc: int, tail: Integers, head: Integers, flow: Floats, up: Integers, by: Integers, depth: Integers
) -> tuple[int, float, bool]:
    """The node whose tree arc empties first when the entering arc fills, how much moves, and whether it is on the head's side."""
    p, q, least, node, on_head = tail[arc], head[arc], 1e300, -1, False
    while p != q:
        if depth[p] >= depth[q]:
            if tail[by[p]] == p and flow[by[p]] < least:
                least, node, on_head = flow[by[p]], p, False
            p = up[p]
        else:
            if head[by[q]] == q and flow[by[q]] <= least:
                least, node, on_head = flow[by[q]], q, True
            q = up[q]
    return node, least, on_head


@njit(cache=True)
def push(
    arc: int, quantity: float, tail: Integers, head: Integers, flow: Floats, up: Integers, by: Integers, depth: Integers
) -> None:
    """Move a quantity around the cycle that the arc closes in the tree."""
    flow[arc] += quantity
    p, q = tail[arc], head[arc]
    while p != q:
        if depth[p] >= depth[q]:
            flow[by[p]] += quantity if head[by[p]] == p else -quantity
            p = up[p]
        else:
            flow[by[q]] += quantity if tail[by[q]] == q else -quantity
            q = up[q]


@njit(cache=True)
def rehang(
    top: int,
    node: int,
    parent: int,
    arc: int,
    up: Integers,
    by: Integers,
    child: Integers,
    after: Integers,
    before: Integers,
) -> None:
    """The subtree under `top` turned so that `node` hangs by `arc` from a parent outside it."""
    while True:
        old_parent, old_arc = up[node], by[node]
        detach(node, up, child, after, before)
        attach(node, parent, arc, up, by, child, after, before)
        if node == top:
            return
        node, parent, arc = old_parent, node, old_arc


@njit(cache=True)
def improve(
    tail: Integers,
    head: Integers,
    cost: Floats,
    flow: Floats,
    up: Integers,
    by: Integers,
    child: Integers,
    after: Integers,
    before: Integers,
    depth: Integers,
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
        top, amount, on_head = leaving(arc, tail, head, flow, up, by, depth)
        push(arc, amount, tail, head, flow, up, by, depth)
        reduced = cost[arc] + potential[tail[arc]] - potential[head[arc]]
        near, far = (head[arc], tail[arc]) if on_head else (tail[arc], head[arc])
        rehang(top, near, far, arc, up, by, child, after, before)
        shift_below(near, reduced if on_head else -reduced, up, child, after, depth, potential)
    return -1


@njit(cache=True)
def settle(
    tail: Integers,
    cost: Floats,
    up: Integers,
    by: Integers,
    child: Integers,
    after: Integers,
    depth: Integers,
    potential: Floats,
    root: int,
) -> None:
    """Depths and potentials renewed from the root down, so that rounding does not add up over pivots."""
    node = root
    while True:
        if child[node] >= 0:
            node = child[node]
        else:
            while node != root and after[node] < 0:
                node = up[node]
            if node == root:
                return
            node = after[node]
        arc = by[node]
        depth[node] = depth[up[node]] + 1
        potential[node] = potential[up[node]] + (-cost[arc] if tail[arc] == node else cost[arc])


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
def hang(order: Integers, up: Integers, by: Integers, child: Integers, after: Integers, before: Integers) -> None:
    """Children linked under their parents, nodes taken in an order where parents come first, the root left aside."""
    for node in order[1:]:
        attach(node, up[node], by[node], up, by, child, after, before)
