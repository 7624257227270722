"""An agreement in a real browser: drawn from the partner page, out of balance as one types, mended, proposed, signed by both, delivered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)

PAU = "EPCI:200067254"


@pytest.fixture
def mayor(db: None) -> Any:
    """Someone who administers Pau and, to sign for both, the Haut Béarn."""
    from ressort.web.people.models import Grant, Person

    person = Person.objects.create_user("maire@example.fr", "Correct-Horse-9-Battery", name="Marie")
    for code in ("200067254", "200067262"):
        Grant.objects.create(person=person, kind="EPCI", code=code, role="administrator")
    return person


@pytest.fixture
def as_mayor(visit: Callable[..., Any], mayor: Any, site: str) -> Callable[..., Any]:
    """Opens a page signed in."""
    client = Client()
    client.force_login(mayor)
    value = client.cookies["sessionid"].value

    def open_page(path: str, **options: Any) -> Any:
        cookie = {"name": "sessionid", "value": value, "domain": "localhost", "path": "/"}
        return visit(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return open_page


def test_an_agreement_from_the_partner_page_to_what_was_delivered(as_mayor: Callable[..., Any]) -> None:
    page = as_mayor("/cooperer/EPCI/200067254/")
    page.get_by_role("link", name="Préparer un accord – CC du Haut Béarn").click()
    page.get_by_label("Titre").fill("Grains contre ingénierie")
    page.get_by_label("Première année").fill(str(timezone.localdate().year))
    page.get_by_role("button", name="Ouvrir le brouillon").click()
    page.wait_for_selector("#balance .success")
    # a line typed shows its effect before it is kept
    page.get_by_label("Ce qui est apporté").fill("Logements")
    page.get_by_label("Unité", exact=True).first.fill("nuitées")
    page.get_by_label("Quantité par an").fill("1000000")
    page.get_by_label("Valeur d’une unité, en euros").fill("900")
    page.get_by_label("Remarque").fill("essai")
    page.wait_for_selector("#balance .error")
    assert "Logements" in page.inner_text("#balance")
    page.get_by_label("Quantité par an").fill("1")
    page.get_by_label("Remarque").focus()
    page.wait_for_selector("#balance .success")
    page.get_by_role("button", name="Ajouter la ligne").click()
    page.get_by_text("La ligne est dans le brouillon.").wait_for()
    # what is still to be agreed on is written before anything is proposed
    page.get_by_role("link", name="Modifier En retour, à convenir").click()
    page.get_by_role("heading", name="Modifier la ligne").wait_for()
    page.get_by_label("Ce qui est apporté").fill("Ingénierie de projet")
    page.get_by_role("button", name="Garder la ligne").click()
    page.get_by_text("La ligne est dans le brouillon.").wait_for()
    page.get_by_role("link", name="L’accord", exact=True).click()
    page.get_by_role("button", name="Proposer à la signature").click()
    for _party in range(2):
        page.get_by_role("link", name="Enregistrer la signature de").first.click()
        page.get_by_label("Nom du signataire").fill("Marie Dupont")
        page.get_by_label("Rôle").fill("présidente")
        page.get_by_role("button", name="Enregistrer la signature").click()
    page.get_by_role("button", name="Mettre en vigueur").click()
    page.get_by_role("link", name="Renseigner").first.click()
    page.locator("input[name^=line_]").first.fill("12,5")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("12,5").first.wait_for()
    assert "en vigueur" in page.inner_text("main")


@pytest.fixture
def draft(mayor: Any) -> Any:
    """A draft drawn from the figures, with a line out of balance and an indicator."""
    from decimal import Decimal

    from ressort.exchanges import proposal, territory_today
    from ressort.web.exchanges import actions, agreements

    year = timezone.localdate().year
    here, there = (territory_today("EPCI", code) for code in ("200067254", "200067262"))
    places = [agreements.Place("EPCI", one.code, one.label) for one in (here, there)]
    held = actions.create_agreement(
        mayor, places, proposal(here, there, 0.1, 0.1), type="call", title="Grains contre ingénierie", purpose="S’entraider.", first_year=year,
        last_year=year + 2, tolerance_bp=1000, shadow_rate_cents=10, conditions="Une réunion par an.", governance="Un comité.",
    )  # fmt: skip
    actions.add_indicator(mayor, held, 1, label="Emplois", unit="ETP", target=Decimal(12), target_year=year + 2)
    held.refresh_from_db()
    return held


@pytest.mark.parametrize("screen", ["", "lignes/", "termes/"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_on_the_screens_of_an_agreement(
    as_mayor: Callable[..., Any], violations: Callable[[Any], list[str]], draft: Any, screen: str, width: int
) -> None:
    page = as_mayor(f"/accord/{draft.pk}/{screen}", width=width, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    text = f" {page.inner_text('body')} "
    assert not [word for word in (" the ", " with ", " Download", "How is") if word in text]


def test_the_editor_works_without_scripts_and_by_keyboard(as_mayor: Callable[..., Any], draft: Any) -> None:
    page = as_mayor(f"/accord/{draft.pk}/lignes/", java_script_enabled=False)
    page.get_by_label("Ce qui est apporté").focus()
    page.keyboard.type("Formation")
    page.get_by_label("Quantité par an").focus()
    page.keyboard.type("3")
    page.get_by_label("Unité", exact=True).first.focus()
    page.keyboard.type("jours")
    page.get_by_label("Valeur d’une unité, en euros").focus()
    page.keyboard.type("400")
    page.keyboard.press("Enter")
    page.get_by_text("La ligne est dans le brouillon.").wait_for()
    assert "Formation" in page.inner_text("main")
