"""Drafts: what the country lacks is left out with its reason, energy and wood enter at the value agreed."""

from decimal import Decimal

import pytest

from ressort.core.errors import RuleBroken
from ressort.exchanges import EnergyTerms, proposal
from ressort.reference.territories import territories

BREST, POHER, NANTES, NOZAY = "EPCI:242900314", "EPCI:242900744", "EPCI:244400404", "EPCI:244400537"
TERMS = EnergyTerms(3_000, wood_received_mwh=Decimal(20_000))


def draft(first: str, second: str, energy: EnergyTerms | None = None):  # type: ignore[no-untyped-def]
    known = territories()
    return proposal(known.territory(first), known.territory(second), 0.1, 0.1, energy)


def test_forage_that_the_whole_country_lacks_no_longer_outweighs_all_else() -> None:
    found = draft(BREST, POHER)
    assert {one.good.key for one in found.offers} == {"cereals", "oilseeds"}
    [forage] = found.left_out
    assert forage.good.key == "forage" and forage.price_km > 4_000 > 1_000 > forage.longest_km > 0


def test_wood_goes_one_way_at_the_value_agreed() -> None:
    found = draft(BREST, POHER, TERMS)
    [wood] = [one for one in found.offers if one.good.key == "wood"]
    assert (wood.giver.key, wood.receiver.key) == (POHER, BREST)
    assert (wood.quantity, wood.value_cents) == (Decimal(20_000), 3_000)


def test_electricity_is_drawn_where_both_balances_are_known_and_a_value_is_agreed() -> None:
    """In Pays de la Loire the CC Vendée, Sèvre, Autise makes more than it uses, and Nantes lacks."""
    windy = "EPCI:248500563"
    [power] = [one for one in draft(NANTES, windy, EnergyTerms(8_000)).offers if one.good.key == "electricity"]
    assert power.giver.key == windy and float(power.quantity) == pytest.approx(5_671.6, rel=1e-2)
    without = draft(NANTES, windy)
    assert "electricity" not in {one.good.key for one in without.offers}
    assert "electricity" in {one.good.key for one in without.left_out}


def test_wood_without_a_value_or_below_zero_is_refused() -> None:
    with pytest.raises(RuleBroken):
        EnergyTerms(0, wood_given_mwh=Decimal(10))
    with pytest.raises(RuleBroken):
        EnergyTerms(3_000, wood_given_mwh=Decimal(-1))
