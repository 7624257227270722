"""Optima of the whole country computed beside the pages, one at a time for the whole site; why one failed is told once."""

from pathlib import Path

from ressort.core.errors import RuleBroken
from ressort.exchanges import good, is_stored, national
from ressort.language import current_language, language
from ressort.web.exchanges.aside import Aside, Stopped, Told, in_words
from ressort.whole_file import write_whole


def _aside(level: str, key: str) -> Aside:
    return Aside("jobs", f"{level}-{good(key).key}")


def running(level: str, key: str) -> Told | None:
    """How far the computation under way is, if any."""
    return _aside(level, key).told


def failure(level: str, key: str) -> str:
    """Why the last computation gave nothing, in words; told once."""
    path = _failure(_aside(level, key))
    try:
        words = path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    path.unlink(missing_ok=True)
    return words


def _failure(aside: Aside) -> Path:
    return aside.folder / f"{aside.name}.failure"


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
    _failure(aside).unlink(missing_ok=True)
    spoken = current_language()
    aside.start(lambda: _compute(level, key, spoken))


def stop(level: str, key: str) -> None:
    """Ask the computation to stop; it does at its next round, and leaves nothing behind."""
    _aside(level, key).stop()


def _compute(level: str, key: str, spoken: str) -> None:
    aside = _aside(level, key)
    try:
        national(level, key, aside.watch())
    except Stopped:
        raise
    except Exception as error:
        with language(spoken):
            write_whole(_failure(aside), in_words(error, aside.name).encode())
