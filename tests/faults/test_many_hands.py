"""Sixteen hands on the same payment, key or account at once."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from ressort.core.currency import Leg, Reason, Request
from ressort.web.currency.door import ask
from tests.faults.town import PAY, Town, verified

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
