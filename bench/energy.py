"""Energy of territories: one page's worth, a whole level under a scenario, and its flows with their proof; with the ratio to HiGHS.

The peer of the flows is HiGHS on every pair, which must find the same total.
"""

import time
from collections.abc import Callable

import _timing
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from ressort.core.exchanges import GreatCircle, Market, Sides, optimum
from ressort.energy import CARRIERS, as_dict, energy_of, scenario
from ressort.energy.balances import CarrierBalance, carrier_balance
from ressort.reference.places import Places
from ressort.reference.territories import territories

LIMIT_TERRITORY_MS, LIMIT_LEVEL_MS, LIMIT_FLOWS_MS = 150.0, 1_000.0, 60.0
YEAR, LEVERS = "2021", "shared"


def one_territory() -> None:
    """All that a page of energy says of an EPCI, worked out anew; tables already read."""
    runs = [_cpu_s(lambda: as_dict(energy_of("Nantes Métropole", levers=LEVERS))) for _run in range(5)]
    _timing.tell(
        "all of one intercommunality, a scenario, CPU",
        1000 * min(runs[1:]),
        "limit asked of a page",
        LIMIT_TERRITORY_MS,
    )


def level() -> dict[str, CarrierBalance]:
    """Electricity and gas of all EPCI under a scenario."""
    table = territories().table
    rows = np.flatnonzero((table["kind"] == "EPCI").to_numpy())
    places = Places.of([territories().territory(int(row)) for row in rows])
    levers = scenario(LEVERS)

    def balances() -> dict[str, CarrierBalance]:
        return {carrier: carrier_balance(places, carrier, YEAR, levers) for carrier in CARRIERS}

    ours = 1000 * min(_cpu_s(balances) for _run in range(3))
    what = f"{len(places.codes)} intercommunalities, two carriers, one scenario, CPU"
    _timing.tell(what, ours, "limit asked", LIMIT_LEVEL_MS)
    return balances()


def flows(held: CarrierBalance) -> None:
    """Who matches whom in electricity: least distance, proved for every pair, beside HiGHS on every pair of a giver and a receiver."""
    table = territories().table
    rows = np.flatnonzero((table["kind"] == "EPCI").to_numpy())
    made, used = held.balance.production.central, held.balance.use.central
    lat, lon = table["lat"].to_numpy()[rows], table["lon"].to_numpy()[rows]
    known = ~np.isnan(made + used + lat + lon)
    market = Market(made[known], used[known], GreatCircle(lat[known], lon[known]))
    plan = optimum(market)
    assert plan.certificate.proved, plan.certificate
    ours = min(_cpu_s(lambda: optimum(market)) for _run in range(3))
    start = time.process_time()
    least = highs(market)
    seconds = time.process_time() - start
    assert abs(plan.certificate.total / least - 1) < 1e-6, (plan.certificate.total, least)
    what = f"flows of {int(known.sum())} balances, proved for every pair, CPU"
    _timing.tell(what, ours, "HiGHS on every pair, same total", seconds, "s")
    _timing.tell(what, 1000 * ours, "limit asked", LIMIT_FLOWS_MS)


def highs(market: Market) -> float:
    """The least kilometres, from HiGHS: every giver to every receiver, the network beyond as last resort."""
    over = np.asarray(market.supply) - np.asarray(market.demand)
    givers, receivers = np.flatnonzero(over > 0), np.flatnonzero(over < 0)
    km = Sides(givers, receivers, market.distance).cost(
        np.repeat(np.arange(len(givers)), len(receivers)), np.tile(np.arange(len(receivers)), len(givers))
    )
    arcs, shape = np.arange(len(km)), (len(givers), len(receivers))
    at_giver, at_receiver = np.divmod(arcs, shape[1])
    one, world = np.ones(len(km)), np.arange(shape[1])
    sent = csr_array((one, (at_giver, arcs)), shape=(shape[0], len(km) + shape[1]))
    met = csr_array(
        (np.append(one, np.ones(shape[1])), (np.append(at_receiver, world), np.append(arcs, len(km) + world))),
        shape=(shape[1], len(km) + shape[1]),
    )
    scale = float(over[givers].max())
    found = linprog(
        np.append(km, np.full(shape[1], market.world_km)), A_ub=sent, b_ub=over[givers] / scale, A_eq=met, b_eq=-over[receivers] / scale, method="highs-ds",
    )  # fmt: skip
    assert found.status == 0, found.message
    return float(found.fun) * scale


def _cpu_s(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    _timing.machine()
    one_territory()
    found = level()
    flows(found["electricity"])
