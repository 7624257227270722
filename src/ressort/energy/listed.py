"""Official files that list only the communes concerned: in metropolitan France, one without a line has nothing."""

import numpy as np
import polars as pl

from ressort.core.energy import gathered
from ressort.diagnosis.facts import today_by_commune
from ressort.energy.amounts import Amounts, Texts
from ressort.reference.places import Places, metropolitan


def listed(places: Places, rows: pl.DataFrame, column: str, year: str, source: str) -> Amounts:
    """Amounts of a year from a file of some communes; a line whose amount is hidden hides every place that holds it.

    Args:
        rows: the lines of that year; `column` holds megawatt-hours, null where the producer hides them.
    """
    hidden = rows.with_columns(hidden=pl.col(column).is_null().cast(pl.Float64))
    values = np.where(metropolitan(), np.nan_to_num(today_by_commune(rows, column)), np.nan)
    values[np.nan_to_num(today_by_commune(hidden, "hidden")) > 0] = np.nan
    found = gathered(values, places.membership, places.people).total
    status = np.where(places.is_kind("COM"), "observed", "derived")
    return Amounts.of(found, status, year, source, np.where(_reached(places), "secret", "not_available"))


def unfetched(places: Places) -> Texts:
    """Why a figure is missing before its file is fetched: these files stop at metropolitan France, (n,)."""
    return np.where(_reached(places), "not_fetched", "not_available")


def _reached(places: Places) -> np.ndarray:
    return np.asarray(places.membership @ metropolitan().astype(float)) > 0
