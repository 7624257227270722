"""The fairest lottery: against plain enumeration, its laws, the published pools, and the same answer everywhere."""

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from ressort.core.errors import InputError, NoSolution
from ressort.core.panel import (
    Pool,
    Quota,
    fairest,
    merged,
    number_panels,
    quotas_from_population,
    read_pool,
    read_quotas,
    read_table,
    write_table,
)
from ressort.core.panel.public_draw import panels_root
from tests.core.panel.exact import every_panel, leximin_by_enumeration
from tests.core.panel.pools import made, small_pools
from tests.tidy.sources import ROOT

Case = tuple[Pool, tuple[Quota, ...], int, int | None]
SAMPLES = ROOT.parent / "shared" / "samples" / "decisions" / "sortition"


@settings(max_examples=60, deadline=None)
@given(small_pools())
def test_chances_are_those_of_plain_enumeration(case: Case) -> None:
    pool, quotas, seats, limit = case
    panels = every_panel(pool, quotas, seats, limit)
    types = merged(pool, quotas, seats, limit)
    if not panels:
        with pytest.raises(NoSolution):
            fairest(types)
        return
    lottery = fairest(types)
    exact = leximin_by_enumeration(panels, len(pool))
    np.testing.assert_allclose(lottery.chance_of_each(len(pool)), exact, atol=1e-5)
    maximin = fairest(types, "maximin").chance_of_each(len(pool))
    possible = exact > 1e-7
    assert maximin[possible].min() == pytest.approx(exact[possible].min(), abs=1e-6)
    assert maximin.max() <= exact.max() + 1e-6


def test_a_pool_whose_divisible_answer_no_panel_reaches_is_cut_down_to_what_panels_can_give() -> None:
    """Three pairwise exclusions make an odd cycle: half a seat each when divisible, one seat in three when whole."""
    answers = (("a", "x", "n"), ("b", "x", "m"), ("b", "y", "n"), ("z", "z", "z"), ("z", "z", "z"))
    quotas = tuple(
        Quota(f"c{c}", value, 0, 2 if value == "z" else 1) for c, kinds in enumerate(("abz", "xyz", "nmz")) for value in kinds
    )  # fmt: skip
    pool = Pool(("c0", "c1", "c2"), tuple("12345"), answers)
    lottery = fairest(merged(pool, quotas, 2))
    exact = leximin_by_enumeration(every_panel(pool, quotas, 2), 5)
    np.testing.assert_allclose(lottery.chance_of_each(5), exact, atol=1e-7)
    assert lottery.cuts > 0


@pytest.mark.parametrize("rule", ["leximin", "maximin"])
def test_chances_add_up_to_the_seats_and_every_panel_keeps_to_the_quotas(rule: str) -> None:
    pool, quotas = made(120, 18, (2, 4, 3), seed=3)
    types = merged(pool, quotas, 18)
    lottery = fairest(types, rule)  # type: ignore[arg-type]
    assert lottery.chance_of_each(len(pool)).sum() == pytest.approx(18, abs=1e-7)
    assert lottery.weights.sum() == pytest.approx(1)
    assert all(types.holds(panel) for panel in lottery.panels)
    assert lottery.gap_share < 1e-7


def test_a_search_stopped_early_gives_a_true_lottery_and_its_gap() -> None:
    pool, quotas = made(120, 18, (2, 4, 3), seed=3)
    types = merged(pool, quotas, 18)
    told: list[float] = []

    def three_rounds(round_: int, missing: float) -> bool:
        told.append(missing)
        return round_ < 3

    lottery = fairest(types, progress=three_rounds)
    best = fairest(types)
    assert len(told) == 4 and told == sorted(told, reverse=True) and lottery.gap_share > 1e-3
    assert lottery.weights.sum() == pytest.approx(1) and all(types.holds(panel) for panel in lottery.panels)
    assert (best.chances - lottery.chances).max() <= lottery.gap_share + 1e-7
    assert number_panels(lottery, 50).panels == number_panels(best, 50).panels, "the path of the solver does not count"


def test_too_many_kinds_of_volunteers_are_refused_before_memory_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    from ressort.core.panel import types as module

    pool, quotas = made(120, 18, (2, 4, 3), seed=3)
    monkeypatch.setattr(module, "MOST_CELLS", 50)
    with pytest.raises(InputError, match="too many"):
        merged(pool, quotas, 18)


