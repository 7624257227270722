"""Costs of one's own for some pairs of territories, in memory in line with the pairs written: all communes, each with its neighbours."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ressort.core.errors import InputError, RuleBroken
from ressort.core.exchanges.distance import GreatCircle, OwnMatrix
from ressort.core.food.system import Floats, Integers


@dataclass(frozen=True, eq=False)
class OwnPairs:
    """Costs of the pairs written; to itself a territory costs 0 unless it is written.

    Args:
        count: territories. giver, receiver, cost: (m,), each pair once.
        elsewhere: how far the pairs that are not written are; None where they have no way.
    """

    count: int
    giver: Integers
    receiver: Integers
    cost: Floats
    elsewhere: GreatCircle | None = None

    def __post_init__(self) -> None:
        outside = np.flatnonzero((np.minimum(self.giver, self.receiver) < 0) | (np.maximum(self.giver, self.receiver) >= self.count))  # fmt: skip
        if len(outside):
            row = int(max(self.giver[outside[0]], self.receiver[outside[0]]))
            raise InputError("There is no territory number {row}: this market has {count}.", row=row, count=self.count)
        wrong = np.flatnonzero(~(self.cost >= 0))
        if len(wrong):
            raise RuleBroken(
                "The cost from {giver} to {receiver} is {cost}: give a number from 0 up.",
                giver=int(self.giver[wrong[0]]), receiver=int(self.receiver[wrong[0]]), cost=float(self.cost[wrong[0]]),
            )  # fmt: skip
        if len(np.unique(self._codes)) < len(self.cost):
            raise InputError("A pair is written twice: write each pair once.")

    def __len__(self) -> int:
        return self.count

    @property
    def known(self) -> np.ndarray:
        """True where the territory has a place, (n,)."""
        return np.ones(self.count, dtype=bool) if self.elsewhere is None else self.elsewhere.known

    @property
    def _codes(self) -> Integers:
        return self.giver.astype(np.int64) * self.count + self.receiver

    @cached_property
    def written(self) -> tuple[Integers, Floats]:
        """Codes of the pairs (giver × n + receiver), ascending, and their costs; each territory with itself among them."""
        own = np.arange(self.count) * (self.count + 1)
        codes = np.append(self._codes, np.setdiff1d(own, self._codes, assume_unique=True))
        cost, order = np.append(self.cost, np.zeros(len(codes) - len(self.cost))), np.argsort(codes)
        return codes[order], cost[order]

    def km(self, givers: Integers, receivers: Integers) -> Floats:
        """What a unit costs from each giver to the receiver of the same position."""
        codes, cost = self.written
        code = givers.astype(np.int64) * self.count + receivers
        at = np.minimum(np.searchsorted(codes, code), len(codes) - 1)
        held, far = codes[at] == code, np.full(len(code), np.inf)
        if self.elsewhere is not None:
            far[~held] = self.elsewhere.km(givers[~held], receivers[~held])
        return np.where(held, cost[at], far)

    def among(self, givers: Integers, receivers: Integers) -> tuple[Integers, Integers, Floats]:
        """The pairs written between two sides: position of the giver, ascending, of the receiver, and the cost."""
        codes, cost = self.written
        place = np.full((2, self.count), -1)
        place[0, givers], place[1, receivers] = np.arange(len(givers)), np.arange(len(receivers))
        left, right = place[0, codes // self.count], place[1, codes % self.count]
        both = np.flatnonzero((left >= 0) & (right >= 0))
        both = both[np.argsort(left[both], kind="stable")]
        return left[both], right[both], cost[both]


Distance = GreatCircle | OwnMatrix | OwnPairs
