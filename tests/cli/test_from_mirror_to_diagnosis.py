"""From a mirror folder to the diagnosis, as an authority without internet does it: sync, diagnose, read where each figure comes from."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import ressort
from ressort.reference.territories import build, territories
from tests.ingest.country import write_mirror

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """`python …` on a data folder of its own."""
    home = tmp_path_factory.mktemp("home")
    (home / "build").symlink_to(build().parent)

    def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            text=True,
            env={**os.environ, "RESSORT_HOME": str(home), "COLUMNS": "200", **environment},
            check=False,
        )

    return command


@pytest.fixture(scope="module")
def run(python: Run) -> Run:
    """`ressort …` on the same data folder."""
    return lambda *words, **environment: python("-m", "ressort.cli", *words, **environment)


@pytest.fixture(scope="module")
def synced(run: Run, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What the sync answers."""
    mirror = write_mirror(tmp_path_factory.mktemp("mirror"), territories())
    return run("data", "sync", *(path.name for path in mirror.iterdir()), "--mirror", str(mirror))


@pytest.fixture(scope="module")
def told(run: Run, synced: object) -> Callable[[str], dict[str, Any]]:
    """The diagnosis of a territory in JSON, each asked once."""

    @cache
    def diagnosed(name: str) -> dict[str, Any]:
        done = run("diagnose", name, "--json")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout, parse_constant=_refuse)
        return found

    return diagnosed


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def test_every_file_of_the_country_is_taken(synced: subprocess.CompletedProcess[str]) -> None:
    assert "✗" not in synced.stdout
    assert synced.returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "status", "year", "source"),
    [
        ("median_living_standard_eur", 21_000, "observed", "2021", "income_epci"),
        ("poverty_share", 0.195, "observed", "2021", "income_epci"),
        ("electricity_mwh", 1_000_000, "observed", "2023", "energy_use_epci"),
        ("gas_mwh", 1_000_000, "observed", "2023", "energy_use_epci"),
        ("residential_electricity_mwh", 400_000, "observed", "2023", "energy_use_epci"),
        ("renewable_electricity_mwh", 250_000 + 0.7 * 80e6 / 1255, "observed", "2023", "electricity_production_epci"),
        ("farmland_ha", 12_345, "observed", "2020", "farmland_epci"),
        ("present_farms", 510, "observed", "2020", "farm_census"),
        ("farm_labour_fte", 640, "observed", "2020", "farm_census"),
        ("organic_farmland_ha", 70.5 * 31, "derived", "2023", "organic_commune"),
        ("private_jobs", 30_279 + 30 * 558, "derived", "2022", "jobs_commune"),
        ("renewable_capacity_kw", 31 * 77_500_000 / 34_875, "derived", "", "electricity_plants"),
    ],
)
def test_the_diagnosis_tells_the_official_figure_and_where_it_comes_from(
    name: str, value: float, status: str, year: str, source: str, told: Callable[[str], dict[str, Any]]
) -> None:
    figure = told("CA Pau Béarn Pyrénées")["figures"][name]
    assert figure["value"] == pytest.approx(value, rel=1e-6)
    assert (figure["status"], figure["year"], figure["source"]) == (status, year, source)


def test_what_the_producer_hides_is_secret_and_what_was_not_fetched_says_so(
    told: Callable[[str], dict[str, Any]],
) -> None:
    fumel = told("EPCI:200068930")["figures"]
    assert (fumel["farm_labour_fte"]["value"], fumel["farm_labour_fte"]["reason"]) == (None, "secret")
    village = told("COM:26274")["figures"]
    assert village["poverty_share"]["value"] == pytest.approx(0.14)
    assert village["median_living_standard_eur"]["source"] != "income_commune"


def test_parcels_win_in_their_commune_and_the_others_keep_the_estimate(told: Callable[[str], dict[str, Any]]) -> None:
    def groups(name: str) -> dict[str, dict[str, Any]]:
        return {row["crop_group"]: row for row in told(name)["groups"]}

    lescar, pau, epci = groups("Lescar"), groups("Pau"), groups("CA Pau Béarn Pyrénées")
    assert (lescar["cereals"]["status"], lescar["cereals"]["source"], lescar["cereals"]["year"]) == (
        "observed",
        "rpg_commune",
        "2022",
    )
    assert lescar["cereals"]["available_ha"] == pytest.approx(27_900_000 / 34_874 / 3)
    assert lescar["potatoes"]["available_ha"] == pytest.approx(27_900_000 / 34_874 / 3)
    assert pau["cereals"]["status"] == "estimated"
    assert pau["cereals"]["available_ha"] < 3_139, "the land of Pau, which the parcels of its département leave alone"
    assert epci["cereals"]["status"] == "estimated"


