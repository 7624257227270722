"""The daily model, compiled: the same steps as `twin`, fused over products so that a day reads each flow twice.

Arrays are packed by shape and passed by name: a tuple of many arrays would cost more than the arithmetic (see the decision
on numba). S products, R regions, n industries, B buyers, Q consumers, C classes.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Calendar, Integers, Purses
from ressort.core.resilience.kernel_clients import deliver, gathered, rebuilt, summed
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
    tell,
)  # fmt: skip
from ressort.core.resilience.plan import UNLIMITED, Plan
from ressort.core.resilience.twin import BY_DEMAND, SAME_DAY_PASSES, SAME_DAY_TOLERANCE, Track

#: digest of the compiled modules: numba keeps `_run` on disk and looks at this file only, so that a change elsewhere must show here
SOURCES = "5cb3a82a6b53"


NOTHING_OWED = (np.zeros((3, 0)), np.zeros((3, 0), np.int64), np.zeros((3, 0)))


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
    watched: Integers
    below_share: float


def simulate(
    plan: Plan, calendar: Calendar, purses: Purses, trace: bool = True, told_until: tuple[Integers, float] | None = None
) -> Track:  # fmt: skip
    """The run of a plan under a calendar.

    Args:
        trace: say what limited each industry each day; without it `label`, `ratio`, `fill`, `lost` and `stock` are empty.
        told_until: say it up to the first day on which an input leaves one of some industries (their places) less than a share
            of what it wished, all that the first bottleneck needs; `stock` stays at 0.
    """
    flags = Flags(
        plan.classes, plan.rebuild_class, plan.sigma, plan.mu, plan.eager_decay, plan.has_same_day, plan.has_essential,
        plan.has_decay, plan.has_essential or len(calendar.use) > 0, len(calendar.opened) > 0, purses.on, trace,
        *(told_until or (np.zeros(0, np.int64), 0.0)),
    )  # fmt: skip
    told = calendar.days if trace else 0
    products, _, _ = plan.flows.shape
    n, consumers = plan.final.shape
    track = Track(
        production=np.zeros((calendar.days, n)), unmet=np.zeros((calendar.days, consumers, products)),
        label=np.full((told, n), BY_DEMAND, np.int64), ratio=np.ones((told, n)), fill=np.ones((told, n)), lost=np.zeros((told, n)),
        stock=np.zeros((told, products)), money=np.zeros((calendar.days, 6)), residual=np.zeros(calendar.days),
        rebuilding=np.zeros(calendar.days),
    )  # fmt: skip
    owed, owners, terms = _debts(calendar) if len(calendar.amount) else NOTHING_OWED
    _run(flags, plan.flows, plan.final, plan.cells, plan.lines, plan.fresh, plan.same_day, plan.portable, plan.buyer_class, plan.consumer_class,
         plan.consumer_region, calendar.lost, calendar.kept, calendar.demand, calendar.use, calendar.opened, calendar.cost, calendar.served,
         owed, owners, terms, purses, track)  # fmt: skip
    return track


def _debts(calendar: Calendar) -> tuple[Floats, Integers, Floats]:
    """Orders of rebuilding as the kernel holds them."""
    nothing = np.zeros(len(calendar.amount))
    owed = np.stack([nothing, calendar.amount, nothing])
    owners = np.stack([calendar.event, calendar.supplier, calendar.client])
    return owed, owners, np.stack([calendar.hit.astype(float), calendar.start.astype(float), calendar.rebuild_days])


@njit(cache=True, error_model="numpy", nogil=True)
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
    links, paid, rest = np.ones((3, regions, buyers)), np.ones((3, consumers)), np.ones(n)
    taken, drawn = np.zeros(buyers), np.zeros(buyers)
    purse = np.stack((purses.euro, purses.local, np.zeros_like(purses.euro)))
    moved = len(demand) > 0 or flags.money or flags.arcs or len(served) > 0
    telling, most = flags.trace, lines[0].max()
    for t in range(len(kept)):
        capital_lost(lines, lost, owed, owners, terms, vectors, t)
        if len(use) or flags.arcs:
            _open_roads(flags, use, opened, cost, products, factor, links, t)
        if flags.same_day:
            draw_today(fixed, lines, kept, factor, same_day, vectors, moving, t)
        if len(served):
            serve(served, moving, t)
        ask(flows, moving, vectors, links, portable, masks, flags.arcs, classes)
        if t == 0 or moved:
            _wished(flags, final, demand, purses, purse, paid, served, opened, home, portable, consumer_class, asked, wishes, t)
        summed(wishes, owed, owners, terms, flags.rebuild_class, classes, vectors, t)
        overproduce(lines, vectors, flags.eager, t)
        allow(fixed, lines, kept, factor, same_day, flags.essential, vectors, moving, t)
        if flags.same_day:
            track.residual[t] = _today(flows, fixed, moving, vectors, classes, phi, factor, links, same_day, portable, masks, most, flags)
        rationed(vectors, classes, phi)
        if telling:
            telling = _told(flags, flows, fixed, moving, vectors, phi, factor, same_day, buyer_class, links, portable, track, t)
        deliver(final, demand, asked, phi, consumer_class, given, track.unmet, moved, t)
        if owed.shape[1]:
            track.rebuilding[t] = rebuilt(phi, flags.rebuild_class, owners, owed)
        if flags.money:
            settle(purses, paid, purse, given, vectors, track.money, t)
        refill(flows, fixed, lines, moving, vectors, phi, factor, links, fresh, same_day, portable, masks,
               flags.sigma if t > 0 else 0.0, flags.clamp, flags.decay, flags.arcs, taken, drawn, rest)
        _copied(vectors, ROOM, track.production, t)
        _copied(vectors, ROOM, vectors, MADE)
        if flags.trace and len(flags.watched) == 0:
            _weigh(fixed, moving, track.stock, t)
    # fmt: on


@njit(error_model="numpy")
def _open_roads(
    flags: Flags, use: Floats, opened: Floats, cost: Floats, products: int, factor: Floats, links: Floats, t: int
) -> None:
    if len(use):
        factor[:] = use[t]
    if flags.arcs:
        _link(opened[t], cost[t], flags.mu, products, links)


@njit(error_model="numpy")
def _wished(
    flags: Flags, final: Floats, demand: Floats, purses: Purses, purse: Floats, paid: Floats, served: Floats, opened: Floats,
    home: Any, portable: Any, consumer_class: Any, asked: Floats, wishes: Floats, t: int,
) -> None:  # fmt: skip
    """Final demand of the day, as purses, networks and roads leave it."""
    wanted(final, demand, asked, t)
    if flags.money:
        afford(purses, purse, paid, asked, t)
    reach(served, opened, home, portable, asked, t)
    gathered(asked, consumer_class, wishes)


@njit(error_model="numpy")
def _told(
    flags: Flags, flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, phi: Floats, factor: Floats, same_day: Any,
    buyer_class: Any, links: Floats, portable: Any, track: Track, t: int,
) -> bool:  # fmt: skip
    """Tells the limits of the day; False when nothing more is to be told."""
    tell(
        flows,
        fixed,
        moving,
        vectors,
        phi,
        factor,
        same_day,
        buyer_class,
        links,
        portable,
        track.label,
        track.ratio,
        track.fill,
        t,
    )
    _copied(vectors, LOST, track.lost, t)
    return not _stopped(track.label, track.ratio, flags.watched, flags.below_share, t)


@njit(error_model="numpy")
def _copied(vectors: Floats, which: int, kept: Floats, t: int) -> None:
    for i in range(vectors.shape[1]):
        kept[t, i] = vectors[which, i]


@njit(error_model="numpy")
def _stopped(label: Any, ratio: Floats, watched: Integers, below: float, t: int) -> bool:
    """Did an input stop one of the watched industries today?"""
    stopped = False
    for i in watched:
        stopped |= label[t, i] >= 0 and ratio[t, i] < below
    return stopped


@njit(error_model="numpy")
def _begin(flows: Floats, fixed: Floats, lines: Floats, buyer_class: Any, classes: int) -> Any:
    """Stocks, orders, pull and attraction (4, S, B); vectors of industries at rest; 1 where a buyer is of a class, (C, B)."""
    products, _, buyers = flows.shape
    moving = np.ones((4, products, buyers))
    for p in range(products):
        for f in range(buyers):
            if fixed[0, p, f] > 0:
                moving[0, p, f] = fixed[2, p, f] * lines[0, f] if fixed[2, p, f] > 0 else UNLIMITED
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


@njit(error_model="numpy")
def _link(opened: Floats, cost: Floats, mu: float, products: int, links: Floats) -> None:
    """Today's arcs by selling region and buyer: open share, draw of the orders placed last night, draw of tonight's."""
    for f in range(links.shape[2]):
        to = f // products
        for r in range(links.shape[1]):
            links[1, r, f] = links[2, r, f]
            links[0, r, f] = opened[r, to]
            links[2, r, f] = np.exp(-mu * cost[r, to]) if opened[r, to] > 0 else 0.0


@njit(error_model="numpy")
def _today(
    flows: Floats, fixed: Floats, moving: Floats, vectors: Floats, classes: Floats, phi: Floats, factor: Floats, links: Floats,
    same_day: Any, portable: Any, masks: Floats, most_made: float, flags: Flags,
) -> float:  # fmt: skip
    """Passes over same-day products until output falls no more; gives the last gap."""
    stocked, new, received = vectors[ROOM].copy(), vectors[ROOM].copy(), np.zeros(flows.shape[2])
    gap = 0.0
    for _ in range(SAME_DAY_PASSES):
        rationed(vectors, classes, phi)
        new[:] = stocked
        for p in range(len(same_day)):
            if same_day[p]:
                linked = flags.arcs and portable[p]
                bind(flows, fixed, moving, vectors, phi, factor[p], links, linked, masks, p, received, new)
        gap = np.abs(new - vectors[ROOM]).max()
        vectors[ROOM] = new
        if gap <= SAME_DAY_TOLERANCE * most_made:
            break
    return gap


@njit(error_model="numpy", fastmath={"reassoc", "contract"})
def _weigh(fixed: Floats, moving: Floats, stock: Floats, t: int) -> None:
    """Stocks by product, where a trace is kept."""
    for p in range(fixed.shape[1]):
        total = 0.0
        for f in range(fixed.shape[2]):
            total += moving[0, p, f] if fixed[0, p, f] > 0 and fixed[2, p, f] > 0 else 0.0
        stock[t, p] = total
