"""The fairest lottery over whole panels: the divisible answer, taken apart into panels.

    the divisible question ──> its fairest mean panel ──> a mixture of whole panels with that very mean
            ^                                                        │ none has it
            └────────────── a cut between that mean and every panel ─┘

Panels are generated as the mixture needs them: the prices of a small program say what the mixture lacks, swaps look for
a panel that brings it, and the solver takes over when swaps find none; if the best panel of all does not bring it
either, the prices themselves are the cut.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ressort.core.errors import NoSolution
from ressort.core.panel.relaxed import Cut, Relaxation, Target
from ressort.core.panel.search import Swaps, worth_of
from ressort.core.panel.solver import INFINITY, Floats, Program, optimum, quiet_highs
from ressort.core.panel.types import Integers, Types

Rule = Literal["leximin", "maximin"]
#: told after each round: round, people still missing from the mean panel; an answer of False stops there
Progress = Callable[[int, float], bool | None]
_REACHED = 1e-8
_CLIMBS_A_ROUND = 12
_DUST = 1e-12


@dataclass(frozen=True, eq=False)
class Lottery:
    """Panels and their weights.

    Args:
        types: the question.
        panels: (panels, types) people of each type.
        weights: (panels) chances, summing to one.
        chances: (types) the chance of one person of each type.
        target: the mean panel that no lottery beats.
        gap_share: the most that a chance lies under that target; nil but for rounding unless stopped early.
        cuts: how many inequalities were needed beyond the quotas.
    """

    types: Types
    panels: Integers
    weights: Floats
    chances: Floats
    target: Target
    gap_share: float
    cuts: int

    def chance_of_each(self, count: int) -> Floats:
        """The chance of every volunteer of a pool of `count`, in its order."""
        chances = np.zeros(count)
        for kind, members in enumerate(self.types.members):
            chances[list(members)] = self.chances[kind]
        return chances


def fairest(types: Types, rule: Rule = "leximin", progress: Progress | None = None) -> Lottery:
    """The lottery whose lowest chance is highest, then the second lowest… (`leximin`), or the highest lowest (`maximin`).

    Raises:
        NoSolution: no panel keeps to all the quotas (ask `relaxations` which to loosen).
    """
    relaxation = Relaxation(types)
    whole = whole_program(types)
    whole.solve()
    mixture = _Mixture(types, np.rint(whole.point()).astype(np.int64))
    rounds = 0
    while True:
        target = relaxation.leximin() if rule == "leximin" else relaxation.maximin()
        mixture.aim(target.seats)
        while True:
            missing = mixture.solve()
            stopped = progress is not None and progress(rounds, missing) is False
            if missing <= _REACHED or stopped:
                return mixture.lottery(target, len(relaxation.cuts))
            rounds += 1
            if mixture.grow():
                continue
            cut, grown = mixture.ask(whole)
            if cut is not None:
                relaxation.cuts.append(cut)
                break
            if not grown:  # what is missing is below what the solver can see
                return mixture.lottery(target, len(relaxation.cuts))


def whole_program(types: Types) -> Program:
    """The whole panels of a question, nothing wanted yet."""
    count = len(types)
    rows = np.vstack([types.rows, np.ones((1, count), np.int64)]).astype(float)
    low = np.append(types.least, types.seats).astype(float)
    high = np.append(types.most, types.seats).astype(float)
    return Program(
        np.zeros(count), types.floor.astype(float), types.cap.astype(float), rows, low, high, np.ones(count, bool)
    )


class _Mixture:
    """The small program: weights of the panels so far, and what their mean lacks of the target."""

    def __init__(self, types: Types, first: Integers) -> None:
        self._types, self._swaps = types, Swaps(types)
        self._panels: list[Integers] = []
        self._known: set[bytes] = set()
        self._highs: Any = quiet_highs()
        # columns are added to a basis that stays feasible: the primal simplex goes on from it
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("simplex_strategy", 4)
        self._target = np.zeros(len(types))
        self._worth = np.zeros(len(types), np.int64)
        count, nothing = len(types), np.array([], np.int32)
        for _kind in range(count):
            self._highs.addRow(0.0, INFINITY, 0, nothing, np.array([]))
        self._highs.addRow(1.0, 1.0, 0, nothing, np.array([]))
        for kind in range(count):
            self._highs.addCol(1.0, 0.0, INFINITY, 1, np.array([kind], np.int32), np.ones(1))
        self._add(first)

    def aim(self, target: Floats) -> None:
        """What the mean panel should be."""
        self._target = target
        self._face = self._swaps.types = self._types.face(target)
        for kind, seats in enumerate(target):
            self._highs.changeRowBounds(kind, float(seats), INFINITY)
        with suppress(NoSolution):  # a target whose face holds no whole panel is about to be cut
            program = whole_program(self._face)
            program.solve()
            self._add(np.rint(program.point()).astype(np.int64))

    def solve(self) -> float:
        """The best weights; gives how many people the mean panel lacks."""
        optimum(self._highs)
        solution = self._highs.getSolution()
        prices = np.maximum(np.array(solution.row_dual)[: len(self._types)], 0.0)
        self._worth = worth_of(prices)
        values = np.array(solution.col_value)
        self._weights = np.maximum(values[len(self._types) :], 0.0)
        return float(values[: len(self._types)].sum())

    def grow(self) -> bool:
        """Adds the panels that swaps find, starting from the heaviest; says whether there was any."""
        best = self._best_worth()
        heaviest = np.argsort(-self._weights, kind="stable")
        starts = [self._panels[place] for place in heaviest if self._face.holds(self._panels[place])]
        found = [self._swaps.climb(panel, self._worth) for panel in starts[:_CLIMBS_A_ROUND]]
        return sum(self._add(panel) for panel in found if int((self._worth * panel).sum()) > best) > 0

    def ask(self, whole: Program) -> tuple[Cut | None, bool]:
        """Adds the best panel of all; the cut, if even that one parts the target from every panel; whether it is new."""
        scale = float(max(1, int(self._worth.max(initial=0))))
        whole.want(self._worth / scale)
        whole.solve()
        panel = np.rint(whole.point()).astype(np.int64)
        found = max(int((self._worth * panel).sum()), self._best_worth())
        wanted = float((self._worth / scale * self._target).sum())
        is_new = self._add(panel)
        return (Cut(self._worth, found) if found / scale < wanted - _REACHED / 10 else None), is_new

    def lottery(self, target: Target, cuts: int) -> Lottery:
        """The panels that have a weight."""
        kept = [(weight, panel) for weight, panel in zip(self._weights, self._panels, strict=True) if weight > _DUST]
        weights = np.array([weight for weight, _panel in kept])
        weights /= weights.sum()
        panels = np.array([panel for _weight, panel in kept])
        chances = (weights[:, None] * panels).sum(axis=0) / self._types.size
        gap = float(np.maximum(target.seats / self._types.size - chances, 0.0).max())
        return Lottery(self._types, panels, weights, chances, target, gap, cuts)

    def _best_worth(self) -> int:
        return max(int((self._worth * panel).sum()) for panel in self._panels)

    def _add(self, panel: Integers) -> bool:
        if panel.tobytes() in self._known:
            return False
        assert self._types.holds(panel), "a panel that breaks a quota"
        self._known.add(panel.tobytes())
        self._panels.append(panel)
        present = np.flatnonzero(panel)
        places = np.append(present, len(self._types)).astype(np.int32)
        self._highs.addCol(0.0, 0.0, INFINITY, len(places), places, np.append(panel[present], 1).astype(float))
        return True
