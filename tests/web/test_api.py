"""The same figures for programs."""

import json

import pytest
from django.test import Client

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
        ("/api/territories/EPCI/200067254/diagnosis?organic_share=5", 409),
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
