"""Screens of the reviewers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RuleBroken
from ressort.language import told
from ressort.web.calls import access, files, queries, reviewing, rules
from ressort.web.calls.applying import Stale
from ressort.web.calls.file_forms import ReviewForm
from ressort.web.calls.models import Application, Attachment, Call, Review
from ressort.web.calls.views import answered


@never_cache
@login_required
@require_safe
def to_review(request: HttpRequest) -> HttpResponse:
    """The files that the person signed in is asked to mark."""
    calls = Call.objects.filter(reviewers__person=request.user, published_at__isnull=False)
    mine = {one.application_id: one for one in Review.objects.filter(reviewer=request.user)}
    lines = [(call, [(one, mine.get(one.pk)) for one in queries.files_of(call)]) for call in calls]
    return render(request, "calls/to_review.html", {"lines": lines, "step": "decide"})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, application_id: int) -> HttpResponse:
    """A file to mark. What was typed is never lost, even when the review was saved elsewhere meanwhile."""
    held = get_object_or_404(Application.objects.select_related("call"), pk=application_id)
    access.require_review(request.user, held)
    grid = rules.grid_of(held.call)
    mine = Review.objects.filter(application=held, reviewer=request.user).first()
    form = ReviewForm(request.POST or None, grid=grid, review=mine)
    context: dict[str, Any] = {
        "file": held,
        "call": held.call,
        "grid": grid,
        "review": mine,
        "form": form,
        "step": "decide",
    }
    context |= {"answers": answered(held), "commitments": rules.commitments_of(held.call, held.pledges)}
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            reviewing.save_review(
                request.user,
                held,
                words["version"],
                form.marks(),
                words["comments"],
                words["advice"],
                "final" in request.POST,
            )
            messages.success(request, _("Your review is saved."))
            return redirect("calls:review", held.pk)
        except Stale as stale:
            data = form.data.copy()
            data["version"] = stale.current.version if stale.current else 0
            context |= {"form": ReviewForm(data, grid=grid, review=mine), "stale": stale.current}
            context["stale_marks"] = [(one.label, stale.current.marks.get(one.code, "–")) for one in grid.criteria]
        except RuleBroken as refusal:
            form.add_error(None, told(refusal))
    return render(request, "calls/review.html", context)


@login_required
@require_POST
def conflict(request: HttpRequest, application_id: int) -> HttpResponse:
    """Declares an interest in a file."""
    reviewing.declare_conflict(request.user, get_object_or_404(Application, pk=application_id))
    messages.success(request, _("Your interest is recorded: you will not mark this file."))
    return redirect("calls:to_review")


@login_required
@require_POST
def reopen(request: HttpRequest, application_id: int) -> HttpResponse:
    """Opens one's final review again."""
    reviewing.reopen_review(request.user, get_object_or_404(Application, pk=application_id))
    return redirect("calls:review", application_id)


@never_cache
@login_required
@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """An attached file, for the reviewers and for whoever runs the call."""
    found = get_object_or_404(Attachment.objects.select_related("application__call"), pk=attachment_id)
    if not access.may_run(request.user, found.application.call):
        access.require_review(request.user, found.application)
    return files.served(found)
