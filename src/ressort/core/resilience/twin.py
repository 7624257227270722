"""The daily model in plain arrays: slow, short, and the oracle of the compiled kernel. See `docs/methods/resilience.md`."""

from typing import NamedTuple

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Calendar, Integers, Purses
from ressort.core.resilience.plan import UNLIMITED, Plan, endless
from ressort.core.resilience.twin_money import afforded, set_apart, settled

#: what limited an industry, where it is not an input
BY_DEMAND, BY_CAPACITY = -1, -2
SAME_DAY_PASSES = 50
SAME_DAY_TOLERANCE = 1e-12
#: a limit is told when it takes more than this share: rounding is no bottleneck
TOLD = 1 - 1e-9


class Track(NamedTuple):
    """What a run leaves. T days, n industries, Q consumers, S products.

    Args:
        production: (T, n).
        unmet: final demand not delivered, (T, Q, S).
        label: what limited each industry: a product, `BY_DEMAND` or `BY_CAPACITY`, (T, n).
        ratio: share of what it wanted to make that the limit left, (T, n).
        fill: share of its demand that each industry delivered, over all clients, (T, n).
        lost: share of capital lost, rebuilding included, (T, n).
        stock: sum of stocks by product after the day, where bought, (T, S).
        money: euro purses, local purses, income, transfers, spending, demurrage of all consumers, (T, 6).
        residual: largest gap left by the same-day passes, (T,).
        rebuilding: what is still to rebuild, (T,).
    """

    production: Floats
    unmet: Floats
    label: Integers
    ratio: Floats
    fill: Floats
    lost: Floats
    stock: Floats
    money: Floats
    residual: Floats
    rebuilding: Floats


class _Day:
    """What one day hands to the next."""

    def __init__(self, plan: Plan, purses: Purses) -> None:
        self.stock = np.where(plan.technical > 0, plan.target * plan.output[: plan.technical.shape[1]], 1.0)
        self.stock[endless(plan)] = UNLIMITED
        self.ordered = plan.technical * plan.output[: plan.technical.shape[1]]
        self.weight = np.ones(len(plan.output))
        self.alpha = plan.alpha_base.copy()
        self.made, self.demand = plan.output.copy(), plan.output.copy()
        self.friction = np.ones((plan.flows.shape[1], plan.technical.shape[1]))
        self.attraction = plan.flows.sum(1)
        self.euro, self.local, self.apart = purses.euro.copy(), purses.local.copy(), np.zeros_like(purses.euro)


def simulate(plan: Plan, calendar: Calendar, purses: Purses) -> Track:
    """The run of a plan under a calendar."""
    products = plan.flows.shape[0]
    n, consumers = plan.final.shape
    days = calendar.days
    track = Track(
        np.zeros((days, n)), np.zeros((days, consumers, products)), np.full((days, n), BY_DEMAND, np.int64), np.ones((days, n)),
        np.ones((days, n)), np.zeros((days, n)), np.zeros((days, products)), np.zeros((days, 6)), np.zeros(days), np.zeros(days),
    )  # fmt: skip
    state = _Day(plan, purses)
    left = np.zeros(len(calendar.amount))
    for t in range(days):
        _one_day(plan, calendar, purses, state, left, track, t)
    return track


def _one_day(plan: Plan, calendar: Calendar, purses: Purses, state: _Day, left: Floats, track: Track, t: int) -> None:
    lost = _capital_lost(plan, calendar, left, t)
    factor = calendar.use[t] if len(calendar.use) else np.ones(len(plan.flows))
    link = _link(plan, calendar, t)
    _draw_today(plan, calendar, state, lost, factor, t)
    orders = _orders(plan, calendar, state, link, t)
    wanted, asked, paid = _final(plan, calendar, purses, state, link, t)
    rebuild = _rebuild(calendar, left, t)
    d = orders.sum(1) + asked.sum(1) + _summed(calendar.supplier, rebuild, len(plan.output))
    _overproduce(plan, state, d, t)
    capacity = plan.output * (1 - lost) * calendar.kept[t] * state.alpha
    wish = np.minimum(d, capacity)
    room, label = _room(plan, state, wish, capacity, d, factor)
    x, residual = _same_day(plan, calendar, state, orders, asked, rebuild, wish, room, label, factor)
    phi = _rationed(plan, x, _by_class(plan, calendar, orders, asked, rebuild))
    track.production[t], track.lost[t], track.residual[t] = x, lost, residual
    track.label[t], track.ratio[t] = label, np.divide(x, wish, out=np.ones_like(x), where=wish > 0)
    track.fill[t] = np.divide(x, d, out=np.ones_like(x), where=d > 0)
    delivered = phi[:, plan.consumer_class] * asked
    track.unmet[t] = (wanted - delivered).reshape(plan.flows.shape[1], -1, plan.final.shape[1]).sum(0).T
    left -= phi[calendar.supplier, plan.rebuild_class] * rebuild
    track.rebuilding[t] = left.sum()
    if purses.on:
        state.euro, state.local, state.apart, track.money[t] = settled(
            purses, (state.euro, state.local, state.apart), x, delivered, paid, t
        )
    _restock(plan, calendar, state, orders, phi, x, d, capacity, factor, link, t)
    track.stock[t] = np.where((plan.technical > 0) & ~endless(plan), state.stock, 0.0).sum(1)


