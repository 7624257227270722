"""A production loss passed along food trade, node by node (Marchand et al. 2016). Invariant: Σ(dC + dR) = Σ dP."""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import InputError, RuleBroken

ROUNDS = 50


@dataclass(frozen=True, eq=False)
class FoodCascade:
    """What each node loses: consumption, reserves, imports less exports; each (nodes,) and the flows after, (nodes, nodes)."""

    consumption_loss: Floats
    reserve_loss: Floats
    flows: Floats
    rounds: int


def food_cascade(
    production: Floats,
    flows: Floats,
    reserves: Floats,
    loss: Floats,
    *,
    consumed_share: float = 0.01,
    least_share: float = 1e-5,
) -> FoodCascade:
    """Pass a loss of production on: reserves first, then trade, then consumption.

    Args:
        production: by node; flows: from j to k; reserves: that can be used, by node.
        loss: change of production, negative or 0, by node.
        consumed_share: f_c, part of the remaining deficit taken at once by consumption.
        least_share: a_min, deficits below this share of supply are dropped.

    Raises:
        InputError, RuleBroken: shapes that differ, negative figures, a gain, or a loss larger than production.
    """
    _check(production, flows, reserves, loss)
    flows, left, owed = flows.astype(float).copy(), reserves.astype(float).copy(), loss.astype(float).copy()
    supply = production + flows.sum(0) - flows.sum(1)
    eaten, exporting, done = np.zeros(len(loss)), np.ones(len(loss), bool), 0
    for _ in range(ROUNDS):
        if not np.abs(owed).max() > 0:
            break
        done += 1
        from_reserves = np.maximum(owed, -left)
        exporting &= ~(owed < -left)
        rest = (owed - from_reserves) * (1 - consumed_share)
        rest[np.abs(rest) < least_share * supply] = 0.0
        volume = flows.sum(1) + (flows * exporting[:, None]).sum(0)
        passed = np.maximum(rest, -volume)
        ratio = np.divide(passed, volume, out=np.zeros_like(passed), where=volume > 0)
        change = (ratio[:, None] - exporting[:, None] * ratio[None, :]) * flows
        eaten += owed - from_reserves - passed
        left += from_reserves
        owed = change.sum(0) - change.sum(1) + passed
        flows += change
    return FoodCascade(eaten + owed, left - reserves, flows, done)


def _check(production: Floats, flows: Floats, reserves: Floats, loss: Floats) -> None:
    n = len(production)
    if flows.shape != (n, n) or reserves.shape != (n,) or loss.shape != (n,):
        raise InputError("{nodes} nodes ask for as many reserves and losses, and a square table of flows.", nodes=n)
    for name, values in (("production", production), ("flows", flows), ("reserves", reserves)):
        if not (values >= 0).all():
            raise RuleBroken("The {name} holds a negative figure or none: every node needs 0 or more.", name=name)
    for i in np.flatnonzero(~((loss <= 0) & (loss >= -production))):
        raise RuleBroken(
            "The loss of node {node} is {loss}: it must lie between minus its production ({production}) and 0.",
            node=int(i), loss=float(loss[i]), production=float(production[i]),
        )  # fmt: skip
