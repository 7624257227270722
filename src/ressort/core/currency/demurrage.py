"""Demurrage (*fonte*): units that stay melt slowly, in whole cents, whatever the days are cut into.

due = Σ balance · rate · days  (as a fraction, never rounded)   taken = whole cents of due   the rest is carried
"""

from dataclasses import dataclass

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
