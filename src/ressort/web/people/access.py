"""The one door between a person and an object of a territory.

A right is held on one territory and does not extend to those inside or around it: the people of an EPCI do not write
in the name of its communes. Operators of the installation may do everything.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ressort.web.people.models import Grant, Person

#: action → roles that may do it
ROLES: dict[str, tuple[str, ...]] = {
    "see_own_data": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "write_own_data": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "run_calls": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "decide_calls": (Grant.Role.ADMINISTRATOR,),
    "run_panel": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "draw_panel": (Grant.Role.ADMINISTRATOR,),
    "see_grants": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "grant": (Grant.Role.ADMINISTRATOR,),
    "run_budget": (Grant.Role.ADMINISTRATOR,),
    "study_ideas": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "write_agreements": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
    "sign_agreements": (Grant.Role.ADMINISTRATOR,),
    "key_ballots": (Grant.Role.CONTRIBUTOR, Grant.Role.ADMINISTRATOR),
}


def may(person: Person | AnonymousUser, action: str, territory_key: str) -> bool:
    """Whether a person may do something to a territory."""
    if not isinstance(person, Person) or not person.is_active:
        return False
    if person.is_superuser:
        return True
    kind, _colon, code = territory_key.partition(":")
    return person.grants.filter(kind=kind, code=code, role__in=ROLES[action]).exists()


def require(person: Person | AnonymousUser, action: str, territory_key: str) -> None:
    """Lets through, or refuses with what to do next.

    Raises:
        PermissionDenied: the person has no role that allows the action on this territory.
    """
    if may(person, action, territory_key):
        return
    if not isinstance(person, Person):
        raise PermissionDenied(_("Sign in first: this page belongs to the people of the territory."))
    raise PermissionDenied(
        _("Your account has no right to do this on this territory. Ask one of its administrators for it.")
    )
