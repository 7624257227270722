"""A whole diagnosis: one truth for a card and a map, conservation across levels, missing never zero."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import ressort
from ressort.core.errors import AmbiguousName, RuleBroken, UnknownCode
from ressort.core.food import Levers
from ressort.diagnosis import Diagnosis, OwnData
from ressort.diagnosis.atlas import atlas, measure
from ressort.diagnosis.own import own_areas, own_autonomy
from ressort.diagnosis.report import report, write_report
from ressort.diagnosis.words import synthesis
from ressort.language import language
from ressort.reference.areas import areas
from ressort.reference.indicators import indicators
from ressort.reference.places import Places
from ressort.reference.production import hectares, production
from ressort.reference.territories import territories

VARIED = [
    "EPCI:200067254",
    "COM:26274",
    "COM:55039",
    "COM:75056",
    "DEP:974",
    "DEP:976",
    "REG:94",
    "REG:75",
    "PAYS:FR",
    "PAYS:FRM",
    "BE_COM:62063",
    "BE_PROV:60000",
    "BV:64445",
    "ZE:7522",
    "AAV:044",
]


@pytest.mark.parametrize("key", VARIED)
def test_every_kind_of_territory_has_a_whole_diagnosis(key: str) -> None:
    found = ressort.diagnose(key)
    assert found.figures.keys() == indicators().keys()
    for figure in found.figures.values():
        assert figure.value is None or np.isfinite(figure.value)
        assert figure.value is None or figure.low is None or figure.low <= figure.value <= (figure.high or np.inf)
        assert figure.known or figure.reason
    for name in found.tables():
        assert not any(
            found.table(name).select(column).to_series().is_nan().any()
            for column, kind in found.table(name).schema.items()
            if kind.is_float()
        )
    assert found.to_dict()["territory"]["key"] == key
    assert synthesis(found)


@pytest.mark.parametrize("key", ["EPCI:200067254", "REG:75", "PAYS:FRM", "COM:75056", "BE_PROV:60000"])
def test_a_card_and_the_map_of_france_tell_the_same(key: str) -> None:
    figures, row = ressort.diagnose(key).figures, territories().row(key)
    for name, column in atlas().items():
        on_map = column.values[row]
        value = figures[name].value
        assert (value is None and np.isnan(on_map)) or value == pytest.approx(on_map, rel=1e-9), name


def test_measuring_one_territory_gives_its_row_of_the_atlas() -> None:
    key = "EPCI:242600252"
    one, row = measure(Places.of([territories().territory(key)])), territories().row(key)
    for name, column in one.items():
        np.testing.assert_allclose(column.values[0], atlas()[name].values[row], rtol=1e-9)


@pytest.mark.parametrize("name", ["population_people", "land_needed_ha", "jobs_needed_fte", "land_abroad_ha"])
def test_communes_epci_and_departements_add_up_to_the_country(name: str) -> None:
    known, values = territories(), atlas()[name].values
    kinds, zones = known.table["kind"].to_numpy(), known.table["zone"].to_numpy()
    whole = values[known.row("PAYS:FRM")]
    for kind in ("COM", "DEP", "REG"):
        assert np.nansum(values[(kinds == kind) & (zones == "metro")]) == pytest.approx(whole, rel=1e-9), kind


def test_crop_areas_of_communes_add_up_to_their_departement() -> None:
    made, known = production(), territories()
    by_departement = hectares(Places.of([known.territory("DEP:64")]))[0]
    members = known.members(known.row("DEP:64"))
    np.testing.assert_allclose(made.commune_ha[members].sum(0), by_departement)


def test_france_is_near_what_others_published() -> None:
    """CRATer: 120 % of the land needed is there; Agreste: 26.88 Mha of farmland; PARCEL: 20.9 Mha needed."""
    france = ressort.diagnose("PAYS:FRM").figures
    assert france["adequacy_gross_ratio"].value == pytest.approx(1.2, abs=0.12)
    assert france["land_available_ha"].value == pytest.approx(26_879_662, rel=0.03)
    assert france["land_needed_ha"].value == pytest.approx(20.9e6, rel=0.03)
    assert france["adequacy_known_share"].value == 1


def test_farmland_of_known_territories_lies_in_the_range() -> None:
    """CC Val de Drôme: 19,520 ha (territoiresbio.fr); Loire-Atlantique: 408,685 ha (census 2020)."""
    for key, observed_ha in (("EPCI:242600252", 19_520), ("DEP:44", 408_685)):
        land = ressort.diagnose(key).figures["land_available_ha"]
        assert land.low is not None
        assert land.high is not None
        assert land.low < observed_ha < land.high


def test_an_empty_commune_needs_nothing_and_says_so() -> None:
    village = ressort.diagnose("COM:55039")
    assert village.figures["land_needed_ha"].value == 0
    assert village.figures["adequacy_capped_share"].reason == "not_applicable"
    assert "NaN" not in str(village.to_dict()) and "nan" not in str(village.to_dict()).replace("nance", "")


def test_overseas_food_is_missing_with_its_reason_not_zero() -> None:
    reunion = ressort.diagnose("DEP:974")
    assert reunion.food is None
    assert reunion.figures["land_needed_ha"].reason == "not_applicable"
    assert reunion.figures["population_people"].value == 889_679


def test_actual_autonomy_is_missing_until_somebody_gives_flows() -> None:
    assert ressort.diagnose("Pau").figures["actual_autonomy_share"].value is None
    flows = own_autonomy(120_000, 900_000, "canteens.csv", "2025")
    figures = ressort.diagnose("Pau", OwnData(actual_autonomy=flows)).figures
    assert figures["actual_autonomy_share"].value == pytest.approx(0.1333, abs=1e-4)
    assert figures["adequacy_capped_share"].value == ressort.diagnose("Pau").figures["adequacy_capped_share"].value


def test_own_areas_win_over_the_estimate_and_keep_their_source() -> None:
    own = OwnData(areas=own_areas({"vegetables": 500.0}, "mine.csv", "2025"))
    row = ressort.diagnose("Pau", own).table("groups").filter(crop_group="vegetables").row(0, named=True)
    assert (row["available_ha"], row["status"], row["source"], row["adequacy_ratio"] > 1) == (
        500.0,
        "observed",
        "mine.csv",
        True,
    )


def test_more_people_never_need_less_land() -> None:
    land = [ressort.scenario("Pau", growth_share=g).figures["land_needed_ha"].value for g in (-0.5, 0.0, 0.3)]
    assert land == sorted(land)  # type: ignore[type-var]


def test_guests_of_a_canteen_are_counted_by_their_meals() -> None:
    school = ressort.scenario("Pau", population="pupils", people=1000.0, meals_per_day=1.0, days_per_year=180.0)
    assert school.food is not None
    assert school.food.people == pytest.approx(1000 * 0.4 * 180 / 365)
    hospital = ressort.scenario("Pau", population="hospital", people=100.0)
    assert hospital.food is not None
    assert hospital.food.people == pytest.approx(100)


def test_land_cannot_be_converted_beyond_what_there_is() -> None:
    with pytest.raises(RuleBroken, match="cannot be converted"):
        ressort.scenario("Pau", converted_ha=(("cereals", -1e6),)).figures
    with pytest.raises(RuleBroken, match="not known here"):
        ressort.scenario("Pau", converted_ha=(("vegetables", 5.0),)).figures


def test_converted_land_moves_autonomy_group_by_group() -> None:
    base = ressort.diagnose("EPCI:200067254")
    moved = ressort.scenario("EPCI:200067254", converted_ha=(("forage", -500.0), ("cereals", 500.0)))
    before, after = (d.table("groups").filter(crop_group="cereals")["available_ha"].item() for d in (base, moved))
    assert after == pytest.approx(before + 500)


def test_organic_results_span_the_coefficient_sets() -> None:
    organic = ressort.scenario("Pau", organic_share=1.0)
    land, sets = organic.figures["land_needed_ha"], organic.food.by_set  # type: ignore[union-attr]
    assert len(sets) == 4
    assert land.low is not None
    assert land.high is not None
    assert land.low <= min(sets.values()) <= max(sets.values()) <= land.high


def test_scales_grow_from_the_commune_to_the_country() -> None:
    scales = ressort.diagnose("Pau").scales
    ladder = [scale.population_people for scale in scales if scale.ring_km is None]
    rings = [scale.population_people for scale in scales if scale.ring_km]
    assert ladder == sorted(ladder)
    assert rings == sorted(rings)
    assert scales[0].label == "Pau (64)"
    assert [s.kind for s in scales if s.ring_km is None][-1] == "PAYS"


def test_similar_territories_are_of_the_same_kind_and_never_itself() -> None:
    found = ressort.diagnose("EPCI:200067254").similar
    assert len(found) == 10
    assert {place.kind for place, _ in found} == {"EPCI"}
    assert "EPCI:200067254" not in {place.key for place, _ in found}


def test_a_group_of_communes_is_their_sum() -> None:
    group, parts = (
        ressort.diagnose(["Crest", "Die", "Saillans (26)"]),
        [ressort.diagnose(n) for n in ("Crest", "Die", "Saillans (26)")],
    )
    for name in ("population_people", "land_needed_ha", "land_available_ha"):
        assert group.figures[name].value == pytest.approx(sum(p.figures[name].value for p in parts))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "error"),
    [("Paux", UnknownCode), ("Saint-Denis", AmbiguousName), ("Vienne", AmbiguousName), ("64100", AmbiguousName)],
)
def test_names_that_do_not_tell_one_territory_are_refused_with_choices(name: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        ressort.diagnose(name)
    facts = caught.value.facts  # type: ignore[attr-defined]
    assert facts.get("suggestions") or facts.get("choices")


@pytest.mark.parametrize("key", ["EPCI:200067254", "DEP:974", "COM:55039", "BE_PROV:60000"])
@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_report_is_a_tagged_pdf_and_the_same_twice(key: str, code: str) -> None:
    with language(code):
        found = ressort.diagnose(key)
        first, second = (report(found, "https://ressort.example/territoire", date(2026, 11, 24)) for _ in range(2))
    assert first.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in first
    assert first == second


def test_a_name_that_looks_like_markup_stays_text_in_the_report() -> None:
    place = replace(territories().territory("COM:26274"), label='#panic("x") $ *a* </script>', kind="CUSTOM", code="x")
    assert report(Diagnosis(place), day=date(2026, 1, 1)).startswith(b"%PDF-")


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ressort.diagnose("COM:26274")
    assert write_report(found, tmp_path / "r.pdf").stat().st_size > 10_000
    with pytest.raises(RuleBroken):
        write_report(found, tmp_path / "nowhere" / "r.pdf")
    before = (tmp_path / "r.pdf").read_bytes()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        write_report(found, tmp_path / "r.pdf")
    assert (tmp_path / "r.pdf").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.pdf"]


def test_each_chart_is_drawn_from_its_table() -> None:
    found = ressort.scenario("EPCI:200067254", farm_starts_per_year=3.0)
    for name in found.charts():
        spec = found.chart(name).to_dict()
        assert spec["description"]
        assert "http" not in str({k: v for k, v in spec.items() if k != "$schema"})


def test_area_of_vegetables_is_known_for_france_only() -> None:
    column = list(ressort.diagnose("Pau").table("groups")["crop_group"]).index("vegetables")
    assert areas(territories().territory("REG:75"))[column].area_ha is None
    assert areas(territories().territory("PAYS:FRM"))[column].status == "hypothesis"


def test_levers_at_rest_are_the_diagnosis() -> None:
    assert ressort.scenario("Pau").figures == ressort.diagnose("Pau").figures
    assert Levers().to_query() == {}


@pytest.mark.parametrize("name", ["EPCI:200067254", "EPCI:200068930", "COM:64445", "COM:75056"])
def test_no_range_of_farmland_goes_beyond_the_territory(name: str) -> None:
    found = ressort.diagnose(name)
    land = found.figures["land_available_ha"]
    assert land.low is not None and land.high is not None and land.value is not None
    assert land.low <= land.value <= land.high <= found.territory.area_ha * (1 + 1e-9)
    highs = found.table("groups")["available_high_ha"].drop_nulls()
    assert (highs <= found.territory.area_ha * (1 + 1e-9)).all()


def test_half_of_the_crops_organic_leaves_half_of_the_area_of_today_without_organic_crops() -> None:
    today, half, whole = (
        ressort.scenario("EPCI:200067254", organic_share=share).figures["mineral_arable_ha"].value
        for share in (0.0, 0.5, 1.0)
    )
    assert today and half == pytest.approx(today / 2) and whole == pytest.approx(0, abs=1e-6)


def test_a_lever_of_several_values_may_be_a_dictionary() -> None:
    moved = ressort.scenario("Pau", organic_shares={"poultry": 1.0}, converted_ha={"cereals": 10.0, "forage": -10.0})
    assert moved.levers == Levers(
        organic_shares=(("poultry", 1.0),), converted_ha=(("cereals", 10.0), ("forage", -10.0))
    )
    with pytest.raises(RuleBroken, match="organic_share"):
        ressort.scenario("Pau", organik=0.5)


def test_energy_by_sector_adds_up_to_the_whole() -> None:
    for key in ("DEP:64", "REG:75"):
        found = ressort.diagnose(key)
        rows = found.table("energy")
        assert rows.filter(carrier="electricity")["energy_mwh"].sum() == pytest.approx(
            found.figures["electricity_mwh"].value
        )
        assert set(rows["status"]) <= {"observed", "derived", "missing"}
    france = ressort.diagnose("PAYS:FRM").table("energy").filter(carrier="electricity", sector="residential")
    assert france["energy_mwh"].item() == pytest.approx(169.6e6, rel=0.02)
    small = ressort.diagnose("COM:64445").table("energy")
    assert small["energy_mwh"].null_count() == small.height
    assert set(small["reason"]) == {"not_fetched"}


def test_a_report_of_a_scenario_says_that_it_is_not_today() -> None:
    from ressort.diagnosis.report import _subtitle

    day = date(2026, 1, 1)
    assert "diet" not in _subtitle(ressort.diagnose("Pau"), day)
    own = OwnData(provenance=("mine {x}.csv",))
    told = _subtitle(ressort.scenario("Pau", own, diet="vegan"), day)
    assert "diet = vegan" in told
    assert "mine {x}.csv" in told


@pytest.mark.parametrize("key", ["EPCI:200067254", "DEP:44", "DEP:974", "COM:26274", "PAYS:FR", "BE_COM:62063"])
def test_a_report_takes_four_to_eight_pages(key: str) -> None:
    with language("fr"):
        content = report(ressort.diagnose(key), "https://ressort.example/territoire", date(2026, 11, 24))
    pages = re.search(rb"/Type/Pages/Count (\d+)", content)
    assert pages is not None
    assert 4 <= int(pages[1]) <= 8


def test_gases_that_a_lever_does_not_reach_are_said_to_stand_still() -> None:
    def told(**levers: object) -> str:
        return " ".join(sentence.text for sentence in synthesis(ressort.scenario("Pau", **levers)))

    with language("en"):
        assert "do not move with the organic share" in told(organic_share=0.5)
        assert "do not move with what is grown here" in told(relocated_share=0.5)
        assert "do not move" not in told(diet="vegan")
    still = ressort.scenario("Pau", organic_share=1.0, relocated_share=0.2).figures["ghg_kgco2e_per_people"].value
    assert still == ressort.diagnose("Pau").figures["ghg_kgco2e_per_people"].value


EVERYWHERE = ("COM:64445", "COM:26274", "COM:75056", "DEP:976", "DEP:974", "BE_COM:62063", "BE_PROV:60000", "PAYS:FR")
MOVED: tuple[dict[str, object], ...] = (
    {"relocated_share": 0.5, "relocated_shares": {"fruit_vegetables": 0.4}},
    {"organic_share": 0.5, "organic_shares": {"beef": 1.0}, "organic_set": "ration"},
    *({"diet": diet} for diet in ("minus_25", "minus_50", "pnns", "vegetarian", "vegan")),
    {"diet": "own", "diet_kg": {"beef": 5.0}, "replace_protein": True},
    {"waste_cut_share": 0.5, "growth_share": 0.1},
    {"population": "number", "people": 1000.0},
    {"population": "pupils", "people": 500.0, "meals_per_day": 1.0, "days_per_year": 144.0},
    {"population": "canteen", "people": 500.0, "meals_per_day": 1.0, "days_per_year": 230.0},
    {"population": "hospital", "people": 300.0},
    {"farm_starts_per_year": 3.0, "farm_years": 5.0, "relocated_feed": True, "method": "inventories"},
)


@pytest.mark.parametrize("place", EVERYWHERE)
@pytest.mark.parametrize("levers", MOVED, ids=str)
def test_every_lever_answers_everywhere_with_a_range_or_a_reason(place: str, levers: dict[str, object]) -> None:
    found = ressort.scenario(place, **levers)
    for key, figure in found.figures.items():
        if figure.value is None:
            assert figure.reason, key
        else:
            assert np.isfinite(figure.value), key
            low, high = figure.low, figure.high
            assert low is None or high is None or low - 1e-9 <= figure.value <= high * (1 + 1e-9) + 1e-9, key
    if found.territory.key.startswith("DEP:97"):
        assert found.figures["land_needed_ha"].reason == "not_applicable"


def test_no_organic_survey_of_france_is_played_in_belgium() -> None:
    liege = ressort.scenario("BE_COM:62063", organic_share=1.0)
    assert set(liege.table("choices")["choice"]) == {"lca", "ademe_whole_diet"}
    need = liege.figures["land_needed_ha"].value
    assert (
        need == ressort.scenario("BE_COM:62063", organic_share=1.0, organic_set="lca").figures["land_needed_ha"].value
    )


def test_market_gardens_are_told_year_by_year_only_where_some_start() -> None:
    assert ressort.scenario("Pau", farm_starts_per_year=2.0, farm_years=4.0).table("farm_starts").height == 4
    assert ressort.diagnose("Pau").table("farm_starts").is_empty()
