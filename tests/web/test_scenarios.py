"""Scenarios: the address holds the whole state, with and without JavaScript."""

import html

import pytest
from django.test import Client

from ressort.core.food import Levers
from ressort.diagnosis.scenario_words import in_words
from ressort.web.scenarios import levers as form
from ressort.web.scenarios import plate

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
    assert set(Levers.__slots__) - shown == {"diet_kg", "replace_protein"}, "the plate by product is a table"
    assert plate.FIELD in shown


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


def test_ones_own_plate_is_a_table_that_the_address_holds(client: Client, db: None) -> None:
    page = client.get(PAU).content.decode()
    assert "<textarea" in page and "Viande bovine ; " in page, "today's plate, to start from"
    sent = {"envoi": "1", "diet": "own", "plate": "Viande bovine ; 12,5\npulses ; 20"}
    answer = client.get(PAU, sent)
    assert answer["Location"] == f"{PAU}?diet=own&diet_kg.beef=12.5&diet_kg.pulses=20"
    back = client.get(answer["Location"]).content.decode()
    assert "Viande bovine ; 12,5" in back and "légumes secs 20" in back.lower()
    again = client.get(PAU, {"envoi": "1", "diet": "own", "plate": _typed(back)})
    assert again["Location"] == answer["Location"], "what is shown is what was sent"


def _typed(page: str) -> str:
    """The text of the plate on a page."""
    return html.unescape(page.partition('<textarea id="plate"')[2].partition(">")[2].partition("</textarea>")[0])


def test_todays_plate_sent_back_untouched_moves_nothing(client: Client, db: None) -> None:
    untouched = _typed(client.get(PAU).content.decode())
    assert client.get(PAU, {"envoi": "1", "diet": "own", "plate": untouched})["Location"] == f"{PAU}?diet=own"
    assert client.get(PAU, {"envoi": "1", "diet": "vegan", "plate": untouched})["Location"] == f"{PAU}?diet=vegan"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("beef ; 12\nbœuf de rêve ; 3", "ligne 2, product"),
        ("product;kg_per_year\nbeef;12\nmilk;beaucoup", "ligne 3, kg_per_year"),
        ("beef ; 12\nbeef ; 13", "ligne 2, product"),
        ("beef ; -4", "ligne 1, kg_per_year"),
        ("beef", "ligne 1, kg_per_year"),
        ("=1+1 ; 4", "ligne 1, product"),
        ("<script>alert(1)</script> ; 4", "ligne 1, product"),
        ("x" * 20_000, "10000"),
    ],
)
def test_a_plate_that_cannot_be_read_is_told_by_line_and_stays_on_the_form(
    client: Client, db: None, typed: str, said: str
) -> None:
    answer = client.get(PAU, {"envoi": "1", "diet": "own", "plate": typed})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page.replace("\u202f", "") and "error-summary" in page and "<script>alert" not in page
    assert _typed(page).split() == typed.split()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("organic_share=0.5", "la part biologique"),
        ("relocated_share=0.5", "produit ici"),
        ("diet=vegan", ""),
    ],
)
def test_a_lever_that_gases_do_not_follow_says_so_beside_them(client: Client, db: None, words: str, said: str) -> None:
    for page in (f"{PAU}?{words}", f"{PAU}comparer/?s={words.replace('=', '%3D')}"):
        told = "Les gaz à effet de serre ne bougent pas" in client.get(page).content.decode()
        assert told == bool(said)
    assert said in client.get(f"{PAU}?{words}").content.decode()


def test_a_plate_that_does_not_feed_is_refused(client: Client, db: None) -> None:
    untouched = _typed(client.get(PAU).content.decode())
    nothing = "\n".join(line.partition(";")[0] + "; 0" for line in untouched.splitlines())
    answer = client.get(PAU, {"envoi": "1", "diet": "own", "plate": nothing})
    assert answer.status_code == 400 and "kcal" in answer.content.decode()


def test_a_much_smaller_table_is_told_in_times_and_by_the_people_it_feeds(client: Client, db: None) -> None:
    told = html.unescape(client.get(f"{PAU}?population=hospital&people=300&meals_per_day=3").content.decode())
    assert "300 personnes en hôpital ou en foyer" in told
    assert "÷ 2" in told and "−100 %" not in told
    assert "× " in told, "what the land could feed grows many times"
    one = in_words(Levers(population="pupils", people=1))
    assert one in ("1 élève à la cantine", "1 pupil at the canteen")


@pytest.mark.parametrize(("whole", "before", "after"), [("organic_share", "0", "0.5"), ("relocated_share", "1", "0.4")])
def test_the_families_of_the_form_follow_the_lever_of_the_whole(
    client: Client, db: None, whole: str, before: str, after: str
) -> None:
    """The form sends the sliders of every family too, at the value that they had when it was shown."""
    words = {f"{whole}s.{family}": before for family in ("beef", "dairy", "field_crops")}
    sent = words | {whole: after, f"etait.{whole}": before, "envoi": "1"}
    assert client.get(PAU, sent)["Location"] == f"{PAU}?{whole}={after}"
    apart = client.get(PAU, sent | {f"{whole}s.beef": "0.7"})["Location"]
    assert apart == f"{PAU}?{whole}={after}&{whole}s.beef=0.7"
