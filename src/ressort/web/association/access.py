"""The one door between a person and the desk of a currency.

Roles: staff, exchange office (for its own office) and auditor are posts given on the desk; professional, individual and public body
follow from the wallets that somebody owns; administrators run the site. Who runs the site names the staff, and moves no money.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from ressort.web.association.models import Office, Post
from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person

STAFF, OFFICE, AUDITOR, ADMIN = "staff", "office", "auditor", "admin"
PROFESSIONAL, INDIVIDUAL, PUBLIC_BODY, ASSOCIATION = "professional", "individual", "public_body", "association"
ROLES = (STAFF, OFFICE, AUDITOR, ADMIN, PROFESSIONAL, INDIVIDUAL, PUBLIC_BODY, ASSOCIATION)
_HOLDERS = (PROFESSIONAL, INDIVIDUAL, PUBLIC_BODY, ASSOCIATION)

#: action → roles that may do it
WHO: dict[str, tuple[str, ...]] = {
    "see_desk": (STAFF, OFFICE, AUDITOR, ADMIN),
    "see_members": (STAFF, AUDITOR),
    "keep_members": (STAFF,),
    "see_deeds": (STAFF, OFFICE, AUDITOR),
    "operate": (STAFF, OFFICE),
    "decide": (STAFF,),
    "see_reserve": (STAFF, AUDITOR),
    "certify": (STAFF,),
    "run_programmes": (STAFF,),
    "bring_in": (ADMIN,),
    "see_books": (STAFF, AUDITOR),
    "keep_offices": (STAFF,),
    "keep_bank": (STAFF,),
    "see_posts": (STAFF, AUDITOR, ADMIN),
    "appoint": (STAFF, ADMIN),
    "appoint_staff": (ADMIN,),
    "set_rules": (ADMIN,),
    "hold": _HOLDERS,
}
#: what an exchange office may do, for itself
OFFICE_OPERATIONS = frozenset({
    "office_stock_in", "office_stock_out", "returns_out", "exchange_to_notes", "exchange_to_digital_at_office", "redeem_notes",
    "deposit_notes", "withdraw_notes", "dues_in_eur", "dues_in_notes", "bank_deposit",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parts:
    """What somebody is to a currency, and the offices kept, if any."""

    roles: frozenset[str]
    offices: frozenset[int] = frozenset()


def parts(who: Person | AnonymousUser, currency: int) -> Parts:
    """The roles of somebody in a currency; none for strangers."""
    if not isinstance(who, Person) or not who.is_active:
        return Parts(frozenset())
    posts = list(Post.objects.filter(person=who, currency=currency))
    roles = {post.role for post in posts} | set(
        Wallet.objects.filter(owner=who, currency=currency).values_list("kind", flat=True)
    )
    return Parts(
        frozenset(roles | ({ADMIN} if who.is_superuser else set())),
        frozenset(post.office_id for post in posts if post.office_id),
    )


def may(
    who: Person | AnonymousUser, action: str, currency: int, office: Office | None = None, operation: str = ""
) -> bool:
    """Whether somebody may do something at the desk of a currency; an office acts for itself only."""
    held = parts(who, currency)
    allowed = held.roles & set(WHO[action])
    if action != "operate" or STAFF in allowed:
        return bool(allowed)
    return OFFICE in allowed and (not operation or operation in OFFICE_OPERATIONS) and (office is None or office.pk in held.offices)  # fmt: skip


def require(who: Person | AnonymousUser, action: str, currency: int, office: Office | None = None, operation: str = "") -> None:  # fmt: skip
    """Lets through, or refuses.

    Raises:
        PermissionDenied: the role does not allow it.
    """
    if not may(who, action, currency, office, operation):
        raise PermissionDenied(_("Your role in this currency does not allow this. Ask the staff of the association."))


def require_owner(who: Person, wallet: Wallet, otherwise: str = "") -> None:
    """Lets through whoever holds an account, or may do something else at its desk.

    Raises:
        PermissionDenied: this is somebody else's account.
    """
    if not (otherwise and may(who, otherwise, wallet.currency)):
        require(who, "hold", wallet.currency)
        if wallet.owner_id != who.pk:
            raise PermissionDenied(_("This is somebody else's account."))
