"""Filters and tags that every template has at hand. Numbers are written by `ressort.language`, in the reader's language."""

from typing import Any

from django import template
from django.http import HttpRequest

from ressort import language
from ressort.core.figure import Figure

register = template.Library()

UNKNOWN = "–"


def _known(value: float | None) -> bool:
    return value is not None and value == value  # noqa: PLR0124  a nan differs from itself


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """A number; a dash when it is not known."""
    return language.number(value, digits) if _known(value) else UNKNOWN


@register.filter
def percent(share: float | None, digits: int = 0) -> str:
    """A share as a percentage; a dash when it is not known."""
    return language.percent(share, digits) if _known(share) else UNKNOWN


@register.filter
def rounded(value: float | None) -> str:
    """A number to two significant digits, as the bounds of a range deserve."""
    return language.rounded(value) if _known(value) else UNKNOWN


@register.filter
def quantity(value: float | None, unit: str) -> str:
    """A value with its unit; a dash when it is not known."""
    return language.quantity(value, unit) if _known(value) else UNKNOWN


@register.filter
def shown(figure: Figure) -> str:
    """The central value of a figure with its unit, to two digits when it is a range."""
    if figure.value is None:
        return UNKNOWN
    return language.quantity(figure.value, figure.unit, None if figure.low is None else 2)


@register.filter
def spread(figure: Figure) -> str:
    """The range of an estimate, or nothing."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = (language.quantity(bound, figure.unit, 2) for bound in (figure.low, figure.high))
    return f"{low} – {high}" if low != high else ""


@register.simple_tag(takes_context=True)
def in_language(context: dict[str, Any], code: str) -> str:
    """The address of this very page, with all its state, in another language."""
    request: HttpRequest | None = context.get("request")
    path = request.get_full_path() if request else str(context.get("path", "/"))
    bare = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    return f"/en{bare}" if code == "en" else bare or "/"
