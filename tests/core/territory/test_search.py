"""Finding a territory as people name it: codes of every age, districts, postal codes, typos, keys."""

import pytest

from ressort.core.errors import AmbiguousName, UnknownCode
from ressort.diagnosis import place
from ressort.reference.territories import finder, territories


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("75001", "COM:75056"),  # a postal code in force, and the code that Alfortville bore before 1968
        ("75116", "COM:75056"),
        ("75101", "COM:75056"),
        ("COM:75101", "COM:75056"),
        ("69123", "COM:69123"),
        ("13201", "COM:13055"),
        ("13230", "COM:13078"),
        ("14462", "COM:14342"),  # a commune that merged
        ("2a004", "COM:2A004"),
        ("2A", "DEP:2A"),
        ("85113", "COM:85113"),  # an island without EPCI
        ("Île-de-Bréhat", "COM:22016"),
        ("97608", "COM:97608"),
        ("55039", "COM:55039"),  # nobody lives there
        ("Seraing", "BE_COM:62096"),
        ("agglo pau", "EPCI:200067254"),
        ("Saint-Denis (974)", "COM:97411"),
        ("Liège (BE)", "BE_COM:62063"),  # as its label is written
        ("Zone d’emploi de Avignon (84)", "ZE:0053"),
        ("Bassin de vie de Le Faou (29)", "BV:29053"),
        ("Le Liège (37)", "COM:37127"),
        ("Annecy-le-Vieux", "COM:74010"),  # a delegated commune
        ("Paris 11e arrondissement", "COM:75056"),
        ("Fontaine-la-Guyon", "COM:28154"),
    ],
)
def test_codes_and_names_lead_to_the_territory_of_today(text: str, key: str) -> None:
    assert place(text).key == key


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Saint-Denis", ("COM:97411", "COM:93066", "COM:11339", "COM:30247")),
        ("Valence", ("COM:26362", "COM:82186", "COM:16392")),
        ("Vienne", ("DEP:86", "COM:38544")),
        ("62063", ("COM:62063", "BE_COM:62063")),  # Insee and Statbel share strings
        ("13008", ("COM:13008", "COM:13055")),  # a commune, and a postal code of Marseille
    ],
)
def test_what_may_be_several_is_asked(text: str, choices: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousName) as caught:
        place(text)
    for key in choices:
        assert any(f"[{key}]" in told for told in caught.value.facts["choices"])


@pytest.mark.parametrize("text", ["75199", "13299", "69399", "99999", "2C004"])
def test_codes_that_nothing_bears_are_refused(text: str) -> None:
    with pytest.raises(UnknownCode):
        place(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Paux", "COM:64445"),
        ("saint etiene", "COM:42218"),
        ("Toulouze", "COM:31555"),
        ("st jean d’angely", "COM:17347"),
        ("biovallee", "EPCI:242600252"),
        ("biovalee", "EPCI:242600252"),
        ("thionvile", "COM:57672"),
        ("rehunion", "DEP:974"),
        ("REG:75", "REG:75"),
    ],
)
def test_typos_find_their_territory(text: str, key: str) -> None:
    assert key in [match.key for match in finder().search(text, 5)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Lyonn", ["COM:69123"]),
        ("Brets", ["COM:29019"]),
        ("saint denys", ["COM:97411", "COM:93066"]),
        ("Cognat-Lyonne", ["COM:03080"]),
        ("lyonne", ["COM:03080"]),  # the word itself
        ("Toulouzett", ["COM:40318"]),  # who types a whole name goes on to it
        ("Vienn", ["COM:38544"]),
    ],
)
def test_a_large_town_mistyped_comes_before_a_word_inside_another_name(text: str, keys: list[str]) -> None:
    assert [match.key for match in finder().search(text, len(keys))] == keys


@pytest.mark.parametrize("text", ["992367730", "EPCI:992367730", "Thionville Fensch agglomeration"])
def test_an_epci_of_2026_is_the_group_of_those_it_brings_together(text: str) -> None:
    merged = place(text)
    parts = [territories().territory(f"EPCI:{code}") for code in ("245701222", "245701362")]
    assert merged.name == "Thionville Fensch Agglomération"
    assert merged.population_people == sum(part.population_people for part in parts)
    assert {match.key for match in finder().search("thionville fensch")} >= {part.key for part in parts}


def test_every_former_code_and_every_district_leads_somewhere() -> None:
    known = territories()
    for code in [*known.former_codes, "75120", "13216", "69389"]:
        assert known.table["kind"][known.row(f"COM:{code}")] == "COM"


def test_every_postal_code_of_the_largest_towns_is_known() -> None:
    known = territories().postcodes
    for code in [*map(str, range(75001, 75021)), *map(str, range(69001, 69010)), *map(str, range(13001, 13017))]:
        assert known[code]


@pytest.mark.parametrize(
    ("slip", "meant"), [("Palu", "Pau (64)"), ("Monpelier", "Montpellier (34)"), ("Tououse", "Toulouse (31)")]
)
def test_a_slip_of_the_keyboard_suggests_the_most_peopled_name_first(slip: str, meant: str) -> None:
    with pytest.raises(UnknownCode) as caught:
        place(slip)
    assert caught.value.facts["suggestions"][0].startswith(meant)


@pytest.mark.parametrize("text", ["Saint-Pierre-et-Miquelon", "97500", "988", "Nouvelle-Calédonie"])
def test_an_overseas_collectivity_is_said_not_to_be_covered(text: str) -> None:
    with pytest.raises(UnknownCode, match="overseas collectivities are not covered"):
        place(text)


def test_a_commune_is_found_by_the_name_of_one_that_it_took_in() -> None:
    assert [match.key for match in finder().search("annecy le v", 1)] == ["COM:74010"]
    assert finder().search("Annecy", 1)[0].key == "COM:74010"
