"""How much of the money spent here stays here: LM3, type II multipliers, leakage by branch."""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy.table import Floats, leontief_inverse
from ressort.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class LocalMultiplier:
    """What becomes of one euro spent in a branch.

    Args:
        suppliers_share, wages_share: parts respent locally in the second round, by suppliers and by wages.
        lm3_ratio: the first three rounds over the first.
        type_two_ratio: all rounds, households included.
        leakage_share: part of the intermediate purchases that leaves.
    """

    suppliers_share: float
    wages_share: float
    lm3_ratio: float
    type_two_ratio: float
    leakage_share: float


def constant_retention(kept_share: float) -> float:
    """1/(1 − c): the multiplier when each round keeps the same share c.

    >>> constant_retention(0.5)
    2.0

    Raises:
        RuleBroken: a share outside 0–1.
    """
    if not 0 <= kept_share < 1:
        raise RuleBroken("A share kept of {share} is not between 0 and 1 (1 left out).", share=kept_share)
    return 1 / (1 - kept_share)


def lm3(rounds_eur: tuple[float, float, float]) -> float:
    """(round 1 + round 2 + round 3) / round 1.

    >>> lm3((100.0, 60.0, 30.0))
    1.9

    Raises:
        RuleBroken: a first round of nothing, or a negative round.
    """
    if rounds_eur[0] <= 0 or min(rounds_eur) < 0:
        raise RuleBroken(
            "The first round must be positive and none negative; {rounds} was given.", rounds=list(rounds_eur)
        )
    return sum(rounds_eur) / rounds_eur[0]


def closed_coefficients(local: Floats, wages: Floats, consumption: Floats) -> Floats:
    """A^r with households inside: a row of local wages, a column of local consumption, (S + 1, S + 1).

    Args:
        local: local purchases per unit of output, (S, S).
        wages: wages paid to residents per unit of output, (S,).
        consumption: local purchases by branch per euro of household income, (S,).
    """
    size = len(wages)
    closed = np.zeros((size + 1, size + 1))
    closed[:size, :size], closed[size, :size], closed[:size, size] = local, wages, consumption
    return closed


def local_multipliers(national: Floats, local: Floats, wages: Floats, consumption: Floats) -> list[LocalMultiplier]:
    """The multiplier of each branch. `national` holds all purchases per unit of output, imports included, (S, S).

    LM3 counts round 2 as what the branch pays locally, round 3 as what these payments buy locally in turn.
    Type II counts `1' (I − A^r_closed)^-1 e_j` over branches; leakage is `1 − Σ a^r_ij / Σ a^n_ij`.

    Raises:
        RuleBroken: the closed economy eats more than it makes.
    """
    closed = closed_coefficients(local, wages, consumption)
    inverse = leontief_inverse(closed)
    size, found = len(wages), []
    for j in range(size):
        second = closed[:, j]
        third = closed @ second
        bought = national[:, j].sum()
        found.append(
            LocalMultiplier(
                suppliers_share=float(local[:, j].sum()),
                wages_share=float(wages[j]),
                lm3_ratio=float(1 + second.sum() + third.sum()),
                type_two_ratio=float(inverse[:size, j].sum()),
                leakage_share=float(1 - local[:, j].sum() / bought) if bought > 0 else 0.0,
            )
        )
    return found
