"""An economy as a balanced table of flows between industries, and what can be read from it alone.

Axes: R regions, S sectors (also the products they make), n = R·S industries in the order region by region, Q consumers.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ressort.core.errors import InputError, RuleBroken

Floats = NDArray[np.float64]

#: largest gap between output and the sum of its uses, as a share of output
BALANCE_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Economy:
    """Annual flows between industries, in money. Rows sell, columns buy.

    Args:
        regions, sectors, consumers: names; consumers are the columns of final demand.
        intermediate: what industry i sells to industry j in a year, (n, n).
        final: what industry i sells to final consumer q, (n, Q).
        output: what each industry makes in a year, (n,).
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    consumers: tuple[str, ...]
    intermediate: Floats
    final: Floats
    output: Floats

    @cached_property
    def value_added(self) -> Floats:
        """Output less what each industry buys, (n,)."""
        return self.output - self.intermediate.sum(0)

    @cached_property
    def coefficients(self) -> Floats:
        """What each industry buys for one unit of its output; 0 where it makes nothing, (n, n)."""
        return np.divide(self.intermediate, self.output, out=np.zeros_like(self.intermediate), where=self.output > 0)

    @cached_property
    def industries(self) -> tuple[str, ...]:
        """`region/sector` of each industry, (n,)."""
        return tuple(f"{region}/{sector}" for region in self.regions for sector in self.sectors)


def checked(economy: Economy) -> Economy:
    """The same economy, once every cell has been looked at.

    Raises:
        InputError: a shape, a name or a cell that is not a number.
        RuleBroken: a negative flow, an unbalanced row, an industry without output that buys or sells, or without value added.
    """
    _check_shapes(economy)
    _check_cells(economy)
    names, output = economy.industries, economy.output
    bought, sold = economy.intermediate.sum(0), economy.intermediate.sum(1) + economy.final.sum(1)
    for i in np.flatnonzero((output == 0) & ((bought > 0) | (sold > 0))):
        raise RuleBroken(
            "{industry} makes nothing and yet buys {bought} or sells {sold}: give its output, or empty its row and column.",
            industry=names[i], bought=float(bought[i]), sold=float(sold[i]),
        )  # fmt: skip
    for i in np.flatnonzero(np.abs(output - sold) > BALANCE_TOLERANCE * output):
        raise RuleBroken(
            "The row of {industry} is not balanced: output {output}, uses {sold}. Mend the row, or balance the table with RAS.",
            industry=names[i], output=float(output[i]), sold=float(sold[i]),
        )  # fmt: skip
    for i in np.flatnonzero((output > 0) & (economy.value_added <= 0)):
        raise RuleBroken(
            "{industry} buys {bought} to make {output}: without value added its capital is not defined. Mend its column.",
            industry=names[i], bought=float(bought[i]), output=float(output[i]),
        )  # fmt: skip
    return economy


def _check_shapes(economy: Economy) -> None:
    n, consumers = len(economy.regions) * len(economy.sectors), len(economy.consumers)
    wanted = {"intermediate": (n, n), "final": (n, consumers), "output": (n,)}
    for name, shape in wanted.items():
        if getattr(economy, name).shape != shape:
            raise InputError(
                "The table {name} has the shape {given}; {regions} regions, {sectors} sectors and {consumers} consumers ask for {wanted}.",
                name=name, given=str(getattr(economy, name).shape), wanted=str(shape),
                regions=len(economy.regions), sectors=len(economy.sectors), consumers=consumers,
            )  # fmt: skip
    for names in (economy.regions, economy.sectors, economy.consumers):
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise InputError("{names}: the same name stands twice. Each one may stand once.", names=double)


def _check_cells(economy: Economy) -> None:
    columns = {"intermediate": economy.industries, "final": economy.consumers, "output": ("output",)}
    for name, headers in columns.items():
        values = getattr(economy, name).reshape(len(economy.industries), -1)
        for i, j in np.argwhere(~np.isfinite(values)):
            raise InputError(
                "The cell {row} → {column} is not a number: write a figure, 0 if nothing is sold.",
                row=economy.industries[i], column=headers[j],
            )  # fmt: skip
        for i, j in np.argwhere(values < 0):
            raise RuleBroken(
                "The cell {row} → {column} is negative ({value}): a flow cannot be. Move it to value added or to stocks.",
                row=economy.industries[i], column=headers[j], value=float(values[i, j]),
            )  # fmt: skip


def with_other_use(economy: Economy, use_ratio: Floats, region: int = 0) -> Economy:
    """The economy where the industries of one region use more or less of some products: final demand stays, outputs follow (Leontief).

    Args:
        use_ratio: factor on what they use of each product, (S,).
    """
    sectors = len(economy.sectors)
    buyers = slice(region * sectors, (region + 1) * sectors)
    coefficients = economy.coefficients.copy()
    coefficients[:, buyers] *= np.tile(use_ratio, len(economy.regions))[:, None]
    output = np.linalg.solve(np.eye(len(coefficients)) - coefficients, economy.final.sum(1))
    return replace(economy, intermediate=coefficients * output, output=output)


def spectral_radius(coefficients: Floats) -> float:
    """The largest modulus of the eigenvalues: below 1, an economy makes more than it eats."""
    return float(np.abs(np.linalg.eigvals(coefficients)).max())


def output_multipliers(coefficients: Floats) -> Floats:
    """Output called for in all by one unit of final demand of each industry: column sums of (I − A)⁻¹, (n,).

    Raises:
        RuleBroken: the economy eats more than it makes.
    """
    return np.asarray(leontief_inverse(coefficients).sum(0))


def leontief_inverse(coefficients: Floats) -> Floats:
    """(I − A)⁻¹, (n, n).

    Raises:
        RuleBroken: the economy eats more than it makes.
    """
    radius = spectral_radius(coefficients)
    if radius >= 1:
        raise RuleBroken(
            "The coefficients have a spectral radius of {radius}: this economy eats more than it makes.", radius=radius
        )
    return np.asarray(np.linalg.inv(np.eye(len(coefficients)) - coefficients), dtype=np.float64)


def aggregated(economy: Economy, region_of: tuple[int, ...], regions: tuple[str, ...]) -> Economy:
    """The same economy with regions merged: region k joins `regions[region_of[k]]`; consumers are kept.

    Flows of one and the same product between merged regions are summed; nothing is lost.
    """
    sectors = len(economy.sectors)
    onto = np.zeros((len(regions) * sectors, len(economy.output)))
    for old, new in enumerate(region_of):
        for s in range(sectors):
            onto[new * sectors + s, old * sectors + s] = 1.0
    return Economy(
        regions, economy.sectors, economy.consumers,
        onto @ economy.intermediate @ onto.T, onto @ economy.final, onto @ economy.output,
    )  # fmt: skip
