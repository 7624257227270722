"""What the rest of the program may ask of the ledger, and what people do to it at the same moment."""

import signal
import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from tests.web import ledger_town

from ressort.core.currency import KINDS, OPERATIONS, Action, Answer, Leg, Reason, Request, Status, kind, operation
from ressort.core.errors import InputError, RessortError, RuleBroken, UnknownCode
from ressort.reference import table
from ressort.web.currency import actions
from ressort.web.currency.door import ask
from ressort.web.currency.group import GroupCommit


@pytest.fixture
def currency(db: None) -> int:
    return actions.found_currency("T" + uuid4().hex[:7].upper(), "Essai")


@pytest.fixture
def members(currency: int) -> tuple[int, int]:
    return actions.open_account(currency, "member", floor_cents=-500), actions.open_account(currency, "member")


def paid(members: tuple[int, int], amount_cents: int, **rest: Any) -> Answer:
    return actions.submit(Request(uuid4(), (Leg(operation("pay_member"), *members, amount_cents),), **rest))


def test_credit_granted_is_a_floor_below_zero(currency: int, members: tuple[int, int]) -> None:
    assert paid(members, 500).reason is Reason.ACCEPTED
    assert paid(members, 1).reason is Reason.INSUFFICIENT_FUNDS
    with pytest.raises(RuleBroken) as refusal:
        actions.require(paid(members, 1))
    assert refusal.value.facts["reason"] == "insufficient_funds"
    with pytest.raises(RuleBroken):
        actions.limit_account(members[0], floor_cents=-499)
    with pytest.raises(RuleBroken, match="floor"):  # nothing is kept that is not held
        actions.limit_account(actions.open_account(currency, "member"), floor_cents=1)


def test_an_account_is_closed_once_empty_and_closed_it_receives_nothing(members: tuple[int, int]) -> None:
    paid(members, 100)
    with pytest.raises(RuleBroken):
        actions.change_status(members[1], Status.CLOSED)
    paid((members[1], members[0]), 100)
    actions.change_status(members[1], Status.CLOSED)
    assert paid(members, 1).reason is Reason.CLOSED_ACCOUNT
    with pytest.raises(UnknownCode):
        actions.change_status(10**9, Status.OPEN)


def test_a_closed_day_stays_closed(currency: int, members: tuple[int, int]) -> None:
    actions.close_days(currency, date(2026, 1, 31))
    assert paid(members, 1, day=date(2026, 1, 31)).reason is Reason.CLOSED_DAY
    assert paid(members, 1, day=date(2026, 2, 1)).reason is Reason.ACCEPTED
    with pytest.raises(RuleBroken):
        actions.close_days(currency, date(2026, 1, 30))


def test_a_request_that_no_database_could_read_is_refused_with_words(members: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="64 bits"):
        paid(members, 2**63)
    with pytest.raises(InputError, match="legs"):
        actions.submit(Request(uuid4(), ()))
    with pytest.raises(InputError, match="ends or reverses"):
        actions.submit(Request(uuid4(), (Leg(20, action=Action.VOID),)))
    assert paid(members, -(2**63) + 1).reason is Reason.BAD_AMOUNT
    assert actions.submit_all([]) == []


def test_a_late_hold_is_released_by_itself(town: ledger_town.Town) -> None:
    town.raw.autocommit = False
    now = town.raw.execute("SELECT now()").fetchone()[0]  # type: ignore[index]
    town.hold(0, 1, 10_000, now + timedelta(microseconds=1))
    town.raw.commit()
    assert actions.end_late_holds() >= 1
    held = actions._value("SELECT pending_out_cents FROM ledger.account WHERE id = %s", town.members[0])
    assert held == 0


