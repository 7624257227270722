"""Ressort: know, anticipate, plan, decide, act, share and measure the resilience of a territory.

>>> import ressort
>>> ressort.find("pau")[0].label                                  # doctest: +SKIP
'Pau (64)'
>>> pau = ressort.diagnose("CA Pau Béarn Pyrénées")                # doctest: +SKIP
>>> pau.figures["adequacy_capped_share"].value                     # doctest: +SKIP
>>> pau.table("groups")                                            # doctest: +SKIP
>>> pau.chart("autonomy")                                          # doctest: +SKIP
>>> ressort.stress("Pau", "power_cut").table("needs")              # doctest: +SKIP

Words (labels, charts, sentences, errors) are French, or English when `RESSORT_LANGUAGE` is `en`, or inside
`with ressort.language.language("en"):`. Names of columns, of figures and of levers never change.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ressort.core.errors import RessortError

if TYPE_CHECKING:
    from ressort.core.food import Levers
    from ressort.diagnosis import Comparison, Diagnosis, compare, diagnose, field, find, gardens, scenario
    from ressort.energy import energy_of
    from ressort.exchanges import cooperate
    from ressort.panel import draw_panel
    from ressort.resilience import replay, stress
    from ressort.votes import count_votes, read_votes

#: name → module that holds it; imported when first used, so that `import ressort` stays instant
_HOMES = {
    "Comparison": "ressort.diagnosis",
    "Diagnosis": "ressort.diagnosis",
    "Levers": "ressort.core.food",
    "compare": "ressort.diagnosis",
    "cooperate": "ressort.exchanges",
    "count_votes": "ressort.votes",
    "draw_panel": "ressort.panel",
    "energy_of": "ressort.energy",
    "diagnose": "ressort.diagnosis",
    "field": "ressort.diagnosis",
    "find": "ressort.diagnosis",
    "gardens": "ressort.diagnosis",
    "read_votes": "ressort.votes",
    "replay": "ressort.resilience",
    "scenario": "ressort.diagnosis",
    "stress": "ressort.resilience",
}

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "Diagnosis",
    "Levers",
    "RessortError",
    "compare",
    "cooperate",
    "count_votes",
    "diagnose",
    "draw_panel",
    "energy_of",
    "field",
    "find",
    "gardens",
    "read_votes",
    "replay",
    "scenario",
    "stress",
]


def _told(error: RessortError) -> str:
    """An error in the language in force, as the tables, charts and sentences beside it."""
    from ressort.language import told

    return told(error)


RessortError.told_by = _told


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
