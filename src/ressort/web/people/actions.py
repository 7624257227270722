"""What can be done to accounts and rights. Each action is one transaction and one line of the audit log."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.web.people import access
from ressort.web.people.models import Entry, Grant, Person

LOG_KEPT = timedelta(days=365)


def note(who: Person | None, what: str, about: str = "") -> Entry:
    """Writes a line of the audit log."""
    return Entry.objects.create(who=who, what=what, about=about[:80])


@transaction.atomic
def add_person(email: str, *, is_operator: bool = False, by: Person | None = None) -> Person:
    """The person of that e-mail, created without a password if need be."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        person = Person.objects.create_user(email, is_superuser=is_operator)
        # whoever hands over the one-time link vouches for the address
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        note(by, "add_person", f"person:{person.pk}")
    elif is_operator and not person.is_superuser:
        person.is_superuser = True
        person.save(update_fields=["is_superuser"])
        note(by, "make_operator", f"person:{person.pk}")
    return person


def first_password_link(person: Person) -> str:
    """The one-time address where a person chooses a password. It dies once used, or when the password changes."""
    token = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": token})


@transaction.atomic
def give(by: Person, email: str, kind: str, code: str, role: str) -> tuple[Grant, bool]:
    """Gives a role on a territory to the person of that e-mail; tells whether the account was just made."""
    access.require(by, "grant", f"{kind}:{code}")
    is_new = not Person.objects.filter(email__iexact=email).exists()
    person = add_person(email, by=by)
    if person == by:
        raise RuleBroken("Nobody gives a right to oneself. Ask another administrator or the operator of the site.")
    grant, _made = Grant.objects.update_or_create(
        person=person, kind=kind, code=code, defaults={"role": role, "granted_by": by}
    )
    note(by, "give", f"grant:{grant.pk} {grant.key}")
    return grant, is_new


@transaction.atomic
def take_back(by: Person, grant: Grant) -> None:
    """Withdraws a role. The last administrator of a territory is withdrawn by an operator only."""
    access.require(by, "grant", grant.key)
    peers = Grant.objects.select_for_update().filter(kind=grant.kind, code=grant.code, role=Grant.Role.ADMINISTRATOR)
    if grant.role == Grant.Role.ADMINISTRATOR and len(peers) == 1 and not by.is_superuser:
        raise RuleBroken("This is the last administrator of the territory. Name another one first.")
    note(by, "take_back", f"grant:{grant.pk} {grant.key}")
    grant.delete()


@transaction.atomic
def leave(person: Person) -> None:
    """Erases an account. The audit log keeps its lines without the name."""
    if person.is_superuser and Person.objects.filter(is_superuser=True, is_active=True).count() == 1:
        raise RuleBroken(
            "You are the only operator of this site. Name another one first: “python -m ressort.web manage person E-MAIL --operator”."
        )
    note(None, "leave", f"person:{person.pk}")
    try:
        person.delete()
    except ProtectedError as error:
        raise RuleBroken(
            "You still hold something that must be closed first: {names}. Ask whoever keeps it.",
            names=[str(one) for one in error.protected_objects],
        ) from error


@transaction.atomic
def purge() -> int:
    """Erases the lines of the audit log past their time; tells how many."""
    count, _by_model = Entry.objects.filter(at__lt=timezone.now() - LOG_KEPT).delete()
    return count
