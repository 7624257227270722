"""Energy of territories: what is used and made, what could be, who would earn from it. Ranges all along; missing is not zero.

communes ──gathered──▶ use, production ──balance──▶ coverage · surplus · lack
                              │ ▲
national potential ──lent──▶ potential ──under a scenario──▶ use, production then ──balance──▶ …
                                              └── capacity built ──local_return──▶ who invests, who earns, what stays
"""

from ressort.core.energy.balance import Balance, balance
from ressort.core.energy.gathered import Gathered, gathered
from ressort.core.energy.local_return import WHOLE_BP, Owners, Return, Terms, local_return
from ressort.core.energy.potential import Built, built, lent, lent_error
from ressort.core.energy.ranged import Ranged

__all__ = [
    "WHOLE_BP",
    "Balance",
    "Built",
    "Gathered",
    "Owners",
    "Ranged",
    "Return",
    "Terms",
    "balance",
    "built",
    "gathered",
    "lent",
    "lent_error",
    "local_return",
]
