"""The fairest chances, were panels divisible: a small program over types instead of a huge one over panels.

Every lottery's mean panel keeps to the quotas, so the chances of every lottery are found among the points of this
program; what it finds best is therefore never beaten by a lottery, and is its equal as soon as a lottery reaches it.
Where none does, a cut – an inequality that every whole panel keeps to, and this point does not – is added, and the
question asked again.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ressort.core.errors import RessortError
from ressort.core.panel.solver import INFINITY, Floats, Program
from ressort.core.panel.types import Integers, Types

_TIGHT = 1e-7
_SLACK = 1e-10


@dataclass(frozen=True, eq=False)
class Cut:
    """Every panel keeps `worth · panel` at or under `most`."""

    worth: Integers
    most: int


@dataclass(frozen=True, eq=False)
class Target:
    """The fairest mean panel.

    Args:
        seats: (types) mean number of people of each type; divided by the size of the type, their chance.
        levels: the successive least chances, from the lowest.
        quota_price_share: (quotas, 2) by how much the lowest chance would rise if the minimum, the maximum of a quota
            were loosened by one seat, as long as nothing else binds.
    """

    seats: Floats
    levels: tuple[float, ...]
    quota_price_share: Floats


class Relaxation:
    """The divisible question of some types, with its cuts so far."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self.cuts: list[Cut] = []

    def leximin(self) -> Target:
        """The lowest chance as high as can be, then the second lowest, and so on."""
        chances, levels, prices = self._raise_lowest(np.ones(len(self._types)))
        return Target(chances * self._types.size, levels, prices)

    def maximin(self) -> Target:
        """The lowest chance as high as can be, then the highest as low as can be; the rest as leximin.

        People whom no panel can hold are left aside: their chance is nil whatever the rule.
        """
        lowest, _levels, _prices = self._raise_lowest(np.ones(len(self._types)), first_only=True)
        ceiling = self._lower_highest(lowest)
        chances, levels, prices = self._raise_lowest(np.full(len(self._types), ceiling))
        return Target(chances * self._types.size, levels, prices)

    def _program(self, ceiling: Floats, coverage: float) -> tuple[Program, int]:
        """Columns: mean people of each type, then the level. Rows: quotas, seats, cuts, then each type's coverage."""
        types, count = self._types, len(self._types)
        above = np.zeros((len(types.rows) + 1 + len(self.cuts), count + 1))
        above[: len(types.rows), :count] = types.rows
        above[len(types.rows), :count] = 1
        scales = [float(max(1, np.abs(cut.worth).max())) for cut in self.cuts]
        for place, (cut, scale) in enumerate(zip(self.cuts, scales, strict=True), len(types.rows) + 1):
            above[place, :count] = cut.worth / scale
        covers = sparse.hstack([sparse.eye_array(count), -types.size[:, None].astype(float)])
        low = np.array([*types.least, types.seats, *[-INFINITY] * len(self.cuts)], float)
        high = np.array(
            [*types.most, types.seats, *(cut.most / scale for cut, scale in zip(self.cuts, scales, strict=True))], float
        )
        cost = np.append(np.zeros(count), 1.0)
        side = np.zeros(count), np.full(count, INFINITY)
        program = Program(
            cost * coverage, np.zeros(count + 1),
            np.append(np.minimum(types.cap, ceiling * types.size), 1.0),
            sparse.vstack([sparse.csr_array(above), covers]),
            np.concatenate([low, side[0] if coverage > 0 else np.full(count, -INFINITY)]),
            np.concatenate([high, side[1] if coverage > 0 else np.zeros(count)]),
        )  # fmt: skip
        return program, len(above)

    def _raise_lowest(self, ceiling: Floats, first_only: bool = False) -> tuple[Floats, tuple[float, ...], Floats]:
        types, count = self._types, len(self._types)
        program, first_cover = self._program(ceiling, 1.0)
        free, chances, levels = np.ones(count, bool), np.zeros(count), list[float]()
        quota_prices = np.zeros((len(types.quotas), 2))
        while free.any():
            program.solve()
            level, prices = float(program.value), program.prices()
            if level > _TIGHT and max(levels, default=0.0) <= _TIGHT:
                price = prices[: len(types.quotas)]
                quota_prices = np.column_stack([np.maximum(-price, 0.0), np.maximum(price, 0.0)])
                if first_only:
                    chances[free] = level
                    break
            levels.append(level)
            tight = free & (np.abs(prices[first_cover:]) * types.size > _TIGHT)
            if not tight.any():
                tight = free & self._cannot_rise(program, first_cover, level)
            for kind in np.flatnonzero(tight):
                chances[kind] = level
                program.set_coefficient(first_cover + int(kind), count, 0.0)
                program.set_row(first_cover + int(kind), level * float(types.size[kind]), INFINITY)
            free &= ~tight
        return chances, tuple(levels), quota_prices

    def _cannot_rise(self, program: Program, first_cover: int, level: float) -> np.ndarray:
        """Which types cannot be above the level while all others keep theirs; needed only where prices are all nil."""
        count = len(self._types)
        if level >= 1 - _TIGHT:
            return np.ones(count, bool)
        stuck = np.zeros(count, bool)
        ceiling = np.append(np.zeros(count), 1.0)
        for kind in range(count):
            want = np.zeros(count + 1)
            want[kind] = 1.0
            want[count] = 2.0 * float(self._types.size.sum())
            program.want(want)
            program.solve()
            stuck[kind] = program.point()[kind] <= level * self._types.size[kind] + _TIGHT
        program.want(ceiling)
        if not stuck.any():
            raise RessortError("The solver lost its way between equal chances. Report it with these tables.")
        return stuck

    def _lower_highest(self, lowest: Floats) -> float:
        """The smallest ceiling over all chances under which each keeps at least its lowest."""
        count = len(self._types)
        program, _first_cover = self._program(np.ones(count), -1.0)
        for kind in range(count):
            program.add_row(max(0.0, float(lowest[kind] - _SLACK) * self._types.size[kind]), INFINITY, np.eye(1, count + 1, kind)[0])  # fmt: skip
        program.solve()
        return min(1.0, float(program.point()[count]) + _SLACK)
