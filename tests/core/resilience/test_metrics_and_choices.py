"""Metrics, draws, paired effects, cascades, portfolios."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.errors import InputError, NoSolution, RuleBroken
from ressort.core.resilience import (
    Counts,
    Law,
    best_portfolio,
    converged,
    curve_metrics,
    days_under,
    design,
    dice,
    effectiveness,
    fan,
    food_cascade,
    greedy_portfolio,
    laws_at,
    overall,
    quantiles,
    recovered_share,
    sensitivities,
)  # fmt: skip


def test_metrics_are_undefined_rather_than_zero() -> None:
    flat = curve_metrics(np.ones(60))
    assert flat.low == 1 and flat.lost_days == 0 and np.isnan(flat.back_days).all() and np.isnan(flat.per_day).all()
    lost = curve_metrics(np.where(np.arange(60) < 10, 1.0, 0.5))
    assert np.isinf(lost.back_days[1]) and np.isnan(lost.per_day[1]) and lost.level == 0.5
    assert np.isnan(recovered_share(np.ones(5))).all() and recovered_share(np.array([1.0, 0.5, 0.75]))[2] == 0.5
    with pytest.raises(RuleBroken):
        curve_metrics(np.array([]))


def test_needs_are_shown_weighted_and_at_their_least() -> None:
    needs = np.array([[1.0, 0.5], [1.2, 1.0]])
    mean, least = overall(needs, np.array([1.0, 3.0]))
    assert mean.tolist() == [1.0, 0.875] and least.tolist() == [1.0, 0.5]
    with pytest.raises(RuleBroken):
        overall(needs, np.zeros(2))
    assert days_under(np.array([1.0, 1.0]), 0.8) == (0, 0, -1)


LAWS = [Law("a", 0.0, 10.0), Law("b", 1.0, 4.0, 2.0), Law("c", 5.0, 5.0)]


@pytest.mark.parametrize("method", ["latin", "sobol"])
def test_a_design_is_even_and_the_same_for_the_same_seed(method: str) -> None:
    ranks = design(LAWS, 64, 7, method)  # type: ignore[arg-type]
    assert (ranks == design(LAWS, 64, 7, method)).all() and (ranks != design(LAWS, 64, 8, method)).any()  # type: ignore[arg-type]
    counts = np.histogram(ranks[:, 0], 8, (0, 1))[0]
    assert (np.abs(counts - 8) <= 1).all()
    drawn = laws_at(LAWS, ranks[0])
    assert 0 <= drawn["a"] <= 10 and 1 <= drawn["b"] <= 4 and drawn["c"] == 5
    assert (dice(1, 2).random(3) == dice(1, 2).random(3)).all() and dice(1, 2).random() != dice(1, 3).random()


def test_laws_out_of_order_and_unknown_designs_are_refused() -> None:
    with pytest.raises(RuleBroken):
        Law("x", 2.0, 1.0)
    with pytest.raises(RuleBroken):
        Law("x", 1.0, 2.0, 3.0)
    with pytest.raises(InputError):
        design(LAWS, 4, 1, "grid")  # type: ignore[arg-type]
    with pytest.raises(RuleBroken):
        design(LAWS, 0, 1)


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_counts_of_curves_give_quantiles_to_half_a_bin_in_any_order(seed: int) -> None:
    curves = np.random.default_rng(seed).random((31, 2, 5))
    one, left, right = Counts.empty(2, 5), Counts.empty(2, 5), Counts.empty(2, 5)
    for number, each in enumerate(curves):
        one.add(each)
        (left if number % 2 else right).add(each)
    right.join(left)
    assert (right.bins == one.bins).all()
    expected = np.sort(curves, axis=0)[[int(np.ceil(c * 31)) - 1 for c in (0.1, 0.5, 0.9)]]
    assert np.abs(fan(one) - expected).max() <= 0.001 + 1e-12


def test_quantiles_leave_the_undefined_out_and_keep_never() -> None:
    assert quantiles(np.array([1.0, np.nan, 2.0, np.inf]), (0.5, 0.9)).tolist() == [2.0, np.inf]
    assert np.isnan(quantiles(np.array([np.nan]))).all()
    assert converged(np.tile([1.0, 2.0, 3.0], 20)) and not converged(np.concatenate([np.ones(20), np.full(20, 2.0)]))


def test_the_hypothesis_that_drives_a_metric_is_ranked_first() -> None:
    ranks = design(LAWS, 200, 3)
    found = sensitivities(ranks, ranks[:, 1] * 5 + ranks[:, 0], ["a", "b", "c"])
    assert found[0][0] == "b" and found[0][1] > 0.8
    assert sensitivities(ranks, np.ones(200), ["a", "b", "c"]) == []


def test_paired_effects_compare_run_with_run() -> None:
    base, lever = np.array([10.0, 20.0, 30.0, 40.0]), np.array([8.0, 18.0, 31.0, 30.0])
    found = effectiveness(base, lever, 1000)
    assert found.helps_share == 0.75 and found.median == 2.0 and found.price_cents == 500
    assert np.isinf(effectiveness(base, base, 10).price_cents)


def test_the_toy_food_cascade_passes_the_whole_loss_on() -> None:
    flows = np.zeros((3, 3))
    flows[0, 1], flows[0, 2], flows[1, 2] = 20, 10, 5
    found = food_cascade(
        np.array([100.0, 50, 30]),
        flows,
        np.array([10.0, 2, 0]),
        np.array([-40.0, 0, 0]),
        consumed_share=0.0,
        least_share=1e-3,
    )
    assert found.consumption_loss == pytest.approx([0, -13, -15]) and found.reserve_loss == pytest.approx([-10, -2, 0])


@given(st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_a_food_cascade_loses_nothing_on_the_way(seed: int) -> None:
    die = np.random.default_rng(seed)
    production, flows = die.uniform(10, 100, 5), die.uniform(0, 3, (5, 5)) * (die.random((5, 5)) < 0.6)
    np.fill_diagonal(flows, 0.0)
    loss = np.zeros(5)
    loss[0] = -die.uniform(0.1, 0.9) * production[0]
    found = food_cascade(production, flows, die.uniform(0, 5, 5), loss)
    assert (found.consumption_loss + found.reserve_loss).sum() == pytest.approx(loss.sum(), rel=1e-9)
    with pytest.raises(RuleBroken):
        food_cascade(production, flows, np.zeros(5), -2 * production)
    with pytest.raises(InputError):
        food_cascade(production, flows, np.zeros(4), loss)


def table_of(seed: int, levers: int, runs: int = 12) -> tuple[dict[str, int], dict[frozenset[str], np.ndarray]]:
    """Levers that overlap: a set avoids what its best part covers."""
    die = np.random.default_rng(seed)
    names = [f"l{i}" for i in range(levers)]
    covers = die.random((levers, 30)) < 0.3
    weights = die.random((runs, 30))
    sets = {frozenset(): np.zeros(runs)}
    for mask in range(1, 2**levers):
        chosen = [i for i in range(levers) if mask >> i & 1]
        sets[frozenset(names[i] for i in chosen)] = weights @ covers[chosen].any(0)
    return {name: int(die.integers(1, 10)) * 100 for name in names}, sets


@given(st.integers(0, 500))
@settings(max_examples=25, deadline=None)
def test_the_greedy_portfolio_keeps_to_its_budget_and_near_the_best(seed: int) -> None:
    costs, sets = table_of(seed, 6)
    budget = 1200
    found = greedy_portfolio(costs, lambda chosen: sets[chosen], budget, 0.5)
    best = max(np.sort(v)[:6].mean() for k, v in sets.items() if sum(costs[n] for n in k) <= budget)
    assert found.cost_cents == sum(costs[n] for n in found.levers) <= budget
    assert found.avoided == pytest.approx(np.sort(sets[frozenset(found.levers)])[:6].mean())
    assert 0.5 * best <= found.avoided <= best + 1e-9


@given(st.integers(0, 500))
@settings(max_examples=15, deadline=None)
def test_the_mixed_integer_portfolio_is_the_best_of_its_paired_table(seed: int) -> None:
    costs, sets = table_of(seed, 5)
    names = sorted(costs)
    singles = {name: sets[frozenset([name])] for name in names}
    pairs = {frozenset([a, b]): sets[frozenset([a, b])] for i, a in enumerate(names) for b in names[i + 1 :]}
    found = best_portfolio(costs, singles, pairs, 1200, 0.5)

    def paired(chosen: frozenset[str]) -> float:
        total = sum((singles[n] for n in chosen), np.zeros(12))
        for pair, value in pairs.items():
            if pair <= chosen:
                one, two = pair
                total = total + value - singles[one] - singles[two]
        return float(np.sort(total)[:6].mean())

    best = max(paired(chosen) for chosen in sets if sum(costs[n] for n in chosen) <= 1200)
    assert found.cost_cents <= 1200 and paired(frozenset(found.levers)) == pytest.approx(best, abs=1e-6)


def test_portfolios_refuse_negative_money_and_a_budget_of_nothing_buys_nothing() -> None:
    costs, sets = table_of(1, 3)
    with pytest.raises(RuleBroken):
        greedy_portfolio({"l0": -1}, lambda chosen: sets[chosen], 10)
    with pytest.raises(RuleBroken):
        best_portfolio(costs, {}, {}, -1)
    assert greedy_portfolio(costs, lambda chosen: sets[chosen], 0).levers == ()
    assert NoSolution is not None


def test_less_than_a_thousandth_of_the_loss_is_no_help_and_has_no_price() -> None:
    lost = np.array([1000.0, 2000.0, 3000.0])
    next_to_nothing = effectiveness(lost, lost - 0.5, 100)
    assert next_to_nothing.helps_share == 0 and np.isinf(next_to_nothing.price_cents)
    some = effectiveness(lost, lost - 20.0, 100)
    assert some.helps_share == 1 and some.price_cents == pytest.approx(5)
