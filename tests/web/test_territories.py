"""Finding a territory and composing one's own group."""

import pytest
from django.test import Client

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("text", "path"),
    [("Pau", "COM/64445"), ("64445", "COM/64445"), ("200067254", "EPCI/200067254"), ("Saint-Denis (974)", "COM/97411")],
)
def test_a_name_or_a_code_leads_to_the_territory(client: Client, text: str, path: str) -> None:
    answer = client.get("/chercher/", {"q": text})
    assert answer.status_code == 302 and answer["Location"] == f"/territoire/{path}/"


def test_homonyms_are_told_apart(client: Client) -> None:
    html = client.get("/chercher/", {"q": "Saint-Denis"}).content.decode()
    assert "Saint-Denis (93)" in html and "Saint-Denis (974)" in html


def test_suggestions_are_options_of_a_list(client: Client) -> None:
    answer = client.get("/chercher/", {"q": "biovall"}, headers=HTMX)
    html = answer.content.decode()
    assert 'role="option"' in html and "Biovallée" in html and "<html" not in html and "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("text", ["", " ", "zzzzzzzzzz", "%", "' OR 1=1 --", "é" * 500, "\x00", "🌾"])
def test_any_text_may_be_looked_for(client: Client, text: str) -> None:
    assert client.get("/chercher/", {"q": text}).status_code == 200
    assert client.get("/chercher/", {"q": text}, headers=HTMX).status_code == 200


def test_a_group_is_composed_step_by_step_in_the_address(client: Client) -> None:
    answer = client.get("/groupe/composer/", {"communes": "64445", "nom": "Nous", "ajouter": "COM:64037"})
    assert answer.status_code == 302 and "communes=64037,64445" in answer["Location"]
    answer = client.get("/groupe/composer/", {"communes": "64037,64445", "nom": "Nous", "retirer": "COM:64037"})
    assert "communes=64445&nom=Nous" in answer["Location"]


def test_a_column_of_a_spreadsheet_can_be_pasted(client: Client) -> None:
    answer = client.get("/groupe/composer/", {"coller": "64445\r\n64037\r\n\r\n"})
    assert "communes=64037,64445" in answer["Location"]


def test_an_intercommunality_stands_for_its_communes(client: Client) -> None:
    answer = client.get("/groupe/composer/", {"coller": "200067254"})
    assert answer["Location"].count(",") == 30


def test_a_pasted_list_with_an_unknown_code_says_which_and_keeps_the_group(client: Client) -> None:
    html = client.get("/groupe/composer/", {"communes": "64445", "coller": "64037 bis"}).content.decode()
    assert "64037 bis" in html and "error-summary" in html and 'value="64445"' in html


def test_a_commune_whose_code_is_also_a_postal_code_stays_itself_in_a_group(client: Client) -> None:
    html = client.get("/groupe/composer/", {"communes": "47160"}).content.decode()
    assert "Masquières" in html and "error-summary" not in html
