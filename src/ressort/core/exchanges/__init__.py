"""Exchanges: who supplies whom, at what distance, at what scarcity, and what is fair.

supply, need ──▶ market ──▶ optimum ──▶ plan: flows · own · world · prices ──▶ foodshed, partners
(nan = missing)     ▲            │                                              robustness, fairness
   promises, limits ┘            └──▶ certificate ──▶ verify (again, by other means)
agreement: lines promised ──▶ balance by party and year ──▶ what would mend it, what was kept
estimates (gravity, radiation) stand apart: how flows may be today, never what to do
"""

from ressort.core.exchanges.agreement import (
    STATES,
    Kept,
    Mend,
    Promised,
    Side,
    YearBalance,
    delivered_balance,
    follow_up,
    mends,
    move,
    together,
    value_cents,
    yearly_balance,
)
from ressort.core.exchanges.certificate import Check, verify
from ressort.core.exchanges.columns import restricted_optimum
from ressort.core.exchanges.conflict import Conflict, Shortage
from ressort.core.exchanges.dimacs import exact_total, read_dimacs, write_dimacs
from ressort.core.exchanges.distance import DETOUR_RATIO, GreatCircle, OwnMatrix
from ressort.core.exchanges.estimates import gravity, radiation
from ressort.core.exchanges.fairness import Coverage, fair_coverage
from ressort.core.exchanges.foodshed import RINGS_KM, Foodshed, foodshed
from ressort.core.exchanges.market import WORLD_KM, Limit, Market, Promise
from ressort.core.exchanges.network import Network, NetworkFlow, arc_name, network_flow, why_not
from ressort.core.exchanges.pairs import Distance, OwnPairs
from ressort.core.exchanges.partners import FADE_KM, Fit, fit
from ressort.core.exchanges.plan import Certificate, Plan, optimum
from ressort.core.exchanges.pricing import Sides
from ressort.core.exchanges.reciprocity import MOST_PARTIES, Balance, Exchange, balance, balanced_exchange
from ressort.core.exchanges.robustness import Failure, failures, one_more
from ressort.core.exchanges.watch import Watch, unwatched

__all__ = [
    "DETOUR_RATIO",
    "FADE_KM",
    "MOST_PARTIES",
    "RINGS_KM",
    "STATES",
    "WORLD_KM",
    "Balance",
    "Certificate",
    "Check",
    "Conflict",
    "Coverage",
    "Distance",
    "Exchange",
    "Failure",
    "Fit",
    "Foodshed",
    "GreatCircle",
    "Kept",
    "Limit",
    "Market",
    "Mend",
    "Network",
    "NetworkFlow",
    "OwnMatrix",
    "OwnPairs",
    "Plan",
    "Promise",
    "Promised",
    "Shortage",
    "Side",
    "Sides",
    "Watch",
    "YearBalance",
    "arc_name",
    "balance",
    "balanced_exchange",
    "delivered_balance",
    "exact_total",
    "failures",
    "fair_coverage",
    "fit",
    "follow_up",
    "foodshed",
    "gravity",
    "mends",
    "move",
    "network_flow",
    "one_more",
    "optimum",
    "radiation",
    "read_dimacs",
    "restricted_optimum",
    "together",
    "unwatched",
    "value_cents",
    "verify",
    "why_not",
    "write_dimacs",
    "yearly_balance",
]
