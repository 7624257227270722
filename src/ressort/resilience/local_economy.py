"""How much of the money spent in a territory stays there, branch by branch; and how its network of flows holds."""

from typing import Any

import numpy as np
import polars as pl

from ressort.core.economy import Economy, Floats, FlowNetwork, flow_network, local_multipliers
from ressort.language import current_language
from ressort.language import gettext as _
from ressort.reference.national_economy import labels
from ressort.resilience.ground import HERE, LEVEL, Ground, economy

#: exponents of the location quotients that bound the results
DELTAS = (0.1, 0.25, 0.4)


def multipliers(ground: Ground) -> pl.DataFrame:
    """LM3, type II multiplier and leakage of each branch, for three exponents of the location quotients: low, central, high.

    Households spend here what they spend of local branches; wages are INSEE's shares of output, all paid to residents.
    """
    found = [_at(ground, delta) for delta in DELTAS]
    names = labels(LEVEL, current_language())
    rows = []
    for place, code in enumerate(names):
        low, central, high = sorted((one[place] for one in found), key=lambda one: one.lm3_ratio)
        rows.append({
            "branch": code, "label": names[code], "jobs": float(ground.jobs[place]), "lm3_low_ratio": low.lm3_ratio, "lm3_ratio": central.lm3_ratio,
            "lm3_high_ratio": high.lm3_ratio, "type_two_ratio": central.type_two_ratio, "suppliers_share": central.suppliers_share,
            "wages_share": central.wages_share, "leakage_share": central.leakage_share, "status": "estimated",
        })  # fmt: skip
    return pl.DataFrame(rows)


def _at(ground: Ground, delta: float) -> list[Any]:
    made = economy(ground, delta)
    sectors = len(made.sectors)
    bought = made.coefficients[:, :sectors].reshape(-1, sectors, sectors)
    local = bought[HERE]
    spent = made.final[:, 0].reshape(-1, sectors)
    return local_multipliers(bought.sum(0), local, ground.wages, spent[HERE] / spent.sum())


def network(ground: Ground, delta: float = 0.25) -> FlowNetwork:
    """Efficiency, redundancy and robustness of the flows of money of a territory, outer world included."""
    return flow_network(_flows(economy(ground, delta)))


def network_table(ground: Ground) -> pl.DataFrame:
    """The flows of money of the territory as a network: order, reserve, robustness."""
    found = network(ground)
    words = {
        "efficiency_share": _("Efficiency: part of the flows that is ordered"),
        "fitness": _("Robustness: 1 at most, between too ordered and too scattered"),
        "link_density": _("Effective links of a branch"),
        "roles": _("Effective roles"),
    }
    return pl.DataFrame(
        [
            {"indicator": name, "label": label, "value": float(getattr(found, name)), "status": "estimated"}
            for name, label in words.items()
        ]
    )


def _flows(made: Economy) -> Floats:
    """Arcs between local branches, from outside (input), to outside (export), to final consumers here: (S + 3, S + 3)."""
    sectors = len(made.sectors)
    flows = np.zeros((sectors + 3, sectors + 3))
    flows[:sectors, :sectors] = made.intermediate[:sectors, :sectors]
    flows[sectors, :sectors] = made.intermediate[sectors:, :sectors].sum(0) + made.value_added[:sectors]
    flows[:sectors, sectors + 1] = made.intermediate[:sectors, sectors:].sum(1) + made.final[:sectors, 2:].sum(1)
    flows[:sectors, sectors + 2] = made.final[:sectors, :2].sum(1)
    return flows
