"""A published table read line by line, however long: nothing is held but the line at hand."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ressort.core.errors import RuleBroken

#: the longest cell that is read
_MOST_CELL = 100_000


@contextmanager
def published_lines(path: Path) -> Iterator[tuple[list[str], Iterator[tuple[int, list[str]]]]]:
    """The header and the numbered lines of a CSV in UTF-8, with commas as the schemas ask, or semicolons.

    Raises:
        RuleBroken: an empty file, no text, another encoding, a cell too long, a quote that never ends.
    """
    with path.open("rb") as raw:
        start = raw.read(4096)
    if b"\x00" in start:
        raise RuleBroken("This is no text: send a CSV file.")
    if not start.strip():
        raise RuleBroken("The file {name} is empty.", name=path.name)
    delimiter = max(",;\t", key=start.split(b"\n", 1)[0].decode("utf-8", "replace").count)
    csv.field_size_limit(_MOST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            header = next(reader)
            yield header, _numbered(reader)
        except UnicodeDecodeError as error:
            raise RuleBroken("The file is not in UTF-8 (byte {place}): save it again.", place=error.start) from error
        except csv.Error as error:
            raise RuleBroken(
                "Line {line}: the line cannot be read ({problem}).", line=reader.line_num, problem=str(error)
            ) from error


def _numbered(reader: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]]]:
    # a cell may hold line breaks: the number told is that of the line where the row begins
    begins = getattr(reader, "line_num", 1) + 1
    for cells in reader:
        yield begins, cells
        begins = getattr(reader, "line_num", begins) + 1
