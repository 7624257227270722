"""Events: what happens, to whom, from which day and for how long, turned into the arrays of a calendar."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.errors import InputError, RuleBroken
from ressort.core.resilience.calendar import Calendar, Integers, Purses, Size, quiet
from ressort.core.resilience.plan import Plan

Kind = Literal[
    "capital",
    "rebuild",
    "homes",
    "capacity",
    "demand",
    "use",
    "served",
    "arc",
    "cost",
    "transfers",
    "frozen",
    "withheld",
    "price",
]
Law = Literal["linear", "convex", "convex_scaled", "s_shaped"]
#: kind → shape of `amount`, its bounds, what it is
KINDS: dict[str, tuple[str, float, float]] = {
    "capital": ("n", 0, 1),
    "rebuild": ("n", 0, np.inf),
    "homes": ("Q", 0, np.inf),
    "capacity": ("n", -np.inf, 1),
    "demand": ("QS", -1, np.inf),
    "use": ("S", -1, np.inf),
    "served": ("SR", 0, 1),
    "arc": ("RR", 0, 1),
    "cost": ("RR", 0, np.inf),
    "transfers": ("Q", -np.inf, 1),
    "frozen": ("Q", 0, 1),
    "withheld": ("Q", 0, 1),
    "price": ("", -1, np.inf),
}
#: kinds whose loss is ordered again from rebuilding sectors
REBUILT = ("rebuild", "homes")
LAWS = ("linear", "convex", "convex_scaled", "s_shaped")
S_SHAPE = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True)
class Effect:
    """One thing that an event does.

    Args:
        kind: what it acts on. `capital` destroys a share of capital; `rebuild` destroys money of capital that is then ordered
            from rebuilding sectors; `homes` destroys money of what consumers own, ordered in the same way, and stops no industry;
            `capacity` takes a share of what can be made (labour, outage, trend); `demand`, `use`
            change final demand and use of inputs; `served` cuts the network of a product in a region; `arc` closes roads, `cost` makes them
            dear; `transfers`, `frozen`, `withheld`, `price` act on purses.
        amount: how much at the worst, by industry (n,), consumer and product (Q, S), product (S,), product and region (S, R), arc (R, R), consumer (Q,) or alone.
        start_day, duration_days: when it hits and how long it stays at its worst.
        ramp_days: days to reach the worst, 0 at once.
        recovery_days: days of the recovery law, 0 at once; for `rebuild`, days over which it is ordered.
        law: how it recovers.
        lasting: it never recovers.
        builders: share of the rebuilding made by each product, (S,); sums to 1.
        cause: the event it belongs to, as people will read it.
    """

    kind: Kind
    amount: Floats
    start_day: int
    duration_days: int = 1
    ramp_days: int = 0
    recovery_days: float = 0.0
    law: Law = "linear"
    lasting: bool = False
    builders: Floats | None = None
    cause: str = ""


def recovery(elapsed: Floats, tau_days: float, law: Law) -> Floats:
    """Share that is left after `elapsed` days of recovery: 1 up to day 0, then the law.

    >>> recovery(np.array([0.0, 30.0, 60.0, 90.0]), 60, "linear").tolist()
    [1.0, 0.5, 0.0, 0.0]

    Raises:
        InputError: an unknown law.
    """
    after = np.maximum(elapsed, 0.0)
    if tau_days <= 0:
        return np.where(elapsed > 0, 0.0, 1.0)
    if law == "linear":
        return np.maximum(0.0, 1 - after / tau_days)
    if law == "convex":
        return np.asarray(max(1 - 1 / tau_days, 0.0) ** after)
    if law == "convex_scaled":
        return np.asarray(max(1 - 1 / tau_days, 0.0) ** (4 * after))
    if law == "s_shaped":
        power = (np.log(tau_days) - np.log(S_SHAPE)) / (np.log(tau_days) - np.log(2))
        return np.asarray(tau_days / (tau_days + S_SHAPE * after**power))
    raise InputError("{law} is not a law of recovery; choose {choices}.", law=law, choices=list(LAWS))


def curve(effect: Effect, days: int) -> Floats:
    """Strength of an effect each day, 0–1, (T,). Capital stays lost one day longer than the event, as in the published model."""
    t = np.arange(days, dtype=float)
    since = t - effect.start_day
    risen = np.ones(days) if effect.ramp_days <= 0 else np.minimum((since + 1) / effect.ramp_days, 1.0)
    last = effect.ramp_days + effect.duration_days + (1 if effect.kind == "capital" else -1)
    left = np.ones(days) if effect.lasting else recovery(since - last, effect.recovery_days, effect.law)
    return np.where(since >= 0, risen * left, 0.0)


def calendar_of(
    effects: list[Effect], plan: Plan, economy: Economy, days: int, purses: Purses, *, add_losses: bool = False
) -> tuple[Calendar, Purses]:
    """The calendar of a list of effects, and the purses as they move them.

    Args:
        add_losses: several losses of capital of one industry add up, to 1 at most; by default the largest counts.

    Raises:
        InputError, RuleBroken: an effect outside the horizon, or outside its bounds; the cell is named.
    """
    size = Size(days, len(economy.regions), len(economy.sectors), len(economy.consumers))
    made = quiet(size)
    if purses.on:
        purses = _daily(purses, size)
    for effect in effects:
        _check(effect, economy, size)
        made, purses = _applied(effect, made, purses, size, add_losses)
    rebuilding = [effect for effect in effects if effect.kind in REBUILT]
    return (_with_rebuilding(made, rebuilding, plan, economy) if rebuilding else made), purses


def _daily(purses: Purses, size: Size) -> Purses:
    days, consumers = size.days, size.consumers
    return purses._replace(
        transfers_kept=np.ones((days, consumers)),
        frozen=np.zeros((days, consumers)),
        withheld=np.ones((days, consumers)),
        billed=purses.billed if len(purses.billed) else np.zeros(size.industries),
        price=np.ones(days),
    )


def _applied(effect: Effect, made: Calendar, purses: Purses, size: Size, add_losses: bool) -> tuple[Calendar, Purses]:
    strength = curve(effect, size.days)
    part = np.multiply.outer(strength, effect.amount)
    if effect.kind == "capital":
        lost = np.minimum(made.lost + part, 1.0) if add_losses else np.maximum(made.lost, part)
        return made._replace(lost=lost), purses
    if effect.kind == "capacity":
        return made._replace(kept=made.kept * (1 - part)), purses
    if effect.kind == "demand":
        before = made.demand if len(made.demand) else np.ones((size.days, size.consumers, size.sectors))
        return made._replace(demand=before * (1 + part)), purses
    if effect.kind == "use":
        before = made.use if len(made.use) else np.ones((size.days, size.sectors))
        return made._replace(use=before * (1 + part)), purses
    if effect.kind == "served":
        before = made.served if len(made.served) else np.ones((size.days, size.sectors, size.regions))
        return made._replace(served=before * (1 - part)), purses
    if effect.kind in ("arc", "cost"):
        arcs = (size.days, size.regions, size.regions)
        opened, cost = (made.opened, made.cost) if len(made.opened) else (np.ones(arcs), np.zeros(arcs))
        if effect.kind == "arc":
            return made._replace(opened=opened * (1 - part), cost=cost), purses
        return made._replace(opened=opened, cost=cost + part), purses
    if not purses.on or effect.kind in REBUILT:
        return made, purses
    if effect.kind == "transfers":
        return made, purses._replace(transfers_kept=purses.transfers_kept * (1 - part))
    if effect.kind == "frozen":
        return made, purses._replace(frozen=np.maximum(purses.frozen, part))
    if effect.kind == "withheld":
        let_out = np.multiply.outer(strength, 1 - effect.amount)  # outside its days, nothing is let out of a freeze
        return made, purses._replace(withheld=np.minimum(purses.withheld, 1 - let_out))
    return made, purses._replace(price=purses.price * (1 + part))


def _with_rebuilding(made: Calendar, effects: list[Effect], plan: Plan, economy: Economy) -> Calendar:
    """Orders of rebuilding, split between the suppliers each damaged industry already has."""
    parts = [_orders(number, effect, plan, economy) for number, effect in enumerate(effects)]
    events, suppliers, clients, amounts = (np.concatenate(column) for column in zip(*parts, strict=True))
    return made._replace(
        hit=np.array([effect.start_day for effect in effects]),
        start=np.array([effect.start_day + effect.duration_days for effect in effects]),
        rebuild_days=np.array([float(effect.recovery_days) for effect in effects]),
        event=events, supplier=suppliers, client=clients, amount=amounts,
    )  # fmt: skip


def _orders(number: int, effect: Effect, plan: Plan, economy: Economy) -> tuple[Integers, Integers, Integers, Floats]:
    """Orders of one loss: event, supplier, client, money. Homes come after industries among the clients."""
    products = len(plan.flows)
    first_client = len(plan.output) if effect.kind == "homes" else 0
    assert effect.builders is not None
    suppliers, clients, amounts = [], [], []
    for k in np.flatnonzero(effect.amount > 0):
        for p in np.flatnonzero(effect.builders > 0):
            sold = _sellers(effect.kind, int(k), int(p), plan)
            if sold.sum() == 0:
                raise RuleBroken(
                    "Nobody sells {product}, which rebuilds {industry}: choose other rebuilding sectors.",
                    product=economy.sectors[p], industry=(economy.consumers if first_client else economy.industries)[k],
                )  # fmt: skip
            for r in np.flatnonzero(sold > 0):
                suppliers.append(r * products + p)
                clients.append(first_client + k)
                amounts.append(effect.amount[k] * effect.builders[p] * sold[r] / sold.sum())
    count = len(amounts)
    return np.full(count, number), np.array(suppliers, np.int64), np.array(clients, np.int64), np.array(amounts, float)


def _sellers(kind: str, k: int, p: int, plan: Plan) -> Floats:
    """What each region sells of p to a damaged client, (R,); where it buys none, to the final demand of its region, else to all."""
    products, regions, buyers = plan.flows.shape
    by_seller = plan.final.reshape(regions, products, -1)[:, p]
    if kind == "homes":
        sold, home = by_seller[:, k], int(plan.consumer_region[k])
    else:
        sold, home = plan.flows[p, :, k] if k < buyers else np.zeros(regions), k // products
    if sold.sum() > 0:
        return np.asarray(sold)
    nearby = by_seller[:, plan.consumer_region == home].sum(1)
    return np.asarray(nearby if nearby.sum() > 0 else by_seller.sum(1))


def _check(effect: Effect, economy: Economy, size: Size) -> None:
    if effect.kind not in KINDS:
        raise InputError(
            "{kind} is not a kind of effect; the kinds are {choices}.", kind=effect.kind, choices=list(KINDS)
        )
    axes, low, high = KINDS[effect.kind]
    lengths = {"n": size.industries, "Q": size.consumers, "S": size.sectors, "R": size.regions}
    shape = tuple(lengths[axis] for axis in axes)
    if np.shape(effect.amount) != shape:
        raise InputError(
            "The amount of {kind} has the shape {given}; {wanted} is wanted.",
            kind=effect.kind,
            given=str(np.shape(effect.amount)),
            wanted=str(shape),
        )
    for cell in np.argwhere(~((effect.amount >= low) & (effect.amount <= high))):
        names = {"n": economy.industries, "Q": economy.consumers, "S": economy.sectors, "R": economy.regions}
        where = "/".join(names[axis][int(place)] for axis, place in zip(axes, cell, strict=True)) or effect.kind
        raise RuleBroken(
            "{cause}: the amount of {kind} for {cell} is {given}; it must lie between {low} and {high}.",
            cause=effect.cause or effect.kind, kind=effect.kind, cell=where, given=float(effect.amount[tuple(cell)]), low=low, high=high,
        )  # fmt: skip
    if not 0 <= effect.start_day < size.days:
        raise RuleBroken(
            "{cause} starts on day {start}, outside the horizon of {days} days (0 to {last}): move it, or lengthen the run.",
            cause=effect.cause or effect.kind, start=effect.start_day, days=size.days, last=size.days - 1,
        )  # fmt: skip
    if (
        effect.duration_days < 0
        or effect.ramp_days < 0
        or effect.recovery_days < 0
        or not np.isfinite(effect.recovery_days)
    ):
        raise RuleBroken(
            "{cause}: durations, ramps and recoveries are days of 0 or more.", cause=effect.cause or effect.kind
        )
    _check_recovery(effect, size)


def _check_recovery(effect: Effect, size: Size) -> None:
    if effect.kind in REBUILT:
        _check_rebuild(effect, size)
    elif effect.law != "linear" and effect.recovery_days <= 0 and not effect.lasting:
        raise RuleBroken(
            "{cause}: the law {law} needs a recovery of more than 0 days.",
            cause=effect.cause or effect.kind,
            law=effect.law,
        )


def _check_rebuild(effect: Effect, size: Size) -> None:
    if effect.recovery_days <= 0:
        raise RuleBroken("{cause}: rebuilding must be ordered over more than 0 days.", cause=effect.cause or "rebuild")
    builders = effect.builders
    if builders is None or builders.shape != (size.sectors,) or (builders < 0).any() or abs(builders.sum() - 1) > 1e-9:
        raise RuleBroken(
            "{cause}: the shares of the rebuilding sectors are positive and sum to 1, one for each sector.",
            cause=effect.cause or "rebuild",
        )


def shifted(effect: Effect, days: int) -> Effect:
    """The same effect some days later."""
    return replace(effect, start_day=effect.start_day + days)
