"""Adequacy, feeding potential, the plot path, farm starts, and hectares spread over communes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ressort.core.errors import RuleBroken
from ressort.core.food import (
    Garden,
    actual_autonomy,
    adequacy,
    farms_needed,
    feeding_potential,
    open_land_ha,
    people_fed_by_field,
    reweighted,
    spread_error,
    spread_over_communes,
    start_farms,
)

HECTARES = arrays(float, 8, elements=st.floats(0, 1e6))
NEEDS = arrays(float, 8, elements=st.floats(1, 1e6))


@given(HECTARES, NEEDS)
def test_capped_adequacy_never_exceeds_one_nor_gross(available: np.ndarray, needed: np.ndarray) -> None:
    result = adequacy(available, needed)
    assert result.capped <= min(1, result.gross) + 1e-12
    assert (result.capped > 1 - 1e-12) == bool((result.by_group >= 1 - 1e-12).all()) or result.capped == pytest.approx(
        1
    )


@given(HECTARES, NEEDS, HECTARES, NEEDS)
def test_merging_two_territories_never_lowers_the_capped_adequacy(
    a: np.ndarray, na: np.ndarray, b: np.ndarray, nb: np.ndarray
) -> None:
    mean = (adequacy(a, na).capped * na.sum() + adequacy(b, nb).capped * nb.sum()) / (na.sum() + nb.sum())
    assert adequacy(a + b, na + nb).capped >= mean - 1e-9


def test_a_group_whose_area_is_not_known_is_left_out_and_said() -> None:
    result = adequacy(np.array([10.0, np.nan]), np.array([20.0, 20.0]))
    assert result.capped == 0.5
    assert result.known_share == 0.5
    assert np.isnan(result.by_group[1])


def test_no_need_gives_no_ratio_and_no_farmland_no_potential() -> None:
    assert np.isnan(adequacy(np.array([3.0]), np.array([0.0])).gross)
    assert np.isnan(feeding_potential(0.0, 10.0))
    assert adequacy(np.array([0.0]), np.array([5.0])).gross == 0
    assert feeding_potential(12.0, 10.0) == pytest.approx(1.2)


def test_actual_autonomy_needs_flows_that_make_sense() -> None:
    assert actual_autonomy(2.0, 100.0) == 0.02
    for local, total in ((-1.0, 10.0), (11.0, 10.0), (0.0, 0.0)):
        with pytest.raises(RuleBroken):
            actual_autonomy(local, total)


@given(st.floats(0, 1e5), st.floats(1e-4, 10))
def test_a_field_feeds_people_who_need_that_field(field_ha: float, per_person_ha: float) -> None:
    assert people_fed_by_field(field_ha, per_person_ha) * per_person_ha == pytest.approx(field_ha)


def test_an_impossible_field_is_refused() -> None:
    with pytest.raises(RuleBroken):
        people_fed_by_field(-1, 0.3)
    with pytest.raises(RuleBroken):
        people_fed_by_field(1, 0.0)


GARDEN = Garden(land_ha=2, maturity_share=(0.4, 0.7), retention_share=0.9)


def test_farms_in_steady_state_follow_starts_over_losses() -> None:
    plan = start_farms(GARDEN, starts_per_year=10, years=200, vegetables_kg=1e7, yield_t_per_ha=8)
    assert plan.active_farms[-1] == pytest.approx(10 / 0.1, rel=1e-6)
    assert plan.land_ha[-1] == pytest.approx(2 * plan.active_farms[-1])
    assert plan.covered_share[0] == pytest.approx(10 * 2 * 8 * 0.4 * 1000 / 1e7)
    assert start_farms(GARDEN, 0, 5, 1e6, 8).active_farms.sum() == 0


@given(st.floats(1, 1e8), st.floats(0, 1), st.floats(1, 40))
def test_farms_needed_are_enough_and_not_one_more(kg: float, share: float, yield_t_per_ha: float) -> None:
    needed = farms_needed(kg, share, yield_t_per_ha, garden_ha=2)
    assert needed.farms * 2 >= needed.land_ha - 1e-6
    assert (needed.farms - 1) * 2 < needed.land_ha + 1e-6 or needed.farms == 0


@given(arrays(float, (3, 2), elements=st.floats(0, 1e6)), arrays(float, 12, elements=st.floats(0.1, 1e4)))
def test_communes_always_sum_to_their_departement(totals: np.ndarray, weights: np.ndarray) -> None:
    parent = np.arange(12) % 3
    spread = spread_over_communes(totals, parent, weights)
    for d in range(3):
        np.testing.assert_allclose(spread[parent == d].sum(0), totals[d], rtol=1e-9, atol=1e-9)


def test_a_known_commune_keeps_its_figure_and_the_others_share_the_rest() -> None:
    known = np.array([[np.nan], [60.0], [np.nan]])
    spread = spread_over_communes(np.array([[100.0]]), np.zeros(3, int), np.array([1.0, 1.0, 3.0]), known)
    np.testing.assert_allclose(spread[:, 0], [10.0, 60.0, 30.0])


def test_an_unknown_departement_leaves_its_communes_unknown_not_zero() -> None:
    spread = spread_over_communes(np.array([[np.nan]]), np.zeros(2, int), np.ones(2))
    assert np.isnan(spread).all()
    assert np.isnan(spread_over_communes(np.array([[5.0]]), np.array([-1]), np.ones(1))).all()


def test_towns_hold_less_open_land_than_the_country() -> None:
    area, people = np.array([1000.0, 1000.0, 0.0]), np.array([100.0, 50_000.0, 5.0])
    country, town, nowhere = open_land_ha(area, people, 0.05)
    assert country > 0.99 * 1000 > town > 0
    assert nowhere == 0


def test_an_epci_with_known_farmland_carries_it() -> None:
    weights = np.array([1.0, 1.0, 2.0, 2.0])
    scaled = reweighted(weights, np.array([0, 0, 1, 1]), np.array([30.0, 10.0]))
    np.testing.assert_allclose([scaled[:2].sum() / scaled.sum(), scaled[2:].sum() / scaled.sum()], [0.75, 0.25])
    np.testing.assert_array_equal(reweighted(weights, np.array([0, 0, 1, 1]), np.array([np.nan, np.nan])), weights)


def test_the_error_of_a_rule_is_zero_where_it_is_right() -> None:
    areas = np.array([1.0, 2.0, 3.0, 4.0])
    assert spread_error(areas, areas) == 0
    assert spread_error(2 * areas, areas) == pytest.approx(0)
    assert np.isnan(spread_error(areas[:1], areas[:1]))
