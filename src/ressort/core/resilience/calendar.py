"""What happens, day by day, laid out for the kernels; and the purses of households."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ressort.core.economy import Floats

Integers = NDArray[np.int64]


class Calendar(NamedTuple):
    """What events do each day t of T. An array that is not used has a first axis of length 0.

    Args:
        lost: share of the capital of each industry that is lost, (T, n).
        kept: share of capacity that labour, outages and trends leave; may exceed 1, (T, n).
        demand: factor on final demand, by consumer and product, (T, Q, S) or empty.
        use: factor on the use of each input, (T, S) or empty.
        opened: share of each arc from region to region that is open, (T, R, R) or empty.
        cost: extra cost of each arc, (T, R, R) or empty.
        served: share of each product that its network delivers in each region (power cut, burst main), (T, S, R) or empty.
        hit, start, rebuild_days: for each rebuilding event, day of the loss, first day of orders, time over which it is ordered, (E,).
        event, supplier, client, amount: for each order of rebuilding, what it belongs to, who sells, who buys, money, (N,).
    """

    days: int
    lost: Floats
    kept: Floats
    demand: Floats
    use: Floats
    opened: Floats
    cost: Floats
    served: Floats
    hit: Integers
    start: Integers
    rebuild_days: Floats
    event: Integers
    supplier: Integers
    client: Integers
    amount: Floats


class Purses(NamedTuple):
    """The money of households, in euro and in local currency. `on` False leaves final demand as it is.

    A consumer pays first in local currency where it is accepted, then in euro; a purse cannot go below 0.

    Args:
        held: consumers with a purse, (Q,).
        euro, local: what the purses hold at the start, (Q,).
        wages: euros paid to each consumer for one unit of output, (n, Q).
        transfers: euros a day received (negative: taxes and savings), (Q,).
        local_transfers: local currency a day received, issued against as many euros, (Q,); frozen euros are not exchanged.
        transfers_kept: factor on transfers, (T, Q).
        frozen: share of the euros held, and of those that come in, that is set apart and cannot be spent, (T, Q).
        withheld: share of the day's purchases, bills apart, that cannot be drawn from what is set apart; 1 lets nothing out, (T, Q).
        billed: 1 for industries whose sales are bills, paid from account to account by what is set apart too, (n,); none when empty.
        price: factor on prices, (T,).
        accepted: share of the sales of i to q that may be paid in local currency, (n, Q).
        recirculated_share: share of local currency spent that comes back as local income the same day; the rest is redeemed.
        demurrage_share: of the local purses lost each day.
        floor: income a day below which transfers are raised, (Q,).
    """

    on: bool
    held: NDArray[np.bool_]
    euro: Floats
    local: Floats
    wages: Floats
    transfers: Floats
    local_transfers: Floats
    transfers_kept: Floats
    frozen: Floats
    withheld: Floats
    billed: Floats
    price: Floats
    accepted: Floats
    recirculated_share: float
    demurrage_share: float
    floor: Floats


@dataclass(frozen=True, slots=True)
class Size:
    """The axes of a run: days T, regions R, sectors S, consumers Q."""

    days: int
    regions: int
    sectors: int
    consumers: int

    @property
    def industries(self) -> int:
        """R·S."""
        return self.regions * self.sectors


def quiet(size: Size) -> Calendar:
    """A calendar where nothing happens."""
    return Calendar(
        days=size.days,
        lost=np.zeros((size.days, size.industries)),
        kept=np.ones((size.days, size.industries)),
        demand=np.ones((0, size.consumers, size.sectors)),
        use=np.ones((0, size.sectors)),
        opened=np.ones((0, size.regions, size.regions)),
        cost=np.zeros((0, size.regions, size.regions)),
        served=np.ones((0, size.sectors, size.regions)),
        hit=np.zeros(0, np.int64),
        start=np.zeros(0, np.int64),
        rebuild_days=np.zeros(0),
        event=np.zeros(0, np.int64),
        supplier=np.zeros(0, np.int64),
        client=np.zeros(0, np.int64),
        amount=np.zeros(0),
    )


def no_purses(size: Size) -> Purses:
    """Final demand that does not depend on money."""
    nobody = np.zeros(size.consumers)
    return Purses(
        on=False, held=np.zeros(size.consumers, np.bool_), euro=nobody, local=nobody, wages=np.zeros((0, size.consumers)),
        transfers=nobody, local_transfers=nobody, transfers_kept=np.ones((0, size.consumers)),
        frozen=np.zeros((0, size.consumers)), withheld=np.ones((0, size.consumers)), billed=np.zeros(0), price=np.ones(0), accepted=np.zeros((0, size.consumers)),
        recirculated_share=0.0, demurrage_share=0.0, floor=nobody,
    )  # fmt: skip
