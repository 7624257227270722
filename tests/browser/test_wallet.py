"""Paying in a real browser, on a telephone, with axe on every page of the way."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(live_server: Any) -> dict[str, Any]:
    """Ada, who holds 100 in a currency of a grocer and hers, and the cookie of her session."""
    from ressort.web.currency import actions, wallets
    from ressort.web.people.models import Person

    ada = Person.objects.create_user("ada@example.fr", "Correct-Horse-9-Battery", name="Ada")
    number = actions.found_currency("T" + uuid4().hex[:7].upper(), "Monnaie d’essai")
    wallet = wallets.open_wallet(None, number, "Ada", "ada-essai", "individual", ada)
    wallets.open_wallet(None, number, "Épicerie du port", "epicerie-essai", "professional", None)
    wallets.exchange(None, wallet, 10_000, "VIR 1")
    actions.seal()
    client = Client()
    client.force_login(ada)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookies": [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}], "origins": []}


@pytest.mark.parametrize("javascript", [True, False])
def test_ada_pays_the_grocer_from_her_telephone(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], signed_in: dict[str, Any], javascript: bool
) -> None:
    page = visit("/monnaies/compte/", width=360, storage_state=signed_in, bypass_csp=True, java_script_enabled=javascript)  # fmt: skip

    def is_sound() -> None:
        if javascript:
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360

    is_sound()
    page.get_by_role("link", name="Payer").first.click()
    page.get_by_label("Payer à").fill("épicerie port")
    page.get_by_label("Montant").fill("1,234")
    page.get_by_role("button", name="Relire avant de payer").click()
    page.get_by_text("n’est pas un montant").first.wait_for()
    is_sound()
    page.get_by_label("Montant").fill("12,50")
    page.get_by_label("Libellé du relevé").fill("pain et lait")
    page.get_by_role("button", name="Relire avant de payer").click()
    page.get_by_text("Épicerie du port").first.wait_for()
    is_sound()
    page.get_by_role("button", name="Payer 12,50").click()
    page.get_by_role("heading", name="Reçu").wait_for()
    receipt = page.url
    is_sound()
    page.go_back(), page.wait_for_load_state()
    assert page.url == receipt, "going back to the payment that was read again leads to its receipt"
    page.get_by_role("link", name="Ada").first.click()
    expect(page.locator("main")).to_contain_text("87,50")
    expect(page.locator("main")).to_contain_text("pain et lait")
    is_sound()


def test_the_page_of_a_currency_is_sound(visit: Callable[..., Any], violations: Callable[[Any], list[str]], signed_in: dict[str, Any]) -> None:  # fmt: skip
    for width in (1280, 320):
        page = visit("/monnaies/", width=width, bypass_csp=True)
        page.get_by_role("link", name="Monnaie d’essai").last.click()
        page.get_by_role("heading", name="Fonds de garantie").wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_the_wallet_and_of_a_simulated_currency_is_sound(
    visit: Callable[..., Any],
    violations: Callable[[Any], list[str]],
    live_server: Any,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ressort.core.currency.specimen import specimen
    from ressort.web.currency import codes, demo, wallets
    from ressort.web.currency.models import Wallet

    monkeypatch.setattr(demo, "specimen", lambda seed, places: specimen(seed, places, people=30, professionals=24))
    code, _links = demo.found(3, "EPCI:200068930", beside=True)
    shop = Wallet.objects.get(alias="specimen-pro-1")
    asked = codes.ask(shop.owner, shop, 1_250, "pain")
    wallets.pay(shop.owner, shop, Wallet.objects.get(alias="specimen-pro-2"), 5, uuid4())
    client = Client()
    client.force_login(shop.owner)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    state = {
        "cookies": [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}],
        "origins": [],
    }
    mine = f"/monnaies/compte/{shop.alias}/"
    pages = [f"/monnaies/{code.lower()}/{end}" for end in ("", "mesures/", "professionnels/")]
    pages += ["/monnaies/lire/", "/monnaies/hors-ligne/", "/monnaies/lire/?c=specimen-pro-2", "/compte/sessions/", mine]
    pages += [
        f"{mine}{end}"
        for end in ("caisse/", "recevoir/", "equipe/", "programmes/", "montrer/", f"demande/{asked.short}/")
    ]
    for path in pages:
        page = visit(path, width=width, storage_state=state, bypass_csp=True)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
