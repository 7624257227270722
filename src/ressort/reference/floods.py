"""How wide the floods of a territory were: the inhabitants of the communes that one flood named together (`hazard_orders`, since 1982)."""

from functools import cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats
from ressort.reference.places import commune_rows, commune_values
from ressort.reference.tables import synced, table

CONNECTOR = "hazard_orders"
#: how the orders of floods are named
FLOOD = "inondation"


def is_fetched() -> bool:
    """Whether the list of orders was fetched."""
    return _orders() is not None


@cache
def widest_floods() -> tuple[Floats, str] | None:
    """For each commune, the share of the inhabitants of its intercommunality who live where the widest flood of that intercommunality was,
    (atoms,): 0 where no flood is told, nan where it is in none; and the years of the list.

    One share for each intercommunality: those of places of unlike sizes would not compare, a small one is flooded whole or not at all.
    None while the list was not fetched, and where it names no flood.
    """
    orders = _orders()
    if orders is None or orders.is_empty():
        return None
    rows = commune_rows()
    members = table("territory/commune_epci_2025").select("commune_code", "epci_code")
    members = members.filter(pl.col("commune_code").is_in(list(rows)))
    everyone = _with_people(members).group_by("epci_code").agg(pl.col("people").sum().alias("everyone"))
    widest = everyone.join(_widest(_with_people(orders.join(members, on="commune_code"))), on="epci_code", how="left")
    shares = dict(widest.select("epci_code", (pl.col("people").fill_null(0.0) / pl.col("everyone"))).iter_rows())
    held = np.full(len(commune_values("population_people")), np.nan)
    for commune, epci in members.iter_rows():
        held[rows[commune]] = shares[epci]
    years = sorted(orders["day"].dt.year().unique().to_list())
    return held, f"{years[0]}–{years[-1]}"


@cache
def _orders() -> pl.DataFrame | None:
    """Orders of floods: commune and first day; storms over the country left out."""
    held = synced(CONNECTOR)
    if held is None:
        return None
    text = pl.col("start").str.slice(0, 10)
    days = pl.coalesce(text.str.to_date("%Y-%m-%d", strict=False), text.str.to_date("%d/%m/%Y", strict=False))
    rows = commune_rows()
    told = pl.col("hazard").str.to_lowercase().str.contains(FLOOD) & pl.col("commune_code").is_in(list(rows))
    floods = held.filter(told).select("commune_code", day=days).drop_nulls().unique()
    storms = floods.group_by("day").len().filter(pl.col("len") > _rule("storm_share") * len(rows))
    return floods.join(storms, on="day", how="anti")


def _widest(orders: pl.DataFrame) -> pl.DataFrame:
    """The inhabitants of the communes that the widest flood of each intercommunality named, (epci_code, people)."""
    apart = pl.col("day").diff().dt.total_days().over("epci_code") > _rule("gap_days")
    floods = orders.sort("epci_code", "day").with_columns(apart.fill_null(True).cum_sum().alias("flood"))
    reached = floods.unique(["flood", "commune_code"]).group_by("epci_code", "flood").agg(pl.col("people").sum())
    return reached.group_by("epci_code").agg(pl.col("people").max())


def _with_people(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows, with the inhabitants of each commune."""
    places = commune_rows()
    people = np.nan_to_num(commune_values("population_people"))
    return rows.with_columns(
        people=pl.Series([people[places[code]] for code in rows["commune_code"]], dtype=pl.Float64)
    )


def _rule(name: str) -> float:
    """How orders are gathered into floods: a figure of `resilience/flood_rules`."""
    return float(table("resilience/flood_rules").row(by_predicate=pl.col("rule") == name, named=True)["value"])
