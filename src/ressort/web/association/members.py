"""Members: added, approved with a charter, checked, suspended, closed; dues; posts and rules of the desk."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency import NO_CEILING_CENTS, Status
from ressort.core.currency.association import Dues as DuesRule
from ressort.core.errors import RuleBroken
from ressort.web.association import access, queries
from ressort.web.association.models import Deed, Dues, DuesPayment, Member, Office, Post, Rules, Series, Standing
from ressort.web.currency import actions, wallets
from ressort.web.currency.models import Listing, Wallet
from ressort.web.people.actions import add_person, note
from ressort.web.people.models import Person


@transaction.atomic
def add_member(by: Person, currency: int, name: str, alias: str, kind: str, email: str, branch: str = "", iban: str = "") -> Member:  # fmt: skip
    """A member with an account. Individuals use it at once, up to the ceiling of level 0; others once they are approved."""
    access.require(by, "keep_members", currency)
    owner = add_person(email, by=by) if email else None
    wallet = wallets.open_wallet(None, currency, name, alias, kind, owner)
    member = Member.objects.create(wallet=wallet, added_by=by, branch=branch, iban=iban)
    if kind == Wallet.Kind.INDIVIDUAL:
        member.standing, member.approved_on = Standing.APPROVED, timezone.localdate()
        member.save()
        _limit(member)
    else:
        actions.change_status(wallet.account, Status.CLOSED)
    note(by, "add_member", f"member:{member.pk}")
    return member


@transaction.atomic
def approve(by: Person, member: Member, charter: str, signed_on: date) -> None:
    """Approves who signed the charter; whoever added the member does not approve it.

    Raises:
        RuleBroken: approved already, no charter, signed in the future, or added by the same person.
    """
    access.require(by, "keep_members", member.wallet.currency)
    if member.standing != Standing.CANDIDATE:
        raise RuleBroken(_("This member is already approved."))
    if not charter.strip() or signed_on > timezone.localdate():
        raise RuleBroken(_("Write which charter was signed, and on which past day."))
    if member.added_by_id == by.pk:
        raise RuleBroken(_("Somebody else must approve this member: whoever added it cannot."))
    member.charter, member.charter_signed_on = charter.strip(), signed_on
    member.standing, member.approved_by, member.approved_on = Standing.APPROVED, by, timezone.localdate()
    member.save()
    is_regie = member.wallet.kind == Wallet.Kind.PUBLIC_BODY
    actions.change_status(member.wallet.account, Status.RECEIVES_ONLY if is_regie else Status.OPEN)
    note(by, "approve_member", f"member:{member.pk}")


@transaction.atomic
def check_identity(by: Person, member: Member, level: int) -> None:
    """Writes to which level somebody's identity was checked; the account may hold more with it."""
    access.require(by, "keep_members", member.wallet.currency)
    member.level, member.level_checked_by, member.level_checked_on = level, by, timezone.localdate()
    member.save()
    _limit(member)
    note(by, "check_identity", f"member:{member.pk} level {level}")


def _limit(member: Member) -> None:
    """The ceiling of an account, by level, for individuals; others have none."""
    rules = queries.rules(member.wallet.currency)
    ceilings = (rules.level0_cents, rules.level1_cents, NO_CEILING_CENTS)
    is_person = member.wallet.kind == Wallet.Kind.INDIVIDUAL
    actions.limit_account(member.wallet.account, ceiling_cents=ceilings[member.level] if is_person else NO_CEILING_CENTS)  # fmt: skip


@transaction.atomic
def suspend(by: Person, member: Member) -> None:
    """The account receives and no longer pays; what is owed is redeemed all the same, by the desk."""
    access.require(by, "keep_members", member.wallet.currency)
    _move(by, member, Standing.APPROVED, Standing.SUSPENDED, Status.RECEIVES_ONLY)


@transaction.atomic
def resume(by: Person, member: Member) -> None:
    """The account pays again."""
    access.require(by, "keep_members", member.wallet.currency)
    is_regie = member.wallet.kind == Wallet.Kind.PUBLIC_BODY
    _move(by, member, Standing.SUSPENDED, Standing.APPROVED, Status.RECEIVES_ONLY if is_regie else Status.OPEN)


def _move(by: Person, member: Member, before: Standing, after: Standing, status: Status) -> None:
    if not Member.objects.filter(pk=member.pk, standing=before).update(standing=after):
        raise RuleBroken(_("This member changed meanwhile. Read the page again."))
    actions.change_status(member.wallet.account, status)
    note(by, f"{after}_member", f"member:{member.pk}")


@transaction.atomic
def close(by: Person, member: Member) -> None:
    """Closes an empty account and forgets who held it; the ledger keeps a number.

    Raises:
        RuleBroken: it holds something, or is the account of the association itself.
    """
    access.require(by, "keep_members", member.wallet.currency)
    if queries.rules(member.wallet.currency).association == member.wallet:
        raise RuleBroken(_("This is the account of the association: name another one in the rules first."))
    note(by, "close_member", f"member:{member.pk}")
    if member.standing != Standing.CANDIDATE:
        actions.change_status(member.wallet.account, Status.OPEN)
    wallets.close_wallet(None, member.wallet)


@transaction.atomic
def change_member(by: Person, member: Member, **given: Any) -> None:
    """The branch, bank account and sponsored association of a member."""
    access.require(by, "keep_members", member.wallet.currency)
    for name, value in given.items():
        setattr(member, name, value)
    member.save(update_fields=list(given))
    note(by, "change_member", f"member:{member.pk}")


