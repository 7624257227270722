"""A programme played before it is paid: who would keep its units, who could not spend them, whether they are covered.

what places sold, by commune ─┐
people paid, by commune ──────┴─draws─▶ units kept by each place · units that the people of each commune do not spend
Shares of spending, re-use and redemption are hypotheses without a source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ressort.core.currency.allowances import Acceptor, People, simulate
from ressort.core.letters import bare
from ressort.web.association.covering import Paid, Seller

DRAWS, SEED, SPENT_BP = 500, 1, (8_000, 10_000)
_MONTHS = 3
Spread = list[int]


@dataclass(frozen=True, slots=True)
class Played:
    """What the draws give: low, middle, high.

    Args:
        kept: what each seller would keep, and the share of draws beyond three months of outlet. unspent: what people of each commune would not
        spend. nowhere: communes of people where nobody sells. covered: share of draws.
    """

    kept: list[tuple[Seller, Spread, float]]
    unspent: list[tuple[Paid, Spread]]
    nowhere: list[str]
    covered: float


def play(sellers: Sequence[Seller], people: Sequence[Paid], months: int, subsidy_cents: int, is_local: bool) -> Played:
    """A programme, month by month.

    Args:
        is_local: people buy in their commune only; those whose commune is not told buy anywhere.

    Raises:
        RuleBroken: nobody to pay, or nobody to sell.
    """
    acceptors = [Acceptor(one.name, one.cents, bare(one.place) if is_local else "") for one in sellers]
    paid = [People(bare(one.place) if is_local else "", 1, one.cents) for one in people]
    found = simulate(acceptors, paid, SPENT_BP, months, DRAWS, SEED)
    outlet = found.saturation_months()
    beyond = np.mean(np.isnan(outlet) | (outlet > _MONTHS), axis=0)
    kept = [(one, _spread(found.acceptor_cents[:, at]), float(beyond[at])) for at, one in enumerate(sellers)]
    unspent = [(one, _spread(found.people_cents[:, at])) for at, one in enumerate(people)]
    served = {one.place for one in acceptors}
    nowhere = [
        one.place for one, some in zip(people, paid, strict=True) if some.place and not {"", some.place} & served
    ]
    return Played(kept, unspent, nowhere, float(found.is_covered(subsidy_cents).mean()))


def _spread(values: Any) -> Spread:
    return [int(value) for value in np.quantile(values, [0.05, 0.5, 0.95], method="inverted_cdf")]
