"""The food model's figures, from their tables to the arrays of `core.food.FoodSystem`."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from ressort.core.food import FoodSystem, Labour, Levers, Spreads, fitted_factor, per_person
from ressort.core.food.system import Floats
from ressort.reference.food_links import all_links, organic_bounds
from ressort.reference.harvest import yields_by_region
from ressort.reference.tables import table

#: the row of national yields, used where a region has no series and to fit the ruminant factor
FRANCE = "FR"
BELGIUM = "BE"
CORSICA = "94"


@cache
def food_system() -> FoodSystem:
    """The food system of France and Belgium, ruminant factors fitted.

    Raises:
        MissingData: a crop behind a product has no yield.
    """
    system = _unfitted()
    return replace(system, ruminant_factor=_fit(system, "rations"), inventory_factor=_fit(system, "inventories"))


def _unfitted() -> FoodSystem:
    """The system with ruminant factors of 1."""
    products, crops, regions = table("food/products"), table("food/crops"), _regions()
    diet = {
        c: _aligned(table("food/diet").filter(pl.col("country") == c), "food_group", products["food_group"])
        for c in ("FR", "BE")
    }
    arrays = _plates(products, diet, regions) | _land(products, crops, diet["FR"], regions) | _jobs_and_gases(products)
    parameters = {row["parameter"]: float(row["value"]) for row in table("food/parameters").to_dicts()}
    return FoodSystem(products=tuple(products["food_group"]), regions=regions, parameters=parameters, **arrays)


def _plates(products: pl.DataFrame, diet: dict[str, pl.DataFrame], regions: tuple[str, ...]) -> dict[str, Any]:
    """What people eat, by region, and what a diet changes of it."""
    columns = {
        "diet_kg_per_year": "food_kg_per_year",
        "energy_kcal_per_day": "energy_kcal_per_day",
        "protein_g_per_day": "protein_g_per_day",
        "supply_loss_share": "supply_loss_share",
        "relocatable_share": "relocatable_share",
    }
    families, diets = table("food/families"), table("food/diets")
    return {
        **{
            field: np.stack([_floats(diet[BELGIUM if r == BELGIUM else "FR"][column]) for r in regions])
            for field, column in columns.items()
        },
        "families": tuple(families["family"]),
        "family_of": _positions(diet["FR"]["family"], families["family"]),
        "avoidable_share": _avoidable_share(),
        "ruminant": _flags(_aligned(families, "family", diet["FR"]["family"])["ruminant"]),
        "animal": _flags(products["animal"]),
        "meat": _flags(products["meat"]),
        "diets": _diets(products),
        "replaces_protein": dict(zip(diets["diet"], _flags(diets["replace_protein"]), strict=True)),
    }


def _land(products: pl.DataFrame, crops: pl.DataFrame, diet: pl.DataFrame, regions: tuple[str, ...]) -> dict[str, Any]:
    """Crops, yields, and the links from products to crops."""
    yields, regional, sds = _yields(regions, crops)
    groups = table("food/crop_groups")["crop_group"]
    return {
        "crops": tuple(crops["crop"]),
        "groups": tuple(groups),
        "group_of": _positions(crops["crop_group"], groups),
        "yield_t_per_ha": yields,
        "yield_is_regional": regional,
        "links": all_links(products, crops, diet, "rations"),
        "inventory_links": all_links(products, crops, diet, "inventories"),
        "ruminant_factor": 1.0,
        "inventory_factor": 1.0,
        "whole_diet_ratios": _whole_diet_ratios(),
        "spreads": _spreads(products, crops, diet, sds),
    }


def _jobs_and_gases(products: pl.DataFrame) -> dict[str, Any]:
    """Farm work by type of farm, greenhouse gases by product."""
    labour = table("food/labour")
    ghg = _aligned(table("food/ghg_by_product"), "food_group", products["food_group"])
    return {
        "farm_systems": tuple(labour["farm_system"]),
        "farm_system_of": _positions(products["farm_system"], labour["farm_system"]),
        "labour": _labour(labour),
        "ghg_kgco2e_per_kg": _floats(ghg["ghg_kgco2e_per_kg"]),
        "ghg_bounds": np.column_stack([_floats(ghg["ghg_low_kgco2e_per_kg"]), _floats(ghg["ghg_high_kgco2e_per_kg"])]),
        "transport_kgco2e_per_kg": _floats(ghg["transport_kgco2e_per_kg"]),
    }


def _fit(system: FoodSystem, method: str) -> float:
    """The factor that brings one person in France, at national yields, to the published land (PARCEL 2019)."""
    france = [system.region_index[FRANCE]]
    levers = Levers(method=method, relocated_feed=True)  # type: ignore[arg-type]
    land = per_person(system, [levers], france).land_ha[0, 0]
    target = system.parameters["calibration_land"] / system.parameters["france_metropolitan_population"]
    return fitted_factor(target, land[system.ruminant].sum(), land[~system.ruminant].sum())


def _regions() -> tuple[str, ...]:
    named = table("food/yields_by_region")["region_code"].unique().sort().to_list()
    return (*[code for code in named if code != BELGIUM], CORSICA, BELGIUM, FRANCE)


def _yields(regions: tuple[str, ...], crops: pl.DataFrame) -> tuple[Floats, np.ndarray, Floats]:
    """Yields by region with the national one where a series is missing, which are regional, and the sd of their mean."""
    national = _floats(crops["yield_t_per_ha"])
    yields = np.tile(national, (len(regions), 1))
    variation = np.full(yields.shape, np.nan)
    regional = np.zeros(yields.shape, dtype=bool)
    column = {crop: k for k, crop in enumerate(crops["crop"])}
    for row in table("food/yields_by_region").filter(pl.col("crop").is_in(list(column))).to_dicts():
        r, k = regions.index(row["region_code"]), column[row["crop"]]
        yields[r, k], regional[r, k] = row["yield_t_per_ha"], True
        variation[r, k] = np.nan if row["cv_departement"] is None else row["cv_departement"]
    for (region, crop), mean_t_per_ha in yields_by_region().items():
        if region in regions:
            yields[regions.index(region), column[crop]] = mean_t_per_ha
            regional[regions.index(region), column[crop]] = True
    has_series = ~np.isnan(variation).all(0)
    usual = np.where(has_series, np.nanmean(np.where(has_series, variation, 0.0), 0), 0.0)
    years = _spread("yield_years")
    return yields, regional, np.where(np.isnan(variation), usual, variation) / np.sqrt(years)


def _spreads(products: pl.DataFrame, crops: pl.DataFrame, diet: pl.DataFrame, yield_sd: Floats) -> Spreads:
    return Spreads(
        diet=_spread("diet"),
        ration=_spread("ration"),
        losses=_spread("losses"),
        yield_sd=yield_sd,
        yield_bounds=np.array(
            [_spread("recalled") if status == "hypothesis" else _spread(status) for status in crops["status"]]
        ),
        organic_bounds=organic_bounds(
            products,
            diet,
            {s: _spread(s if s != "hypothesis" else "recalled") for s in ("observed", "derived", "hypothesis")},
        ),
        ruminant_sd=_spread("ruminant_factor"),
    )


def _spread(source: str) -> float:
    return float(table_of_spreads()[source])


@cache
def table_of_spreads() -> dict[str, float]:
    """Width of each law of `food/uncertainty`, by source of doubt."""
    rows = table("food/uncertainty")
    return dict(zip(rows["source"], rows["spread"], strict=True))


def _avoidable_share() -> float:
    """Part of what is supplied that shops and homes waste: `1 − (1 − distribution)(1 − consumption)`."""
    stages = dict(zip(table("food/losses")["parameter"], table("food/losses")["value"], strict=True))
    return 1 - (1 - stages["stage_distribution"]) * (1 - stages["stage_consumption"])


def _whole_diet_ratios() -> tuple[Floats, Floats]:
    rows = table("food/organic_ratios").filter(pl.col("coefficient_set") == "ademe_whole_diet")
    meat = {"diet_vegan": 0.0, "diet_meat_30_g_per_day": 30.0, "diet_meat_170_g_per_day": 170.0}
    pairs = sorted((meat[row["product"]], row["organic_yield_ratio"]) for row in rows.to_dicts())
    return np.array([m for m, _ in pairs]), np.array([ratio for _, ratio in pairs])


def _diets(products: pl.DataFrame) -> dict[str, Floats]:
    names = list(products["food_group"])
    diets = {diet: np.ones(len(names)) for diet in table("food/diets")["diet"]}
    for row in table("food/diet_factors").to_dicts():
        diets[row["diet"]][names.index(row["food_group"])] = row["diet_ratio"]
    return diets


def _labour(rows: pl.DataFrame) -> Labour:
    def bounds(prefix: str) -> Floats:
        return np.column_stack([_floats(rows[f"{prefix}low_fte_per_ha"]), _floats(rows[f"{prefix}high_fte_per_ha"])])

    return Labour(_floats(rows["fte_per_ha"]), _floats(rows["organic_fte_per_ha"]), bounds(""), bounds("organic_"))


def _aligned(rows: pl.DataFrame, key: str, order: pl.Series) -> pl.DataFrame:
    """Rows in the order of a series of keys."""
    return order.alias(key).to_frame().join(rows, on=key, how="left", maintain_order="left")


def _positions(values: pl.Series, among: pl.Series) -> np.ndarray:
    places = {name: i for i, name in enumerate(among)}
    return np.array([places.get(value, -1) for value in values])


def _floats(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).to_numpy().copy()


def _flags(column: pl.Series) -> np.ndarray:
    return column.cast(pl.Boolean).to_numpy()
