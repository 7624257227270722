"""A passkey in real Chromium, from its enrolment to a large payment, with the virtual authenticator of the browser: a telephone that is there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.test_wallet import signed_in

__all__ = ["signed_in"]

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "Correct-Horse-9-Battery"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def town(signed_in: dict[str, Any]) -> tuple[Any, Any]:
    """Ada, whose e-mail is verified and who may pay 300, and her grocer."""
    from allauth.account.models import EmailAddress

    from ressort.web.currency import wallets
    from ressort.web.currency.models import Wallet

    ada, shop = (Wallet.objects.get(alias=alias) for alias in ("ada-essai", "epicerie-essai"))
    EmailAddress.objects.create(user=ada.owner, email=ada.owner.email, verified=True, primary=True)
    wallets.exchange(None, ada, 20_000, "VIR 2")
    return ada, shop


@pytest.fixture
def enrolled(browser: Any, site: str, signed_in: dict[str, Any], town: Any) -> Iterator[tuple[Any, Any, str]]:
    """A page of Ada's telephone, whose passkey she has just enrolled by its own screens; the session of its authenticator, and its number."""
    context = browser.new_context(viewport={"width": 360, "height": 900}, storage_state=signed_in, bypass_csp=True)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site}/compte/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    number = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    page.goto(f"{site}/compte/double-authentification/webauthn/add/")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    yield page, devices, number
    context.close()
    assert not faults


def confirmed(page: Any, site: str, amount: str) -> None:
    """The page that asks to confirm a payment to the grocer."""
    page.goto(f"{site}/monnaies/compte/ada-essai/payer/?a=epicerie-essai")
    page.get_by_label("Montant").fill(amount)
    page.get_by_role("button", name="Relire avant de payer").click()
    page.get_by_role("heading", name="Confirmer le paiement").wait_for()


def prove(page: Any) -> None:
    page.get_by_role("button", name="avec une clé d’accès, et payer").click()


def held_cents(wallet: Any) -> int:
    from ressort.web.currency import queries

    return queries.balance_cents(wallet)[0]


def test_ada_enrols_a_passkey_and_pays_a_large_amount_with_it(site: str, violations: Callable[[Any], list[str]], town: Any, enrolled: Any) -> None:  # fmt: skip
    page, devices, number = enrolled
    confirmed(page, site, "150,01")
    expect(page.get_by_label("Un code de récupération")).to_be_visible()
    expect(page.get_by_label("mot de passe")).to_have_count(0)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    prove(page)
    page.get_by_role("heading", name="Reçu").wait_for()
    expect(page.locator("main")).to_contain_text("150,01")
    assert held_cents(town[1]) == 15_001
    (kept,) = devices.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert kept["rpId"] == "localhost" and kept["signCount"] > 0, "the device signed"


def test_a_payment_changed_after_it_was_shown_is_not_what_the_passkey_signs(site: str, town: Any, enrolled: Any) -> None:  # fmt: skip
    page, *_device = enrolled
    confirmed(page, site, "150,01")
    page.evaluate("document.querySelector('form input[name=amount]').value = '250,00'")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        prove(page)
    assert sent.value.status == 422
    page.get_by_role("alert").get_by_text("n’a pas signé ce paiement").wait_for()
    assert held_cents(town[1]) == 0


def test_a_request_shown_by_the_grocer_is_signed_too(site: str, town: Any, enrolled: Any) -> None:
    from ressort.web.currency import codes
    from ressort.web.people.models import Person

    page, *_device = enrolled
    ada, shop = town
    shop.owner = Person.objects.create_user("epicier@example.fr", PASSWORD)
    shop.save()
    made = codes.ask(shop.owner, shop, 16_000, "four")
    page.goto(f"{site}/monnaies/lire/?c={codes.of_ask(made)}")
    prove(page)
    page.get_by_role("heading", name="Reçu").wait_for()
    assert (held_cents(shop), held_cents(ada)) == (16_000, 14_000)


def test_a_finger_that_is_not_recognised_pays_nothing_and_is_told(site: str, violations: Callable[[Any], list[str]], town: Any, enrolled: Any) -> None:  # fmt: skip
    page, devices, number = enrolled
    confirmed(page, site, "150,01")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    prove(page)
    page.get_by_text("Votre appareil n’a pas signé").wait_for()
    expect(page.get_by_role("heading", name="Confirmer le paiement")).to_be_visible()
    assert violations(page) == []
    assert held_cents(town[1]) == 0
