"""The energy of one territory: use, production, balance, potential, scenario, flows, and who would earn from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl

from ressort.core.energy import Owners, Ranged, Return, balance, local_return
from ressort.core.errors import InputError
from ressort.core.figure import Figure
from ressort.core.territory import Territory
from ressort.diagnosis import place
from ressort.energy.amounts import Amounts, figure
from ressort.energy.balances import CarrierBalance, balance_year, carrier_balance
from ressort.energy.flows import Flows, flows
from ressort.energy.heat import heat_delivered
from ressort.energy.parts import parts_of
from ressort.energy.potential import TABLE as POTENTIALS
from ressort.energy.production import SOURCES, made, production_years
from ressort.energy.scenario import RESOURCES, Scenario, scenario
from ressort.energy.terms import OwnTerms, terms
from ressort.energy.use import ALL, CARRIERS, SECTORS, used, years
from ressort.energy.wood import wood_made, wood_used
from ressort.reference.places import Places
from ressort.reference.territories import territories

#: figures of a balance, in order
SIDES = ("use", "production", "coverage", "surplus", "lack")


@dataclass(frozen=True, eq=False)
class EnergyOf:
    """What is known of the energy of a territory, and what it would be under a scenario.

    Args:
        year: of the balance; "" for the last one known of each carrier.
        own_terms: hypotheses on who earns that replace the published ones.
    """

    territory: Territory
    year: str = ""
    levers: Scenario = field(default_factory=Scenario)
    owners: Owners = field(default_factory=Owners)
    own_terms: OwnTerms = ()

    @cached_property
    def places(self) -> Places:
        return Places.of([self.territory])

    @cached_property
    def years(self) -> list[str]:
        """The years that may be asked for, the last first."""
        return sorted({*years(), *(year for carrier in CARRIERS for year in production_years(carrier))}, reverse=True)

    @cached_property
    def uses(self) -> dict[tuple[str, str], Figure]:
        """Use by carrier and sector, the total first; then heat of networks, unless another year is asked for."""
        found = {
            (carrier, sector): used(self.places, carrier, sector, self.year).figure(0, "energy_use")
            for carrier in CARRIERS
            for sector in (ALL, *SECTORS)
        }
        return found | ({("heat", ALL): self.heat} if self.year in ("", self.heat.year) else {})

    @cached_property
    def balances(self) -> dict[str, CarrierBalance]:
        """The balance of each carrier under the levers."""
        return {one: self._balance(one, self.levers) for one in CARRIERS}

    @cached_property
    def today(self) -> dict[str, CarrierBalance]:
        """The balance of each carrier as it is."""
        return {one: self._balance(one, scenario("today")) for one in CARRIERS}

    def _balance(self, carrier: str, levers: Scenario) -> CarrierBalance:
        return carrier_balance(self.places, carrier, self.year or balance_year(self.places, carrier), levers)

    def side(self, carrier: str, name: str, of_today: bool = False) -> Figure:
        """One figure of a balance: use, production, coverage, surplus or lack."""
        if carrier == "wood":
            return self._wood(name)
        held, levers = (self.today[carrier], Scenario()) if of_today else (self.balances[carrier], self.levers)
        ranged: Ranged = getattr(held.balance, name)
        unit = "ratio" if name == "coverage" else "mwh"
        source = str(held.use.source[0]) if name == "use" else str(next(iter(held.made.values())).source[0])
        reason = held.use.reason[0] if not held.use.ranged.known[0] else next(iter(held.made.values())).reason[0]
        return figure(ranged, 0, unit, f"energy_{name}", held.status(0, name, levers), held.year, source, reason)

    def _wood(self, name: str) -> Figure:
        """A balance of wood: from the territory's own figures where it gives some, else estimated where the files are fetched."""
        given, use = self.levers.wood_mwh, self.levers.wood_use_mwh
        cut, burnt = self.wood
        is_own = given is not None or use is not None
        if given is not None:
            cut = replace(cut, ranged=Ranged.exactly(np.array([given])))
        if use is not None:
            burnt = replace(burnt, ranged=Ranged.exactly(np.array([use])))
        ranged: Ranged = getattr(balance(cut.ranged, burnt.ranged), name)
        side = burnt if name == "use" or not burnt.ranged.known[0] else cut
        reason, unit = str(side.reason[0]), "ratio" if name == "coverage" else "mwh"
        told = ("hypothesis", "", "") if is_own else ("estimated", str(side.year[0]), str(side.source[0]))
        return figure(ranged, 0, unit, f"energy_{name}", *told, reason)

    @cached_property
    def wood(self) -> tuple[Amounts, Amounts]:
        """Wood cut here and wood burnt here in a year, estimated."""
        return wood_made(self.places), wood_used(self.places)

    @cached_property
    def heat(self) -> Figure:
        """Heat and cold that networks deliver."""
        return heat_delivered(self.places).figure(0, "energy_use")

    @cached_property
    def parts(self) -> pl.DataFrame:
        """Electricity of the parts of a commune (IRIS) by sector."""
        return parts_of(self.territory)

    @property
    def has_wood(self) -> bool:
        """Whether anything is told of wood: an estimate, or the territory's own figure."""
        return self.side("wood", "production").known or self.side("wood", "use").known

    def is_floor(self, carrier: str) -> bool:
        """Whether today's production is not known, and so not in the balance of the scenario."""
        return bool(self.balances[carrier].is_floor[0])

    @cached_property
    def production(self) -> dict[tuple[str, str], Figure]:
        """Today's production by carrier and source, in the year of the balance."""
        return {
            (carrier, source): amounts.figure(0, "energy_production")
            for carrier, held in self.today.items()
            for source, amounts in held.made.items()
        }

    @cached_property
    def series(self) -> pl.DataFrame:
        """Renewable production by year and source, and electricity and gas used by year, where known."""
        rows = []
        for carrier in CARRIERS:
            for year in sorted(production_years(carrier)):
                for source in SOURCES[carrier]:
                    rows.append(
                        (carrier, "production", source, year, made(self.places, source, year).ranged.central[0])
                    )
            for year in sorted(years()):
                rows.append((carrier, "use", ALL, year, used(self.places, carrier, year=year).ranged.central[0]))
        schema = {
            "carrier": pl.String,
            "side": pl.String,
            "source": pl.String,
            "year": pl.String,
            "energy_mwh": pl.Float64,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("energy_mwh").is_not_nan())

    def quantity(self, resource: str) -> Figure:
        """What the territory could have of a resource, in kilowatts or megawatt-hours."""
        held = self._holder(resource).potentials[resource]
        return figure(
            held.quantity, 0, held.resource.quantity_unit, "energy_potential", "hypothesis" if held.is_own else "estimated", "", POTENTIALS
        )  # fmt: skip

    def potential(self, resource: str) -> Figure:
        """What this would make in a year."""
        held = self._holder(resource).potentials[resource]
        return figure(
            held.production, 0, "mwh", "energy_potential", "hypothesis" if held.is_own else "estimated", "", POTENTIALS
        )

    def added(self, resource: str) -> Figure:
        """What the scenario builds of it, beyond today."""
        held = self._holder(resource)
        return figure(held.added[resource], 0, "mwh", "energy_potential", "hypothesis", held.year, POTENTIALS)

    def _holder(self, resource: str) -> CarrierBalance:
        return next(held for held in self.balances.values() if resource in held.potentials)

    @cached_property
    def returns(self) -> Mapping[str, dict[str, Return]]:
        """Who invests and who earns from what the scenario builds, by resource; those without sourced costs are left out."""
        found, held = {}, terms(self.own_terms)
        for resource in RESOURCES:
            added = self._holder(resource).added[resource]
            one = self._holder(resource).potentials[resource].resource
            if resource in held and added.known[0] and added.central[0] > 0:
                # the capacity, from the energy at its own end of the yield: low with low, high with high
                kw = [float(end[0] / rate[0]) for end, rate in zip(added.ends, one.mwh_per_unit.ends, strict=True)]
                found[resource] = local_return((kw[0], kw[1], kw[2]), self.owners, held[resource])
        return found

    @cached_property
    def flows(self) -> dict[str, Flows]:
        """Flows that match the balances of the territories of the same kind, where they can be told."""
        found = {carrier: flows(self.territory, held, self.levers) for carrier, held in self.balances.items()}
        return {carrier: one for carrier, one in found.items() if one is not None}

    @cached_property
    def context(self) -> "EnergyOf | None":
        """The département, when it knows sectors that the territory does not."""
        if any(
            self.uses[carrier, sector].known for carrier in CARRIERS for sector in SECTORS if sector != "residential"
        ):
            return None
        row = territories().parents(self.territory).get("DEP")
        return (
            None
            if row is None
            else EnergyOf(territories().territory(row), self.year, self.levers, self.owners, self.own_terms)
        )


def energy_of(
    territory: str | list[str] | Territory, year: str | int = "", levers: str | Scenario = "today", owners: Owners | None = None,
    own_terms: OwnTerms = (),
) -> EnergyOf:  # fmt: skip
    """The energy of a territory: `energy_of("Nantes", levers="shared").side("electricity", "coverage")`.

    Args:
        year: of use and production; the last one known of each carrier by default.
        levers: the name of a scenario, or one of `scenario(…)`.
        owners: who would own what the scenario builds; nobody from here by default.
        own_terms: hypotheses of one's own on who earns, from `own_hypotheses({"wind.investment": 1200})`.

    Raises:
        UnknownCode, AmbiguousName: no such territory or scenario. InputError: a year of which nothing is known.
    """
    chosen = scenario(levers) if isinstance(levers, str) else levers
    found = EnergyOf(place(territory), str(year), chosen, owners or Owners(), own_terms)
    if year and str(year) not in found.years:
        raise InputError(
            "Nothing is known of the energy of {year}; the years known are {choices}.", year=str(year), choices=found.years
        )  # fmt: skip
    return found
