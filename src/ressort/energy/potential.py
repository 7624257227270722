"""The potential of territories: national ones lent by inhabitants, area or farmland, or the territory's own figure."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from ressort.core.energy import Ranged, gathered, lent
from ressort.core.errors import UnknownCode
from ressort.core.territory.geometry import Floats
from ressort.energy.production import yield_mwh_per_kw
from ressort.energy.scenario import Scenario
from ressort.language import current_language
from ressort.reference import table
from ressort.reference.places import Places, commune_values, metropolitan
from ressort.reference.production import production

TABLE = "energy/potentials"


@dataclass(frozen=True, slots=True)
class Resource:
    """One national potential; see the card of `energy/potentials`."""

    key: str
    carrier: str
    production: str
    quantity_unit: str
    value: float
    low: float
    high: float
    shared_by: str
    label_fr: str
    label_en: str
    source: str

    @property
    def label(self) -> str:
        """Its name in the language in force."""
        return self.label_fr if current_language() == "fr" else self.label_en

    @property
    def mwh_per_unit(self) -> Ranged:
        """Megawatt-hours a year by unit of its quantity, (1,)."""
        rates = yield_mwh_per_kw(self.production) if self.quantity_unit == "kw" else (1.0, 1.0, 1.0)
        return Ranged.spread(*rates, count=1)


@dataclass(frozen=True, eq=False)
class Potential:
    """What n territories could have of a resource, what is built already in it.

    Args:
        quantity: in kilowatts or megawatt-hours; production: in megawatt-hours a year.
        is_own: True where it is the territory's own figure.
    """

    resource: Resource
    quantity: Ranged
    production: Ranged
    is_own: bool


@cache
def resources() -> dict[str, Resource]:
    """Every resource of which a national potential is published."""
    rows = table(TABLE).drop("status").with_columns(pl.col("value", "low", "high").cast(pl.Float64))
    return {row["resource"]: Resource(key=row.pop("resource"), **row) for row in rows.to_dicts()}


def resource(key: str) -> Resource:
    """One resource.

    Raises:
        UnknownCode: no resource bears that name.
    """
    if key not in resources():
        raise UnknownCode("{name} is not a resource; they are {choices}.", name=key, choices=list(resources()))
    return resources()[key]


def potential(places: Places, key: str, levers: Scenario) -> Potential:
    """What some territories could have of a resource; not known overseas and abroad, where no national figure reaches."""
    one, own = resource(key), levers.own(key)
    if own is not None:
        quantity = Ranged.exactly(np.full(len(places.codes), own))
    else:
        weights = _key_by_commune(one.shared_by)
        mine = gathered(weights, places.membership, places.people).total
        quantity = lent(Ranged.spread(one.low, one.value, one.high, 1), mine, float(np.nansum(weights)))
    return Potential(one, quantity, quantity.times(one.mwh_per_unit), own is not None)


@cache
def _key_by_commune(name: str) -> Floats:
    """What a potential is lent by, for the communes of metropolitan France, nan elsewhere, (atoms,)."""
    if name == "farmland":
        values = np.nansum(production().commune_ha, axis=1)
    else:
        values = commune_values({"people": "population_people", "area": "area_ha"}[name])
    return np.where(metropolitan(), np.nan_to_num(values), np.nan)
