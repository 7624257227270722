"""Each refusal of the payment API says why twice: a reason for programs, of those its description lists, and a sentence in two languages."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from tests.web.payments.api import call

from ressort.core.currency import Status
from ressort.web.currency import actions, queries, wallets
from ressort.web.currency.keys import Terms
from ressort.web.currency.models import Key, Wallet

Asked = tuple[str | None, dict[str, Any], str]
GOOD = 100


def _given(ada: Wallet, **terms: Any) -> str:
    return wallets.give_key(None, ada, "bus", Terms(**terms))


def _above_the_day(ada: Wallet, grocer: Wallet) -> Asked:
    key = _given(ada, most_day_cents=500)
    call(Client(), key, {"payee": grocer.alias, "amount_cents": 450})
    return key, {"amount_cents": 51}, ""


def _withdrawn(ada: Wallet, grocer: Wallet) -> Asked:
    key = _given(ada)
    Key.objects.update(revoked_at=timezone.now())
    return key, {}, ""


def _used_for_something_else(ada: Wallet, grocer: Wallet) -> Asked:
    key, sent = _given(ada), str(uuid4())
    call(Client(), key, {"payee": grocer.alias, "amount_cents": 1}, sent)
    return key, {}, sent


def _suspended(ada: Wallet, grocer: Wallet) -> Asked:
    actions.change_status(ada.account, Status.RECEIVES_ONLY)
    return _given(ada), {}, ""


def _full(ada: Wallet, grocer: Wallet) -> Asked:
    actions.limit_account(grocer.account, ceiling_cents=GOOD - 1)
    return _given(ada), {}, ""


def _day_closed(ada: Wallet, grocer: Wallet) -> Asked:
    actions.close_days(ada.currency, timezone.localdate())
    return _given(ada), {}, ""


#: reason → the status, and what is asked: a key, what of a good payment is otherwise, its idempotency key
CASES: dict[str, tuple[int, Callable[[Wallet, Wallet], Asked]]] = {
    "no_key": (401, lambda ada, grocer: (None, {}, "")),
    "key_scope": (403, lambda ada, grocer: (_given(ada, scope="ask"), {}, "")),
    "unknown_payee": (404, lambda ada, grocer: (_given(ada), {"payee": "personne"}, "")),
    "key_conflict": (409, _used_for_something_else),
    "unreadable": (422, lambda ada, grocer: (_given(ada), {"amount_cents": "x"}, "")),
    "key_most": (422, lambda ada, grocer: (_given(ada, most_cents=GOOD - 1), {}, "")),
    "key_most_day": (422, _above_the_day),
    "insufficient_funds": (422, lambda ada, grocer: (_given(ada), {"amount_cents": 10_001}, "")),
    "not_allowed": (422, lambda ada, grocer: (_given(ada), {"payee": ada.alias}, "")),
    "closed_account": (422, _suspended),
    "ceiling": (422, _full),
    "closed_day": (422, _day_closed),
}  # fmt: skip


def _described(client: Client) -> list[str]:
    schema = client.get("/api/openapi.json").json()["components"]["schemas"]["PaymentRefusal"]
    return list(schema["properties"]["reason"]["enum"])


@pytest.mark.parametrize("reason", CASES)
def test_each_refusal_has_its_own_reason_and_a_sentence_in_two_languages(client: Client, ada: Wallet, grocer: Wallet, reason: str) -> None:  # fmt: skip
    status, prepare = CASES[reason]
    key, otherwise, sent = prepare(ada, grocer)
    before = queries.balance_cents(grocer)[0]
    asked = (key, {"payee": grocer.alias, "amount_cents": GOOD} | otherwise, sent or str(uuid4()))
    french, english = (call(client, *asked, lang=lang) for lang in ("fr", "en"))
    assert (french.status_code, french.json()["reason"]) == (status, reason) == (english.status_code, english.json()["reason"])  # fmt: skip
    assert french.json()["error"] != english.json()["error"], "told in both languages"
    assert reason in _described(client)
    assert queries.balance_cents(grocer)[0] == before


def test_a_withdrawn_key_is_told_from_a_body_that_cannot_be_read(client: Client, ada: Wallet, grocer: Wallet) -> None:
    key, *_rest = _withdrawn(ada, grocer)
    told = call(client, key, {"payee": grocer.alias, "amount_cents": 1})
    assert (told.status_code, told.json()["reason"]) == (401, "no_key") and "JSON" not in told.json()["error"]


def test_what_a_key_may_pay_is_told_in_units_to_people_and_in_cents_to_programs(client: Client, ada: Wallet, grocer: Wallet) -> None:  # fmt: skip
    told = call(client, _given(ada, most_cents=250), {"payee": grocer.alias, "amount_cents": 251}).json()
    assert "2,50" in told["error"] and told["facts"] == {"most_cents": 250}


def test_reads_say_what_is_unknown(client: Client, machine: str, code: str) -> None:
    headers = {"authorization": f"Bearer {machine}"}
    told = {
        f"/api/payments/{uuid4()}": "unknown_payment", "/api/asks/ZZZZZZZZ": "unknown_ask", "/api/currencies/NULLE": "unknown_currency",
        f"/api/currencies/{code}/statistics": "not_measured", "/api/payments/zzz": "unreadable",
    }  # fmt: skip
    for path, reason in told.items():
        assert client.get(path, headers=headers).json()["reason"] == reason, path
        assert reason in _described(client)


def test_a_database_that_is_silent_is_a_reason_to_ask_again(client: Client, machine: str, grocer: Wallet, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def silent(_request: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(actions, "submit", silent)
    client.raise_request_exception = False
    told = call(client, machine, {"payee": grocer.alias, "amount_cents": 1})
    assert (told.status_code, told.json()["reason"]) == (503, "no_answer") and told.json()["advice"]


def test_every_word_of_the_description_says_when(client: Client) -> None:
    schema = client.get("/api/openapi.json").json()
    field = schema["components"]["schemas"]["PaymentRefusal"]["properties"]["reason"]
    assert all(f"`{word}`: " in field["description"] for word in field["enum"])
    given = schema["paths"]["/api/payments"]["post"]["responses"]
    assert {"400", "401", "403", "404", "409", "422", "429", "503"} <= set(given)
    for status in set(given) - {"201"}:
        assert given[status]["content"]["application/json"]["schema"]["$ref"].endswith("/PaymentRefusal"), status