def test_people_with_the_same_answers_have_the_same_chance() -> None:
    pool, quotas = made(90, 12, (2, 3), seed=5)
    chances = fairest(merged(pool, quotas, 12)).chance_of_each(len(pool))
    by_answers: dict[tuple[str, ...], set[float]] = {}
    for answers, chance in zip(pool.answers, chances, strict=True):
        by_answers.setdefault(answers, set()).add(float(chance))
    assert all(len(found) == 1 for found in by_answers.values())


def test_a_pool_of_equals_gives_everyone_seats_over_volunteers() -> None:
    quotas = (Quota("sexe", "F", 2, 2), Quota("sexe", "H", 2, 2))
    pool = Pool(("sexe",), tuple("123456"), (("F",),) * 3 + (("H",),) * 3)
    np.testing.assert_allclose(fairest(merged(pool, quotas, 4)).chance_of_each(6), 4 / 6, atol=1e-9)


def test_when_everyone_is_needed_everyone_is_certain() -> None:
    quotas = (Quota("sexe", "F", 0, 3), Quota("sexe", "H", 0, 3))
    pool = Pool(("sexe",), tuple("123"), (("F",), ("H",), ("H",)))
    np.testing.assert_allclose(fairest(merged(pool, quotas, 3)).chance_of_each(3), 1.0, atol=1e-9)


def test_a_second_volunteer_alike_never_makes_a_panel_impossible() -> None:
    pool, quotas = made(40, 8, (2, 3, 2), seed=8, room=0)
    twice = Pool(pool.criteria, (*pool.ids, "x"), (*pool.answers, pool.answers[0]))
    assert fairest(merged(twice, quotas, 8)).gap_share < 1e-7


@settings(max_examples=25, deadline=None)
@given(small_pools(shift=0))
def test_numbered_panels_are_panels_and_give_each_its_chance(case: Case) -> None:
    pool, quotas, seats, limit = case
    panels = {tuple(person + 1 for person in people) for people in every_panel(pool, quotas, seats, limit)}
    lottery = fairest(merged(pool, quotas, seats, limit))
    numbered = number_panels(lottery, 100, "une graine")
    assert set(numbered.panels) <= panels
    assert numbered.counts.sum() == 100 * seats
    assert np.abs(numbered.counts - 100 * lottery.chance_of_each(len(pool))).max() <= 2 + 1e-6


def test_numbered_panels_of_a_tight_pool_stay_within_a_seat_in_a_thousand_of_the_chances() -> None:
    pool, quotas = made(150, 20, (2, 5, 3, 4), seed=11, room=0)
    lottery = fairest(merged(pool, quotas, 20))
    numbered = number_panels(lottery)
    chances = lottery.chance_of_each(len(pool))
    assert np.abs(numbered.counts - 1000 * chances).max() <= 2
    assert numbered.counts.min() >= int(1000 * chances.min()) - 1


def test_the_order_of_the_file_changes_nothing() -> None:
    pool, quotas = made(60, 10, (2, 3), seed=21)
    rows = [[pool.ids[i], *pool.answers[i]] for i in range(len(pool))]
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    texts = [write_table(["id", *pool.criteria], some).encode() for some in (rows, shuffled)]
    one, other = (read_pool(read_table(text), quotas) for text in texts)
    assert one == other


def test_a_known_pool_gives_the_panels_written_here_on_every_machine() -> None:
    """If this fails on a machine of another kind, the promise “same tables, same panel” is broken there: report it."""
    answers = tuple((f"v{i * i % 2}", f"v{i * 7 % 11 % 4}", f"v{i * i % 7 % 3}") for i in range(70))
    quotas = quotas_from_population(
        {"a": {"v0": 5, "v1": 5}, "b": {"v0": 2, "v1": 3, "v2": 3, "v3": 2}, "c": {"v0": 4, "v1": 4, "v2": 2}}, 12, 1
    )
    pool = Pool(("a", "b", "c"), tuple(str(i + 1) for i in range(70)), answers)
    numbered = number_panels(fairest(merged(pool, quotas, 12)), 1000, "12 mars 2026")
    assert panels_root(numbered.panels) == "3b0f2991c45ca77ede82d2496a1bfa5b44a5ab9bd1db3bb75db040f40f457c72"


