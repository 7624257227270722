"""Opening a published file as text: CSV in its encoding, a member of a zip, a sheet of a workbook, a Parquet file."""

import io
import json
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ressort.core.errors import SourceRefused
from ressort.ingest.connector import MB, Connector, header_key

#: a zip may not grow more than this when opened
MOST_GROWTH_RATIO = 200
_HTML = (b"<!doctype html", b"<html")
#: how XLSX and XLS begin
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: lines above the header that a producer or a spreadsheet may have left
MOST_LINES_ABOVE = 20


def read_text(path: Path, connector: Connector) -> pl.DataFrame:
    """All columns of the file, as text.

    Raises:
        SourceRefused: a web page instead of a file, a broken or hostile archive, another encoding, an empty file.
    """
    refuse_web_page(path, connector)
    if connector.layout.parquet:
        return _filled(_parquet(path, connector), connector)
    layout, packed = connector.layout, zipfile.is_zipfile(path) and not connector.layout.sheet
    try:
        parts = _unzipped(path, connector) if packed else [path.read_bytes()]
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise SourceRefused(
            "{source}: the archive is broken or cut short ({error}); fetch it again.",
            source=connector.id,
            error=str(error),
        ) from error
    if layout.member and not layout.yearly and not packed:
        raise SourceRefused(
            "{source}: {file} is no archive, or is cut short; fetch it again.", source=connector.id, file=path.name
        )
    content = parts[0]
    if layout.sheet and content.startswith(WORKBOOKS):
        frame = _sheet(content, connector)
    elif layout.cube and content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        frame = _cube(content, connector)
    else:
        frame = _joined([_csv(part, connector) for part in parts], connector)
    return _filled(frame, connector)


def _filled(frame: pl.DataFrame, connector: Connector) -> pl.DataFrame:
    if frame.is_empty():
        raise SourceRefused("{source}: the file is empty.", source=connector.id)
    return frame


def _parquet(path: Path, connector: Connector) -> pl.DataFrame:
    """The columns declared and the rows kept, read row group by row group; one row of all columns when one is missing, so that it can be told."""
    try:
        lazy = pl.scan_parquet(path)
        heads = lazy.collect_schema().names()
        places = _wanted(heads, connector)
        if places is None:
            return lazy.head(1).collect()
        kept = [pl.col(name).cast(pl.String).str.contains(pattern) for name, pattern in connector.layout.keep]
        wanted = lazy.filter(*kept) if kept else lazy
        return wanted.select(pl.col(heads[place]).cast(pl.String) for place in places).collect(engine="streaming")
    except pl.exceptions.PolarsError as error:
        raise SourceRefused(
            "{source}: the file is no Parquet table, or is cut short ({error}); fetch it again.",
            source=connector.id,
            error=str(error).splitlines()[0][:120],
        ) from error


def refuse_web_page(path: Path, connector: Connector) -> None:
    """A page that says "moved" is not data.

    Raises:
        SourceRefused: the file begins as HTML.
    """
    with path.open("rb") as file:
        start = file.read(200).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(_HTML):
        raise SourceRefused(
            "{source}: a web page came instead of the file: its producer may have moved it. Look on {page} for {file}, "
            "and put it in the mirror folder.",
            source=connector.id,
            page=connector.page,
            file=connector.file_name,
        )


def _joined(frames: list[pl.DataFrame], connector: Connector) -> pl.DataFrame:
    """Files of a year each, one below the other; or the second one's columns beside the first's."""
    if connector.layout.yearly:
        return pl.concat(frames, how="diagonal")
    first, *others = frames
    for other in others:
        key, there = first.columns[0], other.columns[0]
        new = [name for name in other.columns if name not in first.columns]
        first = first.join(other.select(pl.col(there).alias(key), *new), on=key, how="left", maintain_order="left")
    return first


