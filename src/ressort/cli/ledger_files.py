"""Reading an export of the ledger: CSV files in one folder, turned into the columns that `verify` takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl

from ressort.core.currency import ACCOUNT, TRANSFER, Rows, records, sent_rows
from ressort.core.errors import InputError

_EPOCH = pl.datetime(2000, 1, 1)
_MOMENT = "%Y-%m-%d %H:%M:%S%.f+00"
_TEXT = ("request_key", "key", "hash", "previous_hash", "effective_on", "expires_at", "created_at", "sealed_at", "code", "name", "closed_until")  # fmt: skip
_BALANCES = ("balance_cents", "pending_out_cents", "floor_cents", "version")


def read_export(folder: Path) -> Rows:
    """The rows of an export.

    Raises:
        InputError: a file is not there, or is not what an export holds.
    """
    with _told(folder):
        accounts, transfers = _table(folder, "accounts"), _table(folder, "transfers").pipe(_in_numbers)
        blocks = _table(folder, "blocks").with_columns(_microseconds("sealed_at"))
        account_records = records(_columns(accounts, ACCOUNT.names), ACCOUNT)
        fields = _columns(
            transfers.drop("request_key"), [name for name in TRANSFER.names or () if name != "request_key"]
        )
        fields["request_key"] = _uuids(transfers["request_key"])
        return Rows(
            account_records,
            {name: accounts[name].to_numpy() for name in _BALANCES},
            records(fields, TRANSFER),
            _columns(blocks, ["id", "last_account", "last_transfer", "accounts", "transfers", "sealed_at"])
            | {name: _bytes(blocks[name]) for name in ("previous_hash", "hash")},
            _uuids(_table(folder, "requests").filter(pl.col("reason") == 0)["key"]),
        )


def read_sent(folder: Path) -> Rows:
    """The rows that the database of this machine sent in binary.

    Raises:
        InputError: they are not what this version reads.
    """
    return sent_rows(lambda name: np.memmap(folder / f"{name}.binary", np.uint8, "r"))


def codes(folder: Path) -> dict[int, str]:
    """The code of each currency of an export.

    Raises:
        InputError: as `read_export`.
    """
    with _told(folder):
        return dict(_table(folder, "currencies").select("id", "code").iter_rows())


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What a file of an export holds wrong, told to who gave it."""
    try:
        yield
    except (pl.exceptions.PolarsError, ValueError, OverflowError) as error:
        raise InputError(
            "The export in {folder} cannot be read: {cause}. Export again, and do not open its files in a spreadsheet that saves them.",
            folder=str(folder),
            cause=str(error).split("\n")[0],
        ) from error


def _table(folder: Path, name: str) -> pl.DataFrame:
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise InputError("There is no file {path}: this is not an export of the ledger.", path=str(path))
    with path.open("rb") as file:
        header = file.readline().decode().strip().split(",")
        file.seek(max(0, path.stat().st_size - 1))
        if file.read() != b"\n":
            raise InputError("{path} is empty, or ends in the middle of a line: the export is not whole. Export again.", path=str(path))  # fmt: skip
    if "id" not in header and "key" not in header:
        raise InputError(
            "The first line of {path} is not that of an export of the ledger: another program saved it. Export again.",
            path=str(path),
        )
    types: dict[str, type[pl.DataType]] = {column: pl.String if column in _TEXT else pl.Int64 for column in header}
    return pl.read_csv(path, schema=types)


def _in_numbers(transfers: pl.DataFrame) -> pl.DataFrame:
    _require_blanks(transfers)
    day = pl.col("effective_on").str.to_date("%Y-%m-%d").sub(pl.date(2000, 1, 1)).dt.total_days()
    return transfers.with_columns(day.alias("effective_on"), _microseconds("expires_at"), _microseconds("created_at"))


def _require_blanks(transfers: pl.DataFrame) -> None:
    """Refuses a zero where the ledger leaves a cell empty, or half an entry: both would be read as the same number."""
    is_zero = pl.any_horizontal(pl.col("resolves", "reverses", "debit_version", "credit_version") == 0)
    is_half = [pl.col(f"{side}_version").is_null() != pl.col(f"{side}_after_cents").is_null() for side in ("debit", "credit")]  # fmt: skip
    wrong = transfers.filter(is_zero.fill_null(False) | pl.any_horizontal(is_half))
    if wrong.height:
        raise InputError(
            "Transfer {transfer} of the export tells a zero, or half an entry, where the ledger leaves cells empty: the file was changed. Export again.",
            transfer=int(wrong["id"][0]),
        )


def _microseconds(column: str) -> pl.Expr:
    """Microseconds since 2000."""
    moment = pl.col(column).str.to_datetime(_MOMENT, time_unit="us")
    return (moment - _EPOCH).dt.total_microseconds().alias(column)


def _columns(frame: pl.DataFrame, names: "tuple[str, ...] | list[str] | None") -> dict[str, np.ndarray]:
    return {name: frame[name].fill_null(0).to_numpy() for name in names or ()}


def _uuids(texts: pl.Series) -> np.ndarray:
    """All at once: one text is decoded rather than as many as there are rows."""
    return np.frombuffer(bytes.fromhex("".join(texts.to_list()).replace("-", "")), "V16")


def _bytes(texts: pl.Series) -> np.ndarray:
    return np.array(texts.str.decode("hex").to_list(), dtype=object)
