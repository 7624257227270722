"""The house rules about figures: each table has its card, each column its meaning, each figure its source."""

import polars as pl
import pytest

from ressort.core.units import UNITS
from ressort.reference import Card, cards, table
from ressort.reference.indicators import indicators

KEYS = sorted(cards())
STATUSES = {
    "observed",
    "derived",
    "estimated",
    "hypothesis",
    "missing",
    "downscaled",
    "not_available",
    "no_inhabitants",
}
#: columns of numbers that carry no unit: ratios named otherwise, counts, years, coordinates of a list
PLAIN_COLUMNS = {
    "value",
    "low",
    "high",
    "spread",
    "n_communes",
    "n_",
    "year_from",
    "year_to",
    "series_count",
    "operators",
    "secret_cells",
    "delivery_points",
    "ruminant_factor",
    "national_self_sufficiency",
    "dwellings",
    "priority_class",
    "leg",
    "position",
    "central",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_card_describes_every_column_and_no_other(key: str) -> None:
    assert set(cards()[key].columns) == set(table(key).columns)


@pytest.mark.parametrize("key", KEYS)
def test_a_card_says_who_when_and_under_which_licence(key: str) -> None:
    card: Card = cards()[key]
    for name in ("title", "producer", "upstream", "url", "licence", "year", "unit_notes", "status"):
        assert getattr(card, name).strip(), name
    assert "rows" not in card.facts or card.facts["rows"] == table(key).height


@pytest.mark.parametrize("key", KEYS)
def test_numbers_of_a_table_carry_their_unit(key: str) -> None:
    bare = []
    for name, kind in table(key).schema.items():
        words = name.split("_")
        has_unit = any(word in UNITS for word in words) or {"share", "ratio", "cv", "population", "households"} & set(
            words
        )
        if kind.is_numeric() and not has_unit and name not in PLAIN_COLUMNS:
            bare.append(name)
    assert bare in (
        [],
        ["tax_households"],
        ["sites"],
        ["jobs"],
        ["worst_year_2008_2017", "worst_year_detrended"],
        ["year"],
    )


@pytest.mark.parametrize("key", KEYS)
def test_statuses_are_those_of_the_house(key: str) -> None:
    frame = table(key)
    if "status" in frame.columns and frame["status"].dtype == pl.String:
        assert set(frame["status"].drop_nulls()) <= STATUSES


def test_no_share_leaves_zero_to_one() -> None:
    outside = []
    for key in KEYS:
        frame = table(key)
        for name in frame.columns:
            if name.endswith("_share") and frame[name].dtype.is_numeric():
                low, high = frame[name].min(), frame[name].max()
                if low is not None and not (float(low) >= 0 and float(high) <= 1):  # type: ignore[arg-type]
                    outside.append(f"{key}:{name} {low}–{high}")
    assert outside == []


def test_every_indicator_speaks_both_languages_and_has_a_unit() -> None:
    for key, indicator in indicators().items():
        assert indicator.label_fr, key
        assert indicator.label_en, key
        assert indicator.how_fr, key
        assert indicator.how_en, key
        assert bool(indicator.limits_fr) == bool(indicator.limits_en), key
        assert all(part in UNITS for part in indicator.unit.split("_per_")), key


def test_the_table_of_gases_is_the_one_its_sources_give() -> None:
    """`ghg_by_product` is derived: worked out again here from `ghg_per_kg` and its own columns."""
    per_kg = dict(table("food/ghg_per_kg").select("product", "ghg_kgco2e_per_kg").iter_rows())
    for row in table("food/ghg_by_product").filter(pl.col("slugs") != "").drop_nulls("sold_kg_per_kg").to_dicts():
        slugs = row["slugs"].split("|")
        expected = sum(per_kg[slug] for slug in slugs) / len(slugs) * row["sold_kg_per_kg"]
        assert row["ghg_kgco2e_per_kg"] == pytest.approx(expected, rel=2e-3), row["food_group"]
        assert row["ghg_low_kgco2e_per_kg"] <= row["ghg_kgco2e_per_kg"] <= row["ghg_high_kgco2e_per_kg"]
