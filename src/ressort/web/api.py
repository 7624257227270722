"""The same figures for programs: JSON, paged, described at /api/ and in /api/openapi.json.

Levers of a scenario are words of the address, as on the screens. `lang=en`, or Accept-Language, for English words.
"""

from typing import Any, Literal

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from ninja import Query

from ressort.core.errors import RuleBroken, UnknownCode
from ressort.core.territory import Territory
from ressort.diagnosis.atlas import atlas
from ressort.diagnosis.tables import TABLES
from ressort.language import current_language
from ressort.reference import cards, synced_cards
from ressort.reference.indicators import indicator, indicators
from ressort.reference.territories import search, territories
from ressort.web.budget.api import router as budgets
from ressort.web.calls.api import router as calls_router
from ressort.web.currency.api import router as currency_router
from ressort.web.diagnosis.api import only_words, under_levers
from ressort.web.diagnosis.api import router as inverse
from ressort.web.diagnosis.queries import asked_diagnosis, place_of
from ressort.web.energy.api import router as energy_router
from ressort.web.exchanges.api import agreements_router
from ressort.web.exchanges.api import router as exchanges_router
from ressort.web.panel.api import router as panels
from ressort.web.refusals import Api
from ressort.web.resilience.api import router as shocks_router
from ressort.web.templatetags.wording import in_words

Lang = Literal["fr", "en"]
PAGE = 100
MOST_PAGES = 100_000
MOST_MATCHES = 50

api = Api(
    title="Ressort",
    description="Food, land, jobs and resilience of French territories. Each figure carries its unit, year, source and status; "
    "a missing one says why. Sources under Licence Ouverte 2.0 unless said: name the producer and the year.",
    version="1",
    docs_url=None,
    urls_namespace="api",
)

api.add_router("/panels", panels)


api.add_router("/calls", calls_router)
api.add_router("", currency_router)


api.add_router("/budgets", budgets)


api.add_router("/exchanges", exchanges_router)
api.add_router("/agreements", agreements_router)
api.add_router("/energy", energy_router)
api.add_router("/shocks", shocks_router)


api.add_router("", inverse)


@api.get("/search", summary="Territories by name, postal code or code")
def find(request: HttpRequest, q: str, limit: int = Query(10, ge=1, le=MOST_MATCHES)) -> list[dict[str, Any]]:
    only_words(request, "q", "limit")
    matches = search(q[:120], limit)
    return [
        {"key": match.key, "kind": match.kind, "label": match.label, "score": round(match.score, 1)}
        for match in matches
    ]


@api.get("/territories", summary="All the territories of a kind, paged")
def territory_list(
    request: HttpRequest, kind: str = "EPCI", page: int = Query(1, ge=1, le=MOST_PAGES)
) -> dict[str, Any]:
    only_words(request, "kind", "page")
    return _paged(_of_kind(territories().table, kind).drop("search_key"), page)


