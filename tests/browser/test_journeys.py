"""The main journeys, as people make them: by keyboard, with a mouse, without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_finding_a_territory_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("/")
    field = page.get_by_role("combobox")
    field.focus()
    page.keyboard.type("biovall", delay=20)
    page.wait_for_selector("#suggestions:not([hidden]) [role=option]")
    assert field.get_attribute("aria-expanded") == "true"
    assert "proposition" in page.locator("#announcer").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.locator("#suggestions [aria-selected=true]").get_attribute("id") == field.get_attribute(
        "aria-activedescendant"
    )
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    page.keyboard.type("é")
    page.wait_for_selector("#suggestions:not([hidden]) [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/territoire/EPCI/242600252/"))
    assert "Biovallée" in page.locator("h1").inner_text()


def test_finding_a_territory_with_a_mouse(visit: Callable[..., Any]) -> None:
    page = visit("/")
    page.get_by_role("combobox").type("Crest", delay=20)
    page.get_by_role("option", name=re.compile("Crest \\(26\\)")).first.click()
    page.wait_for_url(re.compile("/territoire/COM/26108/"))


def test_finding_a_territory_without_javascript(visit: Callable[..., Any]) -> None:
    page = visit("/", java_script_enabled=False)
    page.get_by_role("combobox").fill("Saint-Denis")
    page.get_by_role("button", name="Voir le territoire").click()
    page.get_by_role("link", name="Saint-Denis (974)", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Saint-Denis")


def test_moving_a_lever_changes_the_results_and_the_address_without_reload(visit: Callable[..., Any]) -> None:
    page = visit("/scenario/EPCI/200067254/")
    page.evaluate("window.stayed = true")
    page.get_by_label("Dans l’assiette").select_option("vegetarian")
    page.wait_for_url(re.compile(r"\?diet=vegetarian$"))
    assert page.locator(".results-title").inner_text().lower().startswith("végétarienne")
    assert page.evaluate("window.stayed") is True
    page.get_by_label("Part biologique de ce qui est cultivé ici").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("organic_share=0.05"))
    assert "5" in page.locator("output[for=organic_share]").inner_text()
    expect(page.locator(".results-title")).to_have_text("végétarienne, 5 % bio", ignore_case=True)
    assert page.locator("[name='organic_shares.beef']").input_value() == "0.05", "families follow the whole"
    page.go_back()
    page.wait_for_url(re.compile(r"\?diet=vegetarian$"))
    expect(page.locator(".results-title")).to_have_text("végétarienne", ignore_case=True)


def test_a_scenario_and_its_comparison_without_javascript(visit: Callable[..., Any]) -> None:
    page = visit("/scenario/EPCI/200067254/", java_script_enabled=False)
    page.get_by_label("Dans l’assiette").select_option("vegan")
    page.get_by_role("button", name="Voir les effets").click()
    page.wait_for_url(re.compile(r"\?diet=vegan$"))
    page.get_by_role("link", name="Garder et comparer").click()
    expect(page.locator("thead th")).to_have_count(3)


def test_composing_a_group_without_javascript(visit: Callable[..., Any]) -> None:
    page = visit("/groupe/composer/", java_script_enabled=False)
    page.get_by_label("Commune, intercommunalité, département…").fill("Masquières")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name="Ajouter Masquières (47)").click()
    expect(page.get_by_role("heading", name="1 commune dans le groupe")).to_be_visible()
    page.get_by_label("Commune, intercommunalité, département…").fill("Trentels")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name="Ajouter Trentels (47)").click()
    expect(page.get_by_role("heading", name="2 communes dans le groupe")).to_be_visible()
    page.get_by_label("Nom du groupe").fill("Tera")
    page.get_by_role("button", name="Voir le diagnostic du groupe").click()
    expect(page.locator("h1")).to_have_text("Tera")
    expect(page.locator(".kicker")).to_contain_text("2 communes")


def test_a_map_leads_from_a_shape_to_its_territory(visit: Callable[..., Any]) -> None:
    page = visit("/carte/26/?indicateur=density_people_per_km2")
    shapes = page.locator("#map path.area")
    expect(shapes).to_have_count(page.locator(".map-list tbody tr").count())
    shapes.nth(40).click(force=True)
    link = page.locator(".leaflet-popup a").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)


def test_a_map_without_javascript_is_a_list(visit: Callable[..., Any]) -> None:
    page = visit("/carte/26/", java_script_enabled=False)
    page.get_by_label("Quoi montrer").select_option("commute_car_share")
    page.get_by_role("button", name="Montrer").click()
    page.wait_for_url(re.compile("indicateur=commute_car_share"))
    assert not page.locator("#map").is_visible()
    assert page.locator(".map-list tbody tr").count() > 300


def test_giving_the_figures_of_a_territory(visit: Callable[..., Any], tmp_path: Any) -> None:
    from ressort.web.people import actions

    person = actions.add_person("ada@example.fr", is_operator=True)
    person.set_password("Correct-Horse-9-Battery")
    person.save()
    file = tmp_path / "surfaces.csv"
    file.write_text("crop_group;area_ha;organic_ha;year\nvegetables;40;;2024\n", "utf-8")
    page = visit("/territoire/EPCI/242600252/donnees/")
    page.get_by_label("Courriel").fill("ada@example.fr")
    page.get_by_label("Mot de passe").fill("Correct-Horse-9-Battery")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_label("Fichier", exact=True).set_input_files(str(file))
    page.get_by_label("D’où viennent les chiffres").fill("Chambre d’agriculture")
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.get_by_role("button", name="Mettre ces chiffres en vigueur").click()
    page.goto(re.sub("donnees/.*", "", page.url))
    assert "Chambre d’agriculture" in page.locator("#quality").inner_text()
    page.goto(page.url + "donnees/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=re.compile("^Effacer")).click()
    page.wait_for_selector("text=Le tableau est effacé")


def test_the_language_changes_and_the_page_stays(visit: Callable[..., Any]) -> None:
    page = visit("/scenario/EPCI/200067254/?diet=vegan")
    page.get_by_role("link", name="English").click()
    page.wait_for_url(re.compile(r"/en/scenario/EPCI/200067254/\?diet=vegan"))
    assert page.locator("h1").inner_text() == "What if…"
