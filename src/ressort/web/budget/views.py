"""What everybody sees of a participatory budget: the list, a budget, its ideas, its result."""

from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ressort.core.budget import count, read_election, rules_in
from ressort.core.errors import RessortError
from ressort.web.budget import actions, queries
from ressort.web.budget.forms import CommentForm, IdeaForm
from ressort.web.budget.models import Campaign, Idea
from ressort.web.people import access

MEDIA = {"pb": "text/plain; charset=utf-8", "txt": "text/plain; charset=utf-8"}


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """The participatory budgets of this site."""
    shown = [{"campaign": one, "place": queries.place_of(one)} for one in queries.campaigns()]
    return render(request, "budget/campaigns.html", {"campaigns": shown, "step": "decide"})


def framed(request: HttpRequest, held: Campaign) -> dict[str, Any]:
    """What every page of a campaign shows."""
    return {
        "campaign": held,
        "place": queries.place_of(held),
        "step": "decide",
        "may_run": access.may(request.user, "run_budget", held.key),
        "may_study": access.may(request.user, "study_ideas", held.key),
        "may_key": access.may(request.user, "key_ballots", held.key),
    }


@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """One budget: where it stands, its ideas or projects."""
    held = get_object_or_404(Campaign, pk=pk)
    told = {
        "ideas": queries.public_ideas(held),
        "ballots": held.ballots.count() if held.stage in ("vote", "count") else None,
        "rules": queries.rules_told(held.rules),
    }
    return render(request, "budget/campaign.html", framed(request, held) | told)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of an idea."""
    held = get_object_or_404(Campaign, pk=pk)
    form = IdeaForm(request.POST or None)
    if form.is_valid():
        actions.propose(held, **form.cleaned_data)
        messages.success(request, _("Thank you. Your idea is shown as soon as the services have read it."))
        return redirect("budget:campaign", pk)
    return render(request, "budget/propose.html", framed(request, held) | {"form": form})


@require_http_methods(["GET", "POST"])
def idea(request: HttpRequest, pk: int, idea_id: int) -> HttpResponse:
    """One idea, what was answered, what it would change, what people say of it."""
    held = get_object_or_404(Idea.objects.select_related("campaign", "merged_into"), pk=idea_id, campaign_id=pk)
    if held.state == Idea.State.RECEIVED and not access.may(request.user, "study_ideas", held.campaign.key):
        raise Http404
    form = CommentForm(request.POST or None)
    if form.is_valid():
        actions.comment(held, **form.cleaned_data)
        messages.success(request, _("Thank you. Your comment is shown as soon as the services have read it."))
        return redirect("budget:idea", pk, idea_id)
    told = {
        "idea": held,
        "form": form if held.campaign.stage in ("ideas", "study") and held.state in ("shown", "feasible") else None,
        "comments": held.comments.filter(is_shown=True),
        "merged": held.merged.all(),
        "effect": queries.effect(held.campaign, held),
    }
    return render(request, "budget/idea.html", framed(request, held.campaign) | told)


@never_cache
@require_http_methods(["GET", "POST"])
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The result with its reasons; people who run the budget read it before it is published. A POST counts again."""
    held = _with_result(request, pk)
    told = queries.result_told(held)
    again = None
    if request.method == "POST":
        again = set(_counted_again(held.result.file)) == {one["about"].code for one in told["winners"]}
    return render(request, "budget/result.html", framed(request, held) | told | {"again": again})


@require_safe
def result_file(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """The published file, its account, the marks of the receipts."""
    held = _with_result(request, pk)
    if extension == "json":
        response: HttpResponse = JsonResponse(held.result.facts, json_dumps_params={"ensure_ascii": False, "indent": 1})
    else:
        text = held.result.file if extension == "pb" else "".join(f"{mark}\n" for mark in held.result.receipts)
        response = HttpResponse(text, content_type=MEDIA[extension])
    response["Content-Disposition"] = f'attachment; filename="budget-{pk}.{extension}"'
    return response


def _with_result(request: HttpRequest, pk: int) -> Campaign:
    held = get_object_or_404(Campaign.objects.select_related("result"), pk=pk, result__isnull=False)
    if not held.published_at and not access.may(request.user, "run_budget", held.key):
        raise Http404
    return held


@lru_cache(maxsize=8)
def _counted_again(file: str) -> tuple[str, ...]:
    """The winners that the published file gives."""
    try:
        election = read_election(file.splitlines(keepends=True))
        return count(election, rules_in(election)).winners
    except RessortError:
        return ()
