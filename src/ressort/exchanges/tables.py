"""The tables of a cooperation, and flows as GeoJSON, for every face."""

from typing import Any

import polars as pl

from ressort.core.exchanges import RINGS_KM
from ressort.exchanges.cooperation import Cooperation, Line
from ressort.exchanges.countrywide import freight_t
from ressort.exchanges.words import why

FLOW_COLUMNS = ("giver_code", "giver_name", "receiver_code", "receiver_name", "quantity", "unit", "distance_km")


def goods_table(found: Cooperation) -> pl.DataFrame:
    """One row a good: supply, need, flows at the optimum, coverage alone and with others."""
    rows = []
    for line in found.lines:
        basin = line.basin
        rows.append(
            {
                "good": line.good.key,
                "label": line.good.label,
                "unit": line.good.unit,
                "supply": line.supply,
                "need": line.need,
                "received": line.received if line.basin else None,
                "sent": line.sent if line.basin else None,
                "imported": line.imported if line.basin else None,
                "price_km": line.price_km,
                "mean_km": basin.mean_km if basin and basin.mean_km == basin.mean_km else None,
                "moved_t_km": basin.moved_km if basin and line.good.unit == "t" else None,
            }
            | _basin(line)
            | {
                "alone_share": line.alone,
                "with_neighbours_share": line.with_neighbours,
                "with_partners_share": line.with_partners,
                "year": line.good.year,
                "status": line.good.status if line.supply is not None else "missing",
                "source": line.good.source,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _basin(line: Line) -> dict[str, Any]:
    """Where what is needed comes from at the optimum: parts within each distance, suppliers, what its transport emits."""
    basin = line.basin
    has_need = basin is not None and basin.need > 0
    told: dict[str, Any] = {
        f"within_{km}_km_share": float(basin.within[at]) if basin is not None and has_need else None
        for at, km in enumerate(RINGS_KM)
    }
    low, high = freight_t(basin.moved_km) if basin is not None and line.good.unit == "t" else (None, None)
    return told | {
        "suppliers": basin.suppliers if basin else None,
        "concentration_share": basin.concentration_share if basin is not None and has_need else None,
        "freight_low_tco2e": low, "freight_high_tco2e": high,
    }  # fmt: skip


def partners_table(found: Cooperation) -> pl.DataFrame:
    """One row a partner, the best first."""
    schema = {
        "code": pl.String,
        "name": pl.String,
        "distance_km": pl.Float64,
        "people": pl.Float64,
        "score": pl.Float64,
        "balance_share": pl.Float64,
        "why": pl.String,
    }
    rows = [
        (
            one.territory.code,
            one.territory.label,
            one.km,
            one.people,
            one.score,
            one.balance_share,
            why(one, found.territory),
        )
        for one in found.partners
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def flows_table(found: Cooperation) -> pl.DataFrame:
    """The flows of every good from and to the territory."""
    parts = [
        found.flows(key)
        .with_columns(pl.lit(key).alias("good"), pl.lit(found.held.goods[found.held.column(key)].unit).alias("unit"))
        .select("good", *FLOW_COLUMNS)
        for key in found.nationals
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict.fromkeys(("good", *FLOW_COLUMNS), pl.String))


def flows_geojson(found: Cooperation) -> dict[str, Any]:
    """The flows as lines between the points of territories (longitude, latitude)."""
    features = []
    for key in found.nationals:
        for row in found.flows(key).to_dicts():
            ends = [[round(row[f"{side}_lon"], 5), round(row[f"{side}_lat"], 5)] for side in ("giver", "receiver")]
            told = {
                name: row[name]
                for name in ("giver_code", "giver_name", "receiver_code", "receiver_name", "quantity", "distance_km")
            }
            unit = found.held.goods[found.held.column(key)].unit
            features.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "LineString", "coordinates": ends},
                    "properties": {"good": key, "unit": unit} | told,
                }
            )
    return {"type": "FeatureCollection", "features": features}


TABLES = {"goods": goods_table, "partners": partners_table, "flows": flows_table}
