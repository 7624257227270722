"""How amounts, totals and reasons are written on the pages of calls."""

from fractions import Fraction

from django import template
from django.utils.translation import gettext as _

from ressort import language
from ressort.core.errors import RessortError

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """An amount; a dash when it is not known."""
    return "–" if cents is None else language.money(cents)


@register.filter
def points(value: float | Fraction | None, digits: int = 2) -> str:
    """A mark or a total, with no needless decimals; a dash when it does not apply."""
    if value is None:
        return "–"
    return language.number(float(value), 0 if float(value) == int(value) else digits)


@register.filter
def reason(error: RessortError) -> str:
    """Why a file is not funded, in the reader's language."""
    return language.told(error)


@register.filter
def rate(basis_points: int) -> str:
    """A rate kept in basis points, as a percentage."""
    return language.percent(basis_points / 10_000, 0 if basis_points % 100 == 0 else 2)


@register.filter
def part(weight: int, total: int) -> str:
    """A weight as a share of all the weights."""
    return language.percent(weight / total)


@register.filter
def stage(name: str) -> str:
    """Where a call stands, in words."""
    return {
        "draft": _("draft"),
        "coming": _("opens soon"),
        "open": _("open"),
        "closed": _("closed, being judged"),
        "decided": _("decided"),
    }[name]


@register.filter
def step_words(name: str) -> str:
    """A step of the calculation of a grant."""
    return {
        "requested": _("aid requested"),
        "rate": _("after the rate of the call"),
        "ceiling": _("after the ceiling per project"),
        "bonus": _("with the bonus for commitments"),
        "overall": _("after the overall ceilings"),
    }[name]


@register.filter
def exact_percent(share: Fraction | None) -> str:
    """An exact share as a percentage; a dash when it is not known."""
    return "–" if share is None else language.percent(float(share), 1)


@register.filter
def bar_width(share: Fraction | None) -> str:
    """The length of a bar out of 100, for an attribute."""
    return f"{100 * float(share or 0):.2f}"
