"""Keys of programs do what their terms let: pay or be paid, so much at once and in a day, until a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ressort.core.currency import Reason
from ressort.core.errors import RuleBroken
from ressort.web.currency import access, queries, wallets
from ressort.web.currency.keys import Terms
from ressort.web.currency.models import Key, KeySpending, Wallet


def sent(client: Client, key: str, payee: Wallet, cents: int, request: str | None = None) -> Any:
    headers = {"authorization": f"Bearer {key}", "idempotency-key": request or str(uuid4())}
    body = {"payee": payee.alias, "amount_cents": cents}
    return client.post("/api/payments", body, content_type="application/json", headers=headers)


def test_a_key_pays_no_more_at_once_nor_in_a_day_than_its_terms(client: Client, ada: Wallet, grocer: Wallet) -> None:
    key = wallets.give_key(None, ada, "bus", Terms(most_cents=200, most_day_cents=500))
    assert sent(client, key, grocer, 201).status_code == 422
    first = str(uuid4())
    assert [sent(client, key, grocer, 200, first).status_code for _again in range(3)] == [201, 201, 201]
    assert sent(client, key, grocer, 200).status_code == 201
    told = sent(client, key, grocer, 101)
    assert told.status_code == 422 and told.json()["facts"] == {"most_cents": 500, "paid_cents": 400}
    assert sent(client, key, grocer, 100).status_code == 201, "what is sent again is counted once"
    assert sent(client, key, grocer, 200, first).status_code == 201, "what was paid is told again, above the day or not"
    assert queries.balance_cents(grocer)[0] == 500
    KeySpending.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert sent(client, key, grocer, 200).status_code == 201, "another day"


def test_a_payment_that_the_ledger_refuses_counts_for_nothing(client: Client, ada: Wallet, grocer: Wallet) -> None:
    key = wallets.give_key(None, grocer, "caisse", Terms(most_day_cents=500))
    assert sent(client, key, ada, 400).json()["reason"] == "insufficient_funds"
    wallets.exchange(None, grocer, 1_000, "VIR 2")
    assert sent(client, key, ada, 400).status_code == 201
    assert sent(client, key, ada, 400).status_code == 422


def test_a_key_does_only_what_it_was_given_for(client: Client, ada: Wallet, grocer: Wallet) -> None:
    pays, asks = (wallets.give_key(None, ada, scope, Terms(scope=scope)) for scope in ("pay", "ask"))

    def status(key: str, method: str, address: str) -> int:
        given = {"headers": {"authorization": f"Bearer {key}"}, "content_type": "application/json"}
        return int(client.generic(method, address, '{"amount_cents": 100}', **given).status_code)

    assert sent(client, pays, grocer, 100).status_code == 201
    refused = sent(client, asks, grocer, 100)
    assert refused.status_code == 403 and "error" in refused.json()
    assert status(pays, "POST", "/api/asks") == 403 and status(asks, "POST", "/api/asks") == 201
    assert status(pays, "GET", "/api/balance") == 200 and status(asks, "GET", "/api/balance") == 403
    assert status(asks, "GET", f"/api/payments/{uuid4()}") == 403


def test_a_key_ends_after_its_last_day(client: Client, ada: Wallet, grocer: Wallet) -> None:
    key = wallets.give_key(None, ada, "saison", Terms(until=timezone.localdate()))
    assert sent(client, key, grocer, 100).status_code == 201
    Key.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert sent(client, key, grocer, 100).status_code == 401


def test_terms_that_contradict_themselves_are_refused(ada: Wallet) -> None:
    for terms in (Terms(until=date(2020, 1, 1)), Terms(most_cents=500, most_day_cents=499)):
        with pytest.raises(RuleBroken):
            wallets.give_key(None, ada, "x", terms)
    assert not Key.objects.filter(wallet=ada).exists()


def test_the_page_of_programs_gives_a_key_with_terms_and_tells_them(client: Client, ada: Wallet) -> None:
    client.force_login(ada.owner)
    url = reverse("currency:programs", args=[ada.alias])
    given = {"do": "key", "label": "bus 7", "scope": "ask", "most": "5", "most_day": "300,50", "until": "2099-12-31"}
    assert client.post(url, given | {"most_day": "1e3"}).status_code == 200
    assert "inférieur" in client.post(url, given | {"most_day": "4"}).content.decode()
    assert not ada.keys.exists(), "what cannot be read gives no key"
    html = client.post(url, given).content.decode()
    key = ada.keys.get()
    assert (key.scope, key.most_cents, key.most_day_cents, key.until) == ("ask", 500, 30_050, date(2099, 12, 31))
    assert "300,50" in html and "31/12/2099" in html
    assert client.post(url, {"do": "key", "label": "sans limite"}).status_code == 200 and ada.keys.count() == 2


def test_the_command_line_gives_terms_too(ada: Wallet) -> None:
    call_command("currency", "key", ada.alias, "bus", "--scope", "pay", "--most", "5.00", "--until", "2099-01-01")
    assert (ada.keys.get().scope, ada.keys.get().most_cents, ada.keys.get().most_day_cents) == ("pay", 500, None)


@pytest.mark.django_db(transaction=True)
def test_payments_at_the_same_moment_do_not_pass_the_most_of_a_day_together(ada: Wallet, grocer: Wallet) -> None:
    key = access.key_of(wallets.give_key(None, ada, "bus", Terms(most_day_cents=1_000)))
    assert key is not None

    def pay(_number: int) -> bool:
        try:
            return wallets.pay(key, ada, grocer, 300, uuid4()).reason is Reason.ACCEPTED
        except RuleBroken:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(pay, range(8))) == 3
    assert queries.balance_cents(grocer)[0] == 900
