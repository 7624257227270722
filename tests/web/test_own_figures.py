"""Own figures of a territory, given, seen, kept and erased on its page."""

import io
from typing import Any

import pytest
from django.test import Client

from ressort.web.diagnosis import actions, queries
from ressort.web.diagnosis.models import OwnTable

EPCI = "/territoire/EPCI/200067254/"


def table_of(rows: str, name: str = "surfaces.csv") -> io.BytesIO:
    file = io.BytesIO(rows.encode("utf-8-sig"))
    file.name = name
    return file


GOOD = "crop_group;area_ha;organic_ha;year\nvegetables;1250,5;300;2024\n"


WRONG = "crop_group;area_ha;organic_ha;year\nvegetables;beaucoup;;2024\nbananes;3;;2024\n"


def test_own_figures_are_seen_before_they_are_kept_then_win_then_can_be_erased(
    client: Client, administrator: Any
) -> None:
    client.force_login(administrator)
    before = queries.diagnosis_of(queries.territories().territory("EPCI:200067254")).food.areas[5].status
    seen = client.post(f"{EPCI}donnees/", {"sort": "crop_area", "file": table_of(GOOD), "source": "RPG 2024"})
    assert not OwnTable.objects.exists() and "1\u202f250,50" in seen.content.decode()
    client.post(f"{EPCI}donnees/", {"draft": seen.context["confirm"].data["draft"]})
    held = OwnTable.objects.get()
    assert held.provided_by == administrator and held.rows[0]["area_ha"] == 1250.5
    page = Client().get(EPCI).content.decode()
    assert "RPG 2024" in page and "1\u202f25" in page
    food = queries.diagnosis_of(queries.territories().territory("EPCI:200067254"), tables=[held]).food
    assert food.areas[5].status == "observed" != before
    client.post(f"{EPCI}donnees/{held.pk}/supprimer/")
    assert not OwnTable.objects.exists() and "RPG 2024" not in Client().get(EPCI).content.decode()


def test_a_file_with_problems_tells_them_by_line_and_keeps_nothing(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    html = client.post(
        f"{EPCI}donnees/", {"sort": "crop_area", "file": table_of(WRONG), "source": "x"}
    ).content.decode()
    assert "Ligne 2" in html and "Ligne 3" in html and not OwnTable.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"a;b\n1;2\n", b"\xff" * 1000])
def test_files_that_are_no_table_are_refused_in_words(client: Client, administrator: Any, content: bytes) -> None:
    client.force_login(administrator)
    file = io.BytesIO(content)
    file.name = "x.xlsx" if content[:2] == b"PK" else "x.csv"
    answer = client.post(f"{EPCI}donnees/", {"sort": "crop_area", "file": file, "source": "x"})
    assert answer.status_code == 200 and not OwnTable.objects.exists() and "error-summary" in answer.content.decode()


def test_a_draft_changed_on_the_way_is_refused(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    client.post(f"{EPCI}donnees/", {"draft": "eyJhIjoxfQ:forged:signature"})
    assert not OwnTable.objects.exists()


def test_strangers_neither_see_nor_give_nor_erase_own_figures(client: Client, administrator: Any, person: Any) -> None:
    rows = [{"crop_group": "fruit", "area_ha": 1.0, "organic_ha": None, "year": 2024.0}]
    held = actions.provide(
        administrator, "EPCI", "200067254", sort="crop_area", source="x", file_name="x", sha256="0", rows=rows
    )
    assert client.get(f"{EPCI}donnees/").status_code == 302
    client.force_login(person)
    assert client.get(f"{EPCI}donnees/").status_code == 403
    assert client.post(f"{EPCI}donnees/{held.pk}/supprimer/").status_code == 403
    assert client.post(f"/territoire/COM/64445/donnees/{held.pk}/supprimer/").status_code == 404
    assert OwnTable.objects.exists()


OWN_FILES = {
    "purchases": ("local_eur;total_eur;year\n120000;900000;2024\n", "utf-8-sig"),
    "labour": ("farms;labour_fte;year\n84;131,5;2024\n", "cp1252"),
    "livestock": ("species;heads;year\nBovins;777;2024\n", "utf-8"),
    "canteens": (
        "name;guests_people;meals_per_day;days_per_year;organic_share\nÉcole Jaurès;180;1;144;0,22\n",
        "cp1252",
    ),
    "crop_area": ("crop_group\tarea_ha\torganic_ha\tyear\nLégumes\t40\t10\t2024\n", "utf-16"),
}


def give(client: Client, sort: str, content: bytes, name: str = "t.csv") -> Any:
    """Sends a file, looks at what was understood, confirms it."""
    file = io.BytesIO(content)
    file.name = name
    seen = client.post(f"{EPCI}donnees/", {"sort": sort, "file": file, "source": f"Relevé {sort}"})
    return seen, client.post(f"{EPCI}donnees/", {"draft": seen.context["confirm"].data["draft"]})


def test_each_of_the_five_own_tables_is_given_by_the_page_and_changes_it(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    for sort, (text, encoding) in OWN_FILES.items():
        give(client, sort, text.encode(encoding))
    assert {held.sort for held in OwnTable.objects.all()} == set(OWN_FILES)
    place = queries.territories().territory("EPCI:200067254")
    told = queries.diagnosis_of(place, tables=queries.own_tables(place)[0])
    assert told.figures["actual_autonomy_share"].value == pytest.approx(120 / 900)
    assert (told.figures["present_farms"].value, told.figures["farm_labour_fte"].value) == (84, 131.5)
    assert told.figures["organic_farmland_share"].value == 0.25
    assert told.own.heads["cattle"].source == "Relevé livestock"
    page = Client().get(EPCI).content.decode()
    assert "École Jaurès" in page and "777" in page and "Relevé labour" in page and "25\u202f920" in page


@pytest.mark.parametrize("sort", ["crop_area", "purchases", "livestock", "labour", "canteens"])
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_template_comes_back_as_it_went(client: Client, administrator: Any, sort: str, extension: str) -> None:
    client.force_login(administrator)
    empty = client.get(f"{EPCI}donnees/modele-{sort}.{extension}")
    seen, kept = give(client, sort, empty.content, f"t.{extension}")
    assert seen.context["count"] == 1 and kept.status_code == 302 and OwnTable.objects.get().sort == sort


def test_a_year_is_shown_as_a_year_and_a_long_table_is_refused(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    seen, _kept = give(client, "labour", OWN_FILES["labour"][0].encode())
    assert "<td>2024</td>" in seen.content.decode()
    rows = "".join(f"Cantine {i};180;1;144;\n" for i in range(2_001))
    file = table_of("name;guests_people;meals_per_day;days_per_year;organic_share\n" + rows)
    html = client.post(f"{EPCI}donnees/", {"sort": "canteens", "file": file, "source": "x"}).content.decode()
    assert "2001 lignes" in html and "2000 au plus" in html


def test_a_table_as_long_as_is_kept_comes_through_the_form(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    rows = "".join(f"Cantine {i * 7919 % 99991} rue {i * i};{i};1;{i % 300};0,{i % 97}\n" for i in range(2_000))
    head = "name;guests_people;meals_per_day;days_per_year;organic_share\n"
    seen, _kept = give(client, "canteens", (head + rows).encode())
    assert "200 premières lignes" in seen.content.decode() and len(OwnTable.objects.get().rows) == 2_000


def test_an_upload_of_200_mb_is_refused_in_words_before_it_is_read(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    answer = client.post(
        f"{EPCI}donnees/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="200000000"
    )
    assert answer.status_code == 413 and "10\u00a0Mo" in answer.content.decode()
