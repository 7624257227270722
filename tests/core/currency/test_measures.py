"""The measures of a currency: answers worked out on paper, identities to the cent, and what may be published."""

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
    issuance,
    ledger_lm3_ratio,
    lm3_ratio,
    masked_with_seconds,
    mean_stock_cents,
    merged,
    mixed_mean_days,
    multiplier_ratio,
    payments_cents,
    professional_uses,
    saturation_months,
    stock_change_cents,
    tally,
    territory_saturation,
    velocity_turns_per_year,
    without_reversed,
)
from ressort.core.errors import RuleBroken

PERSON, SHOP, FARM, TOWN, HOUSE = range(5)
ROLES = [Role.PERSON, Role.PROFESSIONAL, Role.PROFESSIONAL, Role.PUBLIC, Role.ASSOCIATION]


def flows(*moves: tuple[int, Flow, int, int, int], opening: list[int] | None = None, roles: list[Role] = ROLES) -> Flows:  # fmt: skip
    """Movements told as (day, what, payer, payee, cents)."""
    columns = list(zip(*moves, strict=True)) or [()] * 5
    types = (np.int32, np.uint8, np.int32, np.int32, np.int64)
    return Flows(
        *(np.array(column, kind) for column, kind in zip(columns, types, strict=True)),
        np.array(roles, np.uint8), np.array(opening or [0] * len(roles), np.int64),
    )  # fmt: skip


#: ten days: 100 issued to a person, who pays 60 to a shop; it pays 25 to a farm, 10 of wages, 5 to the town, redeems 15, owes 2 of dues
YEAR = flows(
    (0, Flow.ISSUE, OUTSIDE, PERSON, 10_000),
    (2, Flow.PAYMENT, PERSON, SHOP, 6_000),
    (4, Flow.PAYMENT, SHOP, FARM, 2_500),
    (4, Flow.PAYMENT, SHOP, PERSON, 1_000),
    (4, Flow.PAYMENT, SHOP, TOWN, 500),
    (6, Flow.REDEMPTION, SHOP, OUTSIDE, 1_500),
    (6, Flow.OTHER, SHOP, HOUSE, 200),
)


def test_velocity_is_payments_over_the_mean_daily_stock() -> None:
    found = tally(YEAR, 0, 10)
    # six days of 100 (0 to 5), four of 100 − 15 − 2 = 83 (6 to 9): the association's 2 are not counted
    assert mean_stock_cents(found) == pytest.approx((6 * 10_000 + 4 * 8_300) / 10)
    assert payments_cents(found) == 10_000
    assert velocity_turns_per_year(found) == pytest.approx(10_000 / 9_320 * 365 / 10)


def test_without_any_stock_there_is_no_velocity() -> None:
    assert velocity_turns_per_year(tally(flows(), 0, 10)) is None


def test_a_window_starts_with_what_came_before_and_ends_before_its_end() -> None:
    found = tally(YEAR, 3, 6)
    assert payments_cents(found) == 4_000
    assert mean_stock_cents(found) == 10_000
    assert issuance(found)["both"].redemption_share is None


def test_active_velocity_leaves_dormant_holders_out() -> None:
    some = flows(
        (0, Flow.PAYMENT, PERSON, SHOP, 100), (300, Flow.PAYMENT, SHOP, FARM, 50), opening=[1_000, 1_000, 1_000, 0, 0]
    )
    found = tally(some, 290, 310)
    # the shop alone paid within 180 days; it holds 1 100 for ten days, then 1 050
    assert velocity_turns_per_year(found, active_only=True) == pytest.approx(50 / 1_075 * 365 / 20)
    assert velocity_turns_per_year(found) == pytest.approx(50 / 3_000 * 365 / 20)


def test_redemption_and_net_increase_hold_both_funds() -> None:
    some = flows(
        (0, Flow.ISSUE, OUTSIDE, PERSON, 5_000),
        (1, Flow.NOTES_ISSUE, OUTSIDE, OUTSIDE, 3_000),
        (2, Flow.DEPOSIT, OUTSIDE, SHOP, 1_000),
        (3, Flow.NOTES_REDEMPTION, OUTSIDE, OUTSIDE, 500),
        (4, Flow.REDEMPTION, SHOP, OUTSIDE, 400),
        (5, Flow.WITHDRAWAL, PERSON, OUTSIDE, 200),
    )
    found = tally(some, 0, 10)
    told = issuance(found)
    assert told["digital"].redemption_share == pytest.approx(0.08)
    assert told["paper"].redemption_share == pytest.approx(500 / 3_000)
    assert told["both"].net_increase_cents == 7_100
    notes_cents = 3_000 - 1_000 - 500 + 200
    assert stock_change_cents(found) + notes_cents == told["both"].net_increase_cents


