"""Flows drawn: lines between points over the outlines of the départements, as SVG without a script."""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians, sqrt
from typing import Any

import numpy as np
import polars as pl
import shapely

from ressort.reference.territories import territories
from ressort.web.diagnosis.maps import contours

WIDTH, MARGIN, LEAST_DEGREE = 600.0, 0.08, 1.2
THINNEST, THICKEST = 1.0, 9.0
MOST_ARCS = 200


@dataclass(frozen=True, slots=True)
class Arc:
    """One flow: its curve, its thickness, what it says, and whether it arrives."""

    path: str
    width: float
    label: str
    arrives: bool


@dataclass(frozen=True, slots=True)
class FlowMap:
    """The map: size, outlines, arcs, and the point of the territory."""

    view_box: str
    outlines: list[str]
    arcs: list[Arc]
    x: float
    y: float


@lru_cache(maxsize=1)
def _outlines() -> tuple[Any, ...]:
    """The shapes of the metropolitan départements: those of the map of the country, which are kept since the first start."""
    known = territories()
    drawn = json.loads(contours("departements"))["features"]
    return tuple(
        shapely.from_geojson(json.dumps(one["geometry"]))
        for one in drawn
        if known.table["zone"][known.row(one["id"])] == "metro"
    )


def flow_map(flows: pl.DataFrame, code: str, lat: float, lon: float, say: Any) -> FlowMap | None:
    """The map of some flows, the largest; None when there is none. `say(row)` words one flow."""
    rows = flows.head(MOST_ARCS).to_dicts()
    if not rows or np.isnan(lat):
        return None
    lats = [row[f"{side}_lat"] for row in rows for side in ("giver", "receiver")]
    lons = [row[f"{side}_lon"] for row in rows for side in ("giver", "receiver")]
    frame = _Frame.around(lons, lats)
    largest = max(row["quantity"] for row in rows)
    arcs = [
        Arc(
            frame.curve((row["giver_lon"], row["giver_lat"]), (row["receiver_lon"], row["receiver_lat"])),
            round(THINNEST + (THICKEST - THINNEST) * sqrt(row["quantity"] / largest), 1),
            say(row),
            row["receiver_code"] == code,
        )
        for row in reversed(rows)
    ]
    x, y = frame.at(lon, lat)
    return FlowMap(f"0 0 {WIDTH:.0f} {frame.height:.0f}", frame.outlines(), arcs, round(x, 1), round(y, 1))


@dataclass(frozen=True, slots=True)
class _Frame:
    """A part of the country in the units of the drawing."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, lons: list[float], lats: list[float]) -> "_Frame":
        middle = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        half = max(max(lons) - min(lons), max(lats) - min(lats), LEAST_DEGREE) / 2 * (1 + 2 * MARGIN)
        return cls(middle[0] - half, middle[1] - half * 0.8, middle[0] + half, middle[1] + half * 0.8)

    @property
    def scale(self) -> float:
        return WIDTH / ((self.east - self.west) * self.narrow)

    @property
    def narrow(self) -> float:
        return cos(radians((self.south + self.north) / 2))

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.narrow * self.scale, (self.north - lat) * self.scale

    def curve(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """A line bent to its right, so that ways there and back do not cover each other."""
        (x1, y1), (x2, y2) = self.at(*start), self.at(*end)
        bend = 0.15 * hypot(x2 - x1, y2 - y1) / max(hypot(x2 - x1, y2 - y1), 1e-9)
        x, y = (x1 + x2) / 2 - bend * (y2 - y1), (y1 + y2) / 2 + bend * (x2 - x1)
        return f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"

    def outlines(self) -> list[str]:
        """The départements in sight, as SVG paths."""
        window = shapely.box(self.west, self.south, self.east, self.north)
        paths = []
        for shape in _outlines():
            if shapely.intersects(shape, window):
                rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]
                paths.append("".join(self._ring(shapely.get_coordinates(ring)) for ring in rings))
        return paths

    def _ring(self, points: Any) -> str:
        x = (points[:, 0] - self.west) * self.narrow * self.scale
        y = (self.north - points[:, 1]) * self.scale
        return "M" + "L".join(f"{a:.0f} {b:.0f}" for a, b in zip(x[:-1], y[:-1], strict=True)) + "Z"
