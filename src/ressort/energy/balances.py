"""Balances of carriers for many territories at once, today or under a scenario."""

from dataclasses import dataclass

import numpy as np

from ressort.core.energy import Balance, Ranged, balance, built
from ressort.core.figure import STATUSES
from ressort.energy.amounts import Amounts
from ressort.energy.potential import Potential, potential, resources
from ressort.energy.production import SOURCES, made, production_years
from ressort.energy.scenario import Scenario
from ressort.energy.use import used, years
from ressort.reference.places import Places


@dataclass(frozen=True, eq=False)
class CarrierBalance:
    """The balance of one carrier in one year, for n territories.

    Args:
        use: today's; made: today's, by source. balance: under the scenario.
        added: what the scenario builds, by resource, in megawatt-hours.
        is_floor: True where today's production is not known and not in the balance, (n,).
    """

    carrier: str
    year: str
    use: Amounts
    made: dict[str, Amounts]
    potentials: dict[str, Potential]
    added: dict[str, Ranged]
    balance: Balance
    is_floor: np.ndarray

    def status(self, row: int, side: str, levers: Scenario) -> str:
        """How a figure of the balance of a territory is known: the less sure of the amounts that it rests on."""
        if not levers.is_today:
            return "hypothesis"
        used = [str(self.use.status[row])] if side != "production" else []
        made = [str(one.status[row]) for one in self.made.values()] if side != "use" else []
        return max([*used, *made], key=STATUSES.index)


def carrier_balance(places: Places, carrier: str, year: str, levers: Scenario) -> CarrierBalance:
    """Use and renewable production of a carrier in the same year, then what a scenario makes of both."""
    use = used(places, carrier, year=year)
    sources = {source: made(places, source, year) for source in SOURCES[carrier]}
    potentials = {key: potential(places, key, levers) for key, one in resources().items() if one.carrier == carrier}
    added = {
        key: built(sources[one.resource.production].ranged.central, one.production, levers.share(key)).added
        for key, one in potentials.items()
    }
    production, is_floor = _produced(sources, added)
    return CarrierBalance(
        carrier, year, use, sources, potentials, added,
        balance(production, use.ranged.times(1.0 - levers.saved_share)), is_floor,
    )  # fmt: skip


def _produced(sources: dict[str, Amounts], added: dict[str, Ranged]) -> tuple[Ranged, np.ndarray]:
    """Today's sources and what is added to them; a floor where some of today is not known and something is added."""
    parts = [one.ranged for one in sources.values()]
    nothing = Ranged.exactly(np.zeros(len(parts[0])))
    today_known = np.all([part.known for part in parts], axis=0)
    total = nothing
    for part in parts:
        total = total.plus(part.where(part.known, nothing))
    more = nothing
    for part in added.values():
        more = more.plus(part)
    with_some = np.nan_to_num(more.central) > 0
    unknown = Ranged.exactly(np.full(len(nothing), np.nan))
    production = total.plus(more).where(today_known | with_some, unknown)
    return production, ~today_known & with_some


def balance_year(places: Places, carrier: str) -> str:
    """The last year in which both use and production of the first territory are known; else the last of its use, or the one that
    tells why there is none."""
    for year in production_years(carrier):
        parts = [made(places, source, year).ranged.known[0] for source in SOURCES[carrier]]
        if all(parts) and used(places, carrier, year=year).ranged.known[0]:
            return year
    latest = next((year for year in years() if used(places, carrier, year=year).ranged.known[0]), "")
    return latest or next(
        (year for year in years() if used(places, carrier, year=year).reason[0] == "not_applicable"), years()[0]
    )