def _unzipped(path: Path, connector: Connector) -> list[bytes]:
    """The members wanted of an archive: one, with the one beside it where there is one, or those of every year."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            inside = Path(info.filename)
            if inside.is_absolute() or ".." in inside.parts:
                raise SourceRefused(
                    "{source}: the archive holds a path outside its folder ({name}).",
                    source=connector.id,
                    name=info.filename,
                )
            if info.file_size > connector.size_limit_mb * MB * 10 or info.file_size > MOST_GROWTH_RATIO * max(
                info.compress_size, 1
            ):
                raise SourceRefused(
                    "{source}: {name} would grow too large when opened.", source=connector.id, name=info.filename
                )
        named = archive.namelist()
        wanted = _members(named, connector.layout.member)
        if not wanted:
            raise SourceRefused(
                "{source}: the archive holds no {member}, but {found}.",
                source=connector.id,
                member=connector.layout.member,
                found=named[:8],
            )
        beside = _members(named, connector.layout.beside)[:1] if connector.layout.beside else []
        return [archive.read(name) for name in (wanted if connector.layout.yearly else [wanted[0], *beside])]


def _members(named: list[str], wanted: str) -> list[str]:
    """The members whose name ends as wanted, the shortest first: FILO2021_DISP_COM.csv before FILO2021_TRDECILES_DISP_COM.csv."""
    ends = tuple(wanted.lower().split("|"))
    # archives of INSEE hold the dictionary of the columns beside the data: meta_….csv
    found = [name for name in named if name.lower().endswith(ends) and not Path(name).name.lower().startswith("meta")]
    return sorted(found, key=lambda name: (len(name), name))


def _csv(content: bytes, connector: Connector) -> pl.DataFrame:
    """The columns that the connector declares (all of them when one is missing, so that it can be told), as text."""
    layout = connector.layout
    body = content.removeprefix(b"\xef\xbb\xbf")
    if layout.encoding != "utf-8":
        body = _decoded(content, connector).encode()
    body = _below(body, connector)
    if not body.strip():
        return pl.DataFrame()
    try:
        mark, heads = _delimiter(body, connector)
        return pl.read_csv(io.BytesIO(body), separator=mark, infer_schema=False, columns=_wanted(heads, connector))
    except pl.exceptions.PolarsError as error:
        _decoded(content, connector)  # an encoding that is not the one declared is the likelier cause
        raise SourceRefused(
            "{source}: the lines of the file do not hold together ({error}).",
            source=connector.id,
            error=str(error)[:120],
        ) from error


def _below(body: bytes, connector: Connector) -> bytes:
    """The body from its header: the line declared, else the first one that holds every column, else the line declared."""
    declared = below = body
    for _ in range(connector.layout.skip_lines):
        declared = declared.partition(b"\n")[2]
    if _holds_all(declared, connector):
        return declared
    for _ in range(MOST_LINES_ABOVE):
        if _holds_all(below, connector):
            return below
        below = below.partition(b"\n")[2]
    return declared


def _holds_all(body: bytes, connector: Connector) -> bool:
    try:
        return bool(body.strip()) and _wanted(_delimiter(body, connector)[1], connector) is not None
    except pl.exceptions.PolarsError:  # a title line is no header
        return False


def _delimiter(body: bytes, connector: Connector) -> tuple[str, list[str]]:
    """What stands between the cells, and the header: the mark declared, else another one under which every column is there."""
    first = body.partition(b"\n")[0] + b"\n"
    declared = connector.layout.delimiter
    heads = {
        mark: pl.read_csv(io.BytesIO(first), separator=mark, infer_schema=False, n_rows=0).columns
        for mark in dict.fromkeys((declared, ";", ",", "\t"))
    }
    whole = [mark for mark, names in heads.items() if _wanted(names, connector) is not None]
    return (whole or [declared])[0], heads[(whole or [declared])[0]]


def _cube(content: bytes, connector: Connector) -> pl.DataFrame:
    """JSON-stat 2.0: one line a value, its dimensions as columns, then `value`; cells that are not published are left out."""
    try:
        cube = json.loads(_decoded(content, connector))
        names, sizes = [str(name) for name in cube["id"]], [int(size) for size in cube["size"]]
        given = cube["value"]
        values = given if isinstance(given, dict) else {str(at): one for at, one in enumerate(given) if one is not None}
        places = (
            np.unravel_index(np.array([int(at) for at in values], np.int64), sizes) if values else [[]] * len(sizes)
        )
        columns = {
            name: pl.Series(_categories(cube["dimension"].get(name), size)).gather(np.asarray(place))
            for name, size, place in zip(names, sizes, places, strict=True)
        }
    except (ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError) as error:
        raise SourceRefused(
            "{source}: the file is no JSON-stat table ({error}). Fetch it again, or put its SDMX-CSV form in the mirror folder.",
            source=connector.id,
            error=str(error)[:120],
        ) from error
    return pl.DataFrame(columns | {"value": [str(one) for one in values.values()]})


def _categories(dimension: dict[str, Any] | None, size: int) -> list[str]:
    """The codes of a dimension in their order; blank where the file tells none."""
    index = dimension["category"]["index"] if dimension else {}
    ordered = index if isinstance(index, list) else sorted(index, key=index.__getitem__)
    return [str(code) for code in ordered] if ordered else [""] * size


def _wanted(heads: list[str], connector: Connector) -> list[int] | None:
    """The places of the columns declared, in the order of the file; None for all when a required one is missing."""
    keys = [header_key(head) for head in heads]
    found = set()
    for column in connector.fields:
        aliases = [header_key(alias) for alias in column.aliases]
        places = [at for at, key in enumerate(keys) if key in aliases]
        if column.required and not places:
            return None
        found |= set(places)
    return sorted(found)


def _decoded(content: bytes, connector: Connector) -> str:
    """The text of the file in its encoding.

    Raises:
        SourceRefused: it is written in another one.
    """
    encoding = connector.layout.encoding
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise SourceRefused(
            "{source}: the file is not written in {encoding} (byte {place}).",
            source=connector.id,
            encoding=encoding,
            place=error.start,
        ) from error


def _sheet(content: bytes, connector: Connector) -> pl.DataFrame:
    import fastexcel

    try:
        book = fastexcel.read_excel(content)
    except Exception as error:
        raise SourceRefused(
            "{source}: the workbook cannot be opened, or is cut short ({error}); fetch it again.",
            source=connector.id,
            error=str(error).splitlines()[0][:120],
        ) from error
    name = next((one for one in book.sheet_names if fnmatch(one, connector.layout.sheet)), connector.layout.sheet)
    if name not in book.sheet_names:
        raise SourceRefused(
            "{source}: no sheet is called {name}, but {found}.", source=connector.id, name=name, found=book.sheet_names
        )
    cells = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    above = [_heads(row) for row in cells.head(MOST_LINES_ABOVE + 1).rows()]
    declared = connector.layout.skip_lines if connector.layout.skip_lines < len(above) else 0
    order = [declared, *range(len(above))] if above else []
    at = next((i for i in order if _wanted(above[i], connector) is not None), declared)
    return cells.slice(at + 1).rename(dict(zip(cells.columns, above[at], strict=True))) if above else cells


def _heads(row: tuple[str | None, ...]) -> list[str]:
    """A line of a sheet as headers: a blank one and one already there take their place as name."""
    return [cell if cell and row.index(cell) == i else f"__UNNAMED__{i}" for i, cell in enumerate(row)]