def test_kinds_and_operations_are_those_of_the_chart_and_of_the_database(db: None) -> None:
    chart, legs = table("currency/chart_of_accounts"), table("currency/operations")
    weight = {"paper_claim": (-1, 0), "digital_claim": (0, -1)} | {
        f"{word}_{fund}": (fund == "paper", fund == "digital") for word in ("transit", "reserve") for fund in ("paper", "digital")
    }  # fmt: skip
    expected = [
        (at, row["code"], row["unit"] == "EUR", row["floor"] == "none", *map(int, weight.get(row["counted_as"] or "", (0, 0))))
        for at, row in enumerate(chart.to_dicts(), 1)
    ]  # fmt: skip
    assert [(one.id, one.code, one.is_euro, one.is_source, one.paper, one.digital) for one in KINDS] == expected
    rows = actions._rows("SELECT id, code, unit = 1, is_source, paper, digital FROM ledger.kind ORDER BY id")
    assert rows == expected
    assert tuple(legs["operation"].unique(maintain_order=True)) == OPERATIONS
    assert actions._rows("SELECT id, code FROM ledger.operation ORDER BY id") == list(enumerate(OPERATIONS, 1))
    assert set(actions.ONE_PER_CURRENCY) == set(chart.filter(chart["one_per"].is_in(["currency", "bank"]))["code"])


def test_every_operation_of_the_table_keeps_the_cover_of_both_funds() -> None:
    """Notes found are the only exception: they bring a surplus."""
    for fund in ("paper", "digital"):
        for (name,), legs in table("currency/operations").group_by("operation", maintain_order=True):
            change = 0
            for row in legs.to_dicts():
                if row["amount"] == "fee":
                    continue
                debit, credit = (
                    row[side].replace("_x", f"_{fund}").partition(" ")[0] for side in ("from_account", "to_account")
                )
                change += getattr(kind(credit), fund) - getattr(kind(debit), fund)
            assert change == (name == "notes_found" and fund == "paper"), name


