"""Any network of arcs at least cost (minimum-cost flow): published instances can be read, solved exactly and compared."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ressort.core.errors import NoSolution, RuleBroken
from ressort.core.exchanges.conflict import Shortage, shortage
from ressort.core.exchanges.star import star_flow
from ressort.core.exchanges.tree import EXACT_BITS
from ressort.core.food.system import Floats, Integers

#: how many nodes and arcs a message names
MOST_NAMED = 10


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes that give or take, and arcs between them; whole numbers.

    Args:
        balance: what each node gives, negative when it takes, (n,).
        tail, head, cost: (m,); cost of a unit, of any sign.
        least, most: what each arc must and may carry, (m,); -1 in a file, infinity here: no limit.
    """

    balance: Floats
    tail: Integers
    head: Integers
    least: Floats
    most: Floats
    cost: Floats


@dataclass(frozen=True, eq=False)
class NetworkFlow:
    """The flow of least cost.

    Args:
        carried: by arc, whole, (m,).
        price: what one more unit taken at each node would cost, up to a constant, (n,): `cost + price[tail] − price[head]` is 0 where
            an arc carries something between its bounds, not below 0 where it carries its least, not above where it is full.
        total: cost of all.
    """

    carried: Floats
    price: Floats
    total: float


def network_flow(network: Network) -> NetworkFlow:
    """The flow of least cost that gives and takes what every node says, within what every arc may carry.

    Raises:
        RuleBroken: what is not whole, bounds that cross, a cycle of negative cost without limit, numbers too large to stay exact.
        NoSolution: what is given is not what is taken, or arcs too narrow; `facts["shortage"]` holds what cannot be met, by how much, and
            the arcs that hold it back.
    """
    _check(network)
    nodes = len(network.balance)
    due = network.balance - np.bincount(network.tail, network.least, nodes)
    due = due + np.bincount(network.head, network.least, nodes)
    room = _room(network, float(np.maximum(due, 0.0).sum()))
    useful = np.flatnonzero((room > 0) & (network.tail != network.head))
    found = star_flow(due, network.tail[useful], network.head[useful], room[useful], network.cost[useful])
    if found.unmet.any() or found.unsent.any():
        raise _refusal(network, room)
    carried = network.least + np.where((network.tail == network.head) & (network.cost < 0), room, 0.0)
    carried[useful] += found.used
    return NetworkFlow(carried, found.price, float(carried @ network.cost))


def _room(network: Network, due: float) -> Floats:
    """What each arc may carry above its least; where there is no limit, more than any flow of least cost takes there.

    Such a flow is made of ways from those that give, `due` in all, and of cycles that pay, each with an arc of negative cost and
    an arc that has a limit.
    """
    endless, pays = np.isinf(network.most), network.cost < 0
    _refuse_endless_gain(network, endless)
    limited = (network.most - network.least)[~endless & (pays | bool((endless & pays).any()))]
    # and one more: such an arc is never full, so that its price holds
    return np.where(endless, due + float(limited.sum()) + 1.0, network.most - network.least)


def _refuse_endless_gain(network: Network, endless: np.ndarray) -> None:
    """A cycle of arcs without limit whose costs add up to less than 0 would pay for ever."""
    arcs = np.flatnonzero(endless)
    if not (network.cost[arcs] < 0).any():
        return
    nodes = len(network.balance)
    graph = coo_array((np.ones(len(arcs)), (network.tail[arcs], network.head[arcs])), shape=(nodes, nodes))
    _count, part = connected_components(graph, connection="strong")
    arcs = arcs[part[network.tail[arcs]] == part[network.head[arcs]]]
    # least costs of ways of at most so many arcs, from anywhere: they settle unless a cycle pays
    tail, head, cost, least = network.tail[arcs], network.head[arcs], network.cost[arcs], np.zeros(nodes)
    for _arcs in range(len(np.unique(tail)) + 1):
        before = least.copy()
        np.minimum.at(least, head, before[tail] + cost)
        if (least == before).all():
            return
    arc = int(arcs[np.flatnonzero(before[tail] + cost < before[head])[0]])
    raise RuleBroken(
        "A cycle of arcs without limit, near arc {arc}, has a negative cost: the cost could fall for ever. Give one of its arcs a limit.",
        arc=arc + 1,
    )


def _refusal(network: Network, room: Floats) -> NoSolution:
    found = shortage(network.balance, network.tail, network.head, network.least, room, network.most)
    assert found is not None
    short = [f"{node + 1}: {lack:.0f}" for one in found.conflicts for node, lack in zip(one.short, one.lacks, strict=True)]  # fmt: skip
    full = [arc_name(network, int(arc)) for one in found.conflicts for arc in one.full]
    return NoSolution(
        "The nodes give {given} and take {taken}; no flow does all. Units missing: {missing}; nodes left short: {short}; full arcs around "
        "them: {full}. Units that cannot leave: {unsent}; nodes: {stuck}. Widen these arcs, or ask less.",
        given=int(np.maximum(network.balance, 0.0).sum()), taken=int(np.maximum(-network.balance, 0.0).sum()),
        missing=int(found.missing), unsent=int(found.unsent), short=named(short), full=named(full),
        stuck=named([f"{node + 1}: {left:.0f}" for node, left in zip(found.stuck, found.left, strict=True)]), shortage=found,
    )  # fmt: skip


def arc_name(network: Network, arc: int) -> str:
    """An arc by its ends and the most it carries."""
    return f"{network.tail[arc] + 1} → {network.head[arc] + 1} ({network.most[arc]:.0f})"


def named(things: list[str]) -> list[str]:
    """The first of many names, a dash when there is none."""
    return [*things[:MOST_NAMED], "…"] if len(things) > MOST_NAMED else things or ["–"]


def why_not(network: Network) -> Shortage | None:
    """What no flow of a network can do, and the arcs that hold it back; None when a flow does all.

    Raises:
        RuleBroken: as `network_flow`.
    """
    _check(network)
    nodes = len(network.balance)
    due = network.balance - np.bincount(network.tail, network.least, nodes)
    due = due + np.bincount(network.head, network.least, nodes)
    room = _room(network, float(np.maximum(due, 0.0).sum()))
    return shortage(network.balance, network.tail, network.head, network.least, room, network.most)


def _check(network: Network) -> None:
    for name in ("balance", "least", "most", "cost"):
        values = getattr(network, name)
        whole = np.isposinf(values) if name == "most" else np.zeros(len(values), dtype=bool)
        if not (whole | (values == np.rint(values)) & np.isfinite(values)).all():
            raise RuleBroken("A network is solved in whole numbers; {name} holds others: scale them.", name=name)
        if (np.abs(values[~whole]) >= 2.0**EXACT_BITS).any():
            raise RuleBroken(
                "These costs or quantities are too large to stay exact: divide costs, or lower arcs without use, below {most}.",
                most=2**EXACT_BITS,
            )
    crossed = np.flatnonzero((network.most < network.least) | (network.least < 0))
    if len(crossed):
        arc = int(crossed[0])
        raise RuleBroken(
            "Arc {arc} must carry {least} and may carry {most}: give 0 ≤ least ≤ most.",
            arc=arc + 1,
            least=float(network.least[arc]),
            most=float(network.most[arc]),
        )
