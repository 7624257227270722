"""A citizens' panel in a real browser: every screen, and a public draw from the form to the result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panels import closed_panel, panel_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mayor(db: None) -> Any:
    """Someone who administers Pau."""
    from ressort.web.people.models import Grant, Person

    person = Person.objects.create_user("maire@example.fr", "Correct-Horse-9-Battery", name="Marie")
    Grant.objects.create(person=person, kind="EPCI", code="200067254", role="administrator")
    return person


@pytest.fixture
def drawn(mayor: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A panel of Pau at its fullest: drawn, met, its opinion answered."""
    from tests.web.panel.clock import HOUR, Later

    from ressort.web.currency import actions as ledger
    from ressort.web.currency import wallets
    from ressort.web.currency.models import Wallet
    from ressort.web.panel import drawing, life, paying
    from ressort.web.panel.models import Seat

    panel = closed_panel(mayor)
    frozen = drawing.freeze(mayor, panel, "trois dés à dix faces, hall de la mairie", timezone.now() + HOUR)
    monkeypatch.setattr(drawing, "timezone", Later(2 * HOUR))
    drawing.draw(mayor, frozen, {"source": "digits", "digits": "417"})
    seats = list(Seat.objects.order_by("pk"))
    for seat in seats[:8]:
        drawing.answer_seat(seat, "accepted", by=mayor)
    for seat in (seats[9], seats[8]):
        drawing.answer_seat(seat, "declined", "work", by=mayor)
    drawing.call_substitute(mayor, seats[9])
    currency = ledger.found_currency(f"B{uuid4().hex[:6].upper()}", "Essai")
    for alias, kind, owner in (("mairie", "association", mayor), ("ada", "individual", None)):
        wallets.open_wallet(None, currency, f"Compte {alias}", f"{alias}-{uuid4().hex[:8]}", kind, owner)
    paying.name_account(seats[0].volunteer.contact, Wallet.objects.get(name="Compte ada").alias)
    meeting = life.add_meeting(mayor, panel, title="Séance 1", starts_at=timezone.now(), place="Mairie", allowance_cents=4550)  # fmt: skip
    life.mark_attendance(mayor, meeting, {seat.pk for seat in seats[:5]})
    life.add_document(mayor, panel, "Bilan de l’eau", "Agence de l’eau", b"%PDF-1.7 un bilan")
    for text in ("Une tarification sociale de l’eau.", "Réserver l’eau des puits aux jardins nourriciers."):
        life.add_point(mayor, panel, text, "9 pour, 1 blanc")
    life.publish_opinion(mayor, panel)
    life.answer_point(mayor, panel.points.first(), "partly", "Les trois premiers mètres cubes sont gratuits dès 2027.")
    return panel


@pytest.fixture
def as_mayor(visit: Callable[..., Any], mayor: Any, site: str) -> Callable[..., Any]:
    """Opens a page signed in."""
    client = Client()
    client.force_login(mayor)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}

    def open_page(path: str, **options: Any) -> Any:
        state = {"cookies": [cookie | {"domain": "localhost", "path": "/"}], "origins": []}
        state["cookies"][0].pop("url")
        return visit(path, storage_state=state, **options)

    return open_page


SCREENS = ("desk", "change", "quotas", "volunteers", "feasible", "freeze", "seats", "meetings", "documents", "opinion", "page")  # fmt: skip


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_of_a_panel_is_accessible_and_fits_a_telephone(
    as_mayor: Callable[..., Any], violations: Callable[[Any], list[str]], drawn: Any, name: str
) -> None:
    for width in (1280, 360):
        page = as_mayor(reverse(f"panel:{name}", args=[drawn.pk]), width=width, bypass_csp=True)
        assert page.locator("h1").count() == 1
        assert violations(page) == [], width
    narrow = as_mayor(reverse(f"panel:{name}", args=[drawn.pk]), width=320)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    text = f" {narrow.inner_text('body')} "
    assert not [word for word in (" the ", " with ", " and ") if word in text]
    ids = narrow.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))


def test_a_person_drawn_reads_its_page_and_accepts(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], drawn: Any
) -> None:
    from ressort.web.panel import access
    from ressort.web.panel.models import Seat

    seat = Seat.objects.get(state="drawn", replaces__isnull=False)
    page = visit(reverse("panel:mine", args=[access.key_of(seat.volunteer)]), width=360, bypass_csp=True)
    assert violations(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="J’accepte").click()
    page.get_by_text("Votre réponse est notée").wait_for()
    seat.refresh_from_db()
    assert seat.state == "accepted"


def test_a_volunteer_registers_on_a_telephone(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], mayor: Any
) -> None:
    panel = panel_of(mayor)
    page = visit(f"/panel/{panel.pk}/", width=360, bypass_csp=True)
    page.get_by_role("link", name="Être volontaire pour ce panel").click()
    page.get_by_role("button", name="Être volontaire").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Être volontaire").click()
    page.wait_for_selector(".error-summary")
    assert violations(page) == []
    page.get_by_label("Prénom et nom").fill("Ada Lovelace")
    page.get_by_label("Courriel").fill("ada@example.fr")
    page.get_by_label("Adresse").fill("3 rue de l’Eau, Pau")
    page.get_by_label("Sexe").select_option("Femme")
    page.get_by_label("Âge").select_option("30-59")
    page.get_by_label("Je suis volontaire").check()
    page.get_by_role("button", name="Être volontaire").click()
    page.get_by_text("Vous êtes inscrit").wait_for()
    assert panel.volunteers.get().answers == {"Sexe": "Femme", "Âge": "30-59"}


def test_an_official_announces_a_draw_throws_the_dice_and_shows_the_result(
    as_mayor: Callable[..., Any], violations: Callable[[Any], list[str]], mayor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.web.panel.clock import HOUR, Later

    from ressort.web.panel import drawing, freezing

    panel = closed_panel(mayor)
    page = as_mayor(reverse("panel:freeze", args=[panel.pk]), bypass_csp=True)
    page.get_by_label("Ce qui donnera le numéro").fill("trois dés, hall de la mairie")
    moment = timezone.localtime(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    page.get_by_label("Jour et heure du tirage").fill(moment)
    page.get_by_role("button", name="Figer et publier l’empreinte").click()
    page.get_by_role("button", name="Arrêter").wait_for()
    assert violations(page) == [] and freezing.once()
    page.get_by_text("1. Lire l’empreinte").wait_for()
    assert panel.draws.get().commitment_sha256 in page.inner_text("body") and violations(page) == []
    monkeypatch.setattr(drawing, "timezone", Later(2 * HOUR))
    page.get_by_label("Chiffres des trois dés").fill("041")
    page.get_by_role("button", name="Tirer le panel de ce numéro").click()
    page.get_by_text("Le numéro tiré est le 41").wait_for()
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Vérifiez vous-même (zip)").click()
    assert download.value.suggested_filename.endswith(".zip")
