"""Sixteen hands on the same payment, key or account at once."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from ressort.core.currency import Action, Leg, Reason, Request
from ressort.web.currency.door import ask
from tests.faults.town import ISSUE, PAY, Town, verified

HANDS = 16


#: those of them that pay the account that another closes
PAYING = 3


def _at_once(town: Town, work: Any) -> list[Any]:
    """What each of sixteen connections answers, all let go together."""
    gate, answers = threading.Barrier(HANDS), list[Any]()

    def run(at: int) -> None:
        with town.server.connect("ressort_app") as raw:
            gate.wait()
            answers.append(work(raw, at))

    hands = [threading.Thread(target=run, args=(at,)) for at in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return answers


def test_a_payment_sent_by_sixteen_hands_at_once_is_done_once_and_answered_alike(town: Town, tmp_path: Path) -> None:
    for _round in range(10):
        key, leg = uuid4(), Leg(PAY, town.first, town.first + 1, 7)
        answers = _at_once(town, lambda raw, _at, key=key, leg=leg: ask(raw, [Request(key, (leg,))])[0].reason)
        assert answers == [Reason.ACCEPTED] * HANDS
        with town.server.connect() as raw:
            count = raw.execute("SELECT count(*) FROM ledger.transfer WHERE request_key = %s", [key]).fetchone()
            assert count == (1,)
    with town.server.connect() as raw:
        assert verified(raw, tmp_path / "export").faults == ()


def test_one_key_for_two_payments_at_once_is_one_payment_and_conflicts(town: Town) -> None:
    key = uuid4()
    answers = _at_once(
        town, lambda raw, at: ask(raw, [Request(key, (Leg(PAY, town.first, town.first + 1, 1 + at),))])[0].reason
    )
    assert sorted(answers, key=str).count(Reason.ACCEPTED) == 1
    assert answers.count(Reason.KEY_CONFLICT) == HANDS - 1


def test_holds_asked_at_once_never_hold_more_than_the_account_has_and_each_ends_once(
    town: Town, tmp_path: Path
) -> None:
    """Nothing but the lock keeps two holds apart: neither takes a number of the account, as an entry does."""
    later = datetime.now(UTC) + timedelta(days=1)
    with town.server.connect() as raw:
        payer = raw.execute("SELECT ledger.open_account(1::smallint, 9::smallint, 0, NULL)").fetchone()[0]  # type: ignore[index]
        issued = Leg(ISSUE, town.first - 3, town.first - 2, 1_000), Leg(ISSUE, town.first - 1, payer, 1_000)
        assert ask(raw, [Request(uuid4(), issued)])[0].reason is Reason.ACCEPTED
    for _round in range(5):
        hold = Leg(PAY, payer, town.first, 100, Action.HOLD)
        answers = _at_once(town, lambda raw, _at, hold=hold: ask(raw, [Request(uuid4(), (hold,), expires_at=later)])[0])
        held = [one.transfers[0] for one in answers if one.reason is Reason.ACCEPTED]
        assert len(held) == 10, "a thousand cents are ten holds of a hundred, whoever comes first"
        assert _pending(town, payer) == 1_000
        ends = (
            Leg(PAY, amount_cents=100, action=Action.POST, target=held[0]),
            Leg(PAY, action=Action.VOID, target=held[0]),
        )
        reasons = _at_once(town, lambda raw, at, ends=ends: ask(raw, [Request(uuid4(), (ends[at % 2],))])[0].reason)
        assert sorted(reasons) == [Reason.ACCEPTED] + [Reason.DUPLICATE_RESOLUTION] * (HANDS - 1)
        assert _pending(town, payer) == 900
        with town.server.connect() as raw:
            rest = [Request(uuid4(), (Leg(PAY, action=Action.VOID, target=one),)) for one in held[1:]]
            assert {one.reason for one in ask(raw, rest)} == {Reason.ACCEPTED}
            spent = 1_000 - raw.execute("SELECT balance_cents FROM ledger.account WHERE id = %s", [payer]).fetchone()[0]  # type: ignore[index]
            if spent:
                back = Leg(PAY, town.first, payer, spent)
                assert ask(raw, [Request(uuid4(), (back,))])[0].reason is Reason.ACCEPTED
    with town.server.connect() as raw:
        assert verified(raw, tmp_path / "export").faults == ()


def _pending(town: Town, account: int) -> int:
    with town.server.connect() as raw:
        return int(raw.execute("SELECT pending_out_cents FROM ledger.account WHERE id = %s", [account]).fetchone()[0])  # type: ignore[index]


def test_an_account_closed_while_it_is_paid_ends_empty_or_open_and_is_paid_no_more(town: Town, tmp_path: Path) -> None:
    """Three hands pay an account and empty it, one closes it as soon as it can: nothing enters after the closing."""
    with town.server.connect() as raw:
        shop = raw.execute("SELECT ledger.open_account(1::smallint, 9::smallint, 0, NULL)").fetchone()[0]  # type: ignore[index]
    after: list[Reason] = []
    closed, busy = threading.Event(), threading.Event()

    def work(raw: "psycopg.Connection[Any]", at: int) -> int:
        if at == 0:
            busy.wait()
            while True:
                with suppress(psycopg.errors.CheckViolation):
                    raw.execute("SELECT ledger.set_account(%s, NULL, NULL, 2::smallint)", [shop])
                    closed.set()
                    return 0
        paid = 0
        for _round in range(300 if at <= PAYING else 0):
            if closed.is_set():
                break
            both = (Leg(PAY, town.first + at, shop, 5), Leg(PAY, shop, town.first + at, 5))
            reasons = [ask(raw, [Request(uuid4(), (leg,))])[0].reason for leg in both]
            paid += reasons[0] is Reason.ACCEPTED
            busy.set()
        closed.wait()
        after.append(ask(raw, [Request(uuid4(), (Leg(PAY, town.first + at, shop, 5),))])[0].reason)
        return paid

    answers = _at_once(town, work)
    assert sum(answers) > 0, "it was paid before it was closed"
    assert after == [Reason.CLOSED_ACCOUNT] * (HANDS - 1)
    with town.server.connect() as raw:
        held = raw.execute("SELECT balance_cents, status FROM ledger.account WHERE id = %s", [shop]).fetchone()
        assert held == (0, 2)
        assert verified(raw, tmp_path / "export").faults == ()
