"""Numbers as people write them: French or English, formatted on the server and nowhere else."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

#: narrow no-break space: thousands, and before % in French
NNBSP = "\u202f"
#: no-break space: before a unit
NBSP = "\u00a0"
MINUS = "\u2212"


def is_french() -> bool:
    """Whether the reader's language is French."""
    return (get_language() or "fr").startswith("fr")


def number(value: float | int | None, decimals: int = 0) -> str:
    """A number with the reader's separators; a dash when it is not known.

    >>> from django.utils.translation import override
    >>> with override("fr"): number(1234567.891, 2)
    '1\\u202f234\\u202f567,89'
    >>> with override("en"): number(-1234.5)
    '−1,235'
    """
    if value is None or value != value:
        return "–"
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}"
    if is_french():
        text = text.replace(",", NNBSP).replace(".", ",")
    return (MINUS if rounded < 0 else "") + text


def readable(value: float | int | None) -> str:
    """A number with as many digits as it deserves on a screen: three significant ones below 1,000, whole above."""
    if value is None or value != value:
        return "–"
    size = abs(value)
    decimals = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2
    return number(value, decimals)


def percent(share: float | None, decimals: int | None = None) -> str:
    """A share, 0–1, as a percentage.

    >>> from django.utils.translation import override
    >>> with override("fr"): percent(0.0234)
    '2,3\\u202f%'
    """
    if share is None or share != share:
        return "–"
    if decimals is None:
        decimals = 1 if abs(share) < 0.1 and share else 0
    return number(share * 100, decimals) + (f"{NNBSP}%" if is_french() else "%")
