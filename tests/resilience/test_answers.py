"""What a stress test tells: story, tables, curves, annex, quantities, hypotheses."""

import numpy as np
import pytest

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.language import language
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import needs
from ressort.resilience import Stress, ground_for
from ressort.resilience.annex import annex
from ressort.resilience.one_run import Player, metric_names
from ressort.resilience.reuse import reuse_told
from ressort.resilience.tables import TABLES, lacking
from tests.resilience.questions import PLACE, request


def test_each_sentence_of_the_story_is_traced_to_numbers_that_exist(cut: Stress) -> None:
    names, days = {*metric_names(), "population", "medoid", "outside", "days_under"}, cut.request.days
    with language("fr"):
        told = cut.story()
    assert len(told) >= 8 and "11 juin 2035" in told[0].heading and PLACE.split()[1] in told[0].text
    for sentence in told:
        assert sentence.ids
        for one in sentence.ids:
            name, _sign, day = one.partition("@")
            if day:
                assert 0 <= int(day) < days and name.rsplit("/", 1)[-1] in {
                    *(need.name for need in needs()),
                    "whole",
                    *branches("a38"),
                }
            else:
                kind, _sign, which = name.partition(":")
                sizes = set(cut.table("intensities")["effect"])
                known = {"intensity": sizes, "commune": {code for code, _name, _people in cut.ground.communes}}
                assert name in names or kind in ("event", "lever") or which in known[kind]


def test_the_story_tells_the_numbers_of_its_run(cut: Stress) -> None:
    assert not cut.ensemble.outside[cut.medoid]
    assert cut.told.metrics.tobytes() == cut.ensemble.metrics[cut.medoid].tobytes()


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_is_made_in_both_languages(cut: Stress, name: str) -> None:
    for code in ("fr", "en"):
        with language(code):
            assert cut.table(name).width > 0
    with pytest.raises(UnknownCode):
        cut.table("weather")


def test_curves_are_arrays_and_the_fan_is_in_order(cut: Stress) -> None:
    low, median, high = (cut.curves(name) for name in ("low", "median", "high"))
    assert low.shape == (len(needs()) + 2, 120) and (low <= median).all() and (median <= high).all()
    assert cut.chart("electricity").to_dict()["layer"]
    with pytest.raises(UnknownCode):
        cut.chart("gold")


def test_who_lacks_what_adds_up_to_the_lack_of_the_territory(cut: Stress) -> None:
    frame = lacking(cut, 11)
    electricity = [need.name for need in needs()].index("electricity")
    expected = cut.ground.people * (1 - cut.told.curves[electricity, 11])
    assert frame["electricity"].sum() == pytest.approx(expected, abs=len(frame))


def test_the_annex_is_a_tagged_pdf(cut: Stress, tmp_path: object) -> None:
    with language("fr"):
        pdf = annex(cut)
    assert pdf[:5] == b"%PDF-" and b"StructTreeRoot" in pdf
    with pytest.raises(RuleBroken):
        cut.report("/nowhere/at/all.pdf")


def test_what_lacks_is_told_in_cubic_metres_kilograms_and_megawatt_hours(cut: Stress) -> None:
    rows = {row["flow"]: row for row in cut.table("quantities").to_dicts()}
    served = dict(zip((need.name for need in needs()), cut.told.curves, strict=False))
    people = cut.ground.people
    water, power = rows["drinking_water"], rows["electricity"]
    assert water["unit"] == "m³" and water["required_per_day"] == pytest.approx(0.148 * people)
    assert power["unit"] == "MWh" and power["lacking"] == pytest.approx(
        power["required_per_day"] * (1 - served["electricity"]).sum()
    )
    assert 3 < power["required_per_day"] / people * 1000 < 12  # kilowatt-hours a day and person
    food = [row for row in rows.values() if row["need"] == "food"]
    assert len(food) >= 5 and 1.2 < sum(row["required_per_day"] for row in food) / people < 3.5
    assert (
        power["lacking_worst_day"] <= power["required_per_day"]
        and power["worst_day_days"] == served["electricity"].argmin()
    )
    for known in ("road_fuels", "consultations", "hospital_beds", "passenger_travel"):
        row = rows[known]
        assert 0 < row["required_low_per_day"] <= row["required_per_day"] <= row["required_high_per_day"]
        assert row["status"] == "estimated" and row["source"]
    risk = {row["need"]: row for row in cut.table("needs").to_dicts()}["electricity"]
    assert risk["under_person_days_p50_days"] == pytest.approx(risk["days_under_p50_days"] * people)


def test_a_measured_reuse_rate_replaces_the_hypothesis_and_moves_what_the_currency_saves() -> None:
    """A freeze of the euro with a local currency: units of which little is spent again run out before the end; at one half nothing changes."""
    low, half, high, unknown = (
        Player(one, ground_for(one)).central()
        for one in (
            *(request("euro_run", levers=("local_currency",), reuse=(c, c, c), reuse_source="Abeille") for c in (0.1, 0.5, 0.9)),
            request("euro_run", levers=("local_currency",)),
        )
    )  # fmt: skip
    assert np.array_equal(half.curves, unknown.curves)
    assert low.curves.sum() < min(half.curves.sum(), high.curves.sum())


def test_a_measured_range_is_drawn_and_told_as_derived_the_default_as_a_hypothesis() -> None:
    asked = request("euro_run", levers=("local_currency",), reuse=(0.3, 0.4, 0.6), reuse_source="Abeille, 2026")
    player = Player(asked, ground_for(asked))
    assert player.laws[-1].name == "reuse" and 0.3 <= player.numbered(3).settings.values["reuse"] <= 0.6
    with language("en"):
        assert "Abeille, 2026" in reuse_told(asked) and "hypothesis" in reuse_told(
            request("euro_run", levers=("local_currency",))
        )
    assert reuse_told(request("euro_run", reuse=(0.3, 0.4, 0.6))) == ""
    for wrong in ((0.4,), (0.5, 0.4, 0.6), (-0.1, 0.4, 0.6), (0.3, 0.4, 1.2)):
        with pytest.raises(RuleBroken):
            request("euro_run", reuse=wrong)
