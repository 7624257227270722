"""Exchanges: who supplies whom, at what distance, at what scarcity, and what is fair.

supply, need ──▶ market ──▶ optimum ──▶ plan: flows · own · world · prices ──▶ foodshed, partners
(nan = missing)     ▲            │                                              robustness, fairness
   promises, limits ┘            └──▶ certificate ──▶ verify (again, by other means)
estimates (gravity, radiation) stand apart: how flows may be today, never what to do
"""

from ressort.core.exchanges.certificate import Check, verify
from ressort.core.exchanges.columns import restricted_optimum
from ressort.core.exchanges.distance import DETOUR_RATIO, Distance, GreatCircle, OwnMatrix
from ressort.core.exchanges.estimates import gravity, radiation
from ressort.core.exchanges.fairness import Coverage, fair_coverage
from ressort.core.exchanges.foodshed import RINGS_KM, Foodshed, foodshed
from ressort.core.exchanges.market import WORLD_KM, Limit, Market, Promise
from ressort.core.exchanges.network import Network, NetworkFlow, network_flow, read_dimacs
from ressort.core.exchanges.partners import FADE_KM, Fit, fit
from ressort.core.exchanges.plan import Certificate, Plan, optimum
from ressort.core.exchanges.pricing import Sides
from ressort.core.exchanges.reciprocity import MOST_PARTIES, Balance, Exchange, balance, balanced_exchange
from ressort.core.exchanges.robustness import Failure, failures, one_more

__all__ = [
    "DETOUR_RATIO",
    "FADE_KM",
    "MOST_PARTIES",
    "RINGS_KM",
    "WORLD_KM",
    "Balance",
    "Certificate",
    "Check",
    "Coverage",
    "Distance",
    "Exchange",
    "Failure",
    "Fit",
    "Foodshed",
    "GreatCircle",
    "Limit",
    "Market",
    "Network",
    "NetworkFlow",
    "OwnMatrix",
    "Plan",
    "Promise",
    "Sides",
    "balance",
    "balanced_exchange",
    "failures",
    "fair_coverage",
    "fit",
    "foodshed",
    "gravity",
    "network_flow",
    "one_more",
    "optimum",
    "radiation",
    "read_dimacs",
    "restricted_optimum",
    "verify",
]
