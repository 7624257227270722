"""The tables of the energy of a territory, and its flows as GeoJSON, for every face."""

from collections.abc import Callable
from typing import Any

import polars as pl

from ressort.core.figure import Figure
from ressort.energy.flows import COLUMNS
from ressort.energy.potential import resources
from ressort.energy.scenario import OWN, SHARES
from ressort.energy.terms import hypotheses
from ressort.energy.territory import SIDES, EnergyOf
from ressort.energy.use import CARRIERS
from ressort.energy.words import carrier_label, missing, sector_label, source_label, summary

TEXTS = ("label", "year", "status", "source", "reason")
ENDS = ("value", "low", "high")


def use_table(found: EnergyOf) -> pl.DataFrame:
    """One row a carrier and a sector; `all` is the total of the sectors, never to be added to them."""
    return _frame(
        {"carrier": carrier, "sector": sector, "label": f"{carrier_label(carrier)}, {sector_label(sector)}"}
        | _cells(one)
        for (carrier, sector), one in found.uses.items()
    )


def parts_table(found: EnergyOf) -> pl.DataFrame:
    """One row a part of a commune (IRIS) and a sector: electricity delivered; null where it is secret."""
    return found.parts


def production_table(found: EnergyOf) -> pl.DataFrame:
    """One row a carrier and a renewable source, in the year of the balance."""
    return _frame(
        {"carrier": carrier, "source_of_energy": source, "label": source_label(source)} | _cells(one)
        for (carrier, source), one in found.production.items()
    )


def balance_table(found: EnergyOf) -> pl.DataFrame:
    """One row a carrier and a figure of its balance, as it is and under the scenario; `is_floor`: today's production is not in it."""
    rows = []
    for carrier in (*CARRIERS, "wood"):
        for moment, of_today in (("today", True), (found.levers.name, False)):
            if (of_today and carrier == "wood") or (not of_today and found.levers.is_today and carrier != "wood"):
                continue
            for name in SIDES:
                one = found.side(carrier, name, of_today)
                floor = carrier != "wood" and not of_today and found.is_floor(carrier)
                told = {"carrier": carrier, "scenario": moment, "figure": name, "label": carrier_label(carrier)}
                rows.append(told | _cells(one) | {"is_floor": floor})
    return _frame(rows)


def potential_table(found: EnergyOf) -> pl.DataFrame:
    """One row a resource: what the territory could have, what it would make in a year, what the scenario builds."""
    rows = []
    for key, one in resources().items():
        quantity, potential, added = found.quantity(key), found.potential(key), found.added(key)
        told = {"resource": key, "label": one.label, "quantity": quantity.value, "quantity_unit": one.quantity_unit}
        built = {"built_share": found.levers.share(key), "built_mwh": added.value}
        rows.append(told | _cells(potential) | built | {"lent_by": one.shared_by, "study": one.source})
    return _frame(rows)


def local_return_table(found: EnergyOf) -> pl.DataFrame:
    """One row a resource and an end of the hypotheses: who invests, who earns in a year, what stays; euro cents."""
    rows = []
    for key, ends in found.returns.items():
        for end, one in ends.items():
            names = ("authority", "citizens", "outside")
            rows.append(
                {"resource": key, "end": end}
                | {f"investment_{who}_cents": cents for who, cents in zip(names, one.investment_cents, strict=True)}
                | {f"dividends_{who}_cents": cents for who, cents in zip(names, one.dividends_cents, strict=True)}
                | {"tax_cents": one.tax_cents, "rent_cents": one.rent_cents, "local_share": one.local_share}
            )
    return pl.DataFrame(rows)


def hypotheses_table(found: EnergyOf) -> pl.DataFrame:
    """One row a hypothesis on who invests and who earns, one's own in the place of the published ones."""
    return pl.DataFrame(
        [
            {"hypothesis": one.name, "value": one.value, "low": one.low, "high": one.high, "unit": one.unit, "status": one.status,
             "is_own": one.is_own, "study": one.source}
            for one in hypotheses(found.own_terms)
        ]
    )  # fmt: skip


def series_table(found: EnergyOf) -> pl.DataFrame:
    """Production and use by year."""
    return found.series


def flows_table(found: EnergyOf) -> pl.DataFrame:
    """The flows of every carrier from and to the territory, the largest first."""
    parts = [one.table.select(pl.lit(carrier).alias("carrier"), *COLUMNS) for carrier, one in found.flows.items()]
    schema = {"carrier": pl.String} | {
        name: pl.Float64 if name in ("energy_mwh", "distance_km") else pl.String for name in COLUMNS
    }
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def flows_geojson(found: EnergyOf) -> dict[str, Any]:
    """The flows as lines between the points of territories (longitude, latitude)."""
    features = []
    for carrier, one in found.flows.items():
        for row in one.table.to_dicts():
            ends = [[round(row[f"{side}_lon"], 5), round(row[f"{side}_lat"], 5)] for side in ("giver", "receiver")]
            properties = {"carrier": carrier} | {name: row[name] for name in COLUMNS}
            line = {"type": "LineString", "coordinates": ends}
            features.append({"type": "Feature", "geometry": line, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _cells(one: Figure) -> dict[str, Any]:
    return {
        "value": one.value, "low": one.low, "high": one.high, "unit": one.unit, "year": one.year, "status": one.status,
        "source": one.source, "reason": one.reason,
    }  # fmt: skip


def _frame(rows: Any) -> pl.DataFrame:
    found = pl.DataFrame(list(rows), infer_schema_length=None)
    kinds = dict.fromkeys(TEXTS, pl.String()) | dict.fromkeys(ENDS, pl.Float64())
    return found.cast({name: kind for name, kind in kinds.items() if name in found.columns})


TABLES: dict[str, Callable[[EnergyOf], pl.DataFrame]] = {
    "balance": balance_table,
    "use": use_table,
    "parts": parts_table,
    "production": production_table,
    "potential": potential_table,
    "return": local_return_table,
    "hypotheses": hypotheses_table,
    "series": series_table,
    "flows": flows_table,
}


def as_dict(found: EnergyOf) -> dict[str, Any]:
    """All of it as plain values, for JSON; a figure that is not known is null, with its reason."""
    return {
        "territory": {"key": found.territory.key, "label": found.territory.label},
        "scenario": found.levers.name,
        "levers": {name: getattr(found.levers, name) for name in (*SHARES, *OWN)},
        "owners_bp": {"authority": found.owners.authority_bp, "citizens": found.owners.citizens_bp},
        "sentences": summary(found),
        "not_known": missing(found),
        "tables": {name: build(found).to_dicts() for name, build in TABLES.items()},
        "matched": {
            carrier: {
                "level": one.level, "territories": one.matched, "left_out": one.left_out, "received_mwh": one.received_mwh,
                "sent_mwh": one.sent_mwh, "imported_mwh": one.imported_mwh, "unused_mwh": one.unused_mwh, "proved": one.is_proved,
            }
            for carrier, one in found.flows.items()
        },
    }  # fmt: skip
