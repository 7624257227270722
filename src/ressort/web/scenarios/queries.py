"""What the screens of scenarios show."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.figure import Figure
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.diagnosis import Diagnosis
from ressort.diagnosis.scenario_words import in_words
from ressort.diagnosis.words import notes_among, strange_words
from ressort.language import ngettext, rounded
from ressort.reference.indicators import indicator
from ressort.web.diagnosis.queries import diagnosis_of, link, own_tables
from ressort.web.scenarios import levers as form
from ressort.web.templatetags.wording import signed, signed_percent

MOST_SIDE_BY_SIDE = 4
#: from how many times more, or less, a change is told in times
MUCH = 10.0
#: what a scenario moves, in order; the first ones are the headline
SHOWN = (
    "land_needed_ha",
    "adequacy_capped_share",
    "jobs_needed_fte",
    "ghg_kgco2e_per_people",
    "land_abroad_ha",
    "feeding_potential_ratio",
    "thirsty_crops_ha",
    "mineral_arable_ha",
    "food_nitrogen_kg_per_people",
)


def both(place: Territory, levers: Levers) -> tuple[Diagnosis, Diagnosis]:
    """A scenario, and today."""
    tables = own_tables(place)[0]
    return diagnosis_of(place, levers, tables), diagnosis_of(place, Levers(), tables)


def results(place: Territory, levers: Levers, kept: list[str]) -> dict[str, Any]:
    """The results of a scenario beside today."""
    scenario, today = both(place, levers)
    words = levers.to_query()
    here = urlencode(words)
    return {
        "place": place,
        "lines": [_line(key, scenario.figures[key], today.figures[key]) for key in SHOWN if key in scenario.figures],
        "groups": scenario.rows("groups"),
        "families": scenario.rows("families") if scenario.food else [],
        "drivers": scenario.rows("drivers")[:6],
        "choices": scenario.rows("choices"),
        "farm_starts": scenario.rows("farm_starts"),
        "summary": in_words(levers),
        "notes": notes_among([scenario]),
        "is_today": not words,
        "query": words,
        "kept": [in_words(form.read(dict(parse_qsl(one)))) for one in kept],
        "compare_url": compare_url(place, [*kept, here] if here not in kept else kept),
        "report_url": link(place, "report", query=words),
    }


def strange_among(asked: list[str]) -> list[str]:
    """What is said of the words that nobody reads, in several scenarios, each once."""
    return list(dict.fromkeys(told for one in asked for told in strange_words(dict(parse_qsl(one)))))


def _line(key: str, figure: Figure, today: Figure) -> dict[str, Any]:
    """One figure of a scenario, its value today, and by how much it moves."""
    top = max((one.value or 0.0 for one in (figure, today)), default=0.0)
    return {
        "key": key,
        "label": indicator(key).label(get_language() or "fr"),
        "figure": figure,
        "today": today,
        "moved": _moved(figure, today),
        "length": (figure.value or 0.0) / top if top else 0.0,
        "length_today": (today.value or 0.0) / top if top else 0.0,
    }


def _moved(figure: Figure, today: Figure) -> str:
    """By how much a figure moves: in points for a share of a whole, else in percent, or how many times; nothing when it hardly does."""
    if figure.value is None or not today.value:
        return ""
    if figure.unit == "share":
        points = round(100 * (figure.value - today.value))
        return ngettext("{points} point", "{points} points", points).format(points=signed(points)) if points else ""
    ratio = figure.value / today.value
    if ratio >= MUCH:
        return f"× {rounded(ratio)}"
    if 0 < ratio <= 1 / MUCH:  # never −100 % while something is left
        return f"÷ {rounded(1 / ratio)}"
    return signed_percent(ratio - 1) if abs(ratio - 1) >= 0.005 else ""


def side_by_side(place: Territory, asked: list[str]) -> dict[str, Any]:
    """Up to four scenarios, today first when there is room."""
    scenarios = list(dict.fromkeys(form.read(dict(parse_qsl(one))) for one in asked))[:MOST_SIDE_BY_SIDE]
    if Levers() not in scenarios and len(scenarios) < MOST_SIDE_BY_SIDE:
        scenarios.insert(0, Levers())
    tables = own_tables(place)[0]
    diagnoses = [diagnosis_of(place, levers, tables) for levers in scenarios]
    queries = [urlencode(levers.to_query()) for levers in scenarios]
    heads = [
        {
            "name": in_words(levers),
            "url": link(place, "scenarios:scenario", query=levers.to_query()),
            "without": compare_url(place, [one for other, one in enumerate(queries) if other != index]),
            "is_today": not levers.to_query(),
        }
        for index, levers in enumerate(scenarios)
    ]
    rows = [_row(key, diagnoses) for key in SHOWN if all(key in diagnosis.figures for diagnosis in diagnoses)]
    more = f"{link(place, 'scenarios:scenario')}{'&' if place.kind == 'CUSTOM' else '?'}{urlencode([('avec', one) for one in queries if one])}"
    return {
        "heads": heads,
        "rows": rows,
        "more": more if len(scenarios) < MOST_SIDE_BY_SIDE else "",
        "title": _("Scenarios side by side"),
        "notes": notes_among(diagnoses),
    }


def _row(key: str, diagnoses: list[Diagnosis]) -> dict[str, Any]:
    """One figure of several scenarios, on one scale that begins at zero."""
    figures = [diagnosis.figures[key] for diagnosis in diagnoses]
    top = max((figure.value or 0.0 for figure in figures), default=0.0)
    cells = [(figure, (figure.value or 0.0) / top if top else 0.0) for figure in figures]
    return {"label": indicator(key).label(get_language() or "fr"), "cells": cells}


def compare_url(place: Territory, asked: list[str]) -> str:
    """The address where scenarios stand side by side."""
    route = link(place, "scenarios:compare")
    return f"{route}{'&' if '?' in route else '?'}{urlencode([('s', one) for one in asked])}"
