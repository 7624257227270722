"""The annex of the safeguard plan and the continuity plan: the same parts in PDF and in CSV, and services that a run tells."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from ressort.core.errors import RuleBroken
from ressort.language import language
from ressort.reference.national_economy import branches
from ressort.reference.resilience_library import needs
from ressort.resilience import Stress, stress
from ressort.resilience.annex import annex_csv, annex_parts
from ressort.resilience.continuity import continuity


def test_the_annex_in_csv_holds_every_table_and_sentence_of_the_pdf(cut: Stress) -> None:
    with language("fr"):
        text, parts = annex_csv(cut), annex_parts(cut)
    lines = list(csv.reader(io.StringIO(text)))
    assert len({len(line) for line in lines}) == 1
    for one in parts:
        held = [line[1:] for line in lines if line[0] == one["title"]]
        wanted = [["", one["note"]]] if one["note"] else []
        wanted += [[told["heading"], told["text"]] for told in one["sentences"]]
        wanted += [one["table"]["header"], *one["table"]["rows"]] if one["table"]["rows"] else []
        assert [line[: len(row)] for line, row in zip(held, wanted, strict=True)] == wanted
    assert "hypothèse" in lines[0][0] and "Remplissez" in lines[0][1]
    titles = {line[0] for line in lines}
    assert {"Besoins menacés", "Ce qui manque, en quantités"} <= titles and len(titles) >= 9


def test_the_continuity_plan_tells_each_service_its_activities_and_what_the_run_leaves_of_them(cut: Stress) -> None:
    rows = cut.table("continuity").to_dicts()
    assert {row["service"] for row in rows} == {need.labels["fr"] for need in needs()}
    run = cut.told.run
    assert run is not None
    for row in rows:
        assert row["minimum_staff_people"] == np.ceil(row["minimum_share"] * row["staff_people"])
        assert 0 <= row["lowest_share"] <= 1.3 and row["first_stock_days"] >= 3
        assert (row["short_days"] > 0) == (row["first_short_day_days"] is not None)
        assert row["who_answers"] == row["fallback"] == ""
    power = next(row for row in rows if row["activity"].startswith("Électricité"))
    assert power["short_days"] > 0 and power["lowest_share"] < power["minimum_share"]
    assert any("lectricité" in row["same_day_inputs"] for row in rows)
    food = next(row for row in rows if row["service"] == "Alimentation")
    assert "Réserves" in food["levers"] and food["store_days"] > 0


def test_the_continuity_plan_is_a_tagged_pdf_or_a_csv_by_its_name(cut: Stress, tmp_path: Path) -> None:
    with language("fr"):
        made = continuity(cut)
        assert made[:5] == b"%PDF-" and b"StructTreeRoot" in made
        pdf, table = cut.continuity_plan(tmp_path / "pca.pdf"), cut.continuity_plan(tmp_path / "pca.csv")
        annex = cut.report(tmp_path / "annexe.csv")
    assert pdf.read_bytes()[:5] == b"%PDF-" and table.read_text("utf-8").startswith("service,activity,")
    assert annex.read_text("utf-8").count("\n") > 30
    with pytest.raises(RuleBroken):
        cut.continuity_plan("/nowhere/at/all.pdf")


def test_where_nobody_works_no_activity_is_named_and_services_come_from_outside() -> None:
    """Forty inhabitants: the structure lent by the département holds a hundredth of a chemist, whom no story may tell of."""
    with language("fr"):
        tiny = stress("COM:08430", "power_cut", runs=4, days=60)
        rows = tiny.table("continuity").to_dicts()
        made = continuity(tiny)
    codes = list(branches("a38"))
    told = {code for one in tiny.ensemble.chains for code in one.split("<")[:1] if code}
    assert told and all(tiny.ground.jobs[codes.index(code)] >= 1 for code in told)
    assert all(tiny.ground.jobs[codes.index(one.industry.rpartition("/")[2])] >= 1 for one in tiny.told.chain[:1])
    assert {row["service"] for row in rows} == {need.labels["fr"] for need in needs()}
    outside = [row for row in rows if row["staff_people"] is None]
    assert outside and all("ailleurs" in row["activity"] for row in outside) and made[:5] == b"%PDF-"
