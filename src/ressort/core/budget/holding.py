"""How far the endowment may grow before any purchase of equal shares can change.

Over a window of growth d ∈ [0, D], balances are held below lines `b + slope·d` and prices above lines `ρ − slope·d`; the price of
each purchase only falls as endowments grow. As long as no other project's line passes under the present price, the same
projects are bought in the same order.
"""

from typing import TYPE_CHECKING

import numpy as np

from ressort.core.budget import kernel

if TYPE_CHECKING:
    from ressort.core.budget.equal_shares import EqualShares, Shares

#: kept back from every distance, for rounding
CAUTION = 1e-6


def holds_until(method: "EqualShares", shares: "Shares", window_cents: float) -> float:
    """Cents, at most `window_cents`, by which every endowment may grow without changing what is bought, nor in which order."""
    order = np.array(shares.bought, np.int64)
    purse = np.empty((len(method.table.size), 2))
    purse[:, 0], purse[:, 1] = float(shares.endowment), 1.0
    status = np.where(method.open_projects, kernel.OPEN, kernel.ASIDE).astype(np.int8)
    return float(_holds(method.table, purse, status, order, window_cents)) * (1 - CAUTION)


@kernel.compiled
def _holds(
    table: kernel.Table, purse: kernel.Floats, status: np.ndarray, order: kernel.Integers, window: float
) -> float:
    reach, lines = window, np.zeros((len(status), 2))
    for bought in range(len(order) + 1):
        p = order[bought] if bought < len(order) else -1
        rho, steep = np.inf, 0.0
        if p >= 0:
            rho, steep = _line(table, purse, p)
            if steep < 0.0:
                return 0.0
        for q in range(len(status)):
            if status[q] != kernel.OPEN or q == p or _stays_above(lines[q], rho, reach):
                continue
            lines[q, 0], lines[q, 1] = _line(table, purse, q)
            reach = min(reach, _passes(lines[q], rho))
        if reach <= 0.0 or p < 0:
            break
        _pay(table, purse, p, rho, steep, window)
        status[p] = kernel.BOUGHT
        for at in range(table.rival_start[p], table.rival_start[p + 1]):
            if status[table.rivals[at]] == kernel.OPEN:
                status[table.rivals[at]] = kernel.ASIDE
    return reach


@kernel.compiled
def _stays_above(line: kernel.Floats, rho: float, reach: float) -> bool:
    """Whether a line drawn before an earlier purchase is enough, since it still lies below the price.

    Not when it only equals ρ: the price itself may then come down to ρ, and win by the order of ties.
    """
    return (line[1] < 0.0 or line[0] > rho * (1.0 + 1e-9)) and _passes(line, rho) >= reach


@kernel.compiled
def _passes(line: kernel.Floats, rho: float) -> float:
    """The growth before a line of `_line` may pass under a price."""
    price, slope = line[0], line[1]
    if slope < 0.0:
        return price
    if slope == 0.0:
        return np.inf if price >= rho * (1.0 - 1e-9) and price > 0.0 and rho < np.inf else 0.0
    return max((price - rho * (1.0 + 1e-9)) / slope, 0.0) if rho < np.inf else 0.0


@kernel.compiled
def _line(table: kernel.Table, purse: kernel.Floats, p: int) -> tuple[float, float]:
    """The price of p and how fast it may fall; or, with a slope of -1, the growth before its supporters can pay."""
    cost, rho, before = table.cost[p], 0.0, -1
    while True:
        held = grows = units = paid_out = falling = 0.0
        exhausted = 0
        for at in range(table.start[p], table.start[p + 1]):
            i = table.who[at]
            size, worth = table.size[i], table.worth[at]
            held += size * purse[i, 0]
            grows += size * purse[i, 1]
            if purse[i, 0] < rho * worth * (1.0 + 1e-9) or purse[i, 0] <= 0.0:
                exhausted += 1
                paid_out += size * purse[i, 0]
                falling += size * purse[i, 1]
            else:
                units += size * worth
        if held < cost * (1.0 + 1e-9) or units <= 0.0:
            return (max(cost - held, 0.0) / grows if grows > 0.0 else np.inf), -1.0
        higher = (cost - paid_out) / units
        if exhausted == before or higher <= rho:
            return higher, falling / units
        rho, before = higher, exhausted


@kernel.compiled
def _pay(table: kernel.Table, purse: kernel.Floats, p: int, rho: float, steep: float, window: float) -> None:
    for at in range(table.start[p], table.start[p + 1]):
        i, worth = table.who[at], table.worth[at]
        left, slope = purse[i, 0] - rho * worth, purse[i, 1] + steep * worth
        if left > 0.0:
            purse[i, 0], purse[i, 1] = left, slope
        else:
            purse[i, 0], purse[i, 1] = 0.0, max(slope + left / window, 0.0)
