"""A year of a currency as columns: who paid whom, when, how much; and who they are.

Accounts are those of *holders*: what one holder moves between accounts of its own is no flow. `merged` sees to it.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ressort.core.errors import RuleBroken

#: what stands for the outside: units are born of it, and die in it
OUTSIDE = -1


class Role(IntEnum):
    """Who holds an account. Pots (allowances, purses, demurrage) are owed to holders, the association's own account is not counted."""

    PERSON = 0
    PROFESSIONAL = 1
    PUBLIC = 2
    ASSOCIATION = 3
    POT = 4


class Flow(IntEnum):
    """What a movement is, for the measures. Notes are counted where they are issued, redeemed, deposited or withdrawn: nowhere else."""

    PAYMENT = 0
    ISSUE = 1
    REDEMPTION = 2
    OTHER = 3
    NOTES_ISSUE = 4
    NOTES_REDEMPTION = 5
    DEPOSIT = 6
    WITHDRAWAL = 7


@dataclass(frozen=True, slots=True)
class Flows:
    """Movements in the order of days.

    Args:
        day: days counted from any one day; (n,) int32.
        kind: a `Flow` each; (n,) uint8.
        payer, payee: holders, or `OUTSIDE`; (n,) int32.
        amount_cents: above zero; (n,) int64.
        role: the `Role` of each holder; (holders,) uint8.
        opening_cents: what each holds before the first movement; (holders,) int64.
    """

    day: NDArray[np.int32]
    kind: NDArray[np.uint8]
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    amount_cents: NDArray[np.int64]
    role: NDArray[np.uint8]
    opening_cents: NDArray[np.int64]

    def __post_init__(self) -> None:
        columns = self.day, self.kind, self.payer, self.payee, self.amount_cents
        assert len({len(column) for column in columns}) == 1, "columns of one length"
        assert len(self.role) == len(self.opening_cents), "one role and one opening a holder"
        if not len(self.day):
            return
        if np.any(self.day[1:] < self.day[:-1]):
            raise RuleBroken("Movements come in the order of their days.")
        if self.amount_cents.min() <= 0:
            raise RuleBroken("Every movement moves an amount above zero.")
        for side in (self.payer, self.payee):
            if side.min() < OUTSIDE or side.max() >= len(self.role):
                raise RuleBroken("A movement names an account that is not in the table of accounts.")


def merged(flows: Flows, holder: NDArray[np.int32]) -> Flows:
    """The same flows between holders: accounts of one holder become one, and what moves between them goes.

    Args:
        holder: the holder of each account, numbered from 0 without a gap; (accounts,). One role a holder.
    """
    count = int(holder.max(initial=-1)) + 1
    role = np.zeros(count, np.uint8)
    role[holder] = flows.role
    if np.any(role[holder] != flows.role):
        raise RuleBroken("One holder has accounts of several roles: give them different holders.")
    opening = np.zeros(count, np.int64)
    np.add.at(opening, holder, flows.opening_cents)
    ends = np.append(holder, np.int32(OUTSIDE))  # −1 finds the last one
    payer, payee = ends[flows.payer], ends[flows.payee]
    keep = (payer != payee) | (payer == OUTSIDE)
    return Flows(
        flows.day[keep], flows.kind[keep], payer[keep], payee[keep], flows.amount_cents[keep], role, opening
    )  # fmt: skip


def without_reversed(flows: Flows, ids: NDArray[np.int64], reverses: NDArray[np.int64]) -> Flows:
    """The flows as if what was reversed, and its reversal, had never been.

    Args:
        ids: number of each movement; reverses: the number it reverses, 0 when it reverses none.
    """
    gone = np.isin(ids, reverses[reverses != 0]) | (reverses != 0)
    keep = ~gone
    return Flows(
        flows.day[keep], flows.kind[keep], flows.payer[keep], flows.payee[keep], flows.amount_cents[keep],
        flows.role, flows.opening_cents,
    )  # fmt: skip