def _capital_lost(plan: Plan, calendar: Calendar, left: Floats, t: int) -> Floats:
    """Δ: the largest of the causes, at most 1."""
    due = calendar.hit[calendar.event] == t if len(calendar.event) else np.zeros(0, bool)
    left[due] = calendar.amount[due]
    owed = _summed(calendar.client, left, len(plan.output))[: len(plan.output)]  # homes come after: no capacity
    rebuilt = np.divide(owed, plan.capital, out=np.zeros_like(owed), where=plan.capital > 0)
    return np.minimum(np.maximum(calendar.lost[t], rebuilt), 1.0)


def _rebuild(calendar: Calendar, left: Floats, t: int) -> Floats:
    if not len(left):
        return left
    return np.where(calendar.start[calendar.event] <= t, left / calendar.rebuild_days[calendar.event], 0.0)


def _link(plan: Plan, calendar: Calendar, t: int) -> tuple[Floats, Floats]:
    """Share of each arc that is open, and how much it draws orders, by selling region and buyer, (R, B) each."""
    regions, buyers = plan.flows.shape[1:]
    if not len(calendar.opened):
        return np.ones((regions, buyers)), np.ones((regions, buyers))
    to = np.arange(buyers) // len(plan.flows)
    return calendar.opened[t][:, to], (calendar.opened[t] > 0)[:, to] * np.exp(-plan.mu * calendar.cost[t])[:, to]


def _draw_today(plan: Plan, calendar: Calendar, state: _Day, lost: Floats, factor: Floats, t: int) -> None:
    """Same-day products are drawn on the day: what a client could make today, not last night's order."""
    buyers = plan.technical.shape[1]
    able = (plan.output * (1 - lost) * calendar.kept[t] * state.alpha)[:buyers]
    today = plan.technical * factor[:, None] * np.minimum(state.demand[:buyers], able)
    state.ordered = np.where(plan.same_day[:, None], today, state.ordered)


