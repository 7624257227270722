"""Lines of energy and wood in a draft of an agreement, at a value that the parties agree on; and goods that no draft prices."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.exchanges.goods import Balances, Good, good
from ressort.exchanges.national import National

#: a good that the country lacks is priced by the rest of the world, not by what travels
ELECTRICITY, WOOD = "electricity", "wood"


@dataclass(frozen=True, slots=True)
class EnergyTerms:
    """What two territories say of energy before a draft.

    Args:
        cents_per_mwh: the value that they agree on for a megawatt-hour of electricity or wood.
        wood_received_mwh, wood_given_mwh: wood that the first one would receive, and give, each year, instead of what figures tell.
    """

    cents_per_mwh: int = 0
    wood_received_mwh: Decimal = Decimal(0)
    wood_given_mwh: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.cents_per_mwh < 0 or self.wood_received_mwh < 0 or self.wood_given_mwh < 0:
            raise RuleBroken("A quantity of wood and the value of a megawatt-hour start from 0.")
        if self.tells_wood and not self.cents_per_mwh:
            raise RuleBroken("Say what a megawatt-hour is worth to you both: no open price of wood is known.")

    @property
    def tells_wood(self) -> bool:
        """Whether the parties tell how much wood moves."""
        return bool(self.wood_received_mwh or self.wood_given_mwh)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A good that a draft does not price: the country lacks it, so that its price rests on the convention of the world.

    Args:
        price_km: what the optimum says; longest_km: the furthest that the good travels inside the country.
    """

    good: Good
    price_km: int
    longest_km: int


def rests_on_the_world(found: National, price_km: float) -> bool:
    """Whether a price comes from the rest of the world: something is imported, and it exceeds any distance inside the country."""
    plan = found.plan
    return bool(plan.imported.sum() > 0) and price_km > float(plan.km.max(initial=0.0))


def left_out(nationals: dict[str, National], prices: np.ndarray) -> dict[str, LeftOut]:
    """The goods whose price rests on the world, by key; `prices`: of each good where it would be received, (P,)."""
    found = {}
    for (key, one), price in zip(nationals.items(), prices, strict=True):
        if not np.isnan(price) and rests_on_the_world(one, float(price)):
            found[key] = LeftOut(good(key), round(float(price)), round(float(one.plan.km.max(initial=0.0))))
    return found


def energy_moves(held: Balances, rows: np.ndarray, terms: EnergyTerms, share: float) -> list[tuple[str, int, float]]:
    """What moves of electricity and wood: good, 0 when the first gives and 1 when the second does, megawatt-hours a year.

    Wood as told; else, like electricity, a part of what one has left over and the other lacks, where both balances are known.
    """
    if not terms.cents_per_mwh:
        return []
    found = [(WOOD, giver, float(mwh)) for giver, mwh in ((0, terms.wood_given_mwh), (1, terms.wood_received_mwh))]
    for key in (ELECTRICITY,) if terms.tells_wood else (WOOD, ELECTRICITY):
        column = held.column(key)
        surplus, lack = (np.nan_to_num(side[rows, column]) for side in (held.surplus, held.lack))
        found += [(key, a, float(min(surplus[a], lack[1 - a])) * share) for a in (0, 1)]
    return [move for move in found if move[2] > 0]
