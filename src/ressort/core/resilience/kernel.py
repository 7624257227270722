"""The daily model, compiled: the same steps as `twin`, fused over products so that a day reads each flow twice.

Arrays are packed by shape and passed by name: a tuple of many arrays would cost more than the arithmetic (see the decision
on numba). S products, R regions, n industries, B buyers, Q consumers, C classes.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Calendar, Purses
from ressort.core.resilience.kernel_flows import ask, bind, refill, serve
from ressort.core.resilience.kernel_money import afford, reach, settle, wanted
from ressort.core.resilience.kernel_rules import (
    ALPHA,
    CAPACITY,
    DEMAND,
    LOST,
    MADE,
    ROOM,
    VECTORS,
    WEIGHT,
    WISH,
    allow,
    capital_lost,
    draw_today,
    overproduce,
    rationed,
    rebuild_orders,
    tell,
)  # fmt: skip
from ressort.core.resilience.plan import Plan
from ressort.core.resilience.twin import BY_DEMAND, SAME_DAY_PASSES, SAME_DAY_TOLERANCE, Track

#: digest of the compiled modules: numba keeps `_run` on disk and looks at this file only, so that a change elsewhere must show here
SOURCES = "cb2f789301fb"


class Flags(NamedTuple):
    """What is switched on, and single numbers."""

    classes: int
    rebuild_class: int
    sigma: float
    mu: float
    eager: bool
    same_day: bool
    essential: bool
    decay: bool
    clamp: bool
    arcs: bool
    money: bool
    trace: bool


def simulate(plan: Plan, calendar: Calendar, purses: Purses, trace: bool = True) -> Track:
    """The run of a plan under a calendar.

    Args:
        trace: say what limited each industry each day; without it `label`, `ratio`, `fill`, `lost` and `stock` are empty.
    """
    flags = Flags(
        plan.classes, plan.rebuild_class, plan.sigma, plan.mu, plan.eager_decay, plan.has_same_day, plan.has_essential,
        plan.has_decay, plan.has_essential or len(calendar.use) > 0, len(calendar.opened) > 0, purses.on, trace,
    )  # fmt: skip
    fixed = np.stack([plan.technical, plan.used, plan.target, plan.allowed, plan.restock, plan.rot, plan.essential])
    lines = np.stack([plan.output, plan.alpha_base, plan.alpha_max, plan.alpha_pace, plan.capital])
    told = calendar.days if trace else 0
    products, _, _ = plan.flows.shape
    n, consumers = plan.final.shape
    track = Track(
        production=np.zeros((calendar.days, n)), unmet=np.zeros((calendar.days, consumers, products)),
        label=np.full((told, n), BY_DEMAND, np.int64), ratio=np.ones((told, n)), fill=np.ones((told, n)), lost=np.zeros((told, n)),
        stock=np.zeros((told, products)), money=np.zeros((calendar.days, 6)), residual=np.zeros(calendar.days),
        rebuilding=np.zeros(calendar.days),
    )  # fmt: skip
    owed = np.stack([np.zeros(len(calendar.amount)), calendar.amount, np.zeros(len(calendar.amount))])
    owners = np.stack([calendar.event, calendar.supplier, calendar.client])
    terms = np.stack([calendar.hit.astype(float), calendar.start.astype(float), calendar.rebuild_days])
    _run(flags, plan.flows, plan.final, fixed, lines, plan.fresh, plan.same_day, plan.portable, plan.buyer_class, plan.consumer_class,
         plan.consumer_region, calendar.lost, calendar.kept, calendar.demand, calendar.use, calendar.opened, calendar.cost, calendar.served,
         owed, owners, terms, purses, track)  # fmt: skip
    return track


@njit(cache=True)
def _run(
    flags: Flags, flows: Floats, final: Floats, fixed: Floats, lines: Floats, fresh: Floats, same_day: Any, portable: Any,
    buyer_class: Any, consumer_class: Any, home: Any, lost: Floats, kept: Floats, demand: Floats, use: Floats, opened: Floats,
    cost: Floats, served: Floats, owed: Floats, owners: Any, terms: Floats, purses: Purses, track: Track,
) -> None:  # fmt: skip
    # fmt: off
    (products, regions, buyers), (n, consumers) = flows.shape, final.shape
    moving, vectors, masks = _begin(flows, fixed, lines, buyer_class, flags.classes)
    classes, phi, wishes = np.zeros((n, flags.classes)), np.ones((n, flags.classes)), np.zeros((n, flags.classes))
    asked, given, factor = np.zeros((n, consumers)), np.zeros((n, consumers)), np.ones(products)
    links, paid, room, rest = np.ones((3, regions, buyers)), np.ones((2, consumers)), np.zeros((2, buyers)), np.ones(n)
    purse = np.stack((purses.euro, purses.local))
    for t in range(len(kept)):
        capital_lost(lines, lost[t], owed, owners, terms, vectors[LOST], t)
        _open_roads(flags, use, opened, cost, products, factor, links, t)
        if flags.same_day:
            draw_today(fixed, lines, kept[t], factor, same_day, vectors, moving)
        if len(served):
            serve(served[t], moving[2])
        ask(flows, moving, vectors[WEIGHT], links, portable, masks, flags.arcs, classes)
        if t == 0 or len(demand) or flags.money or flags.arcs or len(served):
            wanted(final, demand, asked, t)
            if flags.money:
                afford(purses, purse, paid, asked, t)
            reach(served, opened, home, portable, asked, t)
            _gathered(asked, consumer_class, wishes)
        classes += wishes
        rebuild_orders(owed, owners, terms, classes[:, flags.rebuild_class], t)
        _summed(classes, vectors[DEMAND])
        overproduce(lines, vectors, flags.eager, t)
        allow(fixed, lines, kept[t], factor, same_day, flags.essential, vectors, moving)
        if flags.same_day:
            track.residual[t] = _today(flows, fixed, moving, vectors, classes, phi, factor, links, same_day, portable, masks,
                                       lines[0].max(), flags)
        rationed(vectors[ROOM], classes, phi)
        if flags.trace:
            _tell(flows, fixed, moving, vectors, phi, factor, same_day, buyer_class, links, portable, track, t)
        _deliver(final, demand, asked, phi, consumer_class, given, track.unmet[t], t)
        track.rebuilding[t] = _rebuilt(phi[:, flags.rebuild_class], owners[1], owed)
        if flags.money:
            settle(purses, paid, purse, given, vectors[ROOM], track.money[t], t)
        track.production[t] = vectors[ROOM]
        refill(flows, fixed, lines, moving, vectors, phi, factor, links, fresh, same_day, portable, masks,
               flags.sigma if t > 0 else 0.0, flags.clamp, flags.decay, flags.arcs, room, rest)
        vectors[MADE] = vectors[ROOM]
        _weigh(fixed[0], moving[0], track.stock[t : t + 1])
    # fmt: on


@njit
def _open_roads(
    flags: Flags, use: Floats, opened: Floats, cost: Floats, products: int, factor: Floats, links: Floats, t: int
) -> None:
    if len(use):
        factor[:] = use[t]
    if flags.arcs:
        _link(opened[t], cost[t], flags.mu, products, links)


@njit
def _gathered(asked: Floats, consumer_class: Any, classes: Floats) -> None:
    """Final demand by class of consumers; kept from day to day where it does not change."""
    classes[:] = 0.0
    for i in range(asked.shape[0]):
        for q in range(asked.shape[1]):
            classes[i, consumer_class[q]] += asked[i, q]


@njit
def _summed(classes: Floats, demand: Floats) -> None:
    for i in range(classes.shape[0]):
        demand[i] = 0.0
        for c in range(classes.shape[1]):
            demand[i] += classes[i, c]


@njit
def _tell(
    flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, same_day: Any, buyer_class: Any,
    links: Floats, portable: Any, track: Track, t: int,
) -> None:  # fmt: skip
    tell(flows, fixed, moving, vectors, phi, factor, same_day, buyer_class, links, portable,
         track.label[t], track.ratio[t], track.fill[t])  # fmt: skip
    track.lost[t] = vectors[LOST]


@njit
def _begin(flows: Floats, fixed: Floats, lines: Floats, buyer_class: Any, classes: int) -> Any:
    """Stocks, orders, pull and attraction (4, S, B); vectors of industries at rest; 1 where a buyer is of a class, (C, B)."""
    products, _, buyers = flows.shape
    moving = np.ones((4, products, buyers))
    for p in range(products):
        for f in range(buyers):
            if fixed[0, p, f] > 0:
                moving[0, p, f] = fixed[2, p, f] * lines[0, f]
            moving[1, p, f] = fixed[0, p, f] * lines[0, f]
            moving[3, p, f] = flows[p, :, f].sum()
            moving[2, p, f] = moving[1, p, f] / moving[3, p, f] if moving[3, p, f] > 0 else 0.0
    vectors = np.zeros((VECTORS, lines.shape[1]))
    vectors[ALPHA], vectors[WEIGHT] = lines[1], 1.0
    vectors[DEMAND], vectors[MADE], vectors[CAPACITY], vectors[WISH] = lines[0], lines[0], lines[0], lines[0]
    masks = np.zeros((classes, buyers))
    for f in range(buyers):
        masks[buyer_class[f], f] = 1.0
    return moving, vectors, masks


@njit
def _link(opened: Floats, cost: Floats, mu: float, products: int, links: Floats) -> None:
    """Today's arcs by selling region and buyer: open share, draw of the orders placed last night, draw of tonight's."""
    for f in range(links.shape[2]):
        to = f // products
        for r in range(links.shape[1]):
            links[1, r, f] = links[2, r, f]
            links[0, r, f] = opened[r, to]
            links[2, r, f] = np.exp(-mu * cost[r, to]) if opened[r, to] > 0 else 0.0


@njit
def _today(
    flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, classes: Floats, phi: Floats, factor: Floats, links: Floats,
    same_day: Any, portable: Any, masks: Floats, most: float, flags: Flags,
) -> float:  # fmt: skip
    """Passes over same-day products until output falls no more; gives the last gap."""
    stocked, new = vectors[ROOM].copy(), vectors[ROOM].copy()
    gap = 0.0
    for _ in range(SAME_DAY_PASSES):
        rationed(vectors[ROOM], classes, phi)
        new[:] = stocked
        for p in range(len(same_day)):
            if same_day[p]:
                bind(
                    flows[p],
                    fixed,
                    moving[2, p],
                    vectors,
                    phi,
                    factor[p],
                    links,
                    flags.arcs and portable[p],
                    masks,
                    p,
                    new,
                )
        gap = np.abs(new - vectors[ROOM]).max()
        vectors[ROOM] = new
        if gap <= SAME_DAY_TOLERANCE * most:
            break
    return gap


@njit
def _deliver(
    final: Floats, demand: Floats, asked: Floats, phi: Floats, consumer_class: Any, given: Floats, unmet: Floats, t: int
) -> None:
    """What final consumers get, and lack."""
    products = unmet.shape[1]
    for start in range(0, final.shape[0], products):
        for product in range(products):
            i = start + product
            for q in range(final.shape[1]):
                need = final[i, q] * demand[t, q, product] if len(demand) else final[i, q]
                given[i, q] = phi[i, consumer_class[q]] * asked[i, q]
                unmet[q, product] += need - given[i, q]


@njit
def _rebuilt(phi: Floats, supplier: Any, owed: Floats) -> float:
    """Less what was delivered today; gives what is left."""
    left = 0.0
    for k in range(owed.shape[1]):
        owed[0, k] -= phi[supplier[k]] * owed[2, k]
        left += owed[0, k]
    return left


@njit
def _weigh(technical: Floats, held: Floats, stock: Floats) -> None:
    """Stocks by product, where a trace is kept."""
    if len(stock) == 0:
        return
    for p in range(held.shape[0]):
        for f in range(held.shape[1]):
            if technical[p, f] > 0:
                stock[0, p] += held[p, f]
