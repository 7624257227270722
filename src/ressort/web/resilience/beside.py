"""What other parts of the site measured, for the stress test: each adds itself here, and may know nothing of a place."""

from collections.abc import Callable
from dataclasses import dataclass

from ressort.core.territory import Territory


@dataclass(frozen=True, slots=True)
class Reuse:
    """The measured re-use rate of a local currency: low, central, high; which currency, over which days."""

    shares: tuple[float, float, float]
    source: str


REUSE: list[Callable[[Territory], Reuse | None]] = []


def reuse_of(place: Territory) -> Reuse | None:
    """The first that is known for a place."""
    return next((found for one in REUSE if (found := one(place)) is not None), None)
