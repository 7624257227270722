"""Morris and Sobol on functions whose effects are known."""

import numpy as np
import pytest

from ressort.core.errors import RuleBroken
from ressort.core.resilience import morris_effects, morris_paths, sobol_designs, sobol_shares


def ishigami(ranks: np.ndarray) -> np.ndarray:
    x = (2 * ranks - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_a_path_moves_every_hypothesis_once_by_the_same_step() -> None:
    ranks = morris_paths(5, 7, 1).reshape(7, 6, 5)
    moves = np.diff(ranks, axis=1)
    assert ((np.abs(moves) > 1e-12).sum(2) == 1).all() and ((np.abs(moves) > 1e-12).sum(1) == 1).all()
    assert ranks.min() >= 0 and ranks.max() <= 1 and np.allclose(np.abs(moves).max(2), 2 / 3)
    assert (morris_paths(5, 7, 1) == morris_paths(5, 7, 1)).all() and (
        morris_paths(5, 7, 2) != morris_paths(5, 7, 1)
    ).any()


def test_the_effects_of_a_straight_function_are_its_slopes_without_spread() -> None:
    slopes = np.array([3.0, -2.0, 0.0, 1.0])
    ranks = morris_paths(4, 6, 3)
    found = morris_effects(ranks, ranks @ slopes)
    assert np.allclose(found.strength, np.abs(slopes)) and np.allclose(found.spread, 0.0, atol=1e-12)
    bent = morris_effects(ranks, ranks[:, 0] * ranks[:, 1])
    assert (bent.spread[:2] > 0.1).all() and np.allclose(bent.strength[2:], 0.0)


def test_the_indices_of_ishigami_are_those_published() -> None:
    size = 4096
    alone, total = sobol_shares(ishigami(sobol_designs(3, size, [0, 1, 2], 1)), size)
    assert np.allclose(alone, [0.3139, 0.4424, 0.0], atol=0.02)
    assert np.allclose(total, [0.5576, 0.4424, 0.2437], atol=0.02)


def test_some_indices_alone_are_those_found_with_all_and_undefined_runs_are_left_out() -> None:
    size = 512
    designs = sobol_designs(3, size, [2], 1)
    values = ishigami(designs)
    _alone, total = sobol_shares(values, size)
    assert total[0] == pytest.approx(0.2437, abs=0.06)
    values[::17] = np.nan
    assert sobol_shares(values, size)[1][0] == pytest.approx(0.2437, abs=0.08)


def test_a_value_that_never_moves_has_no_index_and_no_run_is_refused() -> None:
    alone, total = sobol_shares(np.ones(4 * 8), 8)
    assert (alone == 0).all() and (total == 0).all()
    for hypotheses, runs in ((0, 5), (3, 0)):
        with pytest.raises(RuleBroken):
            morris_paths(hypotheses, runs, 1)
        with pytest.raises(RuleBroken):
            sobol_designs(hypotheses, runs, [0], 1)
