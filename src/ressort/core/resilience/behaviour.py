"""How industries behave: stocks, restocking, overproduction, and the extensions, each off by default."""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from ressort.core.economy import Economy, Floats
from ressort.core.errors import InputError, RuleBroken

MOST_PSI = 0.9
LEAST_STOCK_DAYS = 3.0
Values = float | Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Behaviour:
    """Parameters of the daily model. A value stands for all, or an array gives each: by product (S,), or by product and user (S, n).

    Args:
        psi_share: share of the target stock below which an input limits production.
        inventory_days: target stock, in days of use, (S, n); `inf` for a stock without end, which never limits.
        restock_days: time over which a missing stock is ordered, (S, n).
        alpha_base, alpha_max: overproduction factor at rest, and at most, (n,).
        alpha_days: time to reach `alpha_max`, (n,).
        capital_years: capital over annual value added.
        order: suppliers weighted by remaining capacity (`alt`) or by their first share (`noalt`).
        eager_decay: the other reading of the overproduction rule: it decays whenever demand is met.
        same_day: products without stock, which must arrive the day they are used, (S,).
        essentiality_share: 1 an input stops production, 0 it never does, (S, n).
        decay_share: part of the stock lost each day, (S,).
        buyer_class, consumer_class, rebuild_class: who is served first, from 0; all 0 is proportional rationing.
        consumer_region: region of each consumer, -1 where roads do not matter; one consumer a region needs none.
        sigma_ratio: how much a supplier's remaining capacity draws orders: 1 is `alt`, 0 is `noalt`; None follows `order`.
        mu_per_cost: how much an extra cost on an arc repels orders.
        portable: products that travel by road or rail, (S,).
    """

    psi_share: Values = 0.8
    inventory_days: Values = 90.0
    restock_days: Values = 60.0
    alpha_base: Values = 1.0
    alpha_max: Values = 1.25
    alpha_days: Values = 365.0
    capital_years: Values = 4.0
    order: Literal["alt", "noalt"] = "alt"
    eager_decay: bool = False
    same_day: tuple[bool, ...] = ()
    essentiality_share: Values = 1.0
    decay_share: Values = 0.0
    buyer_class: tuple[int, ...] = ()
    consumer_class: tuple[int, ...] = ()
    rebuild_class: int = 0
    consumer_region: tuple[int, ...] = ()
    sigma_ratio: float | None = None
    mu_per_cost: Values = 0.0
    portable: tuple[bool, ...] = ()

    @property
    def sigma(self) -> float:
        """The exponent of remaining capacity in the choice of suppliers."""
        if self.sigma_ratio is not None:
            return self.sigma_ratio
        return 1.0 if self.order == "alt" else 0.0


def spread(value: Values, shape: tuple[int, ...]) -> Floats:
    """A value, a vector by product or a whole table, written at full shape."""
    array = np.asarray(value, dtype=float)
    if array.ndim == 1 and len(shape) == 2:
        array = array[:, None]
    return np.ascontiguousarray(np.broadcast_to(array, shape)).copy()


def check_behaviour(behaviour: Behaviour, economy: Economy) -> None:
    """Refuse what takes the model out of its domain, naming the input, its user, both values and the way out.

    Raises:
        InputError: a value that is not a number.
        RuleBroken: `tau_inv > s`, `psi > 0.9`, a stock that spoils faster than it is bought, a negative or zero time.
    """
    _check_numbers(behaviour)
    sectors, n = len(economy.sectors), len(economy.output)
    stock, restock, psi, decay = (
        spread(getattr(behaviour, name), (sectors, n))
        for name in ("inventory_days", "restock_days", "psi_share", "decay_share")
    )
    same_day = np.array(behaviour.same_day or (False,) * sectors)
    bought = economy.intermediate.reshape(-1, sectors, n).sum(0) > 0
    counted = bought & ~same_day[:, None]
    rot = decay / np.maximum(1 - decay, 1e-9)
    slow = RuleBroken(
        "{input} used by {user}: a restocking time of {given} days is longer than its stock of {limit} days, and the model collapses by "
        "itself. Shorten the restocking time or give a larger stock."
    )
    bare = RuleBroken(
        "{input} used by {user}: psi is {given}; above {limit} the model leaves its domain of stability. Lower psi."
    )
    short = RuleBroken(
        "{input} used by {user}: a stock of {limit} days with psi {given} covers less than one day. Make this input a same-day one, or "
        "give a larger stock."
    )
    rotten = RuleBroken(
        "{input} used by {user}: {given} lost each day of a stock of {limit} days is more than is bought. Give a smaller stock."
    )
    rules = (
        (slow, restock > stock, restock, stock),
        (bare, psi > MOST_PSI, psi, np.full_like(psi, MOST_PSI)),
        (short, psi * stock < 1, psi, stock),
        (rotten, np.where(rot > 0, rot, 0.0) * np.where(rot > 0, stock, 0.0) >= 1, decay, stock),
    )
    for refusal, broken, given, limit in rules:
        for p, f in np.argwhere(broken & counted):
            raise RuleBroken(
                refusal.template, input=economy.sectors[p], user=economy.industries[f],
                given=float(given[p, f]), limit=float(limit[p, f]),
            )  # fmt: skip


def _check_numbers(behaviour: Behaviour) -> None:
    positive = ("inventory_days", "restock_days", "alpha_days", "capital_years", "alpha_base")
    shares = ("psi_share", "essentiality_share", "decay_share")
    for field in fields(behaviour):
        value = getattr(behaviour, field.name)
        if isinstance(value, bool | str | tuple) or value is None:
            continue
        array = np.asarray(value, dtype=float)
        endless = array == np.inf if field.name == "inventory_days" else np.zeros_like(array, bool)
        if not (np.isfinite(array) | endless).all():
            raise InputError("The parameter {name} is not a number: give a figure.", name=field.name)
        if field.name in positive and (array <= 0).any():
            raise RuleBroken(
                "The parameter {name} must be above 0; {given} was given.", name=field.name, given=float(array.min())
            )
        if field.name in shares and ((array < 0) | (array > 1)).any():
            raise RuleBroken(
                "The parameter {name} is a share from 0 to 1; {given} was given.",
                name=field.name,
                given=float(array.flat[np.abs(array - 0.5).argmax()]),
            )
    if (np.asarray(behaviour.alpha_max) < np.asarray(behaviour.alpha_base)).any():
        raise RuleBroken(
            "The highest overproduction {high} is below the one at rest {rest}.",
            high=float(np.min(behaviour.alpha_max)),
            rest=float(np.max(behaviour.alpha_base)),
        )
