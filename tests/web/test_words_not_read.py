"""Words of an address that nobody reads: a misspelt lever must not pass for the scenario that was asked."""

import html

import pytest
from django.test import Client

from ressort.cli.compare import scenario_in
from ressort.core.errors import RuleBroken
from ressort.core.food import Levers

PAU = "/scenario/COM/64445/"
PAGE = "/territoire/COM/64445/"


def read(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    return answer.status_code, html.unescape(answer.content.decode())


def test_a_misspelt_lever_is_told_apart_with_the_one_it_comes_near() -> None:
    words = ("organc_share", "organic_share.beef", "diet", "xyzzy", "converted_ha", "nom")
    assert Levers.strange(words, ("nom",)) == {
        "organc_share": "organic_share",
        "organic_share.beef": "organic_shares.beef",
        "xyzzy": "",
        "converted_ha": "converted_ha",
    }


@pytest.mark.parametrize("address", [f"{PAU}?organc_share=0.5", f"{PAU}comparer/?s=organc_share%3D0.5", f"{PAGE}champ/?organc_share=1"])  # fmt: skip
def test_a_page_says_which_word_it_did_not_read_and_what_is_near(client: Client, db: None, address: str) -> None:
    status, told = read(client, address)
    assert status == 200
    assert "«\u00a0organc_share\u00a0» n’est pas un levier" in told and "Peut-être\u00a0: organic_share" in told


def test_what_was_not_read_stands_above_the_form_once(client: Client, db: None) -> None:
    told = read(client, f"{PAU}?organc_share=0.5")[1]
    assert told.count("n’est pas un levier") == 1 and told.index("n’est pas un levier") < told.index(
        '<form id="levers"'
    )


def test_a_scenario_without_strange_words_says_nothing_of_them(client: Client, db: None) -> None:
    for address in (f"{PAU}?organic_share=0.5&avec=diet%3Dvegan&envoi=", f"{PAU}comparer/?s=diet%3Dvegan", f"{PAGE}?lang=fr"):  # fmt: skip
        assert "n’est pas un levier" not in read(client, address)[1]


def test_the_page_of_today_leads_to_the_scenario_that_its_address_asks_for(client: Client, db: None) -> None:
    told = read(client, f"{PAGE}?organic_share=0.5&dyet=vegan")[1]
    assert f'href="{PAU}?organic_share=0.5"' in told and "Peut-être\u00a0: diet" in told


@pytest.mark.parametrize("file", ["rapport.pdf", "integrer/", "graphique/groups.svg", "tableau/figures.csv"])
def test_a_file_asked_with_a_misspelt_lever_is_refused(client: Client, db: None, file: str) -> None:
    status, told = read(client, f"{PAGE}{file}?organc_share=1")
    assert status == 409 and "organc_share" in told and "Peut-être\u00a0: organic_share" in told


def test_the_address_of_a_scenario_given_to_the_command_line_is_read_whole_or_refused() -> None:
    assert scenario_in(f"http://here{PAU}?diet=vegan&nom=Nous")[1] == Levers(diet="vegan")
    with pytest.raises(RuleBroken, match="dyet"):
        scenario_in(f"http://here{PAU}?dyet=vegan")


def test_the_map_says_which_word_it_did_not_read(client: Client, db: None) -> None:
    told = read(client, "/carte/?indicatuer=1")[1]
    assert "«\u00a0indicatuer\u00a0» ne veut rien dire sur cette page" in told and "Peut-être\u00a0: indicateur" in told
    assert "ne veut rien dire" not in read(client, "/carte/?indicateur=land_needed_m2_per_people")[1]


EVERY_PAGE = (
    "/",
    "/chercher/?q=Saint-Denis&",
    "/groupe/composer/?communes=64445&",
    "/groupe/?communes=64445,64037&",
    PAGE,
    "/choc/COM/64445/",
    "/donnees/",
    f"{PAU}comparer/?s=diet%3Dvegan&",
)


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_every_page_tells_of_a_word_that_it_does_not_read(client: Client, db: None, address: str) -> None:
    told = read(client, f"{address}{'' if address.endswith('&') else '?'}xyzzy=1")[1]
    assert "«\u00a0xyzzy\u00a0» ne veut rien dire sur cette page" in told
    assert "ne veut rien dire" not in read(client, address.rstrip("&"))[1]


@pytest.mark.parametrize("address", ["/", PAGE, PAU, f"{PAGE}champ/", f"{PAGE}tableau/figures.csv"])
def test_what_a_mailing_hangs_on_an_address_to_count_visits_is_left_alone(
    client: Client, db: None, address: str
) -> None:
    status, told = read(client, f"{address}?utm_source=lettre&fbclid=1")
    assert status == 200 and "ne veut rien dire" not in told and "n’est pas un levier" not in told