def test_crops_that_the_register_understates_are_a_floor_with_a_range_open_upwards(
    told: Callable[[str], dict[str, Any]], run: Run, tmp_path: Path
) -> None:
    lescar = {row["crop_group"]: row for row in told("Lescar")["groups"]}
    for group in ("vegetables", "fruit", "potatoes"):
        row = lescar[group]
        assert (row["available_is_floor"], row["available_high_ha"], row["adequacy_high_ratio"]) == (True, None, None)
        assert row["available_low_ha"] == row["available_ha"], "the least there is"
        assert row["status"] == "estimated", "a count that leaves growers out is no observation"
    assert not lescar["cereals"]["available_is_floor"]
    shown = run("--lang", "en", "diagnose", "Lescar").stdout
    assert "at least 270" in shown
    assert "Small market gardens and orchards" in shown
    assert run("report", "Lescar", "--pdf", str(tmp_path / "lescar.pdf")).returncode == 0


def test_a_statistic_larger_than_the_parcels_of_its_level_wins_over_them(told: Callable[[str], dict[str, Any]]) -> None:
    fruit = next(row for row in told("PAYS:FRM")["groups"] if row["crop_group"] == "fruit")
    assert fruit["available_ha"] > 100_000, "no parcel of the sample bears fruit; orchards are still there"
    assert (fruit["available_is_floor"], fruit["source"]) == (False, "agriculture/region_crops")


def test_an_area_told_mostly_by_parcels_names_them_and_their_year(told: Callable[[str], dict[str, Any]]) -> None:
    cereals = next(row for row in told("CA Pau Béarn Pyrénées")["groups"] if row["crop_group"] == "cereals")
    assert (cereals["status"], cereals["source"], cereals["year"]) == ("estimated", "rpg_commune", "2022")
    assert cereals["available_high_ha"] < 1.2 * cereals["available_ha"], "thirty communes of thirty-one are declared"


def test_parcels_of_a_region_are_not_counted_a_second_time_by_its_statistics(
    told: Callable[[str], dict[str, Any]],
) -> None:
    cereals = next(row for row in told("REG:75")["groups"] if row["crop_group"] == "cereals")
    communes = len(territories().members(territories().row("REG:75")))
    assert cereals["available_ha"] == pytest.approx(communes * 27_900_000 / 34_874 / 3, rel=0.01)


def test_yields_and_areas_of_the_annual_statistics_change_land_and_production(
    told: Callable[[str], dict[str, Any]], run: Run
) -> None:
    before = ressort.diagnose("DEP:29").figures["land_needed_ha"].value
    assert before
    assert told("DEP:29")["figures"]["land_needed_ha"]["value"] < before, "82.5 q/ha of wheat is above the mean shipped"
    table = run("diagnose", "DEP:64", "--csv", "production").stdout.splitlines()
    wheat = next(line for line in table if line.startswith("soft_wheat"))
    oats = next(line for line in table if line.startswith("oats"))
    cattle = next(line for line in table if line.startswith("cattle"))
    assert "50000.0" in wheat and "yields_departement" in wheat and "2023" in wheat
    assert "50000.0" in oats
    assert "999000.0" in cattle and "livestock_departement" in cattle


def test_the_report_and_the_list_name_the_official_files(synced: object, run: Run, tmp_path: Path) -> None:
    assert run("report", "CA Pau Béarn Pyrénées", "--pdf", str(tmp_path / "r.pdf")).returncode == 0
    listed = json.loads(run("data", "--json").stdout)["official"]
    assert {row["source"] for row in listed if row["retrieved"]} >= {"farm_census", "jobs_commune", "rpg_commune"}


def test_the_census_synced_replaces_the_population_at_every_level(told: Callable[[str], dict[str, Any]]) -> None:
    each = round(68_094_000 / len(territories().table.filter(kind="COM")))
    for name, people in (("COM:64445", 90_000), ("CA Pau Béarn Pyrénées", 90_000 + 30 * each), ("COM:64335", each)):
        found = told(name)
        figure = found["figures"]["population_people"]
        assert (figure["value"], figure["source"], figure["year"]) == (people, "population_commune", "2023")
        assert found["territory"]["population_people"] == people
        assert found["figures"]["land_needed_ha"]["value"] / people == pytest.approx(
            found["figures"]["land_needed_m2_per_people"]["value"] / 10_000
        )
    assert told("BE_COM:62063")["figures"]["population_people"]["source"] == "territory/belgium_liege_municipalities"


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        # 100 stay, 100 go next door, 50 to Lescar, 30 abroad, and 13 crumbs that go nowhere we know
        ("COM:64445", "commute_out_share", 180.013 / 280.013),
        ("COM:64445", "jobs_per_worker_ratio", 200 / 280.013),
        ("PAYS:FRM", "commute_out_share", (30 + 0.013 * 34_746 + 100) / (200.013 * 34_746 + 80)),
        ("COM:64445", "disaster_orders", 4),
        ("COM:64445", "disaster_orders_per_communes", 4),
        ("CA Pau Béarn Pyrénées", "disaster_orders", 3 * 31 + 2),
        ("CA Pau Béarn Pyrénées", "disaster_orders_per_communes", (3 * 31 + 2) / 31),
        ("COM:64445", "land_take_ha", 50),
        ("COM:64445", "food_projects", 1),
        ("COM:64445", "food_projects_people_share", 1),
        ("COM:33063", "food_projects", 0),
        ("COM:26108", "rural_zone_share", 1),
        ("COM:64445", "rural_zone_share", 0),
        ("DEP:26", "rural_zone_share", 1),
    ],
)
def test_the_facts_that_only_official_files_tell(
    place: str, name: str, value: float, told: Callable[[str], dict[str, Any]]
) -> None:
    figure = told(place)["figures"][name]
    assert figure["value"] == pytest.approx(value, rel=1e-3)
    assert figure["status"] in ("observed", "derived") and figure["year"] and figure["source"]


