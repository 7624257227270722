"""Amounts of energy of many territories at once, each with its range, status, year, source, or the reason why it is missing."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ressort.core.energy import Ranged
from ressort.core.figure import Figure, Reason, Status, missing
from ressort.core.territory.geometry import Floats
from ressort.diagnosis.columns import Column

Texts = NDArray[np.str_]
WIDE = "<U64"
#: reasons that later sources do not undo
TELLING = ("secret", "not_applicable")


@dataclass(frozen=True, eq=False)
class Amounts:
    """n amounts in megawatt-hours; texts are (n,)."""

    ranged: Ranged
    status: Texts
    year: Texts
    source: Texts
    reason: Texts

    @classmethod
    def of(
        cls, values: "Floats | Ranged", status: str | Texts, year: str | Texts, source: str, reason: str | Texts
    ) -> "Amounts":
        """Amounts that share their texts, or have one each."""
        ranged = values if isinstance(values, Ranged) else Ranged.exactly(values)
        texts = [
            np.broadcast_to(np.asarray(text, dtype=WIDE), (len(ranged),)) for text in (status, year, source, reason)
        ]
        return cls(ranged, texts[0], texts[1], texts[2], texts[3])

    @classmethod
    def from_column(cls, column: Column) -> "Amounts":
        """The amounts of a column of the diagnosis."""
        source = np.asarray(column.source, dtype=WIDE)
        found = cls.of(column.values, column.status, column.year, "", column.reason)
        return Amounts(found.ranged, found.status, found.year, np.broadcast_to(source, found.year.shape), found.reason)

    @classmethod
    def unknown(cls, count: int, reason: str | Texts, year: str = "", source: str = "") -> "Amounts":
        """Nothing known, and why."""
        return cls.of(np.full(count, np.nan), "missing", year, source, reason)

    def or_else(self, other: "Amounts") -> "Amounts":
        """These amounts where known, the others elsewhere; what neither knows keeps the reason that says most."""
        known = self.ranged.known
        reason = np.where(np.isin(self.reason, TELLING), self.reason, other.reason)
        texts = [
            np.where(known, mine, theirs)
            for mine, theirs in ((self.status, other.status), (self.year, other.year), (self.source, other.source))
        ]
        return Amounts(self.ranged.where(known, other.ranged), texts[0], texts[1], texts[2], reason)

    def figure(self, row: int, how: str) -> Figure:
        """The amount of one territory."""
        return figure(
            self.ranged, row, "mwh", how, self.status[row], self.year[row], self.source[row], self.reason[row]
        )


def figure(
    ranged: Ranged, row: int, unit: str, how: str, status: str, year: str, source: str, reason: str = "not_available"
) -> Figure:
    """One quantity as people meet it: without ends when they are the same."""
    low, central, high = (float(end[row]) for end in ranged.ends)
    if np.isnan(central):
        return missing(unit, cast(Reason, str(reason)), year=str(year), source=str(source), how=how)
    has_ends = low < central or high > central
    return Figure(
        value=central, unit=unit, status=cast(Status, str(status)), year=str(year), source=str(source), how=how,
        low=low if has_ends else None, high=high if has_ends else None,
    )  # fmt: skip
