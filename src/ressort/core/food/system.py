"""The figures of the food model as arrays, and the links from a product to the crops behind it.

Axes: P products, F families, K crops, G crop groups, R regions (France's régions and "BE"), L links, S farm systems.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Links:
    """What one kg of a product takes of a crop: a row for each (product, crop, mode).

    Args:
        product, crop: indices, shape (L,).
        crop_kg_per_kg: kg of crop per kg of product at the farm gate, shape (L,).
        conventional, organic: weight of the link for the conventional and the organic part of the product;
            an organic weight of 1.5 means that an organic kilogram takes 1.5 times the land, shape (L,).
        whole_diet: True where the organic weight is the inverse of a ratio read from the whole diet.
        abroad: True where the crop is grown abroad unless feed is relocated, shape (L,).
    """

    product: Integers
    crop: Integers
    crop_kg_per_kg: Floats
    conventional: Floats
    organic: Floats
    abroad: Booleans
    whole_diet: bool = False

    def onto(self, index: Integers, size: int) -> Floats:
        """The 0/1 matrix (L, size) that adds links up by the index of their product or crop."""
        matrix = np.zeros((len(index), size))
        matrix[np.arange(len(index)), index] = 1.0
        return matrix


@dataclass(frozen=True, eq=False)
class Labour:
    """Full-time equivalents per hectare by farm system, conventional and organic; each (S,) with bounds (S, 2)."""

    conventional: Floats
    organic: Floats
    conventional_bounds: Floats
    organic_bounds: Floats


@dataclass(frozen=True, eq=False)
class Spreads:
    """Half-widths and standard deviations behind the ranges; see `reference/food/uncertainty.csv`.

    Args:
        diet, ration, losses: half-width of a uniform law, as a share.
        yield_sd: standard deviation of the logarithm of a mean yield, shape (R, K); used where positive.
        yield_bounds: half-width of a triangular law where no series exists, shape (K,).
        organic_bounds: low and high ratio over the central one, by organic set, {set: (P, 2)}.
        ruminant_sd: standard deviation of the logarithm of the ruminant factor.
    """

    diet: float
    ration: float
    losses: float
    yield_sd: Floats
    yield_bounds: Floats
    organic_bounds: dict[str, Floats]
    ruminant_sd: float


@dataclass(frozen=True, eq=False)
class FoodSystem:
    """All that the food model knows, read once by `reference.food_system`."""

    products: tuple[str, ...]
    families: tuple[str, ...]
    family_of: Integers  # (P,)
    crops: tuple[str, ...]
    groups: tuple[str, ...]
    group_of: Integers  # (K,)
    regions: tuple[str, ...]
    diet_kg_per_year: Floats  # (R, P)
    energy_kcal_per_day: Floats  # (R, P)
    protein_g_per_day: Floats  # (R, P)
    supply_loss_share: Floats  # (R, P)
    relocatable_share: Floats  # (R, P)
    avoidable_share: float
    yield_t_per_ha: Floats  # (R, K)
    yield_is_regional: Booleans  # (R, K)
    links: dict[str, Links]  # by organic coefficient set
    inventory_links: dict[str, Links]  # the same with life-cycle land for animals (method A)
    ruminant: Booleans  # (P,)
    ruminant_factor: float
    inventory_factor: float
    farm_systems: tuple[str, ...]
    farm_system_of: Integers  # (P,), -1 where no land is counted
    labour: Labour
    ghg_kgco2e_per_kg: Floats  # (P,), nan where no coefficient is known
    ghg_bounds: Floats  # (P, 2)
    transport_kgco2e_per_kg: Floats  # (P,), nan where not given
    animal: Booleans  # (P,)
    meat: Booleans  # (P,)
    whole_diet_ratios: tuple[Floats, Floats]  # meat g/day, organic over conventional land; both ascending in meat
    diets: dict[str, Floats]  # diet → ratio (P,)
    replaces_protein: dict[str, bool]
    spreads: Spreads
    parameters: dict[str, float] = field(default_factory=dict)

    @cached_property
    def product_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.products)}

    @cached_property
    def region_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.regions)}
