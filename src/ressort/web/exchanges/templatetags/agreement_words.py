"""How agreements are said on screens."""

from decimal import Decimal

from django import template

from ressort.language import number, percent, rounded
from ressort.web.exchanges.agreements import event_title as title_of

register = template.Library()


@register.filter
def event_title(name: str) -> str:
    """The title of a shock of the library."""
    return title_of(name)


@register.filter
def decimal(value: Decimal | float) -> str:
    """A quantity with the digits it has, three at most."""
    bare = f"{value:.3f}".rstrip("0").rstrip(".")
    return number(float(bare), len(bare.partition(".")[2]))


@register.filter
def short_km(km: float) -> str:
    """Kilometres to two digits, a tenth at the finest."""
    return rounded(max(km, 0.1))


@register.filter
def basis_points(value: int) -> str:
    """A rate kept in basis points, as a percentage."""
    return percent(value / 10_000, 0 if value % 100 == 0 else 2)
