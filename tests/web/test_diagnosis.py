"""The diagnosis of a territory on screen: every promise of the page, by HTTP."""

import io
import json
import re
from typing import Any

import polars as pl
import pytest
from django.db import OperationalError
from django.test import Client

from ressort.web.diagnosis.models import OwnTable

EPCI = "/territoire/EPCI/200067254/"


GROUP = "/groupe/?communes=64445,64037&nom=Deux+communes"


@pytest.mark.parametrize(
    "path", [EPCI, "/territoire/COM/64445/", "/territoire/DEP/64/", "/territoire/PAYS/FRM/", GROUP]
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_of_a_territory(client: Client, db: None, prefix: str, path: str) -> None:
    html = client.get(prefix + path).content.decode()
    assert html.count("<h1") == 1
    for chapter in ("synthesis", "land", "scale", "production", "life", "compare", "quality", "files"):
        assert f'id="{chapter}"' in html
    assert html.count('class="how"') >= 9, "each figure says how it is computed"


@pytest.mark.parametrize("path", ["/territoire/COM/97411/", "/territoire/BE_COM/62063/", "/territoire/COM/55039/"])
def test_territories_that_the_model_does_not_reach_still_have_a_page(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200 and "inconnu" in answer.content.decode()


def test_the_address_of_a_group_holds_the_group(client: Client, db: None) -> None:
    html = client.get(GROUP).content.decode()
    assert "Deux communes" in html and "/groupe/tableau/groups.csv?communes=64037,64445" in html


def test_hostile_names_are_words_and_nothing_else(client: Client, db: None) -> None:
    html = client.get("/groupe/", {"communes": "64445", "nom": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;" in html
    html = client.get("/chercher/", {"q": '"><img src=x onerror=alert(1)>'}).content.decode()
    assert "<img src=x" not in html


@pytest.mark.parametrize("words", ["communes=", "communes=99999", "communes=64445,BE_COM:62063", "communes=REG:75"])
def test_a_group_that_cannot_be_made_says_why(client: Client, db: None, words: str) -> None:
    assert client.get(f"/groupe/?{words}").status_code in (400, 404)


def test_a_bare_code_in_the_address_of_a_group_is_a_french_commune(client: Client, db: None) -> None:
    """62063 is Avesnes-le-Comte for Insee and Liège for Statbel: the address writes the kind of what is not French."""
    html = client.get("/groupe/?communes=64445,62063").content.decode()
    assert "Avesnes-le-Comte" in html
    assert "Liège" not in html


def test_a_code_of_the_past_leads_to_the_commune_of_today(client: Client, db: None) -> None:
    answer = client.get("/territoire/com/64445/")
    assert answer.status_code == 302 and answer["Location"] == "/territoire/COM/64445/"


def test_an_intercommunality_born_after_the_perimeters_shows_those_it_brings_together(client: Client, db: None) -> None:
    html = client.get("/territoire/EPCI/992367730/", follow=True).content.decode()
    assert "Thionville Fensch Agglomération" in html
    assert client.get("/territoire/EPCI/992367730/tableau/figures.csv", follow=True).status_code == 200


def test_unknown_territories_get_404_and_a_search(client: Client, db: None) -> None:
    answer = client.get("/territoire/COM/99999/")
    assert answer.status_code == 404 and 'role="search"' in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "figures",
        "groups",
        "families",
        "products",
        "production",
        "scales",
        "comparison",
        "similar",
        "drivers",
        "choices",
        "farm_starts",
        "canteens",
        "energy",
    ],
)
def test_every_table_is_a_file(client: Client, db: None, name: str) -> None:
    rows = pl.read_csv(client.get(f"{EPCI}tableau/{name}.csv").content, infer_schema=False)
    assert rows.equals(pl.read_csv(client.get(f"{EPCI}tableau/{name}.csv").content, infer_schema=False))
    parquet = pl.read_parquet(io.BytesIO(client.get(f"{EPCI}tableau/{name}.parquet").content))
    assert parquet.columns == rows.columns and parquet.height == rows.height
    shapes = json.loads(client.get(f"{EPCI}tableau/{name}.geojson").content)
    assert shapes["type"] == "FeatureCollection" and shapes["features"]


def test_a_file_names_the_producer_and_the_licence_of_each_figure(client: Client, db: None) -> None:
    rows = pl.read_csv(client.get(f"{EPCI}tableau/figures.csv").content)
    known = rows.filter(pl.col("indicator") == "population_people")
    assert known["producer"].item() and known["licence"].item()


def test_no_cell_of_a_csv_can_be_taken_for_a_formula(client: Client, db: None) -> None:
    text = client.get(
        "/groupe/tableau/comparison.csv", {"communes": "64445", "nom": "=cmd|' /C calc'!A0"}
    ).content.decode()
    assert "'=cmd" in text and "\n=cmd" not in text and ",=cmd" not in text


@pytest.mark.parametrize("name", ["groups", "scales", "families", "autonomy", "scale_groups"])
def test_charts_have_a_light_and_a_dark_drawing(client: Client, db: None, name: str) -> None:
    light, dark = (client.get(f"{EPCI}graphique/{name}.svg?theme={theme}") for theme in ("light", "dark"))
    assert light["Content-Type"].startswith("image/svg+xml") and b"<svg" in light.content
    assert "default-src 'none'" in light["Content-Security-Policy"] and b"<script" not in light.content
    assert (light.content == dark.content) == (name == "scale_groups")


def test_unknown_tables_and_charts_are_404(client: Client, db: None) -> None:
    for path in (
        "tableau/secrets.csv",
        "graphique/secrets.svg",
        "graphique/groups.svg?theme=pink",
        "tableau/groups.exe",
    ):
        assert client.get(EPCI + path).status_code == 404


def test_the_report_is_a_pdf(client: Client, db: None) -> None:
    answer = client.get(f"{EPCI}rapport.pdf")
    assert answer.content[:5] == b"%PDF-" and "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("path", "screen"),
    [
        (f"{EPCI}rapport.pdf", EPCI),
        (f"/en{EPCI}rapport.pdf", f"/en{EPCI}"),
        (f"{EPCI}rapport.pdf?diet=vegan", "/scenario/EPCI/200067254/?diet=vegan"),
    ],
)
def test_the_report_bears_a_code_that_leads_back_to_its_page(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, path: str, screen: str
) -> None:
    coded: list[str] = []
    monkeypatch.setattr("ressort.diagnosis.report._qr", lambda address: coded.append(address) or "<svg xmlns='http://www.w3.org/2000/svg'/>")  # fmt: skip
    # another name each time: a report is kept for the next reader
    client.get(path, HTTP_HOST="localhost")
    assert coded == [f"http://localhost{screen}"]


def test_the_widget_alone_may_be_framed(client: Client, db: None) -> None:
    assert "frame-ancestors *" in client.get(f"{EPCI}integrer/")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get(EPCI)["Content-Security-Policy"]


def test_sources_are_listed(client: Client, db: None) -> None:
    assert "territory/commune_population" in client.get("/donnees/").content.decode()


def test_the_page_stands_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(OwnTable.objects, "are_there", down)
    answer = client.get("/territoire/DEP/33/")
    assert answer.status_code == 200 and "injoignables" in answer.content.decode()


@pytest.mark.parametrize("path", ["/donnees/", "/territoire/EPCI/200067254/"])
def test_every_link_to_a_source_is_an_address(client: Client, db: None, path: str) -> None:
    page = client.get(path).content.decode()
    links = re.findall(r'<a href="([^"]*)" rel="external">', page)
    assert len(links) > 5
    assert [link for link in links if not re.fullmatch(r"https?://[^\s]+", link)] == []


def test_the_page_of_a_field_answers_both_questions_and_refuses_in_words(client: Client, db: None) -> None:
    page = client.get(f"{EPCI}champ/", {"hectares": "2,5", "famille": "fruit_vegetables", "part": "0,1"})
    fed = page.context["fed"]
    assert page.status_code == 200 and fed.field_ha == 2.5 and fed.people.low < fed.people.value < fed.people.high
    assert "2,5" in page.content.decode() and f"{EPCI}champ/" in client.get(EPCI).content.decode()
    organic = client.get(f"{EPCI}champ/", {"hectares": "2,5", "famille": "fruit_vegetables", "organic_share": "1"})
    assert organic.context["fed"].people.value < fed.people.value
    for words in (
        {"hectares": "-3"},
        {"hectares": "beaucoup"},
        {"famille": "bananes"},
        {"part": "40"},
        {"diet": "soleil"},
    ):
        refused = client.get(f"{EPCI}champ/", words)
        assert refused.status_code == 400 and "error-summary" in refused.content.decode()
    group = client.get("/groupe/champ/?communes=64445,64037&nom=Nous&hectares=1")
    assert group.status_code == 200 and group.context["fed"].people.value > 0


def test_the_page_lists_disasters_and_food_projects_once_their_files_are_there(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ressort.diagnosis import local_tables

    brought = {
        "hazard_orders": pl.DataFrame(
            {
                "order_id": ["a", "b"],
                "commune_code": ["73011", "73011"],
                "hazard": ["<b>Inondation</b>", "Sécheresse"],
                "start": ["1999-12-25", "2018-07-01"],
            }
        ),
        "food_projects": pl.DataFrame(
            {"project_id": ["1"], "name": ["PAT & Savoie"], "level": ["Niveau 2"], "commune_code": ["73011"]}
        ),
    }
    monkeypatch.setattr(local_tables, "synced", brought.get)
    page = client.get("/territoire/COM/73011/").content.decode()
    assert "&lt;b&gt;Inondation" in page and "1999-2018" in page and "PAT &amp; Savoie – Niveau 2" in page
