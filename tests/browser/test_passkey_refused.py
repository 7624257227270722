"""A passkey that does not answer, in real Chromium: refused, not here, already here, at another address, or no passkeys at all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.test_passkey import DEVICE, PASSWORD, enrolled, town
from tests.browser.test_wallet import signed_in

__all__ = ["enrolled", "signed_in", "town"]

pytestmark = pytest.mark.django_db(transaction=True)
NOT_SIGNED, ADD = "Votre appareil n’a pas signé", "/compte/double-authentification/webauthn/add/"


@pytest.fixture
def stranger(browser: Any, site: str, town: Any) -> Iterator[tuple[Any, Any]]:
    """The telephone of Ada, not signed in yet, with an authenticator that holds no key of the site; her page, and the way to her device."""
    context = browser.new_context(viewport={"width": 360, "height": 900}, locale="fr-FR", bypass_csp=True)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{site}/compte/login/")
    yield page, devices
    context.close()


def by_password(page: Any) -> None:
    page.locator("input[name=login]").fill("ada@example.fr")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def told(page: Any) -> Any:
    return page.locator("[data-unsigned]")


def test_a_telephone_without_a_passkey_of_the_site_says_so_and_the_password_still_opens(violations: Callable[[Any], list[str]], stranger: Any) -> None:  # fmt: skip
    page, _devices = stranger
    expect(told(page)).to_be_hidden()
    page.get_by_role("button", name="clé d’accès").click()
    expect(told(page)).to_contain_text(NOT_SIGNED)
    expect(told(page)).to_be_focused()
    expect(told(page).locator("p:visible")).to_have_count(2)
    expect(told(page)).to_contain_text("mot de passe")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    by_password(page)
    page.wait_for_url("**/")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("delete window.PublicKeyCredential", "ne connaît pas les clés d’accès"),
        (
            "navigator.credentials.get = () => Promise.reject(new DOMException('', 'SecurityError'))",
            "adresse habituelle",
        ),
        ("window.fetch = () => Promise.reject(new TypeError('Failed to fetch'))", "n’a pas répondu"),
    ],
)
def test_another_address_an_old_browser_and_a_cut_network_are_each_told(stranger: Any, broken: str, words: str) -> None:
    page, _devices = stranger
    page.evaluate(f"() => {{ {broken} }}")
    page.get_by_role("button", name="clé d’accès").click()
    expect(told(page)).to_contain_text(words)


def test_a_passkey_that_its_owner_removed_no_longer_opens_and_is_told(site: str, town: Any, stranger: Any) -> None:
    from allauth.mfa.models import Authenticator

    page, _devices = stranger
    by_password(page)
    page.wait_for_url("**/")
    page.goto(site + ADD)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Sans mot de passe").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    Authenticator.objects.all().delete()
    page.context.clear_cookies()
    page.goto(f"{site}/compte/login/")
    page.get_by_role("button", name="clé d’accès").click()
    expect(page.locator(".messages")).to_contain_text("Aucun compte ne connaît plus cette clé")


def test_enrolling_says_a_refused_finger_and_a_key_that_is_there_already(site: str, violations: Callable[[Any], list[str]], enrolled: Any) -> None:  # fmt: skip
    page, devices, number = enrolled
    page.goto(site + ADD)
    page.locator("#mfa_webauthn_add").click()
    expect(told(page)).to_contain_text("contient déjà une clé d’accès")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    devices.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    page.get_by_label("Sans mot de passe").check()
    page.locator("#mfa_webauthn_add").click()
    expect(told(page)).to_contain_text(NOT_SIGNED)
    expect(told(page).get_by_role("link", name="application d’authentification")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_second_factor_that_does_not_sign_leaves_the_recovery_code(site: str, enrolled: Any) -> None:
    from allauth.mfa.models import Authenticator

    page, devices, number = enrolled
    page.context.clear_cookies()
    devices.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    page.goto(f"{site}/compte/login/")
    by_password(page)
    page.locator("#mfa_webauthn_authenticate").click()
    expect(told(page)).to_contain_text("code de récupération")
    kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    page.get_by_label("Code").fill(kept.wrap().get_unused_codes()[0])
    page.get_by_label("Code").press("Enter")
    page.wait_for_url("**/")
