"""Who supplies whom over all of France, restricted to neighbours and proved for every pair; with the ratio to OR-tools, HiGHS, POT, networkx.

The instance is seeded: 35,000 places over France, whole quantities, whole costs in metres, the same for every solver; peers get
exactly the arcs that ours gets. CPU seconds, so that a busy machine changes little.
"""

import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import _peers
import _timing
import numpy as np
from _least_distance import WORLD_KM, against, cpu_s, instance
from scipy.spatial import cKDTree

from ressort.core.exchanges import (
    GreatCircle,
    exact_total,
    fair_coverage,
    gravity,
    network_flow,
    optimum,
    restricted_optimum,
    verify,
)
from ressort.exchanges import balances, cooperate, optima, read_distances
from ressort.exchanges.national import market_of
from ressort.reference.territories import territories

COMMUNES, NEIGHBOURS = 35_000, 30
LIMIT_S, LIMIT_MB, LIMIT_PROVED_S, LIMIT_GOODS_S, LIMIT_EPCI_MS, LIMIT_PAGE_MS = 4.0, 400.0, 12.0, 60.0, 60.0, 150.0

NETWORK_PEER = """
import sys, time
import numpy as np
from ortools.graph.python import min_cost_flow
rows = [line.split() for line in open(sys.argv[1])]
n = int(rows[0][2]); supply = np.zeros(n, np.int64)
for row in rows:
    if row[0] == "n": supply[int(row[1]) - 1] = int(row[2])
arcs = np.array([row[1:] for row in rows if row[0] == "a"], dtype=np.int64)
start = time.process_time()
flow = min_cost_flow.SimpleMinCostFlow()
flow.add_arcs_with_capacity_and_unit_cost(arcs[:, 0] - 1, arcs[:, 1] - 1, arcs[:, 3], arcs[:, 4])
flow.set_nodes_supplies(np.arange(n), supply)
assert flow.solve() == flow.OPTIMAL
print(flow.optimal_cost(), time.process_time() - start)
"""


def proved() -> None:
    """All communes, one good: neighbours only, then proved for every pair."""
    sides, a, b, market = instance(COMMUNES, 1)
    seconds, _solved = cpu_s(lambda: restricted_optimum(sides, a, b, WORLD_KM, NEIGHBOURS))
    _timing.tell(f"{COMMUNES} × {NEIGHBOURS}, one good, exact on these arcs, CPU", seconds, "limit asked", LIMIT_S, "s")
    _timing.tell("most memory held", _timing.memory_mb(), "limit asked", LIMIT_MB, "MB")
    seconds, plan = cpu_s(lambda: optimum(market))
    told = plan.certificate
    print(f"  proved: {told.proved}, {told.rounds} rounds, {told.arcs} arcs held of {told.pairs} pairs looked at")
    _timing.tell("the same, proved for the complete graph, CPU", seconds, "limit asked", LIMIT_PROVED_S, "s")
    _timing.tell("most memory held", _timing.memory_mb(), "limit asked", LIMIT_MB, "MB")


def real_goods() -> None:
    """The real goods by commune, each in a process of its own: sugar, whose flows cross the country, takes longest."""
    for key in ("cereals", "sugar"):
        # a fresh process: one that is forked begins with the memory of this one
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            seconds, most_mb, is_proved = alone.submit(real_good, key).result()
        _timing.tell(f"{key} by commune, proved {is_proved}, CPU", seconds, "limit asked", LIMIT_PROVED_S, "s")
        _timing.tell("most memory held", most_mb, "limit asked", LIMIT_MB, "MB")


def real_good(key: str) -> tuple[float, float, bool]:
    """One real good by commune: CPU seconds, most memory held, whether it is proved."""
    market = market_of(balances("COM"), key)
    optimum(instance(5_000, 1)[3])  # compiled code is read once
    seconds, plan = cpu_s(lambda: optimum(market))
    return seconds, _timing.memory_mb(), plan.certificate.proved


