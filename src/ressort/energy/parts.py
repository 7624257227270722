"""Electricity of the parts of a commune (IRIS), by sector, once the official file is fetched."""

import polars as pl

from ressort.core.territory import Territory
from ressort.reference import synced

FILE = "electricity_iris"
COLUMNS = {
    "iris_code": pl.String, "iris_name": pl.String, "year": pl.Int64, "sector": pl.String, "energy_mwh": pl.Float64, "sites": pl.Float64,
}  # fmt: skip


def parts_of(place: Territory) -> pl.DataFrame:
    """One row a part and a sector of one commune, the parts that use most first; what is secret is null, and adds nothing to the order.

    Empty for larger territories, and before the file is fetched.
    """
    rows = synced(FILE)
    if rows is None or place.kind != "COM":
        return pl.DataFrame(schema=COLUMNS)
    here = rows.filter(pl.col("commune_code") == place.code).cast({"year": pl.Int64, "sites": pl.Float64})
    whole = pl.col("energy_mwh").sum().over("iris_code")
    return here.sort(whole, "iris_code", "sector", descending=[True, False, False]).select(list(COLUMNS))
