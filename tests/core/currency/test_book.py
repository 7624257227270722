"""The rules of the ledger, one sentence each, told on a ledger of a few accounts."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency import (
    KINDS,
    MOST_CENTS,
    Action,
    Answer,
    Book,
    Leg,
    Melting,
    Reason,
    Request,
    Status,
    kind,
    melt,
    moved,
    operation,
    taken_cents,
)

NOW, TODAY = datetime(2026, 11, 25, 12, tzinfo=UTC), date(2026, 11, 25)
PAY = operation("pay_member")


class Town:
    """Ada holds 50, Bob nothing, and the reserve what is behind."""

    def __init__(self) -> None:
        self.book = Book()
        self.outside, self.reserve, self.issue, self.ada, self.bob = (
            self.book.open_account(1, kind(code).id)
            for code in ("outside_eur", "reserve_digital", "digital_issue", "member", "member")
        )
        assert self.ask(Leg(10, self.outside, self.reserve, 5000), Leg(10, self.issue, self.ada, 5000)).reason == 0

    def ask(self, *legs: Leg, key: UUID | None = None, day: date | None = None, later: datetime = NOW) -> Answer:
        return self.book.submit(Request(key or uuid4(), legs, 1, day, NOW + timedelta(hours=1)), later, TODAY)

    def pay(self, amount_cents: int, **rest: object) -> Reason:
        return self.ask(Leg(PAY, self.ada, self.bob, amount_cents), **rest).reason  # type: ignore[arg-type]

    def balances(self) -> tuple[int, int]:
        return self.book.accounts[self.ada].balance_cents, self.book.accounts[self.bob].balance_cents


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_payment_leaves_one_account_and_enters_the_other(town: Town) -> None:
    assert town.pay(1234) is Reason.ACCEPTED
    assert town.balances() == (3766, 1234)


def test_nobody_spends_more_than_they_hold_nor_what_is_held_back(town: Town) -> None:
    assert town.pay(5001) is Reason.INSUFFICIENT_FUNDS
    town.ask(Leg(PAY, town.ada, town.bob, 4000, Action.HOLD))
    assert town.pay(1001) is Reason.INSUFFICIENT_FUNDS
    assert town.pay(1000) is Reason.ACCEPTED


@pytest.mark.parametrize("amount_cents", [0, -1, MOST_CENTS + 1, 2**63 - 1, -(2**63) + 1])
def test_an_amount_is_at_least_one_cent_and_never_absurd(town: Town, amount_cents: int) -> None:
    assert town.pay(amount_cents) is Reason.BAD_AMOUNT


def test_the_same_key_gets_the_same_answer_even_when_it_was_no(town: Town) -> None:
    refused, accepted = uuid4(), uuid4()
    assert town.pay(6000, key=refused) is Reason.INSUFFICIENT_FUNDS
    assert town.pay(10, key=accepted) is town.pay(10, key=accepted) is Reason.ACCEPTED
    town.ask(Leg(10, town.outside, town.reserve, 9000), Leg(10, town.issue, town.ada, 9000))
    assert town.pay(6000, key=refused) is Reason.INSUFFICIENT_FUNDS
    assert town.pay(11, key=accepted) is Reason.KEY_CONFLICT
    assert town.balances()[1] == 10


def test_all_the_legs_happen_or_none(town: Town) -> None:
    answer = town.ask(Leg(PAY, town.ada, town.bob, 100), Leg(PAY, town.bob, town.ada, 200))
    assert answer == Answer(Reason.INSUFFICIENT_FUNDS)
    assert town.balances() == (5000, 0)


def test_units_are_issued_only_with_their_euros(town: Town) -> None:
    assert town.ask(Leg(10, town.issue, town.bob, 1)).reason is Reason.RESERVE_SHORT
    assert town.ask(Leg(10, town.issue, town.bob, 1), Leg(10, town.outside, town.reserve, 1)).reason is Reason.ACCEPTED


def test_euros_and_units_never_mix_nor_do_two_currencies(town: Town) -> None:
    assert town.ask(Leg(10, town.outside, town.bob, 1)).reason is Reason.NOT_ALLOWED
    elsewhere = town.book.open_account(2, kind("member").id)
    assert town.ask(Leg(PAY, town.ada, elsewhere, 1)).reason is Reason.NOT_ALLOWED
    assert town.ask(Leg(PAY, town.ada, town.ada, 1)).reason is Reason.NOT_ALLOWED
    assert town.ask(Leg(PAY, town.ada, 77, 1)).reason is Reason.UNKNOWN_ACCOUNT


def test_the_euros_of_one_currency_are_not_behind_the_units_of_another(town: Town) -> None:
    issue, member = (town.book.open_account(2, kind(code).id) for code in ("digital_issue", "member"))
    both = Leg(10, town.outside, town.reserve, 1), Leg(10, issue, member, 1)
    assert town.ask(*both).reason is town.ask(*reversed(both)).reason is Reason.NOT_ALLOWED
    assert town.book.accounts[member].balance_cents == 0


def test_a_hold_is_posted_in_part_once_and_frees_the_rest(town: Town) -> None:
    (hold,) = town.ask(Leg(PAY, town.ada, town.bob, 4000, Action.HOLD)).transfers
    assert town.ask(Leg(PAY, amount_cents=4001, action=Action.POST, target=hold)).reason is Reason.BAD_AMOUNT
    assert town.ask(Leg(PAY, amount_cents=2500, action=Action.POST, target=hold)).reason is Reason.ACCEPTED
    assert town.balances() == (2500, 2500)
    assert town.pay(2500) is Reason.ACCEPTED
    for action in (Action.POST, Action.VOID, Action.EXPIRE):
        assert town.ask(Leg(PAY, amount_cents=1, action=action, target=hold)).reason is Reason.DUPLICATE_RESOLUTION


def test_a_hold_ends_by_itself_after_its_deadline_and_not_before(town: Town) -> None:
    (hold,) = town.ask(Leg(PAY, town.ada, town.bob, 4000, Action.HOLD)).transfers
    expire, late = Leg(PAY, action=Action.EXPIRE, target=hold), NOW + timedelta(hours=1)
    assert town.ask(expire).reason is Reason.NOT_EXPIRED
    assert town.ask(Leg(PAY, amount_cents=1, action=Action.POST, target=hold), later=late).reason is Reason.EXPIRED
    assert town.ask(expire, later=late).reason is Reason.ACCEPTED
    assert town.pay(5000) is Reason.ACCEPTED


def test_a_transfer_is_reversed_once_if_the_payee_still_holds_it(town: Town) -> None:
    (paid,) = town.ask(Leg(PAY, town.ada, town.bob, 700)).transfers
    back = Leg(PAY, action=Action.REVERSE, target=paid)
    (again,) = town.ask(Leg(PAY, town.bob, town.ada, 700)).transfers
    assert town.ask(back).reason is Reason.INSUFFICIENT_FUNDS
    assert town.ask(Leg(PAY, action=Action.REVERSE, target=again)).reason is Reason.ACCEPTED
    (reversal,) = town.ask(back).transfers
    assert town.balances() == (5000, 0)
    assert town.ask(back).reason is Reason.DUPLICATE_RESOLUTION
    assert town.ask(Leg(PAY, action=Action.REVERSE, target=reversal)).reason is Reason.NOT_ALLOWED
    assert town.ask(Leg(PAY, action=Action.REVERSE, target=99)).reason is Reason.UNKNOWN_TRANSFER


def test_limits_closed_accounts_and_closed_days_hold(town: Town) -> None:
    bob = town.book.accounts[town.bob]
    bob.ceiling_cents = 100
    assert town.pay(101) is Reason.CEILING
    bob.status = Status.CLOSED
    assert town.pay(1) is Reason.CLOSED_ACCOUNT
    bob.status, town.book.accounts[town.ada].status = Status.OPEN, Status.RECEIVES_ONLY
    assert town.pay(1) is Reason.CLOSED_ACCOUNT
    town.book.accounts[town.ada].status = Status.OPEN
    town.book.closed_until[1] = TODAY - timedelta(days=1)
    assert town.pay(1, day=TODAY - timedelta(days=1)) is Reason.CLOSED_DAY
    assert town.pay(1) is Reason.ACCEPTED


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=12),
    st.integers(0, 10**7),
    st.integers(0, 400),
    st.integers(0, 90),
)
def test_demurrage_does_not_depend_on_how_days_are_cut(parts: list[int], balance_cents: int, rate_ppm: int, grace_days: int) -> None:  # fmt: skip
    by_parts = Melting()
    for days in parts:
        by_parts = melt(by_parts, balance_cents, days, rate_ppm, grace_days)
    assert by_parts == melt(Melting(), balance_cents, sum(parts), rate_ppm, grace_days)
    cents, rest = taken_cents(by_parts)
    assert cents * 1_000_000 + rest.due == by_parts.due
    assert 0 <= rest.due < 1_000_000


def test_spending_begins_the_grace_period_again() -> None:
    still = melt(Melting(), 10_000, 95, 160, grace_days=90)
    assert still.due == 5 * 160 * 10_000
    assert melt(moved(still), 10_000, 90, 160, grace_days=90).due == still.due
    with pytest.raises(ValueError):
        melt(Melting(), 1, -1, 160)


def test_kinds_are_numbered_in_their_order() -> None:
    assert [one.id for one in KINDS] == list(range(1, len(KINDS) + 1))
