"""The pages cannot write a line of the ledger but through its door, and an auditor only reads."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from tests.web import ledger_town

from ressort.core.currency import Reason

TABLES = ("currency", "kind", "operation", "account", "request", "transfer", "block")


@pytest.fixture
def application(town: ledger_town.Town) -> Iterator[psycopg.Connection[Any]]:
    with ledger_town.connected("ressort_app") as raw:
        yield raw


@pytest.mark.parametrize("table", TABLES)
def test_the_application_reads_but_cannot_write_erase_or_empty_a_table(application: psycopg.Connection[Any], table: str) -> None:  # fmt: skip
    column = application.execute(f"SELECT * FROM ledger.{table} LIMIT 1".encode()).description[-1].name  # type: ignore[index]
    for statement in (
        f"INSERT INTO ledger.{table} DEFAULT VALUES",
        f"UPDATE ledger.{table} SET {column} = {column}",
        f"DELETE FROM ledger.{table}",
        f"TRUNCATE ledger.{table}",
        f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL",
        f"DROP TABLE ledger.{table} CASCADE",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(statement.encode())


def test_the_application_cannot_go_round_the_door(application: psycopg.Connection[Any]) -> None:
    for statement in (
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "CREATE FUNCTION ledger.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION ledger.pay OWNER TO ressort_app",
        "DROP SCHEMA ledger CASCADE",
        "UPDATE ledger.entry SET amount_cents = 1",
        "DELETE FROM ledger.entry",
        "SELECT ledger.refuse()",
        "SELECT nextval('ledger.transfer_id_seq')",
        "COPY ledger.transfer FROM PROGRAM 'true'",
    ):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)):
            application.execute(statement.encode())


def test_the_application_pays_through_the_door(application: psycopg.Connection[Any], town: ledger_town.Town) -> None:
    town.raw = application
    assert town.pay(0, 1, 250).reason is Reason.ACCEPTED
    assert (town.balance_cents(0), town.balance_cents(1)) == (9_750, 10_250)


def test_a_table_made_by_a_later_migration_is_open_to_the_application(town: ledger_town.Town) -> None:
    with ledger_town.connected(autocommit=False) as owner:
        owner.execute("CREATE TABLE public.later (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
        owner.execute("SET LOCAL ROLE ressort_app")
        owner.execute("INSERT INTO public.later (word) VALUES ('x')")
        owner.execute("DELETE FROM public.later")
        owner.rollback()


def test_an_auditor_reads_the_ledger_and_nothing_else(town: ledger_town.Town) -> None:
    with ledger_town.connected(autocommit=False) as owner:
        owner.execute("SET LOCAL ROLE ressort_auditor")
        owner.execute("SELECT count(*) FROM ledger.entry")
        for statement in ("SELECT email FROM people_person", "SELECT ledger.seal()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
                owner.execute(statement.encode())
        owner.rollback()
