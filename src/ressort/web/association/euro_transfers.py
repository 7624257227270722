"""The euros of a month that a programme paid: a file for the bank, from the operating account."""

from datetime import date
from hashlib import sha256

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from ressort.core.currency.bank import Party, Transfer, transfers_file
from ressort.core.errors import RuleBroken
from ressort.web.association import access, queries
from ressort.web.association.models import Member, Programme
from ressort.web.people.actions import note
from ressort.web.people.models import Person

#: what waits for an agreement, or was taken back, is not paid
PAID = Q(deed__isnull=True) | Q(deed__decision__outcome="done") & ~Q(deed__reversed_by__decision__outcome="done")


def without_account(programme: Programme) -> list[str]:
    """Who is paid euros by a programme and told no bank account."""
    owed = programme.allowances.filter(PAID, euro_cents__gt=0).values_list("account", flat=True)
    bare = Member.objects.filter(wallet__account__in=owed, iban="")
    return list(bare.values_list("wallet__name", flat=True).order_by("wallet__name"))


def euro_file(by: Person, programme: Programme, period: date, on: date) -> tuple[str, bytes]:
    """A pain.001 of the euros of a month that was paid, from the operating account; the same month gives the same references.

    Raises:
        RuleBroken: no account of the association in the rules, a month not paid, or nobody with a bank account.
    """
    access.require(by, "keep_bank", programme.currency)
    rules = queries.rules(programme.currency)
    if not rules.operating_iban or rules.association is None:
        raise RuleBroken(_("Write the account of the association and its three bank accounts in the rules first."))
    owed = {one.account: one for one in programme.allowances.filter(PAID, period=period, euro_cents__gt=0)}
    if not owed:
        raise RuleBroken(_("No euro is due for this month: pay the month first."))
    name = rules.association.name
    paid = Member.objects.filter(wallet__account__in=owed).exclude(iban="").select_related("wallet")
    lines = [
        Transfer(Party(one.wallet.name, one.iban), owed[one.wallet.account].euro_cents, f"RESSORT-A{owed[one.wallet.account].pk}", f"{programme.name} {period:%Y-%m}")
        for one in paid.order_by("pk")
    ]  # fmt: skip
    if not lines:
        raise RuleBroken(_("None of the people paid told a bank account: write it on the page of each member."))
    message = f"RESSORT-P{programme.pk}-{period:%Y%m}"
    content = transfers_file(Party(name, rules.operating_iban), lines, on, message, timezone.localtime().replace(tzinfo=None))  # fmt: skip
    note(by, "euro_file", f"programme:{programme.pk} {period} {sha256(content).hexdigest()[:16]}")
    return f"{message.lower()}.xml", content
