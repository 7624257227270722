"""The lists behind the facts of official files: natural disasters by hazard, food projects by name."""

import numpy as np
import polars as pl

from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.local_facts import DISASTERS, PROJECTS, years_of
from ressort.reference import synced
from ressort.reference.places import commune_values
from ressort.reference.territories import territories

DISASTER_SCHEMA: dict[str, type[pl.DataType]] = {
    "hazard": pl.String,
    "label": pl.String,
    "orders": pl.Float64,
    "last": pl.String,
}
PROJECT_SCHEMA: dict[str, type[pl.DataType]] = {
    "project": pl.String,
    "label": pl.String,
    "level": pl.String,
    "people_share": pl.Float64,
}
ORIGIN: dict[str, type[pl.DataType]] = {"status": pl.String, "year": pl.String, "source": pl.String}


def disasters(diagnosis: Diagnosis) -> pl.DataFrame:
    """One row a hazard, the most frequent first: orders (a commune counts once an order), and the last event."""
    orders = synced(DISASTERS)
    if orders is None:
        return pl.DataFrame(schema=DISASTER_SCHEMA | ORIGIN)
    here = orders.filter(pl.col("commune_code").is_in(_communes(diagnosis)))
    last = pl.col("start").str.extract(r"((?:19|20)\d\d)").max().alias("last")
    found = here.group_by("hazard").agg(
        pl.struct("order_id", "commune_code").n_unique().cast(pl.Float64).alias("orders"), last
    )
    named = found.sort("orders", "hazard", descending=[True, False]).with_columns(pl.col("hazard").alias("label"))
    origin = {"status": "derived", "year": years_of(orders), "source": DISASTERS}
    return named.select(*DISASTER_SCHEMA).with_columns(pl.lit(value).alias(name) for name, value in origin.items())


def food_projects(diagnosis: Diagnosis) -> pl.DataFrame:
    """One row a territorial food project that names a commune of the territory, with the inhabitants of those communes."""
    projects = synced(PROJECTS)
    if projects is None or "commune_code" not in projects.columns:
        return pl.DataFrame(schema=PROJECT_SCHEMA | ORIGIN)
    codes = _communes(diagnosis)
    members = diagnosis.territory.members
    people = dict(zip(codes, np.nan_to_num(commune_values("population_people"))[members], strict=True))
    everyone = sum(people.values())
    rows = []
    for (project,), named in projects.filter(pl.col("commune_code").is_in(codes)).group_by("project_id"):
        first = named.row(0, named=True)
        covered = sum(people[code] for code in named["commune_code"].unique())
        share = covered / everyone if everyone else None
        rows.append([project, first.get("usual_name") or first["name"], first.get("level"), share])
    rows.sort(key=lambda row: (-(row[3] or 0.0), row[1]))
    made = pl.DataFrame(rows, PROJECT_SCHEMA, orient="row")
    origin = {"status": "observed", "year": "2025", "source": PROJECTS}
    return made.with_columns(pl.lit(value).alias(name) for name, value in origin.items())


def _communes(diagnosis: Diagnosis) -> list[str]:
    """The codes of the communes of the territory; of none in Belgium, whose codes a French commune may share."""
    table = territories().table
    inside = table[diagnosis.territory.members.tolist()]
    return inside["code"].to_list() if diagnosis.territory.country == "FR" else ["" for _row in range(inside.height)]
