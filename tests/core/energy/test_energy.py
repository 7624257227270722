"""Energy of territories: ranges, sums with gaps, balances, potentials, and who earns; properties and cases worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ressort.core.energy import (
    WHOLE_BP,
    Owners,
    Ranged,
    Terms,
    balance,
    built,
    gathered,
    lent,
    lent_error,
    local_return,
)
from ressort.core.errors import InputError, RuleBroken

QUANTITIES = st.lists(st.one_of(st.just(float("nan")), st.floats(0, 1e9)), min_size=1, max_size=30)
WIND = Terms((140_000, 155_000, 170_000), (300, 550, 800), (782, 891, 1_000), (180, 215, 250))


def exactly(*values: float) -> Ranged:
    return Ranged.exactly(np.array(values))


@given(st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)), min_size=1, max_size=30))
def test_surplus_less_lack_is_production_less_use(pairs: list[tuple[float, float]]) -> None:
    made, used = (np.array(side) for side in zip(*pairs, strict=True))
    found = balance(Ranged.exactly(made), Ranged.exactly(used))
    assert found.surplus.central - found.lack.central == pytest.approx(made - used)
    assert (np.minimum(found.surplus.central, found.lack.central) == 0).all()


def test_a_balance_by_hand() -> None:
    found = balance(exactly(50, 120, 0, 10), exactly(100, 100, 100, 0))
    assert found.coverage.central[:3].tolist() == [0.5, 1.2, 0.0]
    assert np.isnan(found.coverage.central[3])  # nothing used: no coverage, and no division by zero
    assert found.surplus.central.tolist() == [0, 20, 0, 10] and found.lack.central.tolist() == [50, 0, 100, 0]


def test_what_is_not_known_on_one_side_leaves_the_balance_not_known() -> None:
    found = balance(exactly(float("nan"), 5), exactly(10, float("nan")))
    for part in (found.coverage, found.surplus, found.lack):
        assert np.isnan(part.central).all()
    with pytest.raises(InputError) as told:
        balance(exactly(1), exactly(1, 2))
    assert told.value.facts == {"count": 2, "given": 1}


def test_the_range_of_a_coverage_holds_every_case_within_the_ranges() -> None:
    made, used = Ranged(*np.array([[40.0], [50.0], [60.0]])), Ranged(*np.array([[80.0], [100.0], [120.0]]))
    cover = balance(made, used).coverage
    assert (cover.low[0], cover.central[0], cover.high[0]) == (40 / 120, 0.5, 60 / 80)


@given(QUANTITIES, st.data())
def test_parts_add_up_whatever_the_grouping_and_a_gap_is_never_a_zero(values: list[float], data: st.DataObject) -> None:
    at = data.draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    amounts, count = np.array(values), len(values)
    groups = csr_array((np.ones(count), (at, np.arange(count))), shape=(4, count))
    everything = csr_array(np.ones((1, count)))
    people = np.ones(count)
    small, whole = gathered(amounts, groups, people), gathered(amounts, everything, people)
    assert np.nansum(small.at_least) == pytest.approx(np.nansum(whole.at_least), rel=1e-9)
    assert small.missing.sum() == whole.missing[0] == np.isnan(amounts).sum()
    gap = (small.missing > 0) & (np.nan_to_num(small.known_share) < 0.995)
    assert np.isnan(small.total[gap]).all()
    complete = (small.parts > 0) & (small.missing == 0)
    assert (small.total[complete] == small.at_least[complete]).all()


def test_a_hidden_part_with_few_people_does_not_hide_the_total_and_is_counted() -> None:
    found = gathered(np.array([10.0, np.nan]), csr_array(np.ones((1, 2))), np.array([999.0, 1.0]))
    assert (found.total[0], found.missing[0], found.known_share[0]) == (10.0, 1, 0.999)
    alone = gathered(np.array([np.nan]), csr_array(np.ones((1, 1))), np.array([5.0]))
    assert np.isnan(alone.total[0]) and np.isnan(alone.at_least[0])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20).filter(lambda key: sum(key) > 1e-3))
def test_what_is_lent_adds_up_to_the_national_quantity(key: list[float]) -> None:
    whole = Ranged(*np.array([[1e6], [2e6], [5e6]]))
    parts = lent(whole, np.array(key), float(sum(key)))
    for part, end in zip(parts.ends, whole.ends, strict=True):
        assert part.sum() == pytest.approx(float(end[0]))
    with pytest.raises(InputError):
        lent(whole, np.array(key), 0.0)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_building_more_never_makes_less_and_never_passes_the_potential(
    today: float, most: float, one: float, two: float
) -> None:
    less, more = sorted((one, two))
    potential = exactly(most)
    small, large = (built(np.array([today]), potential, part).production.central[0] for part in (less, more))
    assert today <= small <= large * (1 + 1e-12) + 1e-9
    assert large <= max(today, most) * (1 + 1e-12)


def test_building_where_today_is_not_known_gives_a_floor_and_says_so() -> None:
    found = built(np.array([np.nan, 10.0]), exactly(100, 100), 0.5)
    assert found.production.central.tolist() == [50, 55] and found.is_floor.tolist() == [True, False]
    nothing = built(np.array([np.nan, 10.0]), exactly(100, float("nan")), 0.0)
    assert np.isnan(nothing.production.central[0]) and nothing.production.central[1] == 10
    assert not nothing.is_floor.any()
    with pytest.raises(RuleBroken) as told:
        built(np.array([1.0]), exactly(2), 1.5)
    assert told.value.facts == {"value": 1.5}


def test_the_error_of_lending_lies_on_both_sides_of_one() -> None:
    low, high = lent_error(np.array([50.0, 100, 200, np.nan]), np.array([100.0, 100, 100, 100]))
    assert low == pytest.approx(0.55) and high == pytest.approx(1.9)
    assert lent_error(np.array([120.0]), np.array([100.0]))[0] == 1.0
    with pytest.raises(InputError):
        lent_error(np.array([np.nan]), np.array([1.0]))


def test_a_range_that_does_not_go_from_low_to_high_is_refused() -> None:
    with pytest.raises(RuleBroken) as told:
        Ranged(np.array([3.0]), np.array([2.0]), np.array([4.0]))
    assert told.value.facts == {"low": 3.0, "central": 2.0, "high": 4.0}
    with pytest.raises(RuleBroken):
        Ranged(np.array([np.nan]), np.array([2.0]), np.array([4.0]))


@given(st.floats(0, 1e6), st.integers(0, WHOLE_BP), st.integers(0, WHOLE_BP))
def test_every_cent_invested_has_an_owner_and_every_cent_earned_a_side(kw: float, one: int, two: int) -> None:
    owners = Owners(min(one, two), abs(one - two))
    for found in local_return((kw, kw, kw), owners, WIND).values():
        earned = sum(found.dividends_cents) + found.tax_cents + found.rent_cents
        assert found.authority_cents + found.inhabitants_cents + found.outside_cents == earned
        assert 0 <= found.local_share <= 1
    central = local_return((kw, kw, kw), owners, WIND)["central"]
    assert sum(central.investment_cents) == round(kw * 155_000)


def test_a_wind_farm_by_hand() -> None:
    """10 MW at 1,550 €/kW: 15.5 M€; 5.5 % a year: 852,500 €; half of it to citizens, a fifth to the commune."""
    found = local_return((10_000, 10_000, 10_000), Owners(2_000, 5_000), WIND)["central"]
    assert found.investment_cents == (310_000_000, 775_000_000, 465_000_000)
    assert found.dividends_cents == (17_050_000, 42_625_000, 25_575_000)
    assert (found.tax_cents, found.rent_cents) == (8_910_000, 2_150_000)
    assert found.local_share == pytest.approx((17_050_000 + 42_625_000 + 8_910_000 + 2_150_000) / 96_310_000)


def test_an_outside_owner_still_pays_taxes_and_rents_here() -> None:
    found = local_return((1_000, 1_000, 1_000), Owners(), WIND)["central"]
    assert found.dividends_cents[:2] == (0, 0) and found.authority_cents == found.tax_cents > 0


@pytest.mark.parametrize(("authority", "citizens"), [(-1, 0), (6_000, 5_000)])
def test_parts_that_make_more_than_the_whole_are_refused(authority: int, citizens: int) -> None:
    with pytest.raises(RuleBroken):
        Owners(authority, citizens)


def test_hypotheses_out_of_order_and_negative_capacities_are_refused() -> None:
    with pytest.raises(RuleBroken) as told:
        Terms((2, 1, 3), (0, 0, 0), (0, 0, 0), (0, 0, 0))
    assert told.value.facts["name"] == "investment_cents_per_kw"
    with pytest.raises(RuleBroken):
        local_return((-1.0, 0.0, 0.0), Owners(), WIND)
