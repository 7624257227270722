"""Land needed against land available: potential autonomy, in hectares of crop groups.

Three numbers that never merge: *adequacy* (hectares that could feed), *actual autonomy* (food that does, in value,
see `actual_autonomy`), and *feeding potential* (all farmland over all land needed).
"""

from dataclasses import dataclass

import numpy as np

from ressort.core.errors import RuleBroken
from ressort.core.food.system import Floats, Integers

#: hectares below which nothing is there: a tenth of a square centimetre
NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Adequacy:
    """Land available over land needed. Leading axes are places, scenarios or draws; G crop groups.

    Args:
        by_group: ratio, may exceed 1; nan where the group is not needed or its area not known, (…, G).
        gross: sum available over sum needed, known groups only; a surplus of one pays for another, (…).
        capped: each group counted up to its need; 0–1; a surplus never pays for a deficit, (…).
        known_share: part of the land needed that falls in groups whose area is known, (…).
    """

    by_group: Floats
    gross: Floats
    capped: Floats
    known_share: Floats


def adequacy(available_ha: Floats, needed_ha: Floats) -> Adequacy:
    """Potential autonomy by crop group and overall.

    `gross = Σ available / Σ needed`, `capped = Σ min(available, needed) / Σ needed`, over the groups whose area is known.
    A ratio without need is nan: missing, neither zero nor infinite.

    Args:
        available_ha: hectares by group, nan where not known, (…, G).
        needed_ha: hectares by group, (…, G), broadcast with `available_ha`.
    """
    available_ha, needed_ha = np.broadcast_arrays(available_ha, needed_ha)
    known = ~np.isnan(available_ha)
    needed = np.where(known, needed_ha, 0.0)
    available = np.where(known, available_ha, 0.0)
    total = needed.sum(-1)
    return Adequacy(
        by_group=_ratio(available_ha, needed_ha),
        gross=_ratio(available.sum(-1), total),
        capped=_ratio(np.minimum(available, needed).sum(-1), total),
        known_share=_ratio(total, needed_ha.sum(-1)),
    )


def group_land_ha(crop_land_ha: Floats, group_of: Integers, groups: int) -> Floats:
    """Hectares by crop added up by group, (…, K) → (…, G)."""
    onto = np.zeros((len(group_of), groups))
    onto[np.arange(len(group_of)), group_of] = 1.0
    return crop_land_ha @ onto


def feeding_potential(farmland_ha: Floats | float, needed_ha: Floats | float) -> Floats:
    """All farmland over all land needed; feasible above 1; nan when nothing is needed or there is no farmland."""
    return _ratio(np.where(np.asarray(farmland_ha) > 0, farmland_ha, np.nan), np.asarray(needed_ha, dtype=float))


def actual_autonomy(local_eur: float, total_eur: float) -> float:
    """Local farm products eaten here, processed ones included, over all food eaten here, in value.

    Never derived from hectares: without flow data it is missing.

    Raises:
        RuleBroken: a part larger than its whole, or nothing eaten.
    """
    if not 0 <= local_eur <= total_eur or total_eur == 0:
        raise RuleBroken(
            "Local purchases ({local} €) must lie between 0 and all purchases ({total} €).",
            local=local_eur,
            total=total_eur,
        )
    return local_eur / total_eur


def people_fed_by_field(field_ha: float, land_per_person_ha: float) -> float:
    """How many people a field feeds, for the food that `land_per_person_ha` counts; the inverse question.

    Raises:
        RuleBroken: a negative field, or a food that takes no land.
    """
    if not 0 <= field_ha < float("inf"):
        raise RuleBroken("A field cannot measure {value} ha: give hectares from 0 up.", value=field_ha)
    if not land_per_person_ha > 0:
        raise RuleBroken("This food takes no land: nobody can be counted.")
    return field_ha / land_per_person_ha


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Part over whole; nan where the whole is zero, or so near it that the ratio would mean nothing."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.divide(
        part, whole, out=np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan), where=whole > NOTHING
    )
