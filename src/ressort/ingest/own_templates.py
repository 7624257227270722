"""The templates of a territory's own tables: their columns, an example of each, the bounds of its numbers."""

import csv
import io
from dataclasses import dataclass

from ressort.core.errors import UnknownCode


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """One column of a template: its name, an example, and the bounds of a number (None for a text)."""

    name: str
    example: str
    bounds: tuple[float, float] | None = None
    choices: str = ""
    required: bool = True


#: templates: kind → columns; the key is the columns without bounds, and the year
KINDS: dict[str, tuple[OwnColumn, ...]] = {
    "crop_area": (
        OwnColumn("crop_group", "vegetables", choices="food/crop_groups"),
        OwnColumn("area_ha", "35.5", (0, 1e7)),
        OwnColumn("organic_ha", "12", (0, 1e7), required=False),
        OwnColumn("year", "2025", (1990, 2100)),
    ),
    "purchases": (
        OwnColumn("local_eur", "120000", (0, 1e12)),
        OwnColumn("total_eur", "900000", (0, 1e12)),
        OwnColumn("year", "2025", (1990, 2100)),
    ),
    "livestock": (
        OwnColumn("species", "cattle", choices="agriculture/species"),
        OwnColumn("heads", "1250", (0, 1e8)),
        OwnColumn("year", "2025", (1990, 2100)),
    ),
    "plate": (
        OwnColumn("product", "pulses", choices="food/products"),
        OwnColumn("kg_per_year", "12.5", (0, 5_000)),
    ),
    "labour": (
        OwnColumn("farms", "84", (0, 1e6)),
        OwnColumn("labour_fte", "131.5", (0, 1e6)),
        OwnColumn("year", "2025", (1990, 2100)),
    ),
    "canteens": (
        OwnColumn("name", "École Jean-Moulin"),
        OwnColumn("guests_people", "180", (0, 1e6)),
        OwnColumn("meals_per_day", "1", (0, 3)),
        OwnColumn("days_per_year", "144", (0, 366)),
        OwnColumn("organic_share", "0.22", (0, 1), required=False),
    ),
}


def template(kind: str, file_type: str = "csv") -> bytes:
    """An empty table to fill, with one line as an example, as CSV (UTF-8, semicolons) or XLSX.

    Raises:
        UnknownCode: no such kind of table.
    """
    columns = columns_of(kind)
    rows = [[column.name for column in columns], [column.example for column in columns]]
    if file_type == "xlsx":
        from openpyxl import Workbook

        book = Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def columns_of(kind: str) -> tuple[OwnColumn, ...]:
    """The columns of a kind of table.

    Raises:
        UnknownCode: no such kind of table.
    """
    if kind not in KINDS:
        raise UnknownCode(
            "No table of one's own is called {kind}; choose among {choices}.", kind=kind, choices=list(KINDS)
        )
    return KINDS[kind]
