"""A large payment is proved again, for itself and no other: password or code of an authenticator, request or payment, once."""

from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.web.test_currency_codes import grocer, number, opened, shop

from ressort.core.errors import RuleBroken
from ressort.web.currency import codes, proofs, queries, wallets
from ressort.web.currency.models import Wallet

__all__ = ["grocer", "number", "shop"]

PASSWORD, LARGE = "Correct-Horse-9-Battery", proofs.ABOVE_CENTS + 1


@pytest.fixture
def rich(number: int, person: Any, client: Client) -> Wallet:
    cache.clear()
    client.force_login(person)
    return opened(number, "Ada", "individual", person, 100_000)


def typed(payee: Wallet, cents: int, **more: Any) -> dict[str, Any]:
    return {"payee": payee.alias, "amount": f"{cents / 100:.2f}", "label": "", "key": str(uuid4())} | more


def test_a_large_payment_asks_the_password_and_a_small_one_does_not(client: Client, rich: Wallet, shop: Wallet) -> None:
    url = reverse("currency:pay", args=[rich.alias])
    shown = client.post(url, typed(shop, LARGE) | {"key": ""}, follow=True).content.decode()
    assert 'name="secret"' in shown and "150,01" in shown
    assert (
        'name="secret"'
        not in client.post(url, typed(shop, proofs.ABOVE_CENTS) | {"key": ""}, follow=True).content.decode()
    )
    for secret in ("", "wrong", PASSWORD.lower()):
        refused = client.post(url, typed(shop, LARGE, secret=secret))
        assert refused.status_code == 422 and 'name="secret"' in refused.content.decode()
    assert queries.balance_cents(shop)[0] == 0
    given = typed(shop, LARGE, secret=PASSWORD)
    first, again = client.post(url, given), client.post(url, given)
    assert first.status_code == again.status_code == 302 and first.url == again.url
    assert queries.balance_cents(shop)[0] == LARGE, "sent twice, paid once"


def test_codes_already_used_and_tries_are_where_every_worker_reads_them(
    client: Client, rich: Wallet, shop: Wallet
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(rich.owner, secret)
    url = reverse("currency:pay", args=[rich.alias])
    client.post(url, typed(shop, LARGE, secret="000000"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_shared")
        assert cursor.fetchone()[0] >= 1, "the try is counted in the database"
        code = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"
        assert client.post(url, typed(shop, LARGE, secret=code)).status_code == 302
        cursor.execute("SELECT count(*) FROM people_shared WHERE cache_key LIKE %s", [f"%totp%code={code}%"])
        assert cursor.fetchone()[0] == 1, "the code is marked as used in the database"


def test_whoever_has_an_authenticator_gives_its_code_which_serves_once(client: Client, rich: Wallet, shop: Wallet) -> None:  # fmt: skip
    secret = generate_totp_secret()
    TOTP.activate(rich.owner, secret)
    url = reverse("currency:pay", args=[rich.alias])
    assert client.post(url, typed(shop, LARGE, secret=PASSWORD)).status_code == 422, "the password is not enough"
    code = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"
    given = typed(shop, LARGE, secret=code)
    first, again = client.post(url, given), client.post(url, given)
    assert first.status_code == 302 and again.url == first.url
    assert client.post(url, typed(shop, LARGE, secret=code)).status_code == 422, "the code of one payment pays no other"
    assert queries.balance_cents(shop)[0] == LARGE


def test_a_large_request_is_proved_too(client: Client, rich: Wallet, shop: Wallet) -> None:
    asked = codes.ask(shop.owner, shop, LARGE, "four")
    url = reverse("currency:pay_ask", args=[rich.alias, asked.short])
    assert 'name="secret"' in client.get(reverse("currency:read"), {"c": asked.short}).content.decode()
    assert client.post(url, {"key": str(uuid4())}).status_code == 422
    assert client.post(url, {"key": str(uuid4()), "secret": "wrong"}).status_code == 422
    assert queries.balance_cents(shop)[0] == 0
    assert client.post(url, {"key": str(uuid4()), "secret": PASSWORD}).status_code == 302
    assert queries.balance_cents(shop)[0] == LARGE


def test_the_proof_of_one_payment_is_none_for_another(rich: Wallet, shop: Wallet, grocer: Any) -> None:
    other, key = opened(rich.currency, "Autre", "individual", None), uuid4()
    good = proofs.Proof(rich.owner.pk, rich.pk, shop.pk, LARGE, key)
    for payee, cents, used, proof in (
        (shop, LARGE, key, None), (other, LARGE, key, good), (shop, LARGE + 1, key, good), (shop, LARGE, uuid4(), good),
        (shop, LARGE, key, proofs.Proof(grocer.pk, rich.pk, shop.pk, LARGE, key)),
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            wallets.pay(rich.owner, rich, payee, cents, used, "", proof)
    assert queries.balance_cents(rich)[0] == 100_000
    wallets.pay(rich.owner, rich, shop, LARGE, key, "", good)
    assert queries.balance_cents(shop)[0] == LARGE


def test_secrets_are_not_guessed(client: Client, rich: Wallet, shop: Wallet) -> None:
    url = reverse("currency:pay", args=[rich.alias])
    for _try in range(12):
        client.post(url, typed(shop, LARGE, secret="wrong"))
    answer = client.post(url, typed(shop, LARGE, secret=PASSWORD))
    assert answer.status_code == 422 and queries.balance_cents(shop)[0] == 0, "too many tries: wait"
    cache.clear()
