"""Reading tables: those shipped with the program, and those brought by `ressort data sync`."""

import errno
import os
import re
import sys
from contextlib import suppress
from functools import _lru_cache_wrapper, cache
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl

from ressort.core.errors import UnknownCode
from ressort.reference.cards import Card, read_card

#: where a synced table holds its card: in the file itself, so that both change together
CARD = "ressort:card"


def data_folder() -> Path:
    """Where Ressort keeps what it builds and fetches: `RESSORT_HOME`, else the user's data folder."""
    home = os.environ.get("RESSORT_HOME")
    if home:
        return Path(home).expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "ressort"


@cache
def table(key: str) -> pl.DataFrame:
    """A table shipped with the program, read once. Codes are text; empty cells are null.

    Args:
        key: `domain/name`, such as `food/diet`.

    Raises:
        UnknownCode: no table bears that key.
    """
    folder, name = key.split("/")
    home = files("ressort.reference") / folder
    for suffix, read in ((".parquet", pl.read_parquet), (".csv", _read_csv)):
        source = home / f"{name}{suffix}"
        if source.is_file():
            with as_file(source) as path:
                return read(path)
    raise UnknownCode("No table is called {key}.", key=key)


def write_table(frame: pl.DataFrame, path: Path, metadata: dict[str, str] | None = None) -> None:
    """Write a table; what the disk refuses is told as everywhere else, by an `OSError`.

    Raises:
        OSError: the disk is full, or cannot be written.
    """
    try:
        frame.write_parquet(path, metadata=metadata)  # type: ignore[arg-type]
    except pl.exceptions.PolarsError as error:
        number = re.search(r"os error (\d+)", str(error))
        code = int(number[1]) if number else errno.EIO
        raise OSError(code, os.strerror(code)) from error


def synced(connector: str) -> pl.DataFrame | None:
    """The clean table that a connector brought, or None when it was never fetched."""
    path = data_folder() / "synced" / f"{connector}.parquet"
    return pl.read_parquet(path) if path.is_file() else None


def synced_stamp() -> str:
    """A text that changes whenever a table is brought, replaced or removed by `ressort data sync`."""
    stamps = []
    for path in sorted((data_folder() / "synced").glob("*.parquet")):
        with suppress(FileNotFoundError):  # removed since it was listed
            stamps.append(f"{path.stem}:{path.stat().st_mtime_ns}")
    return " ".join(stamps)


def forget() -> None:
    """Forgets every table read and all that was worked out from them: the next reader reads the disk again.

    For a process that lives long and has one reader at a time, such as the one that plays shocks.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("ressort."):
            for held in vars(module).values():
                if isinstance(held, _lru_cache_wrapper):
                    held.cache_clear()


def synced_cards() -> dict[str, Card]:
    """The cards of the tables brought by `ressort data sync`, by connector."""
    found = {}
    for path in sorted((data_folder() / "synced").glob("*.parquet")):
        text = pl.read_parquet_metadata(path).get(CARD)
        if text is not None:
            found[path.stem] = read_card(path.stem, text)
    return found


#: columns whose digits are a code, not a number
_CODES = (
    "rpg_group",
    "code",
    "departement",
    "zone",
    "bassin_de_vie_2022",
    "zone_emploi_2020",
    "aav_2020",
    "aav_category",
    "year",
    "fec_account_prefix_to_check",
)


def _read_csv(path: Path) -> pl.DataFrame:
    header = pl.read_csv(path, n_rows=0, infer_schema=False).columns
    text = {name: pl.String for name in header if name in _CODES or name.endswith(("_code", "_codes"))}
    return pl.read_csv(path, schema_overrides=text, infer_schema_length=None)
