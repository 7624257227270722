"""A table of flows that may be published: no cell tells the business of a few, nor lets it be worked out from the totals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ressort.core.currency.measures.flows import Flow, Flows, Role

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

    A cell is shown with at least five professionals on each side where professionals stand, none above 85 % of it. Another
    cell of each line is masked with it, so that totals do not tell it.

    Args:
        group: the group of each holder, numbered from 0; (holders,).
    """
    size = int(group.max(initial=-1)) + 1
    kept = (flows.kind == Flow.PAYMENT) & (flows.day >= start) & (flows.day < end) & (flows.payer >= 0) & (flows.payee >= 0)  # fmt: skip
    payer, payee, cents = flows.payer[kept], flows.payee[kept], flows.amount_cents[kept]
    cell = group[payer].astype(np.int64) * size + group[payee]
    inner = np.zeros(size * size, np.int64)
    np.add.at(inner, cell, cents)
    tells = np.zeros(size * size, bool)
    for side in (payer, payee):
        tells |= _tells_too_much(cell, side, cents, flows.role == Role.PROFESSIONAL, size)
    whole = np.zeros((size + 1, size + 1), np.int64)
    whole[:-1, :-1] = inner.reshape(size, size)
    whole[-1, :-1], whole[:-1, -1], whole[-1, -1] = whole[:-1, :-1].sum(0), whole[:-1, :-1].sum(1), inner.sum()
    masked = np.zeros_like(whole, bool)
    masked[:-1, :-1] = tells.reshape(size, size)
    return FlowTable(whole, ~masked_with_seconds(whole, masked))


def _tells_too_much(
    cell: NDArray[np.int64], who: NDArray[np.int32], cents: NDArray[np.int64], professional: NDArray[np.bool_], size: int
) -> NDArray[np.bool_]:  # fmt: skip
    """Cells whose professionals on one side are fewer than five, or one of which makes more than 85 %."""
    at_work = professional[who]
    holders = len(professional)
    pairs, places = np.unique(cell[at_work] * holders + who[at_work], return_inverse=True)
    each = np.zeros(len(pairs), np.int64)
    np.add.at(each, places, cents[at_work])
    cells = pairs // holders
    merchants, most, total = (np.zeros(size * size, np.int64) for _what in range(3))
    np.add.at(merchants, cells, 1)
    np.add.at(total, cells, each)
    np.maximum.at(most, cells, each)
    return (merchants > 0) & ((merchants < LEAST_MERCHANTS) | (most > MOST_SHARE * total))


def masked_with_seconds(whole: NDArray[np.int64], masked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells to mask, and with them the smallest other ones, not zero, that keep each from being worked out.

    Rows and columns are the nodes of a graph, masked cells its edges: a cell can be worked out from the totals exactly when
    it is a bridge. Totals are the last row and column, masked only where nothing else is left.
    """
    masked = masked.copy()
    is_total = np.zeros_like(masked)
    is_total[-1], is_total[:, -1] = True, True
    rank = np.lexsort((whole.ravel(), is_total.ravel(), whole.ravel() == 0))
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
