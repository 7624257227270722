"""A passkey proves a large payment: it signs payer, payee, amount and key, for a few minutes, and nothing else."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from tests.web.test_currency_codes import grocer, number, shop
from tests.web.test_currency_proofs import LARGE, PASSWORD, rich, typed

from ressort.web.currency import codes, passkeys, queries
from ressort.web.currency.models import Wallet

__all__ = ["grocer", "number", "rich", "shop"]

HOST, FLAGS = "testserver", AuthenticatorData.FLAG
Sign = Callable[[dict[str, Any]], str]


def _client_data(kind: str, challenge: str) -> bytes:
    return CollectedClientData.create(kind, challenge, f"https://{HOST}")


@pytest.fixture
def device(rich: Wallet) -> Sign:
    """A passkey of the owner, registered; what it signs."""
    private = ec.generate_private_key(ec.SECP256R1())
    number = uuid4().bytes
    held = AttestedCredentialData.create(b"\0" * 16, number, ES256.from_cryptography_key(private.public_key()))
    here = sha256(HOST.encode())
    told = AuthenticatorData.create(here, FLAGS.UP | FLAGS.UV | FLAGS.AT, 0, bytes(held))
    made = {
        "clientDataJSON": websafe_encode(_client_data("webauthn.create", websafe_encode(b"0" * 32))),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    name = {"id": websafe_encode(number), "rawId": websafe_encode(number), "type": "public-key"}
    credential = name | {"response": made, "clientExtensionResults": {}}
    Authenticator.objects.create(
        user=rich.owner, type=Authenticator.Type.WEBAUTHN, data={"name": "Téléphone", "credential": credential}
    )

    def sign(options: dict[str, Any]) -> str:
        data = _client_data("webauthn.get", options["request_options"]["publicKey"]["challenge"])
        seen = bytes(AuthenticatorData.create(here, FLAGS.UP | FLAGS.UV, 1))
        signature = private.sign(seen + sha256(data), ec.ECDSA(SHA256()))
        answer = {"clientDataJSON": data, "authenticatorData": seen, "signature": signature}
        return json.dumps(name | {"response": {word: websafe_encode(one) for word, one in answer.items()}, "clientExtensionResults": {}})  # fmt: skip

    return sign


def asked(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="passkey-data-\d+" type="application/json">(.*?)</script>', html)
    assert found, "the page gives the browser what the passkey signs"
    return dict(json.loads(unescape(found[1])))


def shown(client: Client, rich: Wallet, shop: Wallet, cents: int = LARGE) -> tuple[dict[str, Any], dict[str, Any]]:
    """The payment as the page to confirm holds it, and what its passkey is asked to sign."""
    html = client.post(
        reverse("currency:pay", args=[rich.alias]), typed(shop, cents) | {"key": ""}, follow=True
    ).content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', html)
    assert key
    return typed(shop, cents, key=key[1]), asked(html)


def test_a_passkey_proves_a_large_payment_which_is_paid_once(client: Client, rich: Wallet, shop: Wallet, device: Sign) -> None:  # fmt: skip
    given, options = shown(client, rich, shop)
    url, signed = reverse("currency:pay", args=[rich.alias]), given | {"credential": device(options)}
    first, again = client.post(url, signed), client.post(url, signed)
    assert first.status_code == 302 and again.url == first.url
    assert queries.balance_cents(shop)[0] == LARGE


def test_the_signature_of_one_payment_is_none_for_another(client: Client, rich: Wallet, shop: Wallet, device: Sign) -> None:  # fmt: skip
    given, options = shown(client, rich, shop)
    url, credential = reverse("currency:pay", args=[rich.alias]), device(options)
    other = given | {"credential": credential, "amount": f"{(LARGE + 1) / 100:.2f}"}
    for wrong in (other, given | {"credential": credential, "key": str(uuid4())}, given | {"credential": "{}"}, given | {"credential": "[1]"},
                  given | {"credential": '"x"'}, given | {"credential": credential.replace('"signature": "', '"signature": "A')}):  # fmt: skip
        assert client.post(url, wrong).status_code == 422
    assert queries.balance_cents(shop)[0] == 0
    assert client.post(url, given | {"credential": credential}).status_code == 302


def test_a_signature_that_waited_is_refused(client: Client, rich: Wallet, shop: Wallet, device: Sign, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    given, options = shown(client, rich, shop)
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(passkeys.timezone, "now", lambda: later)
    answer = client.post(reverse("currency:pay", args=[rich.alias]), given | {"credential": device(options)})
    assert answer.status_code == 422 and queries.balance_cents(shop)[0] == 0


def test_whoever_has_a_passkey_does_not_fall_back_on_the_password(client: Client, rich: Wallet, shop: Wallet, device: Sign) -> None:  # fmt: skip
    url = reverse("currency:pay", args=[rich.alias])
    assert client.post(url, typed(shop, LARGE, secret=PASSWORD)).status_code == 422
    codes_left = RecoveryCodes.activate(rich.owner).get_unused_codes()
    html = client.post(url, typed(shop, LARGE) | {"key": ""}, follow=True).content.decode()
    assert 'name="secret"' in html and 'name="credential"' in html
    assert client.post(url, typed(shop, LARGE, secret=codes_left[0])).status_code == 302, "a recovery code serves when the device is lost"  # fmt: skip
    assert client.post(url, typed(shop, LARGE, secret=codes_left[0])).status_code == 422, "once"


def test_a_large_request_is_signed_too(client: Client, rich: Wallet, shop: Wallet, device: Sign) -> None:
    made = codes.ask(shop.owner, shop, LARGE, "four")
    html = client.get(reverse("currency:read"), {"c": made.short}).content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', html)
    assert key
    given = {"key": key[1], "credential": device(asked(html))}
    assert client.post(reverse("currency:pay_ask", args=[rich.alias, made.short]), given).status_code == 302
    assert queries.balance_cents(shop)[0] == LARGE


@pytest.mark.parametrize(
    "credential",
    ["", "null", "[]", '{"id": 1}', '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}', "[" * 9_000],
)
@pytest.mark.django_db
def test_a_signature_that_no_browser_writes_opens_nothing_and_is_told(client: Client, credential: str) -> None:
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True, headers={"accept-language": "fr"})  # fmt: skip
    assert answer.status_code == 200 and "autre moyen" in answer.content.decode()
    assert not answer.wsgi_request.user.is_authenticated
