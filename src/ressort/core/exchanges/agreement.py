"""What an agreement between territories promises, year by year: who gives what, whether it balances, what would mend it, what was kept.

`|given − received| ≤ tolerance × (given + received)`, for each party and each year, in integer cents. Between two parties this is
the rule of the pair; among more, a party may be paid back by another than the one it gives to. The sum of all nets is 0.
Gifts weigh nothing, and say so; lines that wait for an event weigh in no ordinary year.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from ressort.core.errors import RuleBroken

BP: Final = 10_000
#: state → states that may follow
STATES: Final[dict[str, tuple[str, ...]]] = {
    "draft": ("proposed",),
    "proposed": ("draft", "signed"),
    "signed": ("running", "terminated"),
    "running": ("ended", "terminated"),
    "ended": (),
    "terminated": (),
}


@dataclass(frozen=True, slots=True)
class Promised:
    """One line: what a party gives another, each year from the first to the last.

    Args:
        quantity: a year, from 0 up; value_cents: of that quantity.
        is_gift: given for nothing; is_certain: false when it waits for an event.
    """

    name: str
    giver: str
    receiver: str
    quantity: Decimal
    value_cents: int
    first_year: int
    last_year: int
    is_gift: bool = False
    is_certain: bool = True

    def weighs(self, year: int) -> bool:
        """Whether it counts in the balance of a year."""
        return self.is_certain and not self.is_gift and self.first_year <= year <= self.last_year


@dataclass(frozen=True, slots=True)
class Side:
    """What one party gives and receives in a year.

    Args:
        over_cents: what passes the tolerance, 0 when it holds.
    """

    party: str
    given_cents: int
    received_cents: int
    over_cents: int

    @property
    def net_cents(self) -> int:
        """Given less received."""
        return self.given_cents - self.received_cents

    @property
    def gap_share(self) -> float:
        """The gap over all that it gives and receives, 0–1."""
        volume = self.given_cents + self.received_cents
        return abs(self.net_cents) / volume if volume else 0.0

    @property
    def holds(self) -> bool:
        """Whether the gap lies within the tolerance."""
        return self.over_cents == 0


@dataclass(frozen=True, slots=True)
class YearBalance:
    """The balance of a year, party by party."""

    year: int
    sides: tuple[Side, ...]

    @property
    def holds(self) -> bool:
        """Whether every party is within the tolerance."""
        return all(side.holds for side in self.sides)

    @property
    def volume_cents(self) -> int:
        """All that is given in the year."""
        return sum(side.given_cents for side in self.sides)

    @property
    def worst(self) -> Side:
        """The party furthest beyond the tolerance."""
        return max(self.sides, key=lambda side: side.over_cents)


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to bring a party back within the tolerance: a line that gives more, or less."""

    line: int
    change_cents: int
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Kept:
    """What was delivered of a line in a year, beside what was promised; None while nothing is recorded.

    Args:
        is_certain: false when the line waits for an event.
    """

    line: int
    year: int
    promised: Decimal
    delivered: Decimal | None
    value_cents: int | None
    is_certain: bool = True

    @property
    def kept_share(self) -> float | None:
        """Delivered over promised; None where nothing was delivered of what waits for an event, which may not have come."""
        if self.delivered is None or not self.promised or not (self.delivered or self.is_certain):
            return None
        return float(self.delivered / self.promised)


def value_cents(quantity: Decimal, unit_value_cents: int) -> int:
    """A quantity at a value by unit, to the nearest cent, half to even.

    Raises:
        RuleBroken: a negative quantity or value.
    """
    if quantity < 0 or unit_value_cents < 0:
        raise RuleBroken(
            "A quantity and its value start from 0: {quantity} × {value_cents}.",
            quantity=str(quantity),
            value_cents=unit_value_cents,
        )
    return int((quantity * unit_value_cents).to_integral_value(ROUND_HALF_EVEN))


def yearly_balance(
    parties: Sequence[str], lines: Sequence[Promised], years: Iterable[int], tolerance_bp: int
) -> list[YearBalance]:
    """The balance of each year.

    Raises:
        RuleBroken: a tolerance outside 0–10 000 basis points, a line from a party to itself or to a stranger, a negative value.
    """
    _checked(parties, lines, tolerance_bp)
    return [
        _balanced(year, parties, [(line, line.value_cents) for line in lines if line.weighs(year)], tolerance_bp)
        for year in years
    ]


