"""How long units stay and where they go: lots, outlets, concentration, masked cells."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.currency.measures import (
    OUTSIDE,
    Flow,
    Flows,
    Role,
    concentration,
    dormant,
    dwell,
    flows_between,
    interval,
    masked_with_seconds,
    mixed_mean_days,
    saturation_months,
    tally,
    territory_saturation,
    velocity_turns_per_year,
)
from tests.core.currency.circuit import FARM, PERSON, SHOP, TOWN, YEAR, flows


def test_stays_are_traced_lot_by_lot() -> None:
    some = flows(
        (0, Flow.ISSUE, OUTSIDE, PERSON, 100), (10, Flow.ISSUE, OUTSIDE, PERSON, 100), (20, Flow.PAYMENT, PERSON, SHOP, 150)
    )  # fmt: skip
    # oldest first: 100 stayed 20 days, 50 stayed 10; newest first: 100 stayed 10, 50 stayed 20; mixed: 150 arrived on day 5
    assert dwell(some, 0, 30).mean_days == pytest.approx(50 / 3)
    assert dwell(some, 0, 30, "lifo").mean_days == pytest.approx(40 / 3)
    assert mixed_mean_days(some, 0, 30) == pytest.approx(15)
    found = dwell(some, 0, 30)
    assert (found.left_cents[20], found.left_cents[10], found.held_cents[20], found.held_cents[10]) == (
        100,
        50,
        50,
        150,
    )
    # after 10 days (350 at risk, with 200 censored that day) 50 left; after 20, 100 of the 150 still at risk
    assert found.median_days == 20


def test_units_still_held_count_in_the_median_as_long_as_they_are_seen() -> None:
    some = flows((0, Flow.ISSUE, OUTSIDE, PERSON, 100), (5, Flow.PAYMENT, PERSON, SHOP, 40))
    assert dwell(some, 0, 30).median_days is None


def test_redeemed_units_tell_how_many_payments_they_served() -> None:
    rounds = dwell(YEAR, 0, 10).rounds_before_redemption
    assert rounds == pytest.approx(1)  # issued, paid once, redeemed
    again = flows(
        (0, Flow.ISSUE, OUTSIDE, PERSON, 100), (1, Flow.PAYMENT, PERSON, SHOP, 100), (2, Flow.PAYMENT, SHOP, FARM, 100),
        (3, Flow.REDEMPTION, FARM, OUTSIDE, 60),
    )  # fmt: skip
    assert dwell(again, 0, 10).rounds_before_redemption == pytest.approx(2)


def test_little_s_law_holds_in_a_steady_circuit() -> None:
    """Ten holders pass a tenth of what each holds to the next every day: units stay ten days, and turn 36.5 times a year."""
    moves = [(day, Flow.PAYMENT, who, (who + 1) % 10, 100) for day in range(1_000) for who in range(10)]
    some = flows(*moves, opening=[1_000] * 10, roles=[Role.PERSON] * 10)
    found = tally(some, 500, 1_000)
    stay = dwell(some, 500, 1_000).mean_days
    assert stay is not None
    assert velocity_turns_per_year(found) == pytest.approx(365 / stay)
    assert stay == pytest.approx(10, rel=0.001)


def test_saturation_tells_months_of_outlet() -> None:
    some = flows(
        (70, Flow.PAYMENT, SHOP, TOWN, 300), (80, Flow.PAYMENT, FARM, TOWN, 900), opening=[0, 1_300, 900, 500, 0]
    )
    found = tally(some, 0, 90)
    months = saturation_months(found)
    assert months[SHOP] == pytest.approx(1_000 / 100)
    assert months[FARM] == 0
    assert np.isnan(months[TOWN])
    whole = territory_saturation(found)
    assert (whole.saturated, whole.no_outlet, whole.balance_share) == (1, 0, 1.0)


def test_concentration_of_equal_and_of_single_receivers() -> None:
    roles = [Role.PERSON] + [Role.PROFESSIONAL] * 20
    equal = flows(*[(0, Flow.PAYMENT, 0, who, 5) for who in range(1, 21)], opening=[100] + [0] * 20, roles=roles)
    told = concentration(tally(equal, 0, 1))
    assert told.herfindahl_index == pytest.approx(1 / 20)
    assert told.top_tenth_share == pytest.approx(0.1)
    alone = concentration(tally(flows((0, Flow.PAYMENT, PERSON, SHOP, 5), opening=[5] + [0] * 4), 0, 1))
    assert (alone.herfindahl_index, alone.top_tenth_share) == (1, 1)
    assert concentration(tally(flows(), 0, 1)).herfindahl_index is None


def test_who_paid_nobody_for_a_year_is_dormant() -> None:
    some = flows((0, Flow.PAYMENT, PERSON, SHOP, 5), (300, Flow.PAYMENT, SHOP, FARM, 5), opening=[5] + [0] * 4)
    assert dormant(tally(some, 0, 400)).tolist() == [True, False, True, True, False]


def test_a_pot_is_never_dormant() -> None:
    moves = [np.zeros(0, kind) for kind in (np.int32, np.uint8, np.int32, np.int32, np.int64)]
    nobody_moves = Flows(*moves, np.array([Role.PERSON, Role.POT], np.uint8), np.array([5, 5]))
    assert dormant(tally(nobody_moves, 0, 400)).tolist() == [True, False]


def test_the_interval_is_the_same_for_the_same_seed_and_holds_the_measure() -> None:
    found = tally(YEAR, 0, 10)
    low, high = interval(velocity_turns_per_year, found, seed=3) or (0, 0)
    assert (low, high) == interval(velocity_turns_per_year, found, seed=3)
    value = velocity_turns_per_year(found)
    assert value is not None and low <= value <= high


def test_a_cell_of_few_professionals_is_masked_with_another_one() -> None:
    roles = [Role.PERSON] * 10 + [Role.PROFESSIONAL] * 12
    group = np.array([0] * 10 + [1] * 2 + [2] * 10, np.int32)
    moves = [(0, Flow.PAYMENT, person, shop, 100) for person in range(10) for shop in range(10, 22)]
    moves += [(0, Flow.PAYMENT, shop, 21, 1) for shop in range(12, 20)]
    table = flows_between(flows(*moves, opening=[10_000] * 22, roles=roles), group, 0, 1)
    assert not table.published[0, 1]  # two shops only
    assert not table.published[2, 2]  # one shop receives everything
    assert table.cents[0, 1] == 2_000 and table.cents[-1, -1] == 12_008
    assert all(count != 1 for count in (~table.published).sum(0)) and all(count != 1 for count in (~table.published).sum(1))  # fmt: skip


def test_the_total_of_a_sector_with_one_shop_is_masked_as_its_cells_are() -> None:
    roles = [Role.PERSON] * 10 + [Role.PROFESSIONAL] * 21
    group = np.array([0] * 10 + [1] + [2] * 10 + [3] * 10, np.int32)
    moves = [(0, Flow.PAYMENT, person, shop, 100) for person in range(10) for shop in range(10, 31)]
    moves += [(0, Flow.PAYMENT, 10, shop, 7) for shop in range(11, 31)]
    table = flows_between(flows(*moves, opening=[10_000] * 31, roles=roles), group, 0, 1)
    assert table.cents[-1, 1] == 1_000 and not table.published[-1, 1], "what the only shop of the sector received"
    assert table.cents[1, -1] == 140 and not table.published[1, -1], "what it paid"
    assert table.published[-1, -1], "all payments are told beside the table anyway"


def test_payments_of_one_person_are_nobody_elses_business() -> None:
    roles = [Role.PERSON] * 10 + [Role.PROFESSIONAL] * 10
    group = np.array([0] * 10 + [1] * 5 + [2] * 5, np.int32)
    moves = [(0, Flow.PAYMENT, person, shop, 100) for person in range(10) for shop in range(15, 20)]
    moves += [(0, Flow.PAYMENT, 3, shop, 100) for shop in range(10, 15)]  # one person only buys there
    moves += [(0, Flow.PAYMENT, 3, 4, 50)]
    table = flows_between(flows(*moves, opening=[10_000] * 20, roles=roles), group, 0, 1)
    assert not table.published[0, 1] and not table.published[0, 0]


@given(st.integers(1, 5), st.data())
@settings(deadline=None)
def test_no_masked_cell_can_be_worked_out_from_the_totals(size: int, data: st.DataObject) -> None:
    cells = st.lists(st.integers(0, 50), min_size=size * size, max_size=size * size)
    inner = np.array(data.draw(cells), np.int64).reshape(size, size)
    wide = (size + 1) ** 2
    first = np.array(data.draw(st.lists(st.booleans(), min_size=wide, max_size=wide)))
    whole = np.zeros((size + 1, size + 1), np.int64)
    whole[:-1, :-1] = inner
    whole[-1], whole[:, -1] = whole.sum(0), whole.sum(1)
    whole[-1, -1] = inner.sum()
    masked = first.reshape(size + 1, size + 1)
    masked[-1, -1] = False
    masked = masked_with_seconds(whole, masked)
    assert size == 1 or not masked[-1, -1], "the measures tell it"
    unknown = np.flatnonzero(masked)
    # every line of the table is an equation: cells − total = 0; a masked cell is safe when some solution moves it
    equations = []
    for line in range(size + 1):
        for view in (
            np.arange(whole.size).reshape(whole.shape)[line],
            np.arange(whole.size).reshape(whole.shape)[:, line],
        ):
            row = np.zeros(whole.size)
            row[view[:-1]], row[view[-1]] = 1, -1
            equations.append(row[unknown])
    if len(unknown):
        _u, sizes, basis = np.linalg.svd(np.array(equations))
        free = basis[int((sizes > 1e-9).sum()) :]
        assert (np.abs(free).max(axis=0, initial=0) > 1e-9).all()
