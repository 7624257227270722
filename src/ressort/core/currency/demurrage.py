"""Demurrage (*fonte*): units that stay melt slowly, in whole cents, whatever the days are cut into.

due = Σ balance · rate · days  (as a fraction, never rounded)   taken = whole cents of due   the rest is carried
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

#: the rate is given in millionths a day: 160 is 0.016 % a day
DENOMINATOR = 1_000_000


@dataclass(frozen=True, slots=True)
class Melting:
    """What an account owes to the demurrage pot, not taken yet, in millionths of a cent; and the days it has stood still."""

    due: int = 0
    still_days: int = 0


def melt(state: Melting, balance_cents: int, days: int, rate_ppm: int, grace_days: int = 0) -> Melting:
    """The state after some days at one balance. Days within the grace period cost nothing.

    >>> melt(Melting(), balance_cents=10_000, days=100, rate_ppm=160, grace_days=90)
    Melting(due=16000000, still_days=100)
    """
    if days < 0 or rate_ppm < 0:
        raise ValueError("days and rate run forward")
    still = state.still_days + days
    charged = max(0, still - max(grace_days, state.still_days))
    return Melting(state.due + max(balance_cents, 0) * rate_ppm * charged, still)


def taken_cents(state: Melting) -> tuple[int, Melting]:
    """The whole cents to take now, and the state once they are taken; the fraction is carried.

    >>> taken_cents(Melting(due=16_400_000, still_days=100))
    (16, Melting(due=400000, still_days=100))
    """
    cents, rest = divmod(state.due, DENOMINATOR)
    return cents, Melting(rest, state.still_days)


def moved(state: Melting) -> Melting:
    """The state once the holder has spent: the grace period begins again, what is due stays due."""
    return Melting(state.due, 0)


@dataclass(frozen=True, slots=True)
class MeltingRule:
    """What a currency takes from its first day on, until another rule begins: a rate a day, after days of standing still."""

    since: date
    rate_ppm: int
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """What an account held after a movement. Spending begins the grace period again; receiving does not."""

    day: date
    after_cents: int
    is_spending: bool


def melted(
    state: Melting, balance_cents: int, moves: Sequence[Move], rules: Sequence[MeltingRule], first: date, last: date
) -> Melting:
    """The state after each day from a first to a last, both included, at the balance that its evening left.

    Args:
        balance_cents: what was held the evening before.
        moves: in the order they happened; those before the first day only tell the balance.
        rules: in the order they begin; nothing melts before the first of them.

    >>> rules, moves = [MeltingRule(date(2026, 1, 1), 160)], [Move(date(2026, 1, 11), 10_000, False)]
    >>> melted(Melting(), 0, moves, rules, date(2026, 1, 1), date(2026, 1, 20)) == Melting(due=10 * 160 * 10_000, still_days=20)
    True
    """
    by_day: dict[date, list[Move]] = {}
    for move in moves:
        if move.day < first:
            balance_cents = move.after_cents
        elif move.day <= last:
            by_day.setdefault(move.day, []).append(move)
    begun = {rule.since for rule in rules if first <= rule.since <= last}
    at = first
    for day in sorted(by_day.keys() | begun):
        state, at = _still(state, balance_cents, rules, at, (day - at).days), day
        for move in by_day.get(day, []):
            balance_cents, state = move.after_cents, moved(state) if move.is_spending else state
    return _still(state, balance_cents, rules, at, (last - at).days + 1)


def _still(state: Melting, balance_cents: int, rules: Sequence[MeltingRule], at: date, days: int) -> Melting:
    """The state after some days at one balance, under the rule of the first of them."""
    ruled = [rule for rule in rules if rule.since <= at]
    return melt(state, balance_cents, days, ruled[-1].rate_ppm, ruled[-1].grace_days) if ruled else state
