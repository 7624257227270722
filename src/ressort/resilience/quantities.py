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
    balance = _("French food balance, at the plate") if ground.country == "FR" else _("Belgian food balance, at the plate")  # fmt: skip
    found = [
        Flow("food", family, label, "kg", (kg_per_day * ground.people,) * 3, "derived", balance)
        for family, label, kg_per_day in _food(language, ground.country)
    ]
    lent = _("Agence ORE, départements, latest year, lent by population")
    for carrier, label in (("electricity", _("Electricity of homes")), ("gas", _("Gas of homes"))):
        mwh = _energy(ground, carrier)
        required = None if mwh is None else (mwh,) * 3
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
