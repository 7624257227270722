"""Heat and cold that networks deliver, once the official file is fetched."""

import numpy as np
import polars as pl

from ressort.core.energy import gathered
from ressort.diagnosis.facts import today_by_commune
from ressort.energy.amounts import Amounts
from ressort.reference import synced
from ressort.reference.places import Places, metropolitan

HEAT = "heat_networks_commune"


def heat_delivered(places: Places) -> Amounts:
    """Heat and cold delivered in the last year told, all sectors; a commune of metropolitan France without a line has no network."""
    rows = synced(HEAT)
    if rows is None:
        return Amounts.unknown(len(places.codes), "not_fetched")
    last = rows.filter(pl.col("year") == pl.col("year").max())
    hidden = last.with_columns(hidden=pl.col("heat_mwh").is_null().cast(pl.Float64))
    values = np.where(metropolitan(), np.nan_to_num(today_by_commune(last, "heat_mwh")), np.nan)
    values[np.nan_to_num(today_by_commune(hidden, "hidden")) > 0] = np.nan
    found = gathered(values, places.membership, places.people).total
    status = np.where(places.is_kind("COM"), "observed", "derived")
    return Amounts.of(found, status, str(last["year"].max()), HEAT, "secret")
