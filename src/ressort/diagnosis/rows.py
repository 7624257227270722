"""The tables that a page shows, row by row; `tables` makes frames of them, which takes longer than to work them out."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from ressort.core.food.system import Floats
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.scales import next_level
from ressort.language import current_language, gettext
from ressort.reference import table
from ressort.reference.food_system import food_system
from ressort.reference.posts import posts

Rows = list[dict[str, Any]]
#: what a perimeter is told by, and what is told of a crop or a herd
SCALED = ("population_people", "capped_share", "gross_ratio", "known_share")
PRODUCED = ("post", "label", "value", "unit", "status", "year", "source")


def labels(key: str, id_column: str) -> dict[str, str]:
    """id → label in the language in force, from a reference table that has both languages."""
    return _labels(key, id_column, current_language())


@cache
def _labels(key: str, id_column: str, language: str) -> dict[str, str]:
    rows = table(key)
    return dict(zip(rows[id_column], rows[f"label_{language}"], strict=True))


def _groups(diagnosis: Diagnosis) -> Rows:
    """Land needed and available by crop group."""
    food = diagnosis.food
    if food is None:
        return []
    named, groups = labels("food/crop_groups", "crop_group"), food_system().groups
    low, high = quantiles(food.drawn_group_ha)
    ratio_low, ratio_high = (nullable(values) for values in quantiles(food.drawn_balance.by_group))
    available = nullable(food.available_ha)
    ratio, missing = nullable(food.balance.by_group), nullable(np.maximum(0, food.needed_ha - food.available_ha))
    above = [next_level(diagnosis.territory, g) if area is None else None for g, area in enumerate(available)]
    return [
        {
            "crop_group": group,
            "label": named[group],
            "needed_ha": float(food.needed_ha[g]),
            "needed_low_ha": float(low[g]),
            "needed_high_ha": float(high[g]),
            "available_ha": available[g],
            "available_low_ha": area.low_ha,
            "available_high_ha": None if area.is_floor else area.high_ha,
            "available_is_floor": area.is_floor,
            "adequacy_ratio": ratio[g],
            "adequacy_low_ratio": ratio_low[g],
            "adequacy_high_ratio": None if area.is_floor else ratio_high[g],
            "missing_ha": missing[g],
            "status": area.status,
            "year": area.year,
            "source": area.source,
            "next_level": scale and scale.label,
            "next_level_kind": scale and scale.kind,
            "next_level_ratio": scale and float(scale.by_group[g]),
        }
        for g, (group, area, scale) in enumerate(zip(groups, food.areas, above, strict=True))
    ]


def _scales(diagnosis: Diagnosis) -> Rows:
    """Autonomy as the perimeter grows, overall and by crop group."""
    ratios = [f"{group}_ratio" for group in food_system().groups]
    return [
        {
            "kind": scale.kind,
            "label": scale.label or gettext("within {km} km").format(km=scale.ring_km),
            **dict(zip(SCALED, nullable([getattr(scale, name) for name in SCALED]), strict=True)),
            **dict(zip(ratios, nullable(scale.by_group), strict=True)),
        }
        for scale in diagnosis.scales
    ]


def _drivers(diagnosis: Diagnosis) -> Rows:
    """The hypotheses that make the range of the land needed wide."""
    found = diagnosis.food.drivers if diagnosis.food else []
    return [{"hypothesis": d.name, "label": driver_label(d.name), "width_share": d.width_share} for d in found]


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


def _production(diagnosis: Diagnosis) -> Rows:
    """What is grown and raised here; herds that the territory counted itself win over the estimate."""
    french, own = current_language() == "fr", diagnosis.own.heads
    species = labels("agriculture/species", "species")
    told: list[tuple[str, str, float | None, str, str, str, str]] = [
        (p.name, p.label_fr if french else p.label_en, p.value, p.unit, p.status, p.year, p.source)
        for p in posts(diagnosis.territory)
        if p.name not in own
    ]
    told += [(name, species[name], f.value, f.unit, f.status, f.year, f.source) for name, f in own.items()]
    return [dict(zip(PRODUCED, row, strict=True)) for row in told]


ROWS: dict[str, Callable[[Diagnosis], Rows]] = {
    "groups": _groups,
    "scales": _scales,
    "drivers": _drivers,
    "production": _production,
}


def nullable(values: Iterable[float]) -> list[float | None]:
    """Numbers as Python's own, None where one is not known."""
    return [None if value != value else float(value) for value in values]


def quantiles(drawn: Floats) -> tuple[Floats, Floats]:
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
