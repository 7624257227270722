"""Ranks that go together: a Gaussian copula laid on an even design, which stays even."""

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import RuleBroken

#: no direction of a correlation matrix is narrower than this once mended
LEAST_EIGENVALUE = 1e-6


def nearest_correlation(wanted: Floats) -> Floats:
    """A correlation matrix near the one wanted, which may contradict itself (a with b, b with c, but not a with c).

    Raises:
        RuleBroken: a correlation outside −1 to 1, or a table that is not symmetric.
    """
    if not (np.abs(wanted) <= 1).all() or not np.allclose(wanted, wanted.T):
        raise RuleBroken("Correlations lie between -1 and 1, the same both ways.")
    values, vectors = np.linalg.eigh(wanted)
    mended = (vectors * np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(mended))
    return np.asarray(mended / np.outer(scale, scale))


def correlated(ranks: Floats, wanted: Floats) -> Floats:
    """The same ranks, column by column, in another order: their normal scores have nearly the correlation wanted.

    Each column keeps its values, so that a Latin design stays one (Iman & Conover 1982).

    Args:
        ranks: of independent draws, 0–1, (runs, m).
        wanted: correlation of the scores, (m, m).

    Example:
        >>> ranks = (np.random.default_rng(1).permuted(np.tile(np.arange(200.0), (2, 1)), axis=1).T + 0.5) / 200
        >>> round(float(np.corrcoef(correlated(ranks, np.array([[1, 0.6], [0.6, 1]])).T)[0, 1]), 1)
        0.6
    """
    from scipy.special import ndtri

    runs, columns = ranks.shape
    if columns < 2 or runs < 2:
        return ranks
    scores = ndtri(np.clip(ranks, 1e-9, 1 - 1e-9))
    if runs > 2 * columns:  # what chance made of independent draws is undone first
        scores = np.linalg.solve(np.linalg.cholesky(np.corrcoef(scores.T)), (scores - scores.mean(0)).T).T
    moved = scores @ np.linalg.cholesky(nearest_correlation(wanted)).T
    order = np.argsort(np.argsort(moved, axis=0, kind="stable"), axis=0, kind="stable")
    return np.take_along_axis(np.sort(ranks, axis=0), order, axis=0)
