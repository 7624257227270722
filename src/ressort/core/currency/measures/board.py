"""Every measure of a window at once, each with its range and its unit, and which of them may be told to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ressort.core.currency.measures import tally as rows
from ressort.core.currency.measures.circulation import (
    interval,
    issuance,
    ledger_lm3_ratio,
    mean_stock_cents,
    multiplier_ratio,
    payments_cents,
    professional_uses,
    velocity_turns_per_year,
)
from ressort.core.currency.measures.dwell import dwell, mixed_mean_days
from ressort.core.currency.measures.flows import Flows, Role
from ressort.core.currency.measures.merchants import concentration, dormant, territory_saturation
from ressort.core.currency.measures.publication import LEAST_MERCHANTS, MOST_SHARE
from ressort.core.currency.measures.tally import Tally, tally

Unit = Literal["cents", "ratio", "share", "days", "count"]


def _(text: str) -> str:
    """Marks a sentence for the catalogue."""
    return text


#: key → unit, meaning
MEASURES: dict[str, tuple[Unit, str]] = {
    "payments": ("cents", _("Payments between holders")),
    "mean_stock": ("cents", _("Units held, mean of the days")),
    "velocity": ("ratio", _("Velocity, times a year")),
    "active_velocity": ("ratio", _("Velocity of holders who paid within 180 days, times a year")),
    "issued": ("cents", _("Issued")),
    "redeemed": ("cents", _("Redeemed")),
    "net_increase": ("cents", _("Net increase")),
    "redemption": ("share", _("Redemption, share of what was issued")),
    "professional_inflow": ("cents", _("Received by professionals")),
    "reuse": ("share", _("Spent again by professionals (re-use rate)")),
    "leak": ("share", _("Redeemed by professionals (leak)")),
    "multiplier": ("ratio", _("Internal multiplier, if the re-use rate lasts")),
    "lm3": ("ratio", _("LM3 of what persons receive (local units only: a lower bound)")),
    "dwell_mean": ("days", _("Stay of units, mean in days (bounds: other orders)")),
    "dwell_median": ("days", _("Stay of units, median in days")),
    "rounds": ("ratio", _("Payments served before redemption, mean")),
    "saturation": ("share", _("Balances of professionals without outlet within three months")),
    "saturated": ("count", _("Professionals beyond three months of outlet")),
    "no_outlet": ("count", _("Professionals with units and no payment for 90 days")),
    "herfindahl": ("ratio", _("Concentration of what professionals receive (Herfindahl)")),
    "top_tenth": ("share", _("Received by the first tenth of professionals")),
    "overdrawn": ("count", _("Holders who fall below zero: their opening balances are missing")),
    "dormant": ("count", _("Holders who paid nobody for twelve months")),
}
#: measures that tell what professionals do, which a few of them would recognise
OF_PROFESSIONALS = frozenset(
    ("professional_inflow", "reuse", "leak", "multiplier", "saturation", "saturated", "no_outlet", "herfindahl", "top_tenth")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a window. `value` None: nothing to divide by. `low`, `high`: its range, where it has one."""

    key: str
    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def unit(self) -> Unit:
        """Cents, a ratio, a share, days or a count."""
        return MEASURES[self.key][0]

    @property
    def label(self) -> str:
        """What it is, in English: the catalogue has it in French."""
        return MEASURES[self.key][1]


def board(flows: Flows, start: int, end: int, seed: int) -> tuple[Measured, ...]:
    """All the measures of the window [start, end), in the order of `MEASURES`; ranges are 1,000 draws of the members."""
    found = tally(flows, start, end)
    both, uses = issuance(found)["both"], professional_uses(found)
    drawn: dict[str, Callable[[Tally], float | None]] = {
        "velocity": velocity_turns_per_year,
        "reuse": lambda one: professional_uses(one).reuse_share,
        "leak": lambda one: professional_uses(one).leak_share,
    }
    ranges = {key: interval(one, found, seed) for key, one in drawn.items()}
    values: dict[str, float | None] = {
        "payments": payments_cents(found),
        "mean_stock": round(mean_stock_cents(found)),
        "velocity": velocity_turns_per_year(found),
        "active_velocity": velocity_turns_per_year(found, active_only=True),
        "issued": both.issued_cents,
        "redeemed": both.redeemed_cents,
        "net_increase": both.net_increase_cents,
        "redemption": both.redemption_share,
        "professional_inflow": uses.inflow_cents,
        "reuse": uses.reuse_share,
        "leak": uses.leak_share,
        "multiplier": None if uses.reuse_share is None else multiplier_ratio(uses.reuse_share),
        "lm3": ledger_lm3_ratio(flows, found, found.role == Role.PERSON),
    }
    values |= _pooling(flows, found, ranges)
    return tuple(Measured(key, values[key], *(ranges.get(key) or ())) for key in MEASURES)


def _pooling(flows: Flows, found: Tally, ranges: dict[str, tuple[float, float] | None]) -> dict[str, float | None]:
    """Where units stay, and adds to the ranges the bounds of their stay."""
    fifo, lifo = (dwell(flows, found.start, found.end, order) for order in ("fifo", "lifo"))
    bounds = [x for x in (fifo.mean_days, lifo.mean_days, mixed_mean_days(flows, found.start, found.end)) if x is not None]  # fmt: skip
    ranges["dwell_mean"] = (min(bounds), max(bounds)) if bounds else None
    pooled, shared = territory_saturation(found), concentration(found)
    return {
        "dwell_mean": fifo.mean_days,
        "dwell_median": fifo.median_days,
        "rounds": fifo.rounds_before_redemption,
        "saturation": pooled.balance_share,
        "saturated": pooled.saturated,
        "no_outlet": pooled.no_outlet,
        "herfindahl": shared.herfindahl_index,
        "top_tenth": shared.top_tenth_share,
        "overdrawn": int(found.overdrawn.sum()),
        "dormant": int(dormant(found).sum()),
    }


def tells_too_much(flows: Flows, start: int, end: int) -> bool:
    """Whether measures of professionals would tell the business of a few: fewer than five received, or one more than 85 %."""
    found = tally(flows, start, end)
    inflow = found.by_holder[rows.IN][found.professionals]
    whole = int(inflow.sum())
    return int((inflow > 0).sum()) < LEAST_MERCHANTS or int(np.max(inflow, initial=0)) > MOST_SHARE * whole


def secret_measures(flows: Flows, start: int, end: int) -> frozenset[str]:
    """The measures that would tell the business of a few: all of professionals, or what their first tenth received when it holds fewer than five."""
    if tells_too_much(flows, start, end):
        return OF_PROFESSIONALS
    few = -(-int((flows.role == Role.PROFESSIONAL).sum()) // 10) < LEAST_MERCHANTS
    return frozenset(("top_tenth",)) if few else frozenset()
