"""Any network of arcs at least cost (minimum-cost flow): published instances can be read, solved exactly and compared.

    arc i → j, at most u, cost c      becomes a supplier of u, that serves j for c (what the arc carries) or i for nothing (what it does not)
    node i that gives b               becomes a consumer of Σ u of the arcs that leave it, less b

so that the transportation problem of this package solves it, capacities included, in whole numbers.
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.errors import InputError, NoSolution, RuleBroken
from ressort.core.exchanges.tree import EXACT_BITS, Tree
from ressort.core.food.system import Floats, Integers

#: words of a line of each kind in a DIMACS file, the letter aside
WORDS = {"p": 3, "n": 2, "a": 5}


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes that give or take, and arcs between them; whole numbers.

    Args:
        balance: what each node gives, negative when it takes, (n,).
        tail, head, cost: (m,); cost of a unit, which may be negative where the most is finite.
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
        RuleBroken: what is not whole, bounds that cross, a negative cost without limit, numbers too large to stay exact.
        NoSolution: what is given is not what is taken, or arcs too narrow: the nodes cut off, with what they lack.
    """
    _check(network)
    nodes = len(network.balance)
    due = network.balance - np.bincount(network.tail, network.least, nodes)
    due = due + np.bincount(network.head, network.least, nodes)
    limit = np.where(network.cost < 0, 0.0, np.maximum(due, 0.0).sum() + _negative_room(network))
    room = np.where(np.isfinite(network.most), network.most - network.least, limit)
    useful = np.flatnonzero((room > 0) & (network.tail != network.head))
    loops = np.where((network.tail == network.head) & (network.cost < 0), room, 0.0)
    need = np.bincount(network.tail[useful], room[useful], nodes) - due
    _refuse_overfull(need)
    used, price = _solved(network, useful, room[useful], need)
    carried = network.least + loops
    carried[useful] += used
    return NetworkFlow(carried, price, float(carried @ network.cost))


def _negative_room(network: Network) -> float:
    """What arcs of negative cost may add to the flow of the others."""
    negative = network.cost < 0
    return float((network.most - network.least)[negative & np.isfinite(network.most)].sum())


def _solved(network: Network, useful: Integers, room: Floats, need: Floats) -> tuple[Floats, Floats]:
    """What each useful arc carries above its least, and the price of each node."""
    cost, count = network.cost[useful], len(useful)
    world = 1.0 + float(np.abs(cost).max(initial=0.0)) * (2 * len(need) + 2)
    if max(world, float(room.sum())) >= 2.0**EXACT_BITS or world >= 1e11:
        raise RuleBroken(
            "These costs or quantities are too large to stay exact: divide costs, or lower arcs without use, below {most}.",
            most=2**EXACT_BITS,
        )
    takers = np.flatnonzero(need > 0)
    place = np.full(len(need), -1)
    place[takers] = np.arange(len(takers))
    tree = Tree(room, need[takers], world)
    # both ways dearer by the same when the cost is negative: a constant, taken off by counting with the true costs
    lift, arc = np.maximum(-cost, 0.0), np.arange(count)
    for end, price in ((network.head[useful], cost + lift), (network.tail[useful], lift)):
        open_ = place[end] >= 0
        tree.add(arc[open_], place[end][open_], price[open_])
    solved = tree.solved()
    if solved.imported.any():
        short = np.flatnonzero(solved.imported)
        raise NoSolution(
            "The arcs cannot carry what the nodes ask. Not reached: {broken}. Widen arcs around them, or ask less.",
            broken=[f"{int(takers[j]) + 1}: {solved.imported[j]:.0f}" for j in short[:10]],
        )
    to_head = network.head[useful][solved.supplier] == takers[solved.consumer]
    used = np.bincount(solved.supplier[to_head], solved.quantity[to_head], count).astype(float)
    price = np.zeros(len(need))
    price[takers] = solved.v
    _lower(price, np.flatnonzero(need == 0), network.tail[useful], network.head[useful], cost)
    return used, price


