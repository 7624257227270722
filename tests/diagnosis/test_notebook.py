"""What a notebook shows: tables and errors in the reader's language, comparisons asked by name."""

import subprocess
import sys
from dataclasses import replace

import pytest

import ressort
from ressort.core.errors import RessortError, RuleBroken, UnknownCode
from ressort.diagnosis.charts import svg
from ressort.diagnosis.words import with_range
from ressort.language import language, part


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors say themselves as they do outside the tests."""
    monkeypatch.setattr(RessortError, "told_by", ressort._told)


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(("code", "words"), [("fr", "Aucun territoire"), ("en", "No territory")])
def test_an_error_speaks_as_the_tables_beside_it(code: str, words: str) -> None:
    with language(code):
        with pytest.raises(UnknownCode, match=words):
            ressort.diagnose("Zzyzx")
        assert ("Indicateur" if code == "fr" else "Indicator") in ressort.diagnose("Pau")._repr_html_()


@pytest.mark.usefixtures("spoken")
def test_a_lever_made_alone_speaks_french_too() -> None:
    with language("fr"), pytest.raises(RuleBroken, match="entre 0 et 1"):
        ressort.Levers(organic_share=40)


def test_the_package_alone_makes_errors_speak() -> None:
    words = "import ressort\ntry: ressort.Levers(diet='x', organic_share=2)\nexcept ressort.RessortError as e: print(e)"
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert "entre 0 et 1" in told.stdout


def test_territories_are_compared_by_name_and_shown_as_a_table() -> None:
    found = ressort.compare("Pau", "CC Fumel Vallée du Lot")
    assert found.names == ("Pau (64)", "CC Fumel Vallée du Lot")
    html = found._repr_html_()
    assert html.count("<th>") == 3 and html.count("<tr>") == found.table().height + 1


def test_scenarios_are_compared_under_names_of_ones_own() -> None:
    found = ressort.compare("Pau", ressort.scenario("Pau", diet="vegan"), names=["today", "<vegan>"])
    assert "&lt;vegan&gt;" in found._repr_html_()
    land = found.table().filter(indicator="land_needed_ha").row(0, named=True)
    assert land["<vegan>"] < land["today"] / 2


def test_a_chart_in_a_notebook_writes_numbers_as_its_reader_does() -> None:
    for code, mark in (("fr", ","), ("en", ".")):
        with language(code):
            spec = ressort.diagnose("Pau").chart("groups").to_dict()
        assert spec["usermeta"]["embedOptions"]["formatLocale"]["decimal"] == mark


def test_a_drawing_holds_no_word_that_is_not_of_the_reader() -> None:
    with language("fr"):
        drawing = svg(ressort.diagnose("Pau").chart("groups"))
    assert "Nécessaire" in drawing and "axis titled" not in drawing and "Title text" not in drawing


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.0, "0 %"), (0.0003, "< 0,1 %"), (0.004, "0,4 %"), (0.32, "32 %"), (84.21, "8 400 %")],
)
def test_a_part_is_told_as_exactly_as_it_is_known(share: float, told: str) -> None:
    with language("fr"):
        assert part(share).replace("\u202f", " ").replace("\u00a0", " ") == told


def test_a_few_people_are_told_whole_and_a_range_that_says_nothing_is_not_told() -> None:
    with language("fr"):
        figures = ressort.diagnose("COM:26274").figures
        assert with_range(figures["population_people"]).split("\u00a0")[0] == "2"
        nearly = figures["adequacy_capped_share"]
        assert with_range(nearly) == "100\u00a0% (99,5\u00a0% à 100\u00a0%)"
        assert with_range(replace(nearly, low=1.0)) == "100\u00a0%"
