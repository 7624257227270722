"""How fast units turn, who respends them, how much leaves: by the exact definitions of the method page."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ressort.core.currency.measures import tally as rows
from ressort.core.currency.measures.flows import OUTSIDE, Flow, Flows, Role
from ressort.core.currency.measures.tally import Tally

_YEAR_DAYS = 365


def velocity_turns_per_year(found: Tally, *, active_only: bool = False) -> float | None:
    """`V = (payments / mean stock) · 365/D`; None when nothing is held.

    The stock is what holders have at the end of each day, the association left out. With `active_only`, the holders who paid
    somebody in the last 180 days: their payments over their stock.
    """
    kept = found.counted
    if active_only:
        kept = kept & (found.last_paid >= found.end - rows.ACTIVE_DAYS)
    return _ratio(int(found.by_holder[rows.PAID][kept].sum()) * _YEAR_DAYS, int(found.by_holder[rows.HELD][kept].sum()))


@dataclass(frozen=True, slots=True)
class Issuance:
    """Units born and dead in a window, both funds, and the part of them that came back; None when none was issued."""

    issued_cents: int
    redeemed_cents: int

    @property
    def redemption_share(self) -> float | None:
        """Redeemed over issued; it may exceed 1 when the stock falls."""
        return _ratio(self.redeemed_cents, self.issued_cents)

    @property
    def net_increase_cents(self) -> int:
        """Issued less redeemed: what the stock of units and notes grew by."""
        return self.issued_cents - self.redeemed_cents


def issuance(found: Tally) -> dict[str, Issuance]:
    """Issue and redemption of `digital` units, of `paper` notes, and of `both`."""
    digital = Issuance(found.issued_cents, found.redeemed_cents)
    paper = Issuance(found.notes_issued_cents, found.notes_redeemed_cents)
    both = Issuance(digital.issued_cents + paper.issued_cents, digital.redeemed_cents + paper.redeemed_cents)
    return {"digital": digital, "paper": paper, "both": both}


@dataclass(frozen=True, slots=True)
class Uses:
    """What professionals did with what they received, in cents: `inflow` is the sum of all the others."""

    inflow_cents: int
    to_professionals_cents: int
    wages_cents: int
    to_public_cents: int
    redeemed_cents: int
    to_association_cents: int
    other_cents: int
    kept_cents: int

    @property
    def reuse_cents(self) -> int:
        """Spent again in local units: to professionals, to people, to public bodies."""
        return self.to_professionals_cents + self.wages_cents + self.to_public_cents

    @property
    def reuse_share(self) -> float | None:
        """The re-use rate c; None when professionals received nothing."""
        return _ratio(self.reuse_cents, self.inflow_cents)

    @property
    def leak_share(self) -> float | None:
        """Redeemed by professionals over what they received: `1 − c` only when there is no other use."""
        return _ratio(self.redeemed_cents, self.inflow_cents)


def professional_uses(found: Tally, among: NDArray[np.bool_] | None = None) -> Uses:
    """The uses of professionals, or of those of a branch.

    Args:
        among: the holders to count; (holders,).
    """
    kept = found.professionals if among is None else found.professionals & among
    sums = [int(row[kept].sum()) for row in found.by_holder]
    kept_cents = sums[rows.END] - sums[rows.START]
    uses = Uses(
        sums[rows.IN], sums[rows.TO_PROFESSIONALS], sums[rows.TO_PEOPLE], sums[rows.TO_PUBLIC], sums[rows.REDEEMED],
        sums[rows.TO_ASSOCIATION], sums[rows.OTHER], kept_cents,
    )  # fmt: skip
    assert uses.inflow_cents == uses.reuse_cents + uses.redeemed_cents + uses.to_association_cents + uses.other_cents + kept_cents  # fmt: skip
    return uses


def multiplier_ratio(reuse_share: float, rounds: int | None = None) -> float | None:
    """The internal multiplier `1/(1−c)`, or `(1−cⁿ)/(1−c)` after n rounds, c being taken as constant; None when it has no end.

    >>> round(multiplier_ratio(0.4), 3), multiplier_ratio(0.5, 2), multiplier_ratio(1.0, 5), multiplier_ratio(1.0)
    (1.667, 1.5, 5.0, None)
    """
    if reuse_share >= 1:
        return None if rounds is None else float(rounds)
    return (1 - (0 if rounds is None else reuse_share**rounds)) / (1 - reuse_share)


def lm3_ratio(first_cents: int, second_cents: int, third_cents: int) -> float | None:
    """`(R1 + R2 + R3) / R1`: income, its local spending, the local spending of those who received that; None without income.

    >>> lm3_ratio(10_000, 6_000, 2_400)
    1.84
    """
    return _ratio(first_cents + second_cents + third_cents, first_cents)


def ledger_lm3_ratio(flows: Flows, found: Tally, receivers: NDArray[np.bool_]) -> float | None:
    """LM3 of what some holders received in a window, as far as the ledger sees: a lower bound, euros spent locally are not in it.

    R1 is what they received from others; R2 what they paid to others, at most R1; R3 what those paid on, in proportion to
    what they received.
    """
    paid = flows.kind == Flow.PAYMENT
    inside = (flows.day >= found.start) & (flows.day < found.end)
    ends = np.append(receivers, False)
    counted = np.append(found.counted, False)
    from_them = inside & paid & ends[flows.payer] & ~ends[flows.payee] & counted[flows.payee] & (flows.payee != OUTSIDE)
    into_them = inside & ends[flows.payee] & ~ends[flows.payer]
    first = int(flows.amount_cents[into_them].sum())
    second = int(flows.amount_cents[from_them].sum())
    received = np.bincount(flows.payee[from_them], flows.amount_cents[from_them], len(found.role))
    onward = np.minimum(found.by_holder[rows.PAID], found.by_holder[rows.IN]) / np.maximum(found.by_holder[rows.IN], 1)
    third = float((received * onward).sum())
    scale = min(1.0, first / second) if second else 0.0
    return _ratio(first + second * scale + third * scale, first)


def interval(
    measure: Callable[[Tally], float | None], found: Tally, seed: int, draws: int = 1_000
) -> tuple[float, float] | None:
    """The range of nine bootstrap draws of the members out of ten; None when fewer than half of the draws have a value.

    Args:
        measure: such as `velocity_turns_per_year`, on a tally whose holders are drawn again, with replacement.
    """
    dice = np.random.default_rng(seed)
    counted = np.flatnonzero(found.counted)
    values = []
    for _draw in range(draws):
        times = np.bincount(dice.choice(counted, len(counted)), minlength=len(found.role)) if len(counted) else np.zeros(len(found.role))  # fmt: skip
        value = measure(_drawn(found, times.astype(np.int64)))
        if value is not None:
            values.append(value)
    if 2 * len(values) < draws:
        return None
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)


def _drawn(found: Tally, times: NDArray[np.int64]) -> Tally:
    return Tally(
        found.start, found.end, found.role, found.by_holder * times, found.last_paid, found.issued_cents, found.redeemed_cents,
        found.notes_issued_cents, found.notes_redeemed_cents, found.deposited_cents, found.withdrawn_cents,
    )  # fmt: skip


def stock_change_cents(found: Tally) -> int:
    """What holders, pots and the association hold at the end, less what they held at the start: `issued − redeemed + deposited − withdrawn`."""
    return int((found.by_holder[rows.END] - found.by_holder[rows.START]).sum())


def mean_stock_cents(found: Tally) -> float:
    """The mean over the days of what holders have at the end of each."""
    return int(found.by_holder[rows.HELD][found.counted].sum()) / (found.end - found.start)


def payments_cents(found: Tally) -> int:
    """The sum of the payments between holders."""
    return int(found.by_holder[rows.PAID][found.counted].sum())


def stock_by_role_cents(found: Tally) -> dict[Role, int]:
    """What each role holds at the end of the window."""
    return {role: int(found.by_holder[rows.END][found.role == role].sum()) for role in Role}


def daily_payments_cents(flows: Flows, days: int) -> NDArray[np.int64]:
    """The payments of each of the first days."""
    kept = (flows.kind == Flow.PAYMENT) & (flows.day < days)
    found = np.zeros(days, np.int64)
    np.add.at(found, flows.day[kept], flows.amount_cents[kept])
    return found


def daily_stock_cents(flows: Flows, days: int) -> NDArray[np.int64]:
    """The units owed at the end of each of the first days, those of the association too."""
    change = np.zeros(days, np.int64)
    kept = flows.day < days
    for side, sign in ((flows.payee, 1), (flows.payer, -1)):
        inside = kept & (side != OUTSIDE)
        np.add.at(change, flows.day[inside], sign * flows.amount_cents[inside])
    return np.cumsum(change) + int(flows.opening_cents.sum())


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0 else None
