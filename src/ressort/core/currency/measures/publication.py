"""A table of flows that may be published: no cell tells the business of a few, nor lets it be worked out from the totals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ressort.core.currency.measures.flows import Flow, Flows

#: hypotheses of the parameters
LEAST_MERCHANTS = 5
MOST_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class FlowTable:
    """Payments from groups (rows) to groups (columns), the last row and column being totals.

    Args:
        cents: (groups + 1, groups + 1). published: which cells may be shown; the others are masked.
    """

    cents: NDArray[np.int64]
    published: NDArray[np.bool_]


def flows_between(flows: Flows, group: NDArray[np.int32], start: int, end: int) -> FlowTable:
    """Payments of a window between groups of holders, made publishable.

    A cell or a total of a line is shown with at least five holders on each side, none above 85 % of it: the total of a sector
    where one shop stands is its business as much as the cells are. Another cell of each line is masked with it, so that
    totals do not tell it. The sum of all payments is a measure that everybody reads.

    Args:
        group: the group of each holder, numbered from 0; (holders,).
    """
    size = int(group.max(initial=-1)) + 1
    wide, holders = size + 1, len(group)
    kept = (flows.kind == Flow.PAYMENT) & (flows.day >= start) & (flows.day < end) & (flows.payer >= 0) & (flows.payee >= 0)  # fmt: skip
    payer, payee, cents = flows.payer[kept], flows.payee[kept], flows.amount_cents[kept]
    source, target = group[payer].astype(np.int64), group[payee].astype(np.int64)
    whole, masked = np.zeros(wide * wide, np.int64), np.zeros(wide * wide, bool)
    for row, column in ((source, target), (source, size), (size, target)):
        cell = np.broadcast_to(row * wide + column, cents.shape)
        np.add.at(whole, cell, cents)
        for side in (payer, payee):
            masked |= _tells_too_much(cell, side, cents, holders, wide * wide)
    whole[-1] = cents.sum()
    table = whole.reshape(wide, wide)
    return FlowTable(table, ~masked_with_seconds(table, masked.reshape(wide, wide)))


def two_digits_cents(cents: int) -> int:
    """An amount told to two digits, so that what one payment adds to it is not seen.

    >>> two_digits_cents(123_456), two_digits_cents(99_700), two_digits_cents(42), two_digits_cents(0)
    (120000, 100000, 42, 0)
    """
    step = 10 ** max(len(str(cents)) - 2, 0)
    return (cents + step // 2) // step * step


def _tells_too_much(
    cell: NDArray[np.int64], who: NDArray[np.int32], cents: NDArray[np.int64], holders: int, size: int
) -> NDArray[np.bool_]:  # fmt: skip
    """Cells whose holders on one side are fewer than five, or one of which makes more than 85 %."""
    pairs, places = np.unique(cell * holders + who, return_inverse=True)
    each = np.zeros(len(pairs), np.int64)
    np.add.at(each, places, cents)
    cells = pairs // holders
    people, most, total = (np.zeros(size, np.int64) for _what in range(3))
    np.add.at(people, cells, 1)
    np.add.at(total, cells, each)
    np.maximum.at(most, cells, each)
    return (people > 0) & ((people < LEAST_MERCHANTS) | (most > MOST_SHARE * total))


def masked_with_seconds(whole: NDArray[np.int64], masked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells to mask, and with them the smallest other ones, not zero, that keep each from being worked out.

    Rows and columns are the nodes of a graph, masked cells its edges: a cell can be worked out from the totals exactly when
    it is a bridge. Totals are the last row and column, taken only where no cell is left; the sum of all, which the measures
    tell, only where there is one group.
    """
    masked = masked.copy()
    is_total = np.zeros_like(masked)
    is_total[-1], is_total[:, -1] = True, True
    is_sum = np.arange(whole.size) == whole.size - 1
    rank = np.lexsort((whole.ravel(), is_total.ravel(), whole.ravel() == 0, is_sum))
    while (allowed := _lonely(masked)) is not None or (allowed := _bridged(masked)) is not None:
        free = allowed & ~masked
        masked.ravel()[rank[free.ravel()[rank]][0]] = True
    return masked


def _lonely(masked: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """The row or column of a cell masked alone in it, as a mask of cells; None when there is no such cell."""
    allowed = np.zeros_like(masked)
    for view, lines in ((masked, allowed), (masked.T, allowed.T)):
        alone = np.flatnonzero(view.sum(axis=1) == 1)
        if len(alone):
            lines[alone[0]] = True
            return allowed
    return None


def _bridged(masked: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """The cells that would give another way round a bridge; None when no masked cell is one."""
    for row, column in np.argwhere(masked):
        rest = masked.copy()
        rest[row, column] = False
        side = _joined_to(rest, row)
        if not side[1][column]:
            across = side[0][:, None] & _joined_to(rest.T, column)[0][None, :]
            back = _joined_to(rest.T, column)[1][:, None] & side[1][None, :]
            allowed = across | back
            allowed[row, column] = False
            return allowed
    return None


def _joined_to(masked: NDArray[np.bool_], row: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The rows and the columns that a row reaches through masked cells."""
    rows = np.zeros(masked.shape[0], bool)
    rows[row] = True
    while True:
        columns: NDArray[np.bool_] = np.any(masked[rows], axis=0)
        reached = rows | masked[:, columns].any(axis=1)
        if (reached == rows).all():
            return rows, columns
        rows = reached
