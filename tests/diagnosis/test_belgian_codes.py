"""A municipality of Liège and a French commune may bear the same digits: neither answers for the other."""

import pytest

import ressort
from ressort.core.errors import AmbiguousName
from ressort.reference import table
from ressort.reference.territories import resolve, territories

LIEGE = dict(table("territory/belgium_liege_municipalities").select("nis_code", "population_people").iter_rows())
FRENCH = set(territories().table.filter(kind="COM")["code"]) | set(territories().former_codes)
TWINS = sorted(code for code in LIEGE if code in FRENCH)


def test_most_municipalities_of_liege_have_a_french_twin() -> None:
    assert len(TWINS) > 70


@pytest.mark.parametrize("code", TWINS)
def test_each_twin_has_its_own_people_and_the_digits_alone_ask_which_one(code: str) -> None:
    belgian = ressort.diagnose(f"BE_COM:{code}")
    assert belgian.figures["population_people"].value == LIEGE[code]
    assert {figure.source for figure in belgian.figures.values() if figure.known} == {
        "territory/belgium_liege_municipalities",
        "food/diet",
        "food/labour",
        "food/ghg_by_product",
    }
    assert ressort.diagnose(f"COM:{code}").territory.country == "FR"
    with pytest.raises(AmbiguousName):
        resolve(code)
