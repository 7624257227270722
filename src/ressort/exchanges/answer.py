"""What a rule other than least distance answers, on every face."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ressort.core.exchanges import Plan, foodshed
from ressort.exchanges.cooperation import Cooperation
from ressort.language import gettext as _


@dataclass(frozen=True, eq=False)
class Answer:
    """What a rule gives.

    Args:
        rule: a key of `NAMES`; status: `optimum` (what could be) or `estimated` (how things may be, never a plan).
        sentences: in words, in the language in force; table: the figures.
    """

    rule: str
    title: str
    status: str
    sentences: list[str]
    table: pl.DataFrame


def rule_title(rule: str) -> str:
    """What people call a rule, while it is computed and above its answer; a shock has a title of its own once it is answered."""
    return {
        "most_from_one": _("At most so much from one partner"), "fair_km": _("Shared fairly"), "shock": _("A shock"),
        "promise": _("With the agreement kept"), "present": _("Flows as they may be today"),
        "balance": _("A balanced exchange of several goods"),
    }[rule]  # fmt: skip


def basin(found: Cooperation, key: str, plan: Plan) -> tuple[float, float, float, float]:
    """Suppliers, mean kilometres, what is imported, and the part of the need from the largest partner."""
    basin = foodshed(found.nationals[key].market, plan, np.array([found.at]))
    assert basin is not None
    largest = float(plan.quantity[plan.receiver == found.at].max(initial=0.0))
    mean = basin.mean_km if basin.mean_km == basin.mean_km else 0.0
    return float(basin.suppliers), mean, basin.imported, largest / basin.need if basin.need else 0.0


def beside(rows: list[tuple[str, float, float]]) -> pl.DataFrame:
    """Measures at least distance and with a rule, side by side."""
    return pl.DataFrame(
        rows, schema={"measure": pl.String, "least_distance": pl.Float64, "with_the_rule": pl.Float64}, orient="row"
    )


def rule_told(answer: Answer) -> dict[str, Any]:
    """An answer for programs."""
    return {
        "rule": answer.rule,
        "title": answer.title,
        "status": answer.status,
        "sentences": answer.sentences,
        "rows": answer.table.to_dicts(),
    }
