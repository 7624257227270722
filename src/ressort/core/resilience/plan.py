"""The economy and its behaviour, laid out once for the daily kernels."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ressort.core.economy import Economy, Floats, checked
from ressort.core.errors import InputError
from ressort.core.resilience.behaviour import Behaviour, check_behaviour, spread

DAYS_PER_YEAR = 365
#: what an input that is not bought allows: anything
UNLIMITED = 1e300
#: what the kernel reads of each product and user, in the order of `Plan.cells`
PACKED = ("technical", "used", "target", "allowed", "restock", "rot", "essential")


class Plan(NamedTuple):
    """Arrays that do not change from day to day. S products, R regions, n = R·S industries, B buyers (the first B of n), Q consumers."""

    flows: Floats  # (S, R, B) daily, by product, selling region, buyer
    final: Floats  # (n, Q) daily
    output: Floats  # (n,) daily
    technical: Floats  # (S, B) a
    used: Floats  # (S, B) a less what spoils in a quiet day
    target: Floats  # (S, B) s·a: stock wanted for one unit of daily output; 0 where the stock has no end
    allowed: Floats  # (S, B) 1 / (psi s a): output that one unit of stock allows
    restock: Floats  # (S, B) 1 / tau_inv
    rot: Floats  # (S, B) δ / (1 − δ), 0 where not bought
    fresh: Floats  # (S,) 1 − δ
    essential: Floats  # (S, B)
    same_day: NDArray[np.bool_]  # (S,)
    buyer_class: NDArray[np.int64]  # (B,)
    consumer_class: NDArray[np.int64]  # (Q,)
    consumer_region: NDArray[np.int64]  # (Q,) where each consumer lives, -1 where roads do not matter
    rebuild_class: int
    classes: int
    alpha_base: Floats  # (n,)
    alpha_max: Floats  # (n,)
    alpha_pace: Floats  # (n,) 1 / tau_alpha
    sigma: float
    mu: float
    portable: NDArray[np.bool_]  # (S,)
    capital: Floats  # (n,) money
    eager_decay: bool
    has_same_day: bool
    has_essential: bool
    has_decay: bool
    cells: Floats  # (7, S, B) technical, used, target, allowed, restock, rot, essential, packed
    lines: Floats  # (5, n) output, alpha at rest, alpha at most, alpha pace, capital, packed


def plan(economy: Economy, behaviour: Behaviour | None = None, *, check: bool = True) -> Plan:
    """Lay an economy and a behaviour out for the kernels.

    Args:
        check: refuse a table that is not one (see `checked`) and parameters outside the domain of stability (see
            `check_behaviour`); only the table of stability of the method page has a reason not to.

    Raises:
        InputError, RuleBroken: see `checked` and `check_behaviour`; the cell is named.
    """
    behaviour = behaviour or Behaviour()
    if check:
        check_behaviour(behaviour, checked(economy))
    sectors, regions, n = len(economy.sectors), len(economy.regions), len(economy.output)
    buyers = _buyers(economy)
    flows = (economy.intermediate / DAYS_PER_YEAR).reshape(regions, sectors, n).transpose(1, 0, 2)
    flows = np.ascontiguousarray(flows[:, :, :buyers])
    cells = _cells(behaviour, flows, economy.output[:buyers] / DAYS_PER_YEAR, n)
    buyer_class, consumer_class = _classes(behaviour, buyers, len(economy.consumers))
    most = max(buyer_class.max(initial=0), consumer_class.max(initial=0), behaviour.rebuild_class)
    same_day = _by_product(behaviour.same_day, sectors, False)
    lines = np.stack([
        economy.output / DAYS_PER_YEAR, spread(behaviour.alpha_base, (n,)), spread(behaviour.alpha_max, (n,)),
        1 / spread(behaviour.alpha_days, (n,)), spread(behaviour.capital_years, (n,)) * economy.value_added,
    ])  # fmt: skip
    return Plan(
        flows=flows,
        final=np.ascontiguousarray(economy.final / DAYS_PER_YEAR),
        output=lines[0],
        **cells,
        same_day=same_day,
        buyer_class=buyer_class,
        consumer_class=consumer_class,
        consumer_region=_consumer_regions(behaviour, economy),
        rebuild_class=behaviour.rebuild_class,
        classes=int(most) + 1,
        alpha_base=lines[1],
        alpha_max=lines[2],
        alpha_pace=lines[3],
        sigma=float(behaviour.sigma),
        mu=float(np.asarray(behaviour.mu_per_cost)),
        portable=_by_product(behaviour.portable, sectors, True),
        capital=lines[4],
        eager_decay=behaviour.eager_decay,
        has_same_day=bool(same_day.any()),
        has_essential=bool((cells["essential"][~same_day] != 1).any()),
        has_decay=bool((cells["rot"] != 0).any()),
        cells=np.stack([cells[name] for name in PACKED]),
        lines=lines,
    )


def _cells(behaviour: Behaviour, flows: Floats, made: Floats, n: int) -> dict[str, Floats]:
    """What is known of each product and user, (S, B), and how fresh each product stays, (S,)."""
    sectors, _, buyers = flows.shape
    technical = np.divide(flows.sum(1), made, out=np.zeros((sectors, buyers)), where=made > 0)
    stock, restock, psi, essential, decay = (
        spread(value, (sectors, n))[:, :buyers]
        for value in (behaviour.inventory_days, behaviour.restock_days, behaviour.psi_share,
                      behaviour.essentiality_share, behaviour.decay_share)
    )  # fmt: skip
    same_day = _by_product(behaviour.same_day, sectors, False)[:, None]
    own = np.arange(buyers)[None, :] % sectors == np.arange(sectors)[:, None]
    decay = np.where(same_day, 0.0, decay)
    endless_stock = np.isinf(stock) & (technical > 0)
    rot = np.where((technical > 0) & ~endless_stock, decay / (1 - decay), 0.0)
    target = np.where(np.isinf(stock), 0.0, stock) * technical
    limits = psi * target > 0
    return {
        "technical": technical,
        "used": technical - target * rot,
        "target": target,
        "allowed": np.divide(1.0, psi * target, out=np.where(endless_stock, 1.0, UNLIMITED), where=limits),
        "restock": np.ascontiguousarray(1 / restock),
        "rot": rot,
        "fresh": 1 - decay.max(1, initial=0.0),
        "essential": np.ascontiguousarray(np.where(same_day & own, 0.0, essential)),
    }


def endless(plan: Plan) -> NDArray[np.bool_]:
    """Where an input that is bought has a stock without end: it never limits, and only what is used is ordered, (S, B)."""
    return np.asarray((plan.technical > 0) & (plan.target == 0))


def _buyers(economy: Economy) -> int:
    """How many of the first industries buy something: a last region that only sells is left out of the loops."""
    bought = np.flatnonzero(economy.intermediate.sum(0) > 0)
    return int(bought[-1]) + 1 if len(bought) else 1


def _consumer_regions(behaviour: Behaviour, economy: Economy) -> NDArray[np.int64]:
    """Where consumers live: as told, else one consumer a region in order, else nowhere in particular."""
    if behaviour.consumer_region:
        return np.array(behaviour.consumer_region, dtype=np.int64)
    same = len(economy.consumers) == len(economy.regions)
    return np.arange(len(economy.consumers)) if same else np.full(len(economy.consumers), -1)


def _by_product(given: tuple[bool, ...], sectors: int, otherwise: bool) -> NDArray[np.bool_]:
    if given and len(given) != sectors:
        raise InputError(
            "{given} values were given for {wanted} products: give one each.", given=len(given), wanted=sectors
        )
    return np.array(given or (otherwise,) * sectors, dtype=np.bool_)


def _classes(behaviour: Behaviour, buyers: int, consumers: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    of_buyers = np.array(behaviour.buyer_class or (0,) * buyers, dtype=np.int64)[:buyers]
    of_consumers = np.array(behaviour.consumer_class or (0,) * consumers, dtype=np.int64)
    if (
        len(of_buyers) != buyers
        or len(of_consumers) != consumers
        or min(of_buyers.min(), of_consumers.min(), behaviour.rebuild_class) < 0
    ):
        raise InputError(
            "Classes of priority start at 0, one for each of {buyers} buyers and {consumers} consumers.",
            buyers=buyers, consumers=consumers,
        )  # fmt: skip
    return of_buyers, of_consumers
