"""Screens of scenarios."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ressort.core.errors import RessortError
from ressort.core.food import Levers
from ressort.core.territory import Territory
from ressort.diagnosis.words import strange_words
from ressort.web.diagnosis.queries import link, place_of
from ressort.web.scenarios import levers as form
from ressort.web.scenarios import plate, queries
from ressort.web.unread import asked, unread

#: words of the address that are not levers
OTHERS = ("communes", "nom", "avec", "envoi", "lang")


@require_safe
@vary_on_headers("HX-Request")
def scenario(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """One scenario beside today. With JavaScript only the results change, and the address follows."""
    place = place_of(request, kind, code)
    words = {word: text for word, text in request.GET.items() if word not in OTHERS}
    kept = request.GET.getlist("avec")[: queries.MOST_SIDE_BY_SIDE - 1]
    here = plate.today(place)
    try:
        levers, error = form.read(plate.into_levers(words, here)), None
        context = queries.results(place, levers, kept)
    except RessortError as refusal:
        levers, error = Levers(), refusal.say(_)
        context = queries.results(place, levers, kept)
    address = _address(place, levers, kept)
    known = (*OTHERS, plate.FIELD, *(f"{form.WAS}{whole}" for whole in form.WHOLES))
    strange = strange_words(asked(request.GET), known) + queries.strange_among(kept)
    context |= {
        "error": error,
        "strange": strange,
        "avec": kept,
        "step": "plan",
        "territory_url": link(place, "territory"),
    }
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "scenarios/results.html", context)
        if error is None:
            response["HX-Push-Url"] = address
        return response
    if "envoi" in request.GET and error is None and not strange:
        return redirect(address)
    status = 200 if error is None else 400
    written = mark_safe(render_to_string("scenarios/results.html", context | {"strange": []}))
    whole = context | {"chapters": form.filled(levers, here, words if error else {}), "results": written}
    return render(request, "scenarios/scenario.html", whole, status=status)


def _address(place: Territory, levers: Levers, kept: list[str]) -> str:
    """The permalink of a scenario: only the levers that moved."""
    route = link(place, "scenarios:scenario", query=levers.to_query())
    rest = "".join(f"&{word}" for word in _quoted(kept))
    return route + (rest if "?" in route else rest.replace("&", "?", 1))


def _quoted(kept: list[str]) -> list[str]:
    from urllib.parse import urlencode

    return [urlencode({"avec": one}) for one in kept]


@require_safe
def compare(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """Up to four scenarios side by side."""
    place = place_of(request, kind, code)
    given = request.GET.getlist("s")
    context: dict[str, Any] = queries.side_by_side(place, given)
    context["strange"] = queries.strange_among(given) + unread(request.GET, ("s",))
    return render(
        request,
        "scenarios/compare.html",
        context | {"place": place, "step": "plan", "territory_url": link(place, "territory")},
    )
