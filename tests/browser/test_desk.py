"""The desk of an association in a real browser: every screen sound with axe, at the width of a telephone too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.web import association_town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server: Any) -> association_town.Desk:
    made = association_town.desk()
    made.stocked(20)
    made.issue(made.grocer, 5_000, "VIR 1")
    made.ask("exchange_to_digital_online", wallet=made.grocer, amount_cents=200_000, reference="VIR 2")
    return made


def signed_in(live_server: Any, who: Any) -> dict[str, Any]:
    client = Client()
    client.force_login(who)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookies": [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}], "origins": []}


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_of_the_desk_is_sound(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], live_server: Any, desk: association_town.Desk, width: int
) -> None:  # fmt: skip
    state = signed_in(live_server, desk.staff)
    screens = ("", "operations/", "operations/exchange_to_notes/", "operations/exchange_to_digital_online/", "journal/", "membres/",
               "membres/nouveau/", "cotisations/", "equipe/", "bureaux/", "billets/", "fonds/", "comptabilite/", "seuils/",
               "import/", "banque/", "mandats/", "programmes/")  # fmt: skip
    page = visit(f"/monnaies/{desk.code}/", width=width, storage_state=state, bypass_csp=True)
    page.get_by_role("link", name="Gestion", exact=True).click()
    known = {link.get_attribute("href") for link in page.locator("nav[aria-label='Écrans de la gestion'] a").all()}
    for screen in screens:
        address = f"/monnaies/{desk.code}/gestion/{screen}"
        if screen.count("/") == 1 and address not in known and screen != "membres/nouveau/":
            continue
        page.goto(live_server.url + address)
        assert violations(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth") <= width, screen
        text = f" {page.inner_text('main')} "
        assert " the " not in text and " of " not in text, screen


def test_two_people_agree_to_an_issue_from_a_telephone(
    visit: Callable[..., Any], live_server: Any, desk: association_town.Desk
) -> None:
    page = visit(f"/monnaies/{desk.code}/gestion/", width=360, storage_state=signed_in(live_server, desk.second))
    page.locator("table a").first.click()
    page.get_by_role("button", name="Donner l’accord").click()
    page.get_by_text("L’opération est faite").wait_for()
    assert "digital_issue" in page.content()
