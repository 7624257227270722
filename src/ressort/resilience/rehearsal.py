"""The compiled model, ready before anybody asks: read from numba's cache on disk, or compiled once and kept there."""

from ressort.diagnosis import place
from ressort.reference.resilience_library import shocks
from ressort.reference.territories import building_lock
from ressort.resilience.ground import of_territory
from ressort.resilience.one_run import Player
from ressort.resilience.request import Request

#: any territory does: the same code serves them all
SOMEWHERE = "COM:64445"


def rehearse() -> None:
    """Plays one shock. Of several processes that start together, one compiles and the others wait, then read what it kept."""
    request = Request(territory=SOMEWHERE, shocks=(next(iter(shocks())),), runs=1)
    player = Player(request, of_territory(place(SOMEWHERE)))
    with building_lock():
        player.central()
