"""Diagnosis: what every face shows, composed once from the figures and the models.

core (models) ─┐
               ├──▶ diagnosis ──▶ command line · notebook · web · report
reference ─────┘      facts, food, scales, comparisons, charts, tables
"""

from ressort.core.food import Levers
from ressort.core.territory import Match, Territory
from ressort.diagnosis.comparison import Comparison, compare
from ressort.diagnosis.diagnosis import Diagnosis
from ressort.diagnosis.own import OwnData, own_areas, own_autonomy
from ressort.reference.territories import finder, resolve, search, territories

__all__ = [
    "Comparison",
    "Diagnosis",
    "Levers",
    "OwnData",
    "compare",
    "diagnose",
    "find",
    "own_areas",
    "own_autonomy",
    "place",
    "scenario",
]


def find(text: str, limit: int = 10) -> list[Match]:
    """The territories that answer a name, a postal code or a code, the best first."""
    return search(text, limit)


def diagnose(territory: str | list[str] | Territory, own: OwnData | None = None) -> Diagnosis:
    """The diagnosis of a territory as it is today.

    Args:
        territory: a name or a code ("Pau", "64445", "EPCI:200067254"), a list of them for an own group, or a Territory.
        own: figures that the territory provides and that win over estimates.

    Raises:
        UnknownCode, AmbiguousName: see `core.territory.Finder.resolve`.
    """
    return Diagnosis(place(territory), Levers(), own or OwnData())


def scenario(territory: str | list[str] | Territory, own: OwnData | None = None, **levers: object) -> Diagnosis:
    """The diagnosis of a territory with levers moved: `scenario("Pau", organic_share=0.5, diet="minus_25")`.

    Raises:
        RuleBroken: a lever outside its range. UnknownCode, AmbiguousName: as `diagnose`.
    """
    return Diagnosis(place(territory), Levers(**levers), own or OwnData())  # type: ignore[arg-type]


def place(territory: str | list[str] | Territory) -> Territory:
    """The territory that a name, a code, or a list of them stands for."""
    if isinstance(territory, Territory):
        return territory
    if isinstance(territory, str):
        return _merged(territory) or resolve(territory)
    keys = [resolve(text).key for text in territory]
    return territories().group(
        keys, " + ".join(resolve(key).name for key in keys[:3]) + (" …" if len(keys) > 3 else "")
    )


def _merged(text: str) -> Territory | None:
    """The EPCI of 2026 that a text names and that brings together some of 2025: as the group of their communes."""
    code = finder().merger(text)
    if code is None:
        return None
    name, parts = territories().mergers[code]
    return territories().group([f"EPCI:{part}" for part in parts], name)
