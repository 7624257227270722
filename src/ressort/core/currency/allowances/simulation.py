"""Before the first payment: where would the money pool, who could not spend it, is it covered?

each month: allowances ▶ people spend at acceptors of their place, as far as these can sell ▶ acceptors spend a part again at
others, redeem a part, keep the rest

Shares of spending, re-use and redemption are ranges: each draw takes one value for the whole run.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ressort.core.errors import RuleBroken

Cents = NDArray[np.int64]
_WHOLE_BP = 10_000
_LAST_MONTHS = 3
#: products of two amounts stay within 64 bits
_MOST_CENTS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Acceptor:
    """Who takes local units.

    Args:
        sales_cents: most that it sells for local units in a month.
        place: where; "" serves people of every place.
        respent_bp, redeemed_bp: lowest and highest part of what it receives that it spends again, that it redeems.
        balance_cents: local units that it holds already.
    """

    name: str
    sales_cents: int
    place: str = ""
    respent_bp: tuple[int, int] = (2_000, 6_000)
    redeemed_bp: tuple[int, int] = (2_000, 6_000)
    balance_cents: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """People of one place, and the local units that each receives a month; those of no place buy everywhere."""

    place: str
    count: int
    local_cents: int


@dataclass(frozen=True, slots=True)
class Projection:
    """What the draws give at the end.

    Args:
        acceptor_cents: balances; (draws, acceptors). outflow_cents: spent again and redeemed, in the last three months.
        people_cents: allowances not spent; (draws, places). issued_cents: allowances paid in all.
        redeemed_cents: redeemed in all; (draws,). redeemed_last_cents: in the last month.
        month_cents: allowances of a month. sales_cents: what acceptors can sell in a month to those who are paid, where each buys.
    """

    acceptor_cents: Cents
    outflow_cents: Cents
    people_cents: Cents
    issued_cents: int
    redeemed_cents: Cents
    redeemed_last_cents: Cents
    month_cents: int
    sales_cents: int

    def saturation_months(self) -> NDArray[np.float64]:
        """Months of outlet that each balance stands for; nan where nothing goes out; (draws, acceptors)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            months = self.acceptor_cents / (self.outflow_cents / _LAST_MONTHS)
        return np.where(self.acceptor_cents == 0, 0.0, np.where(self.outflow_cents > 0, months, np.nan))

    def is_covered(self, subsidy_cents: int) -> NDArray[np.bool_]:
        """Whether `sales in local units ≥ allowances − redemptions that a subsidy pays`, in each draw."""
        paid = np.minimum(self.redeemed_last_cents, subsidy_cents)
        return self.sales_cents >= self.month_cents - paid


