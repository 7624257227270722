"""A seeded instance of places over France, and peers on exactly the arcs that ours gets: OR-tools, POT, HiGHS, networkx."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import _peers
import _timing
import numpy as np

from ressort.core.exchanges import GreatCircle, Market, Sides, restricted_optimum
from ressort.core.exchanges.columns import nearest
from ressort.core.exchanges.tree import Solved

WORLD_KM = 5000.0
PEER = """
import sys, time
import numpy as np
z = np.load(sys.argv[1])
a, b, i, j, cost, world = (z[name] for name in ("a", "b", "i", "j", "cost", "world"))
S, D, scale = len(a), len(b), 1000
c = np.rint(cost * scale).astype(np.int64); w = int(world) * scale
tail = np.concatenate([i, np.full(D, S), np.arange(S + 1)]); head = np.concatenate([j, np.arange(D), np.full(S + 1, D)])
price = np.concatenate([c, np.full(D, w), np.zeros(S + 1, np.int64)])
given, taken = np.append(a, b.sum()).astype(np.int64), np.append(b, a.sum()).astype(np.int64)
def ortools():
    from ortools.graph.python import min_cost_flow
    start = time.process_time()
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail, head + S + 1, np.minimum(given[tail], taken[head]), price)
    flow.set_nodes_supplies(np.arange(S + D + 2), np.concatenate([given, -taken]))
    assert flow.solve() == flow.OPTIMAL
    return flow.optimal_cost() / scale, time.process_time() - start
def pot():
    import ot
    from scipy.sparse import coo_array
    start = time.process_time()
    _plan, log = ot.emd(given.astype(float), taken.astype(float), coo_array((price.astype(float), (tail, head)), shape=(S + 1, D + 1)),
        numItermax=10**12, log=True, center_dual=False)
    assert log["result_code"] == 1
    return log["cost"] / scale, time.process_time() - start
def highs():
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack
    start = time.process_time()
    at, one = np.arange(len(price)), np.ones(len(price))
    sums = vstack([coo_array((one, (tail, at)), shape=(S + 1, len(at))), coo_array((one, (head, at)), shape=(D + 1, len(at)))]).tocsr()
    found = linprog(price, A_eq=sums, b_eq=np.concatenate([given, taken]), method="highs")
    return found.fun / scale, time.process_time() - start
def networkx():
    import networkx as nx
    start = time.process_time()
    graph = nx.DiGraph()
    for n, d in enumerate(np.concatenate([-given, taken]).tolist()): graph.add_node(n, demand=d)
    graph.add_weighted_edges_from(zip(tail.tolist(), (head + S + 1).tolist(), price.tolist()))
    least, _flow = nx.network_simplex(graph)
    return least / scale, time.process_time() - start
print(*locals()[sys.argv[2]]())
"""


def instance(places: int, seed: int) -> tuple[Sides, np.ndarray, np.ndarray, Market]:
    """Places over France, each with a supply and a need in whole tonnes."""
    dice = np.random.default_rng(seed)
    scattered = GreatCircle(dice.uniform(43, 50, places), dice.uniform(-2, 7, places))
    order = np.argsort(scattered.curve)  # as communes are: neighbours follow one another
    lat, lon = scattered.lat_degree[order], scattered.lon_degree[order]
    supply, demand = (dice.integers(0, 1000, places).astype(float) for _side in range(2))
    market = Market(supply, demand, GreatCircle(lat, lon), world_km=WORLD_KM)
    over = supply - demand
    givers, receivers = np.flatnonzero(over > 0), np.flatnonzero(over < 0)
    return Sides(givers, receivers, market.distance), over[givers], -over[receivers], market


def cpu_s(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    given = run()
    return time.process_time() - start, given


def cost_of(sides: Sides, solved: Solved) -> float:
    return float(sides.cost(solved.supplier, solved.consumer) @ solved.quantity + WORLD_KM * solved.imported.sum())


def peer(
    name: str, package: str, sides: Sides, a: np.ndarray, b: np.ndarray, codes: np.ndarray
) -> tuple[float, float] | None:
    """The optimum and the CPU seconds of a peer on the same arcs; None when it cannot be installed here."""
    supplier, consumer = codes // len(b), codes % len(b)
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file, a=a, b=b, i=supplier, j=consumer, cost=sides.cost(supplier, consumer), world=WORLD_KM)
        file.flush()
        try:
            told = _peers.run(_peers.python_with(*package.split()), PEER, file.name, name)
        except subprocess.CalledProcessError as error:
            print(f"{name}: not compared ({(error.stderr or '').strip().splitlines()[-1:]})", file=sys.stderr)
            return None
    least, seconds = map(float, told.split())
    return least, seconds


def against(name: str, package: str, places: int, neighbours: int) -> None:
    """Ours and a peer's on the same arcs: time, and that the optimum is the same."""
    sides, a, b, _market = instance(places, 1)
    codes = nearest(sides, neighbours)
    ours, (solved, _arcs) = cpu_s(lambda: restricted_optimum(sides, a, b, WORLD_KM, neighbours))
    found = peer(name, package, sides, a, b, codes)
    if found:
        least, seconds = found
        # peers that want whole costs round them to the metre
        assert abs(cost_of(sides, solved) / least - 1) < 1e-6, (cost_of(sides, solved), least)
        _timing.tell(f"{places} × {neighbours}, {len(codes)} arcs, CPU", ours, f"{name}, same optimum", seconds, "s")
