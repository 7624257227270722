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


def export(folder: Path, before: Callable[[], object] = lambda: None) -> None:
    """Writes the ledger as it is at one instant; the folder appears whole or not at all.

    Args:
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
        _write(draft)
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


def _write(folder: Path) -> None:
    raw = _raw()
    with raw.transaction(), psycopg.Cursor(raw) as cursor:
        if not connection.in_atomic_block:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL TimeZone TO 'UTC'")
        for name, query in TABLES.items():
            with (folder / f"{name}.csv").open("wb") as file, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode()) as lines:  # fmt: skip
                for part in lines:
                    file.write(part)
