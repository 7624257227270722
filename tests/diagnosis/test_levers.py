"""Levers: what each moves, what it cannot move, everywhere."""

import numpy as np
import pytest

import ressort
from ressort.core.errors import RuleBroken
from ressort.core.food import Levers
from ressort.diagnosis.words import synthesis
from ressort.language import language


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


def test_levers_at_rest_are_the_diagnosis() -> None:
    assert ressort.scenario("Pau").figures == ressort.diagnose("Pau").figures
    assert Levers().to_query() == {}


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
