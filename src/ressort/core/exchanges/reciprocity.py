"""Agreements that give as much as they take: the largest balanced exchange of a group, and the balance of what is written.

`balance(a, b) = Σ_p value_p (F_ab − F_ba)`, and `|balance| ≤ tolerance × Σ_p value_p (F_ab + F_ba)`: two linear rows a pair.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from ressort.core.errors import NoSolution, RuleBroken
from ressort.core.food.system import Floats, Integers

MOST_PARTIES = 12


@dataclass(frozen=True, eq=False)
class Balance:
    """What two parties bring each other, at agreed values.

    Args:
        first, second: value given by the first party, by the second.
        balance: first less second; volume: their sum; share: |balance| over volume, 0 when nothing moves.
        holds: whether the share lies within the tolerance.
    """

    first: float
    second: float
    balance: float
    volume: float
    share: float
    holds: bool


def balance(first: float, second: float, tolerance: float) -> Balance:
    """The balance of an agreement within a tolerance, 0–1.

    Raises:
        RuleBroken: a negative value, or a tolerance outside 0–1.
    """
    _check_tolerance(tolerance)
    if first < 0 or second < 0:
        raise RuleBroken("What a party gives has a value from 0 up, not {value}.", value=min(first, second))
    volume = first + second
    share = abs(first - second) / volume if volume else 0.0
    return Balance(first, second, first - second, volume, share, share <= tolerance + 1e-12)


@dataclass(frozen=True, eq=False)
class Exchange:
    """A balanced exchange. Axes: givers, receivers, P goods.

    Args:
        flow: (n, n, P); volume: its value; unbalanced: the volume without the rule of balance.
    """

    flow: Floats
    volume: float
    unbalanced: float

    @property
    def price_of_balance(self) -> float:
        """What the rule of balance keeps from being exchanged, in value."""
        return self.unbalanced - self.volume


def balanced_exchange(surplus: Floats, lack: Floats, values: Floats, tolerance: float) -> Exchange:
    """The exchange of the most value among a few territories, every pair balanced within a tolerance.

    A territory gives a good only from its surplus and receives only what it lacks; what is not known counts for nothing.

    Args:
        surplus, lack: (n, P); values: of a unit of each good, (P,); tolerance: 0 to give as much as one takes, 1 for no rule.

    Raises:
        RuleBroken: too many parties, a negative value, a tolerance outside 0–1. NoSolution: nobody can give anything in return.
    """
    _check_tolerance(tolerance)
    n = len(surplus)
    if n > MOST_PARTIES:
        raise RuleBroken(
            "An exchange is balanced among at most {most} territories; there are {count}.", most=MOST_PARTIES, count=n
        )
    if (values < 0).any():
        raise RuleBroken("The value of a unit cannot be negative: {value}.", value=float(values.min()))
    extra, short = np.nan_to_num(surplus), np.nan_to_num(lack)
    most = np.minimum(extra[:, None, :], short[None, :, :])
    most[np.arange(n), np.arange(n)] = 0.0
    free = _largest(most, extra, short, values, 1.0)
    flow = free if tolerance >= 1 else _largest(most, extra, short, values, tolerance)
    worth = float((flow @ values).sum())
    if worth <= 0 and (free @ values).sum() > 0:
        raise NoSolution(
            "No balanced exchange exists: all surpluses go one way. Allow an imbalance, or add a service, expertise or money in return."
        )
    return Exchange(flow, worth, float((free @ values).sum()))


def _largest(most: Floats, extra: Floats, short: Floats, values: Floats, tolerance: float) -> Floats:
    """The flows of the most value; every pair within the tolerance."""
    n, goods = len(most), most.shape[2]
    giver, receiver, good = (axis.ravel() for axis in np.indices((n, n, goods)))
    at = np.arange(n * n * goods)
    rows = [_row(np.ones(len(at)), group, at, n * goods) for group in (giver * goods + good, receiver * goods + good)]
    limits = [extra.ravel(), short.ravel()]
    for a, b in combinations(range(n), 2) if tolerance < 1 else ():
        pair = at[((giver == a) & (receiver == b)) | ((giver == b) & (receiver == a))]
        sign = np.where(giver[pair] == a, 1.0, -1.0)
        for way in (sign, -sign):
            one = _row((way - tolerance) * values[good[pair]], np.zeros(len(pair), dtype=np.int64), pair, 1, len(at))
            rows.append(one)
            limits.append(np.zeros(1))
    bounds = np.column_stack([np.zeros(len(at)), most.ravel()])
    found = linprog(-values[good], A_ub=vstack(rows).tocsr(), b_ub=np.concatenate(limits), bounds=bounds)
    return np.asarray(np.maximum(found.x, 0.0).reshape(n, n, goods))


def _row(data: Floats, row: Integers, column: Integers, rows: int, columns: int | None = None) -> coo_array:
    return coo_array((data, (row, column)), shape=(rows, columns or len(column)))


def _check_tolerance(tolerance: float) -> None:
    if not 0 <= tolerance <= 1:
        raise RuleBroken("A tolerance lies between 0 (exact balance) and 1 (no rule), not {value}.", value=tolerance)
