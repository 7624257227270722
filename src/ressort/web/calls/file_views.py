"""The page of a submitted file for whoever runs its call: its answers, whether it is eligible, its effect, its reviews."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ressort.core.errors import RessortError, RuleBroken
from ressort.language import told
from ressort.reference.territories import territories
from ressort.web.calls import access, actions, queries, rules
from ressort.web.calls.file_forms import CallUpForm
from ressort.web.calls.models import Application
from ressort.web.calls.views import answered
from ressort.web.effects import SimulationForm, effect_of, numbers_of


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def file_page(request: HttpRequest, application_id: int) -> HttpResponse:
    """A submitted file, for whoever runs the call."""
    held = get_object_or_404(Application.objects.select_related("call"), pk=application_id)
    access.require_run(request.user, held.call)
    if held.status == Application.Status.DRAFT:
        raise RuleBroken("This file is a draft: only its applicant sees it.")
    form = SimulationForm(
        request.POST if "simulate" in request.POST else None,
        initial={"levers": held.levers, "stress_token": held.stress_token},
    )
    if request.method == "POST" and _done(request, held, form):
        return redirect("calls:file", held.pk)
    context: dict[str, Any] = {"file": held, "call": held.call, "answers": answered(held), "step": "decide"}
    context["commitments"] = rules.commitments_of(held.call, held.pledges)
    context["grant"] = rules.grant_of(held) if held.requested_cents and held.eligible_cents else None
    context |= {"reviews": queries.reviews_of(held), "decision": getattr(held, "decision", None)}
    context["call_up"] = CallUpForm() if access.may_decide(request.user, held.call) else None
    return render(request, "calls/file.html", context | _simulated(held) | {"form": form})


def _done(request: HttpRequest, held: Application, form: SimulationForm) -> bool:
    """Does what was asked; False when the levers typed are to be corrected."""
    if "simulate" in request.POST:
        return form.is_valid() and _simulate(request, held, form)
    if "effect" in request.POST or "keep" in request.POST:
        _estimate(request, held)
    else:
        actions.judge_eligibility(request.user, held, request.POST.get("because", "").strip()[:2000])
    return True


def _simulate(request: HttpRequest, held: Application, form: SimulationForm) -> bool:
    try:
        actions.simulate_effect(request.user, held, **form.cleaned_data)
    except RessortError as refusal:
        form.add_error(None, told(refusal))
        return False
    messages.success(request, _("The effect is simulated below."))
    return True


def _simulated(held: Application) -> dict[str, Any]:
    """What the engines say of a file, when its call compares an effect, and the whole numbers they offer."""
    indicator = (rules.DEFAULTS | held.call.rules)["effect"]
    place = territories().territory(held.call.territory_key)
    found = effect_of(place, held.levers, held.stress_token) if indicator else {}
    return {
        "indicator": indicator, "place": place, "effect": found, "offered": numbers_of(found, actions.MOST_EFFECT),
    }  # fmt: skip


def _estimate(request: HttpRequest, held: Application) -> None:
    """Keeps the number typed, or one of those that the simulation offers."""
    try:
        if "keep" in request.POST:
            offered = {one.told: one.number for one in _simulated(held)["offered"]}
            source = request.POST["keep"]
            if source not in offered:
                raise RuleBroken("The simulation changed meanwhile: read it again, then choose.")
            actions.estimate_effect(request.user, held, offered[source], source)
        else:
            actions.estimate_effect(request.user, held, _typed(request.POST["effect"]))
        messages.success(request, _("The effect is recorded."))
    except RuleBroken as refusal:
        messages.error(request, told(refusal))


def _typed(words: str) -> int | None:
    digits = "".join(words.split())
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise actions.effect_refused()
    return int(digits) if digits else None
