"""What of its use a territory makes: coverage, what is left over, what is lacking. A balance of a year, never a wire."""

from dataclasses import dataclass

from ressort.core.energy.ranged import Ranged
from ressort.core.errors import InputError


@dataclass(frozen=True, eq=False)
class Balance:
    """The balance of one carrier and year among n territories; not known where use or production is not.

    Args:
        coverage: production over use; 1.2 is 120 %. Not known where nothing is used.
        surplus, lack: production beyond use, use beyond production, from 0 up.
    """

    use: Ranged
    production: Ranged
    coverage: Ranged
    surplus: Ranged
    lack: Ranged


def balance(production: Ranged, use: Ranged) -> Balance:
    """Coverage, surplus and lack of each territory: `coverage = production / use`, `surplus − lack = production − use`.

    Raises:
        InputError: not as many productions as uses.
    """
    if len(production) != len(use):
        raise InputError(
            "There are {count} uses and {given} productions: give one of each by territory.", count=len(use), given=len(production)
        )  # fmt: skip
    return Balance(use, production, production.over(use), production.beyond(use), use.beyond(production))
