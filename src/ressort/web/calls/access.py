"""Who may do what with a call: its people through the rights of the territory, its reviewers, its applicants by their link."""

import hashlib
import hmac

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from ressort.web.calls.models import Application, Call
from ressort.web.people import access
from ressort.web.people.models import Person

Who = Person | AnonymousUser


def may_run(person: Who, call: Call) -> bool:
    """Whether a person runs a call: prepares it, opens files, follows payments."""
    return access.may(person, "run_calls", call.territory_key)


def may_decide(person: Who, call: Call) -> bool:
    """Whether a person records the decisions of the assembly."""
    return access.may(person, "decide_calls", call.territory_key)


def may_review(person: Who, call: Call) -> bool:
    """Whether a person marks the files of a call."""
    return isinstance(person, Person) and person.is_active and call.reviewers.filter(person=person).exists()


def require_run(person: Who, call: Call) -> None:
    """Lets through whoever runs the call.

    Raises:
        PermissionDenied: anybody else.
    """
    access.require(person, "run_calls", call.territory_key)


def require_decide(person: Who, call: Call) -> None:
    """Lets through whoever decides.

    Raises:
        PermissionDenied: anybody else.
    """
    access.require(person, "decide_calls", call.territory_key)


def require_review(person: Who, application: Application) -> None:
    """Lets through a reviewer of the call, on a file that was submitted.

    Raises:
        PermissionDenied: anybody else. Http404: a file that reviewers do not see.
    """
    if not may_review(person, application.call):
        raise PermissionDenied(_("You are not among the reviewers of this call. Whoever runs it can add you."))
    if application.status != Application.Status.SUBMITTED:
        raise Http404


def digest_of(token: str) -> str:
    """What is kept of a secret link."""
    return hashlib.sha256(token.encode()).hexdigest()


def application_of(token: str) -> Application:
    """The file that a secret link opens.

    Raises:
        Http404: no file has that link.
    """
    digest = digest_of(token)
    found = Application.objects.select_related("call").filter(Q(token_digest=digest) | Q(spare_digest=digest)).first()
    if found is None:
        raise Http404
    if hmac.compare_digest(found.spare_digest or "", digest):
        # the renewed link was received, since it is used: the one before it dies
        Application.objects.filter(pk=found.pk).update(token_digest=digest, spare_digest=None)
    return found
