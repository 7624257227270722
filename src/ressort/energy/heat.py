"""Heat and cold that networks deliver, once the official files are fetched."""

from dataclasses import replace

import numpy as np
import polars as pl

from ressort.core.energy import Ranged
from ressort.energy.amounts import Amounts
from ressort.energy.listed import listed, unfetched
from ressort.energy.use import ALL
from ressort.reference import synced
from ressort.reference.places import Places

HEAT, NETWORKS = "heat_networks_commune", "heat_networks"


def heat_delivered(places: Places) -> Amounts:
    """Heat and cold delivered in the last year told, all sectors: network by network; a place that it does not tell, or hides, by place, to 2017."""
    return _by_network(places).or_else(_by_place(places))


def _by_network(places: Places) -> Amounts:
    """A network is written in one commune, although it may serve its neighbours: a commune without one is not told to have none."""
    rows = synced(NETWORKS)
    if rows is None:
        return Amounts.unknown(len(places.codes), unfetched(places))
    found = _last(places, rows.filter(pl.col("sector") == ALL), NETWORKS)
    silent = places.is_kind("COM") & (found.ranged.central == 0)
    nothing = Ranged.exactly(np.full(len(silent), np.nan))
    reason = np.where(silent, "not_available", found.reason)
    return replace(found, ranged=found.ranged.where(~silent, nothing), reason=reason)


def _by_place(places: Places) -> Amounts:
    rows = synced(HEAT)
    if rows is None:
        return Amounts.unknown(len(places.codes), unfetched(places))
    return _last(places, rows, HEAT)


def _last(places: Places, rows: pl.DataFrame, source: str) -> Amounts:
    last = rows.filter(pl.col("year") == pl.col("year").max())
    return listed(places, last, "heat_mwh", str(last["year"].max()), source)
