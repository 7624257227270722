"""Quotas: read, checked, or worked out from the population."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ressort.core.errors import InputError
from ressort.core.panel.tables import Problem, Table, column_named, plain, refuse_all

_NAMES = {
    "criterion": ("criterion", "critere", "category", "categorie"),
    "value": ("value", "valeur", "feature", "modalite"),
    "least": ("min", "minimum", "least"),
    "most": ("max", "maximum", "most"),
    "population": ("population", "habitants", "people"),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """How many people of the panel bear a value of a criterion, at least and at most.

    Args:
        population_people: inhabitants who bear the value (a share will do: only proportions count), None when not known.
    """

    criterion: str
    value: str
    least: int
    most: int
    population_people: float | None = None


def criteria_of(quotas: Sequence[Quota]) -> tuple[str, ...]:
    """The criteria, in the order in which the quotas name them."""
    return tuple(dict.fromkeys(quota.criterion for quota in quotas))


def read_quotas(table: Table) -> tuple[Quota, ...]:
    """The quotas of a table with the columns criterion, value, min, max and, if known, population.

    Raises:
        InputError: a column is absent.
        TableRefused: a bound that is no whole number, a minimum above its maximum, a value named twice.
    """
    found = {key: column_named(table.columns, names) for key, names in _NAMES.items()}
    for key in ("criterion", "value", "least", "most"):
        if found[key] is None:
            raise InputError(
                "The table of quotas has no column {name}. It needs: critere, valeur, min, max.", name=_NAMES[key][1]
            )
    problems: list[Problem] = []
    quotas: list[Quota] = []
    seen: set[tuple[str, str]] = set()
    for line, row in zip(table.lines, table.rows, strict=True):
        quota = _quota(line, row, found, problems)
        if quota is None:
            continue
        if (quota.criterion, quota.value) in seen:
            problems.append(Problem(line, quota.criterion, "“{value}” is here twice.", {"value": quota.value}))
        seen.add((quota.criterion, quota.value))
        quotas.append(quota)
    refuse_all(problems)
    return tuple(quotas)


def read_population(table: Table) -> dict[str, dict[str, float]]:
    """The people of each value of each criterion, from a table with the columns criterion, value and population.

    Raises:
        InputError: a column is absent.
        TableRefused: an empty value, one named twice, a population that is no number, a criterion without anybody.
    """
    found = {key: column_named(table.columns, _NAMES[key]) for key in ("criterion", "value", "population")}
    for key, column in found.items():
        if column is None:
            raise InputError("The table has no column {name}.", name=_NAMES[key][-3 if key == "population" else 1])
    problems: list[Problem] = []
    people: dict[str, dict[str, float]] = {}
    for line, row in zip(table.lines, table.rows, strict=True):
        criterion, value = (plain(row[found[key] or ""]) for key in ("criterion", "value"))
        if not criterion or not value:
            problems.append(Problem(line, found["value"] or "", "The criterion or its value is empty.", {}))
        elif value in people.get(criterion, {}):
            problems.append(Problem(line, criterion, "“{value}” is here twice.", {"value": value}))
        else:
            known = _people(line, row[found["population"] or ""], found["population"] or "", problems)
            people.setdefault(criterion, {})[value] = known or 0.0
    for criterion, values in people.items():
        if not problems and sum(values.values()) <= 0:
            problems.append(Problem(0, criterion, "Nobody bears any of its values.", {}))
    refuse_all(problems)
    return people


def _people(line: int, text: str, column: str, problems: list[Problem]) -> float | None:
    bare = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    if re.fullmatch(r"\d{1,12}(\.\d+)?", bare):
        return float(bare)
    problems.append(Problem(line, column, "“{given}” is not a number.", {"given": text}))
    return None


def _quota(line: int, row: dict[str, str], found: dict[str, str | None], problems: list[Problem]) -> Quota | None:
    criterion, value = (plain(row[found[key] or ""]) for key in ("criterion", "value"))
    before = len(problems)
    if not criterion or not value:
        problems.append(Problem(line, found["value"] or "", "The criterion or its value is empty.", {}))
    bounds = {}
    for key in ("least", "most"):
        text = row[found[key] or ""]
        if re.fullmatch(r"\d{1,6}", text):
            bounds[key] = int(text)
        else:
            problems.append(Problem(line, found[key] or "", "“{given}” is not a whole number.", {"given": text}))
    if len(bounds) == 2 and bounds["least"] > bounds["most"]:
        facts = {"least": bounds["least"], "most": bounds["most"], "value": value}
        problems.append(Problem(line, criterion, "“{value}”: the minimum {least} is above the maximum {most}.", facts))
    known = found["population"]
    population = _people(line, row[known], known, problems) if known and row[known] else None
    if len(problems) > before:
        return None
    return Quota(criterion, value, bounds["least"], bounds["most"], population)


def quotas_from_population(population: dict[str, dict[str, float]], seats: int, widen: int = 0) -> tuple[Quota, ...]:
    """Quotas that surround the proportional seats of each value: the whole seats just below and above, then `widen` more.

    Args:
        population: for each criterion, the people (or shares) of each value.
    """
    quotas = []
    for criterion, values in population.items():
        total = sum(values.values())
        for value, people in values.items():
            exact = seats * people / total
            low, high = int(np.floor(exact + 1e-9)), int(np.ceil(exact - 1e-9))
            quotas.append(Quota(criterion, value, max(0, low - widen), min(seats, high + widen), float(people)))
    return tuple(quotas)
