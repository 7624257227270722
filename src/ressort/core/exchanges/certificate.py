"""The proof computed again, by other means than the solver's: every pair by the great circle, mass at every territory, both totals."""

from dataclasses import dataclass

import numpy as np

from ressort.core.exchanges.market import Market
from ressort.core.exchanges.plan import Plan
from ressort.core.food.system import Floats, Integers

BLOCK = 128


@dataclass(frozen=True, slots=True)
class Check:
    """What a second look found.

    Args:
        pairs: looked at, all those of known territories.
        least_reduced_km: lowest `cost + worth of the giver − price of the receiver`; below −tolerance, the flows are not optimal.
        mass_error_share: largest error of a balance, over the largest quantity.
        slack_km: largest reduced cost of a flow used, in kilometres; 0 when flows run on tight pairs only.
        duality_error_share: relative distance of both totals.
        holds: all of them within 1e-9 of what they should be.
    """

    pairs: int
    least_reduced_km: float
    mass_error_share: float
    slack_km: float
    duality_error_share: float
    holds: bool


def verify(market: Market, plan: Plan, tolerance: float = 1e-9) -> Check:
    """The certificate of a plan, recomputed pair by pair from the prices alone.

    Limits change what a pair may cost: one at its limit may look cheaper than its price. Such pairs are counted by what their
    limit is worth, `limit × max(0, price − worth − cost)`, on the side of the bound. Between who has nothing and who needs nothing
    nothing can run, whatever the prices.
    """
    known = np.flatnonzero(market.known)
    dual, least, pairs = _dual(market, plan), 0.0, 0
    for start in range(0, len(known), BLOCK):
        givers = known[start : start + BLOCK]
        giver, receiver = np.repeat(givers, len(known)), np.tile(known, len(givers))
        reduced = _reduced(market, plan, giver, receiver)
        reduced[(market.supply[giver] == 0) & (market.demand[receiver] == 0)] = 0.0
        dual, reduced = _with_limits(market, plan, dual, reduced, giver, receiver)
        least, pairs = min(least, float(reduced.min(initial=0.0))), pairs + reduced.size
    slack = _reduced(market, plan, plan.giver, plan.receiver)[~_is_promised(market, plan)]
    total = float(plan.quantity @ plan.km) + _own_cost(market, plan) + market.world_km * float(plan.imported.sum())
    gap = abs(total - dual) / max(abs(total), abs(dual), 1e-300)
    mass, used = _mass_error(market, plan), float(np.maximum(slack, 0.0).max(initial=0.0))
    small = tolerance * float(np.max(plan.price_km[known], initial=0.0))
    holds = bool(least >= -small and mass <= tolerance and used <= 10 * small and gap <= 10 * tolerance)
    return Check(pairs, least, mass, used, float(gap), holds)


def _reduced(market: Market, plan: Plan, giver: Integers, receiver: Integers) -> Floats:
    return market.distance.km(giver, receiver) + plan.worth_km[giver] - plan.price_km[receiver]


def _dual(market: Market, plan: Plan) -> float:
    """Needs at their price, less supplies at their worth; promises, which are due, at their cost."""
    supply, demand = market.after_promises()
    due = sum(
        one.quantity * float(market.distance.km(np.array([one.giver]), np.array([one.receiver]))[0])
        for one in market.promises
    )
    known = market.known
    return float((demand * plan.price_km)[known].sum() - (supply * plan.worth_km)[known].sum()) + due


def _with_limits(
    market: Market, plan: Plan, dual: float, reduced: Floats, giver: Integers, receiver: Integers
) -> tuple[float, Floats]:
    """The bound less what limits are worth, and the reduced costs of pairs that no limit holds back."""
    if not market.limits and market.partner_share is None:
        return dual, reduced
    most = np.full(len(giver), np.inf)
    if market.partner_share is not None:
        most = np.where(giver == receiver, np.inf, market.partner_share * market.demand[receiver])
    for one in market.limits:
        here = (giver == one.giver) & (receiver == one.receiver)
        most[here] = np.minimum(most[here], one.quantity)
    held = np.isfinite(most) & (reduced < 0)
    return dual - float((most[held] * -reduced[held]).sum()), np.where(held, 0.0, reduced)


def _is_promised(market: Market, plan: Plan) -> np.ndarray:
    n = len(market)
    promised = np.array([one.giver * n + one.receiver for one in market.promises], dtype=np.int64)
    return np.asarray(np.isin(plan.giver * n + plan.receiver, promised))


def _own_cost(market: Market, plan: Plan) -> float:
    rows = np.flatnonzero(plan.own > 0)
    return float(plan.own[rows] @ market.distance.km(rows, rows))


def _mass_error(market: Market, plan: Plan) -> float:
    """The largest error of `supply = sent + own + surplus` and `need = received + own + imported`, over the largest quantity."""
    n, known = len(market), market.known
    sent, received = (np.bincount(rows, plan.quantity, n) for rows in (plan.giver, plan.receiver))
    left = market.supply - sent - plan.own - plan.surplus
    lacking = market.demand - received - plan.own - plan.imported
    largest = max(
        float(np.max(market.supply[known], initial=0.0)), float(np.max(market.demand[known], initial=0.0)), 1e-300
    )
    worst = max(float(np.abs(left[known]).max(initial=0.0)), float(np.abs(lacking[known]).max(initial=0.0)))
    below = -min(float(values.min(initial=0.0)) for values in (plan.quantity, plan.own, plan.imported, plan.surplus))
    return max(worst, below) / largest
