"""Draws of what is not known: even designs over laws; each run's dice come from (seed, run number), never from a worker."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ressort.core.economy import Floats
from ressort.core.errors import InputError, RuleBroken


@dataclass(frozen=True, slots=True)
class Law:
    """A triangular law, or a uniform one when `mode` is None; without width it gives its value.

    Args:
        name: what is drawn, such as `inventory:liquid_fuels`.
        label: how people read it.
    """

    name: str
    low: float
    high: float
    mode: float | None = None
    label: str = ""

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low <= self.high):
            raise RuleBroken(
                "{name}: the bounds {low} and {high} are not in order.", name=self.name, low=self.low, high=self.high
            )
        if self.mode is not None and not self.low <= self.mode <= self.high:
            raise RuleBroken(
                "{name}: the central value {mode} lies outside {low}–{high}.",
                name=self.name,
                mode=self.mode,
                low=self.low,
                high=self.high,
            )

    def at(self, rank: float) -> float:
        """The value at a rank 0–1."""
        if self.low == self.high:
            return self.low
        if self.mode is None:
            return self.low + (self.high - self.low) * rank
        return triangular(rank, self.low, self.mode, self.high)

    @property
    def central(self) -> float:
        """The mode, or the middle of a uniform law."""
        return (self.low + self.high) / 2 if self.mode is None else self.mode


def triangular(rank: float, low: float, mode: float, high: float) -> float:
    """The inverse of the triangular law.

    >>> triangular(0.5, 0.0, 1.0, 2.0)
    1.0
    """
    width = high - low
    if rank * width < mode - low:
        return float(low + np.sqrt(rank * width * (mode - low)))
    return float(high - np.sqrt((1 - rank) * width * (high - mode)))


def design(laws: list[Law], runs: int, seed: int, method: Literal["latin", "sobol"] = "latin") -> Floats:
    """Ranks 0–1 of every law for every run, (runs, laws): the same for every worker and every set of levers (common random numbers).

    Raises:
        InputError: an unknown method; RuleBroken: no run.
    """
    if runs < 1:
        raise RuleBroken("An ensemble needs at least one run; {runs} was asked.", runs=runs)
    if method == "sobol":
        from scipy.stats import qmc

        engine = qmc.Sobol(d=max(len(laws), 1), scramble=True, rng=np.random.default_rng([seed, 0]))
        return np.asarray(engine.random_base2(int(np.ceil(np.log2(max(runs, 2)))))[:runs, : len(laws)])
    if method != "latin":
        raise InputError("{method} is not a design; choose latin or sobol.", method=method)
    ranks = np.empty((runs, len(laws)))
    for j in range(len(laws)):
        column = np.random.default_rng([seed, 1, j])
        ranks[:, j] = (column.permutation(runs) + column.random(runs)) / runs
    return ranks


def laws_at(laws: list[Law], ranks: Floats) -> dict[str, float]:
    """The value of each law for one run."""
    return {law.name: law.at(float(rank)) for law, rank in zip(laws, ranks, strict=True)}


def dice(seed: int, run: int) -> np.random.Generator:
    """The dice of one run: they depend on the seed and on the number of the run, on nothing else."""
    return np.random.default_rng([seed, 2, run])
