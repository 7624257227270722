"""Calls for projects in a real browser: accessible at any width, and the whole way of a file by its applicant."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.web.call_town import SIRETS, closed, hand_in, mark, open_call, reviewers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator() -> Any:
    """Someone who administers the CA Pau Béarn Pyrénées."""
    from ressort.web.people.models import Grant, Person

    person = Person.objects.create_user("maire@example.fr", "Correct-Horse-9-Battery", name="Marie")
    Grant.objects.create(person=person, kind="EPCI", code="200067254", role="administrator")
    return person


def signed_in(person: Any, site: str) -> dict[str, Any]:
    """The options of a visit where a person is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": site,
    }
    return {"storage_state": {"cookies": [cookie], "origins": []}}


@pytest.fixture
def town(administrator: Any, site: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A call open with a draft, another one closed with marks, a third one decided."""
    from django.utils import timezone

    from ressort.web.calls import actions, applying, deciding

    draft = actions.create_call(
        administrator, "EPCI", "200067254", "young_projects", "fr", title="Jeunes", summary="x", eligibility="x",
        contact="a@example.fr", authority_name="CA Pau", authority_siret=SIRETS[0], scheme="jeunes",
        opens_at=timezone.now(), closes_at=timezone.now() + timezone.timedelta(days=9), envelope_cents=10_000_000,
    )  # fmt: skip
    opened = open_call(administrator, title="Appel ouvert")
    _application, token = applying.start(opened, "a@example.fr", "Association des deux rives")
    call = open_call(administrator, title="Villages résilients", days=10)
    jury = reviewers(administrator, call)
    handed = [hand_in(call, i, pledges=["achats"]) for i in range(4)]
    for i, (application, _token) in enumerate(handed):
        for j, person in enumerate(jury):
            if (i, j) != (3, 1):
                mark(person, application, 5 - i if i < 3 else 4, 2 + (i + j) % 3, 4)
    decided = open_call(administrator, title="Appel décidé", days=5)
    application, granted = hand_in(decided, 1, pledges=["achats"])
    for person in reviewers(administrator, decided):
        mark(person, application, 4)
    with monkeypatch.context() as clock:
        closed(clock, decided)
        today = timezone.localdate()
        (decision,) = deciding.decide(
            administrator, decided, "2026-06-D12", today, {application.pk: ("funded", "Rang 1.")}
        )
        deciding.agree(administrator, decision, today, [("Avance", today, 60), ("Solde", today, 40)])
    closed(monkeypatch, call)
    from types import SimpleNamespace

    from ressort.web.calls import call_models

    between = call.closes_at
    monkeypatch.setattr(call_models, "timezone", SimpleNamespace(now=lambda: between))
    as_marie, as_jury = signed_in(administrator, site), signed_in(jury[1], site)
    to_mark = handed[3][0].pk
    return {
        "calls": ("/appels/", {}), "start": (f"/appels/{opened.pk}/deposer/", {}), "lost": (f"/appels/{opened.pk}/lien-perdu/", {}),
        "call": (f"/appels/{opened.pk}/", {}), "english": (f"/en/appels/{opened.pk}/", {}), "draft": (f"/appels/dossier/{token}/", {}),
        "results": (f"/appels/{decided.pk}/", {}), "granted": (f"/appels/dossier/{granted}/", {}), "desk": ("/appels/bureau/", as_marie),
        "new": ("/appels/bureau/nouveau/", as_marie), "manage": (f"/appels/{call.pk}/bureau/", as_marie),
        "change": (f"/appels/{draft.pk}/bureau/modifier/", as_marie), "grid": (f"/appels/{draft.pk}/bureau/grille/", as_marie),
        "questions": (f"/appels/{draft.pk}/bureau/questions/", as_marie), "prepare": (f"/appels/{draft.pk}/bureau/", as_marie),
        "file": (f"/appels/dossiers/{to_mark}/", as_marie), "deliberation": (f"/appels/{call.pk}/deliberation/", as_marie),
        "follow": (f"/appels/dossiers/{application.pk}/suivi/", as_marie), "to_review": ("/appels/evaluations/", as_jury),
        "review": (f"/appels/evaluations/{to_mark}/", as_jury), "aid": ("/territoire/EPCI/200067254/aides/", as_marie),
    }  # fmt: skip


SCREENS = (
    "calls", "start", "lost", "call", "english", "draft", "results", "granted", "desk", "new", "manage", "change", "grid", "questions",
    "prepare", "file", "deliberation", "follow", "to_review", "review", "aid",
)  # fmt: skip


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_on_any_screen_of_the_calls(
    visit: Callable[..., Any], violations: Callable[[Any], list[str]], town: dict[str, Any], width: int, theme: str
) -> None:
    found = {}
    for name in SCREENS:
        path, options = town[name]
        page = visit(path, width=width, color_scheme=theme, bypass_csp=True, **options)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if wrong := violations(page):
            found[name] = wrong
    assert found == {}


def test_every_screen_fits_320_pixels_says_its_name_and_speaks_french(
    visit: Callable[..., Any], town: dict[str, Any]
) -> None:
    for name in SCREENS:
        path, options = town[name]
        page = visit(path, width=320, **options)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert page.locator("h1").count() == 1 and page.title().endswith("Ressort"), name
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids)), name
        words = f" {page.inner_text('main')} "
        if name != "english":
            assert not [one for one in (" the ", " with ", " file ", "Save") if one in words], name


def test_an_applicant_hands_a_file_in_without_javascript(visit: Callable[..., Any], administrator: Any) -> None:
    from ressort.web.calls.models import Application

    call = open_call(administrator)
    page = visit(f"/appels/{call.pk}/", java_script_enabled=False, width=360)
    page.get_by_role("link", name="Déposer un dossier").click()
    page.get_by_label("Votre adresse électronique").fill("asso@example.fr")
    page.get_by_label("Nom de votre structure").fill("Les Jardins")
    page.get_by_role("button", name="Ouvrir un brouillon").click()
    page.get_by_label("SIRET, ou RNA d’une association").fill(SIRETS[1])
    page.get_by_label("Titre du projet").fill("Verger communal")
    page.get_by_label("Coût du projet, en euros").fill("30 000")
    page.get_by_label("Aide demandée, en euros").fill("20 000")
    page.get_by_label("À quel aléa").fill("La sécheresse")
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.locator(".error-summary")).not_to_contain_text("“")
    expect(page.get_by_label("Titre du projet")).to_have_value("Verger communal")
    page.get_by_label("Qui a été associé").fill("Les habitants")
    page.get_by_label("Le projet artificialise-t-il").select_option("no")
    page.get_by_label("Diagnostic ou étude", exact=False)
    page.locator("input[type=file]").set_input_files(
        {"name": "étude.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "étude.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Joindre").click()
    expect(page.get_by_role("link", name="étude.pdf")).to_be_visible()
    page.get_by_role("button", name="Enregistrer et déposer").click()
    expect(page.locator("main")).to_contain_text("Déposé le")
    assert Application.objects.get().status == "submitted"
