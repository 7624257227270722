"""The whole ledger as files that anyone can read and verify without us: one folder, one CSV a table, nothing personal."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from ressort.core.errors import RuleBroken

#: file → what it holds; moments are UTC, amounts cents
TABLES = {
    "currencies": "SELECT id, code, name, closed_until FROM ledger.currency ORDER BY id",
    "accounts": "SELECT id, currency, kind, unit, balance_cents, pending_out_cents, floor_cents, ceiling_cents, version, status "
    "FROM ledger.account ORDER BY id",
    "requests": "SELECT key, encode(hash, 'hex') AS hash, reason, actor, created_at FROM ledger.request ORDER BY created_at, key",
    "transfers": "SELECT id, request_key, leg, operation, state, debit_account, credit_account, amount_cents, resolves, reverses, "
    "effective_on, expires_at, actor, created_at, debit_version, debit_after_cents, credit_version, credit_after_cents "
    "FROM ledger.transfer ORDER BY id",
    "blocks": "SELECT id, last_account, last_transfer, accounts, transfers, sealed_at, encode(previous_hash, 'hex') AS previous_hash, "
    "encode(hash, 'hex') AS hash FROM ledger.block ORDER BY id",
}
#: what is absent is a 0 of the chain; a 0, or half an entry, where the ledger leaves cells empty is sent as −1: the chain tells it
_OR_0 = "CASE WHEN {0} IS NULL THEN 0 WHEN {0} = 0 THEN -1 ELSE {0} END"
_ENTRY = (
    "CASE WHEN {0}_version IS NULL THEN CASE WHEN {0}_after_cents IS NULL THEN 0 ELSE -1 END WHEN {0}_version = 0 THEN -1 ELSE {0}_version END, "
    "CASE WHEN {0}_after_cents IS NULL THEN CASE WHEN {0}_version IS NULL THEN 0 ELSE -1 END ELSE {0}_after_cents END"
)
#: table of `core.currency.binary.SENT` → its query, in binary: what the verifier recomputes, and nothing else
SENT = {
    "accounts": "SELECT id, currency, kind, unit, balance_cents, pending_out_cents, floor_cents, version FROM ledger.account ORDER BY id",
    "requests": "SELECT key FROM ledger.request WHERE reason = 0",
    "transfers": "SELECT id, request_key, leg, operation, state, debit_account, credit_account, amount_cents, "
    + f"{_OR_0.format('resolves')}, {_OR_0.format('reverses')}, effective_on, coalesce(expires_at, '2000-01-01 00:00:00+00'), actor, created_at, "
    + f"{_ENTRY.format('debit')}, {_ENTRY.format('credit')} FROM ledger.transfer ORDER BY id",
    "blocks": "SELECT id::bigint, last_account, last_transfer, accounts::bigint, transfers::bigint, sealed_at, previous_hash, hash FROM ledger.block ORDER BY id",
}
#: how tables are written: end of the name of a file, its queries, the words of COPY
_CSV, _BINARY = ("csv", TABLES, "FORMAT csv, HEADER"), ("binary", SENT, "FORMAT binary")


def export(folder: Path, before: Callable[[], object] = lambda: None, *, in_binary: bool = False) -> None:
    """Writes the ledger as it is at one instant; the folder appears whole or not at all.

    Args:
        in_binary: what the verifier of this machine reads at once, not what is kept or given away.
        before: done once it is known that an export can be written: to seal, for instance.

    Raises:
        RuleBroken: there is already something there, no room to write, or no ledger yet.
    """
    if folder.exists():
        raise RuleBroken(
            "{folder} already exists. Give a new name: an export is never written over.", folder=str(folder)
        )
    if not _rows("SELECT to_regclass('ledger.transfer')")[0][0]:
        raise RuleBroken(
            "There is no ledger in this database yet: it comes when Ressort is started, with “ressort serve”."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise RuleBroken("{folder} cannot be written: {cause}. Choose another place.", folder=str(folder), cause=error.strerror or "?") from error  # fmt: skip
    try:
        before()
        _write(draft, *(_BINARY if in_binary else _CSV))
        draft.chmod(0o755)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _raw() -> "psycopg.Connection[Any]":
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw


def _rows(query: str) -> list[Any]:
    return psycopg.Cursor(_raw()).execute(query.encode()).fetchall()


def _write(folder: Path, end: str, queries: dict[str, str], words: str) -> None:
    raw = _raw()
    with raw.transaction(), psycopg.Cursor(raw) as cursor:
        if not connection.in_atomic_block:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL TimeZone TO 'UTC'")
        for name, query in queries.items():
            with (folder / f"{name}.{end}").open("wb") as file, cursor.copy(f"COPY ({query}) TO STDOUT ({words})".encode()) as lines:  # fmt: skip
                for part in lines:
                    file.write(part)
