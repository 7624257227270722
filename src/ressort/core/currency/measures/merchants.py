"""Where units pool: months of outlet that balances stand for, concentration, dormant accounts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ressort.core.currency.measures import tally as rows
from ressort.core.currency.measures.flows import Role
from ressort.core.currency.measures.tally import Tally

#: beyond, units pool: hypothesis of the parameters
SATURATED_MONTHS = 3.0
DORMANT_DAYS = 365
_DAYS_A_MONTH = 30


def saturation_months(found: Tally) -> NDArray[np.float64]:
    """For each holder, `balance / mean outflow by payments in 30 days, over 90 days`; nan for "no outlet": units, and no payment.

    An empty account is worth 0 months.
    """
    balance, recent = found.by_holder[rows.END], found.by_holder[rows.RECENT]
    with np.errstate(divide="ignore", invalid="ignore"):
        months = balance / (recent * _DAYS_A_MONTH / rows.RECENT_DAYS)
    return np.where(balance <= 0, 0.0, np.where(recent > 0, months, np.nan))


@dataclass(frozen=True, slots=True)
class Saturation:
    """Professionals whose units pool: how many beyond the alert, how many without outlet, and the share of balances they hold."""

    saturated: int
    no_outlet: int
    balance_share: float | None


def territory_saturation(found: Tally, alert_months: float = SATURATED_MONTHS) -> Saturation:
    """The share of the balances of professionals that lies where S > 3 months or where there is no outlet."""
    months = saturation_months(found)
    who, balance = found.professionals, found.by_holder[rows.END]
    full, stuck = who & (months > alert_months), who & np.isnan(months)
    whole = int(balance[who].sum())
    share = int(balance[full | stuck].sum()) / whole if whole else None
    return Saturation(int(full.sum()), int(stuck.sum()), share)


@dataclass(frozen=True, slots=True)
class Concentration:
    """How the inflow of professionals is shared: Herfindahl index (1 = one receives all), and the share of the first tenth."""

    herfindahl_index: float | None
    top_tenth_share: float | None


def concentration(found: Tally) -> Concentration:
    """The concentration of what professionals received; the first tenth counts one professional at least."""
    inflow = np.sort(found.by_holder[rows.IN][found.professionals])[::-1]
    whole = int(inflow.sum())
    if not whole:
        return Concentration(None, None)
    shares = inflow / whole
    tenth = -(-len(inflow) // 10)
    return Concentration(float((shares**2).sum()), float(shares[:tenth].sum()))


def dormant(found: Tally) -> NDArray[np.bool_]:
    """Holders who paid nobody for twelve months; a pot is nobody."""
    return found.counted & (found.role != Role.POT) & (found.last_paid < found.end - DORMANT_DAYS)
