"""How much an allowance is: the poverty line known on a day, plus one euro, split between local units and euros."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ressort.core.currency.association import part_cents
from ressort.core.errors import MissingData, RuleBroken

_WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class PovertyLine:
    """The line of a year of income, for one consumption unit and one month, and the day it was published."""

    year: int
    month_cents: int
    published_on: date
    status: str


def line_known_on(lines: Sequence[PovertyLine], on: date) -> PovertyLine:
    """The latest line published on a day; an estimate is never used.

    Raises:
        MissingData: none was published by then.
    """
    known = [line for line in lines if line.published_on <= on and line.status == "observed"]
    if not known:
        raise MissingData("No poverty line was published by {day}: give the amount instead.", day=str(on))
    return max(known, key=lambda line: line.year)


def consumption_tenths(adults: int, children: int = 0) -> int:
    """Consumption units of a household, in tenths: 1 for the first adult, 0.5 for others from 14 on, 0.3 under 14.

    >>> consumption_tenths(1), consumption_tenths(2, 2)
    (10, 21)
    """
    if adults < 1 or children < 0:
        raise RuleBroken("A household holds one adult at least.", adults=adults, children=children)
    return 10 + 5 * (adults - 1) + 3 * children


def autonomy_income_cents(line: PovertyLine, above_cents: int, tenths: int = 10) -> int:
    """The autonomy income of a month: (line + so much) × consumption units.

    >>> autonomy_income_cents(PovertyLine(2023, 128_800, date(2025, 7, 7), "observed"), 100)
    128900
    """
    return ((line.month_cents + above_cents) * tenths + 5) // 10


@dataclass(frozen=True, slots=True)
class Parts:
    """An allowance in local units and in euros."""

    local_cents: int
    euro_cents: int

    @property
    def whole_cents(self) -> int:
        """Both together."""
        return self.local_cents + self.euro_cents


def parts(amount_cents: int, local_bp: int) -> Parts:
    """The local part, rounded to the cent, and the rest in euros.

    >>> parts(128_900, 8_500)
    Parts(local_cents=109565, euro_cents=19335)
    """
    local = part_cents(amount_cents, local_bp)
    return Parts(local, amount_cents - local)
