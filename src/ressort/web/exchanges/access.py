"""The one door between a person and an agreement, or a long computation.

Whoever may write for one of the parties prepares it; each party's administrators sign for their own; others read what is public.
A party that merged is also written by the people of the territory it is in today.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from ressort.core.errors import UnknownCode
from ressort.exchanges import territory_today
from ressort.web.exchanges.models import Agreement, Party
from ressort.web.people import access
from ressort.web.people.models import Person

Visitor = Person | AnonymousUser


def keys_of(party: Party) -> list[str]:
    """The key under which a party joined, and the one of today."""
    try:
        return list(dict.fromkeys((party.key, territory_today(party.kind, party.code).key)))
    except UnknownCode:
        return [party.key]


def may_write(person: Visitor, agreement: Agreement) -> bool:
    """Whether a person may write for one of the parties."""
    return any(
        access.may(person, "write_agreements", key) for party in agreement.parties.all() for key in keys_of(party)
    )


def may_sign(person: Visitor, party: Party) -> bool:
    """Whether a person may sign for a party."""
    return any(access.may(person, "sign_agreements", key) for key in keys_of(party))


def may_lead(person: Visitor, agreement: Agreement) -> bool:
    """Whether a person may propose an agreement, start it, end it: an administrator of one of the parties."""
    return any(may_sign(person, party) for party in agreement.parties.all())


def require_write(person: Visitor, agreement: Agreement) -> None:
    """Lets through who may write, or refuses with what to do next."""
    _let(may_write(person, agreement))


def require_lead(person: Visitor, agreement: Agreement) -> None:
    """Lets through who may decide for a party, or refuses with what to do next."""
    _let(may_lead(person, agreement))


def require_sign(person: Visitor, party: Party) -> None:
    """Lets through who may sign for a party, or refuses with what to do next."""
    _let(may_sign(person, party))


def require_see(person: Visitor, agreement: Agreement) -> None:
    """Lets everyone see a public agreement, and the parties their own; to others it does not exist."""
    if not agreement.is_public and not may_write(person, agreement):
        raise Http404


def may_compute(person: Visitor) -> bool:
    """Whether a person may start or stop a long computation: whoever holds a right on a territory, and the operators."""
    return isinstance(person, Person) and person.is_active and (person.is_superuser or person.grants.exists())


def require_compute(person: Visitor) -> None:
    """Lets through who may start a long computation, or refuses with what to do next."""
    if not may_compute(person):
        raise PermissionDenied(
            _("Long computations are started by the people of a territory: ask one of its administrators for a right.")
        )


def _let(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied(
            _(
                "Your account has no right to do this for a party of the agreement. Ask one of its administrators for it."
            )
        )
