"""What each branch brings to those who buy from it: kind of input, days of stock, class of priority."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ressort.core.economy import Floats
from ressort.core.resilience import LEAST_STOCK_DAYS
from ressort.reference import table
from ressort.reference.national_economy import branches
from ressort.resilience.ground import LEVEL


@cache
def hypotheses() -> dict[str, dict[str, Any]]:
    """The rows of sector_hypotheses that a branch uses, by input group."""
    used = set(table("resilience/branch_inputs")["input_group"])
    return {
        row["input_group"]: row
        for row in table("resilience/sector_hypotheses").to_dicts()
        if row["input_group"] in used
    }


class Kinds(NamedTuple):
    """What each branch brings, in the order of the branches."""

    group: tuple[str, ...]  # input group
    by_road: tuple[bool, ...]
    rank: tuple[int, ...]  # class of priority, the first is 0
    material: Floats  # how much its users depend on goods
    billed: Floats  # 1 where paid by a bill


@cache
def kinds() -> Kinds:
    """The rows of branch_inputs."""
    rows = {row["branch"]: row for row in table("resilience/branch_inputs").to_dicts()}
    ordered = [rows[name] for name in branches(LEVEL)]
    return Kinds(
        tuple(row["input_group"] for row in ordered),
        tuple(row["travels"] == "road" for row in ordered),
        tuple(int(row["priority_class"]) - 1 for row in ordered),
        np.array([float(row["material_share"]) for row in ordered]),
        np.array([float(row["billed"] == "yes") for row in ordered]),
    )


def stock_days(values: dict[str, float], group: str, added: float = 0.0) -> float:
    """Days of stock of an input in a run."""
    return max(values.get(f"stock:{group}", LEAST_STOCK_DAYS) + added, LEAST_STOCK_DAYS)
