"""Flows as they may be today, estimated and named so: gravity and radiation. Never a plan, never fed to the optimum."""

import numpy as np
from scipy.optimize import brentq

from ressort.core.errors import NoSolution, RuleBroken
from ressort.core.exchanges.watch import Watch, unwatched
from ressort.core.food.system import Floats

MOST_ITERATIONS = 2_000
#: turns of scaling between two words to who watches
TURNS_TOLD = 20
CONVERGED = 1e-9


def gravity(out: Floats, into: Floats, km: Floats, mean_km: float, watch: Watch = unwatched) -> tuple[Floats, float]:
    """Doubly constrained gravity: `T_ij = A_i O_i B_j D_j exp(−β d_ij)`, β so that the mean trip is the one observed.

    Args:
        out, into: totals by origin and destination, the same sum, (n,) and (m,). km: (n, m).
        mean_km: the observed mean distance.
        watch: called as rows and columns are scaled; what it raises stops the computation.

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
    sends, takes = np.flatnonzero(out), np.flatnonzero(into)
    fitted = _Fitted(out[sends], into[takes], km[np.ix_(sends, takes)], watch)
    near, far = fitted.around(mean_km)
    beta = float(brentq(lambda one: fitted.mean_km(one) - mean_km, far, near, xtol=1e-12, rtol=1e-12))
    fitted.mean_km(beta)
    flows = np.zeros(km.shape)
    flows[np.ix_(sends, takes)] = fitted.flows
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


class _Fitted:
    """Rows and columns scaled in turn until both totals hold, from the scales of the last β tried: few turns once β moves little."""

    def __init__(self, out: Floats, into: Floats, km: Floats, watch: Watch) -> None:
        self.out, self.into, self.km, self.watch, self.turns = out, into, km, watch, 0
        self.flows = np.zeros(km.shape)
        self.restart()

    def restart(self) -> None:
        """Forget the scales."""
        self.columns = np.ones(len(self.into))

    def around(self, mean_km: float) -> tuple[float, float]:
        """A β that gives a shorter mean distance, and one that gives a longer one.

        Raises:
            NoSolution: no β does, with the range that is possible.
        """
        scale = max(float(self.km.max()), 1e-9)
        least, most = -50.0 / scale, 600.0 / scale
        near = far = min(1.0 / max(mean_km, 1e-9), most)
        while self.mean_km(near) > mean_km and near < most:
            near, far = min(2 * near, most), near
        while self.mean_km(far) < mean_km and far > least:
            far = far / 4 if far > 1e-3 / scale else least
        longest, shortest = self.mean_km(far), self.mean_km(near)
        if not shortest <= mean_km <= longest:
            self.restart()
            raise NoSolution(
                "A mean distance of {mean} km is out of reach: these places give between {shortest} and {longest} km.",
                mean=mean_km,
                shortest=round(self.mean_km(most), 1),
                longest=round(self.mean_km(least), 1),
            )
        return near, far

    def mean_km(self, beta: float) -> float:
        """The mean distance of the flows of a β, which are kept."""
        kernel = np.exp(-beta * (self.km - self.km.min()))
        columns, close = self.columns, CONVERGED * max(float(self.out.max()), 1e-300)
        for _ in range(MOST_ITERATIONS):
            self.turns += 1
            if self.turns % TURNS_TOLD == 0:
                self.watch(self.turns, float("nan"))
            weighed = kernel @ columns
            rows = np.divide(self.out, weighed, out=np.zeros(len(self.out)), where=weighed > 0)
            reached = rows @ kernel
            following = np.divide(self.into, reached, out=np.zeros(len(self.into)), where=reached > 0)
            is_close = np.abs(rows * (kernel @ following) - self.out).max() <= close
            columns = following
            if is_close:
                break
        self.columns = columns if np.isfinite(columns).all() and columns.any() else np.ones(len(columns))
        self.flows = np.asarray(rows[:, None] * kernel * columns)
        return float((self.flows * self.km).sum() / self.flows.sum())
