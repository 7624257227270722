"""What any draw could give, what to loosen, who replaces whom."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from ressort.core.errors import InputError, NoSolution, RuleBroken
from ressort.core.panel import (
    Pool,
    Quota,
    bounds,
    fairest,
    merged,
    number_panels,
    portrait,
    quotas_from_population,
    relaxations,
    vacancy,
)
from tests.core.panel.exact import every_panel
from tests.core.panel.pools import made, small_pools

Case = tuple[Pool, tuple[Quota, ...], int, int | None]


@settings(max_examples=40, deadline=None)
@given(small_pools(shift=0))
def test_bounds_are_those_of_all_panels(case: Case) -> None:
    pool, quotas, seats, limit = case
    panels = every_panel(pool, quotas, seats, limit)
    types = merged(pool, quotas, seats, limit)
    found = bounds(types)
    for place, quota in enumerate(quotas):
        column = pool.criteria.index(quota.criterion)
        held = [sum(pool.answers[person][column] == quota.value for person in panel) for panel in panels]
        assert list(found.quota_seats[place]) == [min(held), max(held)]
    everywhere = set(range(len(pool))).intersection(*map(set, panels))
    nowhere = set(range(len(pool))) - set().union(*map(set, panels))
    assert set(found.forced(types)) == everywhere
    assert set(found.impossible(types)) == nowhere


@settings(max_examples=40, deadline=None)
@given(small_pools(shift=2))
def test_the_smallest_relaxation_is_the_smallest_of_all_and_makes_a_panel_possible(case: Case) -> None:
    pool, quotas, seats, _limit = case
    if every_panel(pool, quotas, seats):
        return
    found = relaxations(merged(pool, quotas, seats))
    assert found
    assert [one.seats for one in found] == sorted(one.seats for one in found)
    for relaxed in found:
        assert every_panel(pool, relaxed.applied(quotas), seats)
    smallest = found[0].seats
    for down, up in product(product(range(2), repeat=min(5, len(quotas))), repeat=2):
        if 0 < sum(down) + sum(up) < smallest:
            down, up = (some + (0,) * (len(quotas) - len(some)) for some in (down, up))
            looser = [Quota(q.criterion, q.value, max(0, q.least - d), q.most + u) for q, d, u in zip(quotas, down, up, strict=True)]  # fmt: skip
            assert not every_panel(pool, looser, seats)


def test_a_quota_declared_untouchable_is_left_alone() -> None:
    quotas = (Quota("sexe", "F", 2, 3), Quota("sexe", "H", 0, 1))
    pool = Pool(("sexe",), tuple("1234"), (("F",), ("H",), ("H",), ("H",)))
    types = merged(pool, quotas, 3)
    (first, *_rest) = relaxations(types)
    assert {change.value for change in first.changes} == {"F", "H"}
    assert relaxations(types, {("sexe", "F"): float("inf")}) == ()


def test_relaxations_are_distinct_and_none_contains_another() -> None:
    pool, quotas = made(30, 8, (2, 3, 3), seed=2, room=0)
    # one seat more than the maximums of the first criterion allow
    tight = tuple(Quota(q.criterion, q.value, q.least + (q.criterion == "c1"), q.most + 2) for q in quotas)
    found = relaxations(merged(pool, tight, 8))
    sets = [{(c.criterion, c.value, c.bound) for c in relaxed.changes} for relaxed in found]
    assert 1 < len(sets) <= 5
    assert not any(one <= other for i, one in enumerate(sets) for j, other in enumerate(sets) if i != j)


def test_infeasible_quotas_have_no_lottery() -> None:
    quotas = (Quota("a", "x", 2, 2), Quota("a", "y", 0, 9), Quota("b", "u", 2, 2), Quota("b", "w", 0, 9))
    pool = Pool(("a", "b"), tuple("1234"), (("x", "w"), ("x", "w"), ("y", "u"), ("y", "u")))
    with pytest.raises(NoSolution):
        fairest(merged(pool, quotas, 3))


def test_the_price_of_a_quota_is_what_its_loosening_brings() -> None:
    quotas = (Quota("sexe", "F", 0, 9), Quota("sexe", "H", 5, 9))
    pool = Pool(("sexe",), tuple(map(str, range(20))), (("F",),) * 14 + (("H",),) * 6)
    lottery = fairest(merged(pool, quotas, 10))
    looser = (quotas[0], Quota("sexe", "H", 4, 9))
    gained = fairest(merged(pool, looser, 10)).chances.min() - lottery.chances.min()
    assert lottery.target.quota_price_share[1, 0] == pytest.approx(gained)
    assert lottery.target.quota_price_share[0].max() == pytest.approx(0)


def test_replacements_complete_the_panel_within_the_quotas_and_the_households() -> None:
    pool, quotas = made(60, 10, (2, 3), seed=4)
    pool = Pool(pool.criteria, pool.ids, pool.answers, tuple(f"foyer {i // 3}" for i in range(60)))
    panel = number_panels(fairest(merged(pool, quotas, 10, 1)), 10).panels[3]
    seated, gone = panel[:7], panel[7:]
    rest, types = vacancy(pool, quotas, 10, seated, gone, 1)
    assert not {*seated, *gone} & set(rest.numbers)
    entering = [[rest.numbers[place - 1] for place in some] for some in number_panels(fairest(types), 10).panels]
    for newcomers in entering:
        whole = [pool.numbers.index(number) for number in (*seated, *newcomers)]
        assert len(whole) == 10
        homes = [pool.households[place] for place in whole]
        assert len(set(homes)) == 10
        for quota in quotas:
            column = pool.criteria.index(quota.criterion)
            held = sum(pool.answers[place][column] == quota.value for place in whole)
            assert quota.least <= held <= quota.most


def test_replacing_nobody_or_a_stranger_is_refused() -> None:
    pool, quotas = made(20, 4, (2,), seed=4)
    with pytest.raises(RuleBroken):
        vacancy(pool, quotas, 2, [1, 2])
    with pytest.raises(InputError):
        vacancy(pool, quotas, 4, [1, 99])
    with pytest.raises(InputError):
        vacancy(pool, quotas, 4, [1, 2], [2])


def test_quotas_drawn_from_the_population_surround_its_proportional_seats() -> None:
    quotas = quotas_from_population({"sexe": {"F": 520, "H": 480}, "age": {"jeune": 1, "vieux": 3}}, 40, widen=1)
    assert [(q.value, q.least, q.most) for q in quotas] == [
        ("F", 19, 22), ("H", 18, 21), ("jeune", 9, 11), ("vieux", 29, 31),
    ]  # fmt: skip


def test_the_portrait_measures_the_panel_against_the_population() -> None:
    quotas = (Quota("sexe", "F", 1, 3, 60), Quota("sexe", "H", 1, 3, 40))
    pool = Pool(("sexe",), tuple("12345678"), (("F",),) * 2 + (("H",),) * 6)
    told = portrait(pool, quotas, np.full(8, 0.5), panel=[1, 3, 4, 5])
    women = told.values[0]
    assert (women.population_share, women.pool_share, women.panel_share) == (0.6, 0.25, 0.25)
    assert women.self_selection_ratio == pytest.approx(0.25 / 0.6)
    assert told.distance_share["sexe"] == pytest.approx(0.35)
    assert told.gini_share == pytest.approx(0) and told.geometric_mean_share == pytest.approx(0.5)
