"""Each constraint and trigger of the ledger, by the statement that only it refuses; without it, the statement passes."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from ressort.core.currency import NO_CEILING_CENTS, kind

KEY, OTHER_KEY = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
ACCOUNT: dict[str, Any] = {
    "id": 900_000_001, "currency": 1, "kind": kind("member").id, "unit": 0, "floor_cents": 0, "ceiling_cents": NO_CEILING_CENTS
}  # fmt: skip
POSTED: dict[str, Any] = {
    "id": 900_000_001, "request_key": KEY, "leg": 1, "operation": 20, "state": 1, "debit_account": 900_000_001,
    "credit_account": 900_000_002, "amount_cents": 5, "debit_version": 1, "debit_after_cents": 0, "credit_version": 1,
    "credit_after_cents": 5, "resolves": None, "reverses": None, "effective_on": "2026-01-01", "expires_at": None, "actor": 0,
    "created_at": "2026-01-01 00:00:00+00",
}  # fmt: skip
NO_ENTRY = {"debit_version": None, "debit_after_cents": None, "credit_version": None, "credit_after_cents": None}
OTHER = {"id": 900_000_002, "request_key": OTHER_KEY, "debit_account": 900_000_003, "credit_account": 900_000_004}
REQUEST: dict[str, Any] = {
    "key": KEY,
    "hash": b"h" * 32,
    "reason": 0,
    "actor": 0,
    "created_at": "2026-01-01 00:00:00+00",
}
BLOCK: dict[str, Any] = {
    "id": 900_000_001, "last_account": 1, "last_transfer": 1, "accounts": 1, "transfers": 1, "sealed_at": "2026-01-01 00:00:00+00",
    "previous_hash": b"p" * 32, "hash": b"h" * 32,
}  # fmt: skip
CURRENCY: dict[str, Any] = {"id": 30_001, "code": "ZZTEST", "name": "Essai"}
KIND: dict[str, Any] = {"id": 900, "code": "zz", "unit": 0, "is_source": False, "paper": 0, "digital": 0}
OPERATION: dict[str, Any] = {"id": 900, "code": "zz"}

A_CURRENCY = "INSERT INTO ledger.currency (id, code, name) OVERRIDING SYSTEM VALUE VALUES (1, 'ZZONE', 'Un') ON CONFLICT DO NOTHING"

#: constraint → table, the row it refuses, and the row that must be there before
REFUSED: dict[str, tuple[str, dict[str, Any], dict[str, Any] | None]] = {
    "currency_pkey": ("currency", CURRENCY | {"code": "ZZTEST2"}, CURRENCY),
    "currency_code_unique": ("currency", CURRENCY | {"id": 30_002}, CURRENCY),
    "currency_code_well_formed": ("currency", CURRENCY | {"code": "EUR"}, None),
    "currency_has_a_name": ("currency", CURRENCY | {"name": ""}, None),
    "kind_pkey": ("kind", KIND | {"code": "zzz", "unit": 1}, KIND),
    "kind_code_key": ("kind", KIND | {"id": 901}, KIND),
    "kind_unit_check": ("kind", KIND | {"unit": 2}, None),
    "kind_paper_check": ("kind", KIND | {"paper": 2}, None),
    "kind_digital_check": ("kind", KIND | {"digital": -2}, None),
    "operation_pkey": ("operation", OPERATION | {"code": "zzz"}, OPERATION),
    "operation_code_key": ("operation", OPERATION | {"id": 901}, OPERATION),
    "account_pkey": ("account", ACCOUNT, ACCOUNT),
    "account_currency_fkey": ("account", ACCOUNT | {"currency": 32_000}, None),
    "account_kind_has_that_unit": ("account", ACCOUNT | {"unit": 1}, None),
    "account_never_below_its_floor": ("account", ACCOUNT | {"balance_cents": -1}, None),
    "account_closed_only_when_empty": ("account", ACCOUNT | {"status": 2, "balance_cents": 1}, None),
    "request_pkey": ("request", REQUEST, REQUEST),
    "transfer_pkey": ("transfer", POSTED | OTHER | {"id": POSTED["id"]}, POSTED),
    "transfer_once_per_leg": ("transfer", POSTED | OTHER | {"request_key": KEY}, POSTED),
    "transfer_debit_once_per_version": (
        "transfer",
        POSTED | OTHER | {"debit_account": POSTED["debit_account"]},
        POSTED,
    ),
    "transfer_credit_once_per_version": (
        "transfer",
        POSTED | OTHER | {"credit_account": POSTED["credit_account"]},
        POSTED,
    ),
    "transfer_resolved_once": (
        "transfer",
        POSTED | OTHER | {"resolves": 900_000_009},
        POSTED | {"resolves": 900_000_009},
    ),
    "transfer_reversed_once": (
        "transfer",
        POSTED | OTHER | {"reverses": 900_000_009},
        POSTED | {"reverses": 900_000_009},
    ),
    "block_pkey": ("block", BLOCK | {"previous_hash": b"q" * 32, "hash": b"i" * 32}, BLOCK),
    "block_follows_one_only": ("block", BLOCK | {"id": 900_000_002, "hash": b"i" * 32}, BLOCK),
    "block_hash_unique": ("block", BLOCK | {"id": 900_000_002, "previous_hash": b"q" * 32}, BLOCK),
    "block_seals_something": ("block", BLOCK | {"accounts": 0, "transfers": 0}, None),
}
#: constraint of a domain → table, row that it takes, column, and the values that it refuses: both ends
DOMAINS: dict[str, tuple[str, dict[str, Any], str, tuple[Any, ...]]] = {
    "amount_moves_something": ("transfer", POSTED, "amount_cents", (0, -1, 10**15 + 1)),
    "balance_within_range": ("account", ACCOUNT | {"floor_cents": -(10**18)}, "balance_cents", (10**18 + 1, -(10**18) - 1)),
    "held_is_not_negative": ("account", ACCOUNT, "pending_out_cents", (-1,)),
    "floor_within_range": ("account", ACCOUNT, "floor_cents", (-(10**18) - 1, 10**18 + 1)),
    "ceiling_within_range": ("account", ACCOUNT, "ceiling_cents", (-1, 10**18 + 1)),
    "status_known": ("account", ACCOUNT, "status", (-1, 3)),
    "state_known": ("transfer", POSTED | NO_ENTRY | {"resolves": 1}, "state", (0, 5)),
    "reason_known": ("request", REQUEST, "reason", (-1, 13)),
    "rank_counts_from_one": ("block", BLOCK, "id", (0, -1)),
    "sha256_has_32_bytes": ("request", REQUEST, "hash", (b"short", b"h" * 33)),
}  # fmt: skip
#: rows of transfers that are not what their state says
NONSENSE: tuple[dict[str, Any], ...] = (
    POSTED | {"credit_account": POSTED["debit_account"]},
    *(POSTED | {column: None} for column in NO_ENTRY),
    POSTED | {"debit_version": 0},
    POSTED | {"credit_version": 0},
    POSTED | {"expires_at": "2026-01-01 00:00:00+00"},
    POSTED | {"resolves": 900_000_008, "reverses": 900_000_009},
    *(POSTED | NO_ENTRY | {"state": 3, "resolves": 900_000_009, column: 1} for column in NO_ENTRY),
    POSTED | NO_ENTRY | {"state": 3},
    POSTED | NO_ENTRY | {"state": 3, "resolves": 900_000_009, "reverses": 900_000_008},
    POSTED | NO_ENTRY | {"state": 4, "resolves": 900_000_009, "expires_at": "2026-01-01 00:00:00+00"},
    POSTED | NO_ENTRY | {"state": 2},
    POSTED | NO_ENTRY | {"state": 2, "expires_at": "2026-01-01 00:00:00+00", "resolves": 900_000_009},
)
#: what a foreign key needs to point at; the primary key refuses before it
NEEDED_BY_ANOTHER = {"kind_id_unit_key"}

#: trigger and table → the statements it refuses
FROZEN = {
    **{("written_once", table): (f"UPDATE ledger.{table} SET {column} = {column}", f"DELETE FROM ledger.{table}", f"TRUNCATE ledger.{table}")
       for table, column in (("request", "reason"), ("transfer", "amount_cents"), ("block", "hash"))},
    ("never_erased", "account"): ("DELETE FROM ledger.account", "TRUNCATE ledger.account"),
    ("never_erased", "currency"): ("DELETE FROM ledger.currency WHERE false", "TRUNCATE ledger.currency CASCADE"),
    ("what_it_is_stays", "account"): tuple(
        f"UPDATE ledger.account SET {column} = {value} WHERE false"
        for column, value in (("id", "DEFAULT"), ("kind", "kind"), ("unit", "unit"), ("currency", "currency"))
    ),
}  # fmt: skip


def insert(raw: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    raw.execute(
        sql.SQL("INSERT INTO ledger.{} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
        ), list(row.values()),
    )  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_constraint_alone_refuses_a_row_that_passes_without_it(ledger: psycopg.Connection[Any], name: str) -> None:
    table, row, before = REFUSED[name]
    ledger.execute(A_CURRENCY)
    if before:
        insert(ledger, table, before)
    with pytest.raises(psycopg.errors.IntegrityError) as refusal, ledger.transaction():
        insert(ledger, table, row)
    assert refusal.value.diag.constraint_name == name
    kind_of = ledger.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [name]).fetchone()
    drop = "ALTER TABLE ledger.{table} DROP CONSTRAINT {name} CASCADE" if kind_of else "DROP INDEX ledger.{name}"
    ledger.execute(sql.SQL(drop).format(table=sql.Identifier(table), name=sql.Identifier(name)))
    insert(ledger, table, row)
    ledger.rollback()


@pytest.mark.parametrize("name", DOMAINS)
def test_a_domain_alone_refuses_a_value_that_passes_without_it(ledger: psycopg.Connection[Any], name: str) -> None:
    table, row, column, wrong = DOMAINS[name]
    ledger.execute(A_CURRENCY)
    for value in wrong:
        with pytest.raises(psycopg.errors.CheckViolation) as refusal, ledger.transaction():
            insert(ledger, table, row | {column: value})
        assert refusal.value.diag.constraint_name == name
    domain = name.partition("_")[0]
    ledger.execute(sql.SQL("ALTER DOMAIN ledger.{} DROP CONSTRAINT {}").format(sql.Identifier(domain), sql.Identifier(name)))  # fmt: skip
    ledger.execute("ALTER TABLE ledger.account DROP CONSTRAINT account_never_below_its_floor")
    for value in wrong:
        with ledger.transaction(force_rollback=True):
            insert(ledger, table, row | {column: value})
    ledger.rollback()


@pytest.mark.parametrize("row", NONSENSE)
def test_a_transfer_that_is_not_what_its_state_says_is_refused_by_a_trigger_alone(
    ledger: psycopg.Connection[Any], row: dict[str, Any]
) -> None:
    with pytest.raises(psycopg.Error) as refusal, ledger.transaction():
        insert(ledger, "transfer", row)
    assert refusal.value.sqlstate == "RL002"
    ledger.execute("ALTER TABLE ledger.transfer DISABLE TRIGGER is_what_its_state_says")
    insert(ledger, "transfer", row)
    ledger.rollback()


#: what a row may leave out
MAY_BE_ABSENT = {
    ("transfer", column) for column in (*NO_ENTRY, "resolves", "reverses", "expires_at")
}  # fmt: skip


def test_nothing_of_the_ledger_is_left_out_but_what_is_said(ledger: psycopg.Connection[Any]) -> None:
    rows = ledger.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attnotnull"
    )
    assert set(rows) == MAY_BE_ABSENT


def test_every_constraint_of_the_ledger_is_in_the_list(ledger: psycopg.Connection[Any]) -> None:
    rows = ledger.execute(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'ledger'::regnamespace AND contype IN ('c', 'u', 'p', 'f', 'x') UNION "
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisunique AND c.relnamespace = 'ledger'::regnamespace"
    )
    assert {name for (name,) in rows} == REFUSED.keys() | DOMAINS.keys() | NEEDED_BY_ANOTHER


@pytest.mark.parametrize(("trigger", "table"), FROZEN)
def test_a_trigger_alone_refuses_what_passes_without_it(
    ledger: psycopg.Connection[Any], trigger: str, table: str
) -> None:
    for statement in FROZEN[trigger, table]:
        with pytest.raises(psycopg.Error) as refusal, ledger.transaction():
            ledger.execute(statement.encode())
        assert refusal.value.sqlstate == "RL001"
    ledger.execute(
        sql.SQL("ALTER TABLE ledger.{} DISABLE TRIGGER {}").format(sql.Identifier(table), sql.Identifier(trigger))
    )
    ledger.execute("ALTER TABLE ledger.account DROP CONSTRAINT account_currency_fkey")
    for statement in FROZEN[trigger, table]:
        ledger.execute(statement.encode())
    ledger.rollback()


def test_every_trigger_of_the_ledger_is_in_the_list(ledger: psycopg.Connection[Any]) -> None:
    rows = ledger.execute(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE c.relnamespace = 'ledger'::regnamespace AND NOT t.tgisinternal"
    )
    assert set(rows) == FROZEN.keys() | {("is_what_its_state_says", "transfer")}
