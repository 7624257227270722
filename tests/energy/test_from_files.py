"""Wood, heat and biomethane of a whole country, from official files once they are fetched."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ressort.energy import TABLES, energy_of, wood_balance
from ressort.energy.wood import FILES
from ressort.energy.words import missing, summary
from ressort.exchanges import EnergyTerms, proposal
from ressort.exchanges.goods import balances
from ressort.exchanges.national import known_goods, national
from ressort.language import language
from ressort.reference.places import Places
from ressort.reference.tables import forget
from ressort.reference.territories import build, resolve, territories

#: cubic metres of wood for energy of every hectare of the synthetic country
M3_PER_HA = 0.5
Bring = Callable[[], None]


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder that holds the official files of a SYNTHETIC country: wood as hectares, houses as inhabitants."""
    home = tmp_path / "home"
    (home / "synced").mkdir(parents=True)
    (home / "build").symlink_to(build().parent)
    monkeypatch.setenv("RESSORT_HOME", str(home))
    table = territories().table
    epci = table.filter(pl.col("kind") == "EPCI")
    communes = table.filter(pl.col("kind") == "COM")
    write = {
        "wood_harvest_epci": pl.DataFrame(
            {"epci_code": epci["code"], "composition": "feuillus", "energy_wood_m3": epci["area_ha"] * M3_PER_HA}
        ),
        "housing_commune": pl.DataFrame(
            {"commune_code": communes["code"], "houses_households": communes["population_people"].cast(pl.Float64)}
        ),
        "heat_networks_commune": pl.DataFrame(
            {"commune_code": ["44109", "44109", "64445"], "year": [2017] * 3, "sector": ["services", "residential", "services"],
             "heat_mwh": [100.0, 50.0, None]}
        ),
        "heat_networks": pl.DataFrame(
            {"commune_code": ["44109", "44109", "26108"], "year": [2024] * 3, "sector": ["all", "services", "all"],
             "heat_mwh": [200.0, 120.0, None]}
        ),
        "biomethane_commune": pl.DataFrame(
            {"commune_code": ["44109", "64445"], "year": [2021, 2021], "biomethane_mwh": [1_000.0, None]}
        ),
    }  # fmt: skip
    for name, frame in write.items():
        frame.write_parquet(home / "synced" / f"{name}.parquet")
    forget()
    yield home
    monkeypatch.undo()
    forget()


def test_without_the_files_wood_is_missing_and_says_what_brings_it() -> None:
    found = energy_of("CA Pau Béarn Pyrénées")
    assert not found.has_wood and "wood" not in known_goods(balances("EPCI"))
    with language("en"):
        assert any(all(name in line for name in FILES) for line in missing(found))


def test_wood_of_intercommunalities_adds_up_to_the_regions_and_to_the_country(brought: Path) -> None:
    supply, need = {}, {}
    for kind in ("EPCI", "DEP", "REG"):
        rows = np.flatnonzero((territories().table["kind"] == kind).to_numpy())
        supply[kind], need[kind] = wood_balance(Places.of([territories().territory(int(row)) for row in rows]))
    assert need["REG"][~np.isnan(need["REG"])].sum() == pytest.approx(66e6, rel=1e-3)
    assert np.nansum(need["DEP"]) == pytest.approx(np.nansum(need["REG"]), rel=1e-3)
    assert np.nansum(supply["DEP"]) == pytest.approx(np.nansum(supply["EPCI"]), rel=0.01)


def test_one_commune_is_told_what_it_burns_not_what_its_forests_give(brought: Path) -> None:
    found = energy_of("COM:64445")
    assert found.side("wood", "use").known and not found.side("wood", "production").known
    assert not found.side("wood", "coverage").known
    with language("en"):
        assert summary(found)[-1].endswith("burnt in homes; what is cut for energy in forests here is not known.")


def test_flows_of_wood_are_proved_and_go_from_forests_to_houses(brought: Path) -> None:
    held = balances("REG")
    column = held.column("wood")
    found = national("REG", "wood")
    assert found.plan.certificate.proved and len(found.plan.quantity)
    assert (held.surplus[found.plan.giver, column] > 0).all() and (held.lack[found.plan.receiver, column] > 0).all()
    assert held.goods[column].status == "estimated"


