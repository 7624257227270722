"""Agreements balance year by year, exactly, and what would mend one does."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.errors import RuleBroken
from ressort.core.exchanges.agreement import (
    STATES,
    Promised,
    delivered_balance,
    follow_up,
    mends,
    move,
    together,
    value_cents,
    yearly_balance,
)

PARTIES = ("Brest", "COB", "Quimper")
WOOD = Promised("bois", "COB", "Brest", Decimal(1000), 4_000_000, 2027, 2029)
CARE = Promised("hôpital", "Brest", "COB", Decimal(1), 3_000_000, 2027, 2029)

quantities = st.decimals(min_value=1, max_value=10_000, places=3)


@st.composite
def lines(draw: st.DrawFn) -> list[Promised]:
    found = []
    for at in range(draw(st.integers(0, 7))):
        giver = draw(st.sampled_from(PARTIES))
        receiver = draw(st.sampled_from([one for one in PARTIES if one != giver]))
        first = draw(st.integers(2026, 2029))
        found.append(
            Promised(
                f"l{at}", giver, receiver, draw(quantities), draw(st.integers(0, 10**9)), first,
                draw(st.integers(first, 2029)), draw(st.booleans()), draw(st.booleans()),
            )
        )  # fmt: skip
    return found


@given(lines(), st.integers(0, 10_000))
def test_what_is_given_is_received_every_year(promised: list[Promised], tolerance: int) -> None:
    for balance in yearly_balance(PARTIES, promised, range(2026, 2030), tolerance):
        assert sum(side.net_cents for side in balance.sides) == 0
        assert sum(side.given_cents for side in balance.sides) == balance.volume_cents
        for side in balance.sides:
            rule = 10_000 * abs(side.net_cents) <= tolerance * (side.given_cents + side.received_cents)
            assert side.holds == rule


@given(lines(), st.data())
def test_what_was_delivered_is_balanced_to_the_cent_and_years_add_up(
    promised: list[Promised], data: st.DataObject
) -> None:
    runs = [(at, year) for at, one in enumerate(promised) for year in range(one.first_year, one.last_year + 1)]
    told = {key: data.draw(quantities) for key in runs if data.draw(st.booleans())}
    kept = follow_up(promised, told, range(2026, 2030))
    found = delivered_balance(PARTIES, promised, kept, 1_000)
    assert [one.year for one in found] == sorted({year for _at, year in told})
    worth = sum(one.value_cents or 0 for one in kept if not promised[one.line].is_gift)
    assert sum(one.volume_cents for one in found) == worth
    whole = together(found, 1_000)
    assert sum(side.given_cents for side in whole) == sum(side.received_cents for side in whole) == worth


def test_what_waited_for_an_event_counts_once_delivered_and_a_gift_never() -> None:
    waits, gift = replace(WOOD, is_certain=False), replace(CARE, is_gift=True)
    kept = follow_up([waits, gift], {(0, 2027): Decimal(500), (1, 2027): Decimal(1)}, [2027, 2028])
    (only,) = delivered_balance(PARTIES, [waits, gift], kept, 0)
    assert [(side.given_cents, side.received_cents) for side in only.sides] == [(0, 2_000_000), (2_000_000, 0), (0, 0)]


@given(lines(), st.integers(0, 9_999))
def test_every_mend_brings_the_party_back_within_the_tolerance(promised: list[Promised], tolerance: int) -> None:
    for balance in yearly_balance(PARTIES, promised, range(2026, 2030), tolerance):
        party = balance.worst.party
        for mend in mends(balance, promised, tolerance):
            line = promised[mend.line]
            changed = list(promised)
            changed[mend.line] = replace(line, value_cents=line.value_cents + mend.change_cents)
            again = yearly_balance(PARTIES, changed, [balance.year], tolerance)[0]
            assert next(side for side in again.sides if side.party == party).holds
            nearer = replace(
                line, value_cents=line.value_cents + mend.change_cents - (1 if mend.change_cents > 0 else -1)
            )
            changed[mend.line] = nearer
            short = yearly_balance(PARTIES, changed, [balance.year], tolerance)[0]
            assert not next(side for side in short.sides if side.party == party).holds


@given(lines(), st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(promised: list[Promised], tolerance: int, dice: object) -> None:
    shuffled = list(promised)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert yearly_balance(PARTIES, promised, [2027], tolerance) == yearly_balance(PARTIES, shuffled, [2027], tolerance)


def test_wood_against_the_hospital_solved_by_hand() -> None:
    first, second = yearly_balance(("COB", "Brest"), [WOOD, CARE], [2027], 1_000)[0].sides
    # 40,000 € against 30,000 €: a gap of 10,000 over 70,000, 7,000 allowed
    assert (first.net_cents, second.net_cents) == (1_000_000, -1_000_000)
    assert first.over_cents == second.over_cents == 300_000 and not first.holds
    found = mends(yearly_balance(("COB", "Brest"), [WOOD, CARE], [2027], 1_000)[0], [WOOD, CARE], 1_000)
    # 300,000 / 1.1 more of the hospital, or 300,000 / 0.9 less wood
    assert [(one.line, one.change_cents) for one in found] == [(1, 272_728), (0, -333_334)]


def test_gifts_and_lines_that_wait_for_an_event_weigh_nothing() -> None:
    gift, aid = replace(WOOD, is_gift=True), replace(WOOD, is_certain=False)
    assert yearly_balance(("COB", "Brest"), [gift, aid], [2027], 0)[0].volume_cents == 0


def test_a_line_weighs_only_in_its_years() -> None:
    late = replace(CARE, first_year=2028)
    assert [one.holds for one in yearly_balance(("COB", "Brest"), [WOOD, late], range(2027, 2030), 5_000)] == [
        False,
        True,
        True,
    ]


@given(quantities, st.integers(0, 10**7))
def test_a_value_is_within_half_a_cent(quantity: Decimal, unit: int) -> None:
    assert abs(value_cents(quantity, unit) - quantity * unit) <= Decimal("0.5")


def test_what_waits_for_an_event_that_did_not_come_is_not_told_as_broken() -> None:
    waits = replace(WOOD, is_certain=False)
    shares = {
        is_certain: follow_up([replace(WOOD, is_certain=is_certain)], {(0, 2027): Decimal(0)}, [2027])[0].kept_share
        for is_certain in (True, False)
    }
    assert shares == {True: 0.0, False: None}
    assert follow_up([waits], {(0, 2027): waits.quantity / 2}, [2027])[0].kept_share == 0.5


def test_what_was_kept_stands_beside_what_was_promised() -> None:
    told = follow_up([WOOD, CARE], {(0, 2027): Decimal(750)}, [2027, 2028])
    assert [(one.kept_share, one.value_cents) for one in told] == [
        (0.75, 3_000_000),
        (None, None),
        (None, None),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("line", "tolerance"),
    [
        (replace(WOOD, receiver="COB"), 0),
        (replace(WOOD, receiver="Rennes"), 0),
        (replace(WOOD, value_cents=-1), 0),
        (WOOD, 10_001),
        (WOOD, -1),
    ],
)
def test_what_cannot_be_promised_is_refused(line: Promised, tolerance: int) -> None:
    with pytest.raises(RuleBroken):
        yearly_balance(("COB", "Brest"), [line], [2027], tolerance)


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(RuleBroken):
        value_cents(Decimal(1), -1)


@given(st.sampled_from(list(STATES)), st.sampled_from(list(STATES)))
def test_states_follow_each_other_and_the_last_ones_stay(state: str, to: str) -> None:
    if to in STATES[state]:
        assert move(state, to) == to
    else:
        with pytest.raises(RuleBroken):
            move(state, to)


#: given by each side and tolerance in basis points → what passes it
LIMITS = [
    (0, 0, 0, 0),
    (100, 100, 0, 0),
    (100, 99, 0, 1),
    (11_000, 9_000, 1_000, 0),  # exactly at 10 %
    (11_001, 9_000, 1_000, 1),  # a cent beyond
    (1, 0, 10_000, 0),
    (1, 0, 9_999, 1),
    (10**17, 10**17 - 1, 0, 1),
    (10**17, 0, 10_000, 0),
]


@pytest.mark.parametrize(("first", "second", "tolerance", "over"), LIMITS)
def test_the_balance_of_several_goods_holds_up_to_the_last_cent_of_the_tolerance(
    first: int, second: int, tolerance: int, over: int
) -> None:
    """What each gives is cut in three goods, so that it is their sum that weighs."""
    lines = [
        Promised(f"{giver}{part}", giver, receiver, Decimal(1), cents, 2026, 2027)
        for giver, receiver, total in (("a", "b", first), ("b", "a", second))
        for part, cents in enumerate((total // 3, total // 3, total - 2 * (total // 3)))
    ]
    for balance in yearly_balance(["a", "b"], lines, (2026, 2027), tolerance):
        assert balance.worst.over_cents == over and balance.holds == (over == 0)
        for mend in mends(balance, lines, tolerance):
            changed = [
                replace(line, value_cents=line.value_cents + mend.change_cents) if at == mend.line else line
                for at, line in enumerate(lines)
            ]
            assert yearly_balance(["a", "b"], changed, (balance.year,), tolerance)[0].holds
