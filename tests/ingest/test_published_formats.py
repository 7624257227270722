"""Official files as their producers publish them: names of fields, lines above, parts beside, perimeters of another year."""

from pathlib import Path

import polars as pl
import pytest

from ressort.core.errors import SourceRefused
from ressort.ingest.clean import Codes
from tests.ingest.reading import run

from .energy_and_harvest import HARVEST_WIDE
from .samples import SAMPLES, archive, workbook

ZONES = [["CODGEO", "LIBGEO", "ZRR_SIMP"], ["64445", "Pau", "NC"], ["26108", "Crest", "C - Classée en ZRR"]]


@pytest.mark.parametrize("lines", [0, 4, 5, 9])
def test_the_header_of_a_workbook_is_found_below_however_many_lines(lines: int, tmp_path: Path, codes: Codes) -> None:
    frame, _ = run("rural_zoning", workbook(ZONES, skip=lines), tmp_path, codes)
    assert frame.select("commune_code", "status").rows() == [("26108", "C"), ("64445", "NC")]


def test_a_workbook_with_two_headers_counts_from_the_one_that_names_every_column(tmp_path: Path, codes: Codes) -> None:
    rows = [["Code géographique", "Libellé", "Zonage simplifié"], *ZONES]
    assert run("rural_zoning", workbook(rows, skip=4), tmp_path, codes)[0].height == 2


def test_a_workbook_saved_as_text_is_read_with_its_lines_above(tmp_path: Path, codes: Codes) -> None:
    text = "Zones de revitalisation rurale;;\n2021;;\n" + "\n".join(";".join(row) for row in ZONES)
    assert run("rural_zoning", text.encode(), tmp_path, codes)[0].height == 2


def test_poverty_comes_from_the_table_beside_in_the_archive(tmp_path: Path, codes: Codes) -> None:
    frame, _ = run("income_commune", SAMPLES["income_commune"], tmp_path, codes)
    told = {
        code: (median, share)
        for code, median, share in frame.select("code", "median_living_standard_eur", "poverty_share").iter_rows()
    }
    assert told == {
        "64445": (20_970, pytest.approx(0.195)),
        "26108": (21_500, pytest.approx(0.15)),
        "01002": (None, None),
    }


def test_the_income_of_a_town_never_comes_from_its_districts(tmp_path: Path, codes: Codes) -> None:
    rows = b"CODGEO;NBMEN21;Q221\n75056;1;28790\n75101;1;36000\n75102;1;33000\n"
    frame, _ = run("income_commune", archive("FILO2021_DISP_COM.csv", rows), tmp_path, codes)
    assert frame.select("code", "median_living_standard_eur").rows() == [("75056", 28_790)]
    only = archive("FILO2021_DISP_COM.csv", b"CODGEO;NBMEN21;Q221\n75101;1;36000\n64445;1;20000\n")
    assert run("income_commune", only, tmp_path, codes)[0]["code"].to_list() == ["64445"]


def test_communes_merged_since_the_file_have_no_median_rather_than_the_one_of_a_part(
    tmp_path: Path, codes: Codes
) -> None:
    rows = b"CODGEO;NBMEN21;Q221\n01165;1;21000\n01003;1;30000\n64445;1;20000\n"
    frame, _ = run("income_commune", archive("FILO2021_DISP_COM.csv", rows), tmp_path, codes)
    told = frame.select("code", "median_living_standard_eur", "median_living_standard_eur_reason").rows()
    assert told == [("01165", None, "not_available"), ("64445", 20_000, None)]
    twice = archive("FILO2021_DISP_COM.csv", b"CODGEO;NBMEN21;Q221\n64445;1;20000\n64445;1;30000\n")
    with pytest.raises(SourceRefused, match="share their key"):
        run("income_commune", twice, tmp_path, codes)


