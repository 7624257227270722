"""Posts given by invitation to whoever has no account yet."""

from ressort.web.association import members
from ressort.web.association.models import Office, Post
from ressort.web.currency.queries import code_of
from ressort.web.people import invitations
from ressort.web.people.models import Person


def offer(by: Person, currency: int, email: str, role: str, office: Office | None) -> str:
    """Gives a post at once to who has an account; else the address of an invitation to hand over.

    Raises:
        RuleBroken: to oneself; an office for another post, or none for an office.
    """
    if invitations.known(email):
        members.appoint(by, currency, email, role, office)
        return ""
    about = f"{currency}:{office.pk}" if office else str(currency)
    return invitations.invite(by, email, "post", about, role)[1]


def _place(about: str) -> tuple[int, Office | None]:
    currency, colon, office = about.partition(":")
    return int(currency), Office.objects.filter(pk=int(office)).first() if colon else None


def _check(by: Person, about: str, role: str) -> None:
    members.check_post(by, _place(about)[0], role, _place(about)[1])


def _give(by: Person, email: str, about: str, role: str) -> object:
    currency, office = _place(about)
    return members.appoint(by, currency, email, role, office)


def _told(about: str, role: str) -> str:
    currency, office = _place(about)
    return f"{Post.Role(role).label}, {office.name if office else code_of(currency)}"


OFFER = invitations.Offer(_check, _give, _told)
