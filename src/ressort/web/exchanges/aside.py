"""Computations beside the pages: a thread each, told and stopped through small files, so that any process of the server can see them.

<data folder>/exchanges/<kind>/<name>.json    how far it is, and in which process
                              <name>.stop    somebody asked to stop: it does at its next step, and leaves nothing behind
"""

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ressort.core.exchanges import Watch
from ressort.reference import data_folder

#: a computation that said nothing for that long died with its process
SILENT_S = 300.0
#: computations told more often than that write no file for it
TELL_S = 0.25


class Stopped(Exception):
    """Somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Told:
    """How far a computation is.

    Args:
        rounds: steps done; left_km: kilometres that the worst pair could still gain, where steps have such a measure.
        title: the part under way, the `part`th of `parts`; empty while it waits for its turn.
    """

    rounds: int
    left_km: float
    title: str = ""
    part: int = 1
    parts: int = 1


class Aside:
    """One computation by its kind and its name."""

    def __init__(self, kind: str, name: str) -> None:
        self.folder = data_folder() / "exchanges" / kind
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name, self._last = name, 0.0

    @property
    def told(self) -> Told | None:
        """How far it is; None when it is not under way."""
        return _told(self._file("json"))

    def others(self) -> list[str]:
        """The names of the computations of this kind that are under way, this one left aside."""
        return [path.stem for path in self.folder.glob("*.json") if path.stem != self.name and _told(path)]

    def tell(self, told: Told) -> None:
        """Writes how far it is.

        Raises:
            Stopped: somebody asked to stop.
        """
        if self._file("stop").exists():
            raise Stopped
        if told.rounds > 1 and time.monotonic() - self._last < TELL_S:
            return
        self._last = time.monotonic()
        draft = self._file("draft")
        draft.write_text(json.dumps({"pid": os.getpid(), "told": asdict(told)}), "utf-8")
        draft.replace(self._file("json"))

    def watch(self, title: str = "", part: int = 1, parts: int = 1) -> Watch:
        """A watch that tells the steps of one part."""
        steps = 0

        def watch(_step: int, least_km: float) -> None:
            nonlocal steps
            steps += 1
            self.tell(Told(steps, -least_km, title, part, parts))

        return watch

    def stop(self) -> None:
        """Asks it to stop."""
        if self.told:
            self._file("stop").touch()

    def start(self, work: Callable[[], object]) -> threading.Thread:
        """Begins in a thread of its own."""
        self._file("stop").unlink(missing_ok=True)
        self.tell(Told(0, 0.0))
        thread = threading.Thread(target=self.run, args=(work,), name=f"exchanges-{self.name}", daemon=True)
        thread.start()
        return thread

    def run(self, work: Callable[[], object]) -> bool:
        """Does the work; False when it was stopped."""
        try:
            work()
        except Stopped:
            return False
        finally:
            for suffix in ("json", "stop"):
                self._file(suffix).unlink(missing_ok=True)
        return True

    def _file(self, suffix: str) -> Path:
        return self.folder / f"{self.name}.{suffix}"


def _told(path: Path) -> Told | None:
    try:
        if time.time() - path.stat().st_mtime > SILENT_S:
            return None
        held = json.loads(path.read_text("utf-8"))
        os.kill(held["pid"], 0)  # a process that is gone tells nothing more
        return Told(**held["told"])
    except (OSError, ValueError):
        return None
