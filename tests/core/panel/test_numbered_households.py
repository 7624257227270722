"""Numbered panels whose chances only a change of several people in hundreds of panels brings to the fairest."""

import numpy as np

from ressort.core.panel import Pool, Quota, fairest, merged, number_panels

HOMES = ("h2", "h4", "", "", "", "", "h4", "h3", "h2")
ANSWERS = tuple(tuple(pair.split()) for pair in ("a x", "a y", "c y", "b y", "a x", "a x", "a x", "b y", "a x"))
QUOTAS = (
    Quota("c", "a", 3, 5), Quota("c", "b", 0, 1), Quota("c", "c", 0, 2), Quota("d", "x", 3, 5), Quota("d", "y", 0, 2),
)  # fmt: skip


def test_two_people_of_a_home_who_exclude_each_other_sit_in_half_of_the_panels_each() -> None:
    pool = Pool(("c", "d"), tuple(str(one) for one in range(9)), ANSWERS, HOMES)
    lottery = fairest(merged(pool, QUOTAS, 5, household_limit=1))
    numbered = number_panels(lottery, 1000)
    assert np.abs(numbered.counts - 1000 * lottery.chance_of_each(9)).max() <= 2
