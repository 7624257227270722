"""The inner loop of equal shares, compiled: floating numbers with a proven error, and a halt wherever they cannot decide.

Every balance is `endowment − what was paid`, and every payment is linear in the endowment. Beside each balance stands its
slope `dbalance/dendowment ≥ 1` (0 once exhausted). Rounding errors travel along the same linear steps, so that

    |error of a balance| ≤ slope · E,   E = 3 · endowment · ε · (rounds + 1),   ε = 2 · (most supporters + 3) · 2⁻⁵³

A comparison closer than its error is a *doubt*: the loop stops, `exact` decides with fractions, and the loop goes on.
The one tie that is common, between projects whose supporters can all pay their full share, is decided here in integers.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: what `advance` stops on
DONE, OVERSPENT, AFFORDABLE, TIE, PURCHASE = 0, 1, 2, 3, 4
#: a project is still open, bought, set aside by a rule, or dearer than what its supporters hold
OPEN, BOUGHT, ASIDE, BEYOND = 0, 1, 2, 3
#: places in `State.numbers` and `State.counts`
ENDOWMENT, EPSILON, SPENT, LIMIT = 0, 1, 2, 3
ROUND, SUBJECT, LOTS = 0, 1, 2
#: below this product, two integers multiply without overflow
SAFE_PRODUCT = 4.0e18


class Table(NamedTuple):
    """What does not change during a run. Supporters of project p: `who[start[p]:start[p + 1]]`; `scale` divides cost and utilities."""

    cost: Floats
    start: Integers
    who: npt.NDArray[np.int32]
    worth: Floats
    size: Floats
    scale: Floats
    rank: Integers
    kin: Integers
    rival_start: Integers
    rivals: npt.NDArray[np.int32]


class State(NamedTuple):
    """What a run changes. `purse[i] = (balance, slope)`; `bound[p]` never exceeds the price of p per unit of utility."""

    purse: Floats
    spent_round: npt.NDArray[np.int32]
    bound: Floats
    error: Floats
    full: Floats
    fresh: Integers
    status: npt.NDArray[np.int8]
    order: Integers
    rho: Floats
    lots: Integers
    numbers: Floats
    counts: Integers


def compiled(function: Any) -> Any:
    """The function, compiled when first called."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


@compiled
def _tolerance(state: State) -> float:
    return 3.0 * state.numbers[ENDOWMENT] * state.numbers[EPSILON] * (state.counts[ROUND] + 1)


@compiled
def _evaluate(table: Table, state: State, p: int, cutoff: float) -> int:
    """Brings `bound[p]` up to the price of p now, or to a bound above `cutoff`; Newton from below on Σ min(b, ρu) = cost."""
    far, epsilon, cost = _tolerance(state), state.numbers[EPSILON], table.cost[p]
    first, last = table.start[p], table.start[p + 1]
    rho, before = state.bound[p], -1.0
    while True:
        held = slopes = units = paid_out = paid_units = wide = exhausted = 0.0
        for at in range(first, last):
            i = table.who[at]
            balance = state.purse[i, 0]
            if balance <= 0.0:
                continue
            slope, size, worth = state.purse[i, 1], table.size[i], table.worth[at]
            held += size * balance
            slopes += size * slope
            units += size * worth
            share = rho * worth
            if balance < share:
                exhausted += 1.0
                paid_out += size * balance
                paid_units += size * worth
            if balance - 2.0 * slope * far < share * (1.0 + 1e-12):
                wide += size * slope
        doubt, rest = slopes * far + epsilon * held, units - paid_units
        if held < cost - doubt:
            state.status[p] = BEYOND
            return DONE
        if held <= cost + doubt:
            return AFFORDABLE
        if rest <= 0.0:
            rho, before = 0.0, -1.0
            continue
        higher = (cost - paid_out) / rest
        state.bound[p] = higher
        state.error[p] = 2.0 * wide / rest * far + 4.0 * epsilon * higher
        state.full[p] = units if exhausted == 0 else 0.0
        if exhausted == before or higher <= rho * (1.0 + 1e-15):
            state.fresh[p] = state.counts[ROUND]
            return DONE
        if higher - state.error[p] > cutoff:
            return DONE
        rho, before = higher, exhausted


@compiled
def _cheapest(state: State) -> int:
    """The open project with the lowest bound, error taken off; -1 when none is left."""
    best, lowest = -1, np.inf
    for p in range(len(state.bound)):
        if state.status[p] == OPEN and state.bound[p] - state.error[p] < lowest:
            best, lowest = p, state.bound[p] - state.error[p]
    return best


