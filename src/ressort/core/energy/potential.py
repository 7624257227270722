"""What could be made: a national potential lent to territories, a part of it built, and how wrong lending is where both are known."""

from dataclasses import dataclass

import numpy as np

from ressort.core.energy.ranged import Ranged
from ressort.core.errors import InputError, RuleBroken
from ressort.core.territory.geometry import Floats

#: centiles of the ratio of what is observed to what is lent
LOW_CENTILE, HIGH_CENTILE = 5, 95


def lent(whole: Ranged, key: Floats, total: float) -> Ranged:
    """A national quantity lent to each territory in proportion to a key: `whole × key / total`.

    Args:
        whole: one quantity, (1,). key: people, hectares… of each territory, nan where not known, (n,).

    Raises:
        InputError: a key whose total is not above 0.
    """
    if not total > 0:
        raise InputError("A quantity is lent by a key whose total is above 0, not {value}.", value=total)
    share = key / total
    return Ranged(*(share * float(end[0]) for end in whole.ends))


@dataclass(frozen=True, eq=False)
class Built:
    """Production once a part of a potential is built.

    Args:
        production: what would be made; is_floor: True where today's production is not known and is not in it, (n,).
        added: what is built beyond today, a part of what is left of the potential.
    """

    production: Ranged
    is_floor: np.ndarray
    added: Ranged


def built(today: Floats, potential: Ranged, part_share: float) -> Built:
    """Today's production and a part of what the potential leaves: `today + part × max(0, potential − today)`.

    Where today is not known nothing is counted for it: the result is a floor, and says so. Where the potential is not known,
    today stays as it is when nothing is built, and nothing can be said otherwise.

    Raises:
        RuleBroken: a part outside 0–1.
    """
    if not 0 <= part_share <= 1:
        raise RuleBroken("The part of a potential that is built lies between 0 and 1, not {value}.", value=part_share)
    floor = np.isnan(today)
    now = Ranged.exactly(np.where(floor, 0.0, today))
    left = potential.where(potential.known, Ranged.exactly(np.zeros(len(today)))) if part_share == 0 else potential
    added = Ranged(*(part_share * np.maximum(end - now.central, 0.0) for end in left.ends))
    production = now.plus(added)
    if part_share == 0:
        unknown = Ranged.exactly(np.full(len(today), np.nan))
        production = production.where(~floor, unknown)
        floor = np.zeros(len(today), dtype=bool)
    return Built(production, floor, added)


def lent_error(observed: Floats, lent_values: Floats) -> tuple[float, float]:
    """How far what is observed lies from what lending says: the 5th and 95th centiles of their ratio, each on its side of 1.

    Raises:
        InputError: no territory where both are known.
    """
    both = (observed > 0) & (lent_values > 0)
    if not both.any():
        raise InputError("No territory has both an observed and a lent value: the error of lending cannot be told.")
    low, high = np.percentile(observed[both] / lent_values[both], (LOW_CENTILE, HIGH_CENTILE))
    return min(1.0, float(low)), max(1.0, float(high))