def _lower(price: Floats, idle: Integers, tail: Integers, head: Integers, cost: Floats) -> None:
    """Nodes that every arc enters empty and leaves full: a price low enough for both."""
    if len(idle):
        price[idle] = np.inf
        known = np.isfinite(price)
        into, out = known[tail] & ~known[head], ~known[tail] & known[head]
        np.minimum.at(price, head[into], price[tail[into]] + cost[into])
        np.minimum.at(price, tail[out], price[head[out]] - cost[out])
        price[np.isinf(price)] = 0.0


def _check(network: Network) -> None:
    for name in ("balance", "least", "most", "cost"):
        values = getattr(network, name)
        whole = np.isinf(values) if name == "most" else np.zeros(len(values), dtype=bool)
        if not (whole | (values == np.rint(values))).all():
            raise RuleBroken("A network is solved in whole numbers; {name} holds others: scale them.", name=name)
    crossed = np.flatnonzero((network.most < network.least) | (network.least < 0))
    if len(crossed):
        arc = int(crossed[0])
        raise RuleBroken(
            "Arc {arc} must carry {least} and may carry {most}: give 0 ≤ least ≤ most.",
            arc=arc + 1,
            least=float(network.least[arc]),
            most=float(network.most[arc]),
        )
    endless = np.flatnonzero((network.cost < 0) & ~np.isfinite(network.most))
    if len(endless):
        raise RuleBroken(
            "Arc {arc} has a negative cost and no limit: the cost could fall for ever. Give it a limit.",
            arc=int(endless[0]) + 1,
        )
    given, taken = (float(np.maximum(values, 0.0).sum()) for values in (network.balance, -network.balance))
    if given != taken:
        raise NoSolution(
            "The nodes give {given} and take {taken}: both must be equal. Add a node for the difference.",
            given=given,
            taken=taken,
        )


def _refuse_overfull(need: Floats) -> None:
    over = np.flatnonzero(need < 0)
    if len(over):
        raise NoSolution(
            "The arcs cannot carry what the nodes ask. Not reached: {broken}. Widen arcs around them, or ask less.",
            broken=[f"{int(node) + 1}: {-need[node]:.0f}" for node in over[:10]],
        )


def read_dimacs(text: str) -> Network:
    """A network written as DIMACS minimum-cost flow: `p min n m`, `n node gives`, `a tail head least most cost`, `c` words.

    Raises:
        InputError: what a line holds and should hold, with its number.
    """
    nodes = arcs = -1
    balance, rows = np.zeros(0), []
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.split()
        if not words or words[0] == "c":
            continue
        values = _numbers(words, number)
        if words[0] == "p" and nodes < 0:
            nodes, arcs = int(values[0]), int(values[1])
            balance = np.zeros(nodes)
        elif nodes < 0 or words[0] == "p":
            raise InputError("Line {line}: one line 'p min nodes arcs' comes first, once.", line=number)
        elif words[0] == "n":
            balance[_node(values[0], nodes, number)] = values[1]
        else:
            ends = [_node(value, nodes, number) for value in values[:2]]
            rows.append([*ends, values[2], np.inf if values[3] < 0 else values[3], values[4]])
    if nodes < 0 or len(rows) != arcs:
        raise InputError(
            "The file announces {announced} arcs and holds {count}: is it whole?",
            announced=max(arcs, 0),
            count=len(rows),
        )
    table = np.array(rows, dtype=float).reshape(-1, 5)
    tail, head = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return Network(balance, tail, head, table[:, 2], table[:, 3], table[:, 4])


def _numbers(words: list[str], number: int) -> list[int]:
    kind, rest = words[0], words[1:]
    if kind == "p" and rest[:1] == ["min"]:
        kind, rest = "p", [*rest[1:], "0"]
    try:
        values = [int(word) for word in rest]
        if len(values) == WORDS.get(kind):
            return values
    except ValueError:
        pass
    raise InputError(
        "Line {line}: '{text}' is not 'p min nodes arcs', 'n node quantity', 'a tail head least most cost' or 'c words'.",
        line=number,
        text=" ".join(words)[:80],
    )


def _node(value: int, nodes: int, number: int) -> int:
    if not 1 <= value <= nodes:
        raise InputError(
            "Line {line}: there is no node {node}; nodes go from 1 to {count}.", line=number, node=value, count=nodes
        )
    return value - 1
