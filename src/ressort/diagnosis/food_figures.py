"""The food of a territory as figures: central value, range, status, source."""

import numpy as np

from ressort.core.figure import Figure, Status, missing
from ressort.core.food.system import Floats
from ressort.diagnosis.food import THIRSTY, FoodDiagnosis
from ressort.reference.food_system import food_system
from ressort.reference.indicators import indicator

DIET = "food/diet"
DIET_YEAR = "2016-2020"
AREAS = "agriculture/departement_crops"
AREAS_YEAR = "2018-2019"
M2_PER_HA = 10_000.0

#: figures of the food chapter, in the order of the screens
FOOD_INDICATORS = (
    "adequacy_capped_share",
    "adequacy_gross_ratio",
    "adequacy_known_share",
    "feeding_potential_ratio",
    "actual_autonomy_share",
    "land_needed_ha",
    "land_needed_m2_per_people",
    "land_available_ha",
    "land_abroad_ha",
    "jobs_needed_fte",
    "ghg_kgco2e_per_people",
    "food_nitrogen_kg_per_people",
    "mineral_arable_ha",
    "thirsty_crops_ha",
    "permanent_grass_share",
)


def food_figures(food: FoodDiagnosis | None, actual_autonomy: Figure | None = None) -> dict[str, Figure]:
    """The figures of the food chapter; all missing, with their reason, where the model does not reach."""
    flows = actual_autonomy or missing("share", "not_available", how="actual_autonomy_share")
    if food is None:
        units = {"actual_autonomy_share": flows}
        return units | {
            key: missing(_unit(key), "not_applicable", how=key) for key in FOOD_INDICATORS if key not in units
        }
    figures = _land(food) | _autonomy(food) | _impacts(food)
    figures["actual_autonomy_share"] = flows
    return {key: figures[key] for key in FOOD_INDICATORS}


def _land(food: FoodDiagnosis) -> dict[str, Figure]:
    drawn = food.drawn_family_ha.sum(-1)
    central = float(food.central.land_ha.sum())
    low, high = _range(drawn)
    needed = Figure(
        value=central,
        low=min(low, *food.by_set.values()) if _has_organic(food) else low,
        high=max(high, *food.by_set.values()) if _has_organic(food) else high,
        unit="ha",
        status="estimated",
        year=DIET_YEAR,
        source=DIET,
        how="land_needed_ha",
    )
    people = Figure(value=food.people, unit="people", status="observed")
    by_people = needed.over(people, "m2_per_people")
    return {
        "land_needed_ha": needed,
        "land_needed_m2_per_people": _scaled(by_people, M2_PER_HA, "land_needed_m2_per_people"),
        "land_abroad_ha": _food_figure("land_abroad_ha", "ha", float(food.central.land_abroad_ha.sum())),
    }


def _autonomy(food: FoodDiagnosis) -> dict[str, Figure]:
    known = ~np.isnan(food.available_ha)
    keys = {"adequacy_capped_share": "share", "adequacy_gross_ratio": "ratio", "adequacy_known_share": "share"}
    keys |= {"feeding_potential_ratio": "ratio", "land_available_ha": "ha"}
    if not known.any() or not food.needed_ha.sum() > 0:
        return {
            key: missing(unit, "not_available" if food.people else "not_applicable", how=key)
            for key, unit in keys.items()
        }
    areas = [area for area in food.areas if area.area_ha is not None]
    available = float(food.available_ha[known].sum())
    worst: Status = "observed" if all(area.status == "observed" for area in areas) else "estimated"
    drawn_needed, drawn_available = food.drawn_group_ha.sum(-1), food.drawn_available_ha[:, known].sum(-1)
    low, high = _range(drawn_available)
    return {
        "adequacy_capped_share": _ranged(
            "adequacy_capped_share", "share", float(food.balance.capped), food.drawn_balance.capped
        ),
        "adequacy_gross_ratio": _ranged(
            "adequacy_gross_ratio", "ratio", float(food.balance.gross), food.drawn_balance.gross
        ),
        "adequacy_known_share": _areas_figure("adequacy_known_share", "share", float(food.balance.known_share)),
        "feeding_potential_ratio": _ranged(
            "feeding_potential_ratio", "ratio", available / float(food.needed_ha.sum()), drawn_available / drawn_needed
        ),
        "land_available_ha": Figure(
            value=available,
            low=min(low, available),
            high=max(high, available),
            unit="ha",
            status=worst,
            year=AREAS_YEAR,
            source=AREAS,
            how="land_available_ha",
        )
        if not food.levers.converted_ha
        else _areas_figure("land_available_ha", "ha", available),
    }


