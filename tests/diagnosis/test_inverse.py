"""The inverse question, and what stands beside every figure: ranges, per head and per hectare, the next level up."""

import numpy as np
import pytest

import ressort
from ressort.core.errors import RuleBroken, UnknownCode
from ressort.core.food import Levers
from ressort.diagnosis.food_figures import BALANCES, PER_PEOPLE, RATIOS, TOTALS

MOVED = [
    {},
    {"diet": "vegan"},
    {"organic_share": 1.0},
    {"organic_share": 0.3, "organic_set": "lca", "diet": "minus_50", "relocated_share": 0.4},
    {"organic_shares": (("poultry", 1.0),), "waste_cut_share": 1.0, "relocated_feed": True},
    {"method": "inventories", "population": "pupils", "people": 900.0},
]


@pytest.mark.parametrize("levers", MOVED)
@pytest.mark.parametrize("name", ["EPCI:200067254", "COM:26274", "PAYS:FRM", "BE_PROV:60000"])
def test_every_result_of_the_model_is_a_range_around_its_centre(name: str, levers: dict[str, object]) -> None:
    figures = ressort.scenario(name, **levers).figures
    for key in (*TOTALS, *PER_PEOPLE, *RATIOS, *BALANCES):
        figure = figures[key]
        if figure.value is not None:
            assert figure.low is not None and figure.high is not None, key
            assert figure.low <= figure.value <= figure.high, key


def test_organic_ranges_hold_every_published_set_of_coefficients() -> None:
    found = {
        name: ressort.scenario("Pau", organic_share=1.0, organic_set=name).figures
        for name in ("survey_2022", "lca", "ration", "ademe_whole_diet")
    }
    for key in ("land_needed_ha", "adequacy_capped_share", "jobs_needed_fte", "mineral_arable_ha"):
        centres = [figures[key].value for figures in found.values()]
        for figures in found.values():
            assert figures[key].low <= min(centres) + 1e-9  # type: ignore[operator,type-var]
            assert figures[key].high >= max(centres) - 1e-9  # type: ignore[operator,type-var]


@pytest.mark.parametrize("levers", MOVED)
def test_per_head_and_per_hectare_are_the_same_total_told_twice(levers: dict[str, object]) -> None:
    found = ressort.scenario("EPCI:200067254", **levers)
    assert found.food is not None
    figures = {key: figure.value or 0.0 for key, figure in found.figures.items()}
    land = figures["land_needed_ha"] + figures["land_abroad_ha"]
    for name in ("ghg_kgco2e", "food_nitrogen_kg"):
        assert figures[f"{name}_per_people"] * found.food.people == pytest.approx(figures[f"{name}_per_ha"] * land)
    assert figures["jobs_needed_fte_per_ha"] * figures["land_needed_ha"] == pytest.approx(figures["jobs_needed_fte"])
    assert figures["mineral_arable_m2_per_people"] * found.food.people / 1e4 == pytest.approx(
        figures["mineral_arable_ha"], abs=1e-6
    )


def test_organic_takes_more_land_and_so_emits_less_on_each_hectare() -> None:
    today, organic = (ressort.scenario("Pau", organic_share=share).figures for share in (0.0, 1.0))
    assert organic["ghg_kgco2e_per_ha"].value < today["ghg_kgco2e_per_ha"].value  # type: ignore[operator]
    assert organic["ghg_kgco2e_per_people"].value == pytest.approx(today["ghg_kgco2e_per_people"].value)


def test_a_scenario_moves_the_share_of_transport_too() -> None:
    today, vegan = (
        ressort.scenario("Pau", diet=diet).figures["ghg_transport_share"].value for diet in ("current", "vegan")
    )
    assert vegan != today


def test_a_field_feeds_those_whose_land_it_is() -> None:
    land = ressort.diagnose("Pau").figures["land_needed_ha"].value
    assert land is not None
    assert ressort.field("Pau", land).people.value == pytest.approx(80_441)
    one, two = ressort.field("Pau", 1.0), ressort.field("Pau", 2.0)
    assert two.people.value == pytest.approx(2 * one.people.value)  # type: ignore[operator]
    assert one.people.low < one.people.value < one.people.high  # type: ignore[operator]


def test_a_field_may_be_asked_for_one_family_and_another_plate() -> None:
    everything, garden = ressort.field("Pau", 2.0), ressort.field("Pau", 2.0, "fruit_vegetables")
    assert garden.people.value > everything.people.value  # type: ignore[operator]
    assert ressort.field("Pau", 2.0, diet="vegan").people.value > everything.people.value  # type: ignore[operator]
    assert ressort.field("COM:55039", 2.0).people.value > 0, "nobody lives there, yet a field would feed"  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "hectares", "family", "error"),
    [
        ("Pau", -1.0, "all", RuleBroken),
        ("Pau", 1.0, "excluded", RuleBroken),
        ("Pau", 1.0, "choucroute", UnknownCode),
        ("DEP:974", 1.0, "all", UnknownCode),
    ],
)
def test_a_field_that_cannot_be_counted_is_refused(
    name: str, hectares: float, family: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ressort.field(name, hectares, family)


def test_a_tenth_of_the_vegetables_of_pau_takes_what_its_project_says() -> None:
    """Ceinture Verte: 100 gardens of 2 ha; a later statement says 50 to 100."""
    needed = ressort.gardens("CA Pau Béarn Pyrénées", 0.1)
    assert needed["central"].farms == pytest.approx(100, rel=0.06)
    assert needed["high_yield"].farms == pytest.approx(50, rel=0.06)
    with pytest.raises(RuleBroken):
        ressort.gardens("Pau", 40)


def test_farm_starts_are_told_between_the_yields_of_a_garden() -> None:
    plan = ressort.scenario("EPCI:200067254", farm_starts_per_year=10.0).table("farm_starts")
    assert (plan["covered_low_share"] <= plan["covered_share"]).all()
    np.testing.assert_allclose(plan["covered_high_share"], 2 * plan["covered_share"])


def test_a_group_not_known_here_is_shown_at_the_next_level_up() -> None:
    rows = {row["crop_group"]: row for row in ressort.diagnose("Pau").table("groups").to_dicts()}
    assert rows["cereals"]["next_level"] is None
    assert (rows["potatoes"]["next_level"], rows["potatoes"]["next_level_kind"]) == ("Nouvelle-Aquitaine", "REG")
    assert rows["vegetables"]["next_level_kind"] == "PAYS"
    region = ressort.diagnose("REG:75").table("groups").filter(crop_group="potatoes")["adequacy_ratio"].item()
    assert rows["potatoes"]["next_level_ratio"] == pytest.approx(region)


def test_levers_keep_their_default_when_one_asks_for_a_field() -> None:
    assert ressort.field("Pau", 1.0) == ressort.field(
        "Pau", 1.0, **{name: getattr(Levers(), name) for name in Levers.__slots__}
    )
