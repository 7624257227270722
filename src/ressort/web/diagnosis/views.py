"""Screens of a diagnosis."""

import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp, csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ressort.core.territory import Territory
from ressort.diagnosis import Diagnosis
from ressort.reference import cards, synced_cards
from ressort.web.diagnosis import beside, charts, exports, maps, queries, screens
from ressort.web.diagnosis.api import only_words
from ressort.web.kept import kept
from ressort.web.unread import unread

THEMES = ("light", "dark")


@require_safe
def page(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """The diagnosis of a territory: synthesis, then chapters."""
    place = queries.place_of(request, kind, code)
    if kind and (place.kind, place.code) != (kind, code):
        return redirect(queries.link(place, "territory"), permanent=False)
    tables, is_up = queries.own_tables(place)
    words = ("page", get_language(), place.key, place.label, [held.pk for held in tables], is_up)
    content = kept(words, lambda: _content(place, tables, is_up))
    context = {"place": place, "content": mark_safe(content), "step": "know", "panels": beside.panels_of(place) if is_up else []}  # fmt: skip
    context |= queries.not_read(request, place)
    return render(request, "diagnosis/page.html", context)


def _content(place: Territory, tables: list[Any], is_up: bool) -> str:
    diagnosis = queries.diagnosis_of(place, tables=tables)
    return render_to_string("diagnosis/content.html", screens.whole(diagnosis, tables) | {"database_is_up": is_up})


def _asked(request: HttpRequest, place: Territory) -> Diagnosis:
    """The diagnosis that a file or a drawing is asked of; a word that nobody reads is refused, since neither can tell it."""
    only_words(request, "communes", "nom", "theme", levers=True)
    return queries.asked_diagnosis(request, place)


@require_safe
def table(request: HttpRequest, name: str, extension: str, kind: str = "", code: str = "") -> HttpResponse:
    """One table as a file."""
    place = queries.place_of(request, kind, code)
    diagnosis = _asked(request, place)
    content, media = exports.file_of(diagnosis, name, extension)
    return _attached(content, media, f"{_file_name(place)}-{name}.{extension}")


@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE]})
@require_safe
def chart(request: HttpRequest, name: str, kind: str = "", code: str = "") -> HttpResponse:
    """One chart as an SVG drawing, in the light or the dark theme."""
    theme = request.GET.get("theme", "light")
    if theme not in THEMES:
        raise Http404
    diagnosis = _asked(request, queries.place_of(request, kind, code))
    response = HttpResponse(charts.svg(diagnosis, name, theme), content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "max-age=3600"
    return response


@require_safe
def report(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """The report, in PDF."""
    place = queries.place_of(request, kind, code)
    diagnosis = _asked(request, place)
    moved = diagnosis.levers.to_query()
    screen = queries.link(place, "scenarios:scenario", query=moved) if moved else queries.link(place, "territory")
    address = request.build_absolute_uri(screen)
    words = ("report", address, place.key, place.label, diagnosis.levers, diagnosis.own.provenance)
    content = kept(words, lambda: _report(diagnosis, address), 3600)
    return _attached(content, "application/pdf", f"{_file_name(place)}.pdf")


def _report(diagnosis: Diagnosis, address: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return diagnosis.report(Path(folder) / "report.pdf", address).read_bytes()


@csp_replace({"frame-ancestors": ["*"]})
@require_safe
def embed(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """A small screen that other sites may frame."""
    diagnosis = _asked(request, queries.place_of(request, kind, code))
    return render(request, "diagnosis/embed.html", screens.widget(diagnosis))


@require_safe
def map_of(request: HttpRequest, level: str) -> HttpResponse:
    """The map of an indicator, with its list twin."""
    key = request.GET.get("indicateur", maps.DEFAULT)
    content = kept(("map", get_language(), level, key), lambda: _map_content(level, key))
    strange = unread(request.GET, ("indicateur",))
    return render(request, "diagnosis/map.html", content | {"step": "know", "strange": strange})


def _map_content(level: str, key: str) -> dict[str, Any]:
    context = screens.drawn_map(level, key)
    return {"content": mark_safe(render_to_string("diagnosis/map_content.html", context)), "title": context["title"]}


@require_safe
def contours(request: HttpRequest, level: str) -> HttpResponse:
    """The contours that a map draws, without any figure: they change with the perimeters only."""
    response = HttpResponse(maps.contours(level), content_type="application/geo+json")
    response["Cache-Control"] = "max-age=86400"
    return response


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every table the program knows: producer, licence, vintage, and how old."""
    known = {"cards": cards(), "synced": synced_cards(), "step": "know", "strange": unread(request.GET, ())}
    return render(request, "diagnosis/sources.html", known)


def _attached(content: bytes, media: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file_name(place: Territory) -> str:
    return slugify(f"ressort {place.label} {place.code if place.kind != 'CUSTOM' else _('group')}")