def together(*tasks: Callable[[], None]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_same_key_sent_at_once_from_eight_places_is_paid_once(town: ledger_town.Town) -> None:
    key, answers = uuid4(), []
    leg = Leg(ledger_town.PAY, town.members[0], town.members[1], 100)

    def send(batch: bool) -> None:
        with ledger_town.connected() as raw:
            others = [Request(uuid4(), (Leg(ledger_town.PAY, town.members[2], town.members[1], 1),))] if batch else []
            answers.append(ask(raw, [*others, Request(key, (leg,))])[-1])

    together(*(lambda one=one: send(one % 2 == 0) for one in range(8)))
    assert len(set(answers)) == 1
    assert town.balance_cents(0) == 9_900


def test_payments_in_every_direction_at_once_neither_lock_each_other_nor_lose_a_cent(town: ledger_town.Town) -> None:
    def wander(start: int) -> None:
        with ledger_town.connected() as raw:
            for step in range(40):
                payer, payee = (start + step) % 3, (start + 2 * step + 1) % 3
                legs = (Leg(ledger_town.PAY, town.members[payer], town.members[payee], 50 + step),)
                ask(raw, [Request(uuid4(), legs) for _one in range(1 + step % 3)])

    together(*(lambda one=one: wander(one) for one in range(8)))
    assert sum(town.balance_cents(member) for member in range(3)) == 30_000


def test_closing_an_account_while_it_is_paid_leaves_no_money_in_a_closed_account(town: ledger_town.Town) -> None:
    empty = ledger_town.opened(town.raw, town.currency, "member")

    def close() -> None:
        with ledger_town.connected() as raw:
            for _try in range(20):
                try:
                    raw.execute("SELECT ledger.set_account(%s, NULL, NULL, 2::smallint)", [empty])
                except psycopg.errors.CheckViolation:
                    return

    def pay() -> None:
        with ledger_town.connected() as raw:
            ask(raw, [Request(uuid4(), (Leg(ledger_town.PAY, town.members[0], empty, 1),))])

    together(pay, close, pay)
    balance_cents, status = town.raw.execute(
        "SELECT balance_cents, status FROM ledger.account WHERE id = %s", [empty]
    ).fetchone()  # type: ignore[misc]
    assert status == 0 or balance_cents == 0


def test_those_who_wait_are_written_together_and_each_gets_its_own_answer() -> None:
    sizes: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def write(requests: Any) -> list[Answer]:
        sizes.append(len(requests))
        if len(sizes) == 1:
            begun.set()
            go_on.wait()
        return [Answer(Reason.ACCEPTED, (request.actor,)) for request in requests]

    queue, got = GroupCommit(write, most=30), {}

    def pay(actor: int) -> None:
        got[actor] = queue.submit(Request(uuid4(), (), actor)).transfers

    threads = [threading.Thread(target=pay, args=(actor,)) for actor in range(1, 51)]
    threads[0].start()
    begun.wait()
    for thread in threads[1:]:
        thread.start()
    while len(queue._crowd._waiting) < 49:
        threading.Event().wait(0.001)
    go_on.set()
    for thread in threads:
        thread.join()
    assert sizes == [1, 30, 19]
    assert got == {actor: (actor,) for actor in range(1, 51)}


def test_a_payer_interrupted_while_waiting_does_not_keep_those_behind_waiting() -> None:
    begun, go_on, got = threading.Event(), threading.Event(), []

    def write(requests: Any) -> list[Answer]:
        begun.set()
        go_on.wait()
        return [Answer(Reason.ACCEPTED, (request.actor,)) for request in requests]

    def interrupt(*_signal: Any) -> None:
        raise KeyboardInterrupt

    queue = GroupCommit(write)
    others = [threading.Thread(target=lambda at=at: got.append(queue.submit(Request(uuid4(), (), at)))) for at in (1, 2)]  # fmt: skip
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        others[0].start()
        begun.wait()
        waker = threading.Thread(target=wake_once_waiting, args=(queue, threading.main_thread().ident))
        waker.start()
        with pytest.raises(KeyboardInterrupt):
            queue.submit(Request(uuid4(), (), 9))
        waker.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
    others[1].start()
    go_on.set()
    for other in others:
        other.join()
    assert {answer.transfers for answer in got} == {(1,), (2,)}


def wake_once_waiting(queue: GroupCommit, thread: Any) -> None:
    while not queue._crowd._waiting:
        threading.Event().wait(0.001)
    signal.pthread_kill(thread, signal.SIGUSR1)


def test_a_fault_while_writing_is_told_to_those_of_that_batch_only() -> None:
    faults = iter([OSError("no room"), None])

    def write(requests: Any) -> list[Answer]:
        if fault := next(faults):
            raise fault
        return [Answer(Reason.ACCEPTED)] * len(requests)

    queue = GroupCommit(write)
    with pytest.raises(RessortError, match="same key"):
        queue.submit(Request(uuid4(), ()))
    assert queue.submit(Request(uuid4(), ())).reason is Reason.ACCEPTED


def test_a_key_twice_in_one_batch_gets_its_answer_twice_or_a_conflict(town: ledger_town.Town) -> None:
    key, leg = uuid4(), Leg(ledger_town.PAY, town.members[0], town.members[1], 100)
    other = Leg(ledger_town.PAY, town.members[0], town.members[1], 101)
    first, again, conflict = ask(town.raw, [Request(key, (leg,)), Request(key, (leg,)), Request(key, (other,))])
    assert first == again
    assert first.reason is Reason.ACCEPTED
    assert conflict.reason is Reason.KEY_CONFLICT
    assert town.balance_cents(0) == 9_900


def test_the_command_says_that_the_owner_could_write(db: None) -> None:
    said = StringIO()
    call_command("ledger_roles", stdout=said)
    assert said.getvalue().strip() == "open"


def test_two_devices_spending_the_same_money_are_not_both_served(town: ledger_town.Town) -> None:
    reasons = []

    def spend() -> None:
        with ledger_town.connected() as raw:
            leg = Leg(ledger_town.PAY, town.members[0], town.members[1], 6_000)
            reasons.append(ask(raw, [Request(uuid4(), (leg,))])[0].reason)

    together(spend, spend)
    assert sorted(reasons) == [Reason.ACCEPTED, Reason.INSUFFICIENT_FUNDS]


def test_the_server_seals_by_itself(town: ledger_town.Town) -> None:
    from ressort.web.currency import keeper

    town.pay(0, 1, 1)
    assert keeper.once() >= 1
    assert keeper.once() == 0
