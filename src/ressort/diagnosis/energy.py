"""Electricity and gas by sector: the official file of the territory's own level when synced, else what its départements add up to."""

import numpy as np
import polars as pl

from ressort.diagnosis.columns import Column, first_known
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.facts import ENERGY_DEPARTEMENT, from_departements, no_gas
from ressort.diagnosis.official import column, uses, without_gas
from ressort.language import gettext as _
from ressort.reference import table
from ressort.reference.places import Places

CARRIERS = ("electricity", "gas")
SECTORS = ("residential", "services", "industry", "agriculture", "unknown")
LAST_YEAR = "2021"
TEXTS = ("carrier", "sector", "label", "unit", "status", "year", "source", "reason")


def energy(diagnosis: Diagnosis) -> pl.DataFrame:
    """One row a carrier and a sector; a value that no file reaches is missing, with its reason."""
    places = Places.of([diagnosis.territory])
    rows = []
    for carrier in CARRIERS:
        for sector in SECTORS:
            known = column(places, uses(carrier, sector), "mwh", adds_up=True, hidden="secret")
            figure = first_known(known, _shipped(places, carrier, sector)).figure(0, "energy")
            rows.append(
                {
                    "carrier": carrier,
                    "sector": sector,
                    "label": _told(carrier, sector),
                    "energy_mwh": figure.value,
                    "unit": figure.unit,
                    "status": figure.status,
                    "year": figure.year,
                    "source": figure.source,
                    "reason": figure.reason,
                }
            )
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(TEXTS, pl.String) | {"energy_mwh": pl.Float64})


def _shipped(places: Places, carrier: str, sector: str) -> Column:
    """The département's own value; régions and France add theirs up; smaller territories wait for the official file."""
    rows = table(ENERGY_DEPARTEMENT).filter(
        (pl.col("year") == LAST_YEAR) & (pl.col("carrier") == carrier) & (pl.col("sector") == sector)
    )
    by_code = dict(rows.group_by("departement_code").agg(pl.col("energy_mwh").sum()).iter_rows())
    values = from_departements(places, without_gas(carrier) | by_code)
    reason = np.where(places.is_kind("BE_COM", "BE_PROV"), "not_available", "not_fetched")
    told = Column(values, "mwh", year=LAST_YEAR, source=ENERGY_DEPARTEMENT, reason=reason)
    return first_known(no_gas(places), told) if carrier == "gas" else told


def _told(carrier: str, sector: str) -> str:
    carriers = {"electricity": _("Electricity"), "gas": _("Gas")}
    sectors = {
        "residential": _("homes"),
        "services": _("shops, offices, services"),
        "industry": _("industry"),
        "agriculture": _("agriculture"),
        "unknown": _("sector not told"),
    }
    return f"{carriers[carrier]}, {sectors[sector]}"
