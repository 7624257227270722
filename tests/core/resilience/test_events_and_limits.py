"""Events, refusals, stability, metrics, draws, cascades, portfolios."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.errors import InputError, NoSolution, RuleBroken
from ressort.core.resilience import (
    Behaviour,
    Counts,
    Effect,
    Law,
    best_portfolio,
    collapses,
    converged,
    curve,
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
    play,
    quantiles,
    recovered_share,
    recovery,
    sensitivities,
)  # fmt: skip

from .small_economies import random_economy

ONE = np.array([1.0])


def test_capital_stays_lost_a_day_longer_than_the_event_then_follows_its_law() -> None:
    hit = Effect(kind="capital", amount=ONE, start_day=5, duration_days=10, recovery_days=4)
    strength = curve(hit, 30)
    assert strength[4] == 0 and (strength[5:17] == 1).all()
    assert strength[16:21].tolist() == [1.0, 0.75, 0.5, 0.25, 0.0]


def test_an_outage_lasts_its_duration_and_a_ramp_rises_first() -> None:
    cut = curve(Effect(kind="capacity", amount=ONE, start_day=5, duration_days=3), 15)
    assert np.flatnonzero(cut).tolist() == [5, 6, 7]
    ramp = curve(Effect(kind="capacity", amount=ONE, start_day=2, duration_days=2, ramp_days=4, recovery_days=2), 15)
    assert ramp[2:10].tolist() == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 0.5, 0.0]
    lasting = curve(Effect(kind="capacity", amount=ONE, start_day=2, lasting=True), 15)
    assert (lasting[2:] == 1).all()


def test_the_four_laws_start_at_one_and_fall() -> None:
    days = np.arange(100.0)
    for law in ("linear", "convex", "convex_scaled", "s_shaped"):
        left = recovery(days, 30.0, law)  # type: ignore[arg-type]
        assert left[0] == 1 and (np.diff(left) <= 0).all() and left[-1] < 0.4, law
    assert recovery(np.array([10.0]), 30.0, "convex")[0] == pytest.approx((29 / 30) ** 10)
    assert recovery(np.array([2.0]), 60.0, "s_shaped")[0] > 0.999
    with pytest.raises(InputError):
        recovery(days, 30.0, "magic")  # type: ignore[arg-type]


ECONOMY = random_economy(2, 3, 0, links=1.0)
REFUSED = {
    "outside the horizon": Effect(kind="capital", amount=np.zeros(6), start_day=50),
    "before the horizon": Effect(kind="capital", amount=np.zeros(6), start_day=-1),
    "more than everything": Effect(kind="capital", amount=np.full(6, 1.2), start_day=1),
    "not a number": Effect(kind="capital", amount=np.full(6, np.nan), start_day=1),
    "a negative duration": Effect(kind="capacity", amount=np.zeros(6), start_day=1, duration_days=-2),
    "a law without time": Effect(kind="capital", amount=np.zeros(6), start_day=1, law="convex"),
    "rebuilding without builders": Effect(kind="rebuild", amount=np.ones(6), start_day=1, recovery_days=60),
    "builders that do not sum to one": Effect(kind="rebuild", amount=np.ones(6), start_day=1, recovery_days=60, builders=np.array([0.5, 0, 0])),
    "rebuilding in no time": Effect(kind="rebuild", amount=np.ones(6), start_day=1, builders=np.array([1.0, 0, 0])),
}  # fmt: skip


@pytest.mark.parametrize("why", list(REFUSED))
def test_an_impossible_effect_is_refused(why: str) -> None:
    with pytest.raises(RuleBroken):
        play(ECONOMY, [REFUSED[why]], days=50)


def test_a_refused_amount_names_its_cell_and_a_wrong_shape_both_shapes() -> None:
    amount = np.zeros(6)
    amount[4] = 2.0
    with pytest.raises(RuleBroken) as error:
        play(ECONOMY, [Effect(kind="capital", amount=amount, start_day=1, cause="flood")])
    assert error.value.facts["cell"] == "r1/s1" and error.value.facts["cause"] == "flood"
    with pytest.raises(InputError):
        play(ECONOMY, [Effect(kind="capital", amount=np.zeros(2), start_day=1)])
    with pytest.raises(InputError):
        play(ECONOMY, [Effect(kind="wind", amount=np.zeros(6), start_day=1)])  # type: ignore[arg-type]


UNSTABLE = [
    (Behaviour(inventory_days=30, restock_days=60), ("s0", "r0/s0", 60.0, 30.0)),
    (Behaviour(psi_share=0.95), ("s0", "r0/s0", 0.95, 0.9)),
    (Behaviour(inventory_days=1.0, restock_days=1.0), ("s0", "r0/s0", 0.8, 1.0)),
    (Behaviour(inventory_days=30, restock_days=20, decay_share=0.1), ("s0", "r0/s0", 0.1, 30.0)),
]


@pytest.mark.parametrize(("behaviour", "named"), UNSTABLE)
def test_unstable_parameters_are_refused_naming_input_user_and_both_values(
    behaviour: Behaviour, named: tuple[object, ...]
) -> None:
    with pytest.raises(RuleBroken) as error:
        play(ECONOMY, [], behaviour)
    facts = error.value.facts
    assert (facts["input"], facts["user"], facts["given"], facts["limit"]) == named


def test_a_cell_alone_can_be_unstable_and_same_day_inputs_need_no_stock() -> None:
    stock = np.full((3, 6), 60.0)
    stock[1, 4] = 10.0
    with pytest.raises(RuleBroken) as error:
        play(ECONOMY, [], Behaviour(inventory_days=stock))
    assert (error.value.facts["input"], error.value.facts["user"]) == ("s1", "r1/s1")
    play(ECONOMY, [], Behaviour(inventory_days=stock, same_day=(False, True, False)), days=5)


@pytest.mark.parametrize(
    "wrong",
    [{"alpha_days": 0}, {"restock_days": -1}, {"psi_share": 1.5}, {"alpha_max": 0.5}, {"essentiality_share": -0.1}],
)
def test_parameters_without_meaning_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(RuleBroken):
        play(ECONOMY, [], Behaviour(**wrong))
    with pytest.raises(InputError):
        play(ECONOMY, [], Behaviour(psi_share=float("nan")))


def test_a_run_that_falls_by_itself_is_told_apart_from_one_that_recovers() -> None:
    days = np.arange(365.0)
    assert collapses(np.where(days < 50, 1.0, 1 - (days - 50) / 400), 60)
    assert not collapses(np.minimum(1.0, 0.5 + days / 200), 60)
    assert not collapses(np.ones(20), 5)


def test_the_spiral_of_short_stocks_is_flagged() -> None:
    from ressort.core.resilience import Size, no_purses, outside_domain, plan, quiet
    from ressort.core.resilience.kernel import simulate

    economy = random_economy(3, 5, 8)
    size = Size(365, 3, 5, 3)
    calendar = quiet(size)
    calendar.lost[1:100, :2] = 0.5
    for stock, restock, falls in ((8.0, 60.0, True), (90.0, 60.0, False)):
        track = simulate(
            plan(economy, Behaviour(inventory_days=stock, restock_days=restock), check=False), calendar, no_purses(size)
        )
        assert outside_domain(calendar, track) == falls


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


def test_a_stock_without_end_never_limits_and_only_what_is_used_is_ordered() -> None:
    economy = random_economy(2, 3, 4, links=1.0)
    share = np.zeros(6)
    share[0] = 0.9
    closed = [Effect(kind="capacity", amount=share, start_day=5, duration_days=200)]
    short = play(economy, closed, Behaviour(inventory_days=20, restock_days=20), days=250)
    endless = play(economy, closed, Behaviour(inventory_days=np.inf, restock_days=20), days=250)
    assert (endless.track.label < 0).all() and (short.track.label >= 0).any()
    assert endless.track.production[:, 1:].sum() > short.track.production[:, 1:].sum()
    assert (endless.track.stock == 0).all()  # a stock without end is not weighed
    with pytest.raises(InputError):
        play(economy, [], Behaviour(restock_days=np.inf))


def test_homes_are_rebuilt_without_stopping_an_industry_and_each_delivery_lowers_what_is_owed() -> None:
    economy = random_economy(2, 3, 4, links=1.0)
    builders, money = np.array([0.0, 0.0, 1.0]), np.array([float(economy.final[:, 0].sum()) * 0.02, 0.0])
    lost = Effect(
        kind="homes", amount=money, start_day=3, duration_days=7, recovery_days=60, builders=builders, cause="flood"
    )
    run = play(economy, [lost], days=365)
    assert (run.track.lost == 0).all() and run.track.rebuilding[3] == pytest.approx(money[0])
    assert (np.diff(run.track.rebuilding[3:]) <= 1e-9).all() and run.track.rebuilding[-1] < 0.05 * money[0]
    assert run.calendar.amount.sum() == pytest.approx(money[0])
    builder = run.track.production[:, [2, 5]].sum(1)
    assert builder[10:40].mean() > builder[:10].mean()
    with pytest.raises(RuleBroken) as error:
        play(economy, [Effect(kind="homes", amount=-money, start_day=3, recovery_days=60, builders=builders)])
    assert error.value.facts["cell"] == "r0"
