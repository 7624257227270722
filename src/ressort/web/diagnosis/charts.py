"""Charts as SVG made on the server: the same drawing goes to the page, to a file and to the report.

A chart has an address of its own, so that a page stays light and a chart seen once is not drawn twice. The dark theme
is the light one with each colour of the palette replaced by its dark twin.
"""

import re
from functools import cache, lru_cache
from typing import Any

from ressort.diagnosis import Diagnosis
from ressort.diagnosis.charts import svg as drawn
from ressort.language import current_language, language
from ressort.reference import table

#: charts whose cells carry their own ink: they keep their paper in the dark theme
ON_PAPER = ("scale_groups",)
MARGIN = 24


def svg(diagnosis: Diagnosis, name: str, theme: str) -> str:
    """One chart of a diagnosis, in the language in force.

    Raises:
        UnknownCode: no chart bears that name.
    """
    light = _light(diagnosis, name, current_language())
    if theme == "light" or name in ON_PAPER:
        return light
    return re.sub("|".join(_twins()), lambda found: _twins()[found[0].lower()], light, flags=re.IGNORECASE)


def as_themed(chart: Any, theme: str) -> str:
    """Any other chart, drawn for a page in the light or the dark theme, in the language in force."""
    light = _with_margins(drawn(chart))
    return (
        light
        if theme == "light"
        else re.sub("|".join(_twins()), lambda found: _twins()[found[0].lower()], light, flags=re.IGNORECASE)
    )


@lru_cache(maxsize=512)
def _light(diagnosis: Diagnosis, name: str, code: str) -> str:
    with language(code):
        return _with_margins(drawn(diagnosis.chart(name)))


def _with_margins(drawing: str) -> str:
    """Room on both sides: the reader's font may be wider than the one the drawing was measured with."""

    def widened(found: re.Match[str]) -> str:
        width, height = float(found[1]), float(found[2])
        return f'viewBox="{-MARGIN} 0 {width + 2 * MARGIN:g} {height:g}"'

    sized = re.sub(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', widened, drawing, count=1)
    return re.sub(
        r'(<svg[^>]*?) width="([\d.]+)"',
        lambda found: f'{found[1]} width="{float(found[2]) + 2 * MARGIN:g}"',
        sized,
        count=1,
    )


@cache
def _twins() -> dict[str, str]:
    """Each colour of the light theme → the one of the same name in the dark theme."""
    rows = table("experience/palette").select("theme", "name", "hex").rows()
    dark = {name: colour for theme, name, colour in rows if theme == "dark"}
    return {colour.lower(): dark[name] for theme, name, colour in rows if theme == "light" and name in dark}
