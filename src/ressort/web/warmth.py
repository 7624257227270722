"""Reading the reference before the first visitor comes."""

from ressort.diagnosis import diagnose
from ressort.reference.territories import search
from ressort.web.diagnosis import maps


def warm_up() -> None:
    """Reads what every page needs, so that the first request is as quick as the others."""
    search("Pau", limit=1)
    diagnose("COM:64445").table("similar")


def draw_once() -> None:
    """Draws the contours of the country, which are kept: a few seconds, at the first start only."""
    for level in maps.KINDS:
        maps.contours(level)
