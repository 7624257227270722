"""What holds on every page: accessibility, no message in the console, no request elsewhere, no sideways scroll."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    "/",
    "/en/",
    "/chercher/?q=Saint-Denis",
    "/groupe/composer/?communes=64445,64037&q=lons",
    "/groupe/composer/?communes=64445&coller=zzz",
    "/groupe/?communes=64445,64037&nom=Nous",
    "/territoire/EPCI/200067254/",
    "/territoire/COM/97411/",
    "/en/territoire/DEP/64/",
    "/territoire/EPCI/200067254/integrer/",
    "/territoire/EPCI/200067254/champ/?hectares=2,5&famille=fruit_vegetables",
    "/scenario/EPCI/200067254/",
    "/scenario/EPCI/200067254/?diet=vegetarian&organic_share=0.5&farm_starts_per_year=5",
    "/scenario/EPCI/200067254/?diet=own&diet_kg.beef=5",
    "/scenario/EPCI/200067254/comparer/?s=diet%3Dvegan&s=organic_share%3D0.5",
    "/choc/EPCI/200068930/?levier=reciprocity&avec=EPCI:200067254",
    "/en/choc/COM/64445/",
    "/carte/26/?indicateur=commute_car_share",
    "/carte/departements/?indicateur=organic_crops_share",
    "/cooperer/EPCI/200067254/?bien=cereals",
    "/cooperer/EPCI/200067254/regles/?bien=cereals&part=20&equite=100&choc=drought&actuels=radiation&solde=10&promesse=200067262%3E200067254%3D100",
    "/cooperer/groupe/?communes=26108,26113,26289&bien=cereals",
    "/echanges/?bien=forage&echelle=DEP",
    "/echanges/calcul/COM/cereals/",
    "/energie/COM/44109/?scenario=shared&citoyens=30",
    "/energie/EPCI/200067254/",
    "/energie/EPCI/244400404/?scenario=shared&vent_cout=1200&vent_cot=1",
    "/energie/BE_COM/62063/",
    "/cooperer/COM/97411/",
    "/energie/groupe/?communes=44109,44143&nom=Nous",
    "/en/energie/EPCI/244400404/?scenario=whole",
    "/accords/",
    "/budget/",
    "/decider/",
    "/decider/EPCI/200067254/",
    "/donnees/",
    "/appels/",
    "/monnaies/",
    "/monnaies/lire/",
    "/monnaies/hors-ligne/",
    "/monnaies/porte-monnaie/",
    "/en/monnaies/caisse/",
    "/territoire/EPCI/200067254/aides/",
    "/panels/",
    "/compte/login/",
    "/compte/password/reset/",
    "/mentions-legales/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/contact/",
    "/code-source/",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], path: str, width: int, theme: str
) -> None:
    page = visit(path, width=width, color_scheme=theme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_message_no_foreign_request_no_sideways_scroll(visit: Callable[..., Any], path: str) -> None:
    page = visit(path, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator("h1").count() == 1 and page.title().endswith("Ressort")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/en/")])
def test_french_pages_speak_french(visit: Callable[..., Any], path: str) -> None:
    page = visit(path)
    assert page.locator("html").get_attribute("lang") == "fr"
    text = f" {page.inner_text('body')} "
    for english in (" the ", " with ", " Download", "See the", "How is"):
        assert english not in text, (
            f"“{english}” in {path}: {text[max(0, text.find(english) - 60) : text.find(english) + 60]}"
        )


def test_errors_in_forms_take_the_focus_and_lead_to_the_field(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]]
) -> None:
    page = visit("/compte/login/", bypass_csp=True)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert violations(page) == []


def test_the_skip_link_comes_first_and_leads_to_the_content(visit: Callable[..., Any]) -> None:
    page = visit("/territoire/EPCI/200067254/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_focus_is_seen(visit: Callable[..., Any]) -> None:
    page = visit("/")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px"


@pytest.mark.parametrize("path", ["/territoire/EPCI/200067254/", "/scenario/EPCI/200067254/", "/"])
def test_targets_are_large_enough(visit: Callable[..., Any], path: str) -> None:
    page = visit(path, width=360)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input:not([type=hidden]), summary, nav a')]
            .filter(one => one.offsetParent && one.getBoundingClientRect().height < 24)
            .map(one => one.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_print_is_light_and_without_navigation(visit: Callable[..., Any]) -> None:
    page = visit("/territoire/EPCI/200067254/", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".rail").is_visible() and page.locator("#land table").first.is_visible()


#: width of an A4 page between its margins, in CSS pixels
PAPER = 718
OVER = """() => [...document.querySelectorAll('table, .card, .beside dd, figure img, .lines > div')]
    .filter(one => one.offsetParent)
    .filter(one => one.getBoundingClientRect().right
        > (one.parentElement.closest('.card') || document.documentElement).getBoundingClientRect().right + 1)
    .map(one => one.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize(
    "path",
    [
        "/territoire/EPCI/200067254/",
        "/en/territoire/DEP/974/",
        "/scenario/EPCI/200067254/?organic_share=0.5&farm_starts_per_year=5",
        "/scenario/EPCI/200067254/comparer/?s=diet%3Dvegan&s=organic_share%3D0.5&s=diet%3Dminus_50",
        "/carte/26/?indicateur=commute_car_share",
    ],
)
def test_nothing_is_cut_on_paper_and_no_form_is_printed(visit: Callable[..., Any], path: str) -> None:
    page = visit(path, width=PAPER)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert page.evaluate(OVER) == []
    assert page.evaluate("[...document.querySelectorAll('figure.chart img')].every(one => one.naturalWidth > 0)")
    assert not any(one.is_visible() for one in page.locator(".levers, .rail, .chapters, .map-choice, .top-nav").all())
