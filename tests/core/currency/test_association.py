"""What an association owes, may and must do; each rule of money conserves cents."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency import KINDS
from ressort.core.currency import measures as m
from ressort.core.currency.association import (
    ALERT_SHARES,
    COMMON_POT,
    Conversion,
    Dues,
    Limits,
    Party,
    Statement,
    asked,
    broken_identities,
    certificate,
    check_signed,
    clock,
    fund,
    gifts_cents,
    may_spend,
    next_declaration,
    next_try,
    part_cents,
    periods_due,
    pot_shared_cents,
    redemption,
    refusal,
    rolling_cents,
    signed,
)
from ressort.core.currency.measures import merchants, publication
from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.reference.currency_parameters import parameter
from tests.core.currency.operations_told import operations, told

DAY = date(2026, 6, 30)
CENTS = st.integers(0, 10**12)


# money


@given(CENTS, st.integers(0, 10_000))
def test_fee_and_net_make_the_amount_and_the_fee_is_within_half_a_cent(cents: int, rate_bp: int) -> None:
    one = redemption(cents, rate_bp)
    assert one.fee_cents + one.net_cents == cents and 0 <= one.fee_cents <= cents
    assert abs(one.fee_cents * 10_000 - cents * rate_bp) <= 5_000


def test_a_rate_beyond_the_whole_or_an_amount_below_zero_is_refused() -> None:
    for cents, rate_bp in ((-1, 500), (1, -1), (1, 10_001)):
        with pytest.raises(RuleBroken):
            part_cents(cents, rate_bp)


def test_a_redemption_of_a_hundred_pays_ninety_five_of_which_three_go_to_gifts() -> None:
    one = redemption(10_000, parameter("redemption_fee_bp"))
    gifts = gifts_cents([Conversion(DAY, 10_000, "amap")], {"amap": 30}, parameter("donation_rate_bp"), 30)
    assert (one.net_cents, one.fee_cents, gifts["amap"], one.fee_cents - gifts["amap"]) == (9_500, 500, 300, 200)


@given(st.lists(st.tuples(CENTS, st.sampled_from(["a", "b", ""]))), st.integers(0, 60), st.integers(0, 60))
def test_gifts_are_neither_lost_nor_made_and_small_ones_meet_in_the_pot(done: list, a: int, b: int) -> None:
    conversions = [Conversion(DAY, cents, name) for cents, name in done]
    owed = gifts_cents(conversions, {"a": a, "b": b}, 300, 30)
    assert sum(owed.values()) == sum(part_cents(cents, 300) for cents, _name in done)
    assert (a >= 30 or "a" not in owed) and (b >= 30 or "b" not in owed)
    assert COMMON_POT in owed or not any(not name or {"a": a, "b": b}[name] < 30 for _cents, name in done)


@given(CENTS, st.dictionaries(st.text(max_size=3), st.integers(1, 10**6), min_size=1))
def test_a_pot_is_shared_to_the_cent(cents: int, weights: dict) -> None:
    parts = pot_shared_cents(cents, weights)
    assert sum(parts.values()) == cents
    whole = sum(weights.values())
    assert all(abs(parts[name] * whole - cents * weight) < whole for name, weight in weights.items())


def test_dues_are_due_then_late_and_stop_spending_after_patience() -> None:
    one = Dues(DAY, 1_000, paid_cents=999)
    late = DAY + timedelta(1)
    assert (one.status(DAY), one.status(late)) == ("due", "late")
    assert Dues(DAY, 1_000, 1_000).status(late) == "paid"
    assert Dues(DAY, 1_000, waived=True).status(late) == "waived"
    assert Dues(DAY, 1_000, left_on=DAY).status(late) == "left"
    assert Dues(DAY, 1_000, left_on=late).status(late) == "late"
    assert may_spend([one], DAY + timedelta(60)) and not may_spend([one], DAY + timedelta(61))


# mandates


@given(st.lists(st.tuples(st.sampled_from(["waiting", "accepted", "refused", "revoked"]), st.sampled_from([1, 2, 3]))))
def test_a_mandate_is_answered_by_the_debtor_ended_by_either_side_and_its_history_only_grows(steps: list) -> None:
    mandate = asked(creditor=2, debtor=1, on=DAY)
    states = ["waiting"]
    for state, by in steps:
        before = mandate.history
        answers = {("waiting", "accepted"), ("waiting", "refused")}
        ends = {("waiting", "revoked"), ("accepted", "revoked")}
        allowed = (states[-1], state) in {1: answers | ends, 2: ends, 3: set()}[by]
        if not allowed:
            with pytest.raises(RuleBroken):
                mandate.decided(state, by, DAY)
            continue
        mandate = mandate.decided(state, by, DAY)
        states.append(state)
        assert mandate.history[:-1] == before
    assert [change.state for change in mandate.history] == states


def test_a_mandate_is_not_decided_before_it_was_asked_nor_given_to_oneself() -> None:
    with pytest.raises(RuleBroken):
        asked(2, 1, DAY).decided("accepted", 1, DAY - timedelta(1))
    with pytest.raises(RuleBroken):
        asked(1, 1, DAY)


def test_a_mandate_lets_its_most_be_taken_while_it_is_in_force_and_debits_are_tried_again_on_fixed_days() -> None:
    mandate = asked(2, 1, DAY, most_cents=1_000).decided("accepted", 1, DAY)
    assert mandate.refusal(1_000) == "" and mandate.refusal(1_001) == "above_mandate"
    assert mandate.decided("revoked", 1, DAY).refusal(1) == "no_mandate"
    assert asked(2, 1, DAY).refusal(1) == "no_mandate"
    for nothing in (0, -1):
        with pytest.raises(RuleBroken):
            mandate.refusal(nothing)
    assert [next_try(DAY, tried) for tried in range(3)] == [DAY + timedelta(5), DAY + timedelta(15), None]


@given(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 90), st.booleans(),
)  # fmt: skip
def test_periods_come_one_a_month_in_order_never_before_the_mandate_and_none_is_forgotten(
    first_on: date, accepted_on: date, on: date, later: int, is_recurring: bool
) -> None:
    begin = max(first_on, accepted_on)
    found = periods_due(first_on, accepted_on, on, is_recurring=is_recurring)
    months = [period.year * 12 + period.month for period, _due_on in found]
    assert all(begin <= due_on <= on and (period.day, period.month) == (1, due_on.month) for period, due_on in found)
    assert months == list(range(months[0], months[0] + len(months))) if months else True
    whole = on.year * 12 + on.month - begin.year * 12 - begin.month
    assert len(found) in ({whole, whole + 1} if on >= begin and is_recurring else {int(on >= begin)})
    assert periods_due(first_on, accepted_on, on + timedelta(later), is_recurring=is_recurring)[: len(found)] == found


# limits


def test_default_limits_let_the_first_payment_through_and_hold_persons_by_level() -> None:
    new, shop = Party("person", 0, 0), Party("professional", 0, 10**9)
    assert refusal(Limits(), new, shop, 2_000) is None
    assert refusal(Limits(), shop, new, 25_000) is None
    assert refusal(Limits(), shop, new, 25_001) == "ceiling"
    assert refusal(Limits(), shop, Party("person", 2, 10**7), 25_001) is None
    assert Limits().ceilings_cents == tuple(parameter("balance_cap_cents_by_identity_level"))


def test_each_limit_refuses_for_its_own_reason() -> None:
    limits = Limits(payment_cents=5_000, day_cents=8_000, closed=frozenset({("person", "person")}))
    person, shop = Party("person", 2, 0, paid_today_cents=4_000), Party("professional", 0, 0)
    assert refusal(limits, person, person, 1) == "not_allowed"
    assert refusal(limits, person, shop, 5_001) == "limit"
    assert refusal(limits, person, shop, 4_001) == "daily_limit"
    assert refusal(limits, person, shop, 4_000) is None


# clocks


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60), st.integers(1, 70))
def test_the_rolling_sum_is_that_of_the_last_days(cents: list, days: int) -> None:
    rolled = rolling_cents(np.array(cents, np.int64), days)
    assert rolled.tolist() == [sum(cents[max(0, end + 1 - days) : end + 1]) for end in range(len(cents))]


def test_a_clock_tells_which_alert_it_reached_and_since_when() -> None:
    values = np.array([0, 71, 60, 75, 95, 100, 101]) * 1_000_000
    found = clock(values, DAY, parameter("payments_declaration_threshold_cents"))
    assert found.crossed == ((0.7, DAY + timedelta(3)), (0.9, DAY + timedelta(4)), (1.0, DAY + timedelta(5)))
    assert found.alert_share == 1.0 and found.is_beyond
    assert not clock(values[:-1], DAY, 100_000_000).is_beyond
    assert clock(values[:3], DAY, 100_000_000).alert_share is None
    assert list(ALERT_SHARES) == parameter("threshold_alert_shares")


def test_a_declaration_is_renewed_each_year() -> None:
    assert next_declaration(date(2024, 2, 29)) == date(2025, 2, 28)
    assert next_declaration(DAY) == date(2027, 6, 30)


# the reserve


def _balances(done: list[tuple[str, int, int]]) -> dict[str, int]:
    held: dict[str, int] = defaultdict(int)
    for operation, cents, which in done:
        meanings = list(told(operation, cents, cents // 20))
        for source, target, moved in meanings[which % len(meanings)]:
            held[source] -= moved
            held[target] += moved
    return held


@pytest.mark.parametrize("operation", operations())
@given(cents=st.integers(1, 10**9), which=st.integers(0, 2))
def test_no_operation_of_the_table_moves_cover_less_claims_but_notes_found(operation: str, cents: int, which: int) -> None:  # fmt: skip
    held = _balances([(operation, cents, which)])
    for name in ("paper", "digital"):
        change = fund(held, name).cover_cents - fund(held, name).claims_cents
        assert change == (cents if operation == "notes_found" and name == "paper" else 0)


@given(st.lists(st.tuples(st.sampled_from(operations()), st.integers(1, 10**6), st.integers(0, 2))))
def test_the_identities_of_the_chart_hold_after_any_operations(done: list) -> None:
    assert broken_identities(_balances(done)) == []


def test_every_kind_of_account_is_reached_by_an_operation() -> None:
    reached = {side for name in operations() for legs in told(name, 100) for leg in legs for side in leg[:2]}
    assert {kind.code for kind in KINDS} - reached == {"offline_guarantee"} - reached


def test_a_fund_tells_what_is_there_what_is_on_its_way_and_what_the_bank_must_say() -> None:
    done = [("exchange_to_digital_online", 10_000, 0), ("exchange_to_digital_at_office", 2_000, 0), ("redeem_digital", 1_000, 0)]  # fmt: skip
    found = fund(_balances(done), "digital")
    assert (found.claims_cents, found.reserve_cents, found.transit_cents, found.payable_cents) == (11_000, 9_000, 2_000, 1_000)  # fmt: skip
    assert (found.statement_cents, found.cover_share) == (10_000, 1.0)
    assert found.strict_share == pytest.approx(9 / 11)
    assert fund({}, "paper").cover_share is None


CERTIFIED = _balances([("exchange_to_digital_online", 10_000, 0)])


def test_a_certificate_names_two_people_and_the_difference_with_the_bank() -> None:
    body = certificate("ABE", DAY, CERTIFIED, {"digital": Statement("R12", 9_990)}, "ab" * 32, ["Ana", "Bo"])
    assert b'"currency":"ABE"' in body and b'"nature":null' in body, "signed for one currency, and no other"
    assert b'"difference_cents":-10' in body and b'"confirmed_by":["Ana","Bo"]' in body
    with pytest.raises(RuleBroken):
        certificate("ABE", DAY, CERTIFIED, {}, "ab" * 32, ["Ana", " Ana "])


def test_units_without_euros_are_never_certified() -> None:
    with pytest.raises(RuleBroken) as refused:
        certificate("ABE", DAY, CERTIFIED | {"reserve_digital": 9_999, "outside_eur": -9_999}, {}, "", ["Ana", "Bo"])
    assert refused.value.facts["names"] == ["I7_digital"]


def test_a_signed_certificate_is_checked_with_the_key_published_before() -> None:
    key, other = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
    made = signed(certificate("ABE", DAY, CERTIFIED, {}, "", ["Ana", "Bo"]), key)
    public = key.public_key().public_bytes_raw().hex()
    assert check_signed(made, public).decode() == made["body"]
    for changed, by in (
        (made | {"body": made["body"].replace("10000", "20000")}, public),
        (made, other.public_key().public_bytes_raw().hex()),
    ):
        with pytest.raises(RuleBroken):
            check_signed(changed, by)
    for broken, by in (({}, public), (made | {"signature": "zz"}, public), (made, "00")):
        with pytest.raises(InputError):
            check_signed(broken, by)


# figures


def test_the_defaults_of_the_rules_are_those_of_the_figures() -> None:
    assert parameter("saturation_alert_months") == merchants.SATURATED_MONTHS
    assert parameter("publication_minimum_merchants") == publication.LEAST_MERCHANTS
    assert parameter("publication_dominance_share") == publication.MOST_SHARE
    assert m.multiplier_ratio(0.4) == pytest.approx(1 / 0.6)
    with pytest.raises(UnknownCode):
        parameter("nothing")
