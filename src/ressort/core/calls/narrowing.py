"""Which files every best choice holds or leaves out, proven before anything is searched: what is left is small.

Any prices `y` of the rules bound what a choice can be worth: `bound = Σ y·limit + Σ max over x of (value - y·row)·x`. A choice that
moves file j from the side it has there is worth at most `bound - |value_j - y·row_j|`; when that is less than a choice already in
hand, no best choice moves it. Prices come from the divisible question; the proof does not depend on how good they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Row = tuple[Ints, float, float]
#: files asked about first: those whose worth is closest to their price
_CORE = 60


@dataclass(frozen=True)
class Narrowed:
    """What is proven of the best choices.

    Args:
        chosen: the best choice, its equals settled; None when the search was too long.
        lows, highs: bounds of the files that still hold every choice of the greatest value.
    """

    chosen: Ints | None
    lows: Ints
    highs: Ints


def narrowed(values: Ints, cents: Ints, rows: list[Row], lows: Ints, highs: Ints) -> Narrowed:
    """The best choice, or bounds as tight as is proven that hold it.

    Args:
        values, cents: of each file, in the order of the ranking. lows, highs: 0 or 1, equal for a file already decided.
    """
    prices = _prices(values, rows, lows, highs) if (lows < highs).any() else None
    if prices is None:
        return Narrowed(None, lows, highs)
    priced = _Priced.of(values, cents, rows, prices, lows, highs)
    near = np.zeros(len(values), dtype=bool)
    near[np.argsort(np.where(lows < highs, np.abs(priced.left), np.inf), kind="stable")[:_CORE]] = True
    near &= lows < highs
    found, is_whole = priced.best(near, None)
    if found is None:
        return Narrowed(None, lows, highs)
    worth = int(values @ found)
    free = (lows < highs) & (np.abs(priced.left) <= priced.bound - worth + priced.blur)
    if not is_whole or (free & ~near).any():
        found, is_whole = priced.best(free, worth)
    return Narrowed(found if is_whole else None, np.where(free, lows, priced.side), np.where(free, highs, priced.side))


@dataclass(frozen=True)
class _Priced:
    """The files at given prices of the rules; `blur` covers the rounding of the bound."""

    values: Ints
    cents: Ints
    rows: list[Row]
    prices: Floats
    left: Floats
    side: Ints
    bound: float
    blur: float

    @classmethod
    def of(cls, values: Ints, cents: Ints, rows: list[Row], prices: Floats, lows: Ints, highs: Ints) -> "_Priced":
        left = values - prices @ np.array([row for row, _low, _high in rows], dtype=np.float64)
        side = np.where(left > 0, highs, lows)
        limits = [high if price > 0 else low for (_row, low, high), price in zip(rows, prices, strict=True)]
        priced = [price * limit for price, limit in zip(prices, limits, strict=True) if price]
        terms = np.array([*priced, *(left * side)])
        return cls(
            values, cents, rows, prices, left, side, float(terms.sum()), 1e-9 * (1.0 + float(np.abs(terms).sum()))
        )

    def best(self, free: NDArray[np.bool_], floor: int | None) -> tuple[Ints | None, bool]:
        """The best choice among those that leave the other files on their side."""
        from ressort.core.calls.branching import Question, order_of, search

        if not free.any():
            return self.side, all(low <= int(row @ self.side) <= high for row, low, high in self.rows)
        base, places = np.where(free, 0, self.side), np.flatnonzero(free)
        matrix = np.array([row for row, _low, _high in self.rows], dtype=np.int64)
        order, groups = order_of(matrix[:, places], self.left[places])
        places = places[order]
        asked = Question(
            self.left[places], self.values[places], self.cents[places], places.astype(np.int64), matrix[:, places],
            matrix @ base, np.array([low for _row, low, _high in self.rows]),
            np.array([high for _row, _low, high in self.rows]), self.prices, self.bound, int(self.values @ base),
        )  # fmt: skip
        chosen, is_whole = search(asked, groups, floor)
        if chosen is None:
            return None, is_whole
        x = base.copy()
        x[places] = chosen
        return x, is_whole


def _prices(values: Ints, rows: list[Row], lows: Ints, highs: Ints) -> Floats | None:
    """The price of each rule in the divisible question: positive at its upper limit, negative at its lower one."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    sides = [(i, sign, limit) for i, (_row, low, high) in enumerate(rows) for sign, limit in ((1, high), (-1, low)) if np.isfinite(limit)]  # fmt: skip
    units = [float(max(1, np.abs(row).max(initial=0))) for row, _low, _high in rows]
    worth = float(max(1, np.abs(values).max(initial=0)))
    answer = linprog(
        -values / worth,
        A_ub=csr_array(np.array([sign * rows[i][0] / units[i] for i, sign, _limit in sides])),
        b_ub=[sign * limit / units[i] for i, sign, limit in sides],
        bounds=np.column_stack([lows, highs]),
        method="highs",
    )
    if answer.status != 0:
        return None
    prices = np.zeros(len(rows))
    for (i, sign, _limit), dual in zip(sides, answer.ineqlin.marginals, strict=True):
        prices[i] += sign * max(0.0, -float(dual)) * worth / units[i]
    finite = [np.isfinite(high if price > 0 else low) for (_row, low, high), price in zip(rows, prices, strict=True)]
    return np.where(finite, prices, 0.0)
