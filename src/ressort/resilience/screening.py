"""Data to collect first, by runs made for it: Morris tells all the hypotheses, then total Sobol indices the first of them."""

from collections.abc import Callable

import numpy as np
import polars as pl

from ressort.core.economy import Floats
from ressort.core.errors import RuleBroken
from ressort.core.resilience import morris_effects, morris_paths, sobol_designs, sobol_shares
from ressort.resilience.ground import Ground
from ressort.resilience.many_runs import with_levers
from ressort.resilience.one_run import Player, metric_names
from ressort.resilience.request import Request
from ressort.resilience.settings import DIE
from ressort.resilience.stress import AVOIDED
from ressort.resilience.tables import hypothesis_label

#: hypotheses whose Sobol indices are worked out
FIRST = 10
MOST_PATHS, MOST_SAMPLE = 200, 4096


def data_to_collect_first(
    request: Request, ground: Ground, paths: int = 10, sample: int = 64, progress: Callable[[int, int], None] | None = None
) -> pl.DataFrame:  # fmt: skip
    """The hypotheses that drive the person-days lost, without lever, the first to measure first.

    `strength_person_days` and `spread_person_days` are Morris' mu* and sigma; `first_share` and `total_share` the Sobol indices of the
    first ten, empty for the others. Hypotheses are moved apart: correlations between events are left out here. The dice that say whether
    an event follows another are thrown with the others, and not told: no data would settle them.

    Args:
        paths: paths of Morris, K + 1 runs each; sample: runs in each of the twelve samples of Sobol.

    Raises:
        RuleBroken: too many runs, or none.
    """
    if not (1 <= paths <= MOST_PATHS and 2 <= sample <= MOST_SAMPLE):
        raise RuleBroken(
            "Ask for 1 to {paths} paths and samples of 2 to {sample} runs.", paths=MOST_PATHS, sample=MOST_SAMPLE
        )
    player = Player(with_levers(request, ()), ground)
    places = [place for place, law in enumerate(player.laws) if law.low < law.high]
    studied = [at for at, place in enumerate(places) if not player.laws[place].name.startswith(DIE)]
    chosen = min(FIRST, len(studied))
    total = paths * (len(places) + 1) + (chosen + 2) * sample
    told = progress or (lambda done, all_: None)
    ranks = morris_paths(len(places), paths, request.seed)
    effects = morris_effects(ranks, _played(player, places, ranks, lambda done: told(done, total)))
    order = sorted(studied, key=lambda at: (-effects.strength[at], at))
    first = order[:chosen]
    designs = sobol_designs(len(places), sample, first, request.seed)
    values = _played(player, places, designs, lambda done: told(len(ranks) + done, total))
    alone, shares = sobol_shares(values, sample)
    rows = []
    for rank, place in enumerate(order):
        name = player.laws[places[place]].name
        rows.append({
            "hypothesis": name, "label": hypothesis_label(name), "strength_person_days": float(effects.strength[place]),
            "spread_person_days": float(effects.spread[place]), "first_share": float(alone[rank]) if rank < chosen else None,
            "total_share": float(shares[rank]) if rank < chosen else None,
        })  # fmt: skip
    table = pl.DataFrame(rows, infer_schema_length=None)
    return table.sort("total_share", "strength_person_days", descending=True, nulls_last=True, maintain_order=True)


def _played(player: Player, places: list[int], ranks: Floats, told: Callable[[int], None]) -> Floats:
    """Person-days lost at given ranks of some hypotheses, the others in the middle; nan outside the model's domain."""
    column, found = metric_names().index(AVOIDED), np.full(len(ranks), np.nan)
    for number, row in enumerate(ranks):
        full = np.full(len(player.laws), 0.5)
        full[places] = row
        one = player.at_ranks(full)
        found[number] = np.nan if one.outside else one.metrics[column]
        told(number + 1)
    return found
