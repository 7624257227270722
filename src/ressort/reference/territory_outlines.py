"""The outlines of communes, repaired where the package's list is younger than its shapes."""

from typing import Any

import polars as pl
import shapely


def commune_outlines(raw: pl.DataFrame) -> dict[str, Any]:
    """Code → shape in degrees (shapely) for the communes that have one.

    A commune without shape is the union of its delegated communes, which do have shapes; four communes of Cantal
    have neither and stay without.
    """
    communes = raw.filter(pl.col("type") == "COM").select("id", "code", "geometry")
    drawn = communes.filter(pl.col("geometry").is_not_null())
    outlines = dict(zip(drawn["code"], shapely.from_wkb(drawn["geometry"].to_numpy()), strict=True))
    missing = communes.filter(pl.col("geometry").is_null())
    parts = raw.filter(pl.col("commune_parent_id").is_in(missing["id"].implode()) & pl.col("geometry").is_not_null())
    for commune, code in missing.select("id", "code").iter_rows():
        shapes = parts.filter(pl.col("commune_parent_id") == commune)["geometry"].to_numpy()
        if len(shapes):
            outlines[code] = shapely.union_all(shapely.from_wkb(shapes))
    return outlines