def _impacts(food: FoodDiagnosis) -> dict[str, Figure]:
    system, central = food_system(), food.central
    grass = system.crops.index("grass_permanent")
    grass_ha = float(central.crop_land_ha[grass])
    thirsty_ha = float(central.crop_land_ha[[system.crops.index(crop) for crop in THIRSTY]].sum())
    land_ha = float(central.land_ha.sum())
    mineral_ha = float(np.delete(central.crop_land_ha - central.organic_crop_land_ha, grass).sum())
    low, high = _range(food.drawn_jobs_fte)
    jobs = float(central.jobs_fte.sum())
    return _per_person(food) | {
        "jobs_needed_fte": Figure(
            value=jobs,
            low=low,
            high=high,
            unit="fte",
            status="hypothesis",
            year="2010-2021",
            source="food/labour",
            how="jobs_needed_fte",
        ),
        "mineral_arable_ha": _food_figure("mineral_arable_ha", "ha", mineral_ha),
        "thirsty_crops_ha": _food_figure("thirsty_crops_ha", "ha", thirsty_ha),
        "permanent_grass_share": _food_figure("permanent_grass_share", "share", grass_ha / land_ha)
        if land_ha > 0
        else missing("share", "not_applicable", how="permanent_grass_share"),
    }


def _per_person(food: FoodDiagnosis) -> dict[str, Figure]:
    """Gases and nitrogen for one person; missing where nobody lives."""
    if food.people == 0:
        keys = ("ghg_kgco2e_per_people", "food_nitrogen_kg_per_people")
        return {key: missing(_unit(key), "not_applicable", how=key) for key in keys}
    low, high = _range(food.drawn_ghg_kgco2e / food.people)
    return {
        "ghg_kgco2e_per_people": Figure(
            value=float(food.central.ghg_kgco2e.sum()) / food.people,
            low=low,
            high=high,
            unit="kgco2e_per_people",
            status="estimated",
            year="2024",
            source="food/ghg_by_product",
            how="ghg_kgco2e_per_people",
        ),
        "food_nitrogen_kg_per_people": _food_figure(
            "food_nitrogen_kg_per_people", "kg_per_people", food.nitrogen_kg / food.people
        ),
    }


def _has_organic(food: FoodDiagnosis) -> bool:
    return "rations" not in food.by_set


def _range(drawn: Floats) -> tuple[float, float]:
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return float(low), float(high)


def _ranged(key: str, unit: str, value: float, drawn: Floats) -> Figure:
    low, high = _range(drawn)
    return Figure(
        value=value,
        low=min(low, value),
        high=max(high, value),
        unit=unit,
        status="estimated",
        year=AREAS_YEAR,
        source=AREAS,
        how=key,
    )


def _food_figure(key: str, unit: str, value: float) -> Figure:
    return Figure(value=value, unit=unit, status="estimated", year=DIET_YEAR, source=DIET, how=key)


def _areas_figure(key: str, unit: str, value: float) -> Figure:
    return Figure(value=value, unit=unit, status="estimated", year=AREAS_YEAR, source=AREAS, how=key)


def _scaled(figure: Figure, factor: float, key: str) -> Figure:
    if figure.value is None:
        return missing(figure.unit, "not_applicable", how=key)
    low, high = (None if bound is None else bound * factor for bound in (figure.low, figure.high))
    return Figure(
        value=figure.value * factor,
        low=low,
        high=high,
        unit=figure.unit,
        status="estimated",
        year=DIET_YEAR,
        source=DIET,
        how=key,
    )


def _unit(key: str) -> str:
    return indicator(key).unit
