"""Conservation, monotony and limits of the food model."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.core.food import FoodSystem, Footprint, Levers, draw, drivers, footprints, per_person, plates, range_of
from ressort.reference.food_system import food_system

SHARES = st.floats(0, 1)
SYSTEM = food_system()
ALL = list(range(len(SYSTEM.regions)))
LEVERS = st.builds(
    Levers,
    relocated_share=SHARES,
    organic_share=SHARES,
    organic_set=st.sampled_from(list(SYSTEM.links)),
    diet=st.sampled_from(list(SYSTEM.diets)),
    waste_cut_share=SHARES,
    relocated_feed=st.booleans(),
    method=st.sampled_from(["rations", "inventories"]),
)


def _one(levers: Levers, system: FoodSystem = SYSTEM, region: str = "75") -> Footprint:
    return per_person(system, [levers], [system.region_index[region]])


@given(LEVERS, st.lists(st.floats(0, 1e7), min_size=len(ALL), max_size=len(ALL)))
def test_a_territory_is_the_sum_of_its_people_by_region(levers: Levers, people: list[float]) -> None:
    whole = per_person(SYSTEM, [levers], ALL).for_people(np.array(people))
    parts = [per_person(SYSTEM, [levers], [r]).for_people(np.array([people[r]])) for r in ALL]
    for f in fields(Footprint):
        np.testing.assert_allclose(getattr(whole, f.name), sum(getattr(p, f.name) for p in parts), rtol=1e-9, atol=1e-6)


@given(LEVERS, st.integers(0, 10**8))
def test_twice_the_people_take_twice_the_land(levers: Levers, people: int) -> None:
    one = _one(levers).for_people(np.array([people]))
    two = _one(levers).for_people(np.array([2 * people]))
    np.testing.assert_allclose(two.land_ha, 2 * one.land_ha, rtol=1e-12)


@given(LEVERS)
def test_nobody_takes_no_land_and_nothing_is_nan(levers: Levers) -> None:
    empty = per_person(SYSTEM, [levers], ALL).for_people(np.zeros(len(ALL)))
    for f in fields(Footprint):
        assert (getattr(empty, f.name) == 0).all()


@given(LEVERS)
def test_hectares_by_crop_and_by_product_add_up_to_the_same(levers: Levers) -> None:
    result = _one(levers)
    assert result.crop_land_ha.sum() == pytest.approx(result.land_ha.sum(), rel=1e-9)
    assert (result.organic_land_ha <= result.land_ha * (1 + 1e-9)).all()


@given(LEVERS)
def test_kilograms_grown_here_never_exceed_kilograms_eaten(levers: Levers) -> None:
    result = _one(levers)
    assert (result.local_kg <= result.need_kg + 1e-9).all()


@given(SHARES, SHARES)
def test_more_organic_never_takes_less_land_with_ratios_under_one(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert _one(Levers(organic_share=low)).land_ha.sum() <= _one(Levers(organic_share=high)).land_ha.sum() + 1e-12


def test_a_quarter_less_animal_products_without_replacement_cuts_animal_land_by_a_quarter() -> None:
    today, less = _one(Levers()), _one(Levers(diet="minus_25"))
    np.testing.assert_allclose(less.land_ha[..., SYSTEM.animal], 0.75 * today.land_ha[..., SYSTEM.animal], rtol=1e-12)
    np.testing.assert_allclose(less.land_ha[..., ~SYSTEM.animal], today.land_ha[..., ~SYSTEM.animal], rtol=1e-12)


@given(st.floats(0.01, 3))
def test_higher_yields_never_take_more_land(raise_share: float) -> None:
    better = replace(SYSTEM, yield_t_per_ha=SYSTEM.yield_t_per_ha * (1 + raise_share))
    assert (_one(Levers(), better).land_ha <= _one(Levers()).land_ha + 1e-15).all()


def test_protein_taken_away_comes_back_as_pulses() -> None:
    region = [SYSTEM.region_index["75"]]
    today, vegan = plates(SYSTEM, [Levers(), Levers(diet="vegan")], region).diet_kg_per_year[:, 0]
    per_kg = SYSTEM.protein_g_per_day[region[0]] / SYSTEM.diet_kg_per_year[region[0]]
    assert (vegan * per_kg).sum() == pytest.approx((today * per_kg).sum(), rel=1e-9)


def test_without_replacement_the_screen_can_say_so() -> None:
    region = [SYSTEM.region_index["75"]]
    plain = plates(SYSTEM, [Levers(diet="vegan", replace_protein=False)], region).diet_kg_per_year[0, 0]
    assert plain[SYSTEM.product_index["pulses"]] == pytest.approx(1.5)


def test_feed_abroad_moves_home_when_relocated() -> None:
    abroad, home = _one(Levers()), _one(Levers(relocated_feed=True))
    assert home.land_abroad_ha.sum() == 0
    assert home.land_ha.sum() == pytest.approx((abroad.land_ha + abroad.land_abroad_ha).sum(), rel=1e-12)


def test_scenarios_of_any_mix_come_back_in_order() -> None:
    mix = [Levers(organic_share=s, organic_set=name) for s in (0.1, 0.9) for name in SYSTEM.links]
    people = np.array([1000.0])
    together = footprints(SYSTEM, mix, [8], people)
    for row, levers in enumerate(mix):
        alone = per_person(SYSTEM, [levers], [8]).for_people(people)
        np.testing.assert_allclose(together.land_ha[row], alone.land_ha[0], rtol=1e-12)


def test_draws_surround_the_central_result_and_are_reproducible() -> None:
    central = _one(Levers()).land_ha.sum()
    first, second = (draw(SYSTEM, "survey_2022", 500, seed=7) for _ in range(2))
    region = [SYSTEM.region_index["75"]]
    land = [per_person(SYSTEM, [Levers()], region, d).land_ha.sum((-1, -2)) for d in (first, second)]
    np.testing.assert_array_equal(land[0], land[1])
    spread = range_of(land[0])
    assert spread.low < central < spread.high
    assert spread.median == pytest.approx(central, rel=0.03)


def test_draws_without_width_give_the_central_result() -> None:
    still = draw(SYSTEM, "survey_2022", 3, seed=1)
    ones = {
        name: np.ones_like(getattr(still, name))
        for name in ("diet", "ration", "organic", "ghg", "yields", "losses", "ruminant")
    }
    labour = {
        "labour": np.tile(SYSTEM.labour.conventional, (3, 1, 1)),
        "organic_labour": np.tile(SYSTEM.labour.organic, (3, 1, 1)),
    }
    still = replace(still, **ones, **labour)
    levers = Levers(organic_share=0.3)
    drawn = per_person(SYSTEM, [levers], [3], still)
    for f in fields(Footprint):
        np.testing.assert_allclose(
            getattr(drawn, f.name)[1], getattr(per_person(SYSTEM, [levers], [3]), f.name)[0], rtol=1e-9
        )


def test_the_ruminant_factor_and_beef_drive_the_width() -> None:
    dice = draw(SYSTEM, "survey_2022", 1000, seed=3)
    land = per_person(SYSTEM, [Levers()], [8], dice).land_ha.sum((-1, -2))
    named = [driver.name for driver in drivers(dice, land)]
    assert named[0] == "ruminant_factor"
    assert "ration:beef" in named[:3]


@settings(max_examples=50)
@given(LEVERS)
def test_a_permalink_holds_the_whole_state(levers: Levers) -> None:
    again = Levers.from_query(levers.to_query())
    for f in fields(Levers):
        here, there = getattr(levers, f.name), getattr(again, f.name)
        assert there == pytest.approx(here, rel=1e-9) if isinstance(here, float) else there == here


@pytest.mark.parametrize(
    "bad",
    [
        {"organic_share": 40.0},
        {"relocated_share": -0.1},
        {"waste_cut_share": float("nan")},
        {"population": "number", "people": -3.0},
        {"population": "canteen"},
        {"growth_share": -2.0},
        {"organic_shares": (("dairy", 1.5),)},
    ],
)
def test_levers_outside_their_range_are_refused(bad: dict) -> None:
    with pytest.raises(RuleBroken):
        Levers(**bad)


def test_a_percentage_typed_as_forty_is_told_to_be_a_share() -> None:
    with pytest.raises(RuleBroken, match=r"For 40 %, write 0\.4"):
        Levers.from_query({"organic_share": "40"})


def test_a_plate_that_does_not_feed_is_refused() -> None:
    nothing = tuple((product, 0.0) for product in SYSTEM.products)
    with pytest.raises(RuleBroken, match="kcal a day"):
        _one(Levers(diet="own", diet_kg=nothing))


def test_unknown_words_are_refused_with_the_choices() -> None:
    with pytest.raises(UnknownCode) as caught:
        _one(Levers(diet="cabbage"))
    assert "vegan" in caught.value.facts["choices"]
    with pytest.raises(UnknownCode):
        _one(Levers(organic_set="mine"))
    with pytest.raises(UnknownCode):
        _one(Levers(organic_shares=(("unicorn", 0.5),)))
