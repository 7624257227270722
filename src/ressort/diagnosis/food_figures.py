"""The food of a territory as figures: central value, range, status, year, source.

Every range holds the 5th and 95th centiles of the draws, the central value, and, where something is organic, the central
value under each set of organic coefficients: published sets disagree by more than the draws of one of them.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from ressort.core.figure import STATUSES, Figure, Status, missing
from ressort.core.food import Adequacy
from ressort.core.food.balance import NOTHING
from ressort.core.food.system import Floats
from ressort.diagnosis.food import FoodDiagnosis
from ressort.reference.indicators import indicator

Values = TypeVar("Values", float, Floats)
DIET, DIET_YEAR = "food/diet", "2016-2020"
LABOUR, LABOUR_YEAR = "food/labour", "2010-2021"
GASES, GASES_YEAR = "food/ghg_by_product", "2024"
M2_PER_HA = 10_000.0

#: total of a footprint → its indicator, source, year, status
TOTALS: dict[str, tuple[str, str, str, Status]] = {
    "land_needed_ha": ("land_ha", DIET, DIET_YEAR, "estimated"),
    "land_abroad_ha": ("land_abroad_ha", DIET, DIET_YEAR, "estimated"),
    "jobs_needed_fte": ("jobs_fte", LABOUR, LABOUR_YEAR, "hypothesis"),
    "mineral_arable_ha": ("mineral_arable_ha", DIET, DIET_YEAR, "estimated"),
    "thirsty_crops_ha": ("thirsty_crops_ha", DIET, DIET_YEAR, "estimated"),
}
PER_PEOPLE: dict[str, tuple[str, float, str, str, Status]] = {
    "land_needed_m2_per_people": ("land_ha", M2_PER_HA, DIET, DIET_YEAR, "estimated"),
    "ghg_kgco2e_per_people": ("ghg_kgco2e", 1.0, GASES, GASES_YEAR, "estimated"),
    "food_nitrogen_kg_per_people": ("nitrogen_kg", 1.0, DIET, DIET_YEAR, "estimated"),
    "mineral_arable_m2_per_people": ("mineral_arable_ha", M2_PER_HA, DIET, DIET_YEAR, "estimated"),
    "thirsty_crops_m2_per_people": ("thirsty_crops_ha", M2_PER_HA, DIET, DIET_YEAR, "estimated"),
}
#: indicator → total above, total below, source, year, status
RATIOS: dict[str, tuple[str, str, str, str, Status]] = {
    "permanent_grass_share": ("permanent_grass_ha", "land_ha", DIET, DIET_YEAR, "estimated"),
    "ghg_transport_share": ("transport_kgco2e", "transported_kgco2e", GASES, GASES_YEAR, "derived"),
    "ghg_kgco2e_per_ha": ("ghg_kgco2e", "whole_land_ha", GASES, GASES_YEAR, "estimated"),
    "food_nitrogen_kg_per_ha": ("nitrogen_kg", "whole_land_ha", DIET, DIET_YEAR, "estimated"),
    "jobs_needed_fte_per_ha": ("jobs_fte", "land_ha", LABOUR, LABOUR_YEAR, "hypothesis"),
}
BALANCES = (
    "adequacy_capped_share",
    "adequacy_gross_ratio",
    "adequacy_known_share",
    "feeding_potential_ratio",
    "land_available_ha",
)
FOOD_INDICATORS = (*BALANCES, "actual_autonomy_share", *TOTALS, *PER_PEOPLE, *RATIOS)


def food_figures(food: FoodDiagnosis | None, actual_autonomy: Figure | None = None) -> dict[str, Figure]:
    """The figures of the food chapter; all missing, with their reason, where the model does not reach."""
    flows = actual_autonomy or missing("share", "not_available", how="actual_autonomy_share")
    if food is None:
        unreached = {key: missing(_unit(key), "not_applicable", how=key) for key in FOOD_INDICATORS}
        return unreached | {"actual_autonomy_share": flows}
    return _totals(food) | _each(food) | _ratios(food) | _autonomy(food) | {"actual_autonomy_share": flows}


def _totals(food: FoodDiagnosis) -> dict[str, Figure]:
    found = {}
    for key, (name, source, year, status) in TOTALS.items():
        found[key] = _figure(key, food.totals[name], food.drawn_totals[name], _others(food, name), source, year, status)
    return found


def _each(food: FoodDiagnosis) -> dict[str, Figure]:
    """For one person; missing where nobody lives."""
    if food.people == 0:
        return {key: missing(_unit(key), "not_applicable", how=key) for key in PER_PEOPLE}
    found = {}
    for key, (name, factor, source, year, status) in PER_PEOPLE.items():
        each = factor / food.people
        others = [value * each for value in _others(food, name)]
        found[key] = _figure(
            key, food.totals[name] * each, food.drawn_totals[name] * each, others, source, year, status
        )
    return found


def _ratios(food: FoodDiagnosis) -> dict[str, Figure]:
    """One total over another; missing where the one below is zero."""
    central, drawn = _with_whole_land(food.totals), _with_whole_land(food.drawn_totals)
    others = [_with_whole_land(values) for values in food.other_totals.values()] if _has_organic(food) else []
    found = {}
    for key, (above, below, source, year, status) in RATIOS.items():
        if not central[below] > NOTHING:
            found[key] = missing(_unit(key), "not_applicable", how=key)
            continue
        across = [values[above] / values[below] for values in others if values[below] > 0]
        found[key] = _figure(
            key, central[above] / central[below], drawn[above] / drawn[below], across, source, year, status
        )
    return found


def _with_whole_land(values: dict[str, Values]) -> dict[str, Values]:
    """The totals with the land here and abroad together."""
    return values | {"whole_land_ha": values["land_ha"] + values["land_abroad_ha"]}


def _autonomy(food: FoodDiagnosis) -> dict[str, Figure]:
    known = ~np.isnan(food.available_ha)
    if not known.any() or not food.needed_ha.sum() > NOTHING:
        reason = "not_available" if food.people else "not_applicable"
        return {key: missing(_unit(key), reason, how=key) for key in BALANCES}  # type: ignore[arg-type]
    source, year, status = _told_by(food)
    available, drawn = float(food.available_ha[known].sum()), food.drawn_available_ha[:, known].sum(-1)

    def balance(key: str, of: Callable[[Adequacy], Floats]) -> Figure:
        others = [float(of(one)) for one in food.other_balances.values()] if _has_organic(food) else []
        worst: Status = max(status, "estimated", key=STATUSES.index)
        return _figure(key, float(of(food.balance)), of(food.drawn_balance), others, source, year, worst)

    others = [available / total for total in _others(food, "land_ha") if total > 0]
    needed, drawn_needed = float(food.needed_ha.sum()), food.drawn_group_ha.sum(-1)
    return {
        "adequacy_capped_share": balance("adequacy_capped_share", lambda one: one.capped),
        "adequacy_gross_ratio": balance("adequacy_gross_ratio", lambda one: one.gross),
        "adequacy_known_share": balance("adequacy_known_share", lambda one: one.known_share),
        "feeding_potential_ratio": _figure(
            "feeding_potential_ratio", available / needed, drawn / drawn_needed, others, source, year, "estimated"
        ),
        "land_available_ha": _figure("land_available_ha", available, drawn, [], source, year, status),
    }


def _told_by(food: FoodDiagnosis) -> tuple[str, str, Status]:
    """The table that tells most of the hectares available, its year, and the least sure status among them all."""
    areas = [area for area in food.areas if area.area_ha is not None]
    held: dict[tuple[str, str], float] = {}
    for area in areas:
        held[area.source, area.year] = held.get((area.source, area.year), 0.0) + (area.area_ha or 0.0)
    source, year = max(held, key=lambda told: held[told])
    moved: Status = "estimated" if food.levers.converted_ha else "observed"
    return source, year, max((moved, *(area.status for area in areas)), key=STATUSES.index)


def _others(food: FoodDiagnosis, name: str) -> list[float]:
    """A total under each set of organic coefficients; nothing where nothing is organic."""
    return [values[name] for values in food.other_totals.values()] if _has_organic(food) else []


def _has_organic(food: FoodDiagnosis) -> bool:
    return "rations" not in food.other_totals


def _figure(
    key: str, value: float, drawn: Floats, others: list[float], source: str, year: str, status: Status
) -> Figure:
    low, high = _centiles(drawn)
    return Figure(
        value=value,
        low=min(low, value, *others),
        high=max(high, value, *others),
        unit=_unit(key),
        status=status,
        year=year,
        source=source,
        how=key,
    )


def _centiles(drawn: Floats) -> tuple[float, float]:
    """The 5th and 95th centiles, as `np.nanquantile` gives them; a page has twenty, and a partition does less than they do."""
    known = drawn[~np.isnan(drawn)]
    last = len(known) - 1
    if last < 0:
        return float("nan"), float("nan")
    before = [int(0.05 * last), int(0.95 * last)]
    ordered = np.partition(known, [*before, *(min(at + 1, last) for at in before)])
    return _between(ordered, 0.05 * last), _between(ordered, 0.95 * last)


def _between(ordered: Floats, at: float) -> float:
    """The value at a position that may fall between two."""
    before = int(at)
    low, high = float(ordered[before]), float(ordered[min(before + 1, len(ordered) - 1)])
    return low if at == before else low + (high - low) * (at - before)


def _unit(key: str) -> str:
    return indicator(key).unit
