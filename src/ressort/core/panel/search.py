"""From a panel that keeps to the quotas to a better one, by swaps that keep to them: whole numbers only.

Two kinds of swap. Two people leave for two others whose answers, taken together, are the same: always allowed.
One person leaves for another whose answers differ only where quotas leave room. The pairs of types are sorted once by
the sum of their answers, so that the best pair to enter for each sum is one pass over an array.
"""

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from ressort.core.panel.types import Integers, Types

#: above so many types, pairs are not tabled: swaps of one person and the solver do the work
MOST_TYPES = 1600
_NEVER = -(1 << 60)
_MOVES_A_PASS = 64


class Swaps:
    """The swaps of a question, ready to be searched; `types` may be narrowed afterwards to other bounds."""

    def __init__(self, types: Types) -> None:
        self.types = types
        self._pairs = len(types) <= MOST_TYPES
        if self._pairs:
            self._table_pairs()

    def _table_pairs(self) -> None:
        types = self.types
        # one fixed number a row: equal sums are equal answers, but for one chance in 10^13
        marks = fixed_numbers("rows", len(types.least), 62)
        sums = marks[types.codes].sum(axis=1)
        first, second = np.triu_indices(len(types))
        _sums, group = np.unique(sums[first] + sums[second], return_inverse=True)
        order = np.argsort(group, kind="stable")
        self._first, self._second = first[order].astype(np.int32), second[order].astype(np.int32)
        self._starts = np.searchsorted(group[order], np.arange(len(_sums)))
        self._twins = np.flatnonzero(self._first == self._second)
        self._group = np.zeros((len(types), len(types)), np.int32)
        self._group[first, second] = group
        self._group[second, first] = group

    def climb(self, panel: Integers, worth: Integers, margin: int = 0, one_pass: bool = False) -> Integers:
        """The panel after every swap that gains, until none is left.

        Args:
            worth: (types) what one person of each type brings.
            margin: what each person who moves must gain, twice over when two of one type move at once; with one pass,
                where no type moves twice, this makes the sum of the squares of what is missing fall (see `numbered`).
            one_pass: stop after one round of swaps.
        """
        panel = panel.copy()
        while True:
            moved = self._pairs and self._swap_pairs(panel, worth, margin, one_pass)
            moved = moved or self._swap_one(panel, worth, margin)
            if not moved or one_pass:
                return panel

    def _swap_pairs(self, panel: Integers, worth: Integers, margin: int, once: bool) -> bool:
        """Makes the best swaps of two people that do not hinder each other; says whether there was one."""
        types = self.types
        entering = np.where(panel >= types.cap, _NEVER, worth)
        pair_worth = entering[self._first] + entering[self._second]
        pair_worth[self._twins[(panel + 2 > types.cap)[self._first[self._twins]]]] = _NEVER
        best = np.maximum.reduceat(pair_worth, self._starts)
        spare = panel - types.floor
        present = np.flatnonzero(spare)
        leaving = np.repeat(present, np.minimum(spare[present], 2))
        a, b = np.triu_indices(len(leaving), 1)
        a, b = leaving[a], leaving[b]
        group = self._group[a, b]
        gain = best[group] - worth[a] - worth[b]
        good = np.flatnonzero(gain > 2 * margin)
        good = good[np.argsort(-gain[good], kind="stable")][:_MOVES_A_PASS]
        touched: set[int] = set()
        left = spare
        for move in good:
            out = (int(a[move]), int(b[move]))
            if left[out[0]] < 1 + (out[0] == out[1]) or left[out[1]] < 1:
                continue
            start = self._starts[group[move]]
            end = self._starts[group[move] + 1] if group[move] + 1 < len(self._starts) else len(pair_worth)
            into = start + int(pair_worth[start:end].argmax())
            come = (int(self._first[into]), int(self._second[into]))
            types_moved = {*out, *come}
            needed = margin * (2 + (out[0] == out[1]) + (come[0] == come[1]))
            if gain[move] <= needed or (once and touched & types_moved) or not self._room(panel, come):
                continue
            touched |= types_moved
            for kind in out:
                left[kind] -= 1
                panel[kind] -= 1
            for kind in come:
                panel[kind] += 1
        return bool(touched)

    def _room(self, panel: Integers, come: tuple[int, int]) -> bool:
        cap = self.types.cap
        return bool(panel[come[0]] + 1 + (come[0] == come[1]) <= cap[come[0]] and panel[come[1]] + 1 <= cap[come[1]])

    def _swap_one(self, panel: Integers, worth: Integers, margin: int) -> bool:
        """Makes the best swap of one person that the quotas leave room for; says whether there was one."""
        types = self.types
        counts = (types.rows * panel).sum(axis=1)
        present = np.flatnonzero(panel - types.floor)
        gain = np.where(panel >= types.cap, _NEVER, worth)[None, :] - worth[present][:, None]
        out, into = np.nonzero(gain > margin)
        if not len(out):
            return False
        leave, enter = types.codes[present[out]], types.codes[into]
        may_leave, may_enter = counts - 1 >= types.least, counts + 1 <= types.most
        allowed = ((leave == enter) | (may_leave[leave] & may_enter[enter])).all(axis=1)
        if not allowed.any():
            return False
        best = int(np.where(allowed, gain[out, into], _NEVER).argmax())
        panel[present[out[best]]] -= 1
        panel[into[best]] += 1
        return True


def worth_of(values: NDArray[np.float64], bits: int = 36) -> Integers:
    """Values as whole numbers, the greatest being 2^bits: what follows is exact."""
    greatest = float(np.abs(values).max(initial=0.0))
    if greatest < 1e-12:
        return np.zeros(len(values), np.int64)
    return np.rint(values * (float(1 << bits) / greatest)).astype(np.int64)


def fixed_numbers(purpose: str, count: int, bits: int) -> Integers:
    """Numbers that look drawn and are the same on every machine, for ever."""
    digests = (sha256(f"{purpose}\0{place}".encode()).digest() for place in range(count))
    return np.array([int.from_bytes(digest[:8], "big") >> (64 - bits) for digest in digests], np.int64)
