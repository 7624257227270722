"""Maps of France by indicator: EPCI or départements of the country, communes of a département."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ressort.core.errors import UnknownCode
from ressort.core.figure import Figure
from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.diagnosis.atlas import atlas
from ressort.reference.indicators import indicator
from ressort.reference.territories import build, swapped_in, territories
from ressort.web.templatetags.wording import shown
from ressort.web.territories.queries import address_of_key
from ressort.web.territories.shapes import COARSE, FINE, feature_collection

CLASSES = 5
DEFAULT = "adequacy_capped_share"
#: level of the address → kind of the territories drawn; any other level is the code of a département
KINDS = {"epci": "EPCI", "departements": "DEP"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One territory of a map: its page, its figure, and its class from 0 up; "x" where the figure is missing."""

    key: str
    label: str
    url: str
    figure: Figure
    group: str


@dataclass(frozen=True, slots=True)
class Legend:
    """One class of a map: its bounds in words, and how many territories fall in it."""

    group: str
    words: str
    count: int


def rows_of(level: str) -> list[int]:
    """The rows of the territories that a level draws.

    Raises:
        UnknownCode: a level that is neither `epci`, `departements`, nor the code of a département.
    """
    known = territories()
    if level in KINDS:
        return np.flatnonzero((known.table["kind"] == KINDS[level]).to_numpy()).tolist()
    return known.territory(f"DEP:{level.upper()}").members.tolist()


def department(level: str) -> Territory | None:
    """The département whose communes a level draws, None for a map of the country."""
    return None if level in KINDS else territories().territory(f"DEP:{level.upper()}")


def offered(level: str) -> list[tuple[str, str]]:
    """The indicators that a level has figures of, with their names."""
    rows = rows_of(level)
    language = get_language() or "fr"
    return [
        (key, indicator(key).label(language))
        for key, column in atlas().items()
        if class_bounds(column.values[rows]).size > 2
    ]


def drawing(level: str, key: str) -> tuple[list[Drawn], list[Legend]]:
    """The territories of a map by name, and its legend.

    Raises:
        UnknownCode: a level or an indicator that does not exist here.
    """
    if key not in atlas():
        raise UnknownCode("No map shows {key}; choose among {choices}.", key=key, choices=list(atlas()))
    known, rows, column = territories(), rows_of(level), atlas()[key]
    bounds = class_bounds(column.values[rows])
    found = []
    for row in sorted(rows, key=lambda row: known.table["search_key"][row]):
        place, figure = known.key(row), column.figure(row, key)
        group = "x" if figure.value is None else str(np.searchsorted(bounds[1:-1], figure.value, side="right"))
        found.append(Drawn(place, known.table["label"][row], address_of_key(place), figure, group))
    return found, _legend(found, bounds, column.unit)


def class_bounds(values: Floats) -> Floats:
    """Bounds of up to five classes of about as many territories each, from least to most; empty without values.

    They are rounded as they are said, to two digits: classes that would read alike are one.
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return np.array([])
    cuts = np.quantile(known, np.linspace(0, 1, CLASSES + 1))
    bounds = np.unique([float(f"{cut:.2g}") for cut in cuts])
    return bounds if bounds.size > 1 else np.repeat(bounds, 2)


def _legend(found: list[Drawn], bounds: Floats, unit: str) -> list[Legend]:
    def said(value: float) -> str:
        return shown(Figure(value=value, low=value, high=value, unit=unit, status="derived"))

    count = {group: sum(one.group == group for one in found) for group in {one.group for one in found}}
    classes = [
        Legend(str(at), _("{low} to {high}").format(low=said(low), high=said(high)), count.get(str(at), 0))
        for at, (low, high) in enumerate(pairwise(bounds))
    ]
    return [*classes, Legend("x", _("not known"), count["x"])] if "x" in count else classes


@lru_cache(maxsize=16)
def contours(level: str) -> bytes:
    """The contours of a level as GeoJSON; those of the country are made once and kept in the data folder."""
    rows = rows_of(level)
    if level not in KINDS:
        return feature_collection([territories().territory(row) for row in rows], FINE)
    folder = build().with_name(f"{build().name}-map-{level}")
    if not (folder / "contours.json").is_file():
        places = [territories().territory(row) for row in rows]
        with swapped_in(folder) as draft:
            (draft / "contours.json").write_bytes(feature_collection(places, COARSE))
    return (folder / "contours.json").read_bytes()


def draw_once() -> None:
    """Builds the territories and the contours of the country, which are kept: a few seconds, at the first start only."""
    build()
    for level in KINDS:
        contours(level)


def url(department_code: str) -> str:
    """Where the map of the communes of a département is; of the country without a code."""
    return reverse("diagnosis:map_of", args=(department_code,)) if department_code else reverse("diagnosis:map")


def contours_url(level: str) -> str:
    """Where the contours of a level are."""
    return reverse("diagnosis:contours", args=(level,))