def _orders(plan: Plan, calendar: Calendar, state: _Day, link: tuple[Floats, Floats], t: int) -> Floats:
    """O: what each industry is asked by each buyer today, (n, B)."""
    products, regions, buyers = plan.flows.shape
    pull = np.divide(state.ordered, state.attraction, out=np.zeros_like(state.ordered), where=state.attraction > 0)
    if len(calendar.served):
        pull = pull * calendar.served[t][:, np.arange(buyers) // products]
    weight = state.weight.reshape(regions, products).T
    asked = plan.flows * weight[:, :, None] * pull[:, None, :]
    asked[plan.portable] *= (state.friction * link[0])[None]
    return np.ascontiguousarray(asked.transpose(1, 0, 2)).reshape(-1, buyers)


def _final(
    plan: Plan, calendar: Calendar, purses: Purses, state: _Day, link: tuple[Floats, Floats], t: int
) -> tuple[Floats, Floats, tuple[Floats, Floats, Floats]]:
    """Final demand wanted, what reaches the suppliers, and the shares paid in local currency, free euros and by debit, (n, Q), (n, Q), (Q,) each."""
    consumers, regions = plan.final.shape[1], plan.flows.shape[1]
    wanted = plan.final
    if len(calendar.demand):
        wanted = wanted * np.tile(calendar.demand[t].T, (regions, 1))
    paid = (np.zeros(consumers), np.ones(consumers), np.zeros(consumers))
    asked = wanted
    if purses.on:
        apart = set_apart(purses, state.euro, state.apart, t)
        asked, state.apart, paid = afforded(wanted, purses, (state.euro, state.local, apart), t)
    if len(calendar.served):
        asked = np.where(
            plan.consumer_region >= 0, asked * np.tile(calendar.served[t][:, plan.consumer_region], (regions, 1)), asked
        )
    if len(calendar.opened):
        placed = plan.consumer_region >= 0
        reach = np.repeat(calendar.opened[t][:, plan.consumer_region], len(plan.flows), 0)
        moved = np.tile(plan.portable, regions)[:, None] & placed[None, :]
        asked = np.where(moved, asked * reach, asked)
    return wanted, asked, paid


def _overproduce(plan: Plan, state: _Day, d: Floats, t: int) -> None:
    if t < 2:
        return
    zeta = np.divide(d - state.made, d, out=np.zeros_like(d), where=d > 0)
    moving = zeta > 0 if plan.eager_decay else zeta != 0
    step = np.where(moving, (plan.alpha_max - state.alpha) * zeta, plan.alpha_base - state.alpha)
    state.alpha = np.maximum(state.alpha + step * plan.alpha_pace, plan.alpha_base)


def _room(
    plan: Plan, state: _Day, wish: Floats, capacity: Floats, d: Floats, factor: Floats
) -> tuple[Floats, Integers]:
    """What stocks allow, and what limits first, (n,) each."""
    buyers = plan.technical.shape[1]
    label = np.where(d * TOLD > capacity, BY_CAPACITY, BY_DEMAND).astype(np.int64)
    room = wish.copy()
    allowed = np.minimum(wish[:buyers], state.stock * plan.allowed / factor[:, None])
    if plan.has_essential:
        allowed = (1 - plan.essential) * wish[:buyers] + plan.essential * allowed
    allowed[plan.same_day] = np.inf
    first = allowed.argmin(0)
    least = allowed[first, np.arange(buyers)]
    bound = least < wish[:buyers] * TOLD
    label[:buyers] = np.where(bound, first, label[:buyers])
    room[:buyers] = np.minimum(wish[:buyers], least)
    return room, label


def _same_day(
    plan: Plan, calendar: Calendar, state: _Day, orders: Floats, asked: Floats, rebuild: Floats,
    wish: Floats, room: Floats, label: Integers, factor: Floats,
) -> tuple[Floats, float]:  # fmt: skip
    """The greatest output that today's deliveries of same-day products allow: passes fall to a fixed point."""
    if not plan.has_same_day:
        return room, 0.0
    products, regions, buyers = plan.flows.shape
    x, gap, first = room, 0.0, label
    need = plan.technical * factor[:, None] * wish[:buyers]
    classes = _by_class(plan, calendar, orders, asked, rebuild)
    for _ in range(SAME_DAY_PASSES):
        phi = _rationed(plan, x, classes)
        received = (orders * phi[:, plan.buyer_class]).reshape(regions, products, buyers).sum(0)
        part = np.minimum(1.0, np.divide(received, need, out=np.ones_like(need), where=need > 0))
        allowed = np.where(plan.same_day[:, None], wish[:buyers] * (1 - plan.essential * (1 - part)), np.inf)
        new, first = room.copy(), label.copy()
        least = allowed.min(0)
        first[:buyers] = np.where(least < room[:buyers] * TOLD, allowed.argmin(0), label[:buyers])
        new[:buyers] = np.minimum(room[:buyers], least)
        gap = float(np.abs(new - x).max())
        x = new
        if gap <= SAME_DAY_TOLERANCE * plan.output.max():
            break
    label[:] = first
    return x, gap


def _by_class(plan: Plan, calendar: Calendar, orders: Floats, asked: Floats, rebuild: Floats) -> Floats:
    """Demand addressed to each industry by each class of clients, (n, C)."""
    demand = np.zeros((len(plan.output), plan.classes))
    for c in range(plan.classes):
        demand[:, c] = orders[:, plan.buyer_class == c].sum(1) + asked[:, plan.consumer_class == c].sum(1)
    if len(rebuild):
        demand[:, plan.rebuild_class] += _summed(calendar.supplier, rebuild, len(plan.output))
    return demand


def _rationed(plan: Plan, x: Floats, demand: Floats) -> Floats:
    """phi: share of its demand that each class gets, first class first, (n, C)."""
    phi, left = np.ones_like(demand), x
    for c in range(plan.classes):
        part = np.divide(left, demand[:, c], out=np.ones_like(left), where=demand[:, c] > 0)
        phi[:, c] = part if plan.classes == 1 else np.minimum(part, 1.0)
        left = np.maximum(left - phi[:, c] * demand[:, c], 0.0)
    return phi


def _restock(
    plan: Plan, calendar: Calendar, state: _Day, orders: Floats, phi: Floats, x: Floats, d: Floats, capacity: Floats,
    factor: Floats, link: tuple[Floats, Floats], t: int,
) -> None:  # fmt: skip
    """Stocks of the evening, and the orders for tomorrow."""
    products, regions, buyers = plan.flows.shape
    received = (orders * phi[:, plan.buyer_class]).reshape(regions, products, buyers).sum(0)
    use = plan.used * factor[:, None] * x[:buyers]
    stocked = ~plan.same_day[:, None]
    stock = state.stock + received - use
    if plan.has_essential or len(calendar.use):
        stock = np.maximum(stock, 0.0)
    if plan.has_decay:
        stock = stock * plan.fresh[:, None]
    state.stock = np.where(stocked, stock, state.stock)
    gap = np.maximum(plan.target * factor[:, None] * np.minimum(d, capacity)[:buyers] - state.stock, 0.0)
    state.ordered = np.where(stocked, gap * plan.restock + use + plan.rot * state.stock, state.ordered)
    state.weight = np.ones_like(x)
    if t > 0 and plan.sigma != 0:
        share = np.divide(capacity, plan.output, out=np.ones_like(capacity), where=plan.output > 0)
        state.weight = share if plan.sigma == 1 else share**plan.sigma
    state.friction = link[1]
    drawn = plan.flows * state.weight.reshape(regions, products).T[:, :, None]
    drawn[plan.portable] *= state.friction[None]
    state.attraction = drawn.sum(1)
    state.demand, state.made = d, x


def _summed(index: Integers, values: Floats, size: int) -> Floats:
    """Values added up by index, (size,)."""
    return np.bincount(index, values, size).astype(float)
