"""What programs do with a local currency, by its payment API."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.payments.api import call

from ressort.web.currency import codes, queries, wallets
from ressort.web.currency.keys import Terms
from ressort.web.currency.models import Key, Wallet


def test_a_program_pays_once_whatever_is_sent_again(client: Client, machine: str, ada: Wallet, grocer: Wallet) -> None:
    sent = str(uuid4())
    first = call(client, machine, {"payee": grocer.alias, "amount_cents": 150, "label": "ticket"}, sent)
    again = call(client, machine, {"payee": grocer.alias, "amount_cents": 150, "label": "ticket"}, sent)
    other = call(client, machine, {"payee": grocer.alias, "amount_cents": 151}, sent)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json() and other.json()["reason"] == "key_conflict"
    assert queries.balance_cents(grocer)[0] == 150
    headers = {"Authorization": f"Bearer {machine}"}
    assert client.get(f"/api/payments/{sent}", headers=headers).json()["amount_cents"] == 150
    assert client.get(f"/api/payments/{uuid4()}", headers=headers).status_code == 404
    assert client.get("/api/balance", headers=headers).json()["available_cents"] == 9_850


def test_a_program_is_told_why_not(client: Client, machine: str, ada: Wallet, grocer: Wallet) -> None:
    poor = call(client, machine, {"payee": grocer.alias, "amount_cents": 10_001})
    assert poor.status_code == 422 and poor.json()["reason"] == "insufficient_funds" and poor.json()["error"]
    for body in (
        {},
        {"payee": grocer.alias},
        {"payee": grocer.alias, "amount_cents": -1},
        {"payee": 3, "amount_cents": "x"},
        {"payee": grocer.alias, "amount_cents": "12"},
        {"payee": grocer.alias, "amount_cents": True},
        {"payee": grocer.alias, "amount_cents": 12.0},
        [],
        "x",
    ):
        assert call(client, machine, body).status_code == 422
    assert call(client, machine, {"payee": grocer.alias, "amount_cents": 1}, "not-a-key").status_code == 422
    assert call(client, machine, {"payee": "nobody-here", "amount_cents": 1}).status_code == 404
    assert call(client, machine, {"payee": ada.alias, "amount_cents": 1}).json()["reason"] == "not_allowed"


def test_a_program_gives_back_what_it_asked_once_and_within_its_terms(
    client: Client, ada: Wallet, grocer: Wallet, person: Any
) -> None:
    def sent(key: str, way: str, body: Any = None) -> Any:
        call = client.post if body is not None else client.get
        more = (body, "application/json") if body is not None else ()
        return call(way, *more, headers={"Authorization": f"Bearer {key}"})

    both, small, asks = (
        wallets.give_key(None, grocer, "boutique", terms) for terms in (None, Terms(most_cents=100), Terms(scope="ask"))
    )
    made = sent(both, "/api/asks", {"amount_cents": 1_250}).json()
    way = f"/api/asks/{made['ask']}/refund"
    nothing = sent(both, way, {})
    assert (nothing.status_code, nothing.json()["reason"]) == (409, "not_paid")
    found = codes.read(made["code"]).ask
    assert found is not None
    codes.pay_request(person, ada, found, uuid4())
    assert sent(asks, way, {}).status_code == 403, "who only asks gives nothing back"
    assert sent(small, way, {}).json()["reason"] == "key_most"
    assert sent(wallets.give_key(None, ada, "autre"), way, {}).status_code == 404, "of another wallet"
    assert queries.balance_cents(grocer)[0] == 1_250
    first, again = sent(both, way, {}), sent(both, way, {})
    assert first.status_code == again.status_code == 200 and first.json() == again.json()
    assert first.json()["paid"] and first.json()["refund"] == queries.reversal_of(first.json()["transfer"])
    assert sent(both, f"/api/asks/{made['ask']}").json() == first.json()
    assert queries.balance_cents(grocer)[0] == 0 and queries.balance_cents(ada)[0] == 10_000


def test_what_the_api_answers_is_described_field_by_field(client: Client) -> None:
    """Who writes a client from the description knows what comes back, not only what is sent."""
    told = client.get("/api/openapi.json").json()
    for way, method, status in (
        ("/api/asks", "post", "201"), ("/api/asks/{short}", "get", "200"), ("/api/asks/{short}/refund", "post", "200"),
        ("/api/payments/{key}", "get", "200"), ("/api/balance", "get", "200"),
    ):  # fmt: skip
        schema = told["paths"][way][method]["responses"][status]["content"]["application/json"]["schema"]
        assert "$ref" in schema and told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"], way


def test_words_that_hide_or_turn_others_are_left_out_of_what_is_paid(client: Client, machine: str, ada: Wallet, grocer: Wallet) -> None:  # fmt: skip
    paid = call(client, machine, {"payee": grocer.alias, "amount_cents": 150, "label": "\x00ticket \u202e ligne 1\n"})
    assert paid.status_code == 201 and queries.balance_cents(grocer)[0] == 150
    assert queries.statement(ada)[0].label == "ticket ligne 1"
    asked = client.post("/api/asks", {"amount_cents": 5, "label": "a\x00b"}, "application/json", headers={"Authorization": f"Bearer {machine}"})  # fmt: skip
    assert asked.status_code == 201


@pytest.mark.parametrize("way", ["/api/asks/%00A", "/api/currencies/%00/statistics", "/api/currencies/%00"])
def test_a_sign_that_no_database_keeps_is_a_fault_of_the_question(client: Client, machine: str, way: str) -> None:
    answer = client.get(way, headers={"Authorization": f"Bearer {machine}"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "unreadable")


def test_a_payee_that_no_database_keeps_is_a_fault_of_the_question(
    client: Client, machine: str, grocer: Wallet
) -> None:
    answer = call(client, machine, {"payee": "a\x00", "amount_cents": 1})
    assert (answer.status_code, answer.json()["reason"]) == (422, "unreadable")


def test_a_key_that_is_not_in_force_opens_nothing(
    client: Client, machine: str, ada: Wallet, grocer: Wallet, person: Any
) -> None:
    body = {"payee": grocer.alias, "amount_cents": 1}
    assert {call(client, key, body).status_code for key in (None, "", "x", machine[:-1], machine + "x")} == {401}
    wallets.revoke_key(person, Key.objects.get(wallet=ada))
    assert call(client, machine, body).status_code == 401
    assert client.get("/api/balance", headers={"Authorization": f"Bearer {machine}"}).status_code == 401
    assert queries.balance_cents(grocer)[0] == 0


def test_two_wallets_that_choose_the_same_key_do_not_meet(
    client: Client, machine: str, ada: Wallet, grocer: Wallet
) -> None:
    wallets.exchange(None, grocer, 500, "VIR 3")
    till, sent = wallets.give_key(None, grocer, "till"), str(uuid4())
    assert call(client, machine, {"payee": grocer.alias, "amount_cents": 1}, sent).status_code == 201
    assert call(client, till, {"payee": ada.alias, "amount_cents": 2}, sent).status_code == 201
    assert client.get(f"/api/payments/{sent}", headers={"Authorization": f"Bearer {till}"}).json()["amount_cents"] == 2


def test_a_key_is_kept_as_a_digest_only(machine: str) -> None:
    assert machine not in str(Key.objects.values_list())


def test_every_answer_of_the_payment_api_is_one_that_its_description_tells(client: Any, person: Any, ada: Wallet, grocer: Wallet) -> None:  # fmt: skip
    """Refusals included: no key, a body that cannot be read, a payee who is not, too much, a key used for something else."""
    told = client.get("/api/openapi.json").json()["paths"]
    key = {"authorization": f"Bearer {wallets.give_key(person, ada, 'essai')}"}
    one = {"idempotency-key": str(uuid4())}
    good = {"payee": grocer.alias, "amount_cents": 100}
    calls = [
        ("/api/payments", good, one, 401), ("/api/payments", None, key | one, 400), ("/api/payments", {}, key | one, 422),
        ("/api/payments", good | {"payee": "personne"}, key | one, 404), ("/api/payments", good, key, 422),
        ("/api/payments", good, key | one, 201), ("/api/payments", good | {"amount_cents": 200}, key | one, 409),
        ("/api/payments", good | {"amount_cents": 10**12}, key | {"idempotency-key": str(uuid4())}, 422),
        ("/api/payments", good | {"amount_cents": -5}, key | one, 422), ("/api/payments", good | {"amount_cents": 10**30}, key | one, 422),
        ("/api/asks", {"amount_cents": 100}, {}, 401), ("/api/asks", None, key, 400), ("/api/asks", {"amount_cents": 0}, key, 422),
        ("/api/asks", {"amount_cents": 100}, key, 201),
    ]  # fmt: skip
    for path, body, headers, status in calls:
        content = "{" if body is None else json.dumps(body)
        answer = client.post(path, content, content_type="application/json", headers=headers)
        assert answer.status_code == status, (path, body, answer.content)
        assert str(status) in told[path]["post"]["responses"], (path, status)
    for path, template, headers, status in (
        (f"/api/payments/{uuid4()}", "/api/payments/{key}", key, 404), ("/api/payments/zzz", "/api/payments/{key}", key, 422),
        ("/api/balance", "/api/balance", {}, 401), ("/api/balance", "/api/balance", key, 200), ("/api/asks/ZZZZZZZZ", "/api/asks/{short}", key, 404),
        ("/api/currencies/NULLE", "/api/currencies/{code}", {}, 404), ("/api/currencies/NULLE/statistics", "/api/currencies/{code}/statistics", {}, 404),
    ):  # fmt: skip
        assert client.get(path, headers=headers).status_code == status, path
        assert str(status) in told[template]["get"]["responses"], (path, status)
