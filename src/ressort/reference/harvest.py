"""What the annual agricultural statistics say, once synced: hectares by département, yields by région, herds.

`ressort data sync yields_departement livestock_departement`; without them everything here is empty, and the tables shipped stand.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import polars as pl

from ressort.core.food.system import Floats
from ressort.core.letters import bare
from ressort.reference.food_parameters import parameter
from ressort.reference.tables import synced, table

HARVEST = "yields_departement"
HERDS = "livestock_departement"
#: fewer years would tell the weather, not the yield; more would tell the past
FEWEST_YEARS, MOST_YEARS = 5, 10


@dataclass(frozen=True, eq=False)
class Harvest:
    """Official hectares by département and post, of one year.

    Args:
        hectares: (département, post) → hectares; hidden: those that secrecy leaves out.
        posts: posts that the file tells, for the whole country.
    """

    hectares: dict[tuple[str, str], float]
    hidden: frozenset[tuple[str, str]]
    posts: frozenset[str]
    year: str

    @cached_property
    def departements(self) -> frozenset[str]:
        """Those that the file tells hectares of."""
        return frozenset(code for code, _post in self.hectares)


@cache
def harvest() -> Harvest:
    """The hectares of the latest harvest, empty when not synced."""
    rows = _named()
    if rows is None or rows.is_empty():
        return Harvest({}, frozenset(), frozenset(), "")
    last = rows.filter(pl.col("year") == pl.col("year").max())
    whole = pl.when(pl.col("area_ha").is_null().any()).then(None).otherwise(pl.col("area_ha").sum())
    summed = list(last.group_by("departement_code", "group").agg(whole.alias("area_ha")).iter_rows())
    found = {(code, post): float(area) for code, post, area in summed if area is not None}
    hidden = frozenset((code, post) for code, post, area in summed if area is None)
    return Harvest(found, hidden, frozenset(post for _, post in found), str(last["year"][0]))


def with_harvest(codes: list[str], groups: list[str], hectares: Floats) -> Floats:
    """Hectares by département and crop group, each post that the statistics tell in place of the one shipped, (D, G)."""
    told = harvest()
    shipped = {
        (code, post): float(area or 0.0)
        for code, post, area in table("agriculture/departement_crops")
        .select("departement", "group", "area_ha")
        .iter_rows()
    }
    posts = {
        post: (group, level)
        for post, group, level in table("agriculture/crop_posts")
        .select("group", "crop_group", "finest_level")
        .iter_rows()
    }
    for g in {groups.index(posts[post][0]) for post in told.posts}:
        hectares[:, g] = np.nan_to_num(hectares[:, g])
    for (code, post), area_ha in told.hectares.items():
        if code in codes:
            group, level = posts[post]
            before = shipped.get((code, post), 0.0) if level == "departement" else 0.0
            hectares[codes.index(code), groups.index(group)] += area_ha - before
    for code, post in told.hidden:
        group, level = posts[post]
        if code in codes and level != "departement":
            hectares[codes.index(code), groups.index(group)] = np.nan
    return hectares


def is_harvested(departements: list[str], g: int) -> bool:
    """True when the statistics tell every post of a crop group (by position) in all these départements."""
    wanted, told = _wanted(g), harvest()
    hidden = any((code, post) in told.hidden for code in departements for post in wanted)
    return bool(wanted) and wanted <= told.posts and set(departements) <= told.departements and not hidden


@cache
def _wanted(g: int) -> frozenset[str]:
    """The posts of a crop group, by position."""
    posts = table("agriculture/crop_posts")
    group = table("food/crop_groups")["crop_group"][g]
    return frozenset(posts.filter(pl.col("crop_group") == group)["group"])


@cache
def yields_by_region() -> dict[tuple[str, str], float]:
    """(région, crop) → tonnes per hectare: the mean of the latest years, weighted by area; empty when not synced."""
    rows = _named()
    if rows is None:
        return {}
    homes = _region_of_departement()
    known = rows.filter((pl.col("crop") != "") & (pl.col("area_ha") > 0) & (pl.col("yield_t_per_ha") > 0))
    placed = known.with_columns(pl.col("departement_code").replace_strict(homes, default=None).alias("region"))
    yearly = placed.group_by("region", "crop", "year").agg(
        (pl.col("area_ha") * pl.col("yield_t_per_ha")).sum() / pl.col("area_ha").sum()
    )
    latest = yearly.filter(pl.col("year") > pl.col("year").max() - MOST_YEARS)
    means = latest.group_by("region", "crop").agg(pl.col("area_ha").mean().alias("mean"), pl.len().alias("years"))
    national = dict(table("food/crops").select("crop", "yield_t_per_ha").iter_rows())
    least, most = parameter("yield_least_ratio"), parameter("yield_most_ratio")  # outside them: a slip of unit
    return {
        (region, crop): mean
        for region, crop, mean, years in means.iter_rows()
        if region and years >= FEWEST_YEARS and least <= mean / national[crop] <= most
    }


@dataclass(frozen=True, eq=False)
class Herds:
    """Animals by département and species, with their year and table."""

    heads: dict[tuple[str, str], float]
    year: str
    source: str


@cache
def herds() -> Herds:
    """The official herds when synced, species by species, else the table shipped."""
    shipped = table("agriculture/livestock").filter(pl.col("level") == "departement")
    heads = {
        (code, species): float(n)
        for code, species, n in shipped.select("code", "species", "heads").iter_rows()
        if n is not None
    }
    brought = synced(HERDS)
    if brought is None:
        return Herds(heads, "2018-2020", "agriculture/livestock")
    official = brought.select("departement_code", "species", "heads").drop_nulls()
    heads |= {(code, species): float(n) for code, species, n in official.iter_rows()}
    return Herds(heads, str(brought["year"].max()), HERDS)


def _named() -> pl.DataFrame | None:
    """The synced rows whose label is known, with their post and crop."""
    rows = synced(HARVEST)
    if rows is None:
        return None
    labels = table("agriculture/harvest_labels")
    posts = {label_key(label): post for label, post in labels.select("label", "group").iter_rows()}
    crops = {label_key(label): crop or "" for label, crop in labels.select("label", "crop").iter_rows()}
    keys = pl.col("crop").map_elements(label_key, pl.String)
    named = rows.with_columns(keys.alias("key")).filter(pl.col("key").is_in(list(posts)))
    return named.with_columns(
        pl.col("key").replace_strict(posts, default="").alias("group"),
        pl.col("key").replace_strict(crops, default="").alias("crop"),
    )


def label_key(label: str) -> str:
    """A label as it is compared: without its number, accents, capitals, typographic apostrophes.

    >>> label_key("01 - Blé tendre d’hiver et épeautre")
    "ble tendre d'hiver et epeautre"
    """
    return " ".join(re.sub(r"^\s*\d+\s*-\s*", "", bare(label)).split())


def _region_of_departement() -> dict[str, str]:
    from ressort.reference.territories import territories

    homes = territories().table.filter(pl.col("kind") == "DEP").select("code", "region")
    return dict(homes.iter_rows())
