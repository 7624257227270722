"""Where somebody is signed in, and how to end it from elsewhere."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ressort.web.people.actions import note
from ressort.web.people.models import Entry, Person, SignIn

_LINES = 30


def note_sign_in(request: HttpRequest, user: Person, **_rest: Any) -> None:
    """Keeps that a person signed in, and forgets the sessions that are over."""
    key = getattr(request, "session", None) and request.session.session_key
    if not key:
        return
    agent = request.META.get("HTTP_USER_AGENT", "")[:160]
    SignIn.objects.update_or_create(session=key, defaults={"person": user, "agent": agent})
    SignIn.objects.filter(person=user).exclude(session__in=_alive()).exclude(session=key).delete()


def _alive() -> Any:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


def signed_in(person: Person) -> list[SignIn]:
    """The sessions of a person that are not over, the newest first."""
    return list(SignIn.objects.filter(person=person, session__in=_alive()))


@transaction.atomic
def end(person: Person, kept: str, number: int | None) -> int:
    """Ends one session of a person, or all but the one in use; tells how many. `kept` is never ended."""
    ended = SignIn.objects.filter(person=person).exclude(session=kept)
    if number is not None:
        ended = ended.filter(pk=number)
    keys = list(ended.values_list("session", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    if keys:
        note(person, "end_session", f"person:{person.pk} sessions:{len(keys)}")
    return len(keys)


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of the person signed in, and what was done lately in their name."""
    here = request.session.session_key
    if not SignIn.objects.filter(session=here).exists():  # the password was changed: the session took another key
        note_sign_in(request, request.user)
    found = signed_in(request.user)
    context = {
        "sessions": found,
        "here": here,
        "others": len(found) > 1,
        "lines": Entry.objects.filter(who=request.user)[:_LINES],
    }
    return render(request, "people/sessions.html", context)


@login_required
@require_POST
def end_sessions(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Ends one session, or all the others."""
    if end(request.user, request.session.session_key or "", number):
        messages.success(request, _("Signed out there."))
    return redirect("people:sessions")
