"""Pools for tests: drawn once from a seed, with quotas that at least one panel keeps to."""

import numpy as np
from hypothesis import strategies as st

from ressort.core.panel import Pool, Quota, criteria_of


def made(count: int, seats: int, values: tuple[int, ...], seed: int, room: int = 1) -> tuple[Pool, tuple[Quota, ...]]:
    """Volunteers who do not look like the population, and quotas around a hidden panel of theirs."""
    dice = np.random.default_rng(seed)
    answers = np.column_stack([dice.choice(many, count, p=dice.dirichlet(np.full(many, 3.0))) for many in values])
    hidden = answers[dice.choice(count, seats, replace=False)]
    quotas = tuple(
        Quota(f"c{c}", f"v{v}", max(0, held - room), held + room)
        for c, many in enumerate(values)
        for v in range(many)
        for held in [int((hidden[:, c] == v).sum())]
    )
    people = tuple(tuple(f"v{v}" for v in person) for person in answers)
    return Pool(criteria_of(quotas), tuple(str(i + 1) for i in range(count)), people), quotas


@st.composite
def small_pools(draw: st.DrawFn, shift: int = 1) -> tuple[Pool, tuple[Quota, ...], int, int | None]:
    """A pool small enough to list its panels, and perhaps a household limit.

    Args:
        shift: the quotas surround what a hidden panel holds, moved by at most that; 0 for quotas that surely fit.
    """
    count = draw(st.integers(3, 8))
    seats = draw(st.integers(1, min(4, count)))
    widths = draw(st.lists(st.integers(2, 3), min_size=1, max_size=4))
    answers = [tuple(f"v{draw(st.integers(0, width - 1))}" for width in widths) for _person in range(count)]
    quotas = []
    for c, width in enumerate(widths):
        for v in range(width):
            held = sum(person[c] == f"v{v}" for person in answers[:seats]) + draw(st.integers(-shift, shift))
            least = max(0, held - draw(st.integers(0, 1)))
            quotas.append(Quota(f"c{c}", f"v{v}", least, max(least, held + draw(st.integers(0, 1)))))
    limit = draw(st.sampled_from([None, 1, 2]))
    homes = [draw(st.sampled_from(["", "h1", "h2"])) for _person in range(count)]
    if shift == 0 and limit is not None:
        homes[:seats] = [f"a{person}" for person in range(seats)]
        homes[seats:] = [home and f"a{len(home) % seats}" for home in homes[seats:]]
    pool = Pool(criteria_of(quotas), tuple(str(i + 1) for i in range(count)), tuple(answers), tuple(homes))
    return pool, tuple(quotas), seats, limit
