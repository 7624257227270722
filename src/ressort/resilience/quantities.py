"""What lacks, in quantities: cubic metres of water, kilograms of each family of food, megawatt-hours of each carrier."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats
from ressort.language import gettext as _
from ressort.reference import table
from ressort.reference.resilience_library import needs
from ressort.resilience.ground import Ground

DAYS_PER_YEAR = 365
SCHEMA = {
    "need": pl.String, "flow": pl.String, "label": pl.String, "unit": pl.String, "required_per_day": pl.Float64, "lacking": pl.Float64,
    "worst_day_days": pl.Int64, "lacking_worst_day": pl.Float64, "status": pl.String, "source": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """A physical flow behind a need: how much a day is required in a territory, None where no figure is held."""

    need: str
    name: str
    label: str
    unit: str
    required_per_day: float | None
    status: str
    source: str


def flows(ground: Ground, language: str) -> list[Flow]:
    """The physical flows of a territory: water, families of food, energy carriers of homes; the others are missing and say so."""
    water = next(need for need in needs() if need.name == "water")
    per_person = water.quantity_per_person or 0.0
    found = [
        Flow("water", "drinking_water", water.labels[language], "m³", per_person * ground.people, "hypothesis",
             _("148 litres a day and person: order of magnitude of domestic use"))
    ]  # fmt: skip
    for family, label, kg_per_day in _food(language, ground.country):
        found.append(
            Flow(
                "food",
                family,
                label,
                "kg",
                kg_per_day * ground.people,
                "derived",
                _("French food balance, at the plate")
                if ground.country == "FR"
                else _("Belgian food balance, at the plate"),
            )
        )
    for carrier, label in (("electricity", _("Electricity of homes")), ("gas", _("Gas of homes"))):
        mwh = _energy(ground, carrier)
        source = _("Agence ORE, départements, latest year, lent by population")
        found.append(
            Flow("electricity", carrier, label, "MWh", mwh, "estimated" if mwh is not None else "missing", source)
        )
    for name in ("fuels", "health", "mobility"):
        need = next(one for one in needs() if one.name == name)
        reason = _("no figure in quantities is held; the share served is in the needs")
        found.append(Flow(name, name, need.labels[language], "", None, "missing", reason))
    return found


def lacking_quantities(curves: Floats, ground: Ground, language: str) -> pl.DataFrame:
    """What lacks of each flow over a run and on its worst day: the share not served of its need, of what is required.

    Args:
        curves: share served of each need, (K or more, T).
    """
    place = {need.name: number for number, need in enumerate(needs())}
    rows = []
    for flow in flows(ground, language):
        missing = np.maximum(1 - curves[place[flow.need]], 0.0)
        known = flow.required_per_day
        rows.append({
            "need": flow.need, "flow": flow.name, "label": flow.label, "unit": flow.unit, "required_per_day": known,
            "lacking": None if known is None else known * float(missing.sum()), "worst_day_days": int(missing.argmax()),
            "lacking_worst_day": None if known is None else known * float(missing.max()), "status": flow.status, "source": flow.source,
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


@lru_cache(maxsize=4)
def _food(language: str, country: str) -> tuple[tuple[str, str, float], ...]:
    """Families of food: key, label, kilograms a day and person."""
    labels = dict(table("food/families").select("family", f"label_{language}").iter_rows())
    eaten = table("food/diet").filter(pl.col("country") == country).group_by("family", maintain_order=True)
    rows = eaten.agg(pl.col("food_kg_per_year").sum()).iter_rows()
    return tuple((str(family), str(labels.get(family, family)), float(kg) / DAYS_PER_YEAR) for family, kg in rows if kg)


def _energy(ground: Ground, carrier: str) -> float | None:
    """Megawatt-hours a day of the homes of a territory, lent by its départements; None where one of them is not known."""
    rows = table("energy/departement_electricity_gas_2011_2021").filter(
        (pl.col("carrier") == carrier)
        & (pl.col("sector") == "residential")
        & pl.col("departement_code").is_in(ground.departements)
    )
    latest = rows.filter(pl.col("year") == pl.col("year").max().over("departement_code"))
    held = dict(latest.group_by("departement_code").agg(pl.col("energy_mwh").sum()).iter_rows())
    if (
        not ground.departements
        or set(held) != set(ground.departements)
        or any(value is None for value in held.values())
    ):
        return None
    people = ground.departement_people
    return sum(float(held[code]) * share for code, share in people.items()) / DAYS_PER_YEAR
