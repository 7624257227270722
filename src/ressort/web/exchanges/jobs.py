"""Long computations set aside: one thread each, told and stopped through small files, so that any server process can see them."""

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from ressort.core.errors import RuleBroken
from ressort.exchanges import good, is_stored, national
from ressort.reference import data_folder

#: a computation that said nothing for that long died with its process
SILENT_S = 300.0


class _Stopped(Exception):
    """Somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Job:
    """How far a computation is: rounds done, and kilometres that the worst pair could still gain."""

    rounds: int
    left_km: float


def _file(level: str, key: str, suffix: str) -> Path:
    return _folder() / f"{level}-{good(key).key}.{suffix}"


def _folder() -> Path:
    folder = data_folder() / "exchanges" / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def running(level: str, key: str) -> Job | None:
    """The computation under way, if any."""
    return _told(_file(level, key, "json"))


def _told(path: Path) -> Job | None:
    try:
        if time.time() - path.stat().st_mtime > SILENT_S:
            return None
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return Job(told["rounds"], told["left_km"])


def start(level: str, key: str) -> None:
    """Begin, unless it is done or under way. One at a time for the whole site.

    Raises:
        RuleBroken: another one is under way.
    """
    if is_stored(level, good(key).key) or running(level, key):
        return
    other = next((path.stem for path in _folder().glob("*.json") if _told(path)), None)
    if other is not None:
        raise RuleBroken("Another computation is under way ({name}): wait for its end, or stop it.", name=other)
    _file(level, key, "stop").unlink(missing_ok=True)
    _tell(level, key, 0, 0.0)
    threading.Thread(target=_compute, args=(level, key), name=f"exchanges-{level}-{key}", daemon=True).start()


def stop(level: str, key: str) -> None:
    """Ask the computation to stop; it does at its next round, and leaves nothing behind."""
    if running(level, key):
        _file(level, key, "stop").touch()


def _tell(level: str, key: str, rounds: int, left_km: float) -> None:
    path = _file(level, key, "json")
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"rounds": rounds, "left_km": left_km}), "utf-8")
    draft.replace(path)


def _compute(level: str, key: str) -> None:
    def watch(rounds: int, least: float) -> None:
        if _file(level, key, "stop").exists():
            raise _Stopped
        _tell(level, key, rounds, -least)

    try:
        national(level, key, watch)
    except _Stopped:
        pass
    finally:
        _file(level, key, "json").unlink(missing_ok=True)
        _file(level, key, "stop").unlink(missing_ok=True)