def simulate(
    acceptors: Sequence[Acceptor], people: Sequence[People], spent_bp: tuple[int, int], months: int, draws: int, seed: int
) -> Projection:  # fmt: skip
    """Play a programme month by month.

    Args:
        spent_bp: lowest and highest part of what people hold that they try to spend each month.

    Raises:
        RuleBroken: nobody to pay, nobody to sell, no month, a range that is none.
    """
    _check(acceptors, people, spent_bp, months, draws)
    dice = np.random.default_rng(seed)
    spent = dice.integers(spent_bp[0], spent_bp[1] + 1, (draws, 1))
    respent = _drawn(dice, [one.respent_bp for one in acceptors], draws)
    redeemed = np.minimum(_drawn(dice, [one.redeemed_bp for one in acceptors], draws), _WHOLE_BP - respent)
    serves = np.array([[not some.place or one.place in ("", some.place) for one in acceptors] for some in people])
    sales = np.array([one.sales_cents for one in acceptors], np.int64)
    allowance = np.array([some.count * some.local_cents for some in people], np.int64)
    held = np.zeros((draws, len(people)), np.int64)
    stock = np.tile(np.array([one.balance_cents for one in acceptors], np.int64), (draws, 1))
    from_others, out, redeemed_in_all = np.zeros_like(stock), np.zeros_like(stock), np.zeros(draws, np.int64)
    gone = np.zeros_like(stock)
    for month in range(months):
        held += allowance
        received = _sold(held * spent // _WHOLE_BP, serves, sales, held) + from_others
        stock += received
        onward, gone = received * respent // _WHOLE_BP, received * redeemed // _WHOLE_BP
        from_others, kept = _to_others(onward, sales)
        stock -= onward - kept + gone
        redeemed_in_all += gone.sum(axis=1)
        if month >= months - _LAST_MONTHS:
            out += onward - kept + gone
    stock += from_others  # on its way at the end of the last month
    month_cents = int(allowance.sum())
    return Projection(stock, out, held, month_cents * months, redeemed_in_all, gone.sum(axis=1), month_cents, _sellable_cents(acceptors, people))  # fmt: skip


def _sellable_cents(acceptors: Sequence[Acceptor], people: Sequence[People]) -> int:
    """Most of the sales of a month that allowances can meet: place by place, then those of every place with what is left.

    Where people buy in their own place, what others sell elsewhere covers nothing of theirs.
    """
    sold, paid = Counter[str](), Counter[str]()
    for one in acceptors:
        sold[one.place] += one.sales_cents
    for some in people:
        paid[some.place] += some.count * some.local_cents
    places = paid.keys() - {""}
    met = sum(min(sold[place], paid[place]) for place in places)
    if (
        sum(paid[place] for place in places) > met + sold[""]
    ):  # somebody lacks; people of no place buy what is left elsewhere
        return met + sold[""] + min(paid[""], sum(sold.values()) - sold[""] - met)
    return sum(cents for place, cents in sold.items() if paid[""] or place in paid or not place)


def _drawn(dice: np.random.Generator, ranges: Sequence[tuple[int, int]], draws: int) -> NDArray[np.int64]:
    low, high = np.array(ranges, np.int64).T
    return dice.integers(low, high + 1, (draws, len(ranges)))


def _sold(wanted: Cents, serves: NDArray[np.bool_], sales: Cents, held: Cents) -> Cents:
    """What acceptors sell to people, as far as they can; `held` loses it. What one cannot sell is asked of the others."""
    left = np.tile(sales, (len(wanted), 1))
    sold = np.zeros_like(left)
    for _round in range(len(sales)):
        before = int(sold.sum())
        for place in range(wanted.shape[1]):
            room = np.where(serves[place], left, 0)
            whole = room.sum(axis=1, keepdims=True)
            asked = np.minimum(wanted[:, [place]], whole)
            part = asked * room // np.maximum(whole, 1)  # rounded down: nothing is made
            for changed, sign in ((sold, 1), (left, -1)):
                changed += sign * part
            total = part.sum(axis=1)
            wanted[:, place] -= total
            held[:, place] -= total
        if int(sold.sum()) == before:
            break
    return sold


def _to_others(onward: Cents, sales: Cents) -> tuple[Cents, Cents]:
    """What each receives of what the others spend again, in proportion to sales; and the cents that nobody takes."""
    given, sent = np.zeros_like(onward), np.zeros_like(onward)
    for payer in range(onward.shape[1]):
        others = sales.copy()
        others[payer] = 0
        part = onward[:, [payer]] * others // max(int(others.sum()), 1)
        given += part
        sent[:, payer] = part.sum(axis=1)
    return given, onward - sent


def _check(
    acceptors: Sequence[Acceptor], people: Sequence[People], spent_bp: tuple[int, int], months: int, draws: int
) -> None:
    if not acceptors or not people or not sum(some.count * some.local_cents for some in people):
        raise RuleBroken("A simulation needs people who are paid, and somebody who sells.")
    if months < 1 or draws < 1:
        raise RuleBroken("A simulation plays one month at least, drawn once at least.")
    amounts = [
        *(one.sales_cents for one in acceptors),
        *(one.balance_cents for one in acceptors),
        *(some.count * some.local_cents * months for some in people),
    ]
    if min(amounts) < 0 or sum(amounts) > _MOST_CENTS:
        raise RuleBroken("Amounts of a simulation are not negative, and add up to 20 million euros at most.")
    ranges = [spent_bp, *(bounds for one in acceptors for bounds in (one.respent_bp, one.redeemed_bp))]
    wrong = [bounds for bounds in ranges if not 0 <= bounds[0] <= bounds[1] <= _WHOLE_BP]
    if wrong:
        raise RuleBroken("A range goes from its lowest to its highest share, between 0 and 1.", wrong=wrong)
