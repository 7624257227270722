"""Euros set apart: a stock that is not spent twice, what is drawn from it, and what a local currency carries meanwhile."""

import numpy as np
import pytest

from ressort.core.economy import Economy
from ressort.core.resilience import Effect, Purses, Size, no_purses, play

from .small_economies import random_economy

ENGINES = ("kernel", "twin")
START, DAYS = 5, 20


def steady(economy: Economy, days: float = 30.0) -> Purses:
    """Purses of `days` of spending, fed by transfers alone."""
    n, consumers = economy.final.shape
    spend = economy.final.sum(0) / 365
    return no_purses(Size(1, 1, 1, consumers))._replace(
        on=True, held=np.ones(consumers, np.bool_), euro=days * spend, wages=np.zeros((n, consumers)), transfers=spend,
        accepted=np.zeros((n, consumers)),
    )  # fmt: skip


def freeze(share: float, duration_days: int = DAYS, recovery_days: float = 0.0) -> Effect:
    return Effect(
        kind="frozen",
        amount=np.full(2, share),
        start_day=START,
        duration_days=duration_days,
        recovery_days=recovery_days,
    )


def withheld(share: float, start_day: int = START) -> Effect:
    return Effect(kind="withheld", amount=np.full(2, share), start_day=start_day, lasting=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_left_of_a_frozen_purse_is_spent_once_then_only_what_comes_in_free(engine: str) -> None:
    economy = random_economy(2, 4, 3)
    run = play(economy, [freeze(0.97)], days=60, purses=steady(economy), engine=engine)
    spent = run.track.money[:, 4] / run.plan.final.sum()
    assert np.allclose(spent[:START], 1)
    assert spent[START] == pytest.approx(0.9)  # 3 % of thirty days: notes for nine tenths of a day
    assert np.allclose(spent[START + 1 : START + DAYS], 0.03)  # then 3 % of the income of the evening before
    assert np.allclose(spent[START + DAYS :], 1)  # let go: what was set apart is whole
    euro = run.track.money[:, 0] / run.plan.final.sum()
    assert euro[-1] == pytest.approx(30 + 0.1 + 0.97 * (DAYS - 1))  # nothing is lost: what was not spent is still there


@pytest.mark.parametrize("engine", ENGINES)
def test_withdrawals_let_out_a_part_of_each_day_until_nothing_is_set_apart(engine: str) -> None:
    economy = random_economy(2, 4, 3)
    half = play(economy, [freeze(1.0), withheld(0.5)], days=40, purses=steady(economy), engine=engine)
    spent = half.track.money[:, 4] / half.plan.final.sum()
    assert np.allclose(spent[START : START + DAYS], 0.5)
    poor = steady(economy, 2.0)._replace(transfers=np.zeros(2))
    gone = play(economy, [freeze(1.0), withheld(0.5)], days=20, purses=poor._replace(euro=7 * poor.euro / 2), engine=engine)  # fmt: skip
    assert np.allclose((gone.track.money[:, 4] / gone.plan.final.sum())[START:12], [0.5, 0.5, 0.5, 0.5, 0, 0, 0])


@pytest.mark.parametrize("engine", ENGINES)
def test_before_withdrawals_begin_a_freeze_lets_nothing_out(engine: str) -> None:
    economy = random_economy(2, 4, 3)
    run = play(economy, [freeze(1.0), withheld(0.5, START + 10)], days=40, purses=steady(economy), engine=engine)
    spent = run.track.money[:, 4] / run.plan.final.sum()
    assert np.allclose(spent[START : START + 10], 0) and np.allclose(spent[START + 10 : START + DAYS], 0.5)


def test_a_fall_while_money_lacks_is_no_collapse_of_the_model() -> None:
    """Dearer month after month: output falls as long as the cause acts, which is what the event does."""
    economy = random_economy(2, 4, 3)
    dearer = Effect(kind="price", amount=np.array(0.5), start_day=5, ramp_days=200, duration_days=60, recovery_days=30)
    run = play(economy, [dearer], days=365, purses=steady(economy, 2.0))
    months = run.output_curve[:180].reshape(6, 30).mean(1)
    assert (np.diff(months) < -0.001).any() and not run.outside


@pytest.mark.parametrize("engine", ENGINES)
def test_bills_are_paid_from_account_to_account_while_there_is_money_and_the_rest_in_notes(engine: str) -> None:
    economy = random_economy(2, 4, 3)
    billed = (np.arange(8) % 4 == 2).astype(float)
    bills = float(economy.final[billed > 0].sum() / economy.final.sum())
    run = play(economy, [freeze(1.0)], days=40, purses=steady(economy)._replace(billed=billed), engine=engine)
    lacking = run.track.unmet[START : START + DAYS].sum(1) / run.plan.final.sum()
    assert np.abs(lacking[:, 2]).max() < 1e-12 and lacking[:, [0, 1, 3]].sum(1) == pytest.approx(1 - bills)
    spent = run.track.money[:, 4] / run.plan.final.sum()
    assert np.allclose(spent[START : START + DAYS], bills) and np.allclose(spent[START + DAYS :], 1)
    euro = run.track.money[:, 0] / run.plan.final.sum()
    assert euro[-1] == pytest.approx(30 + DAYS * (1 - bills))
    poor = steady(economy, 0.0)._replace(billed=billed, euro=START * economy.final.sum(0) / 365, transfers=np.zeros(2))
    empty = play(economy, [freeze(1.0)], days=40, purses=poor, engine=engine)  # nothing is left to pay a bill with
    assert np.abs(empty.track.money[START:, 4]).max() < 1e-9


@pytest.mark.parametrize("engine", ENGINES)
def test_a_thaw_gives_back_little_by_little(engine: str) -> None:
    economy = random_economy(2, 4, 3)
    run = play(economy, [freeze(0.97, recovery_days=10.0)], days=60, purses=steady(economy), engine=engine)
    spent = run.track.money[:, 4] / run.plan.final.sum()
    assert np.all(np.diff(spent[START + 1 : START + DAYS + 10]) >= -1e-12)
    assert np.allclose(spent[START + DAYS + 10 :], 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_local_purse_pays_its_part_while_euros_are_frozen_and_until_it_is_empty(engine: str) -> None:
    """A tenth is paid in local currency; a purse of ten days of it, half of which comes back, lasts twenty days."""
    economy = random_economy(2, 4, 3)
    spend = economy.final.sum(0) / 365
    purses = steady(economy)._replace(
        local=spend, accepted=np.full(economy.final.shape, 0.1), recirculated_share=0.5, local_transfers=0.05 * spend,
        transfers=0.9 * spend,
    )  # fmt: skip
    run = play(economy, [freeze(1.0, duration_days=40)], days=60, purses=purses, engine=engine)
    spent = run.track.money[:, 4] / run.plan.final.sum()
    assert np.allclose(spent[:START], 1) and np.allclose(spent[START : START + 19], 0.1)
    assert spent[START + 30] < 1e-3 and np.allclose(spent[START + 40 :], 1)
