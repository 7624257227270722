"""What each screen of a diagnosis shows, ready for its template."""

from collections import Counter
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from ressort.core.figure import STATUSES
from ressort.diagnosis import Diagnosis, figures_of
from ressort.diagnosis.words import notes
from ressort.language import current_language
from ressort.reference.indicators import indicator, indicators
from ressort.reference.territories import territories
from ressort.web.diagnosis import maps, queries, synthesis
from ressort.web.diagnosis.exports import PLACES, table_titles
from ressort.web.diagnosis.templatetags.figures import cells
from ressort.web.territories.queries import choice, communes, parents
from ressort.web.territories.shapes import locator, piece_rows

#: indicators of the table that compares territories
COMPARED = (
    "population_people",
    "density_people_per_km2",
    "adequacy_capped_share",
    "feeding_potential_ratio",
    "land_needed_m2_per_people",
    "median_living_standard_eur",
    "commute_car_share",
    "residential_electricity_mwh_per_people",
)
#: and these, once the official files that tell them are fetched
COMPARED_ONCE_KNOWN = (
    "poverty_share",
    "commute_out_share",
    "jobs_per_worker_ratio",
    "disaster_orders_per_communes",
    "land_take_share",
    "food_projects_people_share",
    "rural_zone_share",
)
#: domains of the chapter on energy and daily life
DAILY = ("economy", "energy", "environment", "public_policy")
WIDGET = ("adequacy_capped_share", "land_needed_ha", "jobs_needed_fte")
#: more communes than this are not listed on the page of a territory
LISTED = 400

#: kinds of territories whose partners are known
PARTNERED = ("COM", "EPCI", "BV", "DEP", "REG")


def whole(diagnosis: Diagnosis, tables: list[Any]) -> dict[str, Any]:
    """The page of a territory."""
    place = diagnosis.territory
    return {
        "place": place,
        "diagnosis": diagnosis,
        "figures": diagnosis.figures,
        "parents": parents(place),
        "communes": communes(place) if 1 < len(place.members) <= LISTED else [],
        "pieces": [] if len(place.members) <= LISTED else [choice(row) for row in piece_rows(place)],
        "n_communes": len(place.members),
        "map": locator(place),
        "cards": synthesis.cards(diagnosis),
        "groups": diagnosis.rows("groups"),
        "scales": diagnosis.rows("scales"),
        "production": diagnosis.rows("production"),
        "canteens": diagnosis.rows("canteens") if diagnosis.own.canteens else [],
        "drivers": diagnosis.rows("drivers")[:6],
        "life": [line for line in lines(diagnosis, DAILY) if line["figure"].known],
        "life_gaps": gaps(lines(diagnosis, DAILY)),
        "disasters": diagnosis.rows("disasters")[:8],
        "food_projects": diagnosis.rows("food_projects")[:8],
        "compared": compared(diagnosis, "comparison"),
        "similar": compared(diagnosis, "similar"),
        "quality": quality(diagnosis),
        "own_tables": tables,
        "tables": table_titles(),
        "places": PLACES,
        "links": links(diagnosis),
    }


def drawn_map(level: str, key: str) -> dict[str, Any]:
    """The map of an indicator: its territories, its legend, the other indicators and levels."""
    found, legend = maps.drawing(level, key)
    place = maps.department(level)
    language = current_language()
    return {
        "level": level,
        "place": place,
        "key": key,
        "title": f"{indicator(key).label(language)} – {place.label if place else _('France')}",
        "how": indicator(key).how(language),
        "limits": indicator(key).limits(language),
        "found": found,
        "legend": legend,
        "offered": maps.offered(level),
        "contours": maps.contours_url(level),
        "figure": next((one.figure for one in found if one.figure.known), None),
    }


