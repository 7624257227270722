"""The fairest chances of small pools by plain enumeration: every panel is listed, people are not merged."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from ressort.core.panel import Pool, Quota


def every_panel(
    pool: Pool, quotas: Sequence[Quota], seats: int, household_limit: int | None = None
) -> list[tuple[int, ...]]:
    """All the sets of people that keep to the quotas."""
    found = []
    for people in combinations(range(len(pool)), seats):
        counts = {}
        for person in people:
            for name, value in zip(pool.criteria, pool.answers[person], strict=True):
                counts[name, value] = counts.get((name, value), 0) + 1
        if household_limit is not None:
            homes = [pool.households[person] or f"alone {person}" for person in people]
            if max(homes.count(home) for home in homes) > household_limit:
                continue
        if all(q.least <= counts.get((q.criterion, q.value), 0) <= q.most for q in quotas):
            found.append(people)
    return found


def leximin_by_enumeration(panels: list[tuple[int, ...]], count: int) -> np.ndarray:
    """The chance of each person: at each level, whoever cannot be above it in any optimum is held there."""
    member = np.zeros((count, len(panels)))
    for place, people in enumerate(panels):
        member[list(people), place] = 1
    chances = np.full(count, np.nan)
    while np.isnan(chances).any():
        level = _solve(member, chances, None, 0.0)
        for person in np.flatnonzero(np.isnan(chances)):
            if _solve(member, chances, int(person), level) <= level + 1e-7:
                chances[person] = level
    return chances


def _solve(member: np.ndarray, chances: np.ndarray, raised: int | None, level: float) -> float:
    """The best common level of those not held; or the best chance of one of them, the others at the level."""
    count, panels = member.shape
    held = ~np.isnan(chances)
    floor = np.where(held, chances, level)
    cover = np.zeros((count, panels + 1))
    cover[:, :panels] = -member
    cost = np.zeros(panels + 1)
    if raised is None:
        cover[~held, panels] = 1
        cost[panels] = -1
        bound = np.where(held, -floor, 0.0)
    else:
        cost[:panels] = -member[raised]
        bound = -floor
    total = np.append(np.ones(panels), 0.0)[None, :]
    answer = linprog(cost, A_ub=cover, b_ub=bound + 1e-9, A_eq=total, b_eq=[1.0], bounds=(0, 1), method="highs")
    assert answer.status == 0, answer.message
    return float(-answer.fun)
