"""Which hypotheses matter, by runs made for it: Morris' elementary effects, then first-order and total Sobol indices (Jansen).

Ranks 0–1 of each hypothesis are moved one by one, as if they were drawn apart; values come from whoever plays the runs.
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import RuleBroken

#: levels of the grid of Morris, and the step between two points of a path
GRID = 4
STEP = GRID / (2 * (GRID - 1))


@dataclass(frozen=True, eq=False)
class Effects:
    """What moving each hypothesis does, by its place.

    Args:
        strength: mean of the absolute elementary effects (mu*), in units of the value, (K,).
        spread: their standard deviation: large beside the strength, the effect depends on the other hypotheses, (K,).
    """

    strength: Floats
    spread: Floats


def morris_paths(hypotheses: int, paths: int, seed: int) -> Floats:
    """Ranks of the runs of Morris: each path of K + 1 points moves every hypothesis once, (paths · (K + 1), K).

    Raises:
        RuleBroken: no hypothesis or no path.
    """
    _check(hypotheses, paths)
    found = np.empty((paths, hypotheses + 1, hypotheses))
    for number in range(paths):
        dice = np.random.default_rng([seed, 3, number])
        start = dice.integers(0, GRID // 2, hypotheses) / (GRID - 1)
        up = dice.random(hypotheses) < 0.5
        point = np.where(up, start, start + STEP)
        found[number, 0] = point
        for place, moved in enumerate(dice.permutation(hypotheses)):
            point = point.copy()
            point[moved] += STEP if up[moved] else -STEP
            found[number, place + 1] = point
    return found.reshape(-1, hypotheses)


def morris_effects(ranks: Floats, values: Floats) -> Effects:
    """Elementary effects read from the runs of `morris_paths`; a pair with an undefined value is left out."""
    hypotheses = ranks.shape[1]
    points, heights = ranks.reshape(-1, hypotheses + 1, hypotheses), values.reshape(-1, hypotheses + 1)
    moves, rises = np.diff(points, axis=1), np.diff(heights, axis=1)
    effects = np.full((len(points), hypotheses), np.nan)
    for path, place in np.ndindex(*rises.shape):
        moved = int(np.abs(moves[path, place]).argmax())
        effects[path, moved] = rises[path, place] / moves[path, place, moved]
    known = np.isfinite(effects)
    count = np.maximum(known.sum(0), 1)
    held = np.where(known, effects, 0.0)
    mean = held.sum(0) / count
    spread = np.sqrt(np.where(known, (held - mean) ** 2, 0.0).sum(0) / np.maximum(count - 1, 1))
    return Effects(np.abs(held).sum(0) / count, spread)


def sobol_designs(hypotheses: int, size: int, chosen: list[int], seed: int) -> Floats:
    """Ranks for the indices of some hypotheses: two even samples A and B, then A with one column of B for each, ((2 + C) · size, K).

    Raises:
        RuleBroken: no hypothesis or no run.
    """
    from scipy.stats import qmc

    _check(hypotheses, size)
    even = qmc.Sobol(d=2 * hypotheses, scramble=True, rng=np.random.default_rng([seed, 4]))
    both = even.random_base2(int(np.ceil(np.log2(max(size, 2)))))[:size]
    first, second = both[:, :hypotheses], both[:, hypotheses:]
    mixed = []
    for place in chosen:
        crossed = first.copy()
        crossed[:, place] = second[:, place]
        mixed.append(crossed)
    return np.vstack([first, second, *mixed])


def sobol_shares(values: Floats, size: int) -> tuple[Floats, Floats]:
    """First-order and total index of each hypothesis chosen in `sobol_designs` (Jansen 1999), (C,) each; at most 1, at least 0.

    A total index far above the first-order one acts together with others. Runs with an undefined value are left out.
    """
    blocks = values.reshape(-1, size)
    first, second, crossed = blocks[0], blocks[1], blocks[2:]
    whole = np.concatenate([first, second])
    variance = float(np.var(whole[np.isfinite(whole)])) if np.isfinite(whole).any() else 0.0
    if variance <= 0:
        return np.zeros(len(crossed)), np.zeros(len(crossed))
    alone = 1 - np.array([_half_square(second - one) for one in crossed]) / variance
    total = np.array([_half_square(first - one) for one in crossed]) / variance
    return np.clip(alone, 0.0, 1.0), np.clip(total, 0.0, 1.0)


def _half_square(gaps: Floats) -> float:
    known = gaps[np.isfinite(gaps)]
    return float((known**2).mean() / 2) if len(known) else 0.0


def _check(hypotheses: int, runs: int) -> None:
    if hypotheses < 1 or runs < 1:
        raise RuleBroken(
            "A study of sensitivity needs hypotheses and runs; {hypotheses} and {runs} were given.", hypotheses=hypotheses, runs=runs
        )  # fmt: skip
