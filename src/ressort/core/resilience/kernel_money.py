"""What purses allow and how they are settled; compiled.

`purse` packs (3, Q): euro, local, euros set apart; `paid` (3, Q): shares
paid in local currency, in free euros, and of bills by what is set apart.
"""

from typing import Any

import numpy as np
from numba import njit

from ressort.core.economy import Floats
from ressort.core.resilience.calendar import Purses
from ressort.core.resilience.kernel_rules import ROOM


@njit(error_model="numpy")
def wanted(final: Floats, demand: Floats, asked: Floats, t: int) -> None:
    """Final demand of the day, written in `asked`."""
    products = demand.shape[2]
    for i in range(final.shape[0]):
        for q in range(final.shape[1]):
            asked[i, q] = final[i, q]
    if len(demand):
        for start in range(0, final.shape[0], products):
            for p in range(products):
                for q in range(final.shape[1]):
                    asked[start + p, q] *= demand[t, q, p]


@njit(error_model="numpy")
def afford(purses: Purses, purse: Floats, paid: Floats, asked: Floats, t: int) -> None:
    """What the purses leave of final demand."""
    for q in range(asked.shape[1]):
        if purses.held[q]:
            _set_apart(purses.frozen, purse, t, q)
            _limit_to_purse(
                purses.accepted[:, q], purses.billed, purses.price[t], purses.withheld[t, q], purse, paid, asked, q
            )


@njit(error_model="numpy")
def _set_apart(frozen: Floats, purse: Floats, t: int, q: int) -> None:
    """Freezes more of the euros that are free, or lets go a part of those set apart."""
    before, now = frozen[t - 1, q] if t > 0 else 0.0, frozen[t, q]
    if now > before:
        purse[2, q] += max(purse[0, q] - purse[2, q], 0.0) * (now - before) / (1 - before)
    elif now < before:
        purse[2, q] *= now / before


@njit(error_model="numpy")
def reach(served: Floats, opened: Floats, home: Any, portable: Any, asked: Floats, t: int) -> None:
    """What cut networks and cut roads leave of final demand."""
    for q in range(asked.shape[1]):
        if home[q] < 0:
            continue
        for p in range(len(portable)):
            share = served[t, p, home[q]] if len(served) else 1.0
            for r in range(asked.shape[0] // len(portable)):
                passing = share * opened[t, r, home[q]] if len(opened) and portable[p] else share
                asked[r * len(portable) + p, q] *= passing


@njit(error_model="numpy")
def _limit_to_purse(
    accepted: Floats, billed: Floats, price: float, withheld: float, purse: Floats, paid: Floats, asked: Floats, q: int
) -> None:
    """Local currency first where it is accepted, bills by what is set apart, then the euros that are free, those drawn today among them."""
    could, cost, bills = 0.0, 0.0, 0.0
    for i in range(len(accepted)):
        could += accepted[i] * asked[i, q] * price
        cost += asked[i, q] * price
    local = min(purse[1, q], could) / could if could > 0 else 0.0
    for i in range(len(accepted)):
        bills += billed[i] * (1 - accepted[i] * local) * asked[i, q] * price
    debit = min(1.0, purse[2, q] / bills) if bills > 0 else 0.0
    in_euro = cost - local * could - debit * bills
    purse[2, q] -= min(max(purse[2, q] - debit * bills, 0.0), (1 - withheld) * in_euro)
    free = max(purse[0, q] - purse[2, q], 0.0)
    euro = min(1.0, free / in_euro) if in_euro > 0 else 1.0
    paid[0, q], paid[1, q], paid[2, q] = local, euro, debit
    for i in range(len(accepted)):
        share = accepted[i] * local
        asked[i, q] *= share + (1 - share) * _in_euro(billed[i], debit, euro)


@njit(error_model="numpy")
def _in_euro(billed: float, debit: float, euro: float) -> float:
    """Share of the euros of a sale that is paid: a bill by what is set apart, and the rest as all else."""
    return billed * debit + (1 - billed * debit) * euro


@njit(error_model="numpy")
def settle(purses: Purses, paid: Floats, purse: Floats, given: Floats, vectors: Floats, money: Floats, t: int) -> None:
    """Wages and transfers in, spending out; `money` gets purses, income, transfers, spending, demurrage."""
    price = purses.price[t]
    for q in range(len(purses.held)):
        if not purses.held[q]:
            continue
        spent_local, spent, wages, debited = 0.0, 0.0, 0.0, 0.0
        for i in range(vectors.shape[1]):
            share = purses.accepted[i, q] * paid[0, q]
            debit = purses.billed[i] * paid[2, q]
            whole = share + (1 - share) * _in_euro(purses.billed[i], paid[2, q], paid[1, q])
            cost = given[i, q] * price
            spent += cost
            spent_local += cost * share / whole if whole > 0 else 0.0
            debited += cost * (1 - share) * debit / whole if whole > 0 else 0.0
            wages += vectors[ROOM, i] * purses.wages[i, q]
        transfers = purses.transfers[q] * purses.transfers_kept[t, q]
        transfers += max(purses.floor[q] - wages - transfers, 0.0)
        # frozen euros are not exchanged: they stay euros, and the local purse lives on what comes back
        kept = purses.local_transfers[q] * purses.frozen[t, q]
        apart = purse[2, q] - debited + purses.frozen[t, q] * (wages + transfers) + kept
        transfers, issued = transfers + kept, purses.local_transfers[q] - kept
        back, fade = purses.recirculated_share * spent_local, purses.demurrage_share * purse[1, q]
        purse[0, q] += wages + transfers - (spent - spent_local)
        purse[1, q] += issued + back - spent_local - fade
        purse[2, q] = min(max(apart, 0.0), max(purse[0, q], 0.0))
        money[t] += np.array([purse[0, q], purse[1, q], wages + back, transfers + issued, spent, fade])
