"""What a local currency does, measured by exact definitions on the flows of a year.

    Flows (who paid whom, when, how much) ─tally→ Tally (one pass) ─→ velocity, issuance, uses, multiplier, saturation, concentration
       │                                              └ interval: members drawn again
       ├─board→ all of them at once, with their ranges
       ├─dwell→ Dwell: stays of units, FIFO; LIFO and mix as bounds
       └─flows_between→ FlowTable: who may be told without telling anyone's business

Paper notes are counted where they are issued, redeemed, deposited or withdrawn; payments in notes are not known, and never in the velocity.
"""

from ressort.core.currency.measures.board import (
    MEASURES,
    OF_PROFESSIONALS,
    Measured,
    board,
    secret_measures,
    tells_too_much,
)
from ressort.core.currency.measures.circulation import (
    Issuance,
    Uses,
    daily_payments_cents,
    daily_stock_cents,
    interval,
    issuance,
    ledger_lm3_ratio,
    lm3_ratio,
    mean_stock_cents,
    multiplier_ratio,
    payments_cents,
    professional_uses,
    stock_by_role_cents,
    stock_change_cents,
    velocity_turns_per_year,
)
from ressort.core.currency.measures.dwell import Dwell, dwell, mixed_mean_days
from ressort.core.currency.measures.flows import OUTSIDE, Flow, Flows, Role, merged, without_reversed
from ressort.core.currency.measures.merchants import (
    Concentration,
    Saturation,
    concentration,
    dormant,
    saturation_months,
    territory_saturation,
)
from ressort.core.currency.measures.publication import (
    LEAST_MERCHANTS,
    FlowTable,
    flows_between,
    masked_with_seconds,
    two_digits_cents,
)
from ressort.core.currency.measures.tally import Tally, tally

__all__ = [
    "LEAST_MERCHANTS",
    "MEASURES",
    "OF_PROFESSIONALS",
    "OUTSIDE",
    "Concentration",
    "Dwell",
    "Flow",
    "FlowTable",
    "Flows",
    "Issuance",
    "Measured",
    "Role",
    "Saturation",
    "Tally",
    "Uses",
    "board",
    "concentration",
    "daily_payments_cents",
    "daily_stock_cents",
    "dormant",
    "dwell",
    "flows_between",
    "interval",
    "issuance",
    "ledger_lm3_ratio",
    "lm3_ratio",
    "masked_with_seconds",
    "mean_stock_cents",
    "merged",
    "mixed_mean_days",
    "multiplier_ratio",
    "payments_cents",
    "professional_uses",
    "saturation_months",
    "secret_measures",
    "stock_by_role_cents",
    "stock_change_cents",
    "tally",
    "tells_too_much",
    "territory_saturation",
    "two_digits_cents",
    "velocity_turns_per_year",
    "without_reversed",
]
