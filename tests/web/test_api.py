"""The same figures for programs."""

import json

import pytest
from django.test import Client

import ressort

PATHS = (
    "/api/search?q=pau",
    "/api/territories?kind=REG",
    "/api/territories/COM/64445",
    "/api/territories/EPCI/200067254/diagnosis",
    "/api/territories/EPCI/200067254/diagnosis?organic_share=0.5&lang=en",
    "/api/territories/EPCI/200067254/tables/groups",
    "/api/groups/diagnosis?communes=64445,64037",
    "/api/indicators",
    "/api/indicators/adequacy_capped_share?kind=DEP",
    "/api/sources",
    "/api/sources?lang=en",
    "/api/territories/COM/64445/field?hectares=2.5",
    "/api/territories/COM/64445/field?hectares=2.5&food=fruit_vegetables&organic_share=1&lang=en",
    "/api/groups/field?communes=64445,64037&hectares=1",
    "/api/territories/EPCI/200067254/gardens?share=0.1",
    "/api/calls",
    "/api/calls/grids",
    "/api/openapi.json",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_address_answers_in_strict_json_with_an_etag(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    json.loads(answer.content, parse_constant=refuse)
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_figure_carries_what_a_reader_may_ask(client: Client, db: None) -> None:
    figure = client.get("/api/territories/EPCI/200067254/diagnosis").json()["figures"]["land_needed_ha"]
    assert figure["low"] < figure["value"] < figure["high"] and figure["status"] == "estimated" and figure["source"]


def test_lists_are_paged(client: Client) -> None:
    first, second = (client.get(f"/api/territories?kind=EPCI&page={page}").json() for page in (1, 2))
    assert first["count"] == second["count"] > 1200 and len(first["items"]) == 100
    assert first["items"][0]["code"] != second["items"][0]["code"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/territories/COM/99999", 404),
        ("/api/territories/EPCI/200067254/diagnosis?organic_share=5", 422),
        ("/api/territories/EPCI/200067254/diagnosis?relocated_shares.beef=-1", 422),
        ("/api/territories/EPCI/200067254/diagnosis?population=martiens", 422),
        ("/api/territories/EPCI/200067254/diagnosis?diet=soleil", 422),
        ("/api/territories/EPCI/200067254/diagnosis?population=number&people=-4", 422),
        ("/api/territories/EPCI/200067254/tables/groups?waste_cut_share=40", 422),
        ("/api/territories/EPCI/200067254/field?hectares=-1", 422),
        ("/api/territories/EPCI/200067254/field?hectares=beaucoup", 422),
        ("/api/territories/EPCI/200067254/field", 422),
        ("/api/territories/EPCI/200067254/field?hectares=1&food=bananes", 422),
        ("/api/territories/COM/99999/field?hectares=1", 404),
        ("/api/territories/EPCI/200067254/gardens?share=10", 422),
        ("/api/indicators/adequacy_capped_share?page=0", 422),
        ("/api/indicators/adequacy_capped_share?page=99999999999999999999", 422),
        ("/api/indicators/adequacy_capped_share?kind=XYZ", 422),
        ("/api/indicators/adequacy_capped_share?genre=REG", 422),
        ("/api/territories?kind=XYZ", 422),
        ("/api/territories?kind=", 422),
        ("/api/territories?kind=CUSTOM", 422),
        ("/api/territories?kind=REG&page=0", 422),
        ("/api/territories?kind=REG&page=-3", 422),
        ("/api/territories?kind=REG&page=un", 422),
        ("/api/territories?page=99999999999999999999", 422),
        ("/api/territories?sort=REG", 422),
        ("/api/territories/EPCI/200067254?with=communes", 422),
        ("/api/search", 422),
        ("/api/search?q=pau&limit=0", 422),
        ("/api/search?q=pau&limit=1000", 422),
        ("/api/search?q=pau&nombre=3", 422),
        ("/api/territories/EPCI/200067254/diagnosis?organic=0.5", 422),
        ("/api/territories/EPCI/200067254/diagnosis?organic_share=nan", 422),
        ("/api/territories/EPCI/200067254/diagnosis?organic_shares.banana=0.5", 422),
        ("/api/territories/EPCI/200067254/diagnosis?people=inf&population=number", 422),
        ("/api/territories/EPCI/200067254/diagnosis?lang=de", 422),
        ("/api/territories/EPCI/200067254/tables/groups?organik_share=0.5", 422),
        ("/api/territories/EPCI/200067254/field?hectares=nan", 422),
        ("/api/territories/EPCI/200067254/field?hectares=inf", 422),
        ("/api/territories/EPCI/200067254/field?hectare=2", 422),
        ("/api/territories/EPCI/200067254/gardens?share=nan", 422),
        ("/api/groups/diagnosis?communes=", 400),
        ("/api/groups/diagnosis?communes=64445&noms=x", 422),
        ("/api/indicators?domain=food", 422),
        ("/api/sources?page=2", 422),
        ("/api/territories/EPCI/200067254/tables/secrets", 404),
        ("/api/indicators/secrets", 404),
        ("/api/nowhere", 404),
    ],
)
def test_errors_are_json_in_the_language_asked(client: Client, db: None, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status and answer.json()["error"]


def test_the_description_is_served_from_here(client: Client, db: None) -> None:
    html = client.get("/api/").content.decode()
    assert "ninja/swagger-ui-bundle.js" in html and "cdn" not in html


def test_the_inverse_question_answers_as_the_command_line_does(client: Client) -> None:
    fed = client.get("/api/territories/COM/64445/field?hectares=2.5&food=fruit_vegetables").json()
    asked = ressort.field("COM:64445", 2.5, "fruit_vegetables")
    assert fed["people"]["value"] == pytest.approx(asked.people.value)
    assert fed["people"]["low"] < fed["people"]["value"] < fed["people"]["high"]
    assert fed["people"]["value"] * fed["land_m2_per_people"]["value"] == pytest.approx(25_000)
    needed = client.get("/api/territories/EPCI/200067254/gardens?share=0.1").json()
    assert needed["high_yield"]["farms"] < needed["low_yield"]["farms"]


def test_the_inverse_question_is_described(client: Client) -> None:
    told = client.get("/api/openapi.json").json()["paths"]["/api/territories/{kind}/{code}/field"]["get"]
    assert {one["name"] for one in told["parameters"]} == {"kind", "code", "hectares", "food", "lang"}
    assert "people" in str(told["responses"]["200"]) or "Fed" in str(told["responses"]["200"])


@pytest.mark.parametrize("path", ["/api/sources", "/api/indicators", "/api/territories/COM/64445/tables/groups"])
def test_the_language_is_the_one_asked_else_the_one_accepted_else_french(client: Client, db: None, path: str) -> None:
    french, english = client.get(path), client.get(path, {"lang": "en"})
    assert french.content != english.content
    assert client.get(path, headers={"Accept-Language": "de, en-GB;q=0.8, fr;q=0.5"}).content == english.content
    both = client.get(path, {"lang": "fr"}, headers={"Accept-Language": "en"})
    assert both.content == french.content and "Accept-Language" in both["Vary"]


def test_an_error_speaks_the_language_accepted(client: Client, db: None) -> None:
    path = "/api/territories/EPCI/200067254/diagnosis?organic_share=40"
    french, english = client.get(path).json(), client.get(path, headers={"Accept-Language": "en"}).json()
    assert "entre 0 et 1" in french["error"] and "between 0 and 1" in english["error"]
    assert french["facts"] == english["facts"] == {"name": "organic_share", "value": 40.0}
    assert "hectares" in client.get("/api/territories/COM/64445/field").json()["error"]


def test_a_kind_that_does_not_exist_is_answered_with_those_that_do(client: Client) -> None:
    answer = client.get("/api/territories?kind=XYZ", headers={"Accept-Language": "en"})
    assert {"COM", "EPCI", "DEP", "REG", "BE_COM"} <= set(answer.json()["facts"]["choices"])
    assert "XYZ is not a kind of territory" in answer.json()["error"]
    for kind in answer.json()["facts"]["choices"]:
        assert client.get(f"/api/territories?kind={kind.lower()}").json()["count"] > 0


def test_a_misspelt_lever_is_refused_with_the_words_that_are_read(client: Client) -> None:
    answer = client.get("/api/territories/COM/64445/diagnosis?orgnic_share=0.5").json()
    assert "orgnic_share" in answer["error"] and "organic_share" in answer["facts"]["choices"]
