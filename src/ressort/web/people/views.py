"""Screens of accounts and rights."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from ressort.core.errors import RessortError
from ressort.core.spreadsheet import neutral
from ressort.reference.territories import resolve, territories
from ressort.web.people import actions, invitations, queries
from ressort.web.people.forms import GrantForm, LeaveForm, ProfileForm
from ressort.web.people.models import Grant
from ressort.web.people.register import REGISTER


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What the site keeps about people, why and how long."""
    return render(request, "people/personal_data.html", {"register": REGISTER})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The account of the person signed in."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your profile is up to date."))
        return redirect("people:profile")
    return render(request, "people/profile.html", {"form": form})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def grants(request: HttpRequest) -> HttpResponse:
    """Who may do what, on the territories of the person signed in; and the form to give a right."""
    form = GrantForm(request.POST or None)
    invited = _give(request, form) if form.is_valid() else None
    if form.is_bound and form.is_valid() and invited is None:
        return redirect("people:grants")
    context = {
        "form": form,
        "invited": invited,
        "grants": [_with_label(grant) for grant in queries.grants_seen_by(request.user)],
        "may_give": request.user.is_superuser or bool(queries.territories_administered_by(request.user)),
    }
    return render(request, "people/grants.html", context)


def _give(request: HttpRequest, form: GrantForm) -> str | None:
    """The one-time link to hand over to who has no account; None when nothing more is to be shown."""
    try:
        place = resolve(form.cleaned_data["territory"])
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        if not invitations.known(email):
            _made, link = invitations.invite(request.user, email, "grant", place.key, role)
            return request.build_absolute_uri(link)
        actions.give(request.user, email, place.kind, place.code, role)
    except RessortError as error:
        form.add_error(None, error.say(_))
        return None
    messages.success(request, _("The right is given."))
    return None


def _with_label(grant: Grant) -> dict[str, Any]:
    known = territories()
    try:
        label = known.territory(grant.key).label
    except RessortError:
        label = grant.key
    return {"grant": grant, "label": label}


@login_required
@require_POST
def take_back(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Withdraws a right."""
    actions.take_back(request.user, get_object_or_404(Grant, pk=grant_id))
    messages.success(request, _("The right is withdrawn."))
    return redirect("people:grants")


@never_cache
@login_required
@require_GET
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """All that the site holds about the person signed in, in JSON or CSV."""
    held = queries.everything_about(request.user)
    if extension == "json":
        response: HttpResponse = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    else:
        response = HttpResponse(_as_csv(held), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ressort-{_("my-data")}.{extension}"'
    return response


def _as_csv(held: dict[str, Any]) -> str:
    """One line per fact: part, number, field, value; what others wrote is no formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["part", "number", "field", "value"])
    for part, rows in held.items():
        for index, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
            writer.writerows([part, index, field, neutral(value)] for field, value in row.items())  # fmt: skip
    return text.getvalue()


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Deletes the account of the person signed in."""
    form = LeaveForm(request.POST or None)
    if form.is_valid():
        if form.cleaned_data["email"].lower() == request.user.email.lower():
            person = request.user
            actions.leave(person)
            logout(request)
            messages.success(request, _("Your account is deleted."))
            return redirect("territories:home")
        form.add_error("email", _("This is not the e-mail of your account."))
    return render(request, "people/leave.html", {"form": form})
