"""Areas without a projection library, and distances."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: GRS80 ellipsoid
SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
EARTH_RADIUS_KM = 6371.0088
M2_PER_HA = 10_000.0


def equal_area_m(lonlat_degree: Floats) -> Floats:
    """Longitudes and latitudes (n, 2) on a plane that keeps areas, in metres.

    `x = a λ`, `y = a/2 · q(sin φ)`, `q(s) = (1−e²) [s/(1−e²s²) − ln((1−es)/(1+es))/(2e)]`.
    """
    e2 = FLATTENING * (2 - FLATTENING)
    e = np.sqrt(e2)
    lon, lat = np.radians(lonlat_degree).T
    s = np.sin(lat)
    q = (1 - e2) * (s / (1 - e2 * s * s) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))
    return np.column_stack([SEMI_MAJOR_M * lon, SEMI_MAJOR_M / 2 * q])


def areas_ha(shapes: Any) -> Floats:
    """Areas of shapes given in degrees (an array of shapely geometries), nan where there is none, (n,)."""
    import shapely

    flat = shapely.transform(shapes, equal_area_m)
    areas: Floats = shapely.area(flat) / M2_PER_HA
    areas[shapely.is_missing(shapes)] = np.nan
    return areas


def distances_km(lat_degree: float, lon_degree: float, lats_degree: Floats, lons_degree: Floats) -> Floats:
    """Great-circle distances from one point to many (haversine), nan where a point is not known, (n,)."""
    lat, lats = np.radians(lat_degree), np.radians(lats_degree)
    half_lat, half_lon = (lats - lat) / 2, np.radians(lons_degree - lon_degree) / 2
    inner = np.sin(half_lat) ** 2 + np.cos(lat) * np.cos(lats) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, inner))))


def on_sphere(lat_degree: Floats | float, lon_degree: Floats | float) -> Floats:
    """Points on the unit sphere, (3, …)."""
    lat, lon = np.radians(lat_degree), np.radians(lon_degree)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
