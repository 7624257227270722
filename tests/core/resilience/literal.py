"""The published rules, one loop a formula: no array trick, no packing, a whole matrix of orders. A third opinion on kernel and twin."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Loss:
    """Capital lost by industries: `share` of it (then a law of recovery), or `money` of it (then rebuilt by `builders`)."""

    day: int
    duration: int
    tau: float
    share: dict[int, float] | None = None
    law: str = ""
    money: dict[int, float] | None = None
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
    alpha_base: float
    alpha_max: float
    alpha_days: float
    capital: np.ndarray
    alt: bool


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
    stock, orders, alpha, made = world.stock_days * a * x0, z.copy(), np.full(n, world.alpha_base), x0.copy()
    rebuild: dict[tuple[int, int, int], float] = {}  # event, supplier, client
    production, unmet = np.zeros((days, n)), np.zeros((days, y.shape[1], products))
    for t in range(days):
        for number, loss in enumerate(losses):
            if loss.money and loss.day == t:
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
            alpha = np.array([_alpha(world, alpha[f], d[f], made[f]) for f in range(n)])
        cap = x0 * (1 - delta) * alpha
        x = np.minimum(d, cap)
        for f in range(n):
            for p in range(products):
                need = world.psi[p, f] * world.stock_days[p, f] * a[p, f] * min(d[f], cap[f])
                if a[p, f] > 0 and need > 0:
                    x[f] = min(x[f], min(d[f], cap[f]) * min(1.0, stock[p, f] / need))
        phi = np.array([x[i] / d[i] if d[i] > 0 else 1.0 for i in range(n)])
        for i in range(n):
            for q in range(y.shape[1]):
                unmet[t, q, i % products] += (1 - phi[i]) * y[i, q]
        for key, asked in placed.items():
            rebuild[key] -= phi[key[1]] * asked
        for p in range(products):
            for f in range(n):
                stock[p, f] += (
                    sum(phi[r * products + p] * orders[r * products + p, f] for r in regions) - a[p, f] * x[f]
                )
        orders = _orders(world, z, a, x0, stock, d, cap, x, t)
        production[t], made = x, x
    return production, unmet


def _delta(world: World, losses: list[Loss], rebuild: dict[tuple[int, int, int], float], t: int) -> np.ndarray:
    """The largest of the causes, at most 1."""
    delta = np.zeros(len(world.x0))
    owed = np.zeros(len(world.x0))
    for loss in losses:
        for f, share in (loss.share or {}).items():
            delta[f] = max(delta[f], share * left_over(loss, t))
    for (_event, _supplier, client), left in rebuild.items():
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
    return found


def _alpha(world: World, alpha: float, demand: float, made: float) -> float:
    zeta = (demand - made) / demand if demand > 0 else 0.0
    step = (world.alpha_max - alpha) * zeta if zeta != 0 else world.alpha_base - alpha
    return max(alpha + step / world.alpha_days, world.alpha_base)


def _orders(
    world: World, z: np.ndarray, a: np.ndarray, x0: np.ndarray, stock: np.ndarray, d: np.ndarray, cap: np.ndarray, x: np.ndarray, t: int
) -> np.ndarray:  # fmt: skip
    products, regions = len(a), range(world.regions)
    placed = np.zeros_like(z)
    spare: Callable[[int], float] = lambda i: cap[i] / x0[i] if world.alt and t > 0 and x0[i] > 0 else 1.0  # noqa: E731
    for f in range(len(x0)):
        for p in range(products):
            target = world.stock_days[p, f] * a[p, f] * min(d[f], cap[f])
            wanted = max(target - stock[p, f], 0.0) / world.restock_days[p, f] + a[p, f] * x[f]
            weights = [spare(r * products + p) * z[r * products + p, f] for r in regions]
            for r in regions:
                if sum(weights) > 0:
                    placed[r * products + p, f] = wanted * weights[r] / sum(weights)
    return placed
