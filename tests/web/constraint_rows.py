"""Rows that a table takes, for the tests that switch its constraints off one by one."""

from collections.abc import Collection
from itertools import count
from typing import Any

import psycopg
import pytest
from psycopg import sql

Raw = psycopg.Connection[Any]

FRESH = count(900_000_001)
_VALUES: dict[str, Any] = {
    "smallint": lambda: 1 + next(FRESH) % 30_000, "integer": lambda: next(FRESH), "bigint": lambda: next(FRESH), "boolean": lambda: False,
    "date": lambda: "2026-01-01", "timestamp with time zone": lambda: "2026-01-01", "text": lambda: f"x{next(FRESH)}",
    "character varying": lambda: f"x{next(FRESH)}", "uuid": lambda: f"00000000-0000-7000-8000-{next(FRESH):012}", "jsonb": lambda: "{}",
    "numeric": lambda: next(FRESH),
}  # fmt: skip


def row_of(raw: Raw, relation: str, base: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A row that a table takes, no two alike but for what is given."""
    columns = raw.execute(
        "SELECT column_name, data_type, character_maximum_length FROM information_schema.columns "
        "WHERE table_name = %s AND is_nullable = 'NO' AND is_identity = 'NO'",
        [relation],
    )
    made = {
        name: _VALUES[kind]()[-most:] if most and isinstance(_VALUES[kind](), str) else _VALUES[kind]()
        for name, kind, most in columns
    }
    return made | {name: value() if callable(value) else value for name, value in base.items()} | given


def insert(raw: Raw, relation: str, row: dict[str, Any]) -> None:
    """Writes a row."""
    raw.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(relation), sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
        ), list(row.values()),
    )  # fmt: skip


def drop(raw: Raw, relation: str, name: str) -> None:
    """Switches a constraint off, or an index that holds one, and what depends on it."""
    kept = raw.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name]).fetchone()
    words = "ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE" if kept else "DROP INDEX {name}"
    raw.execute(sql.SQL(words).format(table=sql.Identifier(relation), name=sql.Identifier(name)))


def only_refusal(raw: Raw, relation: str, name: str, row: dict[str, Any]) -> None:
    """Asserts that a constraint refuses a row, and that the row passes without it."""
    with pytest.raises(psycopg.IntegrityError) as refusal, raw.transaction():
        insert(raw, relation, row)
    assert refusal.value.diag.constraint_name == name
    drop(raw, relation, name)
    insert(raw, relation, row)
    raw.rollback()


def one_check_alone(raw: Raw, relation: str, name: str, base: dict[str, Any], wrong: dict[str, Any]) -> None:
    """Asserts that a good row passes, and that a wrong one is refused by a check, and by it only."""
    insert(raw, relation, row_of(raw, relation, base))
    only_refusal(raw, relation, name, row_of(raw, relation, base, **wrong))


def one_unique_alone(raw: Raw, relation: str, name: str, base: dict[str, Any], shared: dict[str, Any]) -> None:
    """Asserts that a row passes, and that a second one which shares some columns is refused by what is unique, and by it only."""
    insert(raw, relation, row_of(raw, relation, base, **shared))
    only_refusal(raw, relation, name, row_of(raw, relation, base, **shared))


def constraints_of(raw: Raw, prefix: str) -> set[str]:
    """Every check and everything unique of the tables whose names begin so, primary keys aside."""
    rows = raw.execute(
        "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        "WHERE starts_with(t.relname, %(prefix)s) AND c.contype IN ('c', 'u', 'x') UNION "
        "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid "
        "WHERE starts_with(t.relname, %(prefix)s) AND x.indisunique AND NOT x.indisprimary",
        {"prefix": prefix},
    )
    return {name for (name,) in rows}


def triggers_of(raw: Raw, prefix: str) -> set[tuple[str, str]]:
    """Every trigger of the tables whose names begin so: its name, then that of the table without what it begins with."""
    rows = raw.execute(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE starts_with(c.relname, %s) AND NOT t.tgisinternal",
        [prefix],
    )
    return {(name, relation.removeprefix(prefix)) for name, relation in rows}


def each_foreign_key_alone(
    raw: Raw, prefix: str, bases: dict[str, dict[str, Any]], checks: Collection[tuple[str, str]]
) -> int:
    """Asserts that each foreign key refuses what is not there, and nothing else does; tells how many there are.

    Args:
        bases: what a row of each table holds beside what its types ask for.
        checks: table and name of what would look at the row again.
    """
    keys = raw.execute(
        "SELECT t.relname, c.conname, a.attname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND starts_with(t.relname, %s)",
        [prefix],
    ).fetchall()
    for relation, name, column in keys:
        table = relation.removeprefix(prefix)
        raw.execute("SET LOCAL session_replication_role = replica")
        insert(raw, relation, row_of(raw, relation, bases.get(table, {})))
        raw.execute("SET LOCAL session_replication_role = origin")
        raw.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(relation)))
        others = [other for owner, other in checks if owner == table]
        others += [other for another, other, _column in keys if another == relation and other != name]
        for other in others:  # a row of this very transaction is looked at whole again
            drop(raw, relation, other)
        change = sql.SQL("UPDATE {} SET {} = 999999999").format(sql.Identifier(relation), sql.Identifier(column))
        raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(psycopg.errors.ForeignKeyViolation) as refusal, raw.transaction():
            raw.execute(change)
        assert refusal.value.diag.constraint_name == name
        drop(raw, relation, name)
        raw.execute(change)
        raw.rollback()
    return len(keys)
