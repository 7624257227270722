"""The tables of a diagnosis: what is on screen, in files and in the report, from one place."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import polars as pl

from ressort.core.errors import UnknownCode
from ressort.core.figure import Figure
from ressort.core.food.system import Floats
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.rows import PRODUCED, ROWS, SCALED, Rows, labels, quantiles
from ressort.language import current_language, gettext
from ressort.reference.food_system import food_system
from ressort.reference.indicators import indicators


def build(diagnosis: Diagnosis, name: str) -> pl.DataFrame:
    """One table by name.

    Raises:
        UnknownCode: no table bears that name.
    """
    if name not in TABLES:
        raise UnknownCode("No table is called {name}; the tables are {choices}.", name=name, choices=list(TABLES))
    return TABLES[name](diagnosis)


def rows(diagnosis: Diagnosis, name: str) -> Rows:
    """One table by name, as a page shows it: the same values, row by row.

    Raises:
        UnknownCode: no table bears that name.
    """
    return ROWS[name](diagnosis) if name in ROWS else build(diagnosis, name).to_dicts()


def _columns(kind: type[pl.DataType], *names: str) -> dict[str, type[pl.DataType]]:
    return dict.fromkeys(names, kind)


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
    named = _columns(pl.String, "crop_group", "label")
    return pl.DataFrame(ROWS["groups"](diagnosis), named | _GROUP_COLUMNS if diagnosis.food else named)


_GROUP_COLUMNS = (
    _columns(pl.Float64, "needed_ha", "needed_low_ha", "needed_high_ha")
    | _columns(pl.Float64, "available_ha", "available_low_ha", "available_high_ha")
    | _columns(pl.Boolean, "available_is_floor")
    | _columns(pl.Float64, "adequacy_ratio", "adequacy_low_ratio", "adequacy_high_ratio", "missing_ha")
    | _columns(pl.String, "status", "year", "source", "next_level", "next_level_kind")
    | _columns(pl.Float64, "next_level_ratio")
)


def _families(diagnosis: Diagnosis) -> pl.DataFrame:
    """Land, jobs and greenhouse gases by family of food."""
    food, system = diagnosis.food, food_system()
    if food is None:
        return pl.DataFrame(schema={"family": pl.String, "label": pl.String})
    named = labels("food/families", "family")
    low, high = quantiles(food.drawn_family_ha)
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
    ratios = [f"{group}_ratio" for group in food_system().groups]
    columns = _columns(pl.String, "kind", "label") | _columns(pl.Float64, *SCALED, *ratios)
    return pl.DataFrame(ROWS["scales"](diagnosis), columns)


def _drivers(diagnosis: Diagnosis) -> pl.DataFrame:
    """The hypotheses that make the range of the land needed wide."""
    columns = _columns(pl.String, "hypothesis", "label") | _columns(pl.Float64, "width_share")
    return pl.DataFrame(ROWS["drivers"](diagnosis), columns)


def _production(diagnosis: Diagnosis) -> pl.DataFrame:
    """What is grown and raised here."""
    columns = _columns(pl.String, *PRODUCED) | _columns(pl.Float64, "value")
    return pl.DataFrame(ROWS["production"](diagnosis), columns)


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
