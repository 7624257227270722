"""Numbers are written as people write them."""

import pytest
from django.utils.translation import override

from ressort.web import wording


@pytest.mark.parametrize(
    ("value", "decimals", "french", "english"),
    [
        (1234567, 0, "1\u202f234\u202f567", "1,234,567"),
        (1234.5, 1, "1\u202f234,5", "1,234.5"),
        (-0.04, 1, "0,0", "0.0"),
        (-2.5, 0, "\u22123", "\u22123"),
        (None, 0, "–", "–"),
        (float("nan"), 0, "–", "–"),
    ],
)
def test_numbers(value: float | None, decimals: int, french: str, english: str) -> None:
    with override("fr"):
        assert wording.number(value, decimals) == french
    with override("en"):
        assert wording.number(value, decimals) == english


def test_shares_become_percents_on_screen_only() -> None:
    with override("fr"):
        assert wording.percent(0.0234) == "2,3\u202f%"
        assert wording.percent(0.5) == "50\u202f%"
        assert wording.percent(0) == "0\u202f%"
    with override("en"):
        assert wording.percent(0.5) == "50%"


def test_digits_a_screen_deserves() -> None:
    with override("fr"):
        assert [wording.readable(x) for x in (78620.4, 123.4, 12.34, 1.234, 3.0)] == ["78\u202f620", "123", "12,3", "1,23", "3"]