@compiled
def _before(table: Table, state: State, p: int, q: int) -> int:
    """1 when p is bought before q, -1 when after, 0 when only fractions can tell; both fresh."""
    if state.full[p] <= 0.0 or state.full[q] <= 0.0:
        return 0
    cost_p, full_p = table.cost[p] / table.scale[p], state.full[p] / table.scale[p]
    cost_q, full_q = table.cost[q] / table.scale[q], state.full[q] / table.scale[q]
    if cost_p * full_q > SAFE_PRODUCT or cost_q * full_p > SAFE_PRODUCT:
        return 0
    left = np.int64(cost_p) * np.int64(full_q)
    right = np.int64(cost_q) * np.int64(full_p)
    if left != right:
        return 1 if left < right else -1
    if table.kin[p] == table.kin[q]:
        state.lots[p] = state.lots[q] = 1
        state.counts[LOTS] += 1
    return 1 if table.rank[p] < table.rank[q] else -1


@compiled
def _choose(table: Table, state: State) -> int:
    """DONE with the next purchase in `SUBJECT` (-1: none), or the doubt that stops the loop."""
    now = state.counts[ROUND]
    while True:
        best = _cheapest(state)
        state.counts[SUBJECT] = best
        if best < 0:
            return DONE
        if state.fresh[best] != now:
            code = _evaluate(table, state, best, _least_upper(state))
            if code != DONE:
                return code
            continue
        ceiling, stale, chosen, unsure = state.bound[best] + state.error[best], -1, best, False
        for q in range(len(state.bound)):
            if q == best or state.status[q] != OPEN or state.bound[q] - state.error[q] > ceiling:
                continue
            if state.fresh[q] != now:
                stale = q
                break
            verdict = _before(table, state, chosen, q)
            unsure = unsure or verdict == 0
            if verdict < 0:
                chosen = q
        if stale >= 0:
            state.counts[SUBJECT] = stale
            code = _evaluate(table, state, stale, ceiling)
            if code != DONE:
                return code
            continue
        state.counts[SUBJECT] = chosen
        return TIE if unsure else DONE


@compiled
def _least_upper(state: State) -> float:
    """The lowest price surely reached by a project evaluated this round."""
    least = np.inf
    for p in range(len(state.bound)):
        if state.status[p] == OPEN and state.fresh[p] == state.counts[ROUND]:
            least = min(least, state.bound[p] + state.error[p])
    return least


@compiled
def _pay(table: Table, state: State, p: int) -> int:
    """Makes the supporters of p pay, unless it is unsure who is left with nothing."""
    far, epsilon, rho = _tolerance(state), state.numbers[EPSILON], state.bound[p]
    slopes = units = 0.0
    for at in range(table.start[p], table.start[p + 1]):
        i = table.who[at]
        balance, slope = state.purse[i, 0], state.purse[i, 1]
        if balance <= 0.0:
            continue
        share = rho * table.worth[at]
        if abs(balance - share) <= slope * far + table.worth[at] * state.error[p] + epsilon * share:
            return PURCHASE
        if balance < share:
            slopes += table.size[i] * slope
        else:
            units += table.size[i] * table.worth[at]
    steep = slopes / units
    now = state.counts[ROUND]
    for at in range(table.start[p], table.start[p + 1]):
        i = table.who[at]
        if state.purse[i, 0] <= 0.0:
            continue
        share = rho * table.worth[at]
        if state.purse[i, 0] < share:
            state.purse[i, 0] = state.purse[i, 1] = 0.0
            state.spent_round[i] = now
        else:
            state.purse[i, 0] -= share
            state.purse[i, 1] += steep * table.worth[at]
    return DONE


@compiled
def close_purchase(table: Table, state: State, p: int) -> None:
    """Writes a purchase down and sets the rivals of p aside."""
    now = state.counts[ROUND]
    state.status[p] = BOUGHT
    state.order[now], state.rho[now] = p, state.bound[p]
    state.numbers[SPENT] += table.cost[p]
    state.counts[ROUND] = now + 1
    for at in range(table.rival_start[p], table.rival_start[p + 1]):
        if state.status[table.rivals[at]] != BOUGHT:
            state.status[table.rivals[at]] = ASIDE


@compiled
def advance(table: Table, state: State) -> int:
    """Buys project after project until nothing is affordable, the limit is passed, or fractions must decide."""
    while True:
        code = _choose(table, state)
        p = state.counts[SUBJECT]
        if code != DONE:
            return code
        if p < 0:
            return DONE
        if _pay(table, state, p) != DONE:
            return PURCHASE
        close_purchase(table, state, p)
        if state.numbers[SPENT] > state.numbers[LIMIT]:
            return OVERSPENT