def test_energy_is_read_under_the_names_of_fields_as_under_the_labels(tmp_path: Path, codes: Codes) -> None:
    by_field, _ = run("energy_use_commune", SAMPLES["energy_use_commune"], tmp_path, codes)
    by_label, _ = run("energy_use_epci", SAMPLES["energy_use_epci"], tmp_path, codes)
    told = ("year", "carrier", "sector", "energy_mwh", "delivery_points")
    assert by_field.select(told).rows() == by_label.select(told).rows()
    dated = SAMPLES["energy_use_commune"].replace(b";2021;", b";2021-01-01;")
    assert run("energy_use_commune", dated, tmp_path, codes)[0]["year"].to_list() == by_field["year"].to_list()


def test_harvests_come_as_a_row_a_measure_a_file_a_year(tmp_path: Path, codes: Codes) -> None:
    frame, findings = run("yields_departement", SAMPLES["yields_departement"], tmp_path, codes)
    wheat = frame.filter(departement_code="01", crop="Blé tendre d'hiver et épeautre")
    assert wheat.select("year", "area_ha", "yield_t_per_ha").rows() == [
        (2021, 24_500.5, pytest.approx(6.82)),
        (2022, 24_500.5, pytest.approx(6.82)),
    ]
    others = frame.filter(pl.col("crop").str.starts_with("Autres"), pl.col("year") == 2022)
    assert others["area_ha"].sort().to_list() == [10, 30], "two crops of one label stay two"
    assert findings.unknown_codes == ["..."], "the country is no département"


def test_a_harvest_that_tells_no_yield_is_refused(tmp_path: Path, codes: Codes) -> None:
    with pytest.raises(SourceRefused, match="nothing in the file tells") as caught:
        run("yields_departement", HARVEST_WIDE.replace(b";RDT", b";AUTRE"), tmp_path, codes)
    assert caught.value.facts["missing"] == ["yield_q_per_ha"]


def test_organic_land_is_the_total_published_or_the_sum_of_its_groups_never_both(tmp_path: Path, codes: Codes) -> None:
    groups, _ = run("organic_commune", SAMPLES["organic_commune"], tmp_path, codes)
    assert groups.filter(commune_code="26108")["organic_ha"].sum() == 55
    assert groups.filter(commune_code="26281")["organic_ha"].to_list() == [None], "NC: secret"
    whole, _ = run("organic_commune", b"annee,codeinseecommune,surfbio\n2024,26108,55.25\n", tmp_path, codes)
    assert whole.select("crop_group", "organic_ha").rows() == [("all", 55.25)]


def test_places_without_epci_and_epci_gone_since_do_not_refuse_a_census(tmp_path: Path, codes: Codes) -> None:
    known = sorted(codes.known["EPCI"])
    rows = [f"2020-01-01,{code},CC,10" for code in known[:300]]
    odd = [f"2020-01-01,{code},x,{5}" for code in ("ZZZZZZZZZ", "Z00000001", "200000001", "200000002")]
    table = "\n".join(["date_mesure,geocode_epci,libelle_epci,valeur", *rows, *odd]).encode()
    frame, findings = run("farmland_epci", table, tmp_path, codes)
    assert frame.height == 300
    assert findings.unknown_codes == ["200000001", "200000002"]
    many = table + "".join(f"\n2020-01-01,20{i:07d},x,5" for i in range(3, 20)).encode()
    with pytest.raises(SourceRefused, match="codes of"):
        run("farmland_epci", many, tmp_path, codes)


def test_a_census_hidden_by_secrecy_says_so(tmp_path: Path, codes: Codes) -> None:
    rows = [
        ["Code", "Libellé", "Nombre d'exploitations en 2020", "SAU en 2020", "SAU en 2020_x000d_\nestimation (*=oui)"]
    ]
    rows += [["200067254", "CA Pau", "N/A - secret statistique", 11_800, "*"]]
    frame, _ = run("farm_census", workbook(rows, skip=3), tmp_path, codes)
    assert frame.select("farms", "farms_reason", "farmland_ha").rows() == [(None, "secret", 11_800.0)]
