"""Amounts and units in templates."""

from django import template
from django.utils.translation import gettext

from ressort import language
from ressort.web.currency import earmarks, queries
from ressort.web.currency.models import Wallet
from ressort.web.templatetags.wording import UNKNOWN

register = template.Library()


@register.filter
def amount(cents: int) -> str:
    """Units and cents: `1 234,50`."""
    return language.number(cents / 100, 2) if abs(cents) < 10**15 else language.number(cents // 100)


@register.filter
def rounded(cents: int) -> str:
    """A rounded amount, without the cents that it does not tell: `1 200`."""
    return amount(cents) if cents % 100 else language.number(cents // 100)


@register.filter
def change(cents: int) -> str:
    """An amount with its sign."""
    return f"+{amount(cents)}" if cents > 0 else amount(cents)


@register.filter
def unit(wallet: Wallet) -> str:
    """The code of the currency of a wallet."""
    return queries.code_of(wallet.currency)


@register.inclusion_tag("currency/worth.html")
def worth(wallet: Wallet) -> dict[str, str]:
    """The mark of a currency that is simulated or for trial: on every page of an account."""
    return {"nature": queries.standing(wallet.currency).nature}


@register.filter
def kept_at(payer: Wallet, payee: Wallet) -> int:
    """Units that an account keeps for purposes that somebody accepts."""
    return earmarks.kept_cents(payer, payee)


@register.filter
def measured(value: float | None, kind: str) -> str:
    """A measure of a currency with its unit; a dash when it has no value."""
    if value is None:
        return UNKNOWN
    if kind == "cents":
        return amount(int(value))
    if kind == "share":
        return language.percent(value, 1)
    digits = {"count": 0, "days": 1}.get(kind, 2 if value >= 0.1 else 3)
    return language.number(value, digits) + (f"\u00a0{gettext('days')}" if kind == "days" else "")


@register.filter
def bar(share: float) -> str:
    """The width of a bar of a hundred, for a share."""
    return f"{100 * share:.1f}"
