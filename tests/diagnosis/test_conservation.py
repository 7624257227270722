"""Parts sum to wholes over all levels: communes → EPCI, living areas, départements → régions → France; nothing is lost nor made."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ressort
from ressort.core.food import Levers
from ressort.diagnosis.atlas import atlas
from ressort.diagnosis.food import diagnose_food
from ressort.reference.places import Places
from ressort.reference.production import hectares, production
from ressort.reference.territories import territories

#: what adds up from commune to country
ADDED = (
    "population_people",
    "land_needed_ha",
    "land_abroad_ha",
    "jobs_needed_fte",
    "mineral_arable_ha",
    "thirsty_crops_ha",
)
#: a figure per head or per hectare → the quantity that it divides
WEIGHED = {
    "ghg_kgco2e_per_people": "population_people",
    "food_nitrogen_kg_per_people": "population_people",
    "land_needed_m2_per_people": "population_people",
    "jobs_needed_fte_per_ha": "land_needed_ha",
}
LEVELS = ("EPCI", "BV", "ZE", "AAV", "DEP", "REG", "BE_PROV")


def _sums_of_communes(values: np.ndarray) -> np.ndarray:
    known = territories()
    return np.asarray(known.membership @ np.nan_to_num(values[: known.atoms]))


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.parametrize("kind", [*LEVELS, "PAYS"])
def test_every_territory_is_the_sum_of_its_communes(name: str, kind: str) -> None:
    values = atlas()[name].values
    at = Places.all().is_kind(kind) & ~np.isnan(values)
    assert at.any()
    assert values[at] == pytest.approx(_sums_of_communes(values)[at], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.parametrize("kinds", [("DEP", "REG"), ("REG", "PAYS"), ("DEP", "PAYS")])
def test_each_level_is_the_sum_of_the_one_below(name: str, kinds: tuple[str, str]) -> None:
    below, above = kinds
    known, values = territories(), np.nan_to_num(atlas()[name].values)
    rows = np.flatnonzero(Places.all().is_kind(above))
    for row in rows:
        members = set(known.members(int(row)).tolist())
        parts = [
            part for part in np.flatnonzero(Places.all().is_kind(below)) if int(known.members(int(part))[0]) in members
        ]
        assert values[row] == pytest.approx(values[parts].sum(), rel=1e-9), known.key(int(row))


@pytest.mark.parametrize(("each", "whole"), WEIGHED.items())
def test_a_figure_per_head_is_the_weighed_mean_of_those_of_the_communes(each: str, whole: str) -> None:
    known = territories()
    values, weights = atlas()[each].values, atlas()[whole].values
    parts = np.nan_to_num(values[: known.atoms]) * np.nan_to_num(weights[: known.atoms])
    weighed = np.where(np.isnan(values[: known.atoms]), 0.0, np.nan_to_num(weights[: known.atoms]))
    at = Places.all().is_kind(*LEVELS) & ~np.isnan(values)
    total = known.membership @ parts
    mean = np.divide(total, known.membership @ weighed, out=np.zeros(len(total)), where=known.membership @ weighed > 0)
    assert values[at] == pytest.approx(mean[at], rel=1e-6)


def test_hectares_of_communes_add_up_at_every_level_below_the_region() -> None:
    """Régions and France add the posts that only they have, and are never below the sum of their communes."""
    made, found = production(), hectares(Places.all())
    sums = np.asarray(territories().membership @ made.known_ha)
    small = Places.all().is_kind("EPCI", "BV", "ZE", "AAV", "DEP")[:, None] & ~np.isnan(found)
    assert found[small] == pytest.approx(sums[small], rel=1e-9, abs=1e-9)
    large = Places.all().is_kind("REG", "PAYS")[:, None] & ~np.isnan(found)
    assert (found[large] >= sums[large] * (1 - 1e-9)).all()


def test_a_territory_without_people_needs_nothing_and_its_figures_per_head_say_why() -> None:
    values = atlas()["population_people"].values
    empty = [territories().key(int(row)) for row in np.flatnonzero(values == 0)]
    assert len(empty) >= 6, "the destroyed villages of Meuse"
    for key in empty:
        figures = ressort.diagnose(key).figures
        for name in ("land_needed_ha", "jobs_needed_fte", "land_abroad_ha", "thirsty_crops_ha", "mineral_arable_ha"):
            assert (figures[name].value, figures[name].low, figures[name].high) == (0.0, 0.0, 0.0), (key, name)
        for name in ("land_needed_m2_per_people", "ghg_kgco2e_per_people", "adequacy_capped_share"):
            assert (figures[name].value, figures[name].reason) == (None, "not_applicable"), (key, name)


LEVERS = st.builds(
    Levers,
    relocated_share=st.floats(0, 1),
    organic_share=st.floats(0, 1),
    organic_set=st.sampled_from(["survey_2022", "lca", "ration", "ademe_whole_diet"]),
    diet=st.sampled_from(["current", "minus_25", "minus_50", "pnns", "vegetarian", "vegan"]),
    waste_cut_share=st.floats(0, 1),
    growth_share=st.floats(-0.5, 2),
    relocated_feed=st.booleans(),
    method=st.sampled_from(["rations", "inventories"]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(levers=LEVERS)
def test_under_any_levers_a_departement_is_the_sum_of_its_intercommunalities(levers: Levers) -> None:
    """Ariège: its eight EPCI lie inside it, and hold all its communes."""
    known = territories()
    whole = known.territory("DEP:09")
    parts = {int(known.parents_of_commune["EPCI"][row]) for row in whole.members}
    assert sum(len(known.members(part)) for part in parts) == len(whole.members)
    found = diagnose_food(whole, levers)
    pieces = [diagnose_food(known.territory(part), levers) for part in sorted(parts)]
    assert found is not None
    for name, total in found.totals.items():
        assert total == pytest.approx(sum(piece.totals[name] for piece in pieces if piece), rel=1e-9, abs=1e-9), name
    assert found.needed_ha == pytest.approx(np.sum([piece.needed_ha for piece in pieces if piece], axis=0))
    assert found.central.need_kg == pytest.approx(np.sum([piece.central.need_kg for piece in pieces if piece], axis=0))


def test_areas_add_up_where_every_contour_is_known() -> None:
    """Cantal has four communes without contour: its area is missing, not short."""
    values = atlas()["area_km2"].values
    at = Places.all().is_kind("EPCI", "DEP", "REG", "PAYS") & ~np.isnan(values)
    assert values[at] == pytest.approx(_sums_of_communes(values)[at], rel=1e-9)
    assert np.isnan(values[territories().row("DEP:15")])


@pytest.mark.parametrize("share", [0.0, 1e-308, 1e-12])
def test_a_share_next_to_nothing_gives_no_infinite_figure(share: float) -> None:
    for name, figure in ressort.scenario("Pau", relocated_share=share).figures.items():
        assert figure.value is None or np.isfinite([figure.value, figure.low or 0.0, figure.high or 0.0]).all(), name