@transaction.atomic
def list_member(by: Person, member: Member, sector: str, commune: str, is_public: bool) -> Listing:
    """Where a member who takes the currency is found; on the public list and map when it agreed to.

    Raises:
        RuleBroken: an individual is not listed; nor is somebody not approved.
    """
    access.require(by, "keep_members", member.wallet.currency)
    if is_public and (member.wallet.kind == Wallet.Kind.INDIVIDUAL or member.standing != Standing.APPROVED):
        raise RuleBroken(_("Only an approved professional, association or public body is shown to the public."))
    made, _is_new = Listing.objects.update_or_create(
        wallet=member.wallet, defaults={"branch": sector, "commune": commune, "is_public": is_public}
    )
    note(by, "list_member", f"member:{member.pk} {sector} {commune} {'public' if is_public else 'hidden'}")
    return made


@transaction.atomic
def call_dues(by: Person, currency: int, kind: str, due_on: date, amount_cents: int) -> int:
    """Dues of a period for every approved member of a kind; asked twice, called once. Tells how many were called."""
    access.require(by, "keep_members", currency)
    owing = Member.objects.filter(wallet__currency=currency, wallet__kind=kind).exclude(standing=Standing.CANDIDATE)
    made = Dues.objects.bulk_create(
        [Dues(member=one, due_on=due_on, amount_cents=amount_cents) for one in owing.exclude(dues__due_on=due_on)], ignore_conflicts=True
    )  # fmt: skip
    note(by, "call_dues", f"currency:{currency} {due_on} {len(made)}")
    return len(made)


@transaction.atomic
def waive(by: Person, dues: Dues) -> None:
    """Lets a member off some dues."""
    access.require(by, "keep_members", dues.member.wallet.currency)
    Dues.objects.filter(pk=dues.pk).update(waived=True)
    note(by, "waive_dues", f"dues:{dues.pk}")


def dues_rule(dues: Dues) -> DuesRule:
    """Dues as the rules of the core know them, with what was paid and not taken back."""
    paid = sum(
        one.deed.amount_cents
        for one in dues.payments.all()
        if getattr(one.deed, "decision", None)
        and one.deed.decision.outcome == "done"
        and not any(getattr(back, "decision", None) and back.decision.outcome == "done" for back in one.deed.reversed_by.all())
    )  # fmt: skip
    return DuesRule(dues.due_on, dues.amount_cents, paid, dues.waived)


def attach_dues(deed: Deed, dues: Dues | None) -> None:
    """Tells which dues a deed pays: those told, else the oldest of the member not paid yet, if any."""
    if dues is not None:
        DuesPayment.objects.create(dues=dues, deed=deed)
        return
    owed = Dues.objects.filter(member__wallet__account=deed.account, waived=False).order_by("due_on")
    for one in owed.prefetch_related("payments__deed__decision", "payments__deed__reversed_by__decision"):
        if dues_rule(one).paid_cents < one.amount_cents:
            DuesPayment.objects.create(dues=one, deed=deed)
            return


@transaction.atomic
def open_office(by: Person, currency: int, name: str) -> Office:
    """An exchange office, with its six accounts."""
    access.require(by, "keep_offices", currency)
    if Office.objects.filter(currency=currency, name=name).exists():
        raise RuleBroken(_("An office is already called {name}."), name=name)
    office = Office.objects.create(
        currency=currency, name=name, **{kind: actions.open_account(currency, kind) for kind in Office.KINDS}
    )
    note(by, "open_office", f"office:{office.pk}")
    return office


@transaction.atomic
def add_series(by: Person, currency: int, name: str, value_cents: int) -> Series:
    """A series of notes; printing some is an operation."""
    access.require(by, "keep_offices", currency)
    if Series.objects.filter(currency=currency, name=name).exists():
        raise RuleBroken(_("A series is already called {name}."), name=name)
    note(by, "add_series", f"currency:{currency}")
    return Series.objects.create(currency=currency, name=name, value_cents=value_cents)


@transaction.atomic
def appoint(by: Person, currency: int, email: str, role: str, office: Office | None = None) -> Post:
    """Gives somebody a post.

    Raises:
        RuleBroken: to oneself; an office for another post, or none for an office.
    """
    check_post(by, currency, role, office)
    person = add_person(email, by=by)
    if person == by:
        raise RuleBroken(
            _("Nobody gives a post to oneself. Ask another member of the staff, or whoever runs the site.")
        )
    post, _made = Post.objects.get_or_create(
        person=person, currency=currency, role=role, office=office, defaults={"given_by": by}
    )
    note(by, "appoint", f"post:{post.pk}")
    return post


def check_post(by: Person, currency: int, role: str, office: Office | None) -> None:
    """Lets through a post that somebody may give.

    Raises:
        PermissionDenied: it is not theirs to give. RuleBroken: an office for another post, or none for an office.
    """
    access.require(by, "appoint_staff" if role == Post.Role.STAFF else "appoint", currency)
    if (role == Post.Role.OFFICE) != (office is not None) or (office is not None and office.currency != currency):
        raise RuleBroken(_("Choose the office, for an exchange office only."))


@transaction.atomic
def dismiss(by: Person, post: Post) -> None:
    """Takes a post back."""
    access.require(by, "appoint_staff" if post.role == Post.Role.STAFF else "appoint", post.currency)
    note(by, "dismiss", f"post:{post.pk}")
    post.delete()


@transaction.atomic
def set_rules(by: Person, currency: int, **given: Any) -> Rules:
    """The rules of a currency."""
    access.require(by, "set_rules", currency)
    rules, _made = Rules.objects.update_or_create(currency=currency, defaults=given)
    note(by, "set_rules", f"currency:{currency}")
    return rules
