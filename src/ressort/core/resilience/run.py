"""One run: an economy, its behaviour, what happens, and what comes of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.errors import RuleBroken
from ressort.core.resilience import kernel, twin
from ressort.core.resilience.behaviour import Behaviour
from ressort.core.resilience.calendar import Calendar, Integers, Purses, Size, no_purses
from ressort.core.resilience.domain import outside_domain
from ressort.core.resilience.events import Effect, calendar_of
from ressort.core.resilience.plan import Plan, plan
from ressort.core.resilience.trace import SHORT, Link, first_bottleneck
from ressort.core.resilience.twin import Track

YEAR_DAYS = 365


@dataclass(frozen=True, eq=False)
class Run:
    """A run and what is read from it.

    Args:
        outside: True when the run left the model's domain of stability: never show it as a result.
    """

    economy: Economy
    plan: Plan
    calendar: Calendar
    track: Track
    outside: bool

    @property
    def output_curve(self) -> Floats:
        """Total output over that of day 0 at rest, (T,)."""
        return np.asarray(self.track.production.sum(1) / self.plan.output.sum())

    @property
    def output_here(self) -> Floats:
        """Output of the first region over that at rest, (T,)."""
        here = len(self.economy.sectors)
        return np.asarray(self.track.production[:, :here].sum(1) / self.plan.output[:here].sum())

    def delivered_share(self, consumer: int, products: np.ndarray) -> Floats:
        """Share of what a consumer requires of some products (indices) that is delivered each day, (T,); 1 where nothing is required."""
        wanted = self.required(consumer, products)
        lacking = self.track.unmet[:, consumer][:, products].sum(1)
        return 1 - np.divide(lacking, wanted, out=np.zeros_like(lacking), where=wanted > 0)

    def required(self, consumer: int, products: np.ndarray) -> Floats:
        """What a consumer requires of some products each day, money a day, (T,)."""
        regions, sectors = len(self.economy.regions), len(self.economy.sectors)
        daily = self.plan.final[:, consumer].reshape(regions, sectors).sum(0)[products]
        if not len(self.calendar.demand):
            return np.full(self.calendar.days, daily.sum())
        return np.asarray(self.calendar.demand[:, consumer][:, products] @ daily)

    def bottleneck(self, inside: np.ndarray | None = None, below_share: float = SHORT) -> list[Link]:
        """The causal chain of the first input that stopped an industry; see `first_bottleneck`."""
        return first_bottleneck(self.track, self.plan, self.economy, inside, below_share, self.calendar.served)


def play(
    economy: Economy,
    effects: list[Effect],
    behaviour: Behaviour | None = None,
    *,
    days: int = YEAR_DAYS,
    purses: Purses | None = None,
    add_losses: bool = False,
    trace: bool = True,
    told_until: tuple[Integers, float] | None = None,
    engine: Literal["kernel", "twin"] = "kernel",
) -> Run:
    """Play effects on an economy, day by day. With no behaviour and no purse given: the published inventory model.

    Args:
        trace, told_until: what is told of the limits; see `kernel.simulate`.

    Raises:
        InputError, RuleBroken: a table that is not balanced or not whole, an unstable parameter, an effect outside its bounds; the cell is named.
    """
    if days < 1:
        raise RuleBroken("A run lasts at least one day; {given} was asked.", given=days)
    laid = plan(economy, behaviour)
    size = Size(days, len(economy.regions), len(economy.sectors), len(economy.consumers))
    calendar, purses = calendar_of(effects, laid, economy, days, purses or no_purses(size), add_losses=add_losses)
    track = (
        twin.simulate(laid, calendar, purses)
        if engine == "twin"
        else kernel.simulate(laid, calendar, purses, trace, told_until)
    )
    return Run(economy, laid, calendar, track, outside_domain(laid, calendar, track, purses))
