"""The whole country, one good: totals, how far needs are met, emissions of what moves, and the tables that hold it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ressort.core.exchanges import RINGS_KM
from ressort.core.food.system import Floats
from ressort.exchanges.goods import Balances, balances, good
from ressort.exchanges.national import National, flow_table, national
from ressort.reference import table
from ressort.reference.territories import territories


@dataclass(frozen=True, eq=False)
class Country:
    """One good over all territories of a level, at least distance; the territories not known left aside.

    Args:
        need, own, moved, imported, surplus: quantities in the unit of the good.
        within: part of all needs met within each of `RINGS_KM`, own supply included, cumulated, 0–1.
        mean_km: of what moves, nan when nothing does; moved_km: quantity times kilometres.
        unknown: territories of which nothing is known.
    """

    need: float
    own: float
    moved: float
    imported: float
    surplus: float
    within: Floats
    mean_km: float
    moved_km: float
    unknown: int


def countrywide(level: str, key: str) -> Country:
    """The totals of a good over a level.

    Raises:
        MissingData, UnknownCode: as `national`.
    """
    found = national(level, key)
    plan, market = found.plan, found.market
    need, moved = float(market.demand[market.known].sum()), float(plan.quantity.sum())
    near = [plan.own.sum() + plan.quantity[plan.km <= ring].sum() for ring in RINGS_KM]
    return Country(
        need,
        float(plan.own.sum()),
        moved,
        float(plan.imported.sum()),
        float(plan.surplus.sum()),
        np.array(near) / need if need else np.full(len(RINGS_KM), np.nan),
        plan.total_km / moved if moved else float("nan"),
        plan.total_km,
        len(plan.left_out),
    )


def freight_t(moved_t_km: float) -> tuple[float, float]:
    """Greenhouse gases of tonne-kilometres by lorry, tonnes of CO2 equivalent: the lowest and the highest usual lorry.

    Source: exchanges/freight (ADEME). Empty returns and cold are not counted.
    """
    factors = table("exchanges/freight")["freight_kgco2e_per_t_km"]
    return moved_t_km * float(factors.min()) / 1000, moved_t_km * float(factors.max()) / 1000  # type: ignore[arg-type]


def country_flows(level: str, key: str) -> pl.DataFrame:
    """Every flow of a good over a level, the largest first."""
    found, held = national(level, key), balances(level)
    order = np.argsort(-found.plan.quantity, kind="stable")
    unit = pl.lit(good(key).unit).alias("unit")
    return flow_table(held, found, order).with_columns(pl.lit(good(key).key).alias("good"), unit)


def country_territories(level: str, key: str) -> pl.DataFrame:
    """Every territory of a level for one good: balance, flows, scarcity, part of the need met within each distance; null where not known."""
    found, held = national(level, key), balances(level)
    plan, n = found.plan, len(held.rows)
    named = territories().table[held.rows.tolist()]
    sent, received = (np.bincount(rows, plan.quantity, n) for rows in (plan.giver, plan.receiver))
    known = found.market.known
    columns: dict[str, Any] = {"supply": found.market.supply, "need": found.market.demand}
    told = {"own": plan.own, "received": received, "sent": sent, "imported": plan.imported, "surplus": plan.surplus}
    columns |= {name: np.where(known, values, np.nan) for name, values in told.items()}
    columns |= {"price_km": plan.price_km, "worth_km": plan.worth_km} | _within(found, held)
    frame = pl.DataFrame({"code": named["code"], "name": named["label"], "people": held.people} | columns)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None), pl.lit(good(key).unit).alias("unit"))


def _within(found: National, held: Balances) -> dict[str, Floats]:
    plan, need, n = found.plan, found.market.demand, len(held.rows)
    told = {}
    for ring in RINGS_KM:
        near = plan.km <= ring
        met = plan.own + np.bincount(plan.receiver[near], plan.quantity[near], n)
        has = found.market.known & (np.nan_to_num(need) > 0)
        told[f"within_{ring}_km_share"] = np.divide(met, need, out=np.full(n, np.nan), where=has)
    return told


def country_geojson(level: str, key: str) -> dict[str, Any]:
    """Every flow of a good as a line between the points of territories (longitude, latitude)."""
    features = []
    for row in country_flows(level, key).to_dicts():
        ends = [[round(row[f"{side}_lon"], 5), round(row[f"{side}_lat"], 5)] for side in ("giver", "receiver")]
        told = {
            name: row[name]
            for name in (
                "good",
                "unit",
                "giver_code",
                "giver_name",
                "receiver_code",
                "receiver_name",
                "quantity",
                "distance_km",
            )
        }
        features.append(
            {"type": "Feature", "geometry": {"type": "LineString", "coordinates": ends}, "properties": told}
        )
    return {"type": "FeatureCollection", "features": features}


COUNTRY_TABLES = {"flows": country_flows, "territories": country_territories}
