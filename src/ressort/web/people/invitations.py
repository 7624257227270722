"""Invitations: a link that opens an account, or signs in, for one e-mail and one role; it serves once, until a day.

invited ─link given by hand─▶ accepted once: the role is given in the name of whoever invited, if they still may give it
   ├─ withdrawn by whoever invited, or by an operator
   └─ its day is past
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.errors import RuleBroken
from ressort.reference.territories import territories
from ressort.web.people import access, actions
from ressort.web.people.models import Grant, Invitation, Person

#: how long a link may be used
DAYS = 7


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of role: who may give it, how it is given, how it is told."""

    check: Callable[[Person, str, str], None]
    give: Callable[[Person, str, str, str], object]
    told: Callable[[str, str], str]


def _check_grant(by: Person, about: str, _role: str) -> None:
    access.require(by, "grant", about)


def _give_grant(by: Person, email: str, about: str, role: str) -> object:
    kind, _colon, code = about.partition(":")
    return actions.give(by, email, kind, code, role)


def _tell_grant(about: str, role: str) -> str:
    return f"{Grant.Role(role).label}, {territories().territory(about).label}"


#: kinds of roles by name; other parts of the site add theirs
OFFERS: dict[str, Offer] = {"grant": Offer(_check_grant, _give_grant, _tell_grant)}


@transaction.atomic
def invite(by: Person, email: str, what: str, about: str, role: str) -> tuple[Invitation, str]:
    """An invitation, and the address to hand over: it is shown once. The one before, for the same role, is withdrawn.

    Raises:
        PermissionDenied: this role is not theirs to give. RuleBroken: to oneself.
    """
    OFFERS[what].check(by, about, role)
    email = email.strip().lower()
    if email == by.email.lower():
        raise RuleBroken(_("Nobody gives a right to oneself. Ask another administrator or the operator of the site."))
    now = timezone.now()
    Invitation.objects.filter(email=email, what=what, about=about, role=role, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)  # fmt: skip
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        digest=_digest(token), email=email, what=what, about=about, role=role, by=by, until=now + timedelta(days=DAYS)
    )
    actions.note(by, "invite", f"invitation:{made.pk} {what}:{about} {role}")
    return made, reverse("people:invitation", args=[token])


def known(email: str) -> bool:
    """Whether an e-mail has an account: its holder needs no invitation."""
    return Person.objects.filter(email__iexact=email.strip()).exists()


def found(token: str) -> Invitation | None:
    """The invitation of a link, if it may still be used."""
    return open_ones().filter(digest=_digest(token)).select_related("by").first()


def open_ones() -> QuerySet[Invitation]:
    """Invitations that may still be used."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, by__isnull=False, until__gt=timezone.now())


def seen_by(person: Person) -> QuerySet[Invitation]:
    """The invitations that somebody made, or all of them for an operator: the open ones and those of the last month."""
    since = timezone.now() - timedelta(days=30)
    held = Invitation.objects.filter(made_at__gte=since).select_related("by", "accepted_by")
    return held if person.is_superuser else held.filter(by=person)


@transaction.atomic
def accept(token: str, who: Person | None, password: str = "", name: str = "") -> Person:
    """Takes the role of an invitation; without an account, one is opened with a password.

    Raises:
        RuleBroken: the link does not serve any more, or it is for somebody else. PermissionDenied: whoever invited may not give it any more.
    """
    one = open_ones().select_for_update(of=("self",)).select_related("by").filter(digest=_digest(token)).first()
    if one is None or one.by is None:
        raise RuleBroken(_("This invitation does not serve any more: it was used, withdrawn, or its day is past. Ask for another one."))  # fmt: skip
    if who is None and not known(one.email):
        who = Person.objects.create_user(one.email, password, name=name)
        # whoever hands over the link vouches for the address
        EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
    if who is None or who.email.lower() != one.email:
        raise RuleBroken(_("This invitation is for {email}: sign in with that account."), email=one.email)
    OFFERS[one.what].check(one.by, one.about, one.role)
    OFFERS[one.what].give(one.by, one.email, one.about, one.role)
    one.accepted_at, one.accepted_by = timezone.now(), who
    one.save(update_fields=["accepted_at", "accepted_by"])
    actions.note(who, "accept_invitation", f"invitation:{one.pk} {one.what}:{one.about} {one.role}")
    return who


@transaction.atomic
def withdraw(by: Person, one: Invitation) -> None:
    """Ends an invitation at once.

    Raises:
        PermissionDenied: somebody else made it.
    """
    if not by.is_superuser and one.by_id != by.pk:
        raise PermissionDenied
    if Invitation.objects.filter(pk=one.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        actions.note(by, "withdraw_invitation", f"invitation:{one.pk}")


def purge() -> int:
    """Erases invitations a month after they ended; tells how many."""
    late = timezone.now() - timedelta(days=30)
    ended = Q(until__lt=late) | Q(accepted_at__lt=late) | Q(withdrawn_at__lt=late)
    return Invitation.objects.filter(ended).delete()[0]


def told(one: Invitation) -> str:
    """The role of an invitation, in words."""
    return OFFERS[one.what].told(one.about, one.role)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
