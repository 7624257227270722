"""Pages of energy and cooperation say plainly what was not read, what is not known, and promise no file that would bring nothing."""

import html

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PAU, REUNION = "/cooperer/EPCI/200067254/", "/cooperer/COM/97411/"
NANTES, LIEGE = "/energie/COM/44109/", "/energie/BE_COM/62063/"


def read(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    return answer.status_code, html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("address", "near"),
    [
        (f"{NANTES}?scenaro=shared", "scenario"),
        (f"{PAU}?biens=sugar", "bien"),
        (f"{PAU}regles/?bien=cereals&equit=100", "equite"),
        ("/echanges/?echele=DEP", "echelle"),
    ],
)
def test_a_page_says_which_word_it_did_not_read_and_what_is_near(client: Client, address: str, near: str) -> None:
    status, told = read(client, address)
    assert status == 200 and "ne veut rien dire sur cette page" in told and f"Peut-être\u00a0: {near}" in told


def test_words_that_are_read_are_told_of_by_no_page(client: Client) -> None:
    for address in (
        f"{NANTES}?scenario=shared&annee=2019&citoyens=30&vecteur=gas&lang=fr",
        f"{PAU}?bien=sugar&echelle=EPCI&avec=EPCI:200067262",
        "/cooperer/groupe/?communes=26108,26113&nom=Nous&bien=cereals",
        "/energie/groupe/?communes=44109,44143&nom=Nous",
    ):
        assert "ne veut rien dire" not in read(client, address)[1], address


@pytest.mark.parametrize("file", [f"{NANTES}balance.csv?scenaro=shared", f"{PAU}goods.csv?echele=DEP"])
def test_a_file_asked_with_a_misspelt_word_is_refused(client: Client, file: str) -> None:
    assert read(client, file)[0] == 409


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"{NANTES}?vecteur=petrole", "n’est pas une énergie"),
        (f"{NANTES}?annee=20199", "20199"),
        (f"{PAU}?bien=or", "n’est pas un bien"),
        (f"{PAU}?{'&'.join(13 * ['avec=EPCI:200067262'])}", "12"),
    ],
)
def test_a_value_that_names_nothing_is_refused_in_words(client: Client, address: str, told: str) -> None:
    status, said = read(client, address)
    assert status in (400, 404, 409) and told in said


def test_a_good_not_known_here_is_told_rather_than_changed_for_another(client: Client) -> None:
    assert "Légumes\u00a0: non connu à cette échelle" in read(client, f"{PAU}?bien=vegetables")[1]


def test_a_former_commune_keeps_the_words_of_its_address(client: Client) -> None:
    answer = client.get("/cooperer/COM/49321/?bien=forage&avec=EPCI:200067262&avec=EPCI:200067254")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?bien=forage&avec=EPCI%3A200067262&avec=EPCI%3A200067254")


def test_where_nothing_is_known_the_page_says_why_first_and_offers_no_file(client: Client) -> None:
    told = read(client, REUNION)[1]
    assert told.index("s’arrêtent à la France métropolitaine") < told.index("<table>")
    assert ".csv" not in told and ".geojson" not in told
    told = read(client, LIEGE)[1]
    assert told.index("aucun chiffre d’énergie de ce pays") < told.index("<table>")
    assert ".csv" not in told and "donnez le vôtre, dans les leviers" in told and "Un scénario les dessine" not in told
    status, told = read(client, "/cooperer/BE_COM/62063/")
    assert status == 400 and "ses voisins" in told and "Un accord peut tout de même" in told


def test_files_offered_hold_something(client: Client) -> None:
    told = read(client, "/energie/EPCI/200067254/")[1]
    assert "use.csv" in told and "potential.csv" in told
    assert "production.csv" not in told and "flows.csv" not in told and "return.csv" not in told


def test_emissions_say_where_their_factors_were_read(client: Client) -> None:
    for address in (PAU, "/echanges/?bien=cereals"):
        told = read(client, address)[1]
        assert "0,079 à 0,105 kg" in told and "ADEME lue de seconde main, 2022" in told


def test_the_rank_of_a_partner_is_told_with_it(client: Client) -> None:
    told = read(client, PAU)[1]
    assert "besoins annuels de 79\u202f000 personnes en moyenne sur les 4 biens comparés, à 30\u00a0km" in told.replace(
        " km", "\u00a0km"
    )
    assert "dans le classement" in told and "la moitié à 104 km" in told
