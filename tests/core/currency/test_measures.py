"""The measures of a currency: answers worked out on paper, identities that always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.currency.measures import (
    OUTSIDE,
    Flow,
    Flows,
    Role,
    dwell,
    issuance,
    ledger_lm3_ratio,
    lm3_ratio,
    mean_stock_cents,
    merged,
    multiplier_ratio,
    payments_cents,
    professional_uses,
    stock_change_cents,
    tally,
    velocity_turns_per_year,
    without_reversed,
)
from ressort.core.errors import RuleBroken
from tests.core.currency.circuit import FARM, PERSON, SHOP, YEAR, flows


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
