"""What a reader must know beside the figures of a scenario: a choice that was replaced is said on every face."""

import html
from typing import Any

import pytest

import ressort
from ressort.diagnosis.words import notes, notes_among, synthesis

ORGANIC: dict[str, Any] = {"organic_share": 0.5, "organic_set": "survey_2022"}
REPLACED = "aucune enquête sur le bio"


def test_a_set_of_organic_coefficients_replaced_in_belgium_is_said_once() -> None:
    replaced = ressort.scenario("BE_COM:62063", **ORGANIC)
    told = [sentence.text for sentence in notes(replaced) if REPLACED in sentence.text]
    assert len(told) == 1 and "Enquête Agreste 2022" in told[0] and "Analyse de cycle de vie" in told[0]
    assert sum(REPLACED in text for text in notes_among([replaced, replaced])) == 1


@pytest.mark.parametrize(
    ("place", "levers"),
    [
        ("Pau", ORGANIC),
        ("BE_COM:62063", {}),
        ("BE_COM:62063", {"organic_share": 0.5, "organic_set": "lca"}),
        ("Mayotte", ORGANIC),
    ],
)
def test_nothing_is_said_where_the_set_chosen_was_used_or_moves_nothing(place: str, levers: dict[str, Any]) -> None:
    assert not any(REPLACED in sentence.text for sentence in notes(ressort.scenario(place, **levers)))


def test_json_notebooks_and_the_report_say_what_was_replaced() -> None:
    found = ressort.scenario("BE_COM:62063", **ORGANIC)
    assert any(REPLACED in text for text in found.to_dict()["notes"])
    assert REPLACED in html.unescape(found._repr_html_())
    assert any(REPLACED in sentence.text for sentence in synthesis(found)), "the report prints the whole synthesis"