def test_uses_of_professionals_are_told_apart_and_close_to_the_cent() -> None:
    uses = professional_uses(tally(YEAR, 0, 10))
    assert (uses.inflow_cents, uses.to_professionals_cents, uses.wages_cents, uses.to_public_cents) == (8_500, 2_500, 1_000, 500)  # fmt: skip
    assert (uses.redeemed_cents, uses.to_association_cents, uses.other_cents, uses.kept_cents) == (1_500, 200, 0, 2_800)
    assert uses.reuse_share == pytest.approx(4_000 / 8_500)
    assert uses.leak_share == pytest.approx(1_500 / 8_500)
    only_shop = np.array([False, True, False, False, False])
    assert professional_uses(tally(YEAR, 0, 10), only_shop).reuse_share == pytest.approx(4_000 / 6_000)


MOVES = st.lists(
    st.tuples(
        st.integers(0, 30), st.sampled_from(list(Flow)), st.integers(0, 4), st.integers(0, 4), st.integers(1, 10**9)
    ),
    max_size=40,
)


def _possible(moves: list[tuple[int, Flow, int, int, int]], opening_cents: int = 10**11) -> Flows:
    """Any movements made possible: in order, from the outside where they are born, nobody paying itself."""
    kept = []
    for day, what, payer, payee, cents in sorted(moves):
        outside_pays = what in (Flow.ISSUE, Flow.DEPOSIT, Flow.NOTES_ISSUE, Flow.NOTES_REDEMPTION)
        outside_is_paid = what in (Flow.REDEMPTION, Flow.WITHDRAWAL, Flow.NOTES_ISSUE, Flow.NOTES_REDEMPTION)
        source, target = OUTSIDE if outside_pays else payer, OUTSIDE if outside_is_paid else payee
        if source != target or source == OUTSIDE:
            kept.append((day, what, source, target, cents))
    return flows(*kept, opening=[opening_cents] * 5)


@given(MOVES, st.integers(0, 20), st.integers(1, 15))
@settings(deadline=None)
def test_identities_hold_for_any_window(moves: list, start: int, days: int) -> None:
    some = _possible(moves)
    found = tally(some, start, start + days)
    uses = professional_uses(found)
    assert uses.inflow_cents == uses.reuse_cents + uses.redeemed_cents + uses.to_association_cents + uses.other_cents + uses.kept_cents  # fmt: skip
    born = found.issued_cents + found.deposited_cents - found.redeemed_cents - found.withdrawn_cents
    assert stock_change_cents(found) == born
    for order in ("fifo", "lifo"):
        traced = dwell(some, start, start + days, order)
        assert traced.lots_cents.tolist() == found.by_holder[1].tolist()


@given(MOVES)
@settings(deadline=None)
def test_splitting_a_holder_into_two_accounts_changes_nothing(moves: list) -> None:
    one = _possible(moves)
    payer, payee = one.payer.copy(), one.payee.copy()
    payee[::2][payee[::2] == SHOP] = 5  # every other payment to the shop goes to its second account
    day = one.day[-1:] if len(one.day) else np.array([0], np.int32)
    wide = Flows(
        np.append(one.day, day).astype(np.int32), np.append(one.kind, np.uint8(Flow.PAYMENT)), np.append(payer, np.int32(SHOP)),
        np.append(payee, np.int32(5)), np.append(one.amount_cents, 7), np.append(one.role, np.uint8(Role.PROFESSIONAL)),
        np.append(one.opening_cents, 0),
    )  # fmt: skip
    joined = merged(wide, np.array([0, 1, 2, 3, 4, 1], np.int32))
    assert velocity_turns_per_year(tally(joined, 0, 31)) == velocity_turns_per_year(tally(one, 0, 31))
    assert dwell(joined, 0, 31).mean_days == dwell(one, 0, 31).mean_days


