"""Optima of the whole country computed beside the pages, one at a time for the whole site."""

from ressort.core.errors import RuleBroken
from ressort.exchanges import good, is_stored, national
from ressort.web.exchanges.aside import Aside, Told


def _aside(level: str, key: str) -> Aside:
    return Aside("jobs", f"{level}-{good(key).key}")


def running(level: str, key: str) -> Told | None:
    """How far the computation under way is, if any."""
    return _aside(level, key).told


def start(level: str, key: str) -> None:
    """Begin, unless it is done or under way.

    Raises:
        RuleBroken: another one is under way.
    """
    aside = _aside(level, key)
    if is_stored(level, good(key).key) or aside.told:
        return
    for other in aside.others():
        raise RuleBroken("Another computation is under way ({name}): wait for its end, or stop it.", name=other)
    aside.start(lambda: _compute(level, key))


def stop(level: str, key: str) -> None:
    """Ask the computation to stop; it does at its next round, and leaves nothing behind."""
    _aside(level, key).stop()


def _compute(level: str, key: str) -> None:
    national(level, key, _aside(level, key).watch())
