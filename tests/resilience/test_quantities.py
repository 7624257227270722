"""What lacks in quantities: fuels, care and travel too, with ranges, and missing where no figure is held."""

import numpy as np
import polars as pl
import pytest

import ressort
from ressort.language import about
from ressort.reference import table
from ressort.reference.resilience_library import needs
from ressort.reference.territories import resolve
from ressort.resilience import of_territory
from ressort.resilience.quantities import PHYSICAL, flows, lacking_quantities


def half_served() -> np.ndarray:
    return np.full((len(needs()), 10), 0.5)


def test_every_physical_need_of_a_french_territory_has_a_quantity_with_its_unit_and_source() -> None:
    ground = of_territory(resolve("CA Pau Béarn Pyrénées"))
    found = lacking_quantities(half_served(), ground, "fr")
    assert set(found["need"]) == set(PHYSICAL)
    assert found["required_per_day"].null_count() == 0 and (found["source"] != "").all() and (found["unit"] != "").all()
    assert np.allclose(found["lacking"], found["required_per_day"] * 5)


def test_a_range_holds_its_central_value_and_follows_the_inhabitants() -> None:
    rows = table("resilience/quantities")
    assert ((rows["low"] <= rows["central"]) & (rows["central"] <= rows["high"])).all()
    ground = of_territory(resolve("CA Pau Béarn Pyrénées"))
    beds = next(flow for flow in flows(ground, "en") if flow.name == "hospital_beds")
    assert beds.required_per_day == pytest.approx(tuple(ground.people * by for by in (0.0054, 0.0055, 0.00565)))


def test_food_and_energy_have_a_range_that_holds_what_is_told() -> None:
    found = lacking_quantities(half_served(), of_territory(resolve("CA Pau Béarn Pyrénées")), "en")
    for row in found.filter(pl.col("need").is_in(["food", "electricity"])).to_dicts():
        low, central, high = row["required_low_per_day"], row["required_per_day"], row["required_high_per_day"]
        assert low < central <= high and row["lacking_low"] < row["lacking"] <= row["lacking_high"]
        assert row["status"] == "estimated", row["flow"]
    power = found.filter(pl.col("flow") == "electricity").row(0, named=True)
    share = 169_255 / 687_240  # inhabitants of Pau and of its département
    assert power["required_low_per_day"] == pytest.approx(1_682_160.4 * share / 365, rel=0.05)


def test_fuels_follow_the_workers_who_drive_here() -> None:
    used = {}
    for name in ("Paris (75)", "CC Fumel Vallée du Lot"):
        ground = of_territory(resolve(name))
        fuel = next(flow for flow in flows(ground, "fr") if flow.name == "road_fuels")
        assert fuel.required_per_day is not None
        used[name] = fuel.required_per_day[1] / ground.people
    assert used["Paris (75)"] < 0.5 * used["CC Fumel Vallée du Lot"]


def test_what_no_figure_is_held_for_is_missing_and_says_so() -> None:
    found = lacking_quantities(half_served(), of_territory(resolve("Liège")), "en")
    missing = found.filter(pl.col("required_per_day").is_null())
    assert set(missing["need"]) == {"fuels", "electricity", "mobility"}
    assert (missing["status"] == "missing").all() and missing["lacking"].null_count() == missing.height


def test_counts_of_a_model_are_told_to_two_digits() -> None:
    assert [about(count) for count in (12_345.6, 99.4, 1.2)] == ["12\u202f000", "99", "1"]


def test_the_package_offers_stress_and_replay() -> None:
    assert callable(ressort.stress) and callable(ressort.replay)


def test_the_annex_tells_quantities_with_their_ranges_and_who_could_give_what_is_not_known() -> None:
    from ressort.language import language
    from ressort.resilience.annex import annex_parts

    with language("en"):
        parts = {part["title"]: part["table"] for part in annex_parts(ressort.stress("CC Fumel Vallée du Lot", "power_cut", runs=6, days=60))}  # fmt: skip
    beds = next(row for row in parts["What lacks, in quantities"]["rows"] if row[0].startswith("Hospital beds"))
    assert beds[0].endswith("bed-days") and "–" in beds[1] and beds[2]
    told = parts["What would change the conclusion: data to collect first"]
    assert told["header"][2] == "Who could tell" and all(row[2] for row in told["rows"])
