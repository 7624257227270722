"""The spaces of French: one rule, applied to the catalogue when it is written and held for every label of a figure.

A no-break space (U+00A0) stands inside « » and before `: ; ! ? % €`, a narrow one (U+202F) between thousands, so that
no line begins with a mark or ends with an opening one.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from ressort.ingest import connectors
from ressort.language import HARD, THIN
from tests.tidy.sources import SOURCE

_AFTER = re.compile(rf"«[ {THIN}]")
_BEFORE = re.compile(rf"[ {THIN}](?=»|[:;!?](?!\w))|(?<=[\d}}])[ {THIN}](?=[€%])|(?<=\)s)[ {THIN}](?=€|%(?![(\w]))")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def spaced(text: str) -> str:
    """A French text with its no-break spaces.

    >>> spaced("Dites « oui » : 5 000 € ; %(n)s %").replace(HARD, "~").replace(THIN, "_")
    'Dites «~oui~»~: 5_000~€~; %(n)s~%'
    """
    return _THOUSANDS.sub(THIN, _BEFORE.sub(HARD, _AFTER.sub(f"«{HARD}", text)))


def labels() -> Iterator[tuple[str, str]]:
    """Every French label of a figure or of an official file, with where it is written."""
    for one in connectors().values():
        yield one.id, one.title_fr
    for path in sorted((SOURCE / "reference").rglob("*.toml")):
        yield from ((path.name, text) for text in _french(tomllib.loads(path.read_text("utf-8"))))
    for path in sorted((SOURCE / "reference").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield from ((path.name, text) for name, text in row.items() if name and name.endswith("_fr") and text)


def _french(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            if name.endswith("_fr") and isinstance(value, str):
                yield value
            else:
                yield from _french(value)
    elif isinstance(found, list):
        for one in found:
            yield from _french(one)
