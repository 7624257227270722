"""The discrete choices behind a result: sets of organic coefficients, methods for animals, computed side by side."""

from dataclasses import replace
from typing import Any

from ressort.core.food import Levers
from ressort.reference.food_system import BELGIUM, food_system

#: sets of organic coefficients that hold for Belgium, the default first
BELGIAN_SETS = ["lca", "ademe_whole_diet"]


def of_country(levers: Levers, country: str) -> Levers:
    """The levers with a set of organic coefficients that reaches the country: no organic survey covers Belgium."""
    if country != BELGIUM or levers.organic_set in BELGIAN_SETS:
        return levers
    return replace(levers, organic_set=BELGIAN_SETS[0])


def is_organic(levers: Levers) -> bool:
    """Whether something is grown organically beyond today."""
    return levers.organic_share > 0 or any(share > 0 for _, share in levers.organic_shares)


def other_choices(levers: Levers, country: str) -> dict[str, Levers]:
    """The same levers under each discrete choice: organic sets where something is organic, else the two methods."""
    sets = BELGIAN_SETS if country == BELGIUM else list(food_system().links)
    field, names = ("organic_set", sets) if is_organic(levers) else ("method", ["rations", "inventories"])
    held: dict[str, Any] = {name: getattr(levers, name) for name in levers.__slots__}
    return {name: Levers(**{**held, field: name}) for name in names}
