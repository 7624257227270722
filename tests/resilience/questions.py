"""Questions put to the stress test, small enough for a test."""

from ressort.reference.territories import resolve
from ressort.resilience import Request, of_territory

PLACE = "CC Fumel Vallée du Lot"


def request(*names: str, **words: object) -> Request:
    return Request(of_territory(resolve(PLACE)).key, names, **({"runs": 12, "days": 120} | words)).checked()  # type: ignore[arg-type]
