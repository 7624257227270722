"""A network of flows: how efficient, how redundant, how robust (Ulanowicz, Lietaer, Kharrazi).

With T the matrix of all arcs, outer world included, t.. their sum, logarithms in base 2:

    A   = Σ t_ij log2( t_ij t.. / (t_i. t_.j) )     ascendency: order
    C   = − Σ t_ij log2( t_ij / t.. )               capacity
    Phi = C − A                                     overhead: reserve
    α = A / C        robustness −α ln α, fitness −e α ln α (at most 1)

Depends on the nomenclature: compare networks at the same one only; no causal claim.
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.economy.table import Floats
from ressort.core.errors import InputError, RuleBroken


@dataclass(frozen=True, slots=True)
class FlowNetwork:
    """The indicators of a network; `total` and the three capacities in the unit of the flows."""

    total: float
    ascendency: float  # unit of the flows × bits
    capacity: float
    overhead: float
    efficiency_share: float  # alpha
    robustness: float
    fitness: float
    link_density: float
    roles: float


def flow_network(flows: Floats) -> FlowNetwork:
    """The indicators of a square matrix of flows, outer world (input, export, losses) included.

    Raises:
        InputError: a flow that is not a number; RuleBroken: a negative flow, or no flow at all.
    """
    for i, j in np.argwhere(~np.isfinite(flows)):
        raise InputError("The flow from {row} to {column} is not a number.", row=int(i), column=int(j))
    for i, j in np.argwhere(flows < 0):
        raise RuleBroken(
            "The flow from {row} to {column} is negative ({value}).",
            row=int(i),
            column=int(j),
            value=float(flows[i, j]),
        )
    total = float(flows.sum())
    if total == 0:
        raise RuleBroken("No flow at all: the indicators of an empty network are not defined.")
    i, j = np.nonzero(flows)
    t, out, into = flows[i, j], flows.sum(1)[i], flows.sum(0)[j]
    ascendency = float((t * np.log2(t * total / (out * into))).sum())
    capacity = float(-(t * np.log2(t / total)).sum())
    alpha = ascendency / capacity if capacity > 0 else 1.0
    robustness = float(-alpha * np.log(alpha)) if 0 < alpha < 1 else 0.0
    return FlowNetwork(
        total=total,
        ascendency=ascendency,
        capacity=capacity,
        overhead=capacity - ascendency,
        efficiency_share=alpha,
        robustness=robustness,
        fitness=float(np.e * robustness),
        link_density=float(2 ** ((capacity - ascendency) / (2 * total))),
        roles=float(2 ** (ascendency / total)),
    )


def fitted_fitness(efficiency_share: float, exponent_ratio: float = 1.288) -> float:
    """−e α^b ln α^b, the curve Ulanowicz fitted in 2009 on ecosystems: its top stands at α = 0.4596 for b = 1.288.

    >>> round(fitted_fitness(0.4601), 4)
    1.0
    """
    powered = efficiency_share**exponent_ratio
    return float(-np.e * powered * np.log(powered)) if powered > 0 else 0.0
