"""Local figures that change how hard a shock hits: the value here, that of France, its year and source; missing where too few people are covered."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ressort.core.economy import Floats
from ressort.reference.cards import card
from ressort.reference.floods import widest_floods
from ressort.reference.places import aligned_to_communes, commune_rows, commune_values
from ressort.reference.tables import table
from ressort.reference.territories import territories

#: below this share of the inhabitants, a figure is not told for a territory
ENOUGH_SHARE = 0.8
PORTRAIT = "territory/epci_portrait_2016"
MOBILITY = "territory/commune_living_standard_mobility_2021"
#: fact → table, column
FACTS = {"older_people": (PORTRAIT, "over_65_share"), "car_commuters": (MOBILITY, "commute_car_share")}


@dataclass(frozen=True, slots=True)
class LocalFact:
    """A local figure beside that of the whole country."""

    here_share: float
    nation_share: float
    year: str
    producer: str

    @property
    def ratio(self) -> float:
        """How much more, or less, than in the country as a whole."""
        return self.here_share / self.nation_share


def local_facts(rows: tuple[int, ...]) -> dict[str, LocalFact]:
    """The facts known for a territory given by the rows of its communes; a fact that too few communes hold is absent."""
    found = {}
    for name, (key, _column) in FACTS.items():
        source = card(key)
        fact = _beside_the_country(_by_commune(name), rows, source.year, source.producer)
        if fact:
            found[name] = fact
    wide = widest_floods()
    flood = _beside_the_country(wide[0], rows, wide[1], "GASPAR") if wide else None
    return found | ({"widest_flood": flood} if flood and flood.here_share > 0 else {})


def _beside_the_country(values: Floats, rows: tuple[int, ...], year: str, producer: str) -> LocalFact | None:
    """The mean of a figure of the communes, weighted by inhabitants, here and in the country; None where too few communes here hold it."""
    people = np.nan_to_num(commune_values("population_people"))
    here, known = np.array(rows), ~np.isnan(values)
    if people[here].sum() <= 0 or people[here][known[here]].sum() < ENOUGH_SHARE * people[here].sum():
        return None
    mean, nation = (
        float(np.average(values[chosen & known], weights=people[chosen & known]))
        for chosen in (np.isin(np.arange(len(people)), here), np.ones(len(people), bool))
    )
    return LocalFact(mean, nation, year, producer)


@cache
def _by_commune(name: str) -> Floats:
    """A fact for each commune, nan where not known; a figure of an intercommunality is lent to its communes, (atoms,)."""
    key, column = FACTS[name]
    if key == MOBILITY:
        return aligned_to_communes(table(key), "commune_code", column)
    known = territories()
    values = dict(table(key).select("epci_code", column).drop_nulls().iter_rows())
    held = np.full(known.atoms, np.nan)
    for commune, epci in table("territory/commune_epci_2025").select("commune_code", "epci_code").iter_rows():
        row = commune_rows().get(commune)
        if row is not None and epci in values:
            held[row] = float(values[epci])
    return held