def own_distances() -> None:
    """Distances of one's own, 30 neighbours of every commune: read, then cereals, without and with the great circle elsewhere."""
    for elsewhere in (False, True):
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            pairs, reading, solving, most_mb, is_proved = alone.submit(own_good, elsewhere).result()
        what = "great circle elsewhere" if elsewhere else "no way elsewhere"
        _timing.tell(f"{pairs} own distances read, CPU", reading, "a reader's patience", LIMIT_PROVED_S, "s")
        _timing.tell(
            f"cereals on them, {what}, proved {is_proved}, CPU", solving, "a reader's patience", 2 * LIMIT_PROVED_S, "s"
        )
        _timing.tell("most memory held", most_mb, "twice the limit of one good", 2 * LIMIT_MB, "MB")


def own_good(elsewhere: bool) -> tuple[int, float, float, float, bool]:
    """Pairs written, CPU seconds to read them and to answer, most memory held, whether it is proved."""
    held = balances("COM")
    circle = GreatCircle(held.lat_degree, held.lon_degree)
    optimum(instance(5_000, 1)[3])  # compiled code is read once
    placed = np.flatnonzero(np.isfinite(circle.points).all(1))
    near = placed[cKDTree(circle.points[placed]).query(circle.points[placed], NEIGHBOURS + 1)[1][:, 1:]].ravel()
    giver, receiver = (side[near != np.repeat(placed, NEIGHBOURS)] for side in (np.repeat(placed, NEIGHBOURS), near))
    codes, km = territories().table["code"][held.rows.tolist()].to_numpy(), circle.km(giver, receiver)
    lines = zip(codes[giver].tolist(), codes[receiver].tolist(), km.tolist(), strict=True)
    text = ("from,to,km\n" + "".join(f"{one},{other},{far:.3f}\n" for one, other, far in lines)).encode()
    reading, distances = cpu_s(lambda: read_distances(text, elsewhere))
    solving, found = cpu_s(lambda: cooperate("COM:64445", ["cereals"], level="COM", distances=distances))
    proof = found.nationals["cereals"].plan.certificate
    return distances.pairs.height, reading, solving, _timing.memory_mb(), proof.proved


def one_good(seed: int) -> float:
    """One good in a process of its own, restricted to neighbours: its CPU seconds."""
    sides, a, b, _market = instance(COMMUNES, seed)
    return cpu_s(lambda: restricted_optimum(sides, a, b, WORLD_KM, NEIGHBOURS))[0]


def twenty_goods() -> None:
    """Twenty goods on two processes, restricted to neighbours as the issue asks."""
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        used = sum(pool.map(one_good, range(20)))
    _timing.tell(
        "20 goods, neighbours, 2 processes, wall", time.perf_counter() - start, "limit asked", LIMIT_GOODS_S, "s"
    )
    _timing.tell("the same, CPU of each process", used / 2, "limit asked", LIMIT_GOODS_S, "s")


def dask() -> None:
    """Twenty goods by intercommunality, here and on a Dask cluster of two processes: the same numbers to the last bit."""
    try:
        from distributed import LocalCluster
    except ImportError:
        print("Dask: not compared (optional extra `cluster`)", file=sys.stderr)
        return
    markets = [instance(1255, seed)[3] for seed in range(20)]
    start = time.perf_counter()
    here = optima(markets)
    alone = time.perf_counter() - start
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:  # type: ignore[no-untyped-call]
        optima(markets[:2], cluster.scheduler_address)  # workers read compiled code once
        start = time.perf_counter()
        far = optima(markets, cluster.scheduler_address)
        spread = time.perf_counter() - start
    assert all((one.quantity == other.quantity).all() and one.certificate == other.certificate for one, other in zip(here, far, strict=True))  # fmt: skip
    _timing.tell(
        "20 goods, 1,255 places, Dask with 2 workers, wall", spread, "this process alone, same bits", alone, "s"
    )


