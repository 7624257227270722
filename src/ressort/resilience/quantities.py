"""What lacks, in quantities: water, each family of food, energy of homes, road fuels, care, travel; with their ranges."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from ressort.core.economy import Floats
from ressort.language import gettext as _
from ressort.language import number
from ressort.reference import table
from ressort.reference.resilience_library import needs
from ressort.resilience.ground import Ground

DAYS_PER_YEAR = 365
#: years of the energy of homes told as a range: before, small firms were counted among homes
FIRST_YEAR = "2018"
#: needs that a physical flow stands behind
PHYSICAL = ("water", "food", "electricity", "fuels", "health", "mobility")
SCHEMA = {
    "need": pl.String, "flow": pl.String, "label": pl.String, "unit": pl.String,
    "required_low_per_day": pl.Float64, "required_per_day": pl.Float64, "required_high_per_day": pl.Float64,
    "lacking_low": pl.Float64, "lacking": pl.Float64, "lacking_high": pl.Float64, "worst_day_days": pl.Int64, "lacking_worst_day": pl.Float64,
    "status": pl.String, "source": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """A physical flow behind a need: how much a day is required in a territory, None where no figure is held.

    Args:
        required_per_day: low, central, high; the three are the same where no range is published.
    """

    need: str
    name: str
    label: str
    unit: str
    required_per_day: tuple[float, float, float] | None
    status: str
    source: str


def flows(ground: Ground, language: str) -> list[Flow]:
    """The physical flows of a territory: water, families of food, energy of homes, fuels, care, travel; those without a figure say so."""
    balance = _(
        "French food balance, what shops and kitchens are supplied with; 5 % either way, as the uncertainty of the diet"
    )
    if ground.country == "BE":
        balance = _(
            "Belgian food balance, what shops and kitchens are supplied with; 5 % either way, as the uncertainty of the diet"
        )
    found = [
        Flow(
            "food",
            family,
            label,
            "kg",
            (low * ground.people, kg * ground.people, high * ground.people),
            "estimated",
            balance,
        )
        for family, label, (low, kg, high) in _food(language, ground.country)
    ]
    lent = _(
        "Agence ORE, départements, latest year, lent by population; lowest and highest of the years since {year}; means of a year, more in winter"
    ).format(year=FIRST_YEAR)
    for carrier, label in (("electricity", _("Electricity of homes")), ("gas", _("Gas of homes"))):
        required = _energy(ground, carrier)
        found.append(Flow("electricity", carrier, label, "MWh", required, "estimated" if required else "missing", lent))
    found += _by_inhabitant(ground, language)
    held = {flow.need for flow in found}
    reason = _("no figure in quantities is held; the share served is in the needs")
    found += [
        Flow(need.name, need.name, need.labels[language], "", None, "missing", reason)
        for need in needs()
        if need.name in PHYSICAL and need.name not in held
    ]
    order = [need.name for need in needs()]
    return sorted(found, key=lambda flow: order.index(flow.need))


def _by_inhabitant(ground: Ground, language: str) -> list[Flow]:
    """Flows known by inhabitant of the country, lent to the territory, and scaled by a local figure where one is held."""
    found = []
    for row in table("resilience/quantities").filter(pl.col("country") == ground.country).to_dicts():
        local = ground.facts[row["local_fact"]].ratio if row["local_fact"] in ground.facts else 1.0
        low, central, high = (row[bound] * ground.people * local for bound in ("low", "central", "high"))
        source = row[f"source_{language}"]
        if local != 1.0:
            source = _("{source}; {ratio} times that mean here, as workers who drive").format(source=source, ratio=number(local, 2))  # fmt: skip
        found.append(
            Flow(row["need"], row["flow"], row[f"label_{language}"], _unit(row["unit"]), (low, central, high), row["status"], source)
        )  # fmt: skip
    return found


def _unit(unit: str) -> str:
    """The unit of a row, as people read it."""
    told = {"consultations": _("consultations"), "bed-days": _("bed-days"), "person-km": _("person-km")}
    return told.get(unit, unit)


def lacking_quantities(curves: Floats, ground: Ground, language: str) -> pl.DataFrame:
    """What lacks of each flow over a run and on its worst day: the share not served of its need, of what is required.

    Args:
        curves: share served of each need, (K or more, T).
    """
    place = {need.name: number for number, need in enumerate(needs())}
    rows = []
    for flow in flows(ground, language):
        missing = np.maximum(1 - curves[place[flow.need]], 0.0)
        low, central, high = flow.required_per_day or (None, None, None)
        lost = [None if one is None else one * float(missing.sum()) for one in (low, central, high)]
        rows.append({
            "need": flow.need, "flow": flow.name, "label": flow.label, "unit": flow.unit,
            "required_low_per_day": low, "required_per_day": central, "required_high_per_day": high,
            "lacking_low": lost[0], "lacking": lost[1], "lacking_high": lost[2], "worst_day_days": int(missing.argmax()),
            "lacking_worst_day": None if central is None else central * float(missing.max()), "status": flow.status, "source": flow.source,
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


@lru_cache(maxsize=4)
def _food(language: str, country: str) -> tuple[tuple[str, str, tuple[float, float, float]], ...]:
    """Families of food: key, label, kilograms a day and person, low, central and high."""
    law = table("food/uncertainty").filter(pl.col("source") == "diet").row(0, named=True)
    bounds = (1 - float(law["spread"]), 1.0, 1 + float(law["spread"]))
    labels = dict(table("food/families").select("family", f"label_{language}").iter_rows())
    eaten = table("food/diet").filter(pl.col("country") == country).group_by("family", maintain_order=True)
    rows = eaten.agg(pl.col("food_kg_per_year").sum()).iter_rows()
    return tuple(
        (
            str(family),
            str(labels.get(family, family)),
            (kg * bounds[0] / DAYS_PER_YEAR, kg / DAYS_PER_YEAR, kg * bounds[2] / DAYS_PER_YEAR),
        )
        for family, kg in rows
        if kg
    )


def _energy(ground: Ground, carrier: str) -> tuple[float, float, float] | None:
    """Megawatt-hours a day of the homes of a territory, lent by its départements: the least, latest and most of the years; None where one is not known."""
    rows = table("energy/departement_electricity_gas_2011_2021").filter(
        (pl.col("carrier") == carrier)
        & (pl.col("sector") == "residential")
        & (pl.col("year") >= FIRST_YEAR)
        & pl.col("departement_code").is_in(ground.departements)
    )
    people, yearly = ground.departement_people, {}
    for (year,), part in rows.group_by("year"):
        held = dict(part.group_by("departement_code").agg(pl.col("energy_mwh").sum()).iter_rows())
        if people and all(held.get(code) is not None for code in people):
            yearly[str(year)] = sum(float(held[code]) * share for code, share in people.items()) / DAYS_PER_YEAR
    if not yearly:
        return None
    return min(yearly.values()), yearly[max(yearly)], max(yearly.values())
