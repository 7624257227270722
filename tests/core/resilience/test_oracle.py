"""The published inventory model, day by day, on trajectories computed by another implementation."""

import json

import numpy as np
import pytest

from ressort.core.resilience import (
    Behaviour,
    Effect,
    Size,
    curve_metrics,
    kernel,
    no_purses,
    plan,
    play,
    quiet,
    twin,
)

from .small_economies import cells, oracle_economy, sample

SIZE = Size(365, 3, 5, 3)
CASES = ("rec_small_linear", "rec_large_linear", "rec_convexe_psi05")
ENGINES = {"kernel": kernel.simulate, "twin": twin.simulate}


def behaviour(case: str) -> Behaviour:
    told = json.loads(sample("oracle", "cases.json").read_text("utf-8"))[case]["parameters"]
    return Behaviour(
        psi_share=told["psi"], inventory_days=told["inventory_days"], restock_days=told["tau_inv_days"],
        alpha_base=told["alpha_base"], alpha_max=told["alpha_max"], alpha_days=told["tau_alpha_days"], order=told["order_type"],
    )  # fmt: skip


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize("case", CASES)
def test_production_and_unmet_demand_follow_the_oracle(case: str, engine: str) -> None:
    economy = oracle_economy()
    calendar = quiet(SIZE)._replace(lost=cells(sample("oracle", f"{case}_delta.csv"), 3, 1))
    track = ENGINES[engine](plan(economy, behaviour(case)), calendar, no_purses(SIZE))
    production = cells(sample("oracle", f"{case}_production.csv"), 3, 1)
    unmet = cells(sample("oracle", f"{case}_unmet.csv"), 3, 1)
    assert np.abs((track.production - production) / production[0]).max() < 1e-9
    assert np.abs(track.unmet.reshape(365, -1) - unmet).max() < 1e-9


@pytest.mark.parametrize("case", CASES)
def test_the_event_layer_rebuilds_the_capital_lost_by_the_oracle(case: str) -> None:
    economy = oracle_economy()
    told = json.loads(sample("oracle", "cases.json").read_text("utf-8"))[case]["event"]
    added = economy.value_added
    impact = told["impact_over_min_annual_value_added"] * min(added[0], added[1])
    share = np.zeros(15)
    share[:2] = impact / 2 / (4 * added[:2])
    event = Effect(
        kind="capital", amount=share, start_day=told["day"], duration_days=told["duration_days"],
        recovery_days=told["recovery_tau_days"], law=told["recovery"],
    )  # fmt: skip
    run = play(economy, [event], behaviour(case))
    assert np.abs(run.calendar.lost - cells(sample("oracle", f"{case}_delta.csv"), 3, 1)).max() < 1e-9
    production = cells(sample("oracle", f"{case}_production.csv"), 3, 1)
    assert np.abs((run.track.production - production) / production[0]).max() < 1e-9


METRICS = {  # low, day, 5 days, net, deficit, back 95, back 99, rapidity 99, level
    "rec_small_linear": (0.99716818, 6, 0.99716973, 0.275217, 0.292969, None, None, None, 1.00005846),
    "rec_large_linear": (0.94331726, 6, 0.94333810, 8.727372, 9.223972, 121, 197, 0.00024662637, 1.00250232),
    "rec_convexe_psi05": (0.93597657, 88, 0.93598348, 6.842411, 6.961672, 112, 124, 0.00153125870, 0.99997861),
}


@pytest.mark.parametrize("case", CASES)
def test_the_metrics_of_the_oracle_curves_are_those_published_beside_them(case: str) -> None:
    production = cells(sample("oracle", f"{case}_production.csv"), 3, 1)
    found = curve_metrics(production.sum(1) / production[0].sum())
    low, day, five, net, deficit, back95, back99, rapidity, level = METRICS[case]
    assert found.low == pytest.approx(low, abs=1e-8) and found.low_day == day
    assert found.low_5_days == pytest.approx(five, abs=1e-8)
    assert found.net_days == pytest.approx(net, abs=1e-6) and found.lost_days == pytest.approx(deficit, abs=1e-6)
    assert found.level == pytest.approx(level, abs=1e-8)
    if back95 is None:
        assert np.isnan(found.back_days[1:]).all() and np.isnan(found.per_day[2])
    else:
        assert found.back_days[1:] == (back95, back99)
        assert found.per_day[2] == pytest.approx(rapidity, rel=1e-6)


STABILITY = {  # (s, tau_inv): loss in days of output, from the table of the method page
    (30, 60): 54.45, (45, 60): 20.91, (60, 60): 13.02, (90, 60): 9.22, (120, 60): 8.63,
    (30, 30): 19.19, (45, 45): 15.41, (90, 90): 10.57, (120, 120): 9.34, (180, 180): 8.67,
}  # fmt: skip


@pytest.mark.parametrize(("stock", "restock"), list(STABILITY))
def test_the_table_of_stability_is_found_again(stock: int, restock: int) -> None:
    economy = oracle_economy()
    calendar = quiet(SIZE)._replace(lost=cells(sample("oracle", "rec_large_linear_delta.csv"), 3, 1))
    laid = plan(economy, Behaviour(inventory_days=stock, restock_days=restock), check=False)
    track = kernel.simulate(laid, calendar, no_purses(SIZE), False)
    lost = np.maximum(1 - track.production.sum(1) / track.production[0].sum(), 0).sum()
    assert lost == pytest.approx(STABILITY[stock, restock], abs=0.006)


PSI = {0.2: 8.58, 0.5: 8.62, 0.7: 13.27, 0.8: 19.19, 0.9: 26.78, 0.95: 37.59, 1.0: 87.69}


@pytest.mark.parametrize("psi", list(PSI))
def test_the_row_of_psi_is_found_again(psi: float) -> None:
    economy = oracle_economy()
    calendar = quiet(SIZE)._replace(lost=cells(sample("oracle", "rec_large_linear_delta.csv"), 3, 1))
    laid = plan(economy, Behaviour(inventory_days=30, restock_days=30, psi_share=psi), check=False)
    track = kernel.simulate(laid, calendar, no_purses(SIZE), False)
    lost = np.maximum(1 - track.production.sum(1) / track.production[0].sum(), 0).sum()
    assert lost == pytest.approx(PSI[psi], abs=0.006)


def test_without_change_of_supplier_the_loss_is_larger() -> None:
    economy = oracle_economy()
    calendar = quiet(SIZE)._replace(lost=cells(sample("oracle", "rec_large_linear_delta.csv"), 3, 1))
    track = kernel.simulate(plan(economy, Behaviour(order="noalt")), calendar, no_purses(SIZE), False)
    lost = np.maximum(1 - track.production.sum(1) / track.production[0].sum(), 0).sum()
    assert lost == pytest.approx(11.07, abs=0.006)
