"""One pass over the flows: what each holder received, paid, redeemed and held within a window."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ressort.core.currency.measures.flows import Flow, Flows, Role

Cents = NDArray[np.int64]
_PAYMENT, _ISSUE, _REDEMPTION = int(Flow.PAYMENT), int(Flow.ISSUE), int(Flow.REDEMPTION)
_NOTES_ISSUE, _NOTES_REDEMPTION = int(Flow.NOTES_ISSUE), int(Flow.NOTES_REDEMPTION)
_DEPOSIT, _WITHDRAWAL = int(Flow.DEPOSIT), int(Flow.WITHDRAWAL)
_PERSON, _PROFESSIONAL, _PUBLIC, _ASSOCIATION = map(
    int, (Role.PERSON, Role.PROFESSIONAL, Role.PUBLIC, Role.ASSOCIATION)
)
#: rows of the table of each holder
(
    START,
    END,
    HELD,
    PAID,
    IN,
    TO_PROFESSIONALS,
    TO_PEOPLE,
    TO_PUBLIC,
    TO_ASSOCIATION,
    REDEEMED,
    OTHER,
    RECENT,
    LOWEST,
) = range(13)
#: an account whose holder paid nobody for so many days is dormant for the active velocity
ACTIVE_DAYS = 180
RECENT_DAYS = 90
NEVER = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Tally:
    """What a window [start, end) holds, in cents.

    Args:
        by_holder: (13, holders): see the names of the rows above. `HELD` is the sum over the days of what was held at
            the end of each.
        last_paid: the last day each paid somebody before the end of the window, `NEVER` if none; (holders,).
        issued, redeemed: digital units; notes_issued, notes_redeemed: notes; deposited: notes that became units;
        withdrawn: units that became notes.
    """

    start: int
    end: int
    role: NDArray[np.uint8]
    by_holder: Cents
    last_paid: NDArray[np.int32]
    issued_cents: int
    redeemed_cents: int
    notes_issued_cents: int
    notes_redeemed_cents: int
    deposited_cents: int
    withdrawn_cents: int

    @property
    def counted(self) -> NDArray[np.bool_]:
        """The holders that the stock counts: all but the association."""
        return self.role != Role.ASSOCIATION

    @property
    def overdrawn(self) -> NDArray[np.bool_]:
        """The holders who fell below zero: what they held before the first movement is not known, nor is then the stock."""
        return self.by_holder[LOWEST] < 0

    @property
    def professionals(self) -> NDArray[np.bool_]:
        return self.role == Role.PROFESSIONAL


def tally(flows: Flows, start: int, end: int) -> Tally:
    """What the window [start, end) holds. Movements from `end` on are left out; those before it make the opening balances."""
    assert start < end, "a window of one day at least"
    by_holder, last_paid, totals = _tally(
        flows.day, flows.kind, flows.payer, flows.payee, flows.amount_cents, flows.role, flows.opening_cents, start, end
    )
    return Tally(start, end, flows.role, by_holder, last_paid, *map(int, totals))


@njit(cache=True, nogil=True)
def _tally(day, kind, payer, payee, amount_cents, role, opening_cents, start, end):  # type: ignore[no-untyped-def]
    holders = len(role)
    table = np.zeros((holders, 13), np.int64)
    for place in (START, END, LOWEST):
        table[:, place] = opening_cents
    table[:, HELD] = opening_cents * (end - start)
    last_paid = np.full(holders, NEVER, np.int32)
    totals = np.zeros(6, np.int64)
    for at in range(len(day)):
        on = day[at]
        if on >= end:
            break
        cents, what, source, target, inside = amount_cents[at], kind[at], payer[at], payee[at], on >= start
        days = end - (on if inside else start)
        if source >= 0:
            row = table[source]
            row[END] -= cents
            row[HELD] -= cents * days
            row[LOWEST] = min(row[LOWEST], row[END])
            if what == _PAYMENT:
                last_paid[source] = on
            if not inside:
                row[START] -= cents
            else:
                if what == _PAYMENT:
                    row[PAID] += cents
                    if on >= end - RECENT_DAYS:
                        row[RECENT] += cents
                _spent(row, what, role[target] if target >= 0 else -1, cents)
        if target >= 0:
            row = table[target]
            row[END] += cents
            row[HELD] += cents * days
            if inside:
                row[IN] += cents
            else:
                row[START] += cents
        if inside:
            _totalled(totals, what, cents)
    return table.T.copy(), last_paid, totals


@njit(cache=True, inline="always")
def _spent(row, what, to, cents):  # type: ignore[no-untyped-def]
    if what == _REDEMPTION:
        row[REDEEMED] += cents
    elif to == _ASSOCIATION:
        row[TO_ASSOCIATION] += cents
    elif what != _PAYMENT:
        row[OTHER] += cents
    elif to == _PROFESSIONAL:
        row[TO_PROFESSIONALS] += cents
    elif to == _PERSON:
        row[TO_PEOPLE] += cents
    elif to == _PUBLIC:
        row[TO_PUBLIC] += cents
    else:
        row[OTHER] += cents


@njit(cache=True, inline="always")
def _totalled(totals, what, cents):  # type: ignore[no-untyped-def]
    if what == _ISSUE:
        totals[0] += cents
    elif what == _REDEMPTION:
        totals[1] += cents
    elif what == _NOTES_ISSUE:
        totals[2] += cents
    elif what == _NOTES_REDEMPTION:
        totals[3] += cents
    elif what == _DEPOSIT:
        totals[4] += cents
    elif what == _WITHDRAWAL:
        totals[5] += cents