def test_wood_counts_once_in_a_draft_as_told_or_as_the_figures_tell_it(brought: Path) -> None:
    brest, poher = (territories().territory(key) for key in ("EPCI:242900314", "EPCI:242900744"))
    held = balances("EPCI")
    column = held.column("wood")
    lack, surplus = (
        float(side[np.flatnonzero(held.rows == territories().row(one.key))[0], column])
        for side, one in ((held.lack, brest), (held.surplus, poher))
    )

    def wood(terms: EnergyTerms) -> list[tuple[float, int | None]]:
        offers = proposal(brest, poher, 0.1, 0.1, terms).offers
        return [(float(one.quantity), one.value_cents) for one in offers if one.good.key == "wood"]

    by_figures = pytest.approx(min(lack, surplus) * 0.1, rel=5e-3)
    assert wood(EnergyTerms(3_000, wood_received_mwh=Decimal(12_345))) == [(12_345.0, 3_000)]
    assert wood(EnergyTerms(3_000)) == [(by_figures, 3_000)]
    assert wood(EnergyTerms()) == [(by_figures, None)]


def test_the_page_of_a_rural_area_tells_wood_as_an_estimate(brought: Path) -> None:
    found = energy_of(resolve("CC Fumel Vallée du Lot"))
    assert found.side("wood", "coverage").status == "estimated"
    assert found.side("wood", "use").high == pytest.approx(found.side("wood", "use").value * 85 / 66)  # type: ignore[operator]
    with language("en"):
        assert any(line.startswith("Wood, estimated") for line in summary(found))


def test_heat_is_summed_over_sectors_and_a_hidden_part_hides_it(brought: Path) -> None:
    assert (energy_of("COM:44109").heat.value, energy_of("COM:44109").heat.year) == (200.0, "2024")
    (brought / "synced" / "heat_networks.parquet").unlink()
    forget()
    assert (energy_of("COM:44109").heat.value, energy_of("COM:44109").heat.year) == (150.0, "2017")
    hidden = energy_of("COM:64445").heat
    assert (hidden.value, hidden.reason) == (None, "secret")
    assert energy_of("COM:47160").heat.value == 0.0


def test_a_network_counts_once_and_a_commune_without_one_is_not_told_to_have_none(brought: Path) -> None:
    (brought / "synced" / "heat_networks_commune.parquet").unlink()
    forget()
    assert energy_of("EPCI:244400404").uses["heat", "all"].value == 200.0
    beside = energy_of("COM:44162").heat
    assert (beside.value, beside.reason) == (None, "not_fetched")
    hidden = energy_of("COM:26108")
    with language("en"):
        assert hidden.heat.reason == "secret" and "What heat networks deliver: hidden by secrecy." in missing(hidden)
        assert "data sync heat_networks`" in " ".join(missing(energy_of("COM:44162")))


def test_biomethane_of_a_year_without_a_table_comes_from_the_official_file(brought: Path) -> None:
    assert energy_of("COM:44109", "2021").side("gas", "production").value == 1_000.0
    assert not energy_of("COM:64445", "2021").side("gas", "production").known
    assert energy_of("COM:47160", "2021").side("gas", "production").value == 0.0


def test_overseas_no_file_is_promised_that_would_bring_nothing() -> None:
    found = energy_of("REG:04")
    assert {one.reason for one in found.production.values()} == {"not_available"}
    with language("en"):
        lines = " ".join(missing(found))
    assert "data sync" not in lines and "No open file reaches this territory" in lines


def test_a_commune_of_the_mainland_is_told_which_files_bring_its_production() -> None:
    with language("en"):
        lines = " ".join(missing(energy_of("COM:64445")))
    assert "electricity_production_epci biomethane_commune" in lines and "one commune is not estimated" in lines


def test_the_parts_of_a_commune_are_told_by_sector_and_of_no_larger_place(brought: Path) -> None:
    before = energy_of("COM:64445")
    assert before.parts.is_empty() and "electricity_iris" in " ".join(missing(before))
    pl.DataFrame(
        {"iris_code": ["644450102", "644450102", "644450101", "261080000"], "iris_name": ["Hédas", "Hédas", "Centre", "Crest"],
         "commune_code": ["64445"] * 3 + ["26108"], "year": [2024] * 4, "sector": ["industry", "residential", "residential", "residential"],
         "energy_mwh": [None, 900.0, 2500.5, 9000.0], "sites": [None, 500, 1010, 4000]}
    ).write_parquet(brought / "synced" / "electricity_iris.parquet")  # fmt: skip
    forget()
    told = TABLES["parts"](energy_of("COM:64445"))
    assert told.select("iris_name", "sector", "energy_mwh").rows() == [
        ("Centre", "residential", 2500.5), ("Hédas", "industry", None), ("Hédas", "residential", 900.0)
    ]  # fmt: skip
    assert energy_of("EPCI:200067254").parts.is_empty()
