"""The fields of a `.pb` file, line after line, and the amounts written in them."""

import csv
import re
from collections.abc import Iterable, Iterator

AMOUNT = re.compile(r"(-?)(\d{1,15})(?:\.(\d{0,2})0*)?")
#: what Python leaves of a byte that is not UTF-8
UNDECODED = re.compile("[\udc80-\udcff]")
#: the most lines that a quoted field may run over
MOST_QUOTED_LINES = 200

Row = list[str] | str


def cents(text: str) -> int | None:
    """An amount written with a decimal point, in cents; None when it is not one.

    >>> cents("4000.0"), cents("12.5"), cents("1,5"), cents("0.125")
    (400000, 1250, None, None)
    """
    match = AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    return int(f"{match[1]}{match[2]}{(match[3] or '').ljust(2, '0')}")


def trimmed(cells: list[str], width: int) -> list[str]:
    """The fields of a line, without the empty ones that a spreadsheet leaves beyond `width`.

    >>> trimmed(["a", "", " "], 1)
    ['a']
    """
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def rows(lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
    """The fields of each line with its number, a quoted field running over several; or `quote`, `encoding` where it cannot be read."""
    held: list[str] = []
    began, is_open = 0, False
    for line, text in enumerate(lines, 1):
        text = text.removeprefix("\ufeff") if line == 1 else text
        if not text.isascii() and UNDECODED.search(text):
            yield line, "encoding"
            continue
        if not held and '"' not in text:
            yield line, text.rstrip("\r\n").split(";")
            continue
        began = began if held else line
        held.append(text if text.endswith("\n") else text + "\n")
        is_open ^= text.count('"') % 2 == 1
        if is_open and len(held) > MOST_QUOTED_LINES:
            yield began, "quote"
            held, is_open = [], False
        elif not is_open:
            yield began, next(csv.reader(["".join(held).rstrip("\r\n")], delimiter=";"), [""])
            held = []
    if held:
        yield began, "quote"
