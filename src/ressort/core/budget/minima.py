"""Winners asked in groups: whether they can all be had, who stands in the way, and the least change that gives them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from ressort.core.budget.profile import Flags
from ressort.core.errors import NoSolution

Integers = np.ndarray


@dataclass(frozen=True, eq=False)
class Demand:
    """At least `winners` among `members` (projects,)."""

    group: str
    members: Flags
    winners: int


@dataclass(frozen=True, eq=False)
class Room:
    """What a choice must fit in: costs, money left, projects that may win, projects that win already, rivals."""

    costs: Integers
    left_cents: int
    free: Flags
    won: Flags
    rivals: Sequence[Sequence[int]]


def check(demands: Sequence[Demand], room: Room) -> None:
    """Lets through demands that can all be met.

    Raises:
        NoSolution: they cannot; `facts["groups"]` names those without any of which the others could.
    """
    if chosen(demands, room) is not None:
        return
    alone = [one.group for one in demands if chosen([one], room) is None]
    guilty = alone or [
        one.group for one in demands if chosen([other for other in demands if other is not one], room) is not None
    ]
    raise NoSolution(
        "The winners asked in groups cannot all be had with this budget. Groups in the way: {groups}. "
        "Lower their minimum, or raise the budget.",
        groups=guilty or [one.group for one in demands],
    )


def chosen(demands: Sequence[Demand], room: Room, worth: Integers | None = None) -> Flags | None:
    """Projects to add so that every demand is met, of the greatest worth (the cheapest by default); None when impossible."""
    count = len(room.costs)
    goal = room.costs / max(float(room.costs.max()), 1.0) if worth is None else -worth.astype(float)
    rows, lows, highs = [room.costs.astype(float)], [0.0], [float(room.left_cents)]
    for one in demands:
        rows.append((one.members & ~room.won).astype(float))
        lows.append(max(one.winners - int((one.members & room.won).sum()), 0))
        highs.append(np.inf)
    for p, q in sorted({(min(a, b), max(a, b)) for a in range(count) for b in (room.rivals[a] if room.rivals else ())}):
        row = np.zeros(count)
        row[[p, q]] = 1.0
        rows.append(row)
        lows.append(0.0)
        highs.append(1.0)
    upper = (room.free & ~room.won).astype(float)
    solved = milp(
        goal,
        constraints=LinearConstraint(np.array(rows), lows, highs),
        integrality=np.ones(count),
        bounds=Bounds(0, upper),
    )
    if solved.x is None:
        return None
    picked = solved.x > 0.5
    return picked if int(room.costs[picked].sum()) <= room.left_cents else None


def repaired(demands: Sequence[Demand], room: Room, winners: Flags, votes: Integers) -> Flags:
    """The set closest to a result that meets every demand: it keeps the most votes among the winners, then gains the most.

    Raises:
        NoSolution: no set meets them.
    """
    check(demands, room)
    weight = votes * np.where(winners, int(votes.sum()) + 1, 1)
    useful = winners | np.logical_or.reduce([one.members for one in demands])
    free = Room(room.costs, room.left_cents, room.free & useful, room.won, room.rivals)
    found = chosen(demands, free, weight)
    assert found is not None, "a demand that can be met can be met by its own members"
    return found
