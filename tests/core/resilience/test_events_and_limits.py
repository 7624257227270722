"""Events, refusals, stability."""

from dataclasses import replace

import numpy as np
import pytest

from ressort.core.economy import Economy
from ressort.core.errors import InputError, RuleBroken
from ressort.core.resilience import Behaviour, Effect, collapses, curve, play, recovery  # fmt: skip

from .small_economies import beside_a_country, random_economy

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


def _broken(what: str) -> Economy:
    flows, final, output = ECONOMY.intermediate.copy(), ECONOMY.final.copy(), ECONOMY.output.copy()
    if what == "negative":
        flows[0, 1] = -1.0
    elif what == "no number":
        final[0, 0] = np.nan
    elif what == "unbalanced":
        output[0] *= 1.01
    elif what == "no output":
        output[0] = 0.0
    elif what == "no value added":
        flows[1, 0] += output[0]
        output[1] += output[0]
    elif what == "shape":
        final = final[:-1]
    return replace(ECONOMY, intermediate=flows, final=final, output=output)


@pytest.mark.parametrize("what", ["negative", "no number", "unbalanced", "no output", "no value added", "shape"])
def test_a_table_that_is_not_one_is_refused_before_the_first_day_naming_the_cell(what: str) -> None:
    with pytest.raises((InputError, RuleBroken)) as error:
        play(_broken(what), [])
    told = " ".join(str(fact) for fact in error.value.facts.values())
    assert ECONOMY.industries[0] in told or what == "shape"
    with pytest.raises(RuleBroken, match="at least one day"):
        play(ECONOMY, [], days=0)


def test_a_run_that_falls_by_itself_is_told_apart_from_one_that_recovers() -> None:
    days = np.arange(365.0)
    assert collapses(np.where(days < 50, 1.0, 1 - (days - 50) / 400), 60)
    assert not collapses(np.minimum(1.0, 0.5 + days / 200), 60)
    assert not collapses(np.ones(20), 5)


def test_the_end_of_the_bounce_of_restocking_is_no_collapse_a_fall_under_the_level_at_rest_is() -> None:
    days = np.arange(365.0)
    bounce = np.where(days < 100, 0.8, 1 + 0.01 * np.exp(-(days - 100) / 60))
    assert collapses(bounce, 99) and not collapses(bounce, 99, 1.0)
    assert collapses(np.where(days < 100, 0.8, 1.01 - (days - 100) / 5000), 99, 1.0)
    assert collapses(np.where(days < 100, 0.8, 0.9 - (days - 100) / 5000), 99, 1.0)


def test_the_spiral_of_short_stocks_is_flagged() -> None:
    from ressort.core.resilience import Size, no_purses, outside_domain, plan, quiet
    from ressort.core.resilience.kernel import simulate

    economy = random_economy(3, 5, 8)
    size = Size(365, 3, 5, 3)
    calendar = quiet(size)
    calendar.lost[1:100, :2] = 0.5
    for stock, restock, falls in ((8.0, 60.0, True), (90.0, 60.0, False)):
        laid = plan(economy, Behaviour(inventory_days=stock, restock_days=restock), check=False)
        assert outside_domain(laid, calendar, simulate(laid, calendar, no_purses(size))) == falls


@pytest.mark.parametrize(("stock", "restock", "falls"), [(8.0, 60.0, True), (90.0, 60.0, False)])
def test_a_small_territory_that_collapses_alone_is_flagged_and_one_that_recovers_is_not(
    stock: float, restock: float, falls: bool
) -> None:
    from ressort.core.resilience import Size, collapses, no_purses, outside_domain, plan, quiet
    from ressort.core.resilience.kernel import simulate

    economy = beside_a_country(random_economy(1, 5, 8), 1e-5)
    days = np.full((5, 10), 90.0)
    days[:, :5] = stock
    size = Size(365, 2, 5, 2)
    calendar = quiet(size)
    calendar.lost[1:100, :2] = 0.5
    laid = plan(economy, Behaviour(inventory_days=days, restock_days=np.where(days < 90, restock, 60.0)), check=False)
    track = simulate(laid, calendar, no_purses(size))
    assert not collapses(track.production.sum(1), 99, float(laid.output.sum()))  # the country does not feel it
    assert outside_domain(laid, calendar, track) == falls


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
