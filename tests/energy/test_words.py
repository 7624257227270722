"""An energy and its range are read in one unit."""

import pytest

from ressort.core.figure import Figure
from ressort.energy.words import amount, told


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _range(value: float, low: float, high: float, unit: str = "mwh") -> str:
    return _plain(told(Figure(value=value, unit=unit, status="estimated", low=low, high=high)))


def test_the_largest_of_a_range_says_the_unit_of_all_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESSORT_LANGUAGE", "fr")
    assert _range(3_571, 2_608, 11_000) == "3,6 GWh (2,6 GWh à 11 GWh)"
    assert _range(3_571, 2_608, 9_000) == "3 571 MWh (2 608 MWh à 9 000 MWh)"
    assert _range(9_000, 8_000, 12_000, "kw") == "9,0 MW (8,0 MW à 12 MW)"
    assert _range(0, 0, 12_000) == "0 GWh (0 GWh à 12 GWh)"


def test_a_lone_energy_is_read_in_its_own_unit() -> None:
    assert _plain(amount(850)) == "850 MWh"
    assert amount(1_411_000).endswith("411\u00a0GWh")
