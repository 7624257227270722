"""Seats at the till given by invitation to whoever has no account yet."""

from django.utils.translation import gettext_noop as _

from ressort.core.errors import RuleBroken
from ressort.web.currency import access, wallets
from ressort.web.currency.models import Seat, Wallet
from ressort.web.people import invitations
from ressort.web.people.models import Person


def offer(by: Person, wallet: Wallet, email: str, role: str) -> str:
    """Gives a seat at once to who has an account; else the address of an invitation to hand over."""
    if invitations.known(email):
        wallets.seat(by, wallet, email, role)
        return ""
    return invitations.invite(by, email, "seat", f"{wallet.currency}:{wallet.alias}", role)[1]


def _wallet(about: str) -> Wallet:
    currency, _colon, alias = about.partition(":")
    found = Wallet.objects.filter(currency=int(currency), alias=alias).first()
    if found is None:
        raise RuleBroken(_("The account of this code is closed, or of another site."))
    return found


def _check(by: Person, about: str, _role: str) -> None:
    access.require(by, "seat", _wallet(about))


def _give(by: Person, email: str, about: str, role: str) -> object:
    return wallets.seat(by, _wallet(about), email, role)


def _told(about: str, role: str) -> str:
    return f"{Seat.Role(role).label}, {about.partition(':')[2]}"


OFFER = invitations.Offer(_check, _give, _told)
