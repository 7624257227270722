"""The links from a product to the crops behind it, for each set of organic coefficients and each method."""

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from ressort.core.errors import MissingData
from ressort.core.food import Links, forage_kg_per_kg
from ressort.core.food.inventory import M2_PER_HA
from ressort.core.food.system import Floats
from ressort.reference.food_parameters import parameter
from ressort.reference.tables import table

#: where a set has no row for a crop, the next set is read
FALLBACK = {
    "survey_2022": ("survey_2022", "lca", "assumption"),
    "lca": ("lca", "survey_2022", "assumption"),
    "ration": ("survey_2022", "lca", "assumption"),
    "ademe_whole_diet": ("survey_2022", "lca", "assumption"),
}
#: rows of land_per_kg read for each animal product
INVENTORY_ROWS = {
    "milk_cow": "milk_cow",
    "beef_live": "beef_live",
    "lamb_live": "lamb_live",
    "pig_live": "pig_live",
    "chicken_live": "chicken_live",
    "egg": "egg_avg",
}
#: the parameter that holds the part of each crop in the forage area of a ruminant
FORAGE_SHARES = {
    "grass_permanent": "forage_permanent_grass_share",
    "grass_temporary": "forage_temporary_grass_share",
    "maize_silage": "forage_green_maize_share",
}


class _Row(NamedTuple):
    product: int
    crop: int
    crop_kg_per_kg: float
    conventional: float
    organic: float
    abroad: bool


def all_links(products: pl.DataFrame, crops: pl.DataFrame, diet: pl.DataFrame, method: str) -> dict[str, Links]:
    """The links of every set, for a method (rations or inventories)."""
    return {name: _links(products, crops, diet, name, method) for name in FALLBACK}


def organic_bounds(products: pl.DataFrame, diet: pl.DataFrame, spreads: dict[str, float]) -> dict[str, Floats]:
    """Low and high organic ratio over the central one, by set and product, (P, 2): published bounds, else by status."""
    bounds = {}
    for name in FALLBACK:
        rows = [organic_ratio(name, product["primary_product"], product["land_model"]) for product in diet.to_dicts()]
        bounds[name] = np.array([_bounds(row, spreads) for row in rows])
    return bounds


class OrganicRatio(NamedTuple):
    """Organic over conventional yield (or land of conventional over organic), its bounds, and where it comes from."""

    ratio: float
    low: float | None
    high: float | None
    status: str
    coefficient_set: str


@cache
def organic_ratio(name: str, primary: str | None, land_model: str) -> OrganicRatio:
    """The ratio that a set gives to a crop or an animal product, through its fallbacks."""
    if primary is None or land_model == "none":
        return OrganicRatio(1.0, None, None, "observed", "")
    if land_model == "ration":
        return _mean_of(("lca",), [primary], "land_per_kg", "derived")
    named = table("food/organic_ratio_rows").filter(pl.col("crop") == primary).to_dicts()
    if not named:
        raise MissingData(
            "No organic ratio for {crop}. Add a row to reference/food/organic_ratio_rows.csv.", crop=primary
        )
    if not named[0]["ratio_rows"]:
        return OrganicRatio(1.0, None, None, "hypothesis", "none")
    return _mean_of(FALLBACK[name], named[0]["ratio_rows"].split("|"), "yield", named[0]["status"])


def _mean_of(sets: tuple[str, ...], names: list[str], kind: str, status: str) -> OrganicRatio:
    for coefficient_set in sets:
        rows = [row for name in names for row in _ratio_rows().get((coefficient_set, kind, name), [])]
        if rows:
            ratio, low, high = (_mean([row[at] for row in rows]) for at in range(3))
            assert ratio is not None
            return OrganicRatio(ratio, low, high, status, coefficient_set)
    raise MissingData("No organic ratio for {names} in the sets {sets}.", names=names, sets=list(sets))


@cache
def _ratio_rows() -> dict[tuple[str, str, str], list[tuple[float | None, ...]]]:
    """Ratio, low and high bound of each row, by set, kind and product."""
    found: dict[tuple[str, str, str], list[tuple[float | None, ...]]] = {}
    columns = ("coefficient_set", "kind", "product", "organic_yield_ratio", "ratio_low", "ratio_high")
    for coefficient_set, kind, product, *values in table("food/organic_ratios").select(columns).iter_rows():
        found.setdefault((coefficient_set, kind, product), []).append(tuple(values))
    return found


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _bounds(row: OrganicRatio, spreads: dict[str, float]) -> tuple[float, float]:
    width = spreads[row.status]
    low = min(1.0, (row.low or row.ratio * (1 - width)) / row.ratio)
    high = max(1.0, (row.high or row.ratio * (1 + width)) / row.ratio)
    return low, high


