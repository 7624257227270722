"""Words of the pages of panels."""

from django import template
from django.utils.translation import gettext as _

from ressort import language
from ressort.web.panel.paying import numbers

register = template.Library()
register.filter(numbers)


@register.filter
def money(cents: int | None) -> str:
    """An amount in euros."""
    return language.money(cents or 0)


@register.filter
def where(state: str) -> str:
    """Where a panel stands, in a few words."""
    return {
        "preparing": _("being prepared"),
        "waiting": _("registrations closed"),
        "open": _("registrations open"),
        "frozen": _("draw announced"),
        "drawn": _("drawn"),
        "answered": _("answered by the authority"),
    }[state]
