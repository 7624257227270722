"""How many visitors stand at each worker: one who has more than a share sends some away, and they come back by another door.

The kernel throws dice for each connection, and a connection stays: without this, of sixteen visitors twelve may wait for one worker as long
as they are there, while the other four are answered three times sooner. An answer that ends its connection costs its visitor a new one.
"""

import os
import socket
import time
from collections.abc import MutableSequence
from contextlib import suppress

#: seconds during which visitors are not counted again
LOOK_S = 0.05
#: visitors that a worker keeps, whatever others have
FEW = 4
#: visitors of a worker that did not count them yet: as long as it starts, nobody is sent to it
UNKNOWN = 2**31 - 1

#: the files that this process holds open, on Linux
_HELD = "/proc/self/fd"


class Crowd:
    """The visitors of one worker beside those of the others.

    Args:
        visitors: how many each worker has, shared by all of them; place: this one's.
    """

    def __init__(self, visitors: MutableSequence[int], place: int) -> None:
        self._visitors, self._place = visitors, place
        self._looked_s = float("-inf")
        self._surplus = 0

    def sends_away(self) -> bool:
        """Whether the answer that begins is the last one of its connection."""
        now = time.monotonic()
        if now - self._looked_s >= LOOK_S:
            self._looked_s = now
            self._visitors[self._place] = here = connected()
            self._surplus = surplus(here, min(self._visitors))
        self._surplus -= 1
        return self._surplus >= 0


def surplus(here: int, fewest: int) -> int:
    """How many visitors to send away: half of the difference, where it is more than one and more than an eighth."""
    return (here - fewest) // 2 if here > max(FEW, fewest + 1, fewest + fewest // 8) else 0


def connected() -> int:
    """How many network connections this process holds, 0 where the system does not tell; those to a database beside it go by no network."""
    found = 0
    for name in os.listdir(_HELD) if os.path.isdir(_HELD) else ():
        # a file that is no socket, or was closed since
        with suppress(OSError):
            held = socket.socket(fileno=int(name))
            found += held.family in (socket.AF_INET, socket.AF_INET6)
            held.detach()
    return found
