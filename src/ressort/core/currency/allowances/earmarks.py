"""Units that may be spent at some acceptors only, for a part of the basket, until a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ressort.core.currency.association import part_cents
from ressort.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Earmark:
    """Units of a programme, to be spent on that day at the latest; `number` tells it from others of the same day."""

    programme: str
    cents: int
    expires_on: date
    number: int = 0


@dataclass(frozen=True, slots=True)
class Spending:
    """How a basket is paid: from each earmark, and from own units; and the earmarks that are left."""

    used: tuple[Earmark, ...]
    own_cents: int
    left: tuple[Earmark, ...]

    @property
    def earmarked_cents(self) -> int:
        """What earmarks paid."""
        return sum(one.cents for one in self.used)


def spend(
    basket_cents: int, eligible_bp: Mapping[str, int], earmarks: Sequence[Earmark], own_cents: int, today: date
) -> Spending:
    """Pay a basket: earmarks first, those that expire first before the others, then own units.

    Args:
        eligible_bp: for each programme, the part of the basket that it may pay at this acceptor; none when absent.

    Raises:
        RuleBroken: both together do not suffice.
    """
    room = {programme: part_cents(basket_cents, share) for programme, share in eligible_bp.items()}
    rest, used, left = basket_cents, [], []
    for one in sorted(earmarks, key=lambda one: (one.expires_on, one.programme, one.number)):
        usable = 0 if one.expires_on < today else min(one.cents, room.get(one.programme, 0), rest)
        if usable:
            used.append(replace(one, cents=usable))
            room[one.programme] -= usable
            rest -= usable
        if one.cents > usable:
            left.append(replace(one, cents=one.cents - usable))
    if rest > own_cents:
        raise RuleBroken(
            "{missing_cents} are missing: allowances pay {earmarked_cents} of this basket, the rest is paid with one’s own units.",
            missing_cents=rest - own_cents,
            earmarked_cents=basket_cents - rest,
        )
    return Spending(tuple(used), rest, tuple(left))


def expired(earmarks: Sequence[Earmark], today: date) -> tuple[tuple[Earmark, ...], dict[str, int]]:
    """The earmarks that are left, and what returns to each programme: units whose last day is past."""
    returned: dict[str, int] = defaultdict(int)
    for one in earmarks:
        if one.expires_on < today:
            returned[one.programme] += one.cents
    return tuple(one for one in earmarks if one.expires_on >= today), dict(returned)
