"""Heat and cold that networks deliver, once the official file is fetched."""

import polars as pl

from ressort.energy.amounts import Amounts
from ressort.energy.listed import listed
from ressort.reference import synced
from ressort.reference.places import Places

HEAT = "heat_networks_commune"


def heat_delivered(places: Places) -> Amounts:
    """Heat and cold delivered in the last year told, all sectors."""
    rows = synced(HEAT)
    if rows is None:
        return Amounts.unknown(len(places.codes), "not_fetched")
    last = rows.filter(pl.col("year") == pl.col("year").max())
    return listed(places, last, "heat_mwh", str(last["year"].max()), HEAT)
