"""Daily totals of an export of the ledger, and an association's own accounts."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ressort.core.errors import InputError, RuleBroken

if TYPE_CHECKING:
    import polars as pl

    from ressort.core.currency.accounting import BookAccount, DayTotal

_FILES = {
    "accounts": ("id", "currency", "kind"),
    "transfers": ("id", "operation", "state", "debit_account", "credit_account", "amount_cents", "reverses", "effective_on"),
    "blocks": ("id", "last_transfer"),
}  # fmt: skip


def day_totals(folder: Path, first: date, last: date, currency: int | None) -> list["DayTotal"]:
    """What each operation moved each day, by kinds of accounts; reversals come off what they reverse.

    Raises:
        InputError: no export there. RuleBroken: several currencies and none chosen, or none of that number.
    """
    import polars as pl

    from ressort.core.currency import KINDS, OPERATIONS, State
    from ressort.core.currency.accounting import DayTotal

    accounts, transfers, blocks = (export_table(folder, name, columns) for name, columns in _FILES.items())
    known = sorted(accounts["currency"].unique())
    if currency is None and len(known) > 1:
        raise RuleBroken("The export holds the currencies {choices}: choose one with --currency.", choices=known)
    if currency is not None and currency not in known:
        raise RuleBroken("The export holds no currency {given}, but {choices}.", given=currency, choices=known)
    kept = _as_reversed(transfers).filter(
        (pl.col("state") == int(State.POSTED)) & pl.col("effective_on").str.to_date().is_between(first, last)
    )
    kinds = accounts.filter(pl.col("currency") == (known[0] if currency is None else currency)).select("id", "kind")
    kept = _with_kinds(kept, kinds)
    kept = kept.sort("id").join_asof(
        blocks.sort("last_transfer").select(block="id", id="last_transfer"), on="id", strategy="forward"
    )
    summed = kept.group_by("effective_on", "operation", "from_kind", "to_kind").agg(
        pl.col("signed").sum(), first=pl.col("block").min().fill_null(0), last=pl.col("block").max().fill_null(0)
    )
    return [
        DayTotal(date.fromisoformat(day), OPERATIONS[operation - 1], KINDS[source - 1].code, KINDS[target - 1].code, cents, first_block, last_block)
        for day, operation, source, target, cents, first_block, last_block in summed.rows()
    ]  # fmt: skip


def _as_reversed(transfers: "pl.DataFrame") -> "pl.DataFrame":
    """Transfers, each reversal under the operation of what it reverses: whatever code it was asked with, it comes off there."""
    import polars as pl

    reversed_by = transfers.select(reverses="id", reversed_operation="operation")
    return (
        transfers.with_columns(pl.col("reverses").fill_null(0))
        .join(reversed_by, on="reverses", how="left")
        .with_columns(reversing=pl.col("reverses") > 0, operation=pl.coalesce("reversed_operation", "operation"))
    )


def _with_kinds(kept: "pl.DataFrame", kinds: "pl.DataFrame") -> "pl.DataFrame":
    """Kinds on each side and signed amounts: a reversal is told as what it reverses, below zero."""
    import polars as pl

    swapped, cents = pl.col("reversing"), pl.col("amount_cents")
    source = pl.when(swapped).then("credit_account").otherwise("debit_account").alias("source")
    target = pl.when(swapped).then("debit_account").otherwise("credit_account").alias("target")
    signed = pl.when(swapped).then(-cents).otherwise(cents).alias("signed")
    return (
        kept.with_columns(source, target, signed)
        .join(kinds.rename({"id": "source", "kind": "from_kind"}), on="source")
        .join(kinds.rename({"id": "target", "kind": "to_kind"}), on="target")
    )


def export_table(folder: Path, name: str, columns: tuple[str, ...]) -> "pl.DataFrame":
    """Some columns of a table of an export."""
    import polars as pl

    path = folder / f"{name}.csv"
    if not path.is_file():
        raise InputError("There is no file {path}: this is not an export of the ledger.", path=str(path))
    types = {column: pl.String if column in ("effective_on", "hash") else pl.Int64 for column in columns}
    try:
        return pl.read_csv(path, columns=list(columns), schema_overrides=types)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            "The export in {folder} cannot be read: {cause}. Export again, and do not open its files in a spreadsheet that saves them.",
            folder=str(folder), cause=str(error).split("\n")[0],
        ) from error  # fmt: skip


def accounts_of(given: str | None) -> dict[str, "BookAccount"]:
    """The template of accounts, with an association's own in their place."""
    from ressort.cli.currency_files import content_of
    from ressort.core.currency.accounting import BookAccount
    from ressort.reference.currency_books import book_accounts

    found = book_accounts()
    if given is None:
        return found
    try:
        text = content_of(given).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The file is not in UTF-8 (byte {place}): save it again.", place=error.start) from error
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    for line, row in enumerate(csv.DictReader(io.StringIO(text), delimiter=delimiter), 2):
        role, code, name = ((row.get(key) or "").strip() for key in ("role", "account_code", "name_fr"))
        if role not in found:
            raise InputError("Line {line}: no role is called “{given}”. They are: {choices}.", line=line, given=role, choices=list(found))  # fmt: skip
        if not code or not name:
            raise InputError("Line {line}: an account needs a number and a name (account_code, name_fr).", line=line)
        found[role] = BookAccount(code, name)
    return found
