"""One good on the table: who has it, who needs it, what is already promised, what may not be exceeded."""

from dataclasses import dataclass, field

import numpy as np

from ressort.core.errors import InputError, NoSolution, RuleBroken
from ressort.core.exchanges.pairs import Distance
from ressort.core.food.system import Floats

#: what the rest of the world costs: further than anything in the country
WORLD_KM = 5000.0


@dataclass(frozen=True, slots=True)
class Promise:
    """An agreement in force: a giver sends a receiver at least so much, whatever it costs."""

    giver: int
    receiver: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may go from a giver to a receiver."""

    giver: int
    receiver: int
    quantity: float


@dataclass(frozen=True, eq=False)
class Market:
    """One good among n territories, in one unit (tonnes, megawatt-hours).

    Args:
        supply, demand: (n,); nan where it is not known, which is not zero: such a territory is left out and said so.
        distance: what a unit costs from one to another.
        world_km: what a unit from the rest of the world costs; nothing further is ever used.
        promises: least flows; limits: most flows.
        partner_share: most part of its need that a territory may take from any one other, 0–1; None for no limit.
    """

    supply: Floats
    demand: Floats
    distance: Distance
    world_km: float = WORLD_KM
    promises: tuple[Promise, ...] = ()
    limits: tuple[Limit, ...] = ()
    partner_share: float | None = None
    names: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        n = len(self.distance)
        for values in (self.supply, self.demand):
            if values.shape != (n,):
                raise InputError(
                    "There are {count} places and {given} values: give one value a place.", count=n, given=values.size
                )
            _refuse_negative(values, values is self.supply, self)
        if self.world_km <= 0:
            raise RuleBroken(
                "The rest of the world must cost something: give more than 0, not {value}.", value=self.world_km
            )
        if self.partner_share is not None and not 0 < self.partner_share <= 1:
            raise RuleBroken(
                "The most part taken from one partner lies between 0 and 1, not {value}.", value=self.partner_share
            )
        pairs: tuple[Promise | Limit, ...] = (*self.promises, *self.limits)
        for one in pairs:
            _check_pair(one, self)

    def __len__(self) -> int:
        return len(self.supply)

    @property
    def known(self) -> np.ndarray:
        """True for the territories whose supply, need and place are known, (n,)."""
        return np.asarray(~np.isnan(self.supply) & ~np.isnan(self.demand) & self.distance.known)

    def name(self, row: int) -> str:
        """How people call a territory of this market."""
        return self.names[row] if self.names else str(row)

    def after_promises(self) -> tuple[Floats, Floats]:
        """Supply and need once the promises are kept, 0 where not known, (n,) and (n,).

        Raises:
            NoSolution: promises beyond what a giver has or a receiver needs, both named, with the quantity missing.
        """
        supply, demand = (np.where(self.known, values, 0.0) for values in (self.supply, self.demand))
        for one in self.promises:
            supply[one.giver] -= one.quantity
            demand[one.receiver] -= one.quantity
        slack = 1e-9 * max(float(np.nansum(self.supply)), float(np.nansum(self.demand)), 1.0)
        broken = [f"{self.name(int(i))}: {_plain(-supply[i])}" for i in np.flatnonzero(supply < -slack)]
        if broken:
            raise NoSolution(
                "Promises exceed what these have to give: {broken}. Lower the promises, or add supply.", broken=broken
            )
        useless = [f"{self.name(int(j))}: {_plain(-demand[j])}" for j in np.flatnonzero(demand < -slack)]
        if useless:
            raise NoSolution("Promises exceed what these need: {broken}. Lower the promises.", broken=useless)
        return np.maximum(supply, 0.0), np.maximum(demand, 0.0)


def _plain(quantity: float) -> str:
    """Six digits of a quantity, without an exponent."""
    return np.format_float_positional(quantity, precision=6, fractional=False, trim="-")


def _refuse_negative(values: Floats, is_supply: bool, market: Market) -> None:
    wrong = np.flatnonzero((values < 0) | np.isinf(values))
    if not len(wrong):
        return
    facts = {"name": market.name(int(wrong[0])), "value": float(values[wrong[0]])}
    if is_supply:
        raise RuleBroken(
            "The supply of {name} is {value}: give a number from 0 up, or leave it empty when it is not known.", **facts
        )
    raise RuleBroken(
        "The need of {name} is {value}: give a number from 0 up, or leave it empty when it is not known.", **facts
    )


def _check_pair(one: Promise | Limit, market: Market) -> None:
    n = len(market)
    for row in (one.giver, one.receiver):
        if not 0 <= row < n:
            raise InputError("There is no territory number {row}: this market has {count}.", row=row, count=n)
        if not market.known[row]:
            raise InputError(
                "{name} has no known supply, need or place: nothing can be promised or limited there.",
                name=market.name(row),
            )
    if one.giver == one.receiver:
        raise RuleBroken("{name} cannot agree with itself: give two territories.", name=market.name(one.giver))
    if one.quantity < 0 or not np.isfinite(one.quantity):
        raise RuleBroken("A flow of {value} is not a quantity: give a number from 0 up.", value=one.quantity)
    if isinstance(one, Promise) and not np.isfinite(
        market.distance.km(np.array([one.giver]), np.array([one.receiver]))[0]
    ):
        raise NoSolution(
            "There is no way from {giver} to {receiver}: the promise cannot be kept.",
            giver=market.name(one.giver),
            receiver=market.name(one.receiver),
        )
