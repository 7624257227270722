"""Renewable energy made, by source and year, and what a kilowatt makes in a year.

official file by EPCI ▶ communes of Pays de la Loire, 2011–2019 (biomethane 2019, then the official file by commune) ▶ missing, can be fetched
"""

from functools import cache

import numpy as np
import polars as pl

from ressort.core.energy import Ranged, gathered
from ressort.core.territory.geometry import Floats
from ressort.diagnosis.facts import PRODUCTION_PAYS_DE_LA_LOIRE, USE_PAYS_DE_LA_LOIRE, today_by_commune
from ressort.diagnosis.official import Level, column
from ressort.energy.amounts import Amounts
from ressort.energy.listed import listed, unfetched
from ressort.energy.use import commune_use
from ressort.reference import synced, table
from ressort.reference.places import Places

#: carrier → sources that make it
SOURCES = {"electricity": ("solar", "wind", "hydro", "bioenergy"), "gas": ("biomethane",)}
BIOMETHANE_YEAR = "2019"
OFFICIAL, INJECTED = "electricity_production_epci", "biomethane_commune"
#: the first full year of the table: plants started during 2011 made little that year
FIRST_FULL_YEAR = "2012"


def production_years(carrier: str) -> list[str]:
    """The years of which some production is known, the last first."""
    brought = synced(INJECTED if carrier == "gas" else OFFICIAL)
    official = set() if brought is None else {str(year) for year in brought["year"].unique()}
    if carrier == "gas":
        return sorted(official | {BIOMETHANE_YEAR}, reverse=True)
    return sorted(official | set(table(PRODUCTION_PAYS_DE_LA_LOIRE)["year"].unique()), reverse=True)


def made(places: Places, source: str, year: str) -> Amounts:
    """What some territories make from a source in a year."""
    if source == "biomethane":
        found = _injected(places, year)
        found = _biomethane(places).or_else(found) if year == BIOMETHANE_YEAR else found
    else:
        found = _official(places, source, year).or_else(_communes(places, source, year))
    return found.or_else(Amounts.unknown(len(places.codes), unfetched(places), year))


def _official(places: Places, source: str, year: str) -> Amounts:
    brought = synced(OFFICIAL)
    if brought is None:
        return Amounts.unknown(len(places.codes), "not_fetched", year)
    rows = brought.filter((pl.col("source") == source) & (pl.col("year").cast(pl.String) == year))
    values = dict(rows.drop_nulls("production_mwh").select("epci_code", "production_mwh").iter_rows())
    levels = [Level("EPCI", values, year, OFFICIAL)] if values else []
    return Amounts.from_column(column(places, levels, "mwh", adds_up=True, hidden="secret"))


@cache
def commune_production(source: str, year: str) -> tuple[Floats, Floats, np.ndarray]:
    """What each commune of Pays de la Loire made, the part of it that its producer estimated, and who is silent, (atoms,) each.

    A commune that the table holds that year makes 0 from a source it does not name. One without any row that year makes nothing,
    or is not published: silent, not known alone, and nothing in a sum (the sums are then those that the producer gives).
    """
    rows = table(PRODUCTION_PAYS_DE_LA_LOIRE).filter(pl.col("year") == year)
    inside = ~np.isnan(commune_use("electricity")[0])
    told = ~np.isnan(today_by_commune(rows.with_columns(present=1.0), "present"))
    chosen = rows.filter(pl.col("source") == source)
    total = np.nan_to_num(today_by_commune(chosen, "production_mwh"))
    spread = np.nan_to_num(today_by_commune(chosen.filter(pl.col("status") == "estimated"), "production_mwh"))
    covered = (inside | told) & bool(rows.height)
    return np.where(covered, total, np.nan), np.where(covered, spread, np.nan), covered & ~told


def _communes(places: Places, source: str, year: str) -> Amounts:
    """Sums over communes. In one commune, what the producer spread for secrecy may be off by all of it, either way."""
    total, spread, silent = commune_production(source, year)
    alone = places.is_kind("COM")
    found = gathered(total, places.membership, places.people).total
    found = np.where(alone & (places.membership @ silent.astype(float) > 0), np.nan, found)
    hidden = np.where(alone, np.nan_to_num(gathered(spread, places.membership, places.people).total), 0.0)
    ranged = Ranged(found - hidden, found, found + hidden)
    status = np.where(hidden > 0, "estimated", np.where(alone, "observed", "derived"))
    return Amounts.of(ranged, status, year, PRODUCTION_PAYS_DE_LA_LOIRE, "not_available")


def estimated_share(places: Places, year: str) -> Floats:
    """Part of the renewable electricity made that its producer spread over communes, for secrecy, 0–1, (n,)."""
    parts = [commune_production(source, year) for source in SOURCES["electricity"]]
    total, spread = (sum(gathered(part[at], places.membership, places.people).total for part in parts) for at in (0, 1))
    return np.divide(spread, total, out=np.full(len(places.codes), np.nan), where=np.nan_to_num(total) > 0)


def _biomethane(places: Places) -> Amounts:
    rows = table(USE_PAYS_DE_LA_LOIRE)
    found = gathered(today_by_commune(rows, "biomethane_injected_mwh"), places.membership, places.people)
    status = np.where(places.is_kind("COM"), "observed", "derived")
    return Amounts.of(found.total, status, BIOMETHANE_YEAR, USE_PAYS_DE_LA_LOIRE, "not_available")


def _injected(places: Places, year: str) -> Amounts:
    """What sites put into the network of GRDF."""
    brought = synced(INJECTED)
    rows = None if brought is None else brought.filter(pl.col("year").cast(pl.String) == year)
    if rows is None or rows.is_empty():
        return Amounts.unknown(len(places.codes), "not_fetched", year)
    return listed(places, rows, "biomethane_mwh", year, INJECTED)


@cache
def yield_mwh_per_kw(source: str) -> tuple[float, float, float]:
    """What a kilowatt makes in a year: least, mean and most over 2012–2019 of all plants observed in Pays de la Loire."""
    rows = table(PRODUCTION_PAYS_DE_LA_LOIRE).filter(
        (pl.col("source") == source)
        & (pl.col("status") == "observed")
        & (pl.col("capacity_kw") > 0)
        & (pl.col("year") >= FIRST_FULL_YEAR)
    )
    by_year = rows.group_by("year").agg(rate=pl.col("production_mwh").sum() / pl.col("capacity_kw").sum())["rate"]
    return float(by_year.min()), float(by_year.mean()), float(by_year.max())  # type: ignore[arg-type]
