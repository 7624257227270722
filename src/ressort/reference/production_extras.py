"""Crop areas that no département has: of régions, and of the country alone."""

import numpy as np
import polars as pl

from ressort.core.food.system import Floats
from ressort.reference.harvest import harvest
from ressort.reference.tables import table


def region_extras(groups: list[str]) -> dict[str, Floats]:
    """Posts that no département has, summed from old régions into today's."""
    posts = table("agriculture/crop_posts").filter(pl.col("finest_level") == "region").select("group", "crop_group")
    posts = posts.filter(~pl.col("group").is_in(list(harvest().posts)))
    today = table("territory/old_regions").select(pl.col("nuts2_code").alias("code"), "region_code")
    rows = table("agriculture/region_crops").join(posts, on="group").join(today, on="code")
    summed = rows.group_by("region_code", "crop_group").agg(pl.col("area_ha").sum())
    extras = {code: np.zeros(len(groups)) for code in today["region_code"].unique()}
    for row in summed.to_dicts():
        extras[row["region_code"]][groups.index(row["crop_group"])] = row["area_ha"] or 0.0
    return extras


def france_extras(groups: list[str]) -> Floats:
    """Hectares known for the whole country only, (G,)."""
    known = dict(
        zip(
            table("agriculture/national_crops")["crop_group"],
            table("agriculture/national_crops")["area_ha"],
            strict=True,
        )
    )
    return np.array([float(known.get(group, 0.0)) for group in groups])
