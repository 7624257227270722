"""Words of the desk in templates."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from ressort.web.association import access
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


_UNPAID = {
    "already_paid": _("already paid"), "outside_programme": _("outside the days of the programme"), "not_yet_in": _("not in yet on the first of the month"),
    "left": _("left before"), "cap": _("holds the most allowed"), "budget": _("the budget does not last"),
}  # fmt: skip


@register.filter
def why_unpaid(why: str) -> str:
    """Why somebody is not paid."""
    return str(_UNPAID.get(why, why))
