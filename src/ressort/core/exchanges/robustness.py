"""What stands when a supplier fails, and what one more unit costs: the same market played again."""

from dataclasses import dataclass, replace

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.market import Market
from ressort.core.exchanges.plan import Plan, optimum
from ressort.core.exchanges.watch import Watch, unwatched
from ressort.core.food.system import Floats, Integers


@dataclass(frozen=True, eq=False)
class Failure:
    """The market without the supply of one territory.

    Args:
        supplier: the row that fails.
        more_imported: what then comes from the world on top, all territories together.
        more_km: what the total cost gains, the world counted at its own.
        covered_share: part of the need of the territory looked at that the country still meets.
    """

    supplier: int
    more_imported: float
    more_km: float
    covered_share: float


def failures(
    market: Market, plan: Plan, receiver: int, most: int = 10, watch: Watch = unwatched
) -> tuple[list[Failure], Floats]:
    """Each of a territory's suppliers fails in turn, the largest first; and the flows to it that stand whichever fails.

    Args:
        most: suppliers that fail, at most. watch: called at each round of each failure; what it raises stops the computation.

    Returns:
        The failures, and the least that each flow of the plan to the receiver still carries in all of them, in the order of
        the plan's flows to it; a supplier's own flow does not stand its own failure, so it is measured under the others'.
    """
    inside = np.flatnonzero(plan.receiver == receiver)
    suppliers: Integers = plan.giver[inside[np.argsort(-plan.quantity[inside], kind="stable")]][:most]
    standing, told = plan.quantity[inside].copy(), []
    for supplier in suppliers:
        supply = market.supply.copy()
        supply[supplier] = 0.0
        promises = tuple(one for one in market.promises if one.giver != supplier)
        played = optimum(replace(market, supply=supply, promises=promises), watch=watch)
        carried = np.zeros(len(market))
        here = played.receiver == receiver
        carried[played.giver[here]] = played.quantity[here]
        others = plan.giver[inside] != supplier
        standing[others] = np.minimum(standing, carried[plan.giver[inside]])[others]
        need = market.demand[receiver]
        covered = 1 - played.imported[receiver] / need if need else float("nan")
        more = played.certificate.total - plan.certificate.total
        told.append(Failure(int(supplier), float(played.imported.sum() - plan.imported.sum()), more, float(covered)))
    return told, standing


def one_more(market: Market, plan: Plan, row: int, quantity: float = 1.0) -> tuple[float, float]:
    """What a unit less of need would save and one more would cost at a territory, per unit: the price lies between them.

    Raises:
        RuleBroken: a quantity that is not above 0.
    """
    if quantity <= 0:
        raise RuleBroken("One more must be above 0, not {value}.", value=quantity)
    costs = []
    for change in (-min(quantity, market.demand[row]), quantity):
        demand = market.demand.copy()
        demand[row] += change
        played = optimum(replace(market, demand=demand))
        costs.append((played.certificate.total - plan.certificate.total) / change if change else float("nan"))
    return costs[0], costs[1]
