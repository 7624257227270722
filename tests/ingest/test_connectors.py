"""Each connector on a small file of its official format."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from ressort.core.errors import SourceRefused
from ressort.ingest import Anchor, connectors
from ressort.ingest.clean import Codes, require_near
from tests.ingest.reading import ZIPPED, run

from .conftest import ALL
from .energy_and_harvest import HARVEST_WIDE
from .samples import SAMPLES, workbook


@pytest.mark.parametrize("name", ALL)
def test_a_file_in_the_official_format_gives_the_columns_promised(name: str, tmp_path: Path, codes: Codes) -> None:
    frame, _ = run(name, SAMPLES[name], tmp_path, codes)
    promised = set(connectors()[name].columns)
    assert frame.height > 0
    assert promised <= set(frame.columns)
    assert all(column.endswith("_reason") for column in set(frame.columns) - promised)
    assert not frame.select(pl.struct(connectors()[name].key).is_duplicated().any()).item()


@pytest.mark.parametrize("name", ALL)
def test_cleaning_twice_gives_the_same_table(name: str, tmp_path: Path, codes: Codes) -> None:
    first, second = (run(name, SAMPLES[name], tmp_path, codes)[0] for _ in range(2))
    assert first.equals(second)


@pytest.mark.parametrize("name", ALL)
def test_the_declared_bounds_refuse_a_file_of_a_few_rows(name: str, tmp_path: Path, codes: Codes) -> None:
    declared = connectors()[name]
    with pytest.raises(SourceRefused, match="rows, where"):
        run(name, SAMPLES[name], tmp_path, codes, rows=declared.rows, anchors=declared.anchors)


def test_missing_marks_become_missing_with_their_reason_never_zero(tmp_path: Path, codes: Codes) -> None:
    income, _ = run("income_commune", SAMPLES["income_commune"], tmp_path, codes)
    hidden = income.filter(pl.col("code") == "01002").row(0, named=True)
    assert hidden["median_living_standard_eur"] is None
    assert hidden["median_living_standard_eur_reason"] == "secret"
    assert hidden["poverty_share_reason"] == "not_available"
    census, _ = run("farm_census", SAMPLES["farm_census"], tmp_path, codes)
    fumel = census.filter(pl.col("code") == "200068930").row(0, named=True)
    assert (fumel["farms"], fumel["farms_reason"], fumel["labour_fte_reason"]) == (None, "secret", "not_applicable")


def test_percents_become_shares_and_quintals_tonnes(tmp_path: Path, codes: Codes) -> None:
    income, _ = run("income_epci", SAMPLES["income_epci"], tmp_path, codes)
    assert income["poverty_share"].drop_nulls().to_list() == pytest.approx([0.141])
    yields, _ = run("yields_departement", HARVEST_WIDE, tmp_path, codes)
    assert yields.filter(pl.col("departement_code") == "01")["yield_t_per_ha"].item() == pytest.approx(6.82)
    assert yields.filter(pl.col("departement_code") == "01")["area_ha"].item() == pytest.approx(24500.5)


def test_operators_of_one_place_are_added_up(tmp_path: Path, codes: Codes) -> None:
    use, _ = run("energy_use_commune", SAMPLES["energy_use_commune"], tmp_path, codes)
    homes = use.filter((pl.col("carrier") == "electricity") & (pl.col("sector") == "residential"))
    assert homes["energy_mwh"].to_list() == [60.0]
    assert use.filter(pl.col("sector") == "unknown").is_empty()


def test_parcels_are_summed_by_commune_and_mapped_by_code_before_group(tmp_path: Path, codes: Codes) -> None:
    parcels, findings = run("rpg_commune", SAMPLES["rpg_commune"], tmp_path, codes)
    found = {(r["commune_code"], r["crop_code"]): (r["crop_group"], r["area_ha"]) for r in parcels.to_dicts()}
    assert found[("64445", "MIS")] == ("cereals", 15.0)
    assert found[("26108", "PTC")] == ("potatoes", 2.0)
    assert found[("26108", "FLE")] == ("vegetables", 1.0)
    assert found[("01165", "BTH")] == ("cereals", 5.0)
    assert findings.former_codes == 1
    assert parcels["area_ha"].sum() == pytest.approx(53.0)


def test_districts_of_the_largest_towns_are_folded_into_them(tmp_path: Path, codes: Codes) -> None:
    flows, findings = run("commuting", SAMPLES["commuting"], tmp_path, codes)
    paris = flows.filter(pl.col("home_code") == "75056")
    assert paris["workers_people"].sum() == pytest.approx(250.0)
    assert findings.folded_districts == 2


def test_a_column_written_with_the_other_decimal_mark_is_read_and_a_mixed_one_refused(
    tmp_path: Path, codes: Codes
) -> None:
    sample = SAMPLES["electricity_plants"]
    commas, _ = run("electricity_plants", sample.replace(b"36.5", b"36,5"), tmp_path, codes)
    assert commas.filter(source="Solaire")["capacity_kw"].item() == 45.5
    with pytest.raises(SourceRefused, match="decimal mark"):
        run("electricity_plants", sample.replace(b"36.5", b"36,5").replace(b";9\n", b";9.5\n"), tmp_path, codes)
    points, _ = run("yields_departement", HARVEST_WIDE.replace(b"68,2", b"68.2"), tmp_path, codes)
    assert points.filter(departement_code="01")["yield_t_per_ha"].item() == pytest.approx(6.82), "and not 68.2"
    thousands, _ = run("yields_departement", HARVEST_WIDE.replace(b"24 500,5", b"24.500"), tmp_path, codes)
    assert thousands.filter(departement_code="01")["area_ha"].item() == 24_500, "points of thousands stay so"


@pytest.mark.parametrize(("head", "year"), [("PMUN2024", 2024), ("PMUN2021", 2021), ("PMUN30", 2030)])
def test_the_census_of_any_year_is_read_the_latest_one_counts(
    head: str, year: int, tmp_path: Path, codes: Codes
) -> None:
    rows = [["CODGEO", "LIBGEO", "PMUN2016", head, "PSDC1990"], ["64445", "Pau", 1, 80_000, 2]]
    book = workbook([*rows], f"pop_1876_{year}", 5)
    frame, _ = run("population_commune", book, tmp_path, codes)
    assert frame.rows() == [("64445", 80_000.0, year)]
    bare = workbook([["CODGEO", "LIBGEO", "PSDC1990"], ["64445", "Pau", 2]], "pop_1876_1990", 5)
    with pytest.raises(SourceRefused, match="municipal population"):
        run("population_commune", bare, tmp_path, codes)


def test_the_production_of_enedis_is_read_as_published_one_row_a_voltage(tmp_path: Path, codes: Codes) -> None:
    head = (
        "date;nom_EPCI;code_EPCI;type_EPCI;departement;code_departement;region;code_region;domaine_de_tension;"
        "nb_sites_photovoltaiques_enedis;energie_photovoltaique_annuelle_enedis;nombre_sites_eoliens_enedis;"
        "energie_eolienne_annuelle_enedis;nombre_sites_hydrauliques_enedis;energie_hydraulique_annuelle_enedis;"
        "nombre_sites_bio_energie_enedis;energie_bio_energie_enedis;nombre_sites_cogeneration_enedis;"
        "energie_cogeneree_annuelle_enedis;nombre_sites_autres_filieres_enedis;energie_autres_filieres_annuelle_enedis"
    )
    low = "2023-12-31;CA Pau;200067254;CA;PA;64;NA;75;BT <= 36 kVA;1000;3000000;;;;;;;;;;"
    high = (
        "2023-12-31;CA Pau;200067254;CA;PA;64;NA;75;HTA;10;20000000;2;9000000;3;8000000;1;7000000;1;6000000;1;5000000"
    )
    frame, _ = run("electricity_production_epci", "\n".join([head, low, high, ""]).encode(), tmp_path, codes)
    told = {
        source: (mwh, sites) for source, mwh, sites in frame.select("source", "production_mwh", "sites").iter_rows()
    }
    assert told == {
        "solar": (23_000, 1010), "wind": (9_000, 2), "hydro": (8_000, 3), "bioenergy": (7_000, 1),
        "cogeneration": (6_000, 1), "other": (5_000, 1),
    }  # fmt: skip


def test_land_taken_since_2011_comes_with_commas_and_says_its_first_year(tmp_path: Path, codes: Codes) -> None:
    frame, _ = run("land_take", b"idcom,idcomtxt,naf11art12,naf11art25\n64445,Pau,7,250000\n", tmp_path, codes)
    assert frame.rows() == [("64445", 25.0, 2025, 2011)]


def test_the_dictionary_beside_the_data_of_an_archive_is_left_aside(tmp_path: Path, codes: Codes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("meta_FILO2021_DISP_COM.csv", "COD_VAR;LIB_VAR\nQ221;Médiane\n")
        file.writestr("FILO2021_DISP_COM.csv", "CODGEO;LIBGEO;NBMEN21;Q221\n64445;Pau;40000;20970\n")
    frame, _ = run("income_commune", out.getvalue(), tmp_path, codes)
    assert frame["median_living_standard_eur"].to_list() == [20_970]


def test_the_lines_below_a_table_of_departements_are_no_departement(tmp_path: Path, codes: Codes) -> None:
    rows = [
        [None, None, "Bovins", "Ovins", "Caprins", "Porcins"],
        ["01", "Ain", 150.5, 20.1, 5, 80],
        ["M", "France métropolitaine", 17_000, 7_000, 1_200, 13_000],
        ["Source : SSP, Agreste.", None, None, None, None, None],
    ]
    frame, findings = run("livestock_departement", workbook(rows, skip=3), tmp_path, codes)
    assert set(frame["departement_code"]) == {"01"}
    assert "M" in findings.unknown_codes, "told in the report"


def test_a_parcel_that_lies_in_two_communes_is_shared(tmp_path: Path, codes: Codes) -> None:
    joined = b"id_parcel;com_parc;pct_com;CODE_CULTU;SURF_PARC;annee\n1;64445;25;BTH;10;2023\n1;64335;75;BTH;10;2023\n"
    frame, _ = run("rpg_commune", joined, tmp_path, codes)
    assert dict(frame.select("commune_code", "area_ha").iter_rows()) == {"64445": 2.5, "64335": 7.5}


def test_establishments_in_activity_with_staff_are_counted_by_size_and_the_others_left_out(
    tmp_path: Path, codes: Codes
) -> None:
    frame, _ = run("establishments_commune", SAMPLES["establishments_commune"], tmp_path, codes)
    told = {
        (row["activity"], row["low_jobs"], row["high_jobs"]): (row["branch"], row["establishments"])
        for row in frame.to_dicts()
    }
    assert told == {
        ("86.10Z", 2_000, 4_999): ("QZ", 1), ("86.10Z", 100, 199): ("QZ", 1), ("88.10A", 20, 49): ("QZ", 1),
        ("10.11Z", 50, 99): ("CA", 2), ("10.71C", 1, 2): ("CA", 1),
    }  # fmt: skip
    assert set(frame["year"]) == {2023} and "siret" not in frame.columns


def test_another_encoding_is_seen(tmp_path: Path, codes: Codes) -> None:
    latin = HARVEST_WIDE.decode().encode("cp1252")
    with pytest.raises(SourceRefused, match="not written in utf-8"):
        run("yields_departement", latin, tmp_path, codes)


def test_samples_are_zip_files_where_the_producer_zips() -> None:
    assert all(zipfile.is_zipfile(io.BytesIO(SAMPLES[name])) for name in ZIPPED)


def test_the_total_of_the_sectors_stands_beside_them_and_a_hidden_sector_hides_it(tmp_path: Path, codes: Codes) -> None:
    sample = SAMPLES["energy_use_epci"]
    frame, _ = run("energy_use_epci", sample, tmp_path, codes)
    totals = dict(frame.filter(pl.col("sector") == "all").select("carrier", "energy_mwh").iter_rows())
    assert totals == {"electricity": 123.0, "gas": 61.5}
    without = sample.replace(b"Consommation  totale (MWh)", b"autre").replace(b";30;80;", b";s;80;")
    frame, _ = run("energy_use_epci", without, tmp_path, codes)
    assert frame.filter((pl.col("sector") == "all") & (pl.col("carrier") == "gas")).is_empty()


@pytest.mark.parametrize("factor", [1, 1000])
def test_the_unit_of_the_production_is_told_by_what_a_solar_site_makes(
    factor: int, tmp_path: Path, codes: Codes
) -> None:
    head = SAMPLES["electricity_production_epci"].split(b"\n")[0]
    row = f"2022-12-31;CA Pau;200067254;1000;{25_000 * factor};2;{9_000 * factor};;;;;;;;".encode()
    frame, _ = run("electricity_production_epci", head + b"\n" + row + b"\n", tmp_path, codes)
    assert dict(frame.select("source", "production_mwh").iter_rows()) == {"solar": 25_000.0, "wind": 9_000.0}


def test_an_anchor_may_look_at_one_year_and_one_carrier(tmp_path: Path, codes: Codes) -> None:
    frame = pl.DataFrame({"year": [2020, 2021], "carrier": ["gas", "gas"], "energy_mwh": [1.0, 100.0]})
    require_near(frame, Anchor("energy_mwh", 100, 0.01, (("year", 2021), ("carrier", "gas"))), "x")
    require_near(frame, Anchor("energy_mwh", 100, 0.01, latest=True), "x")
    require_near(frame, Anchor("energy_mwh", 50.5, 0.01, statistic="mean"), "x")
    with pytest.raises(SourceRefused):
        require_near(frame, Anchor("energy_mwh", 100, 0.01, (("year", 2020),)), "x")
