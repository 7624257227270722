"""What a notebook shows: tables and errors in the reader's language, comparisons asked by name."""

import subprocess
import sys

import pytest

import ressort
from ressort.core.errors import RessortError, RuleBroken, UnknownCode
from ressort.language import language


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
