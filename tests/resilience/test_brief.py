"""The answer in a few sentences: drawn from the runs, and from nothing else."""

import polars as pl
import pytest

from ressort.resilience import Stress, brief, stress
from ressort.resilience.words import chance
from tests.resilience.questions import PLACE


def test_the_brief_names_the_needs_that_fall_in_most_runs_and_the_first_stop(cut: Stress) -> None:
    told = " ".join(cut.brief())
    needs = cut.table("needs")
    for row in needs.filter((pl.col("crossed_share") >= 0.5) & (pl.col("days_under_p50_days") >= 1)).to_dicts():
        assert f"{row['label']} : sous son seuil vital dès le jour {row['first_day_p50_days']:.0f}" in told
    first = cut.table("bottlenecks").filter(pl.col("lacking") != "").to_dicts()[0]
    assert first["stopped"].lower() in told and first["lacking"].lower() in told


def test_the_brief_of_a_shock_that_stops_nobody_says_so() -> None:
    told = stress(PLACE, "hospital_closure", runs=20, days=120).brief()
    assert told[0] == "Dans la plupart des tirages, aucun besoin ne passe sous son seuil vital."
    assert "Dans aucun tirage une branche n’est arrêtée faute d’un intrant." in told


def test_a_need_that_falls_in_half_of_the_runs_only_is_told_with_those_at_risk(cut: Stress) -> None:
    needs = cut.table("needs").with_columns(
        pl.when(pl.col("need") == "health").then(0.5).otherwise(pl.col("crossed_share")).alias("crossed_share"),
        pl.when(pl.col("need") == "health").then(0.0).otherwise(pl.col("days_under_p50_days")).alias("days_under_p50_days"),
    )  # fmt: skip
    *likely, last = brief._falling(needs)
    assert "santé (50" in last and not any("Santé" in one for one in likely)


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0 %"), (0.004, "moins de 1 %"), (0.36, "36 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_some_runs_are_never_told_as_none_nor_as_all(share: float, told: str) -> None:
    assert chance(share).replace("\u202f", " ").replace("\xa0", " ") == told
