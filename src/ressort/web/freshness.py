"""New figures reach a running server: when `ressort data sync` is done, the workers are replaced one after the other.

A worker reads the figures once and works out from them what every page shares. Replacing it whole leaves no page made of
old and new figures; the old one answers until the new one is there.
"""

import os
import signal
import threading
from collections.abc import Callable

from ressort.reference import synced_stamp

#: seconds between two looks; the figures must be the same at two looks, for a sync brings several tables in a row
LOOK_S = 3.0


def start(stop: threading.Event, renew: Callable[[], None] | None = None) -> threading.Thread:
    """Watches the synced figures until told to stop, from a thread of its own."""
    words = (stop, renew or _renew_workers, synced_stamp())
    thread = threading.Thread(target=_watch, args=words, name="freshness", daemon=True)
    thread.start()
    return thread


def _watch(stop: threading.Event, renew: Callable[[], None], served: str) -> None:
    last = served
    while not stop.wait(LOOK_S):
        now = synced_stamp()
        if now != served and now == last:
            served = now
            renew()
        last = now


def _renew_workers() -> None:
    """Asks granian, in this process, to start new workers and to stop the old ones gracefully."""
    os.kill(os.getpid(), signal.SIGHUP)
