"""How long units stay: each holder is a queue of lots (cents, day of arrival, payments since issue).

A movement takes the oldest lots (FIFO); the newest (LIFO) and a proportional mix bound what is not known. Lots that arrive at
one holder on one day are one lot, with the mean of their payments since issue. What moves into or out of the association
is carried but its stay there is not counted.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.currency.measures.flows import Flow, Flows, Role

_PAYMENT, _REDEMPTION = int(Flow.PAYMENT), int(Flow.REDEMPTION)
_ASSOCIATION = int(Role.ASSOCIATION)


@dataclass(frozen=True, slots=True)
class Dwell:
    """Stays ended within the window, and stays not ended at its end.

    Args:
        left_cents: cents that left after so many days, at the window's end included; held_cents: still held since so many.
        redeemed_rounds: payments since issue of redeemed units, weighted by amount; redeemed_cents: that amount.
        lots_cents: what the lots of each holder hold at the end; (holders,).
    """

    left_cents: NDArray[np.int64]
    held_cents: NDArray[np.int64]
    mean_days: float | None
    redeemed_rounds: float
    redeemed_cents: int
    lots_cents: NDArray[np.int64]

    @property
    def median_days(self) -> float | None:
        """The day by which half of the cents have left (Kaplan–Meier: those still held count as long as they are seen)."""
        leaving = self.left_cents + self.held_cents
        at_risk = leaving[::-1].cumsum()[::-1]
        with np.errstate(invalid="ignore", divide="ignore"):
            staying = np.cumprod(np.where(at_risk > 0, 1 - self.left_cents / at_risk, 1.0))
        reached = np.flatnonzero(staying <= 0.5 + 1e-12)
        return float(reached[0]) if len(reached) else None

    @property
    def rounds_before_redemption(self) -> float | None:
        """Payments that a redeemed unit served since it was issued, in the mean; None when nothing was redeemed."""
        return self.redeemed_rounds / self.redeemed_cents if self.redeemed_cents else None


def dwell(flows: Flows, start: int, end: int, order: Literal["fifo", "lifo"] = "fifo") -> Dwell:
    """The stays of units in the accounts of holders, traced from the first movement on.

    Args:
        start, end: the mean is over the stays that end within [start, end); the median uses all that was seen before `end`.
        order: which lots a movement takes first. What is there before the first movement counts as arrived that day.
    """
    first = int(flows.day[0]) if len(flows.day) else start
    columns = flows.day, flows.kind, flows.payer, flows.payee, flows.amount_cents, flows.role, flows.opening_cents
    left, held, sums, redeemed_rounds, remaining = _trace(
        _lots(len(flows.role), len(flows.day)), *columns, min(first, start), start, end, order == "lifo"
    )
    mean_days = sums[1] / sums[0] if sums[0] else None
    return Dwell(left, held, mean_days, redeemed_rounds, int(sums[2]), remaining)


def mixed_mean_days(flows: Flows, start: int, end: int) -> float | None:
    """The mean stay when every movement takes a proportional mix of what is there."""
    first = int(flows.day[0]) if len(flows.day) else start
    columns = flows.day, flows.payer, flows.payee, flows.amount_cents, flows.role, flows.opening_cents
    cents, cent_days = _mix(*columns, min(first, start), start, end)
    return cent_days / cents if cents else None


@njit(cache=True, nogil=True)
def _mix(day, payer, payee, amount_cents, role, opening_cents, first, start, end):  # type: ignore[no-untyped-def]
    held = opening_cents.astype(np.float64)
    age_base = held * first  # Σ cents · day of arrival
    left, left_days = 0.0, 0.0
    for at in range(len(day)):
        on = day[at]
        if on >= end:
            break
        source, target, cents = payer[at], payee[at], float(amount_cents[at])
        if source >= 0 and held[source] > 0:
            arrived = age_base[source] / held[source]
            if on >= start and role[source] != _ASSOCIATION:
                left += cents
                left_days += cents * (on - arrived)
            age_base[source] -= cents * arrived
            held[source] -= cents
        if target >= 0:
            held[target] += cents
            age_base[target] += cents * on
    return left, left_days


class _Lots(NamedTuple):
    """All lots, in linked lists: neighbours of each, ends of the queue of each holder; `spare` is [used, first freed]."""

    cents: NDArray[np.int64]
    day: NDArray[np.int32]
    rounds: NDArray[np.float64]
    older: NDArray[np.int32]
    newer: NDArray[np.int32]
    oldest: NDArray[np.int32]
    latest: NDArray[np.int32]
    spare: NDArray[np.int64]


def _lots(holders: int, movements: int) -> _Lots:
    """Room for a lot a movement: memory that is not written to costs nothing."""
    most = holders + movements + 1
    return _Lots(
        cents=np.zeros(most, np.int64),
        day=np.zeros(most, np.int32),
        rounds=np.zeros(most, np.float64),
        older=np.zeros(most, np.int32),
        newer=np.zeros(most, np.int32),
        oldest=np.full(holders, -1, np.int32),
        latest=np.full(holders, -1, np.int32),
        spare=np.array([0, -1]),
    )


@njit(cache=True, nogil=True)
def _trace(lots, day, kind, payer, payee, amount_cents, role, opening_cents, first, start, end, newest):  # type: ignore[no-untyped-def]
    left, held = np.zeros(end - first + 1, np.int64), np.zeros(end - first + 1, np.int64)
    sums, redeemed_rounds = np.zeros(3, np.int64), 0.0
    for holder in range(len(role)):
        if opening_cents[holder] > 0:
            _give(lots, holder, opening_cents[holder], 0.0, first)
    for at in range(len(day)):
        on, cents, what, rounds = day[at], amount_cents[at], kind[at], 0.0
        if on >= end:
            break
        if payer[at] >= 0:
            seen = role[payer[at]] != _ASSOCIATION
            rounds = _take(lots, payer[at], cents, on, newest, seen, on >= start, left, sums)
        if what == _REDEMPTION and on >= start:
            sums[2] += cents
            redeemed_rounds += rounds
        if payee[at] >= 0:
            _give(lots, payee[at], cents, rounds + (cents if what == _PAYMENT else 0), on)
    remaining = np.zeros(len(role), np.int64)
    for holder in range(len(role)):
        lot = lots.oldest[holder]
        while lot >= 0:
            remaining[holder] += lots.cents[lot]
            if role[holder] != _ASSOCIATION:
                held[end - lots.day[lot]] += lots.cents[lot]
            lot = lots.newer[lot]
    return left, held, sums, redeemed_rounds, remaining


@njit(cache=True)
def _take(lots, source, cents, on, newest, seen, inside, left, sums):  # type: ignore[no-untyped-def]
    """Takes cents from the lots of a holder; gives the sum of cents · payments since issue."""
    rounds = 0.0
    while cents > 0:
        lot = lots.latest[source] if newest else lots.oldest[source]
        if lot < 0:
            break
        taken = min(cents, lots.cents[lot])
        cents -= taken
        lots.cents[lot] -= taken
        rounds += taken * lots.rounds[lot]
        if seen:
            stay = on - lots.day[lot]
            left[stay] += taken
            if inside:
                sums[0] += taken
                sums[1] += taken * stay
        if lots.cents[lot] == 0:
            _unlink(lots, source, lot)
    return rounds


@njit(cache=True)
def _unlink(lots, holder, lot):  # type: ignore[no-untyped-def]
    before, after = lots.older[lot], lots.newer[lot]
    if before >= 0:
        lots.newer[before] = after
    else:
        lots.oldest[holder] = after
    if after >= 0:
        lots.older[after] = before
    else:
        lots.latest[holder] = before
    lots.older[lot] = lots.spare[1]
    lots.spare[1] = lot


@njit(cache=True)
def _give(lots, target, cents, rounds, on):  # type: ignore[no-untyped-def]
    """Adds cents to the newest lot of a holder when it is of the same day, else as a new lot."""
    last = lots.latest[target]
    if last >= 0 and lots.day[last] == on:
        total = lots.cents[last] + cents
        lots.rounds[last] = (lots.cents[last] * lots.rounds[last] + rounds) / total
        lots.cents[last] = total
        return
    lot = lots.spare[1]
    if lot >= 0:
        lots.spare[1] = lots.older[lot]
    else:
        lot = lots.spare[0]
        lots.spare[0] += 1
    lots.cents[lot], lots.day[lot], lots.rounds[lot] = cents, on, rounds / cents
    lots.older[lot], lots.newer[lot] = last, -1
    if last >= 0:
        lots.newer[last] = lot
    else:
        lots.oldest[target] = lot
    lots.latest[target] = lot
