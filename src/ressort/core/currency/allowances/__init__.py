"""Autonomy income and earmarked allowances: how much, to whom, once; spent where they may be; simulated before they are paid.

poverty line known on a day ─→ amount ─parts→ local units + euros
Programme, Beneficiary… ─payment_run→ payments, and why the others are not paid
Earmark, Earmark… ─spend→ oldest-expiring first, then own units      ─expired→ back to the programme
Acceptor…, People… ─simulate→ Projection: who pools, who cannot spend, is it covered
"""

from ressort.core.currency.allowances.amounts import (
    Parts,
    PovertyLine,
    autonomy_income_cents,
    consumption_tenths,
    line_known_on,
    parts,
)
from ressort.core.currency.allowances.earmarks import Earmark, Spending, expired, spend
from ressort.core.currency.allowances.run import Beneficiary, Due, Key, Programme, Run, payment_run
from ressort.core.currency.allowances.simulation import Acceptor, People, Projection, simulate

__all__ = [
    "Acceptor",
    "Beneficiary",
    "Due",
    "Earmark",
    "Key",
    "Parts",
    "People",
    "PovertyLine",
    "Programme",
    "Projection",
    "Run",
    "Spending",
    "autonomy_income_cents",
    "consumption_tenths",
    "expired",
    "line_known_on",
    "parts",
    "payment_run",
    "simulate",
    "spend",
]
