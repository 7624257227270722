"""Facts that only official files tell: commuting, natural disasters, land taken, food projects, rural zoning. One column an indicator.

A commune that a complete list does not name counts for none of it (no order, no project); one that a table of values lacks is missing.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ressort.core.figure import Reason
from ressort.core.food.system import Floats
from ressort.diagnosis.columns import Column
from ressort.reference import synced
from ressort.reference.places import Places, aligned_to_communes, commune_rows, commune_values
from ressort.reference.territories import territories

COMMUTING, DISASTERS, LAND_TAKE = "commuting", "hazard_orders", "land_take"
PROJECTS, ZONING = "food_projects", "rural_zoning"
#: classed whole or in part
ZONED = ("C", "P")
NOT_FETCHED: Reason = "not_fetched"


def local_facts(places: Places) -> dict[str, Column]:
    """The columns of these files, by indicator; not fetched where a file was not."""
    return _commuting(places) | _disasters(places) | _land_take(places) | _projects(places) | _zoning(places)


def _commuting(places: Places) -> dict[str, Column]:
    """Who works outside, and how many jobs stand for one employed resident; both from flows between communes, abroad included."""
    flows = synced(COMMUTING)
    if flows is None:
        return _not_fetched(places, {"commute_out_share": "share", "jobs_per_worker_ratio": "ratio"})
    rows = commune_rows()
    home, work = (flows[name].replace_strict(rows, default=-1).to_numpy() for name in ("home_code", "work_code"))
    workers = flows["workers_people"].fill_null(0.0).to_numpy()
    atoms = territories().atoms
    by_home, by_work = (np.bincount(end[end >= 0], workers[end >= 0], atoms) for end in (home, work))
    residents = Column(places.total(np.where(by_home > 0, by_home, np.nan)), "people", "derived", "2022", COMMUTING)
    jobs = Column(
        _where_known(residents, np.asarray(places.membership @ by_work)), "people", "derived", "2022", COMMUTING
    )
    staying = _staying(places, home, work, workers)
    leaving = Column(residents.values - staying, "people", "derived", "2022", COMMUTING)
    return {
        "commute_out_share": leaving.over(residents, "share"),
        "jobs_per_worker_ratio": jobs.over(residents, "ratio"),
    }


def _staying(places: Places, home: NDArray[np.int64], work: NDArray[np.int64], workers: Floats) -> Floats:
    """Employed residents who work inside their territory, (n,)."""
    known = territories()
    inside = (home >= 0) & (work >= 0)
    home, work, workers = home[inside], work[inside], workers[inside]
    found = np.full(len(places.codes), np.nan)
    if len(found) == known.table.height:
        for holder in (np.arange(known.atoms), *known.parents_of_commune.values()):
            same = (holder[home] == holder[work]) & (holder[home] >= 0)
            held = np.unique(holder[holder >= 0])
            found[held] = np.bincount(holder[home][same], workers[same], len(found))[held]
    for row in np.flatnonzero(np.isnan(found)):
        member = np.zeros(known.atoms, bool)
        member[places.membership.indices[places.membership.indptr[row] : places.membership.indptr[row + 1]]] = True
        found[row] = workers[member[home] & member[work]].sum()
    return found


def _disasters(places: Places) -> dict[str, Column]:
    """Orders of natural disaster: each commune that an order names counts once."""
    orders = synced(DISASTERS)
    if orders is None:
        return _not_fetched(
            places, {"disaster_orders": "orders", "disaster_orders_per_communes": "orders_per_communes"}
        )
    counts = orders.group_by("commune_code").agg(pl.col("order_id").n_unique().cast(pl.Float64).alias("orders"))
    total = Column(places.total(_none_elsewhere(counts, "orders")), "orders", "derived", years_of(orders), DISASTERS)
    communes = Column(np.asarray(places.membership.sum(axis=1), dtype=float).ravel(), "communes", "derived")
    return {"disaster_orders": total, "disaster_orders_per_communes": total.over(communes, "orders_per_communes")}


def years_of(orders: pl.DataFrame) -> str:
    """The years that orders span, such as "1982-2025"."""
    years = orders["start"].str.extract(r"((?:19|20)\d\d)").drop_nulls()
    told = sorted(years.to_list())
    return f"{told[0]}-{told[-1]}" if told else ""


def _land_take(places: Places) -> dict[str, Column]:
    """Natural, farm and forest land taken over the period of the file, in hectares and as a part of the area."""
    taken = synced(LAND_TAKE)
    if taken is None:
        return _not_fetched(places, {"land_take_ha": "ha", "land_take_share": "share"})
    values = places.total(aligned_to_communes(taken, "commune_code", "land_take_ha"))
    status = np.where(places.is_kind("COM"), "observed", "derived")
    first = taken["first_year"].max() if "first_year" in taken.columns else 2009
    last = taken["year"].max() if "year" in taken.columns else ""
    year = f"{first!s}-{last!s}"
    hectares = Column(values, "ha", status, year, LAND_TAKE)
    area = Column(places.total(commune_values("area_ha")), "ha", "derived")
    return {"land_take_ha": hectares, "land_take_share": hectares.over(area, "share")}


def _projects(places: Places) -> dict[str, Column]:
    """Food projects (PAT) that reach the territory, and the inhabitants of the communes that they name."""
    projects = synced(PROJECTS)
    if projects is None or "commune_code" not in projects.columns:
        return _not_fetched(places, {"food_projects": "projects", "food_projects_people_share": "share"})
    named = projects.select("commune_code").unique().with_columns(pl.lit(1.0).alias("named"))
    reached = places.mean(_none_elsewhere(named, "named"))
    count = _where_known(Column(reached, "share"), _distinct(places, projects))
    return {
        "food_projects": Column(count, "projects", "derived", "2025", PROJECTS),
        "food_projects_people_share": Column(reached, "share", "derived", "2025", PROJECTS),
    }


def _distinct(places: Places, projects: pl.DataFrame) -> Floats:
    """How many projects name a commune of each territory, (n,)."""
    rows = commune_rows()
    count = np.zeros(len(places.codes))
    for _project, named in projects.group_by("project_id"):
        members = np.zeros(territories().atoms)
        members[[rows[code] for code in named["commune_code"] if code in rows]] = 1.0
        count += np.asarray(places.membership @ members) > 0
    return count


def _zoning(places: Places) -> dict[str, Column]:
    """Inhabitants of communes classed as rural revitalisation zones, whole or in part."""
    zones = synced(ZONING)
    if zones is None:
        return _not_fetched(places, {"rural_zone_share": "share"})
    told = zones.filter(pl.col("status").is_not_null()).with_columns(
        pl.col("status").is_in(ZONED).cast(pl.Float64).alias("classed")
    )
    status = np.where(places.is_kind("COM"), "observed", "derived")
    values = places.mean(aligned_to_communes(told, "commune_code", "classed"))
    return {"rural_zone_share": Column(values, "share", status, "2021", ZONING)}


def _none_elsewhere(rows: pl.DataFrame, column: str) -> Floats:
    """Values of a complete list: 0 for the French communes that it does not name, missing elsewhere, (atoms,)."""
    known = territories()
    is_french = (known.table["kind"].head(known.atoms) == "COM").to_numpy()
    values = aligned_to_communes(rows, "commune_code", column)
    return np.where(is_french & np.isnan(values), 0.0, values)


def _where_known(known: Column, values: Floats) -> Floats:
    return np.where(np.isnan(known.values), np.nan, values)


def _not_fetched(places: Places, units: dict[str, str]) -> dict[str, Column]:
    nothing = np.full(len(places.codes), np.nan)
    return {name: Column(nothing, unit, reason=NOT_FETCHED) for name, unit in units.items()}
