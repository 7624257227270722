"""Two people on the same code, purse or key at the same instant: it is used once."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from tests.web.test_currency_codes import ada, grocer, number, opened, shop
from tests.web.test_currency_purse import RAW

from ressort.core.currency import Reason
from ressort.core.errors import RessortError
from ressort.web.currency import codes, purses, queries
from ressort.web.currency.models import Purse, Wallet
from ressort.web.people.models import Person

__all__ = ["ada", "grocer", "number", "shop"]
pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 6


def _at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each hand was answered, all let go together; a refusal is its word."""
    gate, told = threading.Barrier(HANDS), list[Any]()

    def run(at: int) -> None:
        gate.wait()
        try:
            told.append(work(at))
        except RessortError as error:
            told.append(type(error))
        finally:
            connection.close()

    hands = [threading.Thread(target=run, args=(at,)) for at in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return told


def test_a_request_paid_by_several_at_once_is_paid_by_one(shop: Wallet, grocer: Person) -> None:
    made = codes.ask(grocer, shop, 500)
    people = [Person.objects.create_user(f"p{at}@example.fr", "Correct-Horse-9-Battery") for at in range(HANDS)]
    payers = [opened(shop.currency, f"P{at}", "individual", one, 1_000) for at, one in enumerate(people)]
    told = _at_once(lambda at: codes.pay_request(people[at], payers[at], made, uuid4()).reason)
    assert told.count(Reason.ACCEPTED) == 1, told
    assert queries.balance_cents(shop)[0] == 500
    assert sorted(queries.balance_cents(one)[0] for one in payers) == [500] + [1_000] * (HANDS - 1)


def test_a_code_shown_to_several_shops_at_once_is_taken_by_one(ada: Wallet, grocer: Person) -> None:
    shown = codes.show(ada.owner, ada)
    shops = [opened(ada.currency, f"S{at}", "professional", grocer) for at in range(HANDS)]
    told = _at_once(lambda at: codes.take(grocer, shops[at], shown, 700).reason)
    assert told.count(Reason.ACCEPTED) == 1, told
    assert queries.balance_cents(ada)[0] == 9_300
    assert sorted(queries.balance_cents(one)[0] for one in shops) == [0] * (HANDS - 1) + [700]


def test_a_purse_asked_for_by_several_devices_at_once_is_on_one(ada: Wallet) -> None:
    devices = [bytes([at]) + RAW[1:] for at in range(HANDS)]
    told = _at_once(lambda at: purses.load(ada.owner, ada, 1_000, devices[at], uuid4()).pk)
    assert len([one for one in told if isinstance(one, int)]) == 1, told
    assert Purse.objects.filter(wallet=ada).count() == 1
    assert queries.balance_cents(ada)[0] == 9_000