SCRIPT = """
import json, sys
from ressort.core.panel import fairest, merged, number_panels
from tests.core.panel.pools import made
pool, quotas = made(80, 12, (2, 4, 3), seed=13)
lottery = fairest(merged(pool, quotas, 12))
print(json.dumps([number_panels(lottery, 200, "dé").panels, [float(c).hex() for c in lottery.chances]]))
"""


def test_the_same_panels_come_out_whatever_the_hash_seed_the_threads_or_the_processor_kernels() -> None:
    answers = set()
    for hash_seed, threads, kernel in (("0", "1", "Haswell"), ("1", "2", "Prescott"), ("77", "8", "Nehalem")):
        words = {"PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": threads, "OPENBLAS_CORETYPE": kernel}
        path = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        done = subprocess.run([sys.executable, "-c", SCRIPT], env=os.environ | words | path, capture_output=True, text=True, check=True)  # fmt: skip
        answers.add(done.stdout)
    assert len(answers) == 1
    assert json.loads(answers.pop())[0]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the published pools are not beside this checkout")
@pytest.mark.parametrize(("name", "seats"), [("example_small_20", 20), ("example_large_200", 200)])
def test_the_published_pools_have_the_chances_of_plain_enumeration(name: str, seats: int) -> None:
    folder: Path = SAMPLES / name
    quotas = read_quotas(read_table((folder / "categories.csv").read_bytes()))
    pool = read_pool(read_table((folder / "respondents.csv").read_bytes()), quotas)
    lottery = fairest(merged(pool, quotas, seats))
    exact = leximin_on_types(pool, quotas, seats)
    np.testing.assert_allclose(lottery.chance_of_each(len(pool)), exact, atol=1e-7)
    numbered = number_panels(lottery)
    assert np.abs(numbered.counts - 1000 * exact).max() < 2


def leximin_on_types(pool: Pool, quotas: tuple[Quota, ...], seats: int) -> np.ndarray:
    """Chances of a pool of two criteria, by listing every panel as how many of each kind."""
    kinds = sorted(set(pool.answers))
    size = np.array([pool.answers.count(kind) for kind in kinds])
    found = []
    for counts in product(*(range(min(int(most), seats) + 1) for most in size[:-1])):
        panel = np.array([*counts, seats - sum(counts)])
        if 0 <= panel[-1] <= size[-1] and _fits(panel, kinds, pool.criteria, quotas):
            found.append(panel)
    shares = np.array(found) / size
    chances = _leximin_of(shares)
    return np.array([chances[kinds.index(answers)] for answers in pool.answers])


def _fits(
    panel: np.ndarray, kinds: list[tuple[str, ...]], criteria: tuple[str, ...], quotas: tuple[Quota, ...]
) -> bool:
    for quota in quotas:
        place = criteria.index(quota.criterion)
        held = sum(int(count) for count, kind in zip(panel, kinds, strict=True) if kind[place] == quota.value)
        if not quota.least <= held <= quota.most:
            return False
    return True


def _leximin_of(shares: np.ndarray) -> np.ndarray:
    from scipy.optimize import linprog

    count = shares.shape[1]
    chances = np.full(count, np.nan)
    while np.isnan(chances).any():
        best = _level(linprog, shares, chances, None, 0.0)
        for kind in np.flatnonzero(np.isnan(chances)):
            if _level(linprog, shares, chances, int(kind), best) <= best + 1e-8:
                chances[kind] = best
    return chances


def _level(linprog, shares: np.ndarray, chances: np.ndarray, raised: int | None, level: float) -> float:  # type: ignore[no-untyped-def]
    held = ~np.isnan(chances)
    panels = len(shares)
    cost = np.zeros(panels + 1)
    cover = np.hstack([-shares.T, np.zeros((shares.shape[1], 1))])
    floor = np.where(held, chances, level)
    if raised is None:
        cost[panels], cover[~held, panels] = -1, 1
        floor = np.where(held, chances, 0.0)
    else:
        cost[:panels] = -shares[:, raised]
    total = np.append(np.ones(panels), 0.0)[None, :]
    answer = linprog(cost, A_ub=cover, b_ub=-floor + 1e-10, A_eq=total, b_eq=[1.0], bounds=(0, 1), method="highs")
    return float(-answer.fun)
