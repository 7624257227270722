"""The desk of the people who run a participatory budget: rules, ideas to study, codes, the steps of the count."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.reference.territories import resolve
from ressort.web.budget import actions, queries
from ressort.web.budget.forms import CodesForm, DecisionForm, LotForm, MergeForm, StudyForm
from ressort.web.budget.models import Campaign, Comment, Idea
from ressort.web.budget.rules_forms import CampaignForm, NewCampaignForm
from ressort.web.budget.views import framed
from ressort.web.people import access


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form that opens a budget."""
    form = NewCampaignForm(request.POST or None)
    if form.is_valid():
        told = form.told()
        try:
            place = resolve(told.pop("territory"))
            held = actions.open_campaign(request.user, place.kind, place.code, **told)
        except RessortError as refusal:
            form.add_error(None, refusal.say(_))
        else:
            messages.success(request, _("The budget is open: its page follows the dates that you gave."))
            return redirect("budget:desk", held.pk)
    return render(request, "budget/rules.html", {"form": form, "step": "decide"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Rules and dates, until the vote opens."""
    held = _held(request, pk, "run_budget")
    form = CampaignForm(request.POST) if request.method == "POST" else CampaignForm.of(held)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_campaign(request.user, held, version, **form.told())
        except RessortError as refusal:
            form.add_error(None, refusal.say(_))
        else:
            messages.success(request, _("The rules are changed."))
            return redirect("budget:desk", pk)
    return render(request, "budget/rules.html", framed(request, held) | {"form": form})


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be done now."""
    held = _held(request, pk, "study_ideas")
    forms = {"codes": CodesForm(), "decision": DecisionForm(), "lot": LotForm()}
    return render(request, "budget/desk.html", framed(request, held) | queries.desk(held) | {"forms": forms})


@never_cache
@login_required
@require_POST
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """Fresh codes in a file, one a line: they cannot be shown again."""
    held = _held(request, pk, "run_budget")
    form = CodesForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["count"][0])
        return redirect("budget:desk", pk)
    made = actions.make_codes(request.user, held, form.cleaned_data["count"])
    response = HttpResponse("code\n" + "".join(f"{code}\n" for code in made), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="codes-{pk}.csv"'
    return response


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def study(request: HttpRequest, pk: int, idea_id: int) -> HttpResponse:
    """What the services say of an idea."""
    held = _held(request, pk, "study_ideas")
    idea = get_object_or_404(held.ideas, pk=idea_id)
    initial = {name: getattr(idea, name) for name in StudyForm.base_fields}
    form = StudyForm(request.POST or None, initial=initial)
    if form.is_valid():
        told = dict(form.cleaned_data)
        try:
            actions.study(request.user, idea, told.pop("version"), **told)
        except RessortError as refusal:
            form.add_error(None, refusal.say(_))
        else:
            messages.success(request, _("The idea is up to date."))
            return redirect("budget:desk", pk)
    return render(request, "budget/study.html", framed(request, held) | _beside(held, idea) | {"form": form})


def _beside(held: Campaign, idea: Idea) -> dict[str, Any]:
    return {"idea": idea, "merge_form": MergeForm(idea), "effect": queries.effect(held, idea)}


@login_required
@require_POST
def merge(request: HttpRequest, pk: int, idea_id: int) -> HttpResponse:
    """Joins an idea to another one."""
    held = _held(request, pk, "study_ideas")
    idea = get_object_or_404(held.ideas, pk=idea_id)
    form = MergeForm(idea, request.POST)
    if form.is_valid():
        actions.merge(request.user, idea, form.cleaned_data["into"], form.cleaned_data["version"])
        messages.success(request, _("The ideas are merged."))
    return redirect("budget:desk", pk)


@login_required
@require_POST
def comment(request: HttpRequest, pk: int, comment_id: int) -> HttpResponse:
    """Shows or erases a comment."""
    held = get_object_or_404(Comment.objects.select_related("idea__campaign"), pk=comment_id, idea__campaign_id=pk)
    (actions.show_comment if "show" in request.POST else actions.drop_comment)(request.user, held)
    return redirect("budget:desk", pk)


@login_required
@require_POST
def step(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One step of the count: seal, count, publish, forget, draw the lot, decide against the rule."""
    held = _held(request, pk, "run_budget")
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "sceller": (lambda: actions.seal(request.user, held), _("The box is sealed.")),
        "compter": (
            lambda: actions.count_votes(request.user, held),
            _("The votes are counted. Read the result, then publish it."),
        ),
        "publier": (lambda: actions.publish(request.user, held), _("The result is published.")),
        "oublier": (lambda: actions.forget(request.user, held), _("The attendance sheet is erased.")),
        "tirer": (lambda: _lot(request, held), _("The lot is written down.")),
        "decider": (lambda: _decide(request, held), _("The decision is written down with its reason. Count again.")),
    }
    if what not in steps:
        raise Http404
    act, done = steps[what]
    try:
        act()
    except RessortError as refusal:
        messages.error(request, refusal.say(_))
    else:
        messages.success(request, done)
    return redirect("budget:desk", pk)


def _lot(request: HttpRequest, held: Campaign) -> None:
    form = LotForm(request.POST)
    if form.is_valid():
        actions.draw_lot(request.user, held, form.cleaned_data["words"])


def _decide(request: HttpRequest, held: Campaign) -> None:
    form = DecisionForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        actions.decide(request.user, held, told["number"], funds=told["funds"] == "yes", reason=told["reason"])


def _held(request: HttpRequest, pk: int, action: str) -> Campaign:
    held = get_object_or_404(Campaign, pk=pk)
    access.require(request.user, action, held.key)
    return held
