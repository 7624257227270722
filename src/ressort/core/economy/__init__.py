"""The economy: who sells to whom in a year, here and in the nation, and how much of it stays.

national table ──▶ location quotients (SLQ, CILQ, FLQ) ──▶ regional table ──▶ RAS (balance)
      │                                                          │
      ▼                                                          ▼
  multipliers, spectral radius                 local multiplier (LM3, type II), leakage, flow network, DIIM
"""

from ressort.core.economy.inoperability import (
    dynamic_inoperability,
    interdependency,
    recovery_rates,
    static_inoperability,
)
from ressort.core.economy.multiplier import (
    LocalMultiplier,
    closed_coefficients,
    constant_retention,
    lm3,
    local_multipliers,
)
from ressort.core.economy.network import FlowNetwork, fitted_fitness, flow_network
from ressort.core.economy.regional import (
    cross_quotients,
    location_quotients,
    ras,
    regional_shares,
    size_factor,
)
from ressort.core.economy.split import NationalTable, split_region
from ressort.core.economy.table import (
    Economy,
    Floats,
    aggregated,
    checked,
    leontief_inverse,
    output_multipliers,
    spectral_radius,
    with_other_use,
)

__all__ = [
    "Economy",
    "Floats",
    "FlowNetwork",
    "LocalMultiplier",
    "NationalTable",
    "aggregated",
    "checked",
    "closed_coefficients",
    "constant_retention",
    "cross_quotients",
    "dynamic_inoperability",
    "fitted_fitness",
    "flow_network",
    "interdependency",
    "leontief_inverse",
    "lm3",
    "local_multipliers",
    "location_quotients",
    "output_multipliers",
    "ras",
    "recovery_rates",
    "regional_shares",
    "size_factor",
    "spectral_radius",
    "split_region",
    "static_inoperability",
    "with_other_use",
]
