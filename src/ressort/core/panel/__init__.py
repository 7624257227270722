"""Citizens' panels drawn by lot: quotas, the fairest lottery, a draw that strangers can check.

tables ── read_quotas, read_pool ──> Pool + Quotas ── merged ──> Types (identical volunteers are one type)
                                                                   │
          bounds, relaxations  <───────────────────────────────────┤
                                                                   v
fairest: Relaxation (divisible, compact) <── cuts ──> mixture of whole panels ──> Lottery (chances proven best)
                                                                   │
                                   number_panels ──> 1,000 equally likely panels
                                                                   │
freeze (roots, commitment) ──> public dice ──> draw ──> transcript ──> ressort.verifiers.panel_draw
                                                                   │
                 first_fit (the substitute named by the draw), vacancy (the question left) when someone drops out
"""

from ressort.core.panel import beacon
from ressort.core.panel.feasibility import Bounds, Change, Relaxed, bounds, relaxations
from ressort.core.panel.lottery import Lottery, Progress, Rule, fairest
from ressort.core.panel.numbered import NumberedPanels, number_panels
from ressort.core.panel.pool import Missing, Note, Pool, natural, read_pool
from ressort.core.panel.portrait import Portrait, ValuePortrait, portrait
from ressort.core.panel.public_draw import (
    Announcement,
    canonical,
    draw,
    freeze,
    household_ranks,
    row_text,
    salt,
    sealed_rows,
)
from ressort.core.panel.quotas import Quota, criteria_of, quotas_from_population, read_population, read_quotas
from ressort.core.panel.replacement import first_fit, vacancy
from ressort.core.panel.tables import (
    Problem,
    Table,
    TableRefused,
    column_named,
    loose,
    read_table,
    write_table,
)
from ressort.core.panel.types import Types, merged, seat_problems, supply_of

__all__ = [
    "Announcement", "Bounds", "Change", "Lottery", "Missing", "Note", "NumberedPanels", "Pool", "Portrait", "Problem",
    "Progress", "Quota", "Relaxed", "Rule", "Table", "TableRefused", "Types", "ValuePortrait", "beacon", "bounds", "canonical",
    "column_named", "criteria_of", "draw", "fairest", "first_fit", "freeze", "household_ranks", "loose", "merged", "natural", "number_panels", "portrait",
    "quotas_from_population", "read_pool", "read_population", "read_quotas", "read_table", "relaxations", "row_text", "salt",
    "sealed_rows", "seat_problems", "supply_of", "vacancy", "write_table",
]  # fmt: skip
