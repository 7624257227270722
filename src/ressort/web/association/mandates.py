"""What members let the association debit from their bank account: SEPA mandates, and units bought each month.

mandate recorded ─signed on a day─▶ in force ─revoked, by either side─▶ over          (another bank account: another mandate)
monthly credit: since a day ─stopped─▶ over
"""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.association import SEPA_COUNTRIES
from ressort.core.currency.association import SepaMandate as MandateRule
from ressort.core.currency.bank import bank_text
from ressort.core.errors import RuleBroken
from ressort.web.association import access, queries
from ressort.web.association.models import Debit, Member, MonthlyCredit, SepaMandate
from ressort.web.currency.queries import code_of
from ressort.web.people.actions import note
from ressort.web.people.models import Person

_MOST_NAME = 70


@transaction.atomic
def record_mandate(by: Person, member: Member, holder: str, iban: str, signed_on: date | None) -> SepaMandate:
    """A new mandate of a member, signed already or to be; the one before ends.

    Raises:
        RuleBroken: signed in the future, or a bank account outside of SEPA.
    """
    access.require(by, "keep_members", member.wallet.currency)
    if iban[:2] not in SEPA_COUNTRIES:
        raise RuleBroken(_("{iban} is outside of SEPA: no direct debit can be made there."), iban=iban)
    _not_to_come(signed_on)
    Member.objects.select_for_update().get(pk=member.pk)
    _end(member)
    made = SepaMandate.objects.create(
        member=member, reference=_reference(member), holder=bank_text(holder, _MOST_NAME), iban=iban, signed_on=signed_on, recorded_by=by,
    )  # fmt: skip
    note(by, "record_mandate", f"mandate:{made.pk}")
    return made


@transaction.atomic
def sign_mandate(by: Person, mandate: SepaMandate, signed_on: date) -> None:
    """Writes down on which day a mandate was signed."""
    access.require(by, "keep_members", mandate.member.wallet.currency)
    _not_to_come(signed_on)
    if not SepaMandate.objects.filter(pk=mandate.pk, signed_on=None, revoked_on=None).update(signed_on=signed_on):
        raise RuleBroken(_("This mandate is already signed, or over. Record another one."))
    note(by, "sign_mandate", f"mandate:{mandate.pk}")


@transaction.atomic
def revoke_mandate(by: Person, mandate: SepaMandate) -> None:
    """Ends a mandate, by the staff or by whoever gave it: nothing more is collected with it.

    Raises:
        PermissionDenied: neither.
    """
    access.require_owner(by, mandate.member.wallet, "keep_members")
    _end(mandate.member)
    note(by, "revoke_mandate", f"mandate:{mandate.pk}")


def _end(member: Member) -> None:
    today = timezone.localdate()
    for one in SepaMandate.objects.filter(member=member, revoked_on=None):
        one.revoked_on = max(today, one.signed_on or today)
        one.save(update_fields=["revoked_on"])


def _reference(member: Member) -> str:
    count = SepaMandate.objects.filter(member=member).count()
    return f"{code_of(member.wallet.currency)}-{member.pk:06}-{count + 1}"


def _not_to_come(day: date | None) -> None:
    if day is not None and day > timezone.localdate():
        raise RuleBroken(_("A mandate is written down once it is signed: {day} is to come."), day=str(day))


@transaction.atomic
def set_credit(by: Person, member: Member, amount_cents: int, since: date) -> MonthlyCredit:
    """What a member buys each month from a day on; it replaces what was bought before.

    Raises:
        RuleBroken: under the least of the rules. PermissionDenied: neither the member nor the staff.
    """
    access.require_owner(by, member.wallet, "keep_members")
    least = queries.rules(member.wallet.currency).credit_least_cents
    if amount_cents < least:
        raise RuleBroken(_("A monthly credit is of {least_cents} at least."), least_cents=least)
    Member.objects.select_for_update().get(pk=member.pk)
    _stop(member)
    made = MonthlyCredit.objects.create(member=member, amount_cents=amount_cents, since=since)
    note(by, "set_credit", f"credit:{made.pk}")
    return made


@transaction.atomic
def stop_credit(by: Person, credit: MonthlyCredit) -> None:
    """Buys no more. What a file already agreed to holds is still collected."""
    access.require_owner(by, credit.member.wallet, "keep_members")
    _stop(credit.member)
    note(by, "stop_credit", f"credit:{credit.pk}")


def _stop(member: Member) -> None:
    MonthlyCredit.objects.filter(member=member, stopped_on=None).update(stopped_on=timezone.localdate())


def mandate_rule(mandate: SepaMandate | None) -> MandateRule | None:
    """A mandate as the rules of the core know it, with the last day it collected."""
    if mandate is None:
        return None
    last = Debit.objects.filter(mandate=mandate, outcome=Debit.Outcome.COLLECTED).aggregate(last=Max("collection__on"))
    return MandateRule(mandate.iban, mandate.signed_on, mandate.revoked_on, last["last"])


def running(member: Member) -> tuple[SepaMandate | None, MonthlyCredit | None]:
    """The mandate and the monthly credit of a member that are not over."""
    return (
        SepaMandate.objects.filter(member=member, revoked_on=None).first(),
        MonthlyCredit.objects.filter(member=member, stopped_on=None).first(),
    )
