"""Scenarios: the address holds the whole state, with and without JavaScript."""

import pytest
from django.test import Client

from ressort.core.food import Levers
from ressort.web.scenarios import levers as form

PAU = "/scenario/COM/64445/"
HTMX = {"HX-Request": "true"}


def test_a_form_sent_without_javascript_leads_to_the_permalink(client: Client, db: None) -> None:
    sent = {"envoi": "1", "organic_share": "0.5", "relocated_share": "1", "diet": "current", "converted_ha.fruit": "0"}
    answer = client.get(PAU, sent)
    assert answer.status_code == 302 and answer["Location"] == f"{PAU}?organic_share=0.5"


def test_with_htmx_only_the_results_change_and_the_address_follows(client: Client, db: None) -> None:
    answer = client.get(PAU, {"envoi": "1", "diet": "vegetarian"}, headers=HTMX)
    html = answer.content.decode()
    assert "<html" not in html and answer["HX-Push-Url"] == f"{PAU}?diet=vegetarian" and "HX-Request" in answer["Vary"]


def test_going_back_in_history_brings_the_whole_page(client: Client, db: None) -> None:
    answer = client.get(PAU, {"diet": "vegetarian"}, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize(
    "words",
    [
        "organic_share=5",
        "organic_share=abc",
        "diet=stones",
        "population=number",
        "converted_ha.fruit=-1e9",
        "organic_share=nan",
    ],
)
def test_a_lever_out_of_range_is_explained_and_the_page_stands(client: Client, db: None, words: str) -> None:
    answer = client.get(f"{PAU}?{words}")
    assert answer.status_code == 400 and "error-summary" in answer.content.decode()


def test_a_slider_of_a_family_left_on_the_whole_is_no_lever() -> None:
    read = form.read(
        {
            "organic_share": "0.3",
            "organic_shares.dairy": "0.3",
            "organic_shares.beef": "0.6",
            "relocated_shares.beef": "1",
        }
    )
    assert read == Levers(organic_share=0.3, organic_shares=(("beef", 0.6),))


def test_every_lever_of_the_model_has_its_field() -> None:
    shown = {field.name.partition(".")[0] for _title, fields, _open in form.chapters() for field in fields}
    assert set(Levers.__slots__) - shown == {"diet_kg", "replace_protein"}, "the plate by product is for programs"


def test_up_to_four_scenarios_stand_beside_today(client: Client, db: None) -> None:
    html = client.get(f"{PAU}comparer/", {"s": ["organic_share=0.5", "diet=vegan", "diet=vegan"]}).content.decode()
    assert html.count('<th scope="col">') == 4, "the figure, today, two scenarios: a twin is shown once"
    many = {"s": [f"organic_share=0.{i}" for i in range(1, 8)]}
    assert client.get(f"{PAU}comparer/", many).content.decode().count('<th scope="col">') == 5


def test_a_group_has_scenarios_too(client: Client, db: None) -> None:
    answer = client.get("/scenario/groupe/", {"communes": "64445,64037", "nom": "Nous", "organic_share": "0.2"})
    assert answer.status_code == 200 and "communes=64037,64445" in answer.content.decode()


def test_a_scenario_kept_comes_back_at_the_next_one(client: Client, db: None) -> None:
    html = client.get(PAU, {"organic_share": "0.5", "avec": "diet=vegan"}).content.decode()
    assert "s=diet%3Dvegan&amp;s=organic_share%3D0.5" in html
