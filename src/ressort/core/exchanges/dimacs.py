"""Networks and flows as published instances write them: DIMACS minimum-cost flow, problem and solution.

c words                            n node gives (negative: takes)          s cost
p min nodes arcs                   a tail head least most cost             f tail head carried, arcs in the order of the problem
"""

import io
import re

import numpy as np

from ressort.core.errors import InputError
from ressort.core.exchanges.network import Network, NetworkFlow
from ressort.core.food.system import Floats

#: numbers of a line of each kind, the letter aside
WORDS = {"n": 2, "a": 5}
#: more than any published instance, and than whole numbers that stay exact
MOST_NODES, MOST_NUMBER = 20_000_000, 2**50
WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


def read_dimacs(text: str) -> Network:
    """A network written as DIMACS minimum-cost flow; -1 as the most of an arc: no limit.

    Raises:
        InputError: what a line holds and should hold, with its number.
    """
    size: tuple[int, int] | None = None
    balance: dict[int, int] = {}
    rows: list[list[int]] = []
    for number, raw in enumerate(io.StringIO(text, newline=None), 1):
        words = raw.split()
        if not words or words[0][0] == "c":
            continue
        if words[0] == "p" and size is None:
            size = _size(words, number)
            continue
        if size is None or words[0] == "p":
            raise InputError("Line {line}: one line 'p min nodes arcs' comes first, once.", line=number)
        values = _numbers(words, number)
        if words[0] == "n":
            node = _node(values[0], size[0], number)
            if node in balance:
                raise InputError("Line {line}: node {node} has said what it gives before.", line=number, node=node + 1)
            balance[node] = values[1]
        else:
            rows.append(_arc(values, size[0], number))
    if size is None:
        raise InputError("Line {line}: one line 'p min nodes arcs' comes first, once.", line=1)
    if len(rows) != size[1]:
        raise InputError(
            "The file announces {announced} arcs and holds {count}: is it whole?",
            announced=size[1],
            count=len(rows),
        )
    table = np.array(rows, dtype=float).reshape(-1, 5)
    given = np.zeros(size[0])
    given[list(balance)] = list(balance.values())
    most = np.where(table[:, 3] < 0, np.inf, table[:, 3])
    return Network(given, table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], most, table[:, 4])


def write_dimacs(network: Network, flow: NetworkFlow, words: str = "") -> str:
    """The solution of a problem: its cost, then one line an arc, in the order of the problem."""
    lines = [f"c {one}" for one in words.splitlines()] + [f"s {exact_total(network, flow.carried)}"]
    ends = zip((network.tail + 1).tolist(), (network.head + 1).tolist(), flow.carried.tolist(), strict=True)
    lines += [f"f {tail} {head} {round(carried)}" for tail, head, carried in ends]
    return "\n".join(lines) + "\n"


def exact_total(network: Network, carried: Floats) -> int:
    """The cost of a flow in whole numbers of any size."""
    used = np.flatnonzero(carried)
    return sum(int(a) * int(b) for a, b in zip(carried[used].tolist(), network.cost[used].tolist(), strict=True))


def _size(words: list[str], number: int) -> tuple[int, int]:
    if len(words) != 4 or words[1] != "min" or not all(WHOLE.fullmatch(word) for word in words[2:]):
        raise InputError("Line {line}: '{text}' is not 'p min nodes arcs'.", line=number, text=" ".join(words)[:80])
    nodes, arcs = int(words[2]), int(words[3])
    if not 0 <= nodes <= MOST_NODES or arcs < 0:
        raise InputError(
            "Line {line}: {nodes} nodes and {arcs} arcs; give from 0 to {most} nodes, and 0 arcs or more.",
            line=number,
            nodes=nodes,
            arcs=arcs,
            most=MOST_NODES,
        )
    return nodes, arcs


def _numbers(words: list[str], number: int) -> list[int]:
    rest = words[1:]
    if len(rest) != WORDS.get(words[0]) or not all(WHOLE.fullmatch(word) for word in rest):
        raise InputError(
            "Line {line}: '{text}' is not 'p min nodes arcs', 'n node quantity', 'a tail head least most cost' or 'c words'.",
            line=number,
            text=" ".join(words)[:80],
        )
    values = [int(word) for word in rest]
    if max(map(abs, values)) >= MOST_NUMBER:
        raise InputError(
            "Line {line}: {value} is too large to stay exact; give less than {most}.",
            line=number,
            value=max(values, key=abs),
            most=MOST_NUMBER,
        )
    return values


def _arc(values: list[int], nodes: int, number: int) -> list[int]:
    tail, head, least, most, cost = values
    if most < -1 or least < 0 or 0 <= most < least:
        raise InputError(
            "Line {line}: an arc that must carry {least} and may carry {most}; give 0 ≤ least ≤ most, or -1 for no limit.",
            line=number,
            least=least,
            most=most,
        )
    return [_node(tail, nodes, number), _node(head, nodes, number), least, most, cost]


def _node(value: int, nodes: int, number: int) -> int:
    if not 1 <= value <= nodes:
        raise InputError(
            "Line {line}: there is no node {node}; nodes go from 1 to {count}.", line=number, node=value, count=nodes
        )
    return value - 1