def networks() -> None:
    """Networks of the published kinds against OR-tools, on the same file."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.core.exchanges import instances

    kinds = {
        "general, 8,000 nodes, 64,000 arcs": instances.general(8_000, 64_000, 1),
        "the same, a tenth of negative cost": instances.general(8_000, 64_000, 1, negative=0.1),
        "grid 100 × 100": instances.grid(100, 100, 1),
        "assignment, 2,000, degenerate": instances.assignment(2_000, 10, 1),
    }
    network_flow(instances.assignment(20, 3, 1))
    for name, network in kinds.items():
        seconds, found = cpu_s(lambda network=network: network_flow(network))  # type: ignore[misc]
        with tempfile.NamedTemporaryFile("w", suffix=".min") as file:
            file.write(instances.written(network))
            file.flush()
            told = _peers.run(_peers.python_with("ortools==9.15.6755"), NETWORK_PEER, file.name).split()
        assert int(told[0]) == exact_total(network, found.carried)
        _timing.tell(f"network, {name}, CPU", seconds, "ortools, same cost", float(told[1]), "s")


def rules() -> None:
    """Other rules at 1,255 places: most part from one partner, fairness, gravity."""
    _sides, _a, _b, market = instance(1255, 3)
    every = np.arange(1255)
    km = market.distance.km(np.repeat(every, 1255), np.tile(every, 1255)).reshape(1255, 1255)
    moved = min(market.supply.sum(), market.demand.sum())
    out, into = market.supply * moved / market.supply.sum(), market.demand * moved / market.demand.sum()
    for name, run in (
        ("most 5 % from one partner", lambda: optimum(replace(market, partner_share=0.05))),
        ("fair coverage within 100 km", lambda: fair_coverage(market, 100.0)),
        ("gravity fitted to 200 km", lambda: gravity(out, into, km, 200.0)),
    ):
        _timing.tell(f"1,255 places, {name}, CPU", cpu_s(run)[0], "a reader's patience", 2.0, "s")


def partner_page() -> None:
    """Thirty partner pages that nobody asked for before, from stored national results, through the server."""
    import web

    table = territories().table
    codes = table.filter((table["kind"] == "EPCI") & (table["zone"] == "metro"))["code"].to_list()[:600:20]
    with web.site() as (address, process):

        def ask(code: str) -> float:
            start = time.perf_counter()
            with urllib.request.urlopen(f"{address}/cooperer/EPCI/{code}/?bien=cereals", timeout=120) as answer:
                answer.read()
            assert "/calcul/" not in answer.url, "a page that says to wait is no partner page"
            return 1000 * (time.perf_counter() - start)

        for code in codes[:4]:  # the national optima are computed and kept, each worker reads them
            ask(code)
        before = web._cpu_s(process)
        walls = sorted(ask(code) for code in codes[4:])
        used = 1000 * (web._cpu_s(process) - before) / len(walls)
    _timing.tell("partner page, stored results, median wall", walls[len(walls) // 2], "limit asked", LIMIT_PAGE_MS)
    _timing.tell("the same, slowest of 26", walls[-1], "limit asked", LIMIT_PAGE_MS)
    _timing.tell("the same, CPU of the server a page", used, "limit asked", LIMIT_PAGE_MS)


def epci() -> None:
    """1,255 places, proved for every pair."""
    _sides, _a, _b, market = instance(1255, 3)
    assert verify(market, optimum(market)).holds
    _timing.tell(
        "1,255 places, one good, proved", 1000 * _timing.best_s(lambda: optimum(market)), "limit asked", LIMIT_EPCI_MS
    )


if __name__ == "__main__":
    _timing.machine()
    one_good(0)  # compiled code is read from its cache, or compiled, once
    proved()
    epci()
    real_goods()
    own_distances()
    twenty_goods()
    dask()
    rules()
    networks()
    partner_page()
    against("ortools", "ortools==9.15.6755", COMMUNES, NEIGHBOURS)
    against("pot", "POT==0.9.7.post1", COMMUNES, NEIGHBOURS)
    against("highs", "scipy>=1.17", 2_000, NEIGHBOURS)
    against("networkx", "networkx>=3.5 numpy", 1_000, 10)
