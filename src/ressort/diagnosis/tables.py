"""The tables of a diagnosis: what is on screen, in files and in the report, from one place."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import numpy as np
import polars as pl

from ressort.core.errors import UnknownCode
from ressort.core.figure import Figure
from ressort.core.food.system import Floats
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.scales import next_level
from ressort.language import current_language, gettext
from ressort.reference import table
from ressort.reference.food_system import food_system
from ressort.reference.indicators import indicators
from ressort.reference.posts import posts


def build(diagnosis: Diagnosis, name: str) -> pl.DataFrame:
    """One table by name.

    Raises:
        UnknownCode: no table bears that name.
    """
    if name not in TABLES:
        raise UnknownCode("No table is called {name}; the tables are {choices}.", name=name, choices=list(TABLES))
    return TABLES[name](diagnosis)


def labels(key: str, id_column: str) -> dict[str, str]:
    """id → label in the language in force, from a reference table that has both languages."""
    rows = table(key)
    return dict(zip(rows[id_column], rows[f"label_{current_language()}"], strict=True))


def _figures(diagnosis: Diagnosis) -> pl.DataFrame:
    return pl.DataFrame([_figure_row(key, figure) for key, figure in diagnosis.figures.items()], schema=_FIGURE_SCHEMA)


_FIGURE_SCHEMA = {
    "indicator": pl.String,
    "label": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "status": pl.String,
    "year": pl.String,
    "source": pl.String,
    "reason": pl.String,
}


def _figure_row(key: str, figure: Figure) -> dict[str, Any]:
    return {
        "indicator": key,
        "label": indicators()[key].label(current_language()),
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "status": figure.status,
        "year": figure.year,
        "source": figure.source,
        "reason": figure.reason,
    }


def _groups(diagnosis: Diagnosis) -> pl.DataFrame:
    """Land needed and available by crop group."""
    food = diagnosis.food
    named = labels("food/crop_groups", "crop_group")
    if food is None:
        return pl.DataFrame(schema={"crop_group": pl.String, "label": pl.String})
    low, high = _quantiles(food.drawn_group_ha)
    ratio_low, ratio_high = _quantiles(food.drawn_balance.by_group)
    groups = food_system().groups
    above = [
        next_level(diagnosis.territory, g) if area is None else None
        for g, area in enumerate(_nullable(food.available_ha))
    ]
    return pl.DataFrame(
        {
            "crop_group": groups,
            "label": [named[group] for group in groups],
            "needed_ha": food.needed_ha,
            "needed_low_ha": low,
            "needed_high_ha": high,
            "available_ha": _nullable(food.available_ha),
            "available_low_ha": [area.low_ha for area in food.areas],
            "available_high_ha": [None if area.is_floor else area.high_ha for area in food.areas],
            "available_is_floor": [area.is_floor for area in food.areas],
            "adequacy_ratio": _nullable(food.balance.by_group),
            "adequacy_low_ratio": _nullable(ratio_low),
            "adequacy_high_ratio": [
                None if area.is_floor else high for area, high in zip(food.areas, _nullable(ratio_high), strict=True)
            ],
            "missing_ha": _nullable(np.maximum(0, food.needed_ha - food.available_ha)),
            "status": [area.status for area in food.areas],
            "year": [area.year for area in food.areas],
            "source": [area.source for area in food.areas],
            "next_level": [scale and scale.label for scale in above],
            "next_level_kind": [scale and scale.kind for scale in above],
            "next_level_ratio": [scale and float(scale.by_group[g]) for g, scale in enumerate(above)],
        },
        schema_overrides={"next_level": pl.String, "next_level_kind": pl.String, "next_level_ratio": pl.Float64},
        strict=False,
    )


def _families(diagnosis: Diagnosis) -> pl.DataFrame:
    """Land, jobs and greenhouse gases by family of food."""
    food, system = diagnosis.food, food_system()
    if food is None:
        return pl.DataFrame(schema={"family": pl.String, "label": pl.String})
    named = labels("food/families", "family")
    low, high = _quantiles(food.drawn_family_ha)
    central = food.central

    def by_family(values: Floats) -> Floats:
        return np.bincount(system.family_of, values, len(system.families)).astype(float)

    return pl.DataFrame(
        {
            "family": system.families,
            "label": [named[family] for family in system.families],
            "need_kg": by_family(central.need_kg),
            "local_kg": by_family(central.local_kg),
            "land_ha": by_family(central.land_ha),
            "land_low_ha": low,
            "land_high_ha": high,
            "organic_land_ha": by_family(central.organic_land_ha),
            "land_abroad_ha": by_family(central.land_abroad_ha),
            "jobs_fte": by_family(central.jobs_fte),
            "ghg_kgco2e": by_family(central.ghg_kgco2e),
        }
    )


def _products(diagnosis: Diagnosis) -> pl.DataFrame:
    """Kilograms, land, jobs and greenhouse gases by product."""
    food, system = diagnosis.food, food_system()
    if food is None:
        return pl.DataFrame(schema={"product": pl.String, "label": pl.String})
    named = labels("food/products", "food_group")
    central = food.central
    return pl.DataFrame(
        {
            "product": system.products,
            "label": [named[product] for product in system.products],
            "need_kg": central.need_kg,
            "local_kg": central.local_kg,
            "land_ha": central.land_ha,
            "organic_land_ha": central.organic_land_ha,
            "land_abroad_ha": central.land_abroad_ha,
            "jobs_fte": central.jobs_fte,
            "ghg_kgco2e": np.where(np.isnan(system.ghg_kgco2e_per_kg), np.nan, central.ghg_kgco2e),
        }
    ).with_columns(pl.col("ghg_kgco2e").fill_nan(None))


def _comparison(diagnosis: Diagnosis) -> pl.DataFrame:
    return _beside(diagnosis, diagnosis.comparison)


def _similar(diagnosis: Diagnosis) -> pl.DataFrame:
    return _beside(diagnosis, diagnosis.similar)


def _beside(diagnosis: Diagnosis, others: list[Any]) -> pl.DataFrame:
    """One row a territory, this one first; one column an indicator."""
    rows = [(diagnosis.territory, diagnosis.figures), *others]
    return pl.DataFrame(
        [
            {"territory": place.key, "label": place.label}
            | {key: figures[key].value if key in figures else None for key in indicators()}
            for place, figures in rows
        ],
        schema={"territory": pl.String, "label": pl.String} | dict.fromkeys(indicators(), pl.Float64),
    )


def _scales(diagnosis: Diagnosis) -> pl.DataFrame:
    """Autonomy as the perimeter grows, overall and by crop group."""
    groups = food_system().groups
    names = ("population_people", "capped_share", "gross_ratio", "known_share")
    rows = [
        [
            scale.kind,
            scale.label or gettext("within {km} km").format(km=scale.ring_km),
            *_nullable([getattr(scale, name) for name in names]),
            *_nullable(scale.by_group),
        ]
        for scale in diagnosis.scales
    ]
    numbers = dict.fromkeys((*names, *(f"{group}_ratio" for group in groups)), pl.Float64)
    return pl.DataFrame(rows, {"kind": pl.String, "label": pl.String, **numbers}, orient="row")


def _drivers(diagnosis: Diagnosis) -> pl.DataFrame:
    """The hypotheses that make the range of the land needed wide."""
    found = diagnosis.food.drivers if diagnosis.food else []
    rows = [{"hypothesis": d.name, "label": driver_label(d.name), "width_share": d.width_share} for d in found]
    return pl.DataFrame(rows, schema={"hypothesis": pl.String, "label": pl.String, "width_share": pl.Float64})


def driver_label(name: str) -> str:
    """A hypothesis in words: `yield:grass_permanent` → "Yields: permanent grass"."""
    kind, _, key = name.partition(":")
    kinds = {
        "yield": gettext("yield of {what}"),
        "diet": gettext("quantity eaten of {what}"),
        "ration": gettext("feed ration of {what}"),
        "organic": gettext("organic ratio of {what}"),
    }
    if kind not in kinds:
        return {"ruminant_factor": gettext("ruminant factor"), "losses": gettext("losses from field to shop")}[kind]
    named = labels("food/crops", "crop") if kind == "yield" else labels("food/products", "food_group")
    return kinds[kind].format(what=named[key].lower())


def _choices(diagnosis: Diagnosis) -> pl.DataFrame:
    """Land needed under each discrete choice: organic coefficients, or the method for animals."""
    found = diagnosis.food.by_set if diagnosis.food else {}
    named = labels("food/organic_sets", "coefficient_set") | {
        "rations": gettext("Rations and yields"),
        "inventories": gettext("Life-cycle inventories"),
    }
    rows = [{"choice": key, "label": named[key], "land_needed_ha": value} for key, value in found.items()]
    return pl.DataFrame(rows, schema={"choice": pl.String, "label": pl.String, "land_needed_ha": pl.Float64})


def _farm_starts(diagnosis: Diagnosis) -> pl.DataFrame:
    """Market gardens year by year."""
    plan = diagnosis.food.farm_starts if diagnosis.food else None
    names = ("active_farms", "land_ha", "covered_share", "covered_low_share", "covered_high_share")
    schema = {"year_of_plan": pl.Int64} | dict.fromkeys(names, pl.Float64)
    if plan is None:
        return pl.DataFrame(schema=schema)
    years = range(1, len(plan.active_farms) + 1)
    return pl.DataFrame([list(years), *(getattr(plan, name) for name in names)], schema=schema).fill_nan(None)


def _production(diagnosis: Diagnosis) -> pl.DataFrame:
    """What is grown and raised here; herds that the territory counted itself win over the estimate."""
    french, own = current_language() == "fr", diagnosis.own.heads
    species = {key: fr if french else en for key, fr, en in table("agriculture/species").iter_rows()}
    rows = [
        [p.name, p.label_fr if french else p.label_en, p.value, p.unit, p.status, p.year, p.source]
        for p in posts(diagnosis.territory)
        if p.name not in own
    ]
    rows += [[name, species[name], f.value, f.unit, f.status, f.year, f.source] for name, f in own.items()]
    schema = {"post": pl.String, "label": pl.String, "value": pl.Float64}
    return pl.DataFrame(rows, schema | dict.fromkeys(("unit", "status", "year", "source"), pl.String), orient="row")


def _later(module: str, name: str) -> Callable[[Diagnosis], pl.DataFrame]:
    """A table that a module beside this one builds, imported when first asked for."""
    return lambda diagnosis: getattr(import_module(f"ressort.diagnosis.{module}"), name)(diagnosis)


TABLES: dict[str, Callable[[Diagnosis], pl.DataFrame]] = {
    "figures": _figures,
    "groups": _groups,
    "families": _families,
    "products": _products,
    "production": _production,
    "scales": _scales,
    "comparison": _comparison,
    "similar": _similar,
    "drivers": _drivers,
    "choices": _choices,
    "farm_starts": _farm_starts,
    "canteens": _later("canteens", "canteens"),
    "energy": _later("energy", "energy"),
    "disasters": _later("local_tables", "disasters"),
    "food_projects": _later("local_tables", "food_projects"),
}


def _nullable(values: Iterable[float]) -> list[float | None]:
    return [None if value != value else float(value) for value in values]


def _quantiles(drawn: Floats) -> tuple[Floats, Floats]:
    """P5 and P95 by column as `np.quantile` gives them, nan where a column is not known; long rows are parted, not sorted."""
    last = len(drawn) - 1
    at = np.array([0.05, 0.95]) * last
    before, part = at.astype(int), at % 1.0
    ordered = np.partition(np.ascontiguousarray(drawn.T), [*before, *np.minimum(before + 1, last), last])
    low, high = (
        ordered[:, one] + (ordered[:, min(one + 1, last)] - ordered[:, one]) * rest
        for one, rest in zip(before.tolist(), part.tolist(), strict=True)
    )
    known = ~np.isnan(ordered[:, -1])
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
