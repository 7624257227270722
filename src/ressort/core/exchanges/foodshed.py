"""Where what a territory needs comes from, in a plan: shares by distance, mean distance, tonne-kilometres, concentration."""

from dataclasses import dataclass

import numpy as np

from ressort.core.exchanges.market import Market
from ressort.core.exchanges.plan import Plan
from ressort.core.food.system import Floats, Integers

RINGS_KM = (20, 50, 100, 250, 500)


@dataclass(frozen=True, eq=False)
class Foodshed:
    """The basin of one or several territories for one good.

    Args:
        need: what they need; own: what they supply to themselves; imported: from the rest of the world.
        within: part of the need met within each of `RINGS_KM` (own supply at distance 0), cumulated, 0–1.
        mean_km: least mean distance of what the country supplies, own supply at 0; nan when it supplies nothing.
        moved_km: quantity times kilometres, the world left aside.
        suppliers: how many other territories supply; concentration_share: sum of squared shares of origins (own, each other
            territory, the world), 1 when all comes from one place.
    """

    need: float
    own: float
    imported: float
    within: Floats
    mean_km: float
    moved_km: float
    suppliers: int
    concentration_share: float


def foodshed(market: Market, plan: Plan, rows: Integers) -> Foodshed | None:
    """The basin of some territories taken together, or None when one of them is left out of the plan."""
    if not market.known[rows].all():
        return None
    inside = np.isin(plan.receiver, rows)
    quantity, km, giver = plan.quantity[inside], plan.km[inside], plan.giver[inside]
    need, own, imported = (float(values[rows].sum()) for values in (market.demand, plan.own, plan.imported))
    within = (
        np.minimum(
            np.array([own + quantity[km <= ring].sum() for ring in RINGS_KM]) / need, 1.0
        )  # a sum may pass by a hair
        if need
        else np.full(len(RINGS_KM), np.nan)
    )
    supplied, moved = own + float(quantity.sum()), float(quantity @ km)
    origins = np.append(np.bincount(giver, quantity, len(market)), [own, imported])
    return Foodshed(
        need=need,
        own=own,
        imported=imported,
        within=within,
        mean_km=moved / supplied if supplied else float("nan"),
        moved_km=moved,
        suppliers=len(np.unique(giver)),
        concentration_share=float(((origins / need) ** 2).sum()) if need else float("nan"),
    )
