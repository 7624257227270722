"""Natural gas: where no network delivers, the figure is a true zero; France is the sum of its départements."""

import pytest

import ressort


@pytest.mark.parametrize("place", ["DEP:2A", "DEP:48", "DEP:974", "REG:94", "COM:2A004", "COM:48095", "REG:06"])
def test_a_territory_that_no_network_serves_takes_no_natural_gas(place: str) -> None:
    gas = ressort.diagnose(place).figures["gas_mwh"]
    assert (gas.value, gas.status, gas.source) == (0.0, "derived", "energy/departements_without_gas")


def test_france_is_the_sum_of_its_departements() -> None:
    france = ressort.diagnose("PAYS:FR").figures["gas_mwh"].value
    assert france == pytest.approx(472.8e6, rel=1e-3), "the total of the card: 472.8 TWh"
    assert france == ressort.diagnose("PAYS:FRM").figures["gas_mwh"].value, "no gas overseas"


def test_a_served_commune_still_waits_for_its_official_file_and_liege_never_has_one() -> None:
    assert ressort.diagnose("COM:64445").figures["gas_mwh"].reason == "not_fetched"
    assert ressort.diagnose("BE_COM:62063").figures["gas_mwh"].reason == "not_available"


def test_the_sectors_of_gas_add_up_to_its_total() -> None:
    for place in ("PAYS:FR", "REG:76", "DEP:2B"):
        found = ressort.diagnose(place)
        sectors = found.table("energy").filter(carrier="gas")["energy_mwh"]
        assert sectors.sum() == pytest.approx(found.figures["gas_mwh"].value)
