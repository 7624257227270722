"""How hard an event hits, and where that figure comes from: each effect says local, national or given."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ressort.core.errors import InputError, RuleBroken
from ressort.core.resilience import REBUILT
from ressort.language import language
from ressort.reference import employment_zones
from ressort.reference.national_economy import branches, jobs, jobs_a10
from ressort.reference.resilience_library import shocks
from ressort.reference.tables import write_table
from ressort.reference.territories import resolve, territories
from ressort.resilience import Request, of_territory, stress
from ressort.resilience.ground import Ground, economy
from ressort.resilience.happening import effects
from ressort.resilience.intensity import HARVEST, at_home
from ressort.resilience.intensity_words import intensity_rows
from ressort.resilience.one_run import Player
from ressort.resilience.settings import Settings, planned

PAU = "EPCI:200067254"


@pytest.fixture(scope="module")
def pau() -> Ground:
    return of_territory(resolve(PAU))


def test_a_local_figure_scales_an_effect_by_its_ratio_to_that_of_the_country(pau: Ground) -> None:
    fact, plan = pau.facts["older_people"], planned(("heatwave",), 0)
    before, after = plan[0].shock.effects[2].amount, at_home(plan, pau, ())[0].shock.effects[2].amount
    assert fact.ratio > 1 and after.central == pytest.approx(before.central * fact.ratio)
    young = of_territory(resolve("DEP:93"))
    assert young.facts["older_people"].ratio < 0.8 and young.facts["car_commuters"].ratio < 0.7
    assert at_home(plan, young, ())[0].shock.effects[2].amount.high < before.high


def test_every_effect_of_every_event_says_where_its_size_comes_from(pau: Ground) -> None:
    with language("en"):
        for name in shocks():
            rows = intensity_rows(Request(PAU, (name,)), pau).to_dicts()
            assert rows and all(row["source"] and row["origin"] in ("local", "national") for row in rows), name
        drought = {row["effect"]: row for row in intensity_rows(Request(PAU, ("drought",)), pau).to_dicts()}
    worst = max(here for here, _rest in pau.harvests.values())
    assert drought["drought.0"]["origin"] == "local" and drought["drought.0"]["high_share"] == pytest.approx(worst)
    assert drought["drought.2"]["origin"] == "national"


def test_what_the_user_knows_takes_the_place_of_the_hypothesis_and_is_told_so(pau: Ground) -> None:
    request = Request(PAU, ("flood",), intensity=("flood=2", "flood.3=0.42"), runs=4).checked()
    player = Player(request, pau)
    laws = {law.name: law for law in player.laws}
    plain = {law.name: law for law in Player(Request(PAU, ("flood",), runs=4), pau).laws}
    assert (laws["amount:flood:3"].low, laws["amount:flood:3"].high) == (0.42, 0.42)
    assert laws["amount:flood:0"].central == pytest.approx(2 * plain["amount:flood:0"].central)
    assert laws["amount:flood:2"].high == 1.0  # never more than all roads
    assert laws["amount:water_pollution:0"].central == plain["amount:water_pollution:0"].central
    with language("en"):
        rows = {row["effect"]: row["source"] for row in intensity_rows(request, pau).to_dicts()}
    assert rows["flood.3"] == "given with the question" and rows["water_pollution.0"].startswith(
        "national hypothesis; who could tell here"
    )


@pytest.mark.parametrize("name", sorted(shocks()))
def test_the_size_told_is_the_size_played_wherever_it_comes_from(pau: Ground, name: str) -> None:
    player = Player(Request(PAU, (name,), runs=4, days=400), pau)
    settings, made = Settings({law.name: law.central for law in player.laws} | {"harvest": 0.0}), economy(pau, 0.25)
    for one in player.plan:
        alone = replace(one, chance="")
        for number, effect in enumerate(one.shock.effects):
            only = replace(alone, shock=replace(one.shock, effects=one.shock.effects[: number + 1]))
            played = effects([only], settings, pau, made)[number].amount
            told = settings.values[f"amount:{one.shock.name}:{number}"]
            if effect.data.startswith(HARVEST):
                told = next(iter(pau.harvests.values()))[effect.data != "worst_yield_here"]
            if effect.kind not in REBUILT:
                assert played.flat[np.abs(played).argmax()] == pytest.approx(told), f"{one.shock.name}.{number}"


@pytest.mark.parametrize("word", ["flood", "flod=2", "flood.9=0.2", "flood=much", "drought=2", "flood.x=1"])
def test_a_word_that_names_no_event_of_the_question_is_refused(word: str) -> None:
    with pytest.raises(InputError) as error:
        Request(PAU, ("flood",), intensity=(word,)).checked()
    assert error.value.facts["word"] == word


@pytest.mark.parametrize("word", ["flood=-1", "flood=11", "flood.3=1.5", "flood.0=-0.1", "flood.0=1.2"])
def test_a_size_out_of_its_bounds_is_refused(word: str) -> None:
    with pytest.raises(RuleBroken):
        Request(PAU, ("flood",), intensity=(word,)).checked()


def test_the_story_says_how_many_sizes_are_local_and_a_larger_event_costs_more() -> None:
    with language("en"):
        once = stress(PAU, "road_cut", runs=8, days=90)
        twice = stress(PAU, "road_cut", runs=8, days=90, intensity=("road_cut=1.4",))
        told = " ".join(one.text for one in twice.story())
    assert "2 given with the question" in told
    lost = [np.median(one.ensemble.metric("whole.person_days")) for one in (once, twice)]
    assert lost[1] > lost[0]


def test_local_employees_once_fetched_take_the_place_of_the_structure_lent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = territories()
    atoms = known.table.head(known.atoms).filter(pl.col("country") == "FR").select("code", "departement")
    rows = atoms.with_columns(pl.lit("GZ").alias("sector_a17"), pl.lit(10.0).alias("jobs"), pl.lit(2023).alias("year"))
    mills = rows.filter(pl.col("departement") == "64").with_columns(pl.lit("C1 IAA").alias("sector_a17"))
    held = pl.concat([rows, mills]).rename({"code": "commune_code"}).drop("departement")
    (tmp_path / "synced").mkdir()
    write_table(held, tmp_path / "synced" / "jobs_commune.parquet")
    nation, here = jobs(jobs_a10("pays", "FR")), tuple(resolve("DEP:64").members.tolist())
    lent = employment_zones.jobs_of_zone("64")
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path))
    employment_zones._employees.cache_clear()
    try:
        found, year = employment_zones.with_local_employees(lent, nation, here)
    finally:
        employment_zones._employees.cache_clear()
    food, trade, farms = (branches().index(code) for code in ("CA", "GZ", "AZ"))
    assert year == "2023" and found[food] == pytest.approx(nation[food])  # all the mills of the country are here
    assert found[trade] == pytest.approx(nation[trade] * len(here) / atoms.height)
    assert found[farms] == lent[farms]  # that source leaves farms out
    with monkeypatch.context() as empty:
        empty.setenv("RESSORT_HOME", str(tmp_path / "nothing"))
        employment_zones._employees.cache_clear()
        assert employment_zones.with_local_employees(lent, nation, here) == (lent, "")
    employment_zones._employees.cache_clear()
