"""Networks of the kinds that published instances have, drawn from a seed: general, grid, transportation, assignment."""

import numpy as np

from ressort.core.exchanges import Network


def general(nodes: int, arcs: int, seed: int, most_cost: int = 10_000, negative: float = 0.0) -> Network:
    """Sources and sinks at random, joined by chains wide enough for all, then arcs at random, parallel ones and loops among them."""
    dice = np.random.default_rng(seed)
    ends = max(1, nodes // 10)
    order = dice.permutation(nodes)
    gives = dice.multinomial(100 * ends, np.full(ends, 1 / ends))
    takes = dice.multinomial(100 * ends, np.full(ends, 1 / ends))
    balance = np.zeros(nodes)
    balance[order[:ends]], balance[order[-ends:]] = gives, -takes
    chain = np.arange(nodes - 1)
    more = max(0, arcs - len(chain))
    tail = np.concatenate([order[chain], dice.integers(0, nodes, more)])
    head = np.concatenate([order[chain + 1], dice.integers(0, nodes, more)])
    most = np.concatenate([np.full(len(chain), 100.0 * ends), dice.integers(0, 1000, more)])
    cost = np.concatenate([np.full(len(chain), float(most_cost)), dice.integers(1, most_cost + 1, more)])
    turned = dice.random(len(cost)) < negative
    turned[: len(chain)] = False
    least = np.zeros(len(cost))
    return Network(balance, tail, head, least, most, np.where(turned, -cost, cost))


def grid(height: int, width: int, seed: int, most_cost: int = 1_000) -> Network:
    """A grid whose arcs go both ways, a master source and sink beside it, each joined to one border."""
    dice = np.random.default_rng(seed)
    at = np.arange(height * width).reshape(height, width)
    pairs = [(at[:, :-1], at[:, 1:]), (at[:, 1:], at[:, :-1]), (at[:-1], at[1:]), (at[1:], at[:-1])]
    source, sink = height * width, height * width + 1
    tail = np.concatenate([*(one.ravel() for one, _ in pairs), np.full(height, source), at[:, -1], [source]])
    head = np.concatenate([*(two.ravel() for _, two in pairs), at[:, 0], np.full(height, sink), [sink]])
    cost = dice.integers(0, most_cost, len(tail)).astype(float)
    most = dice.integers(1, 100, len(tail)).astype(float)
    balance = np.zeros(height * width + 2)
    balance[source], balance[sink] = 20.0 * height, -20.0 * height
    most[-1], cost[-1] = 20.0 * height, 50.0 * most_cost
    return Network(balance, tail, head, np.zeros(len(tail)), most, cost)


def transport(givers: int, takers: int, degree: int, seed: int) -> Network:
    """Givers on one side, takers on the other, some arcs without limit between them; a first arc each makes it feasible."""
    dice = np.random.default_rng(seed)
    taken = dice.integers(1, 100, takers).astype(float)
    home = dice.integers(0, givers, takers)
    given = np.bincount(home, taken, givers)
    tail = np.concatenate([home, dice.integers(0, givers, takers * (degree - 1))])
    head = np.concatenate([np.arange(takers), np.tile(np.arange(takers), degree - 1)]) + givers
    cost = dice.integers(1, 1_000, len(tail)).astype(float)
    endless = np.full(len(tail), np.inf)
    return Network(np.concatenate([given, -taken]), tail, head, np.zeros(len(tail)), endless, cost)


def assignment(people: int, degree: int, seed: int) -> Network:
    """As many places as people, arcs of room 1: each vertex of the polytope is degenerate."""
    dice = np.random.default_rng(seed)
    tail = np.tile(np.arange(people), degree)
    head = np.concatenate([dice.permutation(people) for _choice in range(degree)]) + people
    cost = dice.integers(1, 100, len(tail)).astype(float)
    balance = np.concatenate([np.ones(people), -np.ones(people)])
    return Network(balance, tail, head, np.zeros(len(tail)), np.ones(len(tail)), cost)


def written(network: Network) -> str:
    """The network as a DIMACS file."""
    lines = [f"p min {len(network.balance)} {len(network.tail)}"]
    lines += [f"n {node + 1} {value:.0f}" for node, value in enumerate(network.balance) if value]
    most = np.where(np.isfinite(network.most), network.most, -1)
    columns = zip(network.tail + 1, network.head + 1, network.least, most, network.cost, strict=True)
    lines += ["a " + " ".join(f"{value:.0f}" for value in row) for row in columns]
    return "\n".join(lines) + "\n"