def test_a_reversal_leaves_everything_as_if_neither_had_been() -> None:
    wrong = flows(
        (0, Flow.ISSUE, OUTSIDE, PERSON, 10_000), (1, Flow.PAYMENT, PERSON, SHOP, 300), (5, Flow.PAYMENT, SHOP, PERSON, 300)
    )  # fmt: skip
    mended = without_reversed(wrong, np.array([1, 2, 3]), np.array([0, 0, 2]))
    assert payments_cents(tally(mended, 0, 10)) == 0
    assert len(mended.day) == 1


def test_a_closed_circuit_with_a_constant_share_reaches_the_multiplier() -> None:
    """Each firm spends 40 % of what it receives at the next, and redeems the rest: firms receive k times the first payment."""
    firms, moves, cents = 15, [(0, Flow.PAYMENT, 0, 1, 5**15 * 10)], 5**15 * 10
    for firm in range(1, firms):
        spent = cents * 2 // 5
        moves += [(firm, Flow.PAYMENT, firm, firm + 1, spent), (firm, Flow.REDEMPTION, firm, OUTSIDE, cents - spent)]
        cents = spent
    some = flows(*moves, opening=[5**15 * 10] + [0] * firms, roles=[Role.PERSON] + [Role.PROFESSIONAL] * firms)
    uses = professional_uses(tally(some, 0, 100))
    assert uses.reuse_share == pytest.approx(0.4, abs=1e-6)
    assert uses.inflow_cents / (5**15 * 10) == pytest.approx(multiplier_ratio(0.4, firms), abs=1e-12)
    assert multiplier_ratio(0.4, firms) == pytest.approx(multiplier_ratio(0.4), abs=1e-5)


def test_lm3_follows_two_rounds_of_local_spending() -> None:
    assert lm3_ratio(0, 0, 0) is None
    some = flows(
        (0, Flow.ISSUE, OUTSIDE, PERSON, 10_000),
        (1, Flow.PAYMENT, PERSON, SHOP, 8_000),
        (2, Flow.PAYMENT, SHOP, FARM, 2_000),
    )
    receivers = np.array([True, False, False, False, False])
    # 100 received, 80 spent at the shop, a quarter of which is spent again
    assert ledger_lm3_ratio(some, tally(some, 0, 10), receivers) == pytest.approx((10_000 + 8_000 + 2_000) / 10_000)


@given(MOVES)
@settings(deadline=None)
def test_lm3_lies_between_one_and_three(moves: list) -> None:
    some = _possible(moves, 10**12)
    value = ledger_lm3_ratio(some, tally(some, 0, 31), np.array([True, False, False, False, False]))
    assert value is None or 1 <= value <= 3 + 1e-9


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


@given(st.integers(1, 5), st.data())
@settings(deadline=None)
def test_no_masked_cell_can_be_worked_out_from_the_totals(size: int, data: st.DataObject) -> None:
    cells = st.lists(st.integers(0, 50), min_size=size * size, max_size=size * size)
    inner = np.array(data.draw(cells), np.int64).reshape(size, size)
    first = np.array(data.draw(st.lists(st.booleans(), min_size=size * size, max_size=size * size)))
    whole = np.zeros((size + 1, size + 1), np.int64)
    whole[:-1, :-1] = inner
    whole[-1], whole[:, -1] = whole.sum(0), whole.sum(1)
    whole[-1, -1] = inner.sum()
    masked = np.zeros_like(whole, bool)
    masked[:-1, :-1] = first.reshape(size, size)
    masked = masked_with_seconds(whole, masked)
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


@pytest.mark.parametrize(
    "move",
    [
        [(5, Flow.PAYMENT, 0, 1, 1), (4, Flow.PAYMENT, 0, 1, 1)],
        [(5, Flow.PAYMENT, 0, 1, 0)],
        [(5, Flow.PAYMENT, 0, 9, 1)],
    ],
)
def test_flows_that_cannot_be_are_refused(move: list) -> None:
    with pytest.raises(RuleBroken):
        flows(*move)


def test_a_holder_of_two_roles_is_refused() -> None:
    with pytest.raises(RuleBroken):
        merged(YEAR, np.array([0, 0, 1, 2, 3], np.int32))


def test_who_pays_more_than_is_known_to_be_held_is_told() -> None:
    some = flows((0, Flow.PAYMENT, PERSON, SHOP, 5), (1, Flow.PAYMENT, SHOP, PERSON, 5))
    assert tally(some, 0, 10).overdrawn.tolist() == [True, False, False, False, False]
