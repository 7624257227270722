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


def published_ha(
    departements: list[str], departement_ha: Floats, regions: dict[str, Floats], france: Floats
) -> dict[str, Floats]:
    """What statistics tell by département, région and country, whatever parcels say; nan where they tell nothing, {key: (G,)}.

    A région is the sum of its départements where all are told, and its own posts.
    """
    old = table("territory/old_regions").select("region_code", "departement_codes")
    homes = {code: region for region, codes in old.iter_rows() for code in codes.split("|")}
    found = {f"DEP:{code}": row for code, row in zip(departements, departement_ha, strict=True)}
    for region, extra in regions.items():
        parts = [row for code, row in zip(departements, departement_ha, strict=True) if homes[code] == region]
        summed = np.sum(parts, axis=0) if parts else np.full(len(extra), np.nan)
        found[f"REG:{region}"] = np.where(extra > 0, extra + np.nan_to_num(summed), summed)
    whole = np.nansum([found[f"REG:{region}"] for region in regions], axis=0) + france
    return found | dict.fromkeys(("PAYS:FR", "PAYS:FRM"), np.where(whole > 0, whole, np.nan))
