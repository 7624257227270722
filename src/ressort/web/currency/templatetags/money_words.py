"""Amounts and units in templates."""

from django import template

from ressort import language
from ressort.web.currency import queries
from ressort.web.currency.models import Wallet

register = template.Library()


@register.filter
def amount(cents: int) -> str:
    """Units and cents: `1 234,50`."""
    return language.number(cents / 100, 2) if abs(cents) < 10**15 else language.number(cents // 100)


@register.filter
def change(cents: int) -> str:
    """An amount with its sign."""
    return f"+{amount(cents)}" if cents > 0 else amount(cents)


@register.filter
def unit(wallet: Wallet) -> str:
    """The code of the currency of a wallet."""
    return queries.code_of(wallet.currency)
