"""Computations beside the pages: a thread each, told and stopped through small files, so that any process of the server can see them.

<data folder>/exchanges/<kind>/<name>.json    how far it is, and in which process
                              <name>.stop    somebody asked to stop: it does at its next step, and leaves nothing behind
"""

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ressort.core.errors import RessortError
from ressort.core.exchanges import Watch
from ressort.language import gettext as _
from ressort.language import told as worded
from ressort.reference import data_folder
from ressort.whole_file import write_whole

_log = logging.getLogger(__name__)

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
        self.name, self._last, self._begun = name, 0.0, time.time()

    @property
    def told(self) -> Told | None:
        """How far it is; None when it is not under way."""
        return _told(self._file("json"))

    @property
    def age_s(self) -> float:
        """Seconds since it began; none when it is not under way."""
        try:
            return time.time() - float(json.loads(self._file("json").read_text("utf-8")).get("begun", 0.0))
        except (OSError, ValueError):
            return 0.0

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
        if told.rounds != 1 and time.monotonic() - self._last < TELL_S:
            return
        self._last = time.monotonic()
        write_whole(
            self._file("json"), json.dumps({"pid": os.getpid(), "begun": self._begun, "told": asdict(told)}).encode()
        )

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


def in_words(error: Exception, name: str) -> str:
    """What people are told of an error: its words when it is a refusal; a fault is written down for whoever runs the site."""
    if isinstance(error, RessortError):
        return worded(error)
    _log.error("A computation beside the pages met a fault: %s", name, exc_info=error)
    return fault_told()


def fault_told() -> str:
    """What people are told of a fault of the program."""
    return _("The program met a fault of its own and wrote it down. Ask again; if it comes back, tell whoever runs this site.")  # fmt: skip


def _told(path: Path) -> Told | None:
    try:
        if time.time() - path.stat().st_mtime > SILENT_S:
            return None
        held = json.loads(path.read_text("utf-8"))
        os.kill(held["pid"], 0)  # a process that is gone tells nothing more
        return Told(**held["told"])
    except (OSError, ValueError):
        return None
