"""How sure a result is: draws of the coefficients, ranges, and the hypotheses that drive their width.

Three sources of doubt are kept apart: *coefficients* (drawn here), *choices* (organic set, method: discrete,
computed side by side), *weather* (observed years). Errors are shared by all territories of a run: comparisons
between territories are better known than their levels.
"""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from ressort.core.food.system import Floats, FoodSystem, Links


@dataclass(frozen=True, eq=False)
class Draws:
    """N draws of every uncertain coefficient, as multipliers of the central ones.

    Args:
        diet, ration, organic, ghg: (N, 1, P).
        yields: (N, R, K).
        losses, ruminant: (N, 1, 1).
        labour, organic_labour: full-time equivalents per hectare, (N, 1, S).
        inputs: the same draws as ranks 0–1, named, for the ranking of hypotheses, {name: (N,)}.
    """

    diet: Floats
    ration: Floats
    organic: Floats
    ghg: Floats
    yields: Floats
    losses: Floats
    ruminant: Floats
    labour: Floats
    organic_labour: Floats
    inputs: dict[str, Floats]

    @cached_property
    def ranks(self) -> Floats:
        """Centred ranks of every input, of unit length, (N, inputs)."""
        return np.column_stack([_ranks(values) for values in self.inputs.values()])

    def of_links(self, system: FoodSystem, links: Links, regions: list[int]) -> Floats:
        """What the draws multiply the land of each link by, (N, R, L)."""
        losses = system.supply_loss_share[regions][:, links.product]
        kept = (1 - losses) / (1 - np.minimum(losses * self.losses, 0.95))
        ruminant = np.where(system.ruminant[links.product], self.ruminant, 1.0)
        return kept * ruminant * self.ration[..., links.product] / self.yields[:, regions][..., links.crop]


def draw(system: FoodSystem, organic_set: str, count: int, seed: int) -> Draws:
    """A Latin hypercube of the coefficients: each input is spread evenly over its law.

    Args:
        organic_set: the set whose published bounds widen the organic ratios.
        count: number of draws N; seed: same seed, same draws.
    """
    dice = np.random.default_rng(seed)
    spreads, products, crops = system.spreads, len(system.products), len(system.crops)
    u_diet, u_ration, u_organic, u_ghg = (_hypercube(dice, count, products) for _ in range(4))
    u_yield = _hypercube(dice, count, crops)
    u_labour = _hypercube(dice, count, len(system.farm_systems))
    u_losses, u_ruminant = _hypercube(dice, count, 1), _hypercube(dice, count, 1)
    low, high = spreads.organic_bounds[organic_set].T
    counted = system.ghg_kgco2e_per_kg > 0
    ghg_low, ghg_high = np.where(counted, system.ghg_bounds.T / np.where(counted, system.ghg_kgco2e_per_kg, 1.0), 1.0)
    ration = 1 + spreads.ration * (2 * u_ration - 1)
    labour = system.labour
    inputs = _named("diet", system.products, u_diet) | _named("organic", system.products, u_organic)
    inputs |= _named("ration", system.products, u_ration) | _named("yield", system.crops, u_yield)
    inputs |= {"losses": u_losses[:, 0], "ruminant_factor": u_ruminant[:, 0]}
    return Draws(
        diet=(1 + spreads.diet * (2 * u_diet - 1))[:, None, :],
        ration=np.where(system.animal, ration, 1.0)[:, None, :],
        organic=(1 / _triangular(u_organic, low, 1.0, high))[:, None, :],
        ghg=_triangular(u_ghg, ghg_low, 1.0, ghg_high)[:, None, :],
        yields=_yields(system, u_yield),
        losses=(1 + spreads.losses * (2 * u_losses - 1))[:, None, :],
        ruminant=np.exp(spreads.ruminant_sd * _normal(u_ruminant))[:, None, :],
        labour=_triangular(
            u_labour, labour.conventional_bounds[:, 0], labour.conventional, labour.conventional_bounds[:, 1]
        )[:, None, :],
        organic_labour=_triangular(u_labour, labour.organic_bounds[:, 0], labour.organic, labour.organic_bounds[:, 1])[
            :, None, :
        ],
        inputs=inputs,
    )


@dataclass(frozen=True, slots=True)
class Range:
    """The 5th, 50th and 95th centiles of a result."""

    low: float
    median: float
    high: float


def range_of(values: Floats) -> Range:
    """P5, median and P95 of draws (N,)."""
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return Range(float(low), float(median), float(high))


@dataclass(frozen=True, slots=True)
class Driver:
    """A hypothesis and the part of the width of a result that goes with it, 0–1."""

    name: str
    width_share: float


def drivers(draws: Draws, values: Floats, most: int = 6) -> list[Driver]:
    """The hypotheses that drive a result (N,), by squared rank correlation, the strongest first."""
    names = list(draws.inputs)
    squared = (draws.ranks.T @ _ranks(values)) ** 2
    total = squared.sum()
    order = np.argsort(-squared)[:most]
    return [Driver(names[i], float(squared[i] / total)) for i in order if total > 0 and squared[i] / total >= 0.01]


def _normal(u: Floats) -> Floats:
    """The standard normal value of each rank; from the standard library, whose import costs nothing beside scipy's."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(rank) for rank in u.ravel().tolist()]).reshape(u.shape)


def _hypercube(dice: np.random.Generator, count: int, width: int) -> Floats:
    """Even ranks in (0, 1), shuffled column by column, (count, width)."""
    strata = np.tile(np.arange(count)[:, None], (1, width))
    return (dice.permuted(strata, axis=0) + dice.random((count, width))) / count


def _triangular(u: Floats, low: Floats, mode: Floats | float, high: Floats) -> Floats:
    """The inverse of the triangular law; a law without width gives its mode."""
    width = np.maximum(high - low, 1e-300)
    left = np.sqrt(u * width * np.maximum(mode - low, 0)) + low
    right = high - np.sqrt((1 - u) * width * np.maximum(high - mode, 0))
    return np.where(u * width < mode - low, left, right)


def _yields(system: FoodSystem, u: Floats) -> Floats:
    """Multipliers of the mean yields: lognormal where a series exists, triangular where the yield is recalled, (N, R, K)."""
    spreads = system.spreads
    series = np.exp(spreads.yield_sd * _normal(u)[:, None, :])
    bounds = spreads.yield_bounds
    recalled = _triangular(u, 1 - bounds, 1.0, 1 + bounds)[:, None, :]
    return np.where(spreads.yield_sd > 0, series, recalled)


def _named(kind: str, names: tuple[str, ...], u: Floats) -> dict[str, Floats]:
    return {f"{kind}:{name}": u[:, i] for i, name in enumerate(names)}


def _ranks(values: Floats) -> Floats:
    """Centred ranks of unit length, (N,); zeros when the values do not vary."""
    ranks = np.argsort(np.argsort(values)).astype(float)
    if np.ptp(values) == 0:
        return np.zeros_like(ranks)
    ranks -= ranks.mean()
    return ranks / np.sqrt((ranks**2).sum())