def _links(products: pl.DataFrame, crops: pl.DataFrame, diet: pl.DataFrame, name: str, method: str) -> Links:
    place = {crop: k for k, crop in enumerate(crops["crop"])}
    rows: list[_Row] = []
    for p, (product, plate) in enumerate(zip(products.to_dicts(), diet.to_dicts(), strict=True)):
        if plate["land_model"] == "crop":
            ratio = organic_ratio(name, plate["primary_product"], "crop").ratio
            rows.append(_Row(p, place[plate["primary_product"]], plate["primary_kg_per_kg"], 1.0, 1 / ratio, False))
        elif plate["land_model"] == "ration":
            rows += _animal_rows(p, product, plate, name, method, place, crops)
    columns = list(zip(*rows, strict=True))
    return Links(
        product=np.array(columns[0]),
        crop=np.array(columns[1]),
        crop_kg_per_kg=np.array(columns[2], dtype=float),
        conventional=np.array(columns[3], dtype=float),
        organic=np.array(columns[4], dtype=float),
        abroad=np.array(columns[5], dtype=bool),
        whole_diet=name == "ademe_whole_diet",
    )


def _animal_rows(
    p: int,
    product: dict[str, str],
    plate: dict[str, object],
    name: str,
    method: str,
    place: dict[str, int],
    crops: pl.DataFrame,
) -> list[_Row]:
    """The feed of an animal product: one ration and a ratio of land, or two rations (set `ration`)."""
    animal, per_kg = str(plate["primary_product"]), float(plate["primary_kg_per_kg"])  # type: ignore[arg-type]
    if method == "inventories":
        ratio = organic_ratio("lca", animal, "ration").ratio
        feeds = _inventory_feeds(animal, product["conventional_ration"], crops)
        return [_Row(p, place[crop], per_kg * kg, 1.0, 1 / ratio, abroad) for crop, kg, abroad in feeds]
    conventional = _ration(animal, product["conventional_ration"])
    if name != "ration":
        ratio = organic_ratio(name, animal, "ration").ratio
        return [_Row(p, place[crop], per_kg * kg, 1.0, 1 / ratio, abroad) for crop, kg, abroad in conventional]
    rows = [_Row(p, place[crop], per_kg * kg, 1.0, 0.0, abroad) for crop, kg, abroad in conventional]
    for crop, kg, abroad in _ration(animal, product["organic_ration"]):
        rows.append(_Row(p, place[crop], per_kg * kg, 0.0, 1 / organic_ratio(name, crop, "crop").ratio, abroad))
    return rows


@cache
def _ration(animal: str, mode: str) -> list[tuple[str, float, bool]]:
    rows = table("food/feed_rations").filter((pl.col("animal_product") == animal) & (pl.col("mode") == mode))
    if rows.is_empty():
        raise MissingData(
            "No ration {mode} for {animal}. Add rows to reference/food/feed_rations.csv.", mode=mode, animal=animal
        )
    return [(row["feed"], row["feed_kg_per_kg"], bool(row["imported_by_default"])) for row in rows.to_dicts()]


def _inventory_feeds(animal: str, mode: str, crops: pl.DataFrame) -> list[tuple[str, float, bool]]:
    """Feeds that take the inventory's land at national yields: forage for ruminants, the ration in proportion for others."""
    inventory = table("food/land_per_kg").filter(pl.col("product") == INVENTORY_ROWS[animal])
    land_m2_per_kg = float(inventory["land_conventional_m2_per_kg"][0])
    national = dict(zip(crops["crop"], crops["yield_t_per_ha"], strict=True))
    if animal in ("milk_cow", "beef_live", "lamb_live"):
        shares = {crop: parameter(name) for crop, name in FORAGE_SHARES.items()}
        return [(crop, kg, False) for crop, kg in forage_kg_per_kg(land_m2_per_kg, national, shares).items()]
    ration = _ration(animal, mode)
    ration_m2 = sum(kg / (1000 * national[crop]) for crop, kg, _ in ration) * M2_PER_HA
    return [(crop, kg * land_m2_per_kg / ration_m2, abroad) for crop, kg, abroad in ration]