def delivered_balance(
    parties: Sequence[str], lines: Sequence[Promised], kept: Iterable[Kept], tolerance_bp: int
) -> list[YearBalance]:
    """The balance of what was delivered, in each year where something is recorded; what waits for an event counts once it came.

    A line of which nothing is recorded counts nothing; gifts weigh nothing.

    Raises:
        RuleBroken: as in `yearly_balance`.
    """
    _checked(parties, lines, tolerance_bp)
    worth: dict[int, list[tuple[Promised, int]]] = {}
    for one in kept:
        if one.value_cents is not None:
            worth.setdefault(one.year, []).append((lines[one.line], one.value_cents))
    return [_balanced(year, parties, worth[year], tolerance_bp) for year in sorted(worth)]


def together(balances: Sequence[YearBalance], tolerance_bp: int) -> tuple[Side, ...]:
    """What each party gave and received over several years, one year making up for another."""
    by_party: dict[str, tuple[int, int]] = {}
    for balance in balances:
        for side in balance.sides:
            given, received = by_party.get(side.party, (0, 0))
            by_party[side.party] = given + side.given_cents, received + side.received_cents
    return tuple(_side(party, given, received, tolerance_bp) for party, (given, received) in by_party.items())


def mends(balance: YearBalance, lines: Sequence[Promised], tolerance_bp: int) -> list[Mend]:
    """How each line of the party furthest out of balance could bring it back, alone; empty when all holds.

    A line that cannot give so much less is left out.
    """
    side = balance.worst
    if side.holds:
        return []
    gap, volume = abs(side.net_cents), side.given_cents + side.received_cents
    excess = BP * gap - tolerance_bp * volume
    more, less = -(-excess // (BP + tolerance_bp)), -(-excess // (BP - tolerance_bp))
    gives_too_much = side.net_cents > 0
    found = []
    for at, line in enumerate(lines):
        if not line.weighs(balance.year) or not line.value_cents or side.party not in (line.giver, line.receiver):
            continue
        change = -less if (line.giver == side.party) == gives_too_much else more
        if line.value_cents + change >= 0:
            found.append(Mend(at, change, Fraction(line.quantity) * change / line.value_cents))
    return sorted(found, key=lambda one: (abs(one.change_cents), one.line))


def follow_up(
    lines: Sequence[Promised], delivered: Mapping[tuple[int, int], Decimal], years: Iterable[int]
) -> list[Kept]:
    """What was delivered of every line in every year it runs, beside what was promised.

    Args:
        delivered: quantity by (position of the line, year).
    """
    found = []
    for year in years:
        for at, line in enumerate(lines):
            if line.first_year <= year <= line.last_year:
                told = delivered.get((at, year))
                worth = None if told is None else _part_cents(line, told)
                found.append(Kept(at, year, line.quantity, told, worth, line.is_certain))
    return found


def move(state: str, to: str) -> str:
    """The state that follows.

    Raises:
        RuleBroken: that state cannot follow.
    """
    if to not in STATES.get(state, ()):
        raise RuleBroken(
            "An agreement does not go from “{state}” to “{to}”.",
            state=state,
            to=to,
            choices=list(STATES.get(state, ())),
        )
    return to


def _part_cents(line: Promised, quantity: Decimal) -> int:
    if not line.quantity:
        return 0
    return round(Fraction(line.value_cents) * Fraction(quantity) / Fraction(line.quantity))


def _balanced(
    year: int, parties: Sequence[str], worth: Iterable[tuple[Promised, int]], tolerance_bp: int
) -> YearBalance:
    given, received = dict.fromkeys(parties, 0), dict.fromkeys(parties, 0)
    for line, cents in worth:
        if not line.is_gift:
            given[line.giver] += cents
            received[line.receiver] += cents
    return YearBalance(year, tuple(_side(party, given[party], received[party], tolerance_bp) for party in parties))


def _side(party: str, given: int, received: int, tolerance_bp: int) -> Side:
    excess = BP * abs(given - received) - tolerance_bp * (given + received)
    return Side(party, given, received, max(0, -(-excess // BP)))


def _checked(parties: Sequence[str], lines: Sequence[Promised], tolerance_bp: int) -> None:
    if not 0 <= tolerance_bp <= BP:
        raise RuleBroken("A tolerance lies between 0 and 10,000 basis points, not {value}.", value=tolerance_bp)
    for line in lines:
        strangers = [one for one in (line.giver, line.receiver) if one not in parties]
        if strangers:
            raise RuleBroken(
                "The line “{line}” names {party}, which is not a party of the agreement.",
                line=line.name,
                party=strangers[0],
            )
        if line.giver == line.receiver:
            raise RuleBroken(
                "The line “{line}” goes from {party} to itself: choose another receiver.",
                line=line.name,
                party=line.giver,
            )
        if line.value_cents < 0 or line.quantity < 0:
            raise RuleBroken("The line “{line}” has a negative quantity or value.", line=line.name)
