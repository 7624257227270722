"""The network simplex on any network: the first tree is a star of arcs that are not there, dearer than any way round them.

node that gives ──▶ root ──▶ node that takes      what they still carry at the end, no flow can bring
"""

from dataclasses import dataclass
from math import isqrt

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.tree import EXACT_BITS, STRETCH, pivot_to_the_end
from ressort.core.food.system import Floats, Integers


@dataclass(frozen=True, eq=False)
class Star:
    """What each arc carries, (m,), the price of each node, (n,), what each keeps that it should send, and lacks, (n,) each."""

    used: Floats
    price: Floats
    unsent: Floats
    unmet: Floats


def star_flow(due: Floats, tail: Integers, head: Integers, room: Floats, cost: Floats) -> Star:
    """The flow that leaves least undone, and costs least among those, from 0 up to the room of each arc.

    Args:
        due: what each node gives, negative when it takes, (n,), whole; tail, head, room, cost: (m,), whole, rooms finite and above 0.

    Raises:
        RuleBroken: numbers too large to stay exact.
    """
    # compiled code takes half a second to import: only who solves waits
    from ressort.core.exchanges.ring import BY, OUT, UP, hang, settle

    nodes, arcs = len(due), len(tail)
    # a way leaves each node once: none costs more than the dearest arc out of each
    dearest = np.zeros(nodes)
    np.maximum.at(dearest, tail, np.abs(cost))
    dear = 1.0 + float(dearest.sum())
    if max(4 * dear, float(room.max(initial=0.0)), float(np.abs(due).sum())) >= 2.0**EXACT_BITS:
        raise RuleBroken(
            "These costs or quantities are too large to stay exact: divide costs, or lower arcs without use, below {most}.",
            most=2**EXACT_BITS,
        )
    every, root, gives = np.arange(nodes), np.full(nodes, nodes), due >= 0
    tails = np.concatenate([tail, np.where(gives, every, root)]).astype(np.uint32)
    heads = np.concatenate([head, np.where(gives, root, every)]).astype(np.uint32)
    costs, rooms = np.append(cost, np.full(nodes, dear)), np.append(room, np.full(nodes, np.inf))
    links, ring = np.full((nodes + 1, 6), -1, dtype=np.int32), np.empty(nodes + 1, dtype=np.uint32)
    links[:nodes, UP], links[:nodes, BY], links[:nodes, OUT] = nodes, arcs + every, gives
    hang(np.append(nodes, every), links, ring)
    carried, potential, full = np.append(np.abs(due), 0.0), np.zeros(nodes + 1), np.zeros(len(tails), dtype=np.int8)
    settle(costs, links, ring, potential, nodes)
    # from far, a candidate is chosen among more arcs: as many as there are stretches
    stretch = max(STRETCH, isqrt(len(tails)))
    # whole costs: prices are whole, and so is every gain
    pivot_to_the_end(tails, heads, costs, rooms, full, links, ring, carried, potential, 0.5, stretch)
    flow = np.where(full == 1, rooms, 0.0)
    flow[links[:nodes, BY]] = carried[:nodes]
    left = flow[arcs:]
    return Star(flow[:arcs], potential[:nodes], np.where(gives, left, 0.0), np.where(gives, 0.0, left))