def test_what_stays_inside_a_group_is_what_stays_inside_its_intercommunality(
    told: Callable[[str], dict[str, Any]], run: Run
) -> None:
    epci = told("EPCI:200067254")["figures"]
    names = [territories().key(int(row)) for row in territories().members(territories().row("EPCI:200067254"))]
    group = json.loads(run("diagnose", *names, "--json").stdout)["figures"]
    for name in ("commute_out_share", "jobs_per_worker_ratio", "disaster_orders", "land_take_share", "food_projects"):
        assert group[name]["value"] == pytest.approx(epci[name]["value"]), name


def test_disasters_and_food_projects_are_listed_by_name(synced: object, run: Run) -> None:
    hazards = run("diagnose", "COM:64445", "--csv", "disasters").stdout
    assert "Inondations et coulées de boue,3.0,2001" in hazards.replace("Inondations et coulées de boue,Inon", "Inon")
    assert "Sécheresse" in hazards and "1999-2022" in hazards
    projects = run("diagnose", "EPCI:200067254", "--csv", "food_projects").stdout
    assert "Béarn nourricier,Labellisation Niveau 2" in projects
    shown = run("diagnose", "COM:64445").stdout
    assert "Projets alimentaires territoriaux" in shown and "hors du territoire" in shown


def test_what_was_never_fetched_says_so() -> None:
    figures = ressort.diagnose("COM:64445").figures
    for name in ("commute_out_share", "disaster_orders", "land_take_ha", "food_projects", "rural_zone_share"):
        assert figures[name].reason == "not_fetched", name


#: diagnoses every municipality of Liège whose code a French commune bears, and prints each figure or row that is not its own
BORROWED = """
import ressort
from ressort.reference.territories import territories
table = territories().table
french = set(table.filter(kind="COM")["code"])
twins = [code for code in table.filter(kind="BE_COM")["code"] if code in french]
assert len(twins) > 70
OURS = ("territory/belgium_liege_municipalities", "food/diet", "food/labour", "food/ghg_by_product")
for code in twins:
    found = ressort.diagnose(f"BE_COM:{code}")
    for name, figure in found.figures.items():
        if figure.known and figure.source not in OURS:
            print(code, name, figure.source)
    for name in ("production", "disasters", "food_projects"):
        if found.table(name).height:
            print(code, name)
    if found.table("energy")["energy_mwh"].drop_nulls().len() or found.table("groups")["available_ha"].drop_nulls().len():
        print(code, "energy or land")
"""


def test_no_municipality_of_liege_borrows_a_figure_from_the_french_commune_of_the_same_code(
    synced: object, python: Run
) -> None:
    done = python("-c", BORROWED)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_official_files_of_energy_give_pau_its_balance_and_its_flows(run: Run, synced: object) -> None:
    """Without them Pau knows its use by lending only, and nothing of what it makes."""
    done = run("energy", "EPCI:200067254", "--json")
    told = json.loads(done.stdout, parse_constant=_refuse)
    balance = {row["figure"]: row for row in told["tables"]["balance"] if row["carrier"] == "electricity"}
    assert balance["use"]["value"] == pytest.approx(1_000_000) and balance["use"]["status"] == "observed"
    assert balance["production"]["value"] == pytest.approx(250_000 + 0.7 * 80e6 / 1255)
    assert balance["coverage"]["year"] == "2023" and balance["coverage"]["low"] is None
    assert balance["use"]["source"] == "energy_use_epci"
    sectors = {row["sector"]: row["value"] for row in told["tables"]["use"] if row["carrier"] == "electricity"}
    assert sectors["residential"] == pytest.approx(400_000)
    assert told["matched"]["electricity"]["territories"] > 1_200 and told["matched"]["electricity"]["proved"]
