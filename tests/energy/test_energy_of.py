"""Energy of real territories: conservation from commune to région, what is missing, scenarios, flows, files."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ressort.core.errors import InputError, RuleBroken, UnknownCode
from ressort.energy import CARRIERS, SECTORS, TABLES, Owners, as_dict, energy_of, flows_geojson, resources, scenario
from ressort.energy.balances import carrier_balance
from ressort.energy.flows import level_balance, level_places
from ressort.energy.production import SOURCES, commune_production, made
from ressort.energy.use import commune_use, lending_error, used, whole_departements
from ressort.energy.words import flow_sentence, missing, sentence, summary
from ressort.language import language
from ressort.reference import table
from ressort.reference.places import Places
from ressort.reference.territories import territories

NANTES, METROPOLE, PAU, PAU_EPCI, PARIS, REUNION, LIEGE = (
    "COM:44109", "EPCI:244400404", "COM:64445", "EPCI:200067254", "COM:75056", "DEP:974", "BE_COM:62063",
)  # fmt: skip
PAYS_DE_LA_LOIRE = ("44", "49", "53", "72", "85")


def places(*keys: str) -> Places:
    return Places.of([territories().territory(key) for key in keys])


@pytest.mark.parametrize("source", SOURCES["electricity"])
@pytest.mark.parametrize("year", ["2012", "2019"])
def test_communes_add_up_to_departements_and_these_to_the_region(source: str, year: str) -> None:
    whole = made(places("REG:52"), source, year).ranged.central[0]
    parts = made(places(*(f"DEP:{code}" for code in PAYS_DE_LA_LOIRE)), source, year).ranged.central
    known = territories()
    inside = known.members(known.row("REG:52"))
    communes = commune_production(source, year)[0][inside]
    assert parts.sum() == pytest.approx(whole, rel=1e-9) and np.nansum(communes) == pytest.approx(whole, rel=1e-9)


def test_nothing_of_the_table_is_lost_when_codes_are_brought_to_today() -> None:
    for column, carrier in (("electricity_use_mwh", "electricity"), ("gas_use_mwh", "gas")):
        told = table("energy/pays_de_la_loire_consumption_2019")[column].sum()
        assert np.nansum(commune_use(carrier)[0]) == pytest.approx(told, rel=1e-12)
    rows = table("energy/pays_de_la_loire_production_2011_2019").filter(pl.col("year") == "2019")
    made_2019 = sum(np.nansum(commune_production(source, "2019")[0]) for source in SOURCES["electricity"])
    assert made_2019 == pytest.approx(rows["production_mwh"].sum(), rel=1e-12)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("code", PAYS_DE_LA_LOIRE)
def test_communes_and_operators_agree_on_the_departement_within_half_a_percent(carrier: str, code: str) -> None:
    """So a commune without a known gas network may count nothing in a sum."""
    known = territories()
    communes = np.nansum(commune_use(carrier)[0][known.members(known.row(f"DEP:{code}"))])
    published = used(places(f"DEP:{code}"), carrier, year="2019").ranged.central[0]
    assert communes == pytest.approx(published, rel=0.005)


def test_a_commune_without_a_row_in_a_year_is_not_known_alone_and_nothing_in_a_sum() -> None:
    silent = commune_production("solar", "2012")[2]
    row = int(np.flatnonzero(silent)[0])
    alone = made(Places.of([territories().territory(row)]), "solar", "2012").ranged.central[0]
    assert silent.sum() > 10 and np.isnan(alone)
    assert np.nansum(commune_production("wind", "2012")[0]) > 0


def test_sectors_add_up_to_all_sectors() -> None:
    held = places("DEP:64", "REG:75", "DEP:974")
    total = used(held, "electricity", year="2021").ranged.central
    parts = sum(used(held, "electricity", sector, "2021").ranged.central for sector in SECTORS)
    assert parts == pytest.approx(total, rel=1e-9)


def test_nantes_knows_its_use_and_production_of_the_same_year() -> None:
    found = energy_of(NANTES)
    use, production = found.side("electricity", "use"), found.side("electricity", "production")
    assert (use.year, use.status, round(use.value or 0)) == ("2019", "observed", 1_410_522)
    assert production.status == "estimated" and production.low == pytest.approx(1_697.5, abs=0.1)
    assert production.value == pytest.approx(5_080.2, abs=0.1)  # solar of Nantes was spread by its producer
    assert found.context is not None and found.context.territory.key == "DEP:44"
    assert found.context.uses["electricity", "industry"].known


def test_a_small_commune_of_the_region_gives_what_it_has_left_over() -> None:
    """A commune with wind turbines makes more than it uses, and its neighbours take it at the optimum."""
    held = level_balance("COM", "electricity", "2019", scenario("today"))
    at = int(np.nanargmax(np.nan_to_num(held.balance.surplus.central)))
    found = energy_of(territories().territory(int(level_places("COM")[1][at])))
    one = found.flows["electricity"]
    assert one.is_proved and one.sent_mwh == pytest.approx(found.side("electricity", "surplus").value or 0, rel=1e-6)
    assert one.received_mwh == 0 and (one.table["distance_km"] > 0).all()
    assert one.matched > 1_200 and one.left_out > 30_000


def test_flows_move_no_more_than_surpluses_and_lacks() -> None:
    found = energy_of(METROPOLE, levers="whole")
    one, held = found.flows["electricity"], found.balances["electricity"]
    assert one.received_mwh + one.imported_mwh == pytest.approx(held.balance.lack.central[0], rel=1e-9)
    assert one.sent_mwh + one.unused_mwh == pytest.approx(held.balance.surplus.central[0], rel=1e-9, abs=1e-6)


def test_pau_is_lent_its_departements_use_with_a_range_and_its_homes_are_observed() -> None:
    found = energy_of(PAU_EPCI)
    total, homes = found.uses["electricity", "all"], found.uses["electricity", "residential"]
    assert total.status == "estimated" and total.low is not None and total.high is not None
    low, high = lending_error("EPCI")
    assert total.low == pytest.approx((total.value or 0) * low) and total.high == pytest.approx(
        (total.value or 0) * high
    )
    assert (homes.status, homes.year) == ("observed", "2023")
    assert found.side("electricity", "production").reason == "not_fetched"
    assert found.flows == {}  # nothing of today's production is known: no flow is drawn


def test_the_lent_use_of_communes_adds_up_to_the_departement() -> None:
    known = territories()
    inside = known.members(known.row("DEP:64"))
    parts = used(Places.of([known.territory(int(row)) for row in inside]), "electricity", year="2021")
    assert parts.ranged.central.sum() == pytest.approx(
        used(places("DEP:64"), "electricity").ranged.central[0], rel=1e-9
    )


def test_paris_is_its_departement() -> None:
    city, departement = energy_of(PARIS), energy_of("DEP:75")
    for carrier in CARRIERS:
        assert city.uses[carrier, "all"].value == departement.uses[carrier, "all"].value
        assert city.uses[carrier, "all"].status == "observed"
    inside, _people = whole_departements(places(PARIS, PAU))
    assert np.asarray(inside.sum(axis=1)).ravel().tolist() == [1, 0]


def test_la_reunion_has_its_electricity_and_no_national_potential() -> None:
    found = energy_of(REUNION, levers="shared")
    assert found.uses["electricity", "residential"].status == "observed"
    assert (found.uses["gas", "all"].value, found.uses["gas", "all"].status) == (0.0, "derived")
    assert not found.potential("roofs").known
    assert found.side("electricity", "production").value is None
    mine = energy_of(REUNION, levers=scenario("today", roofs_share=0.5, roofs_kw=400_000.0))
    assert mine.potential("roofs").status == "hypothesis" and mine.is_floor("electricity")
    assert mine.side("electricity", "production").value == pytest.approx(200_000 * 1.0631428, rel=1e-6)


def test_gas_of_france_adds_up_though_some_departements_have_no_network() -> None:
    assert energy_of("PAYS:FR", 2021).uses["gas", "all"].value == pytest.approx(4.728e8, rel=1e-3)


def test_liege_says_what_is_missing() -> None:
    found = energy_of(LIEGE, levers="shared")
    assert not any(one.known for one in found.uses.values()) and not any(one.known for one in found.production.values())
    assert {one.reason for one in found.uses.values()} == {"not_available"} and found.flows == {} and not found.returns
    with language("en"):
        assert "missing, not zero" in missing(found)[0]


def test_a_commune_without_a_known_gas_network_is_missing_and_says_why() -> None:
    code = table("energy/pays_de_la_loire_consumption_2019").filter(pl.col("gas_use_mwh").is_null())["commune_code"][20]
    one = energy_of(f"COM:{code}").uses["gas", "all"]
    assert (one.value, one.reason) == (None, "not_applicable")


def test_potentials_of_the_regions_add_up_to_the_national_ones() -> None:
    metro = territories().table.filter((pl.col("kind") == "REG") & (pl.col("zone") == "metro"))
    found = carrier_balance(places(*("REG:" + metro["code"])), "electricity", "2021", scenario("today")).potentials
    for key in ("roofs", "wind"):
        assert found[key].quantity.central.sum() == pytest.approx(resources()[key].value, rel=1e-3)


def test_a_scenario_builds_on_what_is_there_and_saves_what_it_says() -> None:
    today, whole = energy_of("DEP:49"), energy_of("DEP:49", levers="whole")
    assert whole.side("electricity", "use").value == pytest.approx(0.8 * (today.side("electricity", "use").value or 0))
    solar = today.production["electricity", "solar"].value or 0
    assert whole.added("roofs").value == pytest.approx((whole.potential("roofs").value or 0) - solar)
    before, after = (one.side("electricity", "coverage") for one in (today, whole))
    assert (after.value or 0) > (before.value or 0) and after.status == "hypothesis"
    assert after.low is not None and after.low < (after.value or 0) < (after.high or 0)


def test_who_earns_follows_who_owns() -> None:
    outside, local = (energy_of(METROPOLE, levers="shared", owners=one) for one in (Owners(), Owners(5_000, 5_000)))
    assert set(outside.returns) == {"roofs", "wind"}  # no sourced cost of biogas: left out, not zero
    assert local.returns["wind"]["central"].local_share == 1.0
    assert 0 < outside.returns["wind"]["central"].local_share < 0.2  # taxes and rents only


def test_levers_and_names_that_mean_nothing_are_refused() -> None:
    for wrong in ("shard", "TODAY"):
        with pytest.raises(UnknownCode) as told:
            energy_of(NANTES, levers=wrong)
        assert "shared" in told.value.facts["choices"]
    with pytest.raises(UnknownCode):
        scenario("today", sun_share=1.0)
    with pytest.raises(RuleBroken):
        scenario("today", roofs_share=1.2)
    with pytest.raises(RuleBroken):
        scenario("today", wood_mwh=float("inf"))
    with pytest.raises(InputError) as year:
        energy_of(NANTES, 1850)
    assert "2019" in year.value.facts["choices"]


def test_a_year_asked_for_is_the_year_told() -> None:
    found = energy_of("DEP:85", 2015)
    assert found.side("electricity", "coverage").year == "2015" and found.side("electricity", "coverage").known
    assert not found.side("gas", "production").known  # biomethane is known in 2019 only


def test_wood_is_known_from_the_territory_only() -> None:
    found = energy_of(PAU_EPCI, levers=scenario("today", wood_mwh=4_000.0, wood_use_mwh=5_000.0))
    assert found.side("wood", "coverage").value == 0.8 and found.side("wood", "lack").value == 1_000
    assert not energy_of(PAU_EPCI).side("wood", "use").known
    with language("en"):
        assert "your own figures" in summary(found)[-1]


def test_every_table_has_its_columns_even_where_nothing_is_known() -> None:
    for key in (NANTES, PAU_EPCI, LIEGE):
        found = energy_of(key, levers="shared")
        for name, build in TABLES.items():
            frame = build(found)
            assert frame.height or name in ("return", "series", "flows", "parts"), (key, name)
        assert len(flows_geojson(found)["features"]) == TABLES["flows"](found).height
        assert as_dict(found)["territory"]["key"] == key


def test_a_commune_that_merged_leads_to_todays() -> None:
    assert energy_of("COM:44003").territory.key == "COM:44003"
    assert energy_of("COM:49321").territory.key == territories().territory("COM:49321").key
    assert energy_of("COM:49321").uses["electricity", "all"].known


@pytest.mark.parametrize("spoken", ["fr", "en"])
def test_sentences_are_written_for_every_case(spoken: str) -> None:
    with language(spoken):
        for key in (NANTES, PAU, PARIS, REUNION, LIEGE, "PAYS:FRM", "BV:85047"):
            for levers in ("today", "shared"):
                found = energy_of(key, levers=levers)
                told = [*summary(found), *missing(found), *(flow_sentence(found, one) for one in found.flows)]
                assert all(told) and not any("{" in one for one in told)
    with language("en"):
        assert (
            sentence(energy_of(NANTES), "electricity")
            == "Electricity: 0.4% (0.1% to 0.6%) of what is used is made here (2019)."
        )


def test_own_figures_change_the_territory_and_no_other() -> None:
    mine = scenario("shared", wind_kw=200_000.0)
    with_own = energy_of(METROPOLE, levers=mine).flows["electricity"]
    without = energy_of(METROPOLE, levers=replace(mine, wind_kw=None)).flows["electricity"]
    assert with_own.imported_mwh + with_own.received_mwh < without.imported_mwh + without.received_mwh


def test_a_sector_that_nobody_told_is_not_zero() -> None:
    corsica = energy_of("DEP:2A", year="2013")
    assert corsica.uses["electricity", "all"].value == corsica.uses["electricity", "unknown"].value > 1e5
    assert not corsica.uses["electricity", "residential"].known and not corsica.uses["electricity", "industry"].known
    assert not energy_of("DEP:64", year="2021").uses["gas", "unknown"].known  # all of it hidden by secrecy
    assert energy_of("DEP:05", year="2015").uses["gas", "agriculture"].value == 0.0
    assert energy_of("DEP:2A", year="2021").uses["electricity", "residential"].value > 1e5


def test_a_village_without_a_gas_network_is_told_so_and_promised_no_file() -> None:
    found = energy_of("COM:72125")
    assert found.side("gas", "use").reason == "not_applicable"
    with language("en"):
        assert summary(found)[1] == "Gas: no network is known here."
        assert not any("Gas used" in line for line in missing(found))
        assert "natural gas" in summary(energy_of("DEP:2A"))[1]
