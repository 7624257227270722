"""A column of figures: one indicator for many territories at once."""

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ressort.core.figure import STATUSES, Figure, Reason, Status, missing
from ressort.core.food.system import Floats

Texts = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Column:
    """One indicator for n territories; nan where missing.

    Args:
        values: (n,).
        status: how each is known; a missing value has status "missing" whatever is written here.
        year, source: vintage and card; reason: why a missing value is missing. Each is one text for all, or (n,) of text.
    """

    values: Floats
    unit: str
    status: Status | Texts = "observed"
    year: str | Texts = ""
    source: str | Texts = ""
    reason: Reason | Texts = "not_available"

    def figure(self, row: int, how: str) -> Figure:
        """The figure of one territory."""
        value = float(self.values[row])
        year, source = _at(self.year, row), _at(self.source, row)
        if np.isnan(value):
            reason = cast(Reason, _at(self.reason, row))
            return missing(self.unit, reason, year=year, source=source, how=how)
        status = cast(Status, _at(self.status, row))
        return Figure(value=value, unit=self.unit, status=status, year=year, source=source, how=how)

    def over(self, other: "Column", unit: str) -> "Column":
        """This column divided by another, with the less sure status; missing where the divisor is zero."""
        divided = np.divide(self.values, other.values, out=np.full(len(self.values), np.nan), where=other.values > 0)
        return replace(self, values=divided, unit=unit, status=least_sure(self, other))


def first_known(*columns: Column) -> Column:
    """Row by row, the first column that knows the territory, with its own status, year and source; else the last one's reason."""
    values, status, year, source = (
        np.array(_spread(columns[-1], part)) for part in ("values", "status", "year", "source")
    )
    for column in reversed(columns[:-1]):
        known = ~np.isnan(column.values)
        values = np.where(known, column.values, values)
        status, year, source = (
            np.where(known, _spread(column, part), old)
            for part, old in (("status", status), ("year", year), ("source", source))
        )
    return Column(values, columns[0].unit, status, year, source, columns[-1].reason)


def _spread(column: Column, part: str) -> NDArray[Any]:
    """A field of a column as one value a territory, (n,)."""
    value = getattr(column, part)
    return np.broadcast_to(np.asarray(value), (len(column.values),))


def least_sure(*columns: Column) -> Status | Texts:
    """The less sure status of several columns, row by row."""
    worst: Status | Texts = columns[0].status
    for column in columns[1:]:
        worst = _less_sure(worst, column.status)
    return worst


def _less_sure(a: Status | Texts, b: Status | Texts) -> Status | Texts:
    if isinstance(a, str) and isinstance(b, str):
        return max(a, b, key=STATUSES.index)
    texts_a, texts_b = np.broadcast_arrays(np.asarray(a), np.asarray(b))
    worst = texts_a
    for status in STATUSES[1:]:
        worst = np.where(texts_b == status, np.where(_surer(worst, status), status, worst), worst)
    return worst


def _surer(texts: Texts, status: Status) -> NDArray[np.bool_]:
    return np.isin(texts, STATUSES[: STATUSES.index(status)])


def _at(texts: str | Texts, row: int) -> str:
    return texts if isinstance(texts, str) else str(texts[row])
