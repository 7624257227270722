"""Resilience: a territory as stocks and flows, day by day, and what a shock makes of it.

economy + behaviour ──▶ plan ──┐
effects ──▶ calendar ──────────┼──▶ kernel (compiled) ──▶ track ──▶ metrics · bottleneck · domain
purses ────────────────────────┘    twin (arrays, the oracle)          │
laws + seed ──▶ draws ─────────────────────────────────────────▶ ensemble: quantiles, sensitivity, paired effects ──▶ portfolio
"""

from ressort.core.resilience.behaviour import LEAST_STOCK_DAYS, Behaviour, check_behaviour
from ressort.core.resilience.calendar import Calendar, Purses, Size, no_purses, quiet
from ressort.core.resilience.cascade import FoodCascade, food_cascade
from ressort.core.resilience.copula import correlated, nearest_correlation
from ressort.core.resilience.domain import MOST_OUTSIDE_SHARE, collapses, outside_domain
from ressort.core.resilience.draws import Law, design, dice, laws_at, triangular
from ressort.core.resilience.ensemble import (
    Counts,
    Effectiveness,
    converged,
    effectiveness,
    fan,
    first_order_shares,
    levels,
    quantiles,
    sensitivities,
)
from ressort.core.resilience.events import KINDS, LAWS, REBUILT, Effect, calendar_of, curve, recovery
from ressort.core.resilience.homes import eased_by_relief, eased_by_stores
from ressort.core.resilience.metrics import CurveMetrics, curve_metrics, days_under, overall, recovered_share
from ressort.core.resilience.plan import Plan, plan
from ressort.core.resilience.portfolio import Portfolio, best_portfolio, greedy_portfolio
from ressort.core.resilience.run import Run, play
from ressort.core.resilience.screening import Effects, morris_effects, morris_paths, sobol_designs, sobol_shares
from ressort.core.resilience.trace import Link, first_bottleneck
from ressort.core.resilience.twin import BY_CAPACITY, BY_DEMAND, Track

__all__ = [
    "BY_CAPACITY",
    "BY_DEMAND",
    "KINDS",
    "LAWS",
    "LEAST_STOCK_DAYS",
    "MOST_OUTSIDE_SHARE",
    "REBUILT",
    "Behaviour",
    "Calendar",
    "Counts",
    "CurveMetrics",
    "Effect",
    "Effectiveness",
    "Effects",
    "FoodCascade",
    "Law",
    "Link",
    "Plan",
    "Portfolio",
    "Purses",
    "Run",
    "Size",
    "Track",
    "best_portfolio",
    "calendar_of",
    "check_behaviour",
    "collapses",
    "converged",
    "correlated",
    "curve",
    "curve_metrics",
    "days_under",
    "design",
    "dice",
    "eased_by_relief",
    "eased_by_stores",
    "effectiveness",
    "fan",
    "first_bottleneck",
    "first_order_shares",
    "food_cascade",
    "greedy_portfolio",
    "laws_at",
    "levels",
    "morris_effects",
    "morris_paths",
    "nearest_correlation",
    "no_purses",
    "outside_domain",
    "overall",
    "plan",
    "play",
    "quantiles",
    "quiet",
    "recovered_share",
    "recovery",
    "sensitivities",
    "sobol_designs",
    "sobol_shares",
    "triangular",
]
