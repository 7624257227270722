"""How losses grow, spread and merge: monotony, order, size, cascades, priorities."""

import numpy as np
import pytest

from ressort.core.economy import Economy, aggregated, dynamic_inoperability
from ressort.core.resilience import Behaviour, Effect, play

from .small_economies import random_economy


def test_more_psi_more_loss_and_more_overproduction_less_loss() -> None:
    economy = random_economy(3, 5, 8)
    hit = Effect(
        kind="capital", amount=np.where(np.arange(15) < 2, 0.5, 0.0), start_day=1, duration_days=60, recovery_days=60
    )

    def loss(**changed: float) -> float:
        run = play(economy, [hit], Behaviour(inventory_days=20, restock_days=20, **changed))
        return float((1 - run.output_curve).clip(0).sum())

    assert np.all(np.diff([loss(psi_share=psi) for psi in (0.2, 0.5, 0.7, 0.8, 0.9)]) >= -1e-9)
    assert np.all(np.diff([loss(alpha_max=most) for most in (1.0, 1.1, 1.25, 1.5)]) <= 1e-9)


def test_the_order_of_regions_changes_nothing() -> None:
    economy = random_economy(3, 4, 5)
    order = [2, 0, 1]
    rows = [4 * r + s for r in order for s in range(4)]
    moved = Economy(
        tuple(economy.regions[r] for r in order), economy.sectors, economy.consumers, economy.intermediate[np.ix_(rows, rows)],
        economy.final[rows], economy.output[rows],
    )  # fmt: skip
    share = np.where(np.arange(12) == 1, 0.6, 0.0)
    one = play(economy, [Effect(kind="capital", amount=share, start_day=2, duration_days=20, recovery_days=40)])
    two = play(moved, [Effect(kind="capital", amount=share[rows], start_day=2, duration_days=20, recovery_days=40)])
    assert np.abs(one.track.production[:, rows] - two.track.production).max() < 1e-12 * one.track.production.max()


def test_merging_identical_regions_changes_nothing_without_change_of_supplier() -> None:
    one = random_economy(1, 4, 6)
    twice = Economy(
        ("a", "b"),
        one.sectors,
        ("a", "b"),
        np.tile(one.intermediate, (2, 2)) / 2,
        np.tile(one.final, (2, 2)) / 2,
        np.tile(one.output, 2),
    )
    merged = aggregated(twice, (0, 0), ("all",))
    share = np.array([0.5, 0.0, 0.0, 0.0])
    behaviour = Behaviour(order="noalt", inventory_days=20, restock_days=20)
    apart = play(
        twice,
        [Effect(kind="capital", amount=np.tile(share, 2), start_day=1, duration_days=30, recovery_days=30)],
        behaviour,
    )
    whole = play(
        merged, [Effect(kind="capital", amount=share, start_day=1, duration_days=30, recovery_days=30)], behaviour
    )
    summed = apart.track.production.reshape(-1, 2, 4).sum(1)
    assert np.abs(summed - whole.track.production).max() < 1e-12 * summed.max()


def test_a_small_shock_is_linear_in_its_size_and_fades_in_the_order_of_the_analytic_model() -> None:
    economy = random_economy(2, 4, 9)

    def loss(size: float) -> np.ndarray:
        hit = Effect(
            kind="capital",
            amount=np.where(np.arange(8) == 0, size, 0.0),
            start_day=1,
            duration_days=5,
            recovery_days=20,
        )
        return (1 - play(economy, [hit]).track.production / (economy.output / 365)).clip(0).sum(0)

    small, double = loss(0.001), loss(0.002)
    assert np.abs(double / small - 2)[small > 1e-6].max() < 0.02
    start = np.where(np.arange(8) == 0, 0.001, 0.0)
    analytic = dynamic_inoperability(
        economy.coefficients, economy.output, start, np.full(8, 0.2), np.arange(200.0)
    ).sum(0)
    assert small.argmax() == analytic.argmax() == 0


def test_a_large_loss_with_rebuilding_costs_more_for_each_euro_lost_than_a_small_one() -> None:
    """The published convexity: crowding out makes total loss grow faster than direct loss."""
    economy = random_economy(2, 5, 2)
    builders = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    capital = 4 * economy.value_added

    def total_over_direct(share: float) -> float:
        lost = np.where(np.arange(10) < 5, share, 0.0) * capital
        run = play(
            economy,
            [Effect(kind="rebuild", amount=lost, start_day=1, duration_days=1, recovery_days=60, builders=builders)],
            days=730,
        )
        return float((run.plan.output.sum() * (1 - run.output_curve)).clip(0).sum() / lost.sum())

    ratios = [total_over_direct(share) for share in (0.005, 0.01, 0.02, 0.05)]
    assert np.all(np.diff(ratios) > 0)


def test_a_cut_supplier_stops_its_clients_and_the_chain_says_why() -> None:
    economy = random_economy(2, 4, 11)
    behaviour = Behaviour(inventory_days=10, restock_days=10, order="noalt")
    cut = Effect(
        kind="capacity", amount=np.where(np.arange(8) == 5, 1.0, 0.0), start_day=2, duration_days=40, cause="closure"
    )
    run = play(economy, [cut], behaviour, days=120)
    chain = run.bottleneck()
    assert chain[0].product == "s1" and chain[0].supplier == "r1/s1" and chain[0].since_day == 2 and chain[0].ratio < 1
    assert chain[-1].industry == "r1/s1" and chain[-1].product == ""
    assert play(economy, [], behaviour, days=30).bottleneck() == []


def test_a_cut_network_stops_same_day_users_at_once_and_others_only_when_their_stock_ends() -> None:
    economy = random_economy(2, 4, 12, links=1.0)
    cut = Effect(kind="served", amount=np.outer([1.0, 0, 0, 0], [1.0, 0.0]), start_day=3, duration_days=2)
    same_day = play(economy, [cut], Behaviour(same_day=(True, False, False, False)), days=30)
    stocked = play(economy, [cut], Behaviour(inventory_days=10, restock_days=10), days=30)
    inside = np.arange(8) % 4 != 0
    inside[4:] = False
    assert (same_day.track.production[3][inside] < 1e-9).all() and (same_day.track.production[2][inside] > 0).all()
    assert (stocked.track.production[3][inside] / stocked.plan.output[inside] > 0.5).all()
    assert (
        same_day.delivered_share(0, np.array([0]))[3] == pytest.approx(0)
        and same_day.delivered_share(1, np.array([0]))[3] > 0.4
    )


def test_the_chain_ends_on_a_network_that_fails_more_than_its_suppliers() -> None:
    economy = random_economy(2, 4, 12, links=1.0)
    cut = Effect(kind="served", amount=np.outer([0.8, 0, 0, 0], [1.0, 0.0]), start_day=3, duration_days=2)
    chain = play(economy, [cut], Behaviour(same_day=(True, True, False, False)), days=30).bottleneck(below_share=0.9)
    assert chain[0].day == 3 and chain[-1].product == "s0" and chain[-1].supplier == ""


def test_first_classes_are_served_first() -> None:
    economy = random_economy(1, 4, 13)
    half = Effect(kind="capacity", amount=np.array([0.5, 0.0, 0.0, 0.0]), start_day=1, duration_days=5)
    first = Behaviour(buyer_class=(1, 1, 1, 1), consumer_class=(0,))
    last = Behaviour(buyer_class=(0, 0, 0, 0), consumer_class=(1,))
    served = [
        play(economy, [half], chosen, days=10).delivered_share(0, np.array([0]))[2]
        for chosen in (first, Behaviour(), last)
    ]
    assert served[0] > served[1] > served[2]
