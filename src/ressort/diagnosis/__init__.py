"""Diagnosis: what every face shows, composed once from the figures and the models.

core (models) ─┐
               ├──▶ diagnosis ──▶ command line · notebook · web · report
reference ─────┘      facts, food, scales, comparisons, charts, tables
"""

from ressort.core.errors import RuleBroken
from ressort.core.food import FarmsNeeded, Levers
from ressort.core.territory import Match, Territory
from ressort.diagnosis.comparison import Comparison
from ressort.diagnosis.comparison import compare as _side_by_side
from ressort.diagnosis.diagnosis import Diagnosis, figures_of
from ressort.diagnosis.inverse import Field
from ressort.diagnosis.inverse import field as _field
from ressort.diagnosis.inverse import gardens as _gardens
from ressort.diagnosis.own import Canteen, OwnData, OwnRows, own_areas, own_autonomy, own_data, own_figure
from ressort.reference.territories import finder, resolve, search, territories

__all__ = [
    "Canteen",
    "Comparison",
    "Diagnosis",
    "Field",
    "Levers",
    "OwnData",
    "OwnRows",
    "compare",
    "diagnose",
    "field",
    "figures_of",
    "find",
    "gardens",
    "merged",
    "own_areas",
    "own_autonomy",
    "own_data",
    "own_figure",
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
    return Diagnosis(place(territory), _levers(levers), own or OwnData())


def field(territory: str | list[str] | Territory, field_ha: float, family: str = "all", **levers: object) -> Field:
    """How many people a field feeds: `field("Pau", 2, "fruit_vegetables")`; in all food unless a family is named.

    Raises:
        UnknownCode: no such territory or family. RuleBroken: a negative field, or a food that takes no land here.
    """
    return _field(place(territory), field_ha, family, _levers(levers))


def gardens(territory: str | list[str] | Territory, covered_share: float, **levers: object) -> dict[str, FarmsNeeded]:
    """Market gardens of 2 ha that cover a share of the vegetables: `gardens("CA Pau Béarn Pyrénées", 0.1)`.

    Raises:
        RuleBroken: a share outside 0-1. UnknownCode, AmbiguousName: as `diagnose`.
    """
    return _gardens(place(territory), covered_share, _levers(levers))


def place(territory: str | list[str] | Territory) -> Territory:
    """The territory that a name, a code, or a list of them stands for."""
    if isinstance(territory, Territory):
        return territory
    if isinstance(territory, str):
        return merged(territory) or resolve(territory)
    keys = [resolve(text).key for text in territory]
    return territories().group(
        keys, " + ".join(resolve(key).name for key in keys[:3]) + (" …" if len(keys) > 3 else "")
    )


def compare(*held: str | list[str] | Territory | Diagnosis, names: list[str] | None = None) -> Comparison:
    """Up to four territories or scenarios side by side: `compare("Pau", "Bayonne")`; names default to those of the territories.

    Raises:
        RuleBroken: none, more than four, or two with the same name. UnknownCode, AmbiguousName: as `diagnose`.
    """
    return _side_by_side(*[one if isinstance(one, Diagnosis) else diagnose(one) for one in held], names=names)


def _levers(moved: dict[str, object]) -> Levers:
    """The levers named; one that holds several values may be a dictionary: `organic_shares={"poultry": 1.0}`.

    Raises:
        RuleBroken: no lever bears that name.
    """
    unknown = [name for name in moved if name not in Levers.__slots__]
    if unknown:
        raise RuleBroken(
            "{name} is not a lever; the levers are {choices}.", name=unknown[0], choices=list(Levers.__slots__)
        )
    plain = {name: tuple(sorted(value.items())) if isinstance(value, dict) else value for name, value in moved.items()}
    return Levers(**plain)  # type: ignore[arg-type]


def merged(text: str) -> Territory | None:
    """The EPCI of 2026 that a text names and that brings together some of 2025: as the group of their communes."""
    code = finder().merger(text)
    if code is None:
        return None
    name, parts = territories().mergers[code]
    return territories().group([f"EPCI:{part}" for part in parts], name)
