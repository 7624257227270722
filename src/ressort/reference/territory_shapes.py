"""Contours: of one territory, whole, for files; of many at once for maps, simplified together so that neighbours still touch.

<build folder>/outlines.parquet      row of the commune, outline in degrees as WKB; written with the territories
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from ressort.core.territory import Territory
from ressort.reference.territories import build, territories

Shapes = NDArray[np.object_]
OUTLINES = "outlines.parquet"


@cache
def outlines() -> Shapes:
    """The outline of each commune in degrees, None where there is none, (atoms,)."""
    held = pl.read_parquet(build() / OUTLINES)
    found = np.full(territories().atoms, None, dtype=object)
    found[held["row"].to_numpy()] = shapely.from_wkb(held["outline"].to_numpy())
    return found


@lru_cache(maxsize=64)
def contour_of(members: tuple[int, ...]) -> Any:
    """The contour of some communes together, None where none has one."""
    parts = [outlines()[row] for row in members if outlines()[row] is not None]
    return shapely.union_all(parts) if parts else None


def contour(place: Territory) -> Any:
    """The contour of a territory in degrees (a shapely geometry), None where there is none (Belgium)."""
    return contour_of_members(place.members)


def contour_of_members(members: NDArray[np.int64]) -> Any:
    """The contour of some communes together, None where none has one."""
    return outlines()[members[0]] if len(members) == 1 else contour_of(tuple(members.tolist()))


def drawn(places: list[Territory], tolerance_degree: float) -> list[Any]:
    """The contours of several territories, simplified together; None where there is none.

    Args:
        tolerance_degree: the size of a detail that may go; 0.01 is about a kilometre.
    """
    return simplified([contour(place) for place in places], tolerance_degree)


def simplified(shapes: list[Any], tolerance_degree: float) -> list[Any]:
    """Neighbouring shapes simplified together, see `drawn`."""
    shapes = list(shapes)
    there = [at for at, shape in enumerate(shapes) if shape is not None]
    simpler = shapely.coverage_simplify(np.array([shapes[at] for at in there], dtype=object), tolerance_degree)
    for at, shape in zip(there, simpler, strict=True):
        # a place smaller than the tolerance keeps the shape it has
        shapes[at] = shapes[at] if shape.is_empty else shape
    return shapes
