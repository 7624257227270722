"""Reading the reference before the first visitor comes."""

from ressort.diagnosis import diagnose
from ressort.reference.territories import search


def warm_up() -> None:
    """Reads what every page needs, so that the first request is as quick as the others."""
    search("Pau", limit=1)
    diagnose("COM:64445").table("similar")
