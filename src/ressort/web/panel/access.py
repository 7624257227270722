"""The one door between a person and a panel: the people of its territory run it, its administrators freeze and draw."""

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.http import Http404

from ressort.web.panel.models import Panel, Volunteer
from ressort.web.people import access
from ressort.web.people.models import Person

Visitor = Person | AnonymousUser
_SALT = "ressort.panel.volunteer"


def may_run(person: Visitor, panel: Panel) -> bool:
    """Whether a person runs a panel."""
    return access.may(person, "run_panel", panel.key)


def may_draw(person: Visitor, panel: Panel) -> bool:
    """Whether a person may freeze and draw."""
    return access.may(person, "draw_panel", panel.key)


def require_run(person: Visitor, panel: Panel) -> None:
    """Lets through who runs a panel, or refuses with what to do next."""
    access.require(person, "run_panel", panel.key)


def require_draw(person: Visitor, panel: Panel) -> None:
    """Lets through who may freeze and draw, or refuses with what to do next."""
    access.require(person, "draw_panel", panel.key)


def require_see(person: Visitor, panel: Panel) -> None:
    """Lets everyone see a public panel, and those who run it a panel being prepared; to others it does not exist."""
    if not panel.is_public and not may_run(person, panel):
        raise Http404


def key_of(volunteer: Volunteer) -> str:
    """The secret word of a volunteer's own page: signed, not stored."""
    return signing.dumps([volunteer.pk, volunteer.reference], salt=_SALT)


def volunteer_of(key: str) -> Volunteer:
    """The volunteer whose secret word this is; to others the page does not exist."""
    try:
        pk, reference = signing.loads(key, salt=_SALT)
        return Volunteer.objects.select_related("panel", "contact").get(pk=pk, reference=reference)
    except (signing.BadSignature, ValueError, TypeError, Volunteer.DoesNotExist):
        raise Http404 from None
