"""Why a network has no flow: demands that cannot be met, by how much, and the arcs that hold them back.

elastic: every node may send less or take less, at a cost of 1 a unit     ─▶ the least that is missing
from the nodes left short, backwards over arcs that have room             ─▶ a group that nothing more can enter
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from ressort.core.exchanges.star import star_flow
from ressort.core.food.system import Floats, Integers


@dataclass(frozen=True, eq=False)
class Conflict:
    """A group of nodes that asks more than it holds and can receive: `asked + forced_out − held − entering = missing`.

    Args:
        nodes: the group; short: those left short, with what each lacks in one least-missing plan, and `lacks` how much.
        missing: units that no flow can bring to the group.
        asked, held: what its nodes take and give.
        full: arcs that enter the group, all at their most, and `entering` what they carry.
        forced: arcs that leave the group at their least, and `forced_out` what they must carry.
    """

    nodes: Integers
    short: Integers
    lacks: Floats
    missing: float
    asked: float
    held: float
    full: Integers
    entering: float
    forced: Integers
    forced_out: float


@dataclass(frozen=True, eq=False)
class Shortage:
    """All that a network cannot do.

    Args:
        missing: units that no flow can bring; unsent: units that no flow can take away.
        conflicts: groups left short; stuck, left: nodes that cannot send all, and what stays with each.
    """

    missing: float
    unsent: float
    conflicts: list[Conflict]
    stuck: Integers
    left: Floats


def shortage(
    balance: Floats, tail: Integers, head: Integers, least: Floats, room: Floats, most: Floats
) -> Shortage | None:
    """The least that a network leaves undone, with its reasons; None when it can do all.

    Args:
        room: what each arc may carry above its least, finite; most: what it may carry, infinite where there is no limit.
    """
    nodes = len(balance)
    due = balance - np.bincount(tail, least, nodes) + np.bincount(head, least, nodes)
    useful = np.flatnonzero((room > 0) & (tail != head))
    found = star_flow(due, tail[useful], head[useful], room[useful], np.zeros(len(useful)))
    unmet, unsent, carried = found.unmet, found.unsent, np.zeros(len(tail))
    if not unmet.any() and not unsent.any():
        return None
    carried[useful] = found.used
    group = _that_reach(np.flatnonzero(unmet), tail, head, carried, room, most - least)
    part = _parts(group, tail, head)
    conflicts = [
        _conflict(part == one, balance, tail, head, least, carried, unmet) for one in np.unique(part[part >= 0])
    ]
    stuck = np.flatnonzero(unsent)
    return Shortage(float(unmet.sum()), float(unsent.sum()), conflicts, stuck, unsent[stuck])


def _that_reach(
    ends: Integers, tail: Integers, head: Integers, carried: Floats, room: Floats, limit: Floats
) -> np.ndarray:
    """True for nodes from which one more unit could still reach one of the ends, (n,)."""
    nodes = int(max(tail.max(initial=-1), head.max(initial=-1), ends.max(initial=-1))) + 1
    more, fewer = (carried < room) | np.isinf(limit), carried > 0
    goal = nodes
    # walked backwards from a goal that stands behind all ends
    start = np.concatenate([head[more], tail[fewer], np.full(len(ends), goal)])
    end = np.concatenate([tail[more], head[fewer], ends])
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(nodes + 1, nodes + 1)).tocsr()
    reached = breadth_first_order(graph, goal, return_predecessors=False)
    inside = np.zeros(nodes + 1, dtype=bool)
    inside[reached] = len(ends) > 0
    return inside[:nodes]


def _parts(group: np.ndarray, tail: Integers, head: Integers) -> Integers:
    """The number of the connected part of the group that each node is in, -1 outside, (n,)."""
    within = group[tail] & group[head]
    graph = coo_array((np.ones(within.sum()), (tail[within], head[within])), shape=(len(group), len(group)))
    _count, part = connected_components(graph, directed=False)
    return np.where(group, part, -1)


def _conflict(
    inside: np.ndarray, balance: Floats, tail: Integers, head: Integers, least: Floats, carried: Floats, unmet: Floats
) -> Conflict:
    inside = np.append(inside, np.zeros(len(balance) - len(inside), dtype=bool))
    short = np.flatnonzero(inside & (unmet > 0))
    full = np.flatnonzero(inside[head] & ~inside[tail])
    forced = np.flatnonzero(inside[tail] & ~inside[head])
    flow = least + carried
    return Conflict(
        nodes=np.flatnonzero(inside),
        short=short,
        lacks=unmet[short],
        missing=float(unmet[short].sum()),
        asked=float(np.maximum(-balance[inside], 0.0).sum()),
        held=float(np.maximum(balance[inside], 0.0).sum()),
        full=full,
        entering=float(flow[full].sum()),
        forced=forced[least[forced] > 0],
        forced_out=float(flow[forced].sum()),
    )
