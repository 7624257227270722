"""What is wrong with one cell or line of a table, told with its place so that all of it can be mended at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ressort.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Problem:
    """A line (0 when the whole file is meant), a column, an English message and the facts that fill it."""

    line: int
    column: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)

    def say(self, translate: Callable[[str], str | None]) -> str:
        """The message in the language of `translate`."""
        return RuleBroken(self.template, **self.facts).say(translate)
