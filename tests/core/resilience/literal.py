"""The published rules, one loop a formula: no array trick, no packing, a whole matrix of orders. A third opinion on kernel and twin."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Loss:
    """Capital lost by industries: `share` of it (then a law of recovery), or `money` of it (then rebuilt by `builders`); or by `homes`."""

    day: int
    duration: int
    tau: float
    share: dict[int, float] | None = None
    law: str = ""
    money: dict[int, float] | None = None
    homes: dict[int, float] | None = None
    builders: dict[int, float] | None = None


@dataclass(frozen=True)
class World:
    """Annual tables and the parameters of every cell."""

    Z: np.ndarray
    Y: np.ndarray
    x0: np.ndarray
    regions: int
    stock_days: np.ndarray
    restock_days: np.ndarray
    psi: np.ndarray
    alpha_base: float | np.ndarray
    alpha_max: float | np.ndarray
    alpha_days: float | np.ndarray
    capital: np.ndarray
    alt: bool
    eager: bool = False
    add: bool = False
    kept: np.ndarray | None = None  # share of capacity that labour and outages leave, (T, n)
    eps: np.ndarray | None = None  # essentiality, (S, n)
    sigma: float | None = None
    classes: tuple[tuple[int, ...], tuple[int, ...], int] | None = None  # of industries, of consumers, of rebuilding


def left_over(loss: Loss, t: int) -> float:
    """What is left of a share of capital lost, before any rebuilding."""
    if t < loss.day:
        return 0.0
    e = t - (loss.day + loss.duration + 1)
    if e <= 0:
        return 1.0
    return {
        "linear": lambda: max(0.0, 1 - e / loss.tau),
        "convex": lambda: (1 - 1 / loss.tau) ** e,
        "convex_scaled": lambda: (1 - 1 / loss.tau) ** (4 * e),
        "s_shaped": lambda: loss.tau / (loss.tau + 1e-6 * e ** ((np.log(loss.tau) - np.log(1e-6)) / (np.log(loss.tau) - np.log(2)))),
    }[loss.law]()  # fmt: skip


def trajectory(world: World, losses: list[Loss], days: int) -> tuple[np.ndarray, np.ndarray]:
    """Output (T, n) and final demand not met, by consumer and product (T, Q, S)."""
    z, y, x0 = world.Z / 365, world.Y / 365, world.x0 / 365
    n, products, regions = len(x0), len(x0) // world.regions, range(world.regions)
    a = np.zeros((products, n))
    for p in range(products):
        for f in range(n):
            if x0[f] > 0:
                a[p, f] = sum(z[r * products + p, f] for r in regions) / x0[f]
    stock, orders, alpha, made = np.zeros_like(a), z.copy(), np.broadcast_to(world.alpha_base, n).copy(), x0.copy()
    for p in range(products):
        for f in range(n):
            stock[p, f] = world.stock_days[p, f] * a[p, f] * x0[f] if a[p, f] > 0 else 0.0
    rebuild: dict[tuple[int, int, int], float] = {}  # event, supplier, client (homes after industries)
    production, unmet = np.zeros((days, n)), np.zeros((days, y.shape[1], products))
    for t in range(days):
        for number, loss in enumerate(losses):
            if (loss.money or loss.homes) and loss.day == t:
                rebuild |= _shared_out(number, loss, z, y, regions, products)
        delta = _delta(world, losses, rebuild, t)
        placed = {
            key: left / losses[key[0]].tau
            for key, left in rebuild.items()
            if t >= losses[key[0]].day + losses[key[0]].duration
        }
        d = np.array([orders[i].sum() + y[i].sum() for i in range(n)])
        for (_event, supplier, _client), asked in placed.items():
            d[supplier] += asked
        if t >= 2:
            alpha = np.array([_alpha(world, f, alpha[f], d[f], made[f]) for f in range(n)])
        cap = x0 * (1 - delta) * alpha * (world.kept[t] if world.kept is not None else 1.0)
        x = _limited(world, a, stock, np.minimum(d, cap))
        phi = _rationed(world, x, orders, y, placed)
        for i in range(n):
            for q in range(y.shape[1]):
                unmet[t, q, i % products] += (1 - phi["consumer", i, q]) * y[i, q]
        for key, asked in placed.items():
            rebuild[key] -= phi["rebuild", key[1], 0] * asked
        for p in range(products):
            for f in range(n):
                come = sum(phi["buyer", r * products + p, f] * orders[r * products + p, f] for r in regions)
                stock[p, f] += come - a[p, f] * x[f]
                if world.eps is not None:
                    stock[p, f] = max(stock[p, f], 0.0)
        orders = _orders(world, z, a, x0, stock, d, cap, x, t)
        production[t], made = x, x
    return production, unmet


def _limited(world: World, a: np.ndarray, stock: np.ndarray, wish: np.ndarray) -> np.ndarray:
    """What stocks leave of what was wished: wholly, or by their essentiality."""
    x = wish.copy()
    for f in range(len(wish)):
        for p in range(len(a)):
            if a[p, f] == 0 or wish[f] == 0 or np.isinf(world.stock_days[p, f]):
                continue
            need = world.psi[p, f] * world.stock_days[p, f] * a[p, f] * wish[f]
            ratio = min(1.0, stock[p, f] / need)
            eps = 1.0 if world.eps is None else world.eps[p, f]
            x[f] = min(x[f], wish[f] * (1 - eps * (1 - ratio)))
    return x


def _rationed(
    world: World, x: np.ndarray, orders: np.ndarray, y: np.ndarray, placed: dict[tuple[int, int, int], float]
) -> dict[tuple[str, int, int], float]:
    """Share delivered by each industry to each client: first class first, the same share inside a class."""
    n, consumers = len(x), y.shape[1]
    of_buyers, of_consumers, of_rebuilding = world.classes or ((0,) * n, (0,) * consumers, 0)
    found = {}
    for i in range(n):
        left = x[i]
        for c in range(1 + max(*of_buyers, *of_consumers, of_rebuilding)):
            asked = sum(orders[i, f] for f in range(n) if of_buyers[f] == c)
            asked += sum(y[i, q] for q in range(consumers) if of_consumers[q] == c)
            asked += sum(money for key, money in placed.items() if key[1] == i and of_rebuilding == c)
            share = left / asked if asked > 0 else 1.0
            share = min(share, 1.0) if world.classes else share
            left = max(left - share * asked, 0.0)
            found |= {("buyer", i, f): share for f in range(n) if of_buyers[f] == c}
            found |= {("consumer", i, q): share for q in range(consumers) if of_consumers[q] == c}
            if of_rebuilding == c:
                found["rebuild", i, 0] = share
    return found


def _delta(world: World, losses: list[Loss], rebuild: dict[tuple[int, int, int], float], t: int) -> np.ndarray:
    """The largest of the causes, at most 1."""
    delta = np.zeros(len(world.x0))
    owed = np.zeros(len(world.x0))
    for loss in losses:
        for f, share in (loss.share or {}).items():
            part = share * left_over(loss, t)
            delta[f] = min(delta[f] + part, 1.0) if world.add else max(delta[f], part)
    for (_event, _supplier, client), left in rebuild.items():
        if client < len(owed):
            owed[client] += left
    for f in np.flatnonzero(owed):
        delta[f] = max(delta[f], owed[f] / world.capital[f])
    return np.minimum(delta, 1.0)


def _shared_out(
    number: int, loss: Loss, z: np.ndarray, y: np.ndarray, regions: range, products: int
) -> dict[tuple[int, int, int], float]:
    """Money to rebuild, by supplier and client: the split of what the client buys, else of the final demand of its region."""
    found = {}
    for client, money in (loss.money or {}).items():
        for p, share in (loss.builders or {}).items():
            bought = [z[r * products + p, client] for r in regions]
            if sum(bought) == 0:
                bought = [y[r * products + p, client // products] for r in regions]
            for r in regions:
                if bought[r] > 0:
                    found[number, r * products + p, client] = money * share * bought[r] / sum(bought)
    for home, money in (loss.homes or {}).items():
        for p, share in (loss.builders or {}).items():
            bought = [y[r * products + p, home] for r in regions]
            for r in regions:
                if bought[r] > 0:
                    found[number, r * products + p, z.shape[1] + home] = money * share * bought[r] / sum(bought)
    return found


def _alpha(world: World, f: int, alpha: float, demand: float, made: float) -> float:
    base, most, pace = (
        np.broadcast_to(value, len(world.x0))[f] for value in (world.alpha_base, world.alpha_max, world.alpha_days)
    )
    zeta = (demand - made) / demand if demand > 0 else 0.0
    moving = zeta > 0 if world.eager else zeta != 0
    step = (most - alpha) * zeta if moving else base - alpha
    return float(max(alpha + step / pace, base))


def _orders(
    world: World, z: np.ndarray, a: np.ndarray, x0: np.ndarray, stock: np.ndarray, d: np.ndarray, cap: np.ndarray, x: np.ndarray, t: int
) -> np.ndarray:  # fmt: skip
    products, regions = len(a), range(world.regions)
    placed = np.zeros_like(z)
    power = world.sigma if world.sigma is not None else float(world.alt)
    spare = [(cap[i] / x0[i]) ** power if power and t > 0 and x0[i] > 0 else 1.0 for i in range(len(x0))]
    for f in range(len(x0)):
        for p in range(products):
            endless = a[p, f] == 0 or np.isinf(world.stock_days[p, f])
            gap = 0.0 if endless else world.stock_days[p, f] * a[p, f] * min(d[f], cap[f]) - stock[p, f]
            wanted = max(gap, 0.0) / world.restock_days[p, f] + a[p, f] * x[f]
            weights = [spare[r * products + p] * z[r * products + p, f] for r in regions]
            for r in regions:
                if sum(weights) > 0:
                    placed[r * products + p, f] = wanted * weights[r] / sum(weights)
    return placed