def links(diagnosis: Diagnosis) -> dict[str, str]:
    """The addresses of the other screens of the territory."""
    place = diagnosis.territory
    names = ["territory", "report", "embed"]
    own = {} if place.kind == "CUSTOM" else {"own": queries.link(place, "own")}
    own |= (
        {"map": maps.url(place.departement)} if place.country == "FR" and place.departement else {"map": maps.url("")}
    )
    return (
        {name: queries.link(place, name) for name in names}
        | own
        | {"scenario": queries.link(place, "scenarios:scenario")}
        | (
            {"partners": queries.link(place, "exchanges:partners")}
            if place.kind in PARTNERED and place.country == "FR"
            else {}
        )
    )


def lines(diagnosis: Diagnosis, domains: tuple[str, ...]) -> list[dict[str, Any]]:
    """The figures of some domains, with their label."""
    return [
        {"key": key, "label": indicator(key).label(current_language()), "figure": figure}
        for key, figure in diagnosis.figures.items()
        if indicator(key).domain in domains
    ]


def compared(diagnosis: Diagnosis, name: str) -> dict[str, Any]:
    """A table of territories beside this one: heads, then rows of figures."""
    others = [place for place, _figures in (diagnosis.comparison if name == "comparison" else diagnosis.similar)]
    here = diagnosis.figures
    known = {key for key in COMPARED_ONCE_KNOWN if here[key].known}.union(*(_known(place.key) for place in others))
    keys = tuple(key for key in COMPARED if key in here) + tuple(key for key in COMPARED_ONCE_KNOWN if key in known)
    language = current_language()
    first = {
        "label": diagnosis.territory.label,
        "url": "",
        "is_here": True,
        "cells": cells([here[key] for key in keys]),
    }
    return {
        "heads": [indicator(key).label(language) for key in keys],
        "rows": [first, *(_row_beside(place.key, keys, language) for place in others)],
    }


@lru_cache(maxsize=4096)
def _known(key: str) -> frozenset[str]:
    """What is known of a territory among what is compared once known."""
    figures = figures_of(territories().territory(key))
    return frozenset(one for one in COMPARED_ONCE_KNOWN if figures[one].known)


@lru_cache(maxsize=4096)
def _row_beside(key: str, keys: tuple[str, ...], _language: str) -> dict[str, Any]:
    """A territory in a table with others: the same row on the pages of all its neighbours, so kept."""
    place = territories().territory(key)
    figures = figures_of(place)
    told = cells([figures[one] for one in keys])
    return {"label": place.label, "url": queries.link(place, "territory"), "is_here": False, "cells": told}


def quality(diagnosis: Diagnosis) -> dict[str, Any]:
    """How the figures are known: how many of each status, what is missing and why, and the sources."""
    count = Counter(figure.status for figure in diagnosis.figures.values())
    return {
        "count": [(status, count[status]) for status in STATUSES if count[status]],
        "total": sum(count.values()),
        "known_share": diagnosis.figures.get("adequacy_known_share"),
        "gaps": gaps(lines(diagnosis, ALL_DOMAINS)),
        "lines": lines(diagnosis, ALL_DOMAINS),
        "sources": queries.sources(diagnosis),
        "provenance": diagnosis.own.provenance,
    }


def gaps(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is missing, gathered by reason: a figure that says the reason, and the labels of all that lack for it."""
    by_reason: dict[str | None, dict[str, Any]] = {}
    for line in found:
        figure = line["figure"]
        if not figure.known:
            by_reason.setdefault(figure.reason, {"figure": figure, "labels": []})["labels"].append(line["label"])
    return list(by_reason.values())


ALL_DOMAINS = tuple({row.domain for row in indicators().values()})


def widget(diagnosis: Diagnosis) -> dict[str, Any]:
    """Three figures, for other sites."""
    chosen = [card for card in synthesis.cards(diagnosis) if card["key"] in WIDGET]
    url = queries.link(diagnosis.territory, "territory")
    return {
        "place": diagnosis.territory,
        "cards": chosen,
        "url": url,
        "language": current_language(),
        "notes": notes(diagnosis),
    }
