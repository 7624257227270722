"""Wood for energy: what forests give and what homes burn, estimated from two official files once they are fetched.

harvest by EPCI (ADEME, m³) × 2.54 MWh a m³ ─▶ supply ┐ EPCI as published; larger territories: spread over communes by area, added up
66 TWh of French homes × houses here / houses of France ─▶ need ┘ wherever houses are known
"""

from functools import cache

import numpy as np
import polars as pl

from ressort.core.energy import Ranged, gathered, lent
from ressort.core.territory.geometry import Floats
from ressort.diagnosis.facts import today_by_commune
from ressort.energy.amounts import Amounts
from ressort.reference import synced, table
from ressort.reference.places import Places, commune_values, metropolitan
from ressort.reference.territories import territories

NATIONAL, HARVEST, HOUSING = "energy/wood", "wood_harvest_epci", "housing_commune"
HARVEST_YEAR = "2018"
#: the files that an estimate of wood takes
FILES = (HARVEST, HOUSING)


def wood_made(places: Places) -> Amounts:
    """Energy of the wood cut in a year; not told for one commune, where the forests of its EPCI may not be."""
    if synced(HARVEST) is None:
        return Amounts.unknown(len(places.codes), "not_fetched")
    published = places.published("EPCI", harvest_mwh())
    spread = gathered(_by_commune(), places.membership, places.people).total
    larger = places.is_kind("BV", "DEP", "REG", "PAYS", "CUSTOM", "ZE", "AAV")
    values = np.where(np.isnan(published) & larger, spread, published)
    return Amounts.of(values, "estimated", HARVEST_YEAR, HARVEST, "not_available")


def wood_used(places: Places) -> Amounts:
    """Energy of the wood that homes burn, lent by houses; not known overseas and abroad."""
    houses = _houses()
    if houses is None:
        return Amounts.unknown(len(places.codes), "not_fetched")
    here = gathered(houses, places.membership, places.people).total
    row = _national("use")
    whole = Ranged.spread(float(row["low"]), float(row["value"]), float(row["high"]), count=1)
    return Amounts.of(lent(whole, here, float(np.nansum(houses))), "estimated", row["year"], NATIONAL, "not_available")


def wood_balance(places: Places) -> tuple[Floats, Floats]:
    """Wood made and wood used, central values, both known or neither, (n,) each."""
    made, used = wood_made(places).ranged.central, wood_used(places).ranged.central
    unknown = np.isnan(made) | np.isnan(used)
    return np.where(unknown, np.nan, made), np.where(unknown, np.nan, used)


@cache
def harvest_mwh() -> dict[str, float]:
    """Energy of the wood cut for energy in a year, by EPCI; a part that is not told hides the whole."""
    rows = synced(HARVEST)
    if rows is None:
        return {}
    told = rows.group_by("epci_code").agg(
        pl.when(pl.col("energy_wood_m3").is_null().any())
        .then(None)
        .otherwise(pl.col("energy_wood_m3").sum())
        .alias("m3")
    )
    rate = float(_national("use")["value"]) / float(_national("volume")["value"])
    return {code: float(m3) * rate for code, m3 in told.drop_nulls().iter_rows()}


@cache
def _by_commune() -> Floats:
    """The wood of each EPCI spread over its communes by area, nan where not told, (atoms,).

    Four islands have no EPCI, hence no line: they count for nothing, so that Vendée and Finistère are told in spite of them.
    """
    known, area = territories(), np.nan_to_num(commune_values("area_ha"))
    holder = known.parents_of_commune["EPCI"]
    by_code = harvest_mwh()
    value = np.array([by_code.get(code, np.nan) for code in known.table["code"]])
    value = np.where((known.table["kind"] == "EPCI").to_numpy(), value, np.nan)
    whole = np.bincount(holder[holder >= 0], weights=area[holder >= 0], minlength=len(value))
    part = np.divide(area, whole[holder], out=np.full(len(area), np.nan), where=(holder >= 0) & (whole[holder] > 0))
    return np.where(holder >= 0, value[holder] * part, np.where(metropolitan(), 0.0, np.nan))


@cache
def _houses() -> Floats | None:
    """Main homes that are houses, by commune of metropolitan France, nan elsewhere, (atoms,)."""
    rows = synced(HOUSING)
    if rows is None:
        return None
    return np.where(metropolitan(), today_by_commune(rows.drop_nulls("houses_households"), "houses_households"), np.nan)


def _national(figure: str) -> dict[str, str]:
    """One line of the national table."""
    return {row["figure"]: row for row in table(NATIONAL).to_dicts()}[figure]
