"""Screens of territories."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ressort.core.errors import RessortError
from ressort.web.territories import queries
from ressort.web.territories.forms import GroupForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where everything begins: which territory?"""
    return render(request, "territories/home.html", {"step": "know"})


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """Suggestions while a person writes; without JavaScript, the territory named or a page of choices."""
    text = request.GET.get("q", "")
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "territories/suggestions.html", {"matches": queries.suggestions(text), "text": text})
    found = queries.find(text)
    if found.only:
        return redirect(queries.address_of_key(found.only))
    return render(request, "territories/results.html", {"matches": found.matches, "text": text, "step": "know"})


@require_safe
def anything(request: HttpRequest, text: str) -> HttpResponse:
    """`/territoire/Pau/`: the page of what a text names."""
    found = queries.find(text)
    if not found.only:
        raise Http404(_("No territory is called {text}.").format(text=text))
    return redirect(queries.address_of_key(found.only))
