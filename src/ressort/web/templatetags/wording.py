"""Filters and tags that every template has at hand. Numbers are written by `ressort.language`, in the reader's language."""

from typing import Any

from django import template
from django.http import HttpRequest

from ressort import budget_words, language
from ressort.core.figure import Figure

register = template.Library()

UNKNOWN = "–"


def _known(value: float | None) -> bool:
    return value is not None and value == value


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """A number; a dash when it is not known."""
    return language.number(value, digits) if _known(value) else UNKNOWN


@register.filter
def cell(value: float | str) -> str:
    """A cell of a file: a text as it is, a number with the digits it has."""
    return language.number(value, 0 if value == int(value) else 2) if isinstance(value, float) else value


@register.filter
def money(amount_cents: int | None) -> str:
    """An amount in euros; a dash when it is not known."""
    return UNKNOWN if amount_cents is None else budget_words.money(amount_cents)


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share as a percentage; a dash when it is not known."""
    return language.percent(share, digits) if _known(share) else UNKNOWN


@register.filter
def rounded(value: float | None) -> str:
    """A number to two significant digits, as the bounds of a range deserve."""
    return language.rounded(value) if _known(value) else UNKNOWN


@register.filter
def about(value: float | None) -> str:
    """A count that a model gives, to two significant digits from a hundred on."""
    return language.about(value) if _known(value) else UNKNOWN


@register.filter
def quantity(value: float | None, unit: str, significant: int | None = None) -> str:
    """A value with its unit, to so many digits when asked; a dash when it is not known."""
    return language.quantity(value, unit, significant) if _known(value) else UNKNOWN


def bare_quantity(value: float, unit: str, significant: int | None = None) -> str:
    """A value with its unit, without “per inhabitant”, which the words around it say."""
    return language.quantity(value, unit.removesuffix("_per_people"), significant)


@register.filter
def shown(figure: Figure) -> str:
    """The central value of a figure with its unit, to two digits when it is a range."""
    if figure.value is None:
        return UNKNOWN
    return bare_quantity(figure.value, figure.unit, None if figure.low is None else 2)


@register.filter
def beside(figure: Figure) -> str:
    """The value of a figure among others, all to three digits so that they can be compared."""
    if figure.value is None:
        return UNKNOWN
    return bare_quantity(figure.value, figure.unit.replace("kgco2e", "kg"), 3)


@register.filter
def spread(figure: Figure) -> str:
    """The range of an estimate, or nothing."""
    if figure.low is None or figure.high is None:
        return ""
    if figure.unit in ("share", "ratio"):
        low, high = language.part(figure.low), language.part(figure.high)
    else:
        low, high = language.rounded(figure.low), language.rounded(figure.high)
    return language.gettext("{low} to {high}").format(low=low, high=high) if low != high else ""


def signed(value: float) -> str:
    """A change, with its sign."""
    return ("+" if value > 0 else "") + language.number(value)


def signed_percent(share: float) -> str:
    """A change in percent, with its sign."""
    return ("+" if share > 0 else "") + language.percent(share)


@register.filter
def in_words(text: str) -> str:
    """What a card says, in the reader's language. `{% translate card.title %}` would look for doubled percent signs."""
    return language.gettext(text) if text else ""


@register.filter
def plain(value: float) -> str:
    """A number for an attribute: a dot, no separator."""
    return f"{value:.10g}"


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], code: str) -> str:
    """The address of this very page, with all its state, in another language."""
    request: HttpRequest | None = context.get("request")
    path = request.get_full_path() if request else str(context.get("path", "/"))
    bare = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    return f"/en{bare}" if code == "en" else bare or "/"
