"""How far a computation of exchanges is, on one line of standard error when a person watches; Ctrl-C stops it and nothing is kept."""

import math
import sys
from typing import TYPE_CHECKING, Any

from ressort.language import gettext as _
from ressort.language import number

if TYPE_CHECKING:
    from ressort.core.exchanges import Watch


class Progress:
    """The line, wiped at the end."""

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_ended: Any) -> None:
        _write("")

    def of(self, title: str) -> "Watch":
        """Who tells the steps of what bears a title: those of all its parts, one after the other."""
        steps = 0

        def watch(_step: int, least_km: float) -> None:
            nonlocal steps
            steps += 1
            told = _("{title}: step {count}").format(title=title, count=number(steps))
            if not math.isnan(least_km):
                told = _("{step}, {km} km left to gain on a pair").format(step=told, km=number(-least_km, 3))
            _write(told)

        return watch


def _write(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{line}")
        sys.stderr.flush()
