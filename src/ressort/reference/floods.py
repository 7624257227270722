"""How wide the floods of a territory were: the inhabitants of the communes that one flood named together (`hazard_orders`, since 1982)."""

from functools import cache

import polars as pl

from ressort.reference.local_facts import LocalFact
from ressort.reference.places import commune_values
from ressort.reference.tables import synced, table
from ressort.reference.territories import territories

CONNECTOR = "hazard_orders"
#: how the orders of floods are named
FLOOD = "inondation"
#: orders of one flood begin within so many days of each other, commune after commune
GAP_DAYS = 3
#: orders of one day that name more than this share of the communes of the country are those of a storm (December 1999), not of a flood
STORM_SHARE = 0.2


def widest_flood(rows: tuple[int, ...]) -> LocalFact | None:
    """The share of the inhabitants who live in the communes of the widest flood here, beside that of a mean intercommunality.

    None while the list was not fetched, and where it names no flood.
    """
    held = _orders()
    if held is None:
        return None
    here = _widest(held.filter(pl.col("row").is_in(list(rows))).with_columns(pl.lit("here").alias("group")))
    everyone = float(_people().filter(pl.col("row").is_in(list(rows)))["people"].sum())
    nation, years = _mean_intercommunality()
    if here.is_empty() or not everyone > 0 or not nation > 0:
        return None
    return LocalFact(float(here["people"][0]) / everyone, nation, years, "GASPAR")


def is_fetched() -> bool:
    """Whether the list of orders was fetched."""
    return _orders() is not None


@cache
def _orders() -> pl.DataFrame | None:
    """Orders of floods: row of the commune, inhabitants, first day; storms over the country left out."""
    held = synced(CONNECTOR)
    if held is None:
        return None
    text = pl.col("start").str.slice(0, 10)
    days = pl.coalesce(text.str.to_date("%Y-%m-%d", strict=False), text.str.to_date("%d/%m/%Y", strict=False))
    floods = held.filter(pl.col("hazard").str.to_lowercase().str.contains(FLOOD)).select("commune_code", day=days)
    placed = floods.drop_nulls().unique().join(_people(), on="commune_code")
    storms = placed.group_by("day").len().filter(pl.col("len") > STORM_SHARE * _people().height)
    return placed.join(storms, on="day", how="anti")


@cache
def _people() -> pl.DataFrame:
    """The communes of France: code, row, inhabitants."""
    known = territories()
    atoms = known.table.head(known.atoms).with_row_index("row")
    people = pl.Series("people", commune_values("population_people")).fill_nan(0.0)
    communes = atoms.with_columns(people).filter(pl.col("country") == "FR")
    return communes.select(pl.col("code").alias("commune_code"), pl.col("row").cast(pl.Int64), "people")


def _widest(orders: pl.DataFrame) -> pl.DataFrame:
    """The inhabitants of the communes that the widest flood of each group named, (group, people)."""
    apart = pl.col("day").diff().dt.total_days().over("group") > GAP_DAYS
    floods = orders.sort("group", "day").with_columns(apart.fill_null(True).cum_sum().alias("flood"))
    reached = floods.unique(["flood", "row"]).group_by("group", "flood").agg(pl.col("people").sum())
    return reached.group_by("group").agg(pl.col("people").max())


@cache
def _mean_intercommunality() -> tuple[float, str]:
    """The share reached by the widest flood of each intercommunality, weighted by inhabitants; and the years of the list."""
    held = _orders()
    if held is None or held.is_empty():
        return 0.0, ""
    members = table("territory/commune_epci_2025").select("commune_code", pl.col("epci_code").alias("group"))
    widest = _widest(held.join(members, on="commune_code"))
    everyone = float(_people().join(members, on="commune_code")["people"].sum())
    years = sorted(held["day"].dt.year().unique().to_list())
    return (float(widest["people"].sum()) / everyone if everyone else 0.0), f"{years[0]}–{years[-1]}"
