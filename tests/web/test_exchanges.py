"""Cooperation on the web: partners with reasons, a map and its list twin, files, the national view, long computations."""

import io
import json
from typing import Any

import polars as pl
import pytest
from django.test import Client

from ressort.exchanges import is_stored
from ressort.web.exchanges import jobs
from ressort.web.exchanges.aside import Aside, Told

pytestmark = pytest.mark.django_db

PAU = "/cooperer/EPCI/200067254/"


def test_a_person_reads_what_is_lacking_who_fits_and_why(client: Client) -> None:
    html = client.get(PAU).content.decode()
    assert "Coopérer" in html and "Il a ce qui vous manque" in html
    assert "CC du Haut Béarn" in html and 'href="/territoire/EPCI/200067262/"' in html
    assert "not known" not in html and "non connu à cette échelle" in html


def test_the_map_and_its_list_say_the_same_flows(client: Client) -> None:
    html = client.get(PAU, {"bien": "oilseeds"}).content.decode()
    drawn, listed = html.count('<path class="arc'), html.count("<tr><td>")
    assert drawn - 2 == listed > 0  # two in the legend


def test_the_address_holds_the_whole_state(client: Client) -> None:
    html = client.get(PAU, {"bien": "sugar", "echelle": "DEP", "avec": "DEP:60"}).content.decode()
    assert '<option value="sugar" selected>' in html and '<option value="DEP" selected>' in html
    assert 'href="/territoire/DEP/60/"' in html and "Pyrénées-Atlantiques" in html


def test_a_commune_is_compared_among_intercommunalities(client: Client) -> None:
    html = client.get("/cooperer/COM/64445/").content.decode()
    assert "CA Pau Béarn Pyrénées" in html


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cooperer/EPCI/999/", 404),
        (PAU + "?echelle=VILLE", 404),
        (PAU + "?avec=EPCI:200067254", 400),
        ("/cooperer/PAYS/FR/", 400),
        ("/echanges/?bien=or", 404),
        ("/echanges/?echelle=COM", 404),
        (PAU + "biens.csv", 404),
        ("/echanges/calcul/COM/wood/", 404),
    ],
)
def test_wrong_addresses_are_told_in_words(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.content.decode()


def test_overseas_nothing_is_invented(client: Client) -> None:
    html = client.get("/cooperer/EPCI/200018653/").content.decode()
    assert "Aucun partenaire" in html


def test_files_say_what_the_page_says(client: Client) -> None:
    table = client.get(PAU + "partners.csv")
    assert table["Content-Disposition"].endswith('-partners.csv"') and "CC du Haut Béarn" in table.content.decode()
    flows = pl.read_parquet(io.BytesIO(client.get(PAU + "flows.parquet").content))
    lines = json.loads(client.get(PAU + "flows.geojson").content)
    assert flows.height == len(lines["features"]) > 0


def test_the_national_view_lists_every_territory_and_the_totals(client: Client) -> None:
    html = client.get("/echanges/?bien=cereals").content.decode()
    assert html.count('<tr data-key="EPCI:') > 1200 and "Prouvé" in html
    assert 'data-key="EPCI:200067254"' in html


def test_the_national_view_tells_distances_emissions_and_gives_files(client: Client) -> None:
    html = client.get("/echanges/?bien=cereals").content.decode()
    assert "t CO₂e par an" in html and "500 km" in html and "/echanges/EPCI/cereals/flows.geojson" in html
    flows = pl.read_parquet(io.BytesIO(client.get("/echanges/EPCI/cereals/flows.parquet").content))
    lines = json.loads(client.get("/echanges/EPCI/cereals/flows.geojson").content)
    assert flows.height == len(lines["features"]) > 500
    table = pl.read_csv(
        io.BytesIO(client.get("/echanges/EPCI/cereals/territories.csv").content), infer_schema_length=None
    )
    assert table.height == 1255 and table["need"].null_count() > 0
    assert table["received"].sum() == pytest.approx(flows["quantity"].sum(), rel=1e-9)
    known = table.drop_nulls("within_500_km_share")
    assert (known["within_500_km_share"] >= known["within_20_km_share"]).all() and known[
        "within_500_km_share"
    ].max() < 1 + 1e-9


@pytest.mark.parametrize(
    "path",
    [
        "EPCI/wood/flows.csv",
        "EPCI/or/flows.csv",
        "VILL/cereals/flows.csv",
        "EPCI/cereals/flux.csv",
        "EPCI/cereals/territories.geojson",
        "COM/sugar/flows.csv",
    ],
)
def test_files_that_do_not_exist_are_not_found(client: Client, path: str) -> None:
    assert client.get(f"/echanges/{path}").status_code == 404


def test_programs_read_the_national_view(client: Client) -> None:
    told = client.get("/api/exchanges/national/cereals").json()
    assert told["totals"]["need"] > 2e7 and len(told["flows"]) == 100 < told["rows"]["flows"]
    assert (
        told["within_km_share"]["20"] <= told["within_km_share"]["500"] <= 1
        and told["freight_tco2e"][0] < told["freight_tco2e"][1]
    )
    assert client.get("/api/exchanges/national/cereals?page=99").json()["flows"] == []
    assert client.get("/api/exchanges/national/cereals?level=VILLE").status_code == 404
    assert client.get("/api/exchanges/national/or").status_code == 404


def test_programs_read_the_same(client: Client) -> None:
    told = client.get("/api/exchanges/EPCI/200067254").json()
    assert told["proofs"]["cereals"]["proved"] is True
    assert {"goods", "partners", "flows"} <= set(told)
    refused = client.get("/api/exchanges/COM/64445?level=COM")
    assert refused.status_code == 404 and "EPCI" in refused.json()["error"]


def test_only_someone_with_a_right_starts_a_long_computation(
    client: Client, person: Any, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, str]] = []
    monkeypatch.setattr(jobs, "start", lambda level, key: started.append((level, key)))
    path = "/echanges/calcul/COM/cereals/lancer/"
    assert "/compte/login/" in client.post(path)["Location"] and started == []
    assert client.get(path).status_code in (302, 405)
    client.force_login(person)
    assert client.post(path).status_code == 403 and started == []
    assert "détient un droit" in client.get("/echanges/calcul/COM/cereals/").content.decode()
    client.force_login(administrator)
    assert client.post(path).status_code == 302 and started == [("COM", "cereals")]


