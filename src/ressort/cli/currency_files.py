"""Files read and written for `ressort currency`: whole or not at all; faults told one a line."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ressort.core.errors import InputError, RuleBroken
from ressort.language import gettext as _
from ressort.whole_file import write_whole

if TYPE_CHECKING:
    from ressort.core.problem import Problem

MOST_BYTES = 500_000_000


def content_of(given: str) -> bytes:
    """The bytes of a file that is not empty.

    Raises:
        InputError: no such file, an empty one, or one too large to be read at once.
    """
    path = Path(given)
    if not path.is_file():
        raise InputError("There is no file {path}.", path=given)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError("The file {path} holds more than {limit} MB.", path=given, limit=MOST_BYTES // 1_000_000)
    if not size:
        raise InputError("The file {path} is empty.", path=given)
    return path.read_bytes()


def day(given: str) -> date:
    """The day of a word such as 2026-12-31."""
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InputError("“{given}” is not a day: write 2026-12-31.", given=given) from error


def tell_problems(found: "Iterable[Problem]", stream: TextIO | None = None) -> None:
    """Faults, one a line, with their place."""
    for one in found:
        place = "{problem}"
        if one.line:
            place = _("line {line}, {column}: {problem}") if one.column else _("line {line}: {problem}")
        print(place.format(line=one.line, column=one.column, problem=one.say(_)), file=stream or sys.stdout)


def refuse(found: "list[Problem]", file: str) -> None:
    """Stop on faults, told on the error stream."""
    if found:
        tell_problems(found, sys.stderr)
        raise RuleBroken("{file} was refused: mend the lines above; nothing was kept.", file=file)


def print_json(value: Any) -> None:
    """A value as JSON that people can read."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    print()


def write_new(path: Path, content: bytes) -> Path:
    """Write a new file, whole or not at all.

    Raises:
        RuleBroken: there is already one: a file handed over is never replaced in silence.
    """
    if path.exists():
        raise RuleBroken("{path} is already there: move it away, or write elsewhere (--out).", path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return path
