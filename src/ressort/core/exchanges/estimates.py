"""Flows as they may be today, estimated and named so: gravity and radiation. Never a plan, never fed to the optimum."""

import numpy as np

from ressort.core.errors import NoSolution, RuleBroken
from ressort.core.food.system import Floats

MOST_ITERATIONS = 2_000
CONVERGED = 1e-9


def gravity(out: Floats, into: Floats, km: Floats, mean_km: float) -> tuple[Floats, float]:
    """Doubly constrained gravity: `T_ij = A_i O_i B_j D_j exp(−β d_ij)`, β so that the mean trip is the one observed.

    Args:
        out, into: totals by origin and destination, the same sum, (n,) and (m,). km: (n, m).
        mean_km: the observed mean distance.

    Returns:
        Flows, (n, m), and β by kilometre.

    Raises:
        RuleBroken: totals that differ or are negative. NoSolution: a mean distance that no β gives, with the range that is possible.
    """
    if (out < 0).any() or (into < 0).any() or not np.isclose(out.sum(), into.sum(), rtol=1e-9):
        raise RuleBroken(
            "What leaves ({out}) and what arrives ({into}) must be the same total, from 0 up.",
            out=float(out.sum()),
            into=float(into.sum()),
        )
    low, high = -50.0 / max(float(km.max()), 1e-9), 50.0 / max(float(km[km > 0].min(initial=np.inf)), 1e-9)
    high = min(high, 600.0 / max(float(km.max()), 1e-9))
    longest, shortest = (_mean(_balanced(out, into, km, beta), km) for beta in (low, high))
    if not shortest <= mean_km <= longest:
        raise NoSolution(
            "A mean distance of {mean} km is out of reach: these places give between {shortest} and {longest} km.",
            mean=mean_km,
            shortest=round(shortest, 1),
            longest=round(longest, 1),
        )
    for _ in range(100):
        beta = (low + high) / 2
        flows = _balanced(out, into, km, beta)
        low, high = (beta, high) if _mean(flows, km) > mean_km else (low, beta)
    return flows, beta


def radiation(out: Floats, people: Floats, km: Floats) -> Floats:
    """Radiation, without parameter: `T_ij = O_i m_i n_j / ((m_i + s_ij)(m_i + n_j + s_ij))`.

    `s_ij` is the population nearer to i than j, both left aside. Rows are scaled so that all that leaves arrives somewhere.

    Args:
        out: what leaves each place, (n,). people: (n,). km: (n, n).
    """
    n = len(out)
    order = np.argsort(km, axis=1, kind="stable")
    flows = np.zeros((n, n))
    for i in range(n):
        others = order[i][order[i] != i]
        inside = np.concatenate([[0.0], np.cumsum(people[others])[:-1]])
        weight = people[i] * people[others] / ((people[i] + inside) * (people[i] + people[others] + inside))
        total = weight.sum()
        flows[i, others] = out[i] * weight / total if total > 0 else 0.0
    return flows


def _balanced(out: Floats, into: Floats, km: Floats, beta: float) -> Floats:
    """Rows and columns scaled in turn until both totals hold."""
    kernel = np.exp(-beta * (km - km.min()))
    rows, columns = np.ones(len(out)), np.ones(len(into))
    for _ in range(MOST_ITERATIONS):
        rows = np.divide(out, kernel @ columns, out=np.zeros(len(out)), where=kernel @ columns > 0)
        reached = rows @ kernel
        columns = np.divide(into, reached, out=np.zeros(len(into)), where=reached > 0)
        if np.abs(rows * (kernel @ columns) - out).max() <= CONVERGED * max(float(out.max()), 1e-300):
            break
    return np.asarray(rows[:, None] * kernel * columns)


def _mean(flows: Floats, km: Floats) -> float:
    return float((flows * km).sum() / flows.sum())
