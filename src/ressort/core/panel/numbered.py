"""The lottery as so many numbered panels, each as likely: a public die then chooses one by its number.

The panels depend on the fairest chances alone, which are unique, and are found in whole numbers: not on the path the
solver took. Each new batch of panels brings what is missing most from the target so far; swaps then mend, panel by
panel, until every type is within one seat of its target or no swap helps. People of one type take their turns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from ressort.core.errors import InputError
from ressort.core.panel.households import spread
from ressort.core.panel.lottery import Lottery, whole_program
from ressort.core.panel.search import Swaps, fixed_numbers
from ressort.core.panel.solver import Program
from ressort.core.panel.types import Integers, Types

#: seats are counted in millionths: sums stay whole
_UNIT = 1_000_000
_BATCHES = 200
_SWEEPS = 6
_RESCUES = 200
_PANELS_TRIED = 12
MOST_PANELS = 100_000


@dataclass(frozen=True, eq=False)
class NumberedPanels:
    """Equally likely panels, numbered from 0.

    Args:
        panels: for each number, the public numbers (from 1) of its people, in increasing order.
        counts: (people) in how many panels each volunteer sits; over the number of panels, its exact chance.
    """

    panels: tuple[tuple[int, ...], ...]
    counts: Integers

    def __len__(self) -> int:
        return len(self.panels)


def number_panels(lottery: Lottery, count: int = 1000, seed: str = "") -> NumberedPanels:
    """So many equally likely panels whose chances are those of the lottery, to one seat in `count` or so.

    Args:
        seed: orders the people of one type, and the panels; it gives nobody a better chance.

    Raises:
        InputError: a number of panels outside 1–100,000.
    """
    if not 1 <= count <= MOST_PANELS:
        raise InputError(
            "A lottery has between 1 and {most} panels; {given} were asked.", most=MOST_PANELS, given=count
        )
    kinds = _balanced(lottery, count)
    order = sorted(range(count), key=lambda place: _mark(seed, "panel", place))
    return _with_people(lottery.types, [kinds[place] for place in order], seed)


def _balanced(lottery: Lottery, count: int) -> list[Integers]:
    """Panels in types, their sum as near to the target as swaps bring it."""
    types = lottery.types.face(lottery.target.seats)
    # to the billionth, so that the last bits of the solver do not count
    goal = np.array([round(seats * 1e9) * count * _UNIT // 1_000_000_000 for seats in lottery.target.seats.tolist()], np.int64)  # fmt: skip
    swaps, panel = Swaps(types), _first_panel(types)
    panels: list[Integers] = []
    held = np.zeros(len(types), np.int64)
    batches = min(_BATCHES, count)
    for batch in range(1, batches + 1):
        due = count * batch // batches
        panel = swaps.climb(panel, goal // count * due - held * _UNIT)
        held += panel * (due - len(panels))
        panels += [panel] * (due - len(panels))
    _mend(swaps, panels, goal, held)
    for _attempt in range(_RESCUES):
        if not _rescue(types, panels, goal, held):
            break
    return panels


def _first_panel(types: Types) -> Integers:
    """One panel, always the same: the best for fixed weights, which tell any two panels apart."""
    weights = fixed_numbers("first panel", len(types), 24).astype(float)
    program = whole_program(types)
    program.want(weights / (1 << 24))
    program.solve()
    return np.rint(program.point()).astype(np.int64)


def _mend(swaps: Swaps, panels: list[Integers], goal: Integers, held: Integers) -> None:
    """Swaps, panel after panel, each of which makes the sum of squared misses fall; stops when none does."""
    for _sweep in range(_SWEEPS):
        changed = False
        for place, panel in enumerate(panels):
            missing = goal - held * _UNIT
            if np.abs(missing).max() < _UNIT:
                return
            better = swaps.climb(panel, missing, _UNIT, one_pass=True)
            if (better != panel).any():
                held += better - panel
                panels[place], changed = better, True
        if not changed:
            return


def _rescue(types: Types, panels: list[Integers], goal: Integers, held: Integers) -> bool:
    """One change that no two swaps make, found by the solver for one panel, made in as many panels like it as it helps.

    False when all is well or none is found.
    """
    missing = goal - held * _UNIT
    if np.abs(missing).max() < _UNIT:
        return False
    excess = [int((panel * -missing).sum()) for panel in panels]
    for place in sorted(range(len(panels)), key=lambda place: (-excess[place], place))[:_PANELS_TRIED]:
        change = _best_change(types, panels[place], missing)
        if change.any():
            for other in _alike(panels, place):
                if other != place and not _helps(goal - held * _UNIT, change):
                    break
                panels[other] = panels[other] + change
                held += change
            return True
    return False


def _alike(panels: list[Integers], place: int) -> list[int]:
    """A panel, then those equal to it."""
    same = (np.array(panels) == panels[place]).all(axis=1)
    return [place, *(int(other) for other in np.flatnonzero(same) if other != place)]


def _helps(missing: Integers, change: Integers) -> bool:
    """Whether the fourth powers of the misses fall by a change."""
    miss = missing / _UNIT
    return float(((miss - change) ** 4).sum()) < float((miss**4).sum()) - 1e-3


def _best_change(types: Types, panel: Integers, missing: Integers) -> Integers:
    """What to add to a panel, one person of a type at most, for the fourth powers of the misses to fall most, so that
    the largest go first; nil when they cannot fall."""
    ties = fixed_numbers("ties", 2 * len(types), 10) / float(1 << 20)
    miss = missing / _UNIT
    falls = np.concatenate([miss**4 - (miss - 1) ** 4, miss**4 - (miss + 1) ** 4])
    rows = np.vstack([types.rows, np.ones((1, len(types)), np.int64)])
    counts = (rows * panel).sum(axis=1)
    program = Program(
        (falls - ties) / np.abs(falls).max(),
        np.zeros(2 * len(types)),
        np.minimum(np.concatenate([types.cap - panel, panel - types.floor]), 1).astype(float),
        np.hstack([rows, -rows]).astype(float),
        np.append(types.least, types.seats) - counts.astype(float),
        np.append(types.most, types.seats) - counts.astype(float),
        np.ones(2 * len(types), bool),
    )
    program.solve()
    both = np.rint(program.point()).astype(np.int64)
    change: Integers = both[: len(types)] - both[len(types) :]
    return change if float((falls * both).sum()) > 1e-3 else np.zeros(len(types), np.int64)


def _with_people(types: Types, kinds: list[Integers], seed: str) -> NumberedPanels:
    """The panels in people: within a type each in turn; within households, those who sat least."""
    size = int(types.size.sum())
    counts = [0] * size
    takes = _takers(types, counts, seed)
    panels = []
    for panel in kinds:
        people: list[int] = []
        for take in takes:
            people += take(panel)
        for person in people:
            counts[person] += 1
        panels.append(tuple(sorted(person + 1 for person in people)))
    return NumberedPanels(tuple(panels), np.array(counts, np.int64))


Taker = Callable[[Integers], list[int]]


def _takers(types: Types, counts: list[int], seed: str) -> list[Taker]:
    """What chooses the people of a panel: one taker for each type outside households, one for each household row."""
    first_row = len(types.quotas)
    takers: list[Taker] = []
    for kind, members in enumerate(types.members):
        if types.codes[kind, -1] >= first_row + len(types.households):
            takers.append(_in_turn(kind, sorted(members, key=lambda person: _mark(seed, "person", person))))
    for place, homes in enumerate(types.households):
        mine = [int(kind) for kind in np.flatnonzero(types.codes[:, -1] == first_row + place)]
        takers.append(_by_household(types, mine, homes, types.household_limits[place], counts, seed))
    return takers


def _in_turn(kind: int, people: list[int]) -> Taker:
    turn = 0

    def take(panel: Integers) -> list[int]:
        nonlocal turn
        wanted = int(panel[kind])
        taken = [people[(turn + step) % len(people)] for step in range(wanted)]
        turn = (turn + wanted) % len(people)
        return taken

    return take


def _by_household(
    types: Types, kinds: list[int], homes: tuple[tuple[int, ...], ...], limit: int, counts: list[int], seed: str
) -> Taker:
    """People of households alike: those who sat least first, no household above the limit."""
    kind_of = {person: kind for kind in kinds for person in types.members[kind]}
    order = {person: _mark(seed, "person", person) for person in kind_of}

    def take(panel: Integers) -> list[int]:
        return spread(
            {kind: int(panel[kind]) for kind in kinds}, homes, kind_of, limit, lambda p: (counts[p], order[p])
        )

    return take


def _mark(seed: str, purpose: str, place: int) -> bytes:
    return sha256(f"{seed}\0{purpose}\0{place}".encode()).digest()
