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
from ressort.reference.territory_shapes import contour, contour_of_members, drawn, simplified
from ressort.web.territories.queries import address_of_key

#: about a metre
DECIMALS = 5
#: about a hundred metres, for maps that show a whole country
MAP_DECIMALS = 3
#: sizes of a detail that may go, in degrees: the communes of a département, the EPCI of a country
FINE, COARSE = 0.003, 0.015
#: width of the small map in its own units; where outlines have more points than this, details smaller than this part of it go
WIDTH, MANY_POINTS, DETAIL = 600, 1500, 0.004
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


def piece_rows(place: Territory) -> list[int]:
    """The territories that a territory is drawn by: its communes, or larger pieces; around a commune, those of its EPCI."""
    known = territories()
    if place.kind in PIECES:
        held = territories().territory(METROPOLITAN) if place.key == "PAYS:FR" else place
        return _inside(PIECES[place.kind], held)
    if len(place.members) == 1 and (epci := known.parents(place).get("EPCI")) is not None:
        return known.members(epci).tolist()
    return place.members.tolist() if len(place.members) <= MOST_COMMUNES else []


def locator(place: Territory) -> Locator | None:
    """The small map of a territory, None where no contour is known."""
    known, rows = territories(), piece_rows(place)
    whole = [contour_of_members(known.members(row)) for row in rows]
    extent = _extent(whole)
    if extent is None:
        return None
    west, south, east, north = extent
    narrow = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * narrow, north - south)
    is_fine = shapely.get_num_coordinates(np.array(whole, dtype=object)).sum() > MANY_POINTS
    shapes = simplified(whole, DETAIL * WIDTH / scale) if is_fine else whole
    there = [(row, shape) for row, shape in zip(rows, shapes, strict=True) if shape is not None]
    paths = _paths([shape for _row, shape in there], np.array([west, north]), np.array([narrow * scale, -scale]))
    found = [
        Piece(known.labels[row], address_of_key(known.key(row)), path, known.key(row) == place.key)
        for (row, _shape), path in zip(there, paths, strict=True)
    ]
    return Locator(f"0 0 {(east - west) * narrow * scale:.0f} {(north - south) * scale:.0f}", found)


def _inside(kind: str, place: Territory) -> list[int]:
    """The territories of one kind that have most of their communes in a territory."""
    known = territories()
    holder = known.parents_of_commune[kind]
    counts = np.bincount(holder[place.members][holder[place.members] >= 0], minlength=len(known))
    return [int(row) for row in np.flatnonzero(counts) if 2 * counts[row] > len(known.members(int(row)))]


def _extent(shapes: list[Any]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of shapes, with a margin."""
    there = [shape for shape in shapes if shape is not None]
    if not there:
        return None
    west, south, east, north = shapely.total_bounds(there)
    margin = MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _paths(shapes: list[Any], origin: Floats, factor: Floats) -> list[str]:
    """Outlines as SVG paths, in whole units; all at once, for a map has hundreds of rings."""
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    across, down = np.rint((points - origin) * factor).astype(int).T.tolist()
    words = [f"{x} {y}" for x, y in zip(across, down, strict=True)]
    ends = np.cumsum(np.bincount(ring_of, minlength=len(rings))).tolist()
    paths = [""] * len(shapes)
    for shape, start, end in zip(shape_of[part_of].tolist(), [0, *ends], ends, strict=False):
        paths[shape] += "M" + "L".join(words[start : end - 1]) + "Z"
    return paths


def _as_geojson(shape: Any, decimals: int) -> dict[str, Any]:
    """A GeoJSON geometry with coordinates of so many decimals."""
    rounded = shapely.transform(shape, lambda points: np.round(points, decimals))
    held: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return held
