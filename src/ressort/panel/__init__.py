"""Citizens' panels for every face: files in, a question ready to draw; one call from files to a drawn panel.

>>> import ressort
>>> drawn = ressort.draw_panel("volontaires.csv", "quotas.csv", 40, seed="2026-03-12")    # doctest: +SKIP
>>> drawn.ids                                                                               # doctest: +SKIP
>>> drawn.chances                                                                           # doctest: +SKIP
"""

from ressort.panel.drawing import (
    Drawn,
    Feasibility,
    chances_table,
    draw_panel,
    feasibility,
    lottery_of,
    sealed,
    verifier,
)
from ressort.panel.question import Question, ask, population_quotas
from ressort.panel.words import changes_told, problems_told, said, seats_told

__all__ = [
    "Drawn", "Feasibility", "Question", "ask", "chances_table", "changes_told", "draw_panel", "feasibility", "lottery_of",
    "population_quotas", "problems_told", "said", "sealed", "seats_told", "verifier",
]  # fmt: skip
