"""DIIM: how a small inoperability spreads and fades, without stocks nor thresholds. An analytic check of the daily model.

q = 1 − x/x0,   A* = diag(x0)⁻¹ A diag(x0),   static q = (I − A*)⁻¹ c*,   dynamic q(t) = exp(−K (I − A*) t) q(0)
"""

import numpy as np
from scipy.linalg import expm

from ressort.core.economy.table import Floats, leontief_inverse


def interdependency(coefficients: Floats, output: Floats) -> Floats:
    """A* = diag(x0)⁻¹ A diag(x0): inoperability of i for one of j; 0 where nothing is made, (n, n)."""
    made = output > 0
    inverse = np.divide(1.0, output, out=np.zeros_like(output), where=made)
    return inverse[:, None] * coefficients * output[None, :]


def static_inoperability(coefficients: Floats, output: Floats, demand_loss_share: Floats) -> Floats:
    """q = (I − A*)⁻¹ c*: where a lasting loss of final demand c* leads, (n,)."""
    return np.asarray(leontief_inverse(interdependency(coefficients, output)) @ demand_loss_share)


def dynamic_inoperability(
    coefficients: Floats, output: Floats, start_share: Floats, recovery_per_day: Floats, days: Floats
) -> Floats:
    """q(t) = exp(−K (I − A*) t) q(0), no more cause acting, (len(days), n)."""
    generator = -recovery_per_day[:, None] * (np.eye(len(output)) - interdependency(coefficients, output))
    return np.array([expm(generator * t) @ start_share for t in days])


def recovery_rates(start_share: Floats, end_share: Floats, self_use_share: Floats, horizon_days: float) -> Floats:
    """k_i = ln(q_i(0)/q_i(T)) / (T (1 − a*_ii)): the rate that brings q from its start to its end in T days, (n,)."""
    return np.asarray(np.log(start_share / end_share) / (horizon_days * (1 - self_use_share)))
