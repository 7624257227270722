"""Draws that go together, and what of a result each hypothesis explains."""

import numpy as np
import pytest

from ressort.core.errors import RuleBroken
from ressort.core.resilience import Law, correlated, design, first_order_shares, nearest_correlation, sensitivities

LAWS = [Law(f"law{i}", 0, 1) for i in range(3)]


def test_correlated_ranks_keep_every_column_and_take_the_correlation_wanted() -> None:
    ranks = design(LAWS, 500, 1)
    wanted = np.array([[1.0, 0.7, -0.3], [0.7, 1.0, 0.0], [-0.3, 0.0, 1.0]])
    found = correlated(ranks, wanted)
    assert np.array_equal(np.sort(found, axis=0), np.sort(ranks, axis=0))
    assert np.abs(np.corrcoef(found.T) - wanted).max() < 0.05
    assert np.array_equal(found, correlated(ranks, wanted))
    assert np.array_equal(correlated(ranks[:, :1], wanted[:1, :1]), ranks[:, :1])


def test_correlations_that_contradict_each_other_are_mended_and_impossible_ones_refused() -> None:
    contradictory = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    mended = nearest_correlation(contradictory)
    assert np.linalg.eigvalsh(mended).min() > 0 and np.allclose(np.diag(mended), 1)
    with pytest.raises(RuleBroken, match="between -1 and 1"):
        nearest_correlation(np.array([[1.0, 1.2], [1.2, 1.0]]))


def test_first_order_indices_are_those_of_a_known_sum() -> None:
    """y = 4 a + 2 b of uniform laws: variances 16 and 4 over 20; c explains nothing."""
    ranks = design(LAWS, 2000, 7)
    shares = first_order_shares(ranks, 4 * ranks[:, 0] + 2 * ranks[:, 1])
    assert shares == pytest.approx([0.8, 0.2, 0.0], abs=0.03)


def test_first_order_indices_see_what_ranks_do_not() -> None:
    """y = (a − ½)²: no correlation of ranks, yet a explains everything."""
    ranks = design(LAWS, 2000, 3)
    found = sensitivities(ranks, (ranks[:, 0] - 0.5) ** 2, ["a", "b", "c"])
    assert [name for name, _share, _weight in found] == ["a"]
    assert found[0][1] > 0.95 and found[0][2] < 0.01
    assert sensitivities(ranks, np.ones(2000), ["a", "b", "c"]) == []
