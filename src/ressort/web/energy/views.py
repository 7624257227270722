"""Screens of energy."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ressort.core.errors import RessortError
from ressort.energy.charts import production_chart, production_rows
from ressort.language import told
from ressort.web.diagnosis.api import only_words
from ressort.web.diagnosis.charts import as_themed
from ressort.web.diagnosis.queries import link, place_of
from ressort.web.energy import forms, queries
from ressort.web.unread import unread

THEMES = ("light", "dark")


@require_safe
def page(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """What a territory uses, makes and could make; the flows that match; who would earn."""
    place = place_of(request, kind, code)
    words = _words(request)
    if kind and place.kind != "CUSTOM" and (place.kind, place.code) != (kind, code):
        return redirect(link(place, "energy:energy", query=words))
    try:
        context, error = queries.page(place, forms.read(words), words), ""
    except RessortError as refusal:
        error = told(refusal)
        context = queries.page(place, forms.read({}), {}) | {"fields": forms.fields(words)}
    context |= {"error": error, "territory_url": link(place, "territory"), "strange": unread(request.GET, forms.WORDS)}
    return render(request, "energy/energy.html", context, status=400 if error else 200)


def _words(request: HttpRequest) -> dict[str, str]:
    """The words of the address that are ours, those left empty aside."""
    return {word: request.GET[word] for word in forms.WORDS if request.GET.get(word, "").strip()}


@require_safe
def file(request: HttpRequest, name: str, extension: str, kind: str = "", code: str = "") -> HttpResponse:
    """One table of the page as a file; a word that nobody reads is refused, since a file cannot tell it."""
    only_words(request, "communes", "nom", *forms.WORDS)
    place = place_of(request, kind, code)
    content, media = queries.file_of(place, forms.read(_words(request)), name, extension)
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = (
        f'attachment; filename="{slugify(place.name) or "territoire"}-energie-{name}.{extension}"'
    )
    return response


@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE]})
@require_safe
def chart(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """Renewable electricity by year and source, as SVG."""
    theme = request.GET.get("theme", "light")
    found = queries.energy(place_of(request, kind, code), forms.read({}))
    if theme not in THEMES or production_rows(found).is_empty():
        raise Http404
    response = HttpResponse(as_themed(production_chart(found), theme), content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "max-age=3600"
    return response
