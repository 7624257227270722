"""Wood, biomethane, heat and homes: what each official file gives once read."""

from pathlib import Path

import polars as pl
import pytest

from ressort.core.errors import SourceRefused
from ressort.ingest.clean import Codes

from .energy_and_harvest import iris
from .reading import run
from .samples import SAMPLES


def test_wood_written_twice_counts_once_and_the_line_of_the_country_not_at_all(tmp_path: Path, codes: Codes) -> None:
    wood, _ = run("wood_harvest_epci", SAMPLES["wood_harvest_epci"], tmp_path, codes)
    by_code = dict(wood.group_by("epci_code").agg(pl.col("energy_wood_m3").sum()).iter_rows())
    assert by_code == {"200067254": 4200.5, "200068930": 8000.0}


def test_wood_told_twice_with_two_figures_is_refused(tmp_path: Path, codes: Codes) -> None:
    content = SAMPLES["wood_harvest_epci"] + b"200068930,45280,feuillus,1,1,1,1,1,1,1,1,-1,2,1,1,\n"
    with pytest.raises(SourceRefused, match="rows share their key"):
        run("wood_harvest_epci", content, tmp_path, codes)


def test_biomethane_of_the_sites_of_a_commune_adds_up_and_a_silent_site_hides_its_sum(
    tmp_path: Path, codes: Codes
) -> None:
    gas, _ = run("biomethane_commune", SAMPLES["biomethane_commune"], tmp_path, codes)
    assert dict(gas.select("commune_code", "biomethane_mwh").iter_rows()) == {"64445": 10_000.0, "26108": None}


def test_heat_of_parts_of_a_commune_adds_up_by_sector_and_what_is_not_told_hides_its_sum(
    tmp_path: Path, codes: Codes
) -> None:
    heat, _ = run("heat_networks_commune", SAMPLES["heat_networks_commune"], tmp_path, codes)
    assert {(row["sector"], row["heat_mwh"]) for row in heat.to_dicts()} == {
        ("agriculture", None),
        ("industry", 10.5),
        ("services", 125.0),
        ("residential", None),
    }


def test_heat_of_networks_adds_up_by_commune_and_a_total_that_is_told_is_kept_beside_secret_sectors(
    tmp_path: Path, codes: Codes
) -> None:
    heat, _ = run("heat_networks", SAMPLES["heat_networks"], tmp_path, codes)
    told = {(code, sector): mwh for code, sector, mwh in heat.select("commune_code", "sector", "heat_mwh").iter_rows()}
    assert told["64445", "all"] == 500.0 and told["64445", "residential"] is None
    assert told["26108", "all"] is None and len(told) == 12


def test_biomethane_is_read_under_the_labels_of_the_page_as_well(tmp_path: Path, codes: Codes) -> None:
    labels = "\ufeffAnnée;Code INSEE Commune;Commune;Quantité annuelle injectée en MWh\n2022;64445;Pau;9384.9\n"
    gas, _ = run("biomethane_commune", labels.encode(), tmp_path, codes)
    assert gas.select("commune_code", "year", "biomethane_mwh").rows() == [("64445", 2022, 9384.9)]


def test_houses_are_told_apart_from_flats(tmp_path: Path, codes: Codes) -> None:
    homes, _ = run("housing_commune", SAMPLES["housing_commune"], tmp_path, codes)
    pau = homes.filter(pl.col("commune_code") == "64445").row(0, named=True)
    assert (pau["main_homes_households"], pau["houses_households"]) == (41000.5, 8000.25)


@pytest.mark.parametrize("by_label", [False, True])
def test_electricity_of_the_parts_of_a_commune_adds_up_by_sector_in_the_last_year_and_what_is_secret_stays_so(
    tmp_path: Path, codes: Codes, by_label: bool
) -> None:
    parts, _ = run("electricity_iris", iris(by_label), tmp_path, codes)
    told = {(row["iris_code"], row["sector"]): (row["energy_mwh"], row["sites"]) for row in parts.to_dicts()}
    assert told == {
        ("644450101", "residential"): (2500.5, 1010), ("644450101", "services"): (400.25, 60), ("644450102", "residential"): (900.0, 500),
        ("644450102", "industry"): (None, None), ("644450102", "unknown"): (1.5, 3), ("261080000", "residential"): (9000.0, 4000),
    }  # fmt: skip
    assert parts["year"].unique().to_list() == [2024]