def test_one_long_computation_at_a_time(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    other = Aside("jobs", "COM-oilseeds")
    other.tell(Told(1, 2.0))
    try:
        answer = client.post("/echanges/calcul/COM/cereals/lancer/")
        assert answer.status_code == 409 and "COM-oilseeds" in answer.content.decode()
        assert jobs.running("COM", "cereals") is None
    finally:
        other.run(lambda: None)


def test_a_territory_leads_to_its_partners_and_a_partner_to_an_agreement(client: Client) -> None:
    assert f'href="{PAU}"' in client.get("/territoire/EPCI/200067254/").content.decode()
    assert "/cooperer/" not in client.get("/territoire/BE_COM/62063/").content.decode()
    assert "/accord/nouveau/?de=EPCI%3A200067254&amp;avec=EPCI%3A200067262" in client.get(PAU).content.decode()


def test_communes_wait_for_their_computation(client: Client) -> None:
    answer = client.get("/cooperer/COM/64445/?echelle=COM")
    assert answer.status_code == 302 and answer["Location"].startswith("/echanges/calcul/COM/")
    assert "Connectez-vous" in client.get(answer["Location"]).content.decode()


def test_a_computation_tells_its_rounds_and_stops_when_asked(
    client: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def national(level: str, key: str, watch: Any) -> None:
        watch(1, -12.5)
        client.force_login(administrator)
        told = client.get("/echanges/calcul/DEP/sugar/").content.decode()
        assert "1 étape" in told and 'http-equiv="refresh"' in told and "Arrêter" in told
        jobs.stop(level, key)
        watch(2, -1.0)
        raise AssertionError("it was asked to stop")

    monkeypatch.setattr(jobs, "national", national)
    monkeypatch.setattr("ressort.web.exchanges.views.is_stored", lambda level, key: False)
    assert not Aside("jobs", "DEP-sugar").run(lambda: jobs._compute("DEP", "sugar", "fr"))
    assert jobs.running("DEP", "sugar") is None


def test_a_computation_that_ends_is_kept(client: Client) -> None:
    assert Aside("jobs", "REG-sugar").run(lambda: jobs._compute("REG", "sugar", "fr"))
    assert is_stored("REG", "sugar") and jobs.running("REG", "sugar") is None
    assert "d’après les chiffres en vigueur" in client.get("/echanges/calcul/REG/sugar/").content.decode()


GROUP = "/cooperer/groupe/?communes=26108,26113,26289&nom=Vallée"


def test_a_group_of_communes_cooperates_as_a_territory_does(client: Client) -> None:
    html = client.get(GROUP).content.decode()
    assert "Vallée" in html and "− Vallée" in html and "Céréales" in html
    files = [part.split('"')[0].replace("&amp;", "&") for part in html.split('href="')[1:] if "flows.csv" in part]
    assert "Vallée" in client.get(files[0]).content.decode()
    assert (
        client.get("/cooperer/groupe/regles/?communes=26108,26113&equite=100").content.decode().count("<section>") == 1
    )
    assert client.get("/cooperer/groupe/?communes=26108&echelle=COM").status_code in (302, 400)
    assert "/accord/nouveau/" not in html


def test_programs_ask_other_rules(client: Client) -> None:
    told = client.get("/api/exchanges/EPCI/200067254/rules?good=cereals&most_from_one=0.2&present=200").json()
    assert [one["rule"] for one in told["answers"]] == ["most_from_one", "present"]
    assert told["answers"][1]["status"] == "estimated" and told["answers"][0]["rows"]
    assert client.get("/api/exchanges/EPCI/200067254/rules?good=or").status_code == 404
    assert client.get("/api/exchanges/EPCI/200067254/rules?good=cereals&fair_km=x").status_code in (409, 422)
