"""What a connector declares of an official file: where it is, how it is written, what it must hold."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from ressort.core.letters import bare

Kind = Literal["code", "codes", "text", "number", "year"]
#: marks that stand for a missing value, and the reason each tells
MISSING_MARKS = {
    "": "not_available",
    "s": "secret",
    "c": "secret",
    "nd": "not_available",
    "na": "not_available",
    "n/a": "not_available",
    "n/a - résultat non disponible": "not_available",
    "n/a - division par 0": "not_applicable",
    "n/a - secret statistique": "secret",
    "nc": "secret",
    "secret": "secret",
}
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """One column to read.

    Args:
        name: column of the clean table; a number carries its unit last.
        aliases: accepted headers; compared without case, accents, BOM and double blanks.
        kind: how the text is read; "codes" holds several codes with commas between them, and gives one row each.
        territory: kind of territory that a code names (COM, EPCI, DEP), checked and brought to today's codes.
        factor: what a number is multiplied by (percent → share: 0.01).
        required: False for a column that some vintages lack.
    """

    name: str
    aliases: tuple[str, ...]
    kind: Kind = "number"
    territory: str = ""
    factor: float = 1.0
    required: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is written. `member` is the end of a name inside a zip (several with "|" between), `beside` that of a second
    one whose columns join the first by its first column; `yearly` takes a zip of one file a year, or one of them; `sheet` is the
    name of a sheet, or a pattern of it (`pop_1876_*`), and makes it a workbook; `cube` reads JSON-stat too. The header is the
    line after `skip_lines`, or the first one that holds every column. `parquet` reads a Parquet file row group by row group: only
    the columns declared, and the rows whose cells match every pattern of `keep` (header, pattern)."""

    delimiter: str = ";"
    encoding: str = "utf-8"
    skip_lines: int = 0
    decimal: str = "."
    member: str = ""
    beside: str = ""
    yearly: bool = False
    sheet: str = ""
    cube: bool = False
    parquet: bool = False
    keep: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A total that the clean table must come near: the file is refused when it is off by more than `tolerance`.

    `where` keeps the rows that the total counts (one year, one carrier); `latest` those of the latest year.
    `statistic` is what is compared: the sum of a column, or its mean where a sum means nothing (a median, a share).
    """

    column: str
    total: float
    tolerance: float = 0.05
    where: tuple[tuple[str, str | int], ...] = ()
    latest: bool = False
    statistic: Literal["sum", "mean"] = "sum"


@dataclass(frozen=True)
class Connector:
    """One official file, whole or not at all.

    Args:
        id: name of the clean table; file_name: as published, also its name in a mirror folder.
        page: page of the data set for people; address: of the file.
        key: columns that tell rows apart; additive: rows of one key are added up (several operators);
            intensive: its figures (medians, shares) never add up: districts of a town are left out, and communes merged
            since then are missing.
        rows: fewest and most rows of the clean table; anchors: totals it must come near.
        shape: turns the typed columns into the clean table (wide to tall, sums by commune).
        checked: False while columns were read in documentation only and never against the real file.
    """

    id: str
    title_fr: str
    title_en: str
    producer: str
    page: str
    address: str
    file_name: str
    year: str
    unit_notes: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    columns: dict[str, str]
    rows: tuple[int, int]
    anchors: tuple[Anchor, ...] = ()
    layout: Layout = Layout()
    licence: str = "Licence Ouverte 2.0"
    additive: bool = False
    intensive: bool = False
    shape: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    missing: dict[str, str] = field(default_factory=lambda: MISSING_MARKS)
    size_limit_mb: int = 200
    oldest_days: int = 400
    checked: bool = False


def header_key(header: str) -> str:
    """A header as it is compared: no accents, no capitals, no BOM, single blanks.

    >>> header_key("\\ufeffConsommation  Résidentiel (MWh) ")
    'consommation residentiel (mwh)'
    """
    return " ".join(bare(header).encode("ascii", "ignore").decode().split())
