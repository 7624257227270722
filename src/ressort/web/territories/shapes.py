"""Contours for screens: the small map that shows where a territory lies, and what files and maps draw."""

import json
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import shapely

from ressort.core.food.system import Floats
from ressort.core.territory import Territory
from ressort.reference.territories import territories
from ressort.reference.territory_shapes import contour, drawn
from ressort.web.territories.queries import address

#: about a metre
DECIMALS = 5
#: about a hundred metres, for maps that show a whole country
MAP_DECIMALS = 3
#: sizes of a detail that may go, in degrees: the communes of a département, the EPCI of a country
FINE, COARSE = 0.003, 0.015
#: width of the small map in its own units, details smaller than a hundredth of it may go
WIDTH, DETAIL = 600, 0.004
MARGIN = 0.06
#: a territory of more communes than this is drawn by larger pieces
MOST_COMMUNES = 400
#: kind → the kind of the pieces it is drawn by
PIECES = {"DEP": "EPCI", "REG": "DEP", "PAYS": "REG"}
METROPOLITAN = "PAYS:FRM"


@dataclass(frozen=True, slots=True)
class Piece:
    """One shape of the small map: what it is, where its page is, its outline as an SVG path."""

    label: str
    url: str
    path: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Locator:
    """The small map: its size, and its pieces."""

    view_box: str
    pieces: list[Piece]


def geometry(place: Territory) -> dict[str, Any] | None:
    """The contour of a territory as a GeoJSON geometry, None where there is none."""
    shape = contour(place)
    return None if shape is None else _as_geojson(shape, DECIMALS)


def feature_collection(places: list[Territory], tolerance_degree: float) -> bytes:
    """The contours of several territories as GeoJSON, simplified together; `id` is the key of the territory."""
    features = [
        {"type": "Feature", "id": place.key, "properties": {}, "geometry": _as_geojson(shape, MAP_DECIMALS)}
        for place, shape in zip(places, drawn(places, tolerance_degree), strict=True)
        if shape is not None
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()


def pieces_of(place: Territory) -> list[Territory]:
    """The territories that a territory is drawn by: its communes, or larger pieces; around a commune, those of its EPCI."""
    known = territories()
    if place.kind in PIECES:
        held = territories().territory(METROPOLITAN) if place.key == "PAYS:FR" else place
        return _inside(PIECES[place.kind], held)
    if len(place.members) == 1 and "EPCI" in known.parents(place):
        return [known.territory(int(row)) for row in known.members(known.parents(place)["EPCI"])]
    return [known.territory(int(row)) for row in place.members] if len(place.members) <= MOST_COMMUNES else []


def locator(place: Territory) -> Locator | None:
    """The small map of a territory, None where no contour is known."""
    pieces = pieces_of(place)
    extent = _extent(drawn(pieces, 0.0)) if pieces else None
    if extent is None:
        return None
    west, south, east, north = extent
    narrow = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * narrow, north - south)
    shapes = drawn(pieces, DETAIL * WIDTH / scale)
    origin, factor = np.array([west, north]), np.array([narrow * scale, -scale])
    found = [
        Piece(piece.label, address(piece), _path(shape, origin, factor), piece.key == place.key)
        for piece, shape in zip(pieces, shapes, strict=True)
        if shape is not None
    ]
    return Locator(f"0 0 {(east - west) * narrow * scale:.0f} {(north - south) * scale:.0f}", found)


def _inside(kind: str, place: Territory) -> list[Territory]:
    """The territories of one kind that have most of their communes in a territory."""
    known = territories()
    holder = known.parents_of_commune[kind]
    counts = np.bincount(holder[place.members][holder[place.members] >= 0], minlength=len(known))
    rows = [row for row in np.flatnonzero(counts) if 2 * counts[row] > len(known.members(int(row)))]
    return [known.territory(int(row)) for row in rows]


def _extent(shapes: list[Any]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of shapes, with a margin."""
    there = [shape for shape in shapes if shape is not None]
    if not there:
        return None
    west, south, east, north = shapely.total_bounds(there)
    margin = MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _path(shape: Any, origin: Floats, factor: Floats) -> str:
    """An outline as an SVG path, in whole units."""
    rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]
    drawn_rings = (np.rint((shapely.get_coordinates(ring) - origin) * factor).astype(int) for ring in rings)
    return "".join("M" + "L".join(f"{x} {y}" for x, y in ring[:-1]) + "Z" for ring in drawn_rings)


def _as_geojson(shape: Any, decimals: int) -> dict[str, Any]:
    """A GeoJSON geometry with coordinates of so many decimals."""
    rounded = shapely.transform(shape, lambda points: np.round(points, decimals))
    held: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return held
