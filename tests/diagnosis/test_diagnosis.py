"""A whole diagnosis: one truth for a card and a map, sums across levels, what is missing said."""

import numpy as np
import pytest

import ressort
from ressort.core.errors import AmbiguousName, UnknownCode
from ressort.diagnosis import OwnData
from ressort.diagnosis.atlas import atlas, measure
from ressort.diagnosis.own import own_areas, own_autonomy
from ressort.diagnosis.words import synthesis
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


def test_area_of_vegetables_is_known_for_france_only() -> None:
    column = list(ressort.diagnose("Pau").table("groups")["crop_group"]).index("vegetables")
    assert areas(territories().territory("REG:75"))[column].area_ha is None
    assert areas(territories().territory("PAYS:FRM"))[column].status == "hypothesis"


@pytest.mark.parametrize("name", ["EPCI:200067254", "EPCI:200068930", "COM:64445", "COM:75056"])
def test_no_range_of_farmland_goes_beyond_the_territory(name: str) -> None:
    found = ressort.diagnose(name)
    land = found.figures["land_available_ha"]
    assert land.low is not None and land.high is not None and land.value is not None
    assert land.low <= land.value <= land.high <= found.territory.area_ha * (1 + 1e-9)
    highs = found.table("groups")["available_high_ha"].drop_nulls()
    assert (highs <= found.territory.area_ha * (1 + 1e-9)).all()


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
