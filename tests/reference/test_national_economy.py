"""The national tables are those of the accounts: identities, spectral radius, multipliers, a second opinion."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ressort.core.economy import checked, output_multipliers, spectral_radius, split_region
from ressort.core.errors import InputError, MissingData
from ressort.reference import national_economy, table
from ressort.reference.national_economy import (
    LEVELS,
    branches,
    cells,
    column,
    jobs,
    jobs_a10,
    national_table,
    row,
    second_opinion,
    table_origin,
    wages_ratio,
)
from ressort.reference.tables import CARD, write_table

USES = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN", "EXP")


@pytest.mark.parametrize("level", list(LEVELS))
def test_rows_and_columns_of_the_national_table_add_up_to_output(level: str) -> None:
    output = row(level, "GO")
    sold = cells(level, "intermediate_domestic").sum(1) + column(level, "final_domestic", *USES)
    primary = sum(row(level, name) for name in ("VA", "TXSP", "PURR", "PURNR", "IntTTM", "EXP_adj"))
    bought = cells(level, "intermediate_domestic").sum(0) + cells(level, "intermediate_import").sum(0) + primary
    assert np.abs(sold - output).max() < 0.01  # million euros
    assert np.abs(bought - output).max() < 0.01
    assert output.sum() == pytest.approx(3_778_800, rel=1e-4)
    assert row(level, "VA").sum() == pytest.approx(1_910_200, rel=1e-4)


def test_the_spectral_radius_and_the_multipliers_are_those_published_beside_the_table() -> None:
    coefficients = cells("a17", "intermediate_domestic") / row("a17", "GO")
    assert spectral_radius(coefficients) == pytest.approx(0.425, abs=5e-4)
    multipliers = output_multipliers(coefficients)
    assert (round(multipliers.min(), 2), round(multipliers.max(), 2)) == (1.29, 2.17)


def test_the_second_opinion_agrees_on_structure() -> None:
    names, coefficients = second_opinion()
    shared = [name for name in names if name in branches("a38")]
    ours = (cells("a38", "intermediate_domestic") + cells("a38", "intermediate_import")) / row("a38", "GO")
    mine = ours[np.ix_([branches("a38").index(n) for n in shared], [branches("a38").index(n) for n in shared])]
    theirs = coefficients[np.ix_([names.index(n) for n in shared], [names.index(n) for n in shared])]
    assert len(shared) > 25
    assert np.corrcoef(mine.ravel(), theirs.ravel())[0, 1] > 0.8


@pytest.mark.parametrize("level", list(LEVELS))
def test_wages_take_a_plausible_part_of_output(level: str) -> None:
    ratio = wages_ratio(level)
    assert ((ratio > 0) & (ratio < 1)).all() and 0.2 < np.average(ratio, weights=row(level, "GO") + 1e-9) < 0.4


def test_branches_a38_are_the_sums_of_the_fifty_six() -> None:
    fine = (
        table("economy/branches_56").group_by("a38").agg(pl.col("output_meur").sum(), pl.col("value_added_meur").sum())
    )
    for code, output, added in fine.iter_rows():
        mine = table("economy/branches_a38").filter(pl.col("branch") == code)
        assert mine["output_meur"][0] == pytest.approx(output, abs=0.1) and mine["value_added_meur"][
            0
        ] == pytest.approx(added, abs=0.1)


def test_jobs_split_by_branch_keep_their_total_and_france_holds_those_of_its_departements() -> None:
    here, france = jobs_a10("departement", "09"), jobs_a10("pays", "FR")
    assert jobs(here).sum() == pytest.approx(sum(here.values())) == 53300
    assert sum(france.values()) == 28_327_500
    for level in LEVELS:
        assert jobs(here, level).sum() == pytest.approx(53300)
    with pytest.raises(MissingData):
        jobs_a10("departement", "999")
    with pytest.raises(InputError):
        branches("naf")


@pytest.mark.parametrize("level", ["a17", "a38"])
def test_a_departement_can_be_cut_out_of_france(level: str) -> None:
    france = jobs(jobs_a10("pays", "FR"), level)
    here = jobs(jobs_a10("departement", "09"), level)
    economy = checked(
        split_region(national_table(level), here[None], france, np.array([0.0023]), ("Ariège", "France", "world"))
    )
    sectors = len(economy.sectors)
    assert economy.output[:sectors].sum() / national_table(level).output.sum() == pytest.approx(0.0019, abs=0.0008)


def official(scale: float, country: str) -> pl.DataFrame:
    """Rows such as a sync leaves, from the table shipped, some times its size."""
    nation, names = national_table("a38"), branches("a38")
    parts = {"domestic": (nation.domestic, nation.households, nation.others, nation.exports),
             "imported": (nation.imported, nation.households_imported, nation.others_imported)}  # fmt: skip
    rows = []
    for origin, (flows, *finals) in parts.items():
        for i, branch in enumerate(names):
            uses = [
                *zip(names, flows[i], strict=True),
                *zip(("households", "others", "exports"), (one[i] for one in finals), strict=False),
            ]
            rows += [(country, origin, branch, use, float(value) / 1e6 * scale, 2022) for use, value in uses]
    return pl.DataFrame(rows, schema=["country", "origin", "branch", "use", "value_meur", "year"], orient="row")


def test_the_official_table_takes_the_place_of_the_one_shipped_with_its_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, stand_in = national_table("a38"), national_table("a38", "BE")
    rows = official(1.25, "FR")
    assert table_origin("FR").retrieved == "" and table_origin("BE").is_stand_in
    monkeypatch.setenv("RESSORT_HOME", str(tmp_path))
    (tmp_path / "synced").mkdir()
    card = {"title": "t", "producer": "Eurostat", "upstream": "u", "url": "https://ec.europa.eu/", "licence": "l", "year": "2022",
            "retrieved": "2026-11-25", "status": "observed", "unit_notes": "meur", "rows": rows.height}  # fmt: skip
    text = "\n".join(f"{name} = {value!r}".replace("'", '"') for name, value in card.items()) + "\n[columns]\n"
    text += "\n".join(f'{name} = "x"' for name in rows.columns)
    write_table(rows, tmp_path / "synced" / "io_table_fr.parquet", {CARD: text})
    for held in (national_economy.national_table, national_economy._synced_rows):
        held.cache_clear()
    try:
        found, origin = national_table("a38"), table_origin("FR")
        assert (origin.producer, origin.year, origin.retrieved, origin.is_stand_in) == (
            "Eurostat",
            "2022",
            "2026-11-25",
            False,
        )
        assert np.allclose(found.output, 1.25 * shipped.output) and np.allclose(found.imported, 1.25 * shipped.imported)
        assert national_table("a38", "BE").output.sum() == pytest.approx(stand_in.output.sum())  # still the one shipped
    finally:
        monkeypatch.undo()
        for held in (national_economy.national_table, national_economy._synced_rows):
            held.cache_clear()


def test_the_stand_in_of_belgium_has_the_coefficients_of_france_at_the_size_of_its_jobs() -> None:
    france, belgium = national_table("a38"), national_table("a38", "BE")
    ratio = sum(jobs_a10("pays_be", "BE").values()) / sum(jobs_a10("pays", "FR").values())
    assert np.allclose(belgium.domestic / belgium.output, france.domestic / france.output)
    assert belgium.output.sum() / france.output.sum() == pytest.approx(ratio) and 0.1 < ratio < 0.25
    with pytest.raises(InputError):
        table_origin("DE")
