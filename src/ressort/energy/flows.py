"""Flows that match surpluses and lacks of a carrier among the territories of a level, at least distance: a balance, not a wire."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from ressort.core.exchanges import GreatCircle, Market, Plan, optimum
from ressort.core.territory import Territory
from ressort.core.territory.geometry import Floats
from ressort.core.territory.territories import Integers
from ressort.energy.balances import CarrierBalance, carrier_balance
from ressort.energy.scenario import Scenario
from ressort.reference.places import Places
from ressort.reference.territories import territories

#: levels among which energy is matched, the smallest first
LEVELS = ("COM", "EPCI", "BV", "DEP", "REG")
COLUMNS = ("giver_code", "giver_name", "receiver_code", "receiver_name", "energy_mwh", "distance_km")


@dataclass(frozen=True, eq=False)
class Flows:
    """What reaches and leaves one territory at the optimum of a carrier.

    Args:
        table: one row a flow, the largest first; received, sent, imported, unused: its totals, in megawatt-hours.
        matched: how many territories of the level have a known balance; left_out: how many have none.
    """

    level: str
    table: pl.DataFrame
    received_mwh: float
    sent_mwh: float
    imported_mwh: float
    unused_mwh: float
    matched: int
    left_out: int
    is_proved: bool


@lru_cache(maxsize=8)
def level_places(level: str) -> tuple[Places, Integers, Floats, Floats]:
    """The territories of a level, with their rows and points."""
    known = territories()
    rows = np.flatnonzero((known.table["kind"] == level).to_numpy())
    table = known.table[rows.tolist()]
    lat, lon = (table[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ("lat", "lon"))
    return Places.of([known.territory(int(row)) for row in rows]), rows, lat, lon


@lru_cache(maxsize=32)
def level_balance(level: str, carrier: str, year: str, levers: Scenario) -> CarrierBalance:
    """The balance of a carrier for every territory of a level."""
    return carrier_balance(level_places(level)[0], carrier, year, levers)


def level_of(place: Territory) -> str:
    """The level among which a territory exchanges: its own kind, else none."""
    return place.kind if place.kind in LEVELS else ""


def flows(place: Territory, mine: CarrierBalance, levers: Scenario) -> Flows | None:
    """The flows from and to a territory; None when its balance is not known, or when no level holds its kind.

    Communes are matched where today's production is known, larger territories wherever the balance is.
    """
    level = level_of(place)
    if not level or not mine.balance.coverage.known[0] or (level == "COM" and mine.is_floor[0]):
        return None
    rows = level_places(level)[1]
    at = int(np.flatnonzero(rows == territories().row(place.key))[0])
    market, plan = _planned(level, mine, levers, at)
    return _told(level, market, plan, rows, at)


def _planned(level: str, mine: CarrierBalance, levers: Scenario, at: int) -> tuple[Market, Plan]:
    if levers == levers.without_own:
        return _plan(level, mine.carrier, mine.year, levers)
    supply, need = _sides(level, mine.carrier, mine.year, levers.without_own)
    supply[at], need[at] = mine.balance.production.central[0], mine.balance.use.central[0]
    market = _market(level, supply, need)
    return market, optimum(market)


@lru_cache(maxsize=32)
def _plan(level: str, carrier: str, year: str, levers: Scenario) -> tuple[Market, Plan]:
    market = _market(level, *_sides(level, carrier, year, levers))
    return market, optimum(market)


def _sides(level: str, carrier: str, year: str, levers: Scenario) -> tuple[Floats, Floats]:
    """What each territory makes and uses; communes of which nothing is known today are left out, by tens of thousands."""
    held = level_balance(level, carrier, year, levers)
    supply, need = held.balance.production.central.copy(), held.balance.use.central.copy()
    if level == "COM":
        supply[held.is_floor] = np.nan
    return supply, need


def _market(level: str, supply: Floats, need: Floats) -> Market:
    _places, _rows, lat, lon = level_places(level)
    return Market(supply, need, GreatCircle(lat, lon))


def _told(level: str, market: Market, plan: Plan, rows: Integers, at: int) -> Flows:
    inside = np.flatnonzero((plan.giver == at) | (plan.receiver == at))
    inside = inside[np.argsort(-plan.quantity[inside], kind="stable")]
    receives = plan.receiver[inside] == at
    quantity = plan.quantity[inside]
    return Flows(
        level,
        flow_table(level, plan, inside),
        _whole(quantity[receives].sum()),
        _whole(quantity[~receives].sum()),
        _whole(plan.imported[at]),
        _whole(plan.surplus[at]),
        int(market.known.sum()),
        len(rows) - int(market.known.sum()),
        plan.certificate.proved,
    )


def _whole(mwh: float) -> float:
    """To the watt-hour: what is under that is left by sums of halves."""
    return round(float(mwh), 6)


def flow_table(level: str, plan: Plan, which: Integers) -> pl.DataFrame:
    """Some flows of a plan, with codes, names and points."""
    _places, rows, lat, lon = level_places(level)
    table = territories().table
    columns: dict[str, object] = {}
    for side, ends in (("giver", plan.giver[which]), ("receiver", plan.receiver[which])):
        named = table[rows[ends].tolist()]
        columns |= {f"{side}_code": named["code"], f"{side}_name": named["label"]}
        columns |= {f"{side}_lat": lat[ends], f"{side}_lon": lon[ends]}
    return pl.DataFrame(columns | {"energy_mwh": plan.quantity[which], "distance_km": plan.km[which]})
