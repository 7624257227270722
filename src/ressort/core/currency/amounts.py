"""Amounts as people type them."""

import re
from decimal import Decimal

from ressort.core.currency.ledger import MOST_CENTS
from ressort.core.errors import InputError

_AMOUNT = re.compile(r"\+?(?=[0-9.]{1,19}$)(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


def cents_of(text: str) -> int:
    """Whole cents of an amount such as `120`, `120.5`, `120,50` or `1 234,50`.

    Raises:
        InputError: it is not a positive amount in whole cents.

    >>> cents_of("1 234,50"), cents_of("12.5")
    (123450, 1250)
    """
    plain = "".join(text.split()).replace("\u202f", "").replace(",", ".")
    # digits only: `1e3` or `1_000` would otherwise be read as a thousand
    cents = Decimal(plain) * 100 if _AMOUNT.fullmatch(plain) else Decimal(0)
    if cents != cents.to_integral_value() or not 0 < cents <= MOST_CENTS:
        raise InputError(
            "{amount} is not an amount: write a number above zero, with two decimals at most, such as 12.50.",
            amount=text.strip()[:30],
        )
    return int(cents)


def balance_of(text: str) -> int:
    """Whole cents of a balance: an amount, or nothing at all written as zero.

    Raises:
        InputError: it is neither.

    >>> balance_of("0,00"), balance_of("1 234,50")
    (0, 123450)
    """
    plain = text.strip().replace(",", ".")
    return 0 if re.fullmatch(r"0+(?:\.0{0,2})?", plain) else cents_of(text)
