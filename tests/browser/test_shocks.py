"""A shock from the question to the answer, in a real browser, with and without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from ressort.resilience import Request
from ressort.web.resilience import actions, worker

pytestmark = pytest.mark.django_db(transaction=True)


def answered(*levers: str) -> str:
    """The address of an answer already played."""
    run = actions.ask(
        Request("EPCI:200068930", ("power_cut",), levers, runs=6, days=60).checked(), "CC Fumel Vallée du Lot"
    )
    assert worker.once()
    return f"/choc/resultat/{run.token}/"


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_an_answer(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], width: int, theme: str
) -> None:
    page = visit(answered("storage", "community_energy"), width=width, color_scheme=theme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []


def test_an_answer_fits_a_narrow_screen_and_speaks_french(visit: Callable[..., Any]) -> None:
    page = visit(answered("storage"), width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    text = f" {page.inner_text('body')} "
    assert not [english for english in (" the ", " with ", " Download", "See the") if english in text]


def test_a_question_is_asked_followed_and_read(visit: Callable[..., Any]) -> None:
    page = visit("/choc/EPCI/200068930/")
    page.get_by_label("Coupure d’électricité").check()
    page.get_by_text("Tirages, jours, poids des besoins").click()
    page.get_by_label("Tirages", exact=True).select_option("50")
    page.get_by_role("button", name="Jouer").click()
    page.wait_for_url("**/choc/resultat/**")
    assert page.get_by_role("button", name="Arrêter").is_visible()
    assert worker.once()
    page.wait_for_selector("#recit")
    assert "Coupure d’électricité" in page.inner_text("h1")


def test_the_day_is_said_as_the_slider_moves(visit: Callable[..., Any]) -> None:
    page = visit(answered())
    slider = page.get_by_label("Jour", exact=True)
    day = int(slider.input_value())
    slider.press("ArrowRight")
    expect(page.locator("output[for=jour-choisi]")).to_have_text(str(day + 1))
    expect(slider).to_have_attribute("aria-valuetext", str(day + 1))


def test_the_day_is_chosen_without_javascript(visit: Callable[..., Any]) -> None:
    page = visit(answered(), java_script_enabled=False)
    page.get_by_label("Besoin", exact=True).select_option("water")
    page.get_by_role("button", name="Montrer ce jour").click()
    page.wait_for_url(re.compile("besoin=water"))
    expect(page.locator("#jour")).to_be_visible()
