"""Energy between city and country: figures and models joined for the command line, notebooks and pages.

reference (use, production, potentials) ─▶ balances of a level, today or under a scenario ─▶ one territory: `energy_of`
                                            (core.energy)        └─▶ flows at least distance (core.exchanges)
"""

from ressort.core.energy import Owners, Return
from ressort.energy.balances import CarrierBalance
from ressort.energy.flows import LEVELS, Flows
from ressort.energy.potential import Resource, resource, resources
from ressort.energy.production import SOURCES
from ressort.energy.scenario import OWN, RESOURCES, SHARES, Scenario, scenario, scenarios
from ressort.energy.tables import TABLES, as_dict, flows_geojson
from ressort.energy.terms import Hypothesis, OwnTerms, hypotheses, own_hypotheses, read_hypotheses, terms
from ressort.energy.territory import SIDES, EnergyOf, energy_of
from ressort.energy.use import ALL, CARRIERS, SECTORS
from ressort.energy.wood import wood_balance

__all__ = [
    "ALL",
    "CARRIERS",
    "LEVELS",
    "OWN",
    "RESOURCES",
    "SECTORS",
    "SHARES",
    "SIDES",
    "SOURCES",
    "TABLES",
    "CarrierBalance",
    "EnergyOf",
    "Flows",
    "Hypothesis",
    "OwnTerms",
    "Owners",
    "Resource",
    "Return",
    "Scenario",
    "as_dict",
    "energy_of",
    "flows_geojson",
    "hypotheses",
    "own_hypotheses",
    "read_hypotheses",
    "resource",
    "resources",
    "scenario",
    "scenarios",
    "terms",
    "wood_balance",
]
