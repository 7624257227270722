"""How the pool, the draw and the panel stand beside the population they speak for."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ressort.core.panel.pool import Pool
from ressort.core.panel.quotas import Quota
from ressort.core.panel.solver import Floats

_MOST_ABSENT = 12


@dataclass(frozen=True, slots=True)
class ValuePortrait:
    """One value of one criterion, from the population to the panel; shares are None when not known.

    Args:
        self_selection_ratio: share of the pool over share of the population: above one, people who come forward more.
    """

    quota: Quota
    population_share: float | None
    pool_people: int
    pool_share: float
    self_selection_ratio: float | None
    expected_people: float
    lowest_chance_share: float | None
    mean_chance_share: float | None
    highest_chance_share: float | None
    panel_people: int | None
    panel_share: float | None


@dataclass(frozen=True, slots=True)
class Absent:
    """Two values that people of the pool bear together and nobody of the panel does."""

    values: tuple[tuple[str, str], tuple[str, str]]
    pool_people: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """The values, and what sums them up.

    Args:
        distance_share: for each criterion whose population is known, half the sum of the gaps between the shares of the
            panel and of the population (0: the same, 1: nothing in common).
        gini_share: inequality of the chances (0: all equal). A description, not a test: a panel under quotas is no
            independent sample, and has no p-value.
    """

    values: tuple[ValuePortrait, ...]
    distance_share: dict[str, float]
    absent: tuple[Absent, ...]
    lowest_chance_share: float
    highest_chance_share: float
    geometric_mean_share: float
    gini_share: float


def portrait(pool: Pool, quotas: Sequence[Quota], chances: Floats, panel: Collection[int] | None = None) -> Portrait:
    """The portrait of a draw, and of its panel (public numbers) once drawn."""
    places = {name: place for place, name in enumerate(pool.criteria)}
    seated = None if panel is None else [pool.answers[i] for i, number in enumerate(pool.numbers) if number in panel]
    values = tuple(_value(pool, quota, quotas, chances, places[quota.criterion], seated) for quota in quotas)
    distance = {}
    for name in pool.criteria:
        mine = [value for value in values if value.quota.criterion == name]
        if seated is not None and all(value.population_share is not None for value in mine):
            distance[name] = sum(abs((v.panel_share or 0) - (v.population_share or 0)) for v in mine) / 2
    positive = chances[chances > 0]
    return Portrait(
        values,
        distance,
        _absent(pool, seated),
        float(chances.min()),
        float(chances.max()),
        float(np.exp(np.log(positive).mean())) if len(positive) == len(chances) else 0.0,
        gini(chances),
    )


def _value(
    pool: Pool,
    quota: Quota,
    quotas: Sequence[Quota],
    chances: Floats,
    place: int,
    seated: list[tuple[str, ...]] | None,
) -> ValuePortrait:
    whole = [q.population_people for q in quotas if q.criterion == quota.criterion]
    known = all(people is not None for people in whole) and sum(people or 0 for people in whole) > 0
    population = (quota.population_people or 0) / sum(people or 0 for people in whole) if known else None
    bearers = np.array([person[place] == quota.value for person in pool.answers])
    mine, share = chances[bearers], float(bearers.mean())
    sits = None if seated is None else sum(person[place] == quota.value for person in seated)
    return ValuePortrait(
        quota,
        population,
        int(bearers.sum()),
        share,
        share / population if population else None,
        float(mine.sum()),
        float(mine.min()) if len(mine) else None,
        float(mine.mean()) if len(mine) else None,
        float(mine.max()) if len(mine) else None,
        sits,
        None if seated is None or sits is None else sits / max(1, len(seated)),
    )


def _absent(pool: Pool, seated: list[tuple[str, ...]] | None) -> tuple[Absent, ...]:
    if seated is None:
        return ()
    found: list[Absent] = []
    for one, other in combinations(range(len(pool.criteria)), 2):
        held = Counter((person[one], person[other]) for person in pool.answers if person[one] and person[other])
        present = {(person[one], person[other]) for person in seated}
        names = pool.criteria[one], pool.criteria[other]
        found += [
            Absent(((names[0], a), (names[1], b)), count) for (a, b), count in held.items() if (a, b) not in present
        ]
    return tuple(sorted(found, key=lambda absent: (-absent.pool_people, absent.values))[:_MOST_ABSENT])


def gini(chances: Floats) -> float:
    """The Gini coefficient of chances.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    ranked = np.sort(chances)
    total = float(ranked.sum())
    if total == 0:
        return 0.0
    ranks = np.arange(1, len(ranked) + 1)
    return float((2 * ranks - len(ranked) - 1) @ ranked / (len(ranked) * total))