def _of_kind(table: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The territories of a kind.

    Raises:
        RuleBroken: no territory of the table is of that kind.
    """
    kinds = table["kind"].unique(maintain_order=True).to_list()
    if kind.upper() not in kinds:
        raise RuleBroken("{kind} is not a kind of territory; the kinds are {choices}.", kind=kind, choices=kinds)
    return table.filter(pl.col("kind") == kind.upper())


@api.get("/territories/{kind}/{code}", summary="One territory: what holds it, what it holds")
def territory(request: HttpRequest, kind: str, code: str) -> dict[str, Any]:
    only_words(request)
    known, place = territories(), place_of(request, kind, code)
    line = known.table.row(known.row(place.key), named=True)
    del line["search_key"]
    parents = {parent: known.key(row) for parent, row in known.parents(place).items() if parent != place.kind}
    return line | {"key": place.key, "parents": parents, "communes": [known.key(int(row)) for row in place.members]}


@api.get("/territories/{kind}/{code}/diagnosis", summary="Every figure of a territory, under the levers of the address")
def diagnosis(request: HttpRequest, kind: str, code: str, lang: Lang | None = None) -> dict[str, Any]:
    only_words(request, levers=True)
    return _diagnosis(request, place_of(request, kind, code))


@api.get("/groups/diagnosis", summary="Every figure of a group of communes, under the levers of the address")
def group_diagnosis(request: HttpRequest, communes: str, nom: str = "", lang: Lang | None = None) -> dict[str, Any]:
    only_words(request, "communes", "nom", levers=True)
    return _diagnosis(request, place_of(request, "", ""))


def _diagnosis(request: HttpRequest, place: Territory) -> dict[str, Any]:
    return _plain(under_levers(lambda: asked_diagnosis(request, place).to_dict()))


@api.get(
    "/territories/{kind}/{code}/tables/{name}", summary="One table of a diagnosis, under the levers of the address"
)
def table(request: HttpRequest, kind: str, code: str, name: str, lang: Lang | None = None) -> dict[str, Any]:
    only_words(request, levers=True)
    place = place_of(request, kind, code)
    if name not in TABLES:
        raise UnknownCode("No table is called {name}; the tables are {choices}.", name=name, choices=list(TABLES))
    rows = under_levers(lambda: asked_diagnosis(request, place).table(name).to_dicts())
    return {"territory": place.key, "table": name, "rows": _plain(rows)}


@api.get("/indicators", summary="What the figures are, how they are computed, what they leave out")
def indicator_list(request: HttpRequest, lang: Lang | None = None) -> list[dict[str, str]]:
    only_words(request)
    spoken = current_language()
    return [
        {
            "id": one.id,
            "label": one.label(spoken),
            "unit": one.unit,
            "domain": one.domain,
            "how": one.how(spoken),
            "limits": one.limits(spoken),
        }
        for one in indicators().values()
    ]


@api.get("/indicators/{key}", summary="One indicator for all the territories of a kind, paged")
def indicator_values(
    request: HttpRequest, key: str, kind: str = "EPCI", page: int = Query(1, ge=1, le=MOST_PAGES)
) -> dict[str, Any]:
    only_words(request, "kind", "page")
    if key not in atlas():
        raise UnknownCode("No indicator of all territories is called {key}.", key=indicator(key).id)
    column, known = atlas()[key], territories()
    rows = _of_kind(known.table.with_row_index("row"), kind)
    shown = rows.slice((page - 1) * PAGE, PAGE)
    items = []
    for row, code, label in shown.select("row", "code", "label").rows():
        figure = column.figure(row, key)
        items.append(
            {
                "code": code,
                "label": label,
                "value": figure.value,
                "status": figure.status,
                "year": figure.year,
                "reason": figure.reason,
            }
        )
    return {
        "indicator": key,
        "unit": column.unit,
        "count": rows.height,
        "page": page,
        "page_size": PAGE,
        "items": items,
    }


@api.get("/sources", summary="Every table the program knows: producer, licence, year")
def source_list(request: HttpRequest, lang: Lang | None = None) -> list[dict[str, str]]:
    only_words(request)
    return [
        {
            "key": key,
            "title": in_words(card.title),
            "producer": in_words(card.producer),
            "url": card.url,
            "licence": in_words(card.licence),
            "year": in_words(card.year),
            "status": card.status,
        }
        for key, card in (cards() | synced_cards()).items()
    ]


def docs(request: HttpRequest) -> HttpResponse:
    """The description of the API, to read and to try."""
    settings = {"url": reverse("api:openapi-json"), "layout": "BaseLayout", "deepLinking": True, "validatorUrl": None}
    return render(request, "api.html", {"settings": settings})


def _paged(frame: Any, page: int) -> dict[str, Any]:
    return {
        "count": frame.height,
        "page": page,
        "page_size": PAGE,
        "items": frame.slice((page - 1) * PAGE, PAGE).to_dicts(),
    }


def _plain(value: Any) -> Any:
    """Values that JSON knows: not-a-numbers become null, numbers of numpy become numbers."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return float(value) if value == value else None
    return value.item() if hasattr(value, "item") else value
