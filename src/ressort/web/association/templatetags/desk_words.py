"""Words of the desk in templates."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from ressort.web.association import access, queries
from ressort.web.association.models import Certificate, Mandate
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import currency_number

register = template.Library()

_DUES = {"due": _("due"), "paid": _("paid"), "late": _("late"), "waived": _("waived"), "left": _("left before")}


@register.filter
def dues_status(status: str) -> str:
    """Where dues stand."""
    return str(_DUES.get(status, status))


@register.simple_tag(takes_context=True)
def works_at_desk(context: dict[str, Any], code: str) -> bool:
    """Whether the reader works at the desk of a currency."""
    who = context["request"].user
    return who.is_authenticated and access.may(who, "see_desk", currency_number(code))


@register.simple_tag
def last_certificate(code: str) -> Certificate | None:
    """The last certificate of the reserve of a currency that two people signed."""
    return queries.last_public_certificate(currency_number(code))


_UNPAID = {
    "already_paid": _("already paid, or waiting for an agreement"),
    "outside_programme": _("outside the days of the programme"), "not_yet_in": _("not in yet on the first of the month"),
    "left": _("left before"), "cap": _("holds the most allowed"), "budget": _("the budget does not last"),
}  # fmt: skip


@register.filter
def why_unpaid(why: str) -> str:
    """Why somebody is not paid."""
    return str(_UNPAID.get(why, why))


_LEFT_OUT = {
    "no_mandate": _("no mandate"), "not_signed": _("the mandate is not signed"), "signed_later": _("the mandate is signed after that day"),
    "revoked": _("the mandate is revoked"), "lapsed": _("the mandate collected nothing for 36 months: have another one signed"),
    "outside_sepa": _("the bank account is outside of SEPA"), "member_not_approved": _("not approved, or suspended"),
    "below_least": _("under the least of a monthly credit"), "above_ceiling": _("the account would hold more than its level allows"),
    "one_per_file": _("in the next collection: one debit for each mandate"), "ceiling": _("the account would hold more than its level allows"),
    "closed_account": _("the account is closed: send the euros back"),
}  # fmt: skip


@register.filter
def why_left_out(why: str) -> str:
    """Why a member is not collected, or a debit not credited; a code of the bank stays as it is."""
    return str(_LEFT_OUT.get(why, why))


_REFUSED = {
    "above_mandate": _("more than the mandate allows"), "insufficient_funds": _("not enough on the account"), "no_mandate": _("the mandate is over"),
    "ceiling": _("the account that receives would hold more than it may"), "closed_account": _("one of the accounts is closed, or only receives"),
}  # fmt: skip


@register.filter
def why_refused(why: str) -> str:
    """Why a debit in units was refused."""
    return str(_REFUSED.get(why, _("not allowed")))


@register.simple_tag
def mandates_to_answer(wallet: Wallet) -> int:
    """How many mandates in units wait for whoever holds an account."""
    return Mandate.objects.filter(debtor=wallet).exclude(changes__state__in=["accepted", "refused", "revoked"]).count()
