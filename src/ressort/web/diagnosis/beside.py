"""What other parts of the site measured of a territory, shown under its diagnosis: each adds itself here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError

from ressort.core.territory import Territory


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure as people read it, with its range, or why it is not told."""

    label: str
    value: str
    span: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Measures of one source: what it is, which days, how sure, where to read more."""

    title: str
    measures: tuple[Measured, ...]
    vintage: str
    status: str
    note: str
    url: str


PANELS: list[Callable[[Territory], list[Panel]]] = []


def panels_of(place: Territory) -> list[Panel]:
    """What is measured there; nothing when the database does not answer, which the page says elsewhere."""
    try:
        return [panel for one in PANELS for panel in one(place)]
    except DatabaseError:
        return []
