"""The territories a diagnosis looks at, all at once: their communes as a matrix, and how figures climb from them."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.core.territory.territories import Integers
from ressort.reference.territories import territories

#: share of a sum that must be known for the sum to be given
ENOUGH = 0.995


@dataclass(frozen=True, eq=False)
class Places:
    """n territories over the same communes (atoms).

    Args:
        membership: 1 where a commune belongs, (n, atoms).
        kinds, codes: (n,).
    """

    membership: csr_array
    kinds: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def all(cls) -> "Places":
        """Every territory of the table."""
        return _everywhere()

    @classmethod
    def of(cls, places: list[Territory]) -> "Places":
        """Some territories, own groups included."""
        columns = np.concatenate([place.members for place in places]) if places else np.array([], int)
        starts = np.cumsum([0, *[len(place.members) for place in places]])
        ones = np.ones(len(columns))
        matrix = csr_array((ones, columns, starts), shape=(len(places), territories().atoms))
        return cls(matrix, tuple(place.kind for place in places), tuple(place.code for place in places))

    def total(self, values: Floats) -> Floats:
        """Sums over communes, (n,) or (n, X); missing where less than 99.5 % of the population has a figure."""
        known = ~np.isnan(values)
        sums = self.membership @ np.where(known, values, 0.0)
        people = self.people if values.ndim == 1 else self.people[:, None]
        everyone = self.everyone if values.ndim == 1 else self.everyone[:, None]
        unknown = self.membership @ np.where(known, 0.0, people)
        counted = self.membership @ known.astype(np.float32)
        enough = (everyone - unknown >= ENOUGH * everyone) & (counted > 0)
        return np.where(enough, sums, np.nan)

    def mean(self, values: Floats, least_known: float = 0.8) -> Floats:
        """Means over communes weighted by population, (n,); missing where less than `least_known` of it has a figure."""
        known = ~np.isnan(values)
        covered = self.membership @ np.where(known, self.people, 0.0)
        sums = self.membership @ np.where(known, values * self.people, 0.0)
        enough = (covered >= least_known * self.everyone) & (covered > 0)
        return np.divide(sums, covered, out=np.full(len(sums), np.nan), where=enough)

    def published(self, kind: str, by_code: dict[str, float]) -> Floats:
        """The value published for each territory of one kind, nan elsewhere, (n,)."""
        return np.array(
            [by_code.get(code, np.nan) if k == kind else np.nan for k, code in zip(self.kinds, self.codes, strict=True)]
        )

    def vintage(self, column: str) -> np.ndarray:
        """The year of each territory's figure, from a column of years of the communes: the oldest of most people, (n,)."""
        known = territories()
        years = known.table[column].head(known.atoms).fill_null("").to_numpy().astype(str)
        found = np.full(len(self.codes), "", dtype=years.dtype)
        most = np.full(len(self.codes), -1.0)
        for year in sorted(set(years) - {""}):
            people = self.membership @ np.where(years == year, self.people + 1.0, 0.0)
            found = np.where(people > most, year, found)
            most = np.maximum(most, people)
        return found

    def is_kind(self, *kinds: str) -> np.ndarray:
        """True for the territories of some kinds, (n,)."""
        return np.isin(self._kinds, kinds)

    @cached_property
    def _kinds(self) -> np.ndarray:
        return np.array(self.kinds)

    @cached_property
    def everyone(self) -> Floats:
        """Population of each territory, (n,)."""
        return np.asarray(self.membership @ self.people)

    @cached_property
    def people(self) -> Floats:
        """Population of each commune, 0 where not known, (atoms,)."""
        return np.nan_to_num(commune_values("population_people"))


@cache
def _everywhere() -> Places:
    known = territories()
    return Places(known.membership, tuple(known.table["kind"].to_list()), tuple(known.table["code"].to_list()))


@dataclass(frozen=True, eq=False)
class Ready:
    """Values by commune made ready to be added up many times, ring by ring.

    Args:
        columns: the values, 0 where not known; then, for each pattern of what is known, the people of the communes that
            it does not know, then 1 for those it knows; then the people of all; (atoms, X + 2 M + 1).
        pattern_of: the pattern of each value, (X,).
    """

    columns: Floats
    pattern_of: Integers

    @classmethod
    def of(cls, values: Floats) -> "Ready":
        """Values by commune, (atoms, X), nan where not known."""
        # a dictionary of patterns: to sort rows of 35,000 signs, as `np.unique` does, takes a quarter of a second
        each = [row.tobytes() for row in ~np.isnan(values.T)]
        patterns = list(dict.fromkeys(each))
        known = np.array([np.frombuffer(pattern, dtype=bool) for pattern in patterns])
        pattern_of = np.array([patterns.index(pattern) for pattern in each])
        people = np.nan_to_num(commune_values("population_people"))
        parts = [np.nan_to_num(values), np.where(known, 0.0, people).T, known.T.astype(float), people[:, None]]
        return cls(np.hstack(parts), pattern_of)

    def totals(self, rings: NDArray[np.bool_]) -> Floats:
        """Sums within each ring, missing as in `Places.total`, (rings, X).

        Args:
            rings: which communes it holds, (rings, atoms).
        """
        values, patterns = len(self.pattern_of), (self.columns.shape[1] - len(self.pattern_of) - 1) // 2
        sums = rings.astype(float) @ self.columns
        unknown, counted = sums[:, values : values + patterns], sums[:, values + patterns : -1]
        everyone = sums[:, -1:]
        enough = (everyone - unknown >= ENOUGH * everyone) & (counted > 0)
        return np.where(enough[:, self.pattern_of], sums[:, :values], np.nan)


def commune_values(column: str) -> Floats:
    """A column of the territory table for the communes, nan where missing, read-only, (atoms,)."""
    return territories().of_communes[column]


@cache
def commune_rows() -> dict[str, int]:
    """Code of a French commune → its row; a Belgian municipality may bear the same code."""
    known = territories()
    atoms = known.table.head(known.atoms).with_row_index("row").filter(pl.col("country") == "FR")
    return dict(atoms.select("code", "row").iter_rows())


@cache
def metropolitan() -> np.ndarray:
    """Which communes are of metropolitan France, (atoms,)."""
    known = territories()
    metro = (known.table["zone"].head(known.atoms) == "metro").fill_null(False).to_numpy()
    return np.asarray(metro & (known.table["country"].head(known.atoms) == "FR").to_numpy())


def aligned_to_communes(rows: pl.DataFrame, key: str, column: str) -> Floats:
    """Values keyed by French commune code, in the order of the communes, nan where missing, (atoms,)."""
    known = territories()
    atoms = known.table.head(known.atoms).select("kind", "code")
    joined = atoms.join(
        rows.select(pl.col(key).alias("code"), pl.col(column).cast(pl.Float64), kind=pl.lit("COM")),
        on=["kind", "code"],
        how="left",
        maintain_order="left",
    )
    return joined[column].to_numpy().copy()
