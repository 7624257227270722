"""The answer in a few sentences: drawn from the runs, and from nothing else."""

from types import SimpleNamespace

import polars as pl
import pytest

from ressort.language import language, part
from ressort.reference.national_economy import branches
from ressort.reference.territories import resolve
from ressort.resilience import Request, Stress, brief, of_territory, stress
from ressort.resilience.one_run import Player
from ressort.resilience.words import chance
from tests.resilience.questions import PLACE


def test_the_brief_names_the_needs_that_fall_in_most_runs_and_the_first_stop(cut: Stress) -> None:
    told = " ".join(cut.brief()).replace("\N{NO-BREAK SPACE}", " ")
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


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.994, "99%"), (0.997, "99.7%"), (0.9999, "> 99.9%"), (1.0, "100%"), (1.2, "120%"), (0.0, "0%")],
)
def test_what_is_a_little_less_than_all_is_not_told_as_all(share: float, told: str) -> None:
    with language("en"):
        assert part(share) == told


@pytest.mark.parametrize(
    ("calm", "told"), [(0.95, "In 95% of the runs no industry is stopped"), (0.3, "What stops first most often")]
)
def test_where_most_runs_stop_nobody_that_is_said_first(calm: float, told: str) -> None:
    rows = [("none", "", calm), ("Trade", "Power", 1 - calm)]
    table = pl.DataFrame(rows, schema=["stopped", "lacking", "share"], orient="row")
    with language("en"):
        said = brief._first_stop(SimpleNamespace(table=lambda name: table))
    assert said.startswith(told) and "trade, for lack of power" in said


def test_an_activity_of_a_handful_of_people_is_not_what_stops_first() -> None:
    here = Player(Request("COM:75056", ("power_cut",), runs=1), of_territory(resolve("COM:75056"))).here
    told = {branches("a38")[place] for place in here}
    assert "AZ" not in told and {"GZ", "OZ", "QA"} & told


def test_the_help_of_an_agreement_is_told_for_the_needs_that_lack_and_the_world_in_words() -> None:
    with language("en"):
        answer = stress(PLACE, "hospital_closure", levers=("reciprocity",), runs=4, days=90)
        helped = [one.text for one in answer.story() if one.heading == "First help"]
        imports = stress(PLACE, "supplier_failure", runs=4, days=120).table("chain")
    assert len(helped) == 1 and "health" in helped[0] and "food" not in helped[0]
    assert "(World)" in " ".join(imports["supplier"])
