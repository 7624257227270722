"""Voting: choose, read again, cast, keep the receipt. Three pages that work without JavaScript."""

import secrets
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressort.core.errors import RessortError
from ressort.web.budget import actions, queries
from ressort.web.budget.forms import IdentityForm, ReceiptForm
from ressort.web.budget.models import Campaign, Idea
from ressort.web.budget.views import framed

SEED_DIGITS = 10**6


@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot, then its reading, then its receipt."""
    held = get_object_or_404(Campaign, pk=pk)
    if held.stage != "vote":
        return render(
            request, "budget/shut.html", framed(request, held), status=200 if request.method == "GET" else 409
        )
    seed = request.POST.get("ordre") or request.GET.get("ordre") or str(secrets.randbelow(SEED_DIGITS))
    projects = queries.on_ballot(held, seed[:12])
    choices = _choices(request)
    told: dict[str, Any] = framed(request, held) | {"seed": seed[:12], "points": _points(held)}
    if request.method == "GET" or "revoir" in request.POST:
        return _ballot(request, told, projects, choices)
    try:
        actions.checked(held, choices)
    except RessortError as refusal:
        return _ballot(request, told | {"error": refusal.say(_)}, projects, choices)
    return _review_or_cast(request, held, choices, told | {"chosen": queries.chosen(projects, choices)})


def _points(held: Campaign) -> tuple[int, ...]:
    return tuple(range(held.most_points_each + 1)) if held.ballot == Campaign.Ballot.POINTS else ()


def _ballot(request: HttpRequest, told: dict[str, Any], projects: list[Idea], choices: dict[int, int]) -> HttpResponse:
    language = get_language() or "fr"
    shown = [_Choice(one, choices.get(one.number or 0, 0), told["points"], language) for one in projects]
    told |= {"choices": [_drawn(choice) for choice in shown]}
    return render(request, "budget/ballot.html", told, status=422 if "error" in told else 200)


class _Choice:
    """One line of a ballot; equal when it would be drawn alike."""

    __slots__ = ("given", "idea", "points", "words")

    def __init__(self, idea: Idea, given: int, points: tuple[int, ...], language: str) -> None:
        self.idea, self.given, self.points = idea, given, points
        self.words = (idea.pk, idea.version, given, len(points), language)

    def __hash__(self) -> int:
        return hash(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Choice) and self.words == other.words


@lru_cache(maxsize=4096)
def _drawn(choice: _Choice) -> SafeString:
    """A line of a ballot, drawn once for everybody: a thousand people open it in the same minute."""
    words = {"idea": choice.idea, "given": choice.given, "points": choice.points}
    return render_to_string("budget/choice.html", words)


def _review_or_cast(
    request: HttpRequest, held: Campaign, choices: dict[int, int], told: dict[str, Any]
) -> HttpResponse:
    is_cast = "deposer" in request.POST
    form = IdentityForm(held, request.POST if is_cast else None)
    if not is_cast or not form.is_valid():
        return render(request, "budget/review.html", told | {"form": form}, status=422 if is_cast else 200)
    person = request.user if request.user.is_authenticated else None
    asker = actions.Asker(person=person, **form.cleaned_data)
    try:
        receipt = actions.cast(held, asker, choices)
    except RessortError as refusal:
        form.add_error(None, refusal.say(_))
        return render(request, "budget/review.html", told | {"form": form}, status=422)
    return render(request, "budget/voted.html", framed(request, held) | {"receipt": receipt})


def _choices(request: HttpRequest) -> dict[int, int]:
    """What the ballot says: `projet=3` for each project chosen, `points-3=2` with points."""
    read = {int(text): 1 for text in request.POST.getlist("projet") if text.isdigit() and len(text) < 8}
    for name, text in request.POST.items():
        number = name.removeprefix("points-")
        if (
            name.startswith("points-")
            and number.isdigit()
            and len(number) < 8
            and str(text).isdigit()
            and len(str(text)) < 8
        ):
            read[int(number)] = int(str(text))
    return {number: points for number, points in read.items() if points}


@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the ballot of a receipt is counted."""
    held = get_object_or_404(Campaign, pk=pk)
    form = ReceiptForm(request.POST or None)
    state = actions.receipt_state(held, form.cleaned_data["receipt"]) if form.is_valid() else None
    return render(request, "budget/receipt.html", framed(request, held) | {"form": form, "state": state})
