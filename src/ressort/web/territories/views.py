"""Screens of territories."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from ressort.core.errors import RessortError
from ressort.core.territory import MOST_GROUP_COMMUNES
from ressort.web.territories import queries
from ressort.web.unread import unread

#: words of the address of the page that puts a group together, beside those of the group itself
COMPOSED = ("q", "ajouter", "retirer", "coller")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where everything begins: which territory?"""
    return render(request, "territories/home.html", {"step": "know", "strange": unread(request.GET, ())})


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """Suggestions while a person writes; without JavaScript, the territory named or a page of choices."""
    text = request.GET.get("q", "")
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "territories/suggestions.html", {"matches": queries.suggestions(text), "text": text})
    if key := queries.find(text):
        return redirect(queries.address_of_key(key))
    matches = queries.suggestions(text, limit=30)
    context = {"matches": matches, "text": text, "step": "know", "strange": unread(request.GET, ("q",))}
    return render(request, "territories/results.html", context)


@require_safe
def anything(request: HttpRequest, text: str) -> HttpResponse:
    """`/territoire/Pau/`: the page of what a text names, or the choices."""
    if key := queries.find(text):
        return redirect(queries.address_of_key(key))
    return render(
        request, "territories/results.html", {"matches": queries.suggestions(text, limit=30), "text": text}, status=404
    )


@require_safe
def compose(request: HttpRequest) -> HttpResponse:
    """One's own group of communes, kept whole in the address: add, remove, paste codes; no account."""
    codes = queries.codes_in(request.GET.get("communes", ""))
    name = request.GET.get("nom", "")[: queries.LONGEST_NAME]
    wanted = _changed(request, codes)
    error = None
    try:
        held = queries.communes(queries.group(wanted, name)) if wanted else []
    except RessortError as refusal:
        error = refusal.say(_)
        held = queries.communes(queries.group(codes, name)) if codes and codes != wanted else []
    if error is None and any(request.GET.get(word) for word in ("ajouter", "retirer", "coller")):
        return redirect(
            f"{reverse('territories:compose')}?{queries.group_query([place.key.removeprefix('COM:') for place in held], name)}"
        )
    text = request.GET.get("q", "")
    context = {
        "held": held,
        "codes": ",".join(place.key.removeprefix("COM:") for place in held),
        "name": name,
        "text": text,
        "matches": queries.suggestions(text, limit=12),
        "error": error,
        "pasted": request.GET.get("coller", "") if error else "",
        "limit": MOST_GROUP_COMMUNES,
        "step": "know",
        "strange": unread(request.GET, COMPOSED),
    }
    return render(request, "territories/compose.html", context)


def _changed(request: HttpRequest, codes: list[str]) -> list[str]:
    """The codes after what the form asks: one more, one less, a pasted list."""
    added = [request.GET["ajouter"]] if request.GET.get("ajouter") else []
    removed = request.GET.get("retirer", "").removeprefix("COM:")
    return [code for code in [*codes, *added, *queries.codes_in(request.GET.get("coller", ""))] if code != removed]
