"""Fragments kept in the memory of a worker: made once, whoever asks at the same moment, and again when the figures change."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.utils.connection import ConnectionProxy

from ressort.reference import synced_stamp

Made = TypeVar("Made")

#: the memory of this worker for pages and their fragments
pages = ConnectionProxy(caches, "pages")

#: seconds during which the folder of synced figures is not looked at again
LOOK_S = 2.0

#: one lock for each few keys: two readers of one page wait for each other, readers of two pages seldom do
_locks = [threading.Lock() for _ in range(64)]
_seen: tuple[float, str] = (float("-inf"), "")


def kept(words: tuple[Any, ...], make: Callable[[], Made], seconds: int | None = None) -> Made:
    """What `make` gives under these words; made by the first who asks, while the others wait."""
    key = f"{words[0]}:{hash(repr((*words, vintage())))}"
    found: Made | None = pages.get(key)
    if found is None:
        with _locks[hash(key) % len(_locks)]:
            found = pages.get(key)
            if found is None:
                found = make()
                pages.set(key, found, seconds)
    return found


def vintage() -> str:
    """A key that changes with the program and with the files brought by `ressort data sync`."""
    global _seen
    looked, stamp = _seen
    now = time.monotonic()
    if now - looked >= LOOK_S:
        stamp = f"{settings.VERSION}-{synced_stamp()}"
        _seen = (now, stamp)
    return stamp
