"""Screens of invitations: what the link shows, and those that were handed out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ressort.core.errors import RuleBroken
from ressort.web.people import invitations
from ressort.web.people.forms import AcceptInvitationForm, OpenAccountForm
from ressort.web.people.models import Invitation


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to; accepted with one button, or with a password for who has no account yet."""
    one = invitations.found(token)
    if one is None:
        return render(request, "people/invitation.html", {"one": None}, status=410)
    if not request.user.is_authenticated and invitations.known(one.email):
        return redirect_to_login(request.path)
    who = request.user if request.user.is_authenticated else None
    given = request.POST if request.method == "POST" else None
    form = AcceptInvitationForm(given) if who else OpenAccountForm(one.email, given)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(token, who, form.cleaned_data.get("password", ""), form.cleaned_data.get("name", ""))
        except RuleBroken as error:
            form.add_error(None, error.say(_))
        else:
            messages.success(request, _("You have the role. Sign in to use it.") if who is None else _("You have the role."))  # fmt: skip
            return redirect("people:profile")
    context = {"one": one, "form": form, "told": invitations.told(one), "is_other": bool(who and who.email.lower() != one.email)}  # fmt: skip
    return render(request, "people/invitation.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The invitations of the person signed in."""
    open_ones = set(invitations.open_ones().values_list("pk", flat=True))
    rows = [(one, invitations.told(one), one.pk in open_ones) for one in invitations.seen_by(request.user)[:200]]
    return render(request, "people/invitations.html", {"rows": rows})


@login_required
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Ends an invitation."""
    invitations.withdraw(request.user, get_object_or_404(Invitation, pk=number))
    return redirect("people:invitations")
