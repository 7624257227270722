"""The screen of the inverse question: how many people a field feeds, how many gardens a part of the vegetables takes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ressort.core.errors import RessortError
from ressort.core.food import Levers, number_in
from ressort.core.territory import Territory
from ressort.diagnosis.inverse import ALL_FOOD, field, gardens
from ressort.diagnosis.rows import labels
from ressort.diagnosis.words import strange_words
from ressort.web.diagnosis import queries
from ressort.web.unread import asked as asked_words

HECTARES, FAMILY, SHARE = "10", ALL_FOOD, "0.1"
OTHERS = ("hectares", "famille", "part", "communes", "nom", "lang")


@require_safe
def field_of(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """What a field of the territory feeds, and what its vegetables take."""
    place = queries.place_of(request, kind, code)
    asked = {
        "hectares": request.GET.get("hectares", HECTARES)[:20],
        "food": request.GET.get("famille", FAMILY)[:40],
        "share": request.GET.get("part", SHARE)[:20],
    }
    found, error = _answers(place, asked, request.GET.dict())
    strange = strange_words(asked_words(request.GET), OTHERS)
    context = {
        "place": place,
        "asked": asked,
        "families": [(ALL_FOOD, _("all food")), *_families()],
        "error": error,
        "strange": strange,
        "step": "know",
        "territory_url": queries.link(place, "territory"),
    }
    return render(request, "diagnosis/field.html", context | found, status=400 if error else 200)


def _families() -> list[tuple[str, str]]:
    return [(key, label.lower()) for key, label in labels("food/families", "family").items() if key != "excluded"]


def _answers(place: Territory, asked: dict[str, str], words: dict[str, str]) -> tuple[dict[str, Any], str]:
    """Both answers under the levers of the address; or what was wrong with the question."""
    try:
        levers = Levers.from_query(words)
        fed = field(place, number_in(_("The size of the field"), asked["hectares"]), asked["food"], levers)
        needed = gardens(place, number_in(_("The part of the vegetables"), asked["share"]), levers)
    except RessortError as refusal:
        return {}, refusal.say(_)
    return {"fed": fed, "gardens": needed}, ""
