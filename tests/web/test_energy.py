"""Energy on the web: what is read, the permalink, files, what is refused, what is missing."""

import io
import json

import polars as pl
import pytest
from django.test import Client

from ressort.web.energy import queries

pytestmark = pytest.mark.django_db

NANTES, METROPOLE, PAU = "/energie/COM/44109/", "/energie/EPCI/244400404/", "/energie/EPCI/200067254/"


def page(client: Client, path: str, **words: str) -> str:
    answer = client.get(path, words)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_person_reads_what_is_used_made_and_covered(client: Client) -> None:
    html = page(client, NANTES)
    for told in (
        "Énergie entre ville et campagne",
        "1 411 GWh".replace(" ", "\u202f", 1),
        "Loire-Atlantique (44)",
        "Ce qui n’est pas connu",
    ):
        assert told.replace(" GWh", "\u00a0GWh") in html, told
    assert "None" not in html and "nan" not in html.lower().replace("nantes", "").replace("finan", "").replace(
        "ordonnan", ""
    )


def test_a_scenario_stands_beside_today_and_says_who_earns(client: Client) -> None:
    html = page(client, METROPOLE, scenario="shared", collectivite="20", citoyens="30")
    assert '<option value="shared" selected>' in html and 'value="30"' in html
    assert "Collectivité" in html and "Habitants" in html and "restent ici" in html


def test_levers_written_replace_those_of_the_scenario(client: Client) -> None:
    html = page(client, METROPOLE, scenario="shared", toitures="12,5", vent_kw="50 000")
    assert "Vos hypothèses" in html and "votre propre chiffre" in html and 'value="12,5"' in html


def test_pau_and_liege_say_what_is_missing(client: Client) -> None:
    html = page(client, PAU)
    assert (
        "estimé" in html
        and "ressort data sync electricity_production_epci" in html
        and "Aucun flux n’est dessiné" in html
    )
    assert "ce n’est pas zéro" in page(client, "/energie/BE_COM/62063/")
    assert page(client, "/energie/DEP/974/", scenario="shared") and page(client, "/energie/COM/75056/")


def test_a_group_has_its_page_and_a_former_commune_leads_to_todays(client: Client) -> None:
    html = page(client, "/energie/groupe/", communes="44109,44143", nom="Nous")
    assert "Nous" in html and 'name="communes"' in html
    answer = client.get("/energie/COM/49321/")
    assert answer.status_code == 302 and "/energie/COM/" in answer["Location"]


def test_the_map_and_its_list_say_the_same_flows(client: Client) -> None:
    html = page(client, "/energie/COM/44205/")
    drawn, listed = html.count('<path class="arc'), html.count("→")
    assert drawn - 2 == 2 and listed == 2  # two in the legend; each arc says its flow
    assert "Nort-sur-Erdre" in html or "iraient aux autres" in html


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"scenario": "partage"}, "n’est pas un scénario"),
        ({"toitures": "120"}, "entre 0 et 100"),
        ({"vent_kw": "beaucoup"}, "n’est pas un nombre"),
        ({"vent_kw": "-3"}, "à partir de 0"),
        ({"annee": "1850"}, "les années connues"),
        ({"collectivite": "70", "citoyens": "70"}, "au plus 1 ensemble"),
        ({"bois_mwh": "nan"}, "n’est pas un nombre"),
        ({"bois_mwh": "inf"}, "à partir de 0"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_and_keeps_what_was_written(
    client: Client, words: dict[str, str], told: str
) -> None:
    answer = client.get(NANTES, words)
    html = answer.content.decode()
    assert answer.status_code == 400 and told in html and 'role="alert"' in html


@pytest.mark.parametrize(
    "path", ["/energie/EPCI/999/", NANTES + "rien.csv", NANTES + "use.geojson", PAU + "graphique.svg"]
)
def test_wrong_addresses_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_files_say_what_the_page_says(client: Client) -> None:
    table = client.get(METROPOLE + "balance.csv", {"scenario": "shared"})
    assert table["Content-Disposition"].endswith('nantes-metropole-energie-balance.csv"')
    assert "shared" in table.content.decode() and "Licence Ouverte" in table.content.decode()
    flows = pl.read_parquet(io.BytesIO(client.get(METROPOLE + "flows.parquet", {"scenario": "whole"}).content))
    lines = json.loads(client.get(METROPOLE + "flows.geojson", {"scenario": "whole"}).content)
    assert flows.height == len(lines["features"])
    drawing = client.get(METROPOLE + "graphique.svg", {"theme": "dark"})
    assert (
        drawing["Content-Type"].startswith("image/svg+xml")
        and client.get(METROPOLE + "graphique.svg?theme=x").status_code == 404
    )


def test_programs_read_the_same(client: Client) -> None:
    told = client.get("/api/energy/EPCI/244400404", {"scenario_name": "shared", "citizens_share": "0.5"}).json()
    assert told["scenario"] == "shared" and told["owners_bp"]["citizens"] == 5_000
    assert {row["carrier"] for row in told["tables"]["use"]} == {"electricity", "gas", "heat"}
    refused = client.get("/api/energy/EPCI/244400404", {"roof_share": "0.5"})
    assert refused.status_code == 404 or refused.status_code == 422
    assert "roofs_share" in refused.json()["error"]
    assert client.get("/api/energy/EPCI/244400404", {"roofs_share": "2"}).status_code == 422
    assert client.get("/api/energy/EPCI/244400404", {"roofs_share": "x"}).status_code == 422


def test_english_words_stand_under_en(client: Client) -> None:
    html = page(client, "/en" + NANTES)
    assert "Energy between city and country" in html and "What is not known" in html


def test_the_neighbourhoods_of_a_commune_are_told_by_sector_with_what_is_secret(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = pl.DataFrame(
        {"iris_code": ["441620101"] * 2, "iris_name": ["Bourg <b>"] * 2, "year": [2024] * 2, "sector": ["industry", "residential"],
         "energy_mwh": [None, 900.0], "sites": [None, 500.0]}
    )  # fmt: skip
    monkeypatch.setattr("ressort.energy.territory.parts_of", lambda _place: told)
    queries._energy.cache_clear()
    html = client.get("/energie/COM/44162/").content.decode().replace("\xa0", " ")
    assert "Bourg &lt;b&gt; (441620101)" in html and '<td class="n">secret</td>' in html and "900 MWh" in html
    assert "/energie/COM/44162/parts.csv" in html
    assert client.get("/energie/COM/44162/parts.csv").content.decode().count("441620101") == 2
    queries._energy.cache_clear()
