"""Contours for screens: the map that shows where a territory lies, and files for map software."""

from typing import Any

from ressort.core.territory import Territory


def geometry(place: Territory) -> dict[str, Any] | None:
    """The contour of a territory as a GeoJSON geometry, None where there is none."""
    return None


def locator(place: Territory) -> dict[str, Any] | None:
    """The map."""
    return None
