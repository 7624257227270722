"""Markets for the tests, and the optimum of small ones by HiGHS over every pair: an oracle of another kind."""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from ressort.core.exchanges import GreatCircle, Market


def scattered(n: int, seed: int, needs: float = 10.0, whole: bool = False) -> Market:
    """Territories at random over France, supplies and needs of the same size."""
    dice = np.random.default_rng(seed)
    supply, demand = dice.random(n) * 10 * (dice.random(n) < 0.6), dice.random(n) * needs
    if whole:
        supply, demand = np.rint(supply * 100), np.rint(demand * 100)
    return Market(supply, demand, GreatCircle(dice.uniform(43, 50, n), dice.uniform(-2, 7, n)), world_km=900.0)


def costs(market: Market) -> np.ndarray:
    """The cost of every pair, (n, n)."""
    n = len(market)
    return market.distance.km(np.repeat(np.arange(n), n), np.tile(np.arange(n), n)).reshape(n, n)


def by_highs(market: Market) -> float:
    """The least cost over every pair, the world included, by HiGHS."""
    n, (supply, demand), cost = len(market), market.after_promises(), costs(market)
    most = np.where(np.isfinite(cost), np.inf, 0.0)
    if market.partner_share is not None:
        most = np.where(np.eye(n, dtype=bool), most, np.minimum(most, market.partner_share * market.demand))
    for one in market.limits:
        most[one.giver, one.receiver] = min(most[one.giver, one.receiver], one.quantity)
    prices = np.append(np.where(np.isfinite(cost), cost, 0.0).ravel(), np.full(n, market.world_km))
    giver, receiver, every = np.repeat(np.arange(n), n), np.tile(np.arange(n), n), np.arange(n)
    sent = coo_array((np.ones(n * n), (giver, np.arange(n * n))), shape=(n, n * n + n))
    got = coo_array((np.ones(n * n + n), (np.append(receiver, every), np.arange(n * n + n))), shape=(n, n * n + n))
    bounds = np.column_stack([np.zeros(n * n + n), np.append(most.ravel(), np.full(n, np.inf))])
    found = linprog(prices, A_ub=sent, b_ub=supply, A_eq=got, b_eq=demand, bounds=bounds)
    due = sum(one.quantity * cost[one.giver, one.receiver] for one in market.promises)
    return float(found.fun + due)
