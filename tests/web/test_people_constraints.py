"""Each constraint of the tables of people, by the row that only it refuses; and, around the ledger, what models promise and the database holds."""

from typing import Any

import psycopg
import pytest
from tests.web import constraint_rows
from tests.web.constraint_rows import FRESH, insert, one_check_alone, one_unique_alone

#: what a row of each table holds beside what its types ask for
BASE: dict[str, dict[str, Any]] = {
    "person": {"language": "fr", "email": lambda: f"x{next(FRESH)}@example.fr"},
    "grant": {"kind": "EPCI", "code": lambda: f"{next(FRESH)}", "role": "contributor"},
    "invitation": {"digest": lambda: f"{next(FRESH):064x}", "until": "2026-02-01"},
}

#: check → table and what makes it refuse a row
CHECKS: dict[str, tuple[str, dict[str, Any]]] = {
    "person_language_known": ("person", {"language": "de"}),
    "person_has_an_email": ("person", {"email": ""}),
    "grant_role_known": ("grant", {"role": "x"}),
    "grant_kind_known": ("grant", {"kind": "x"}),
    "grant_code_well_formed": ("grant", {"code": "x;"}),
    "grant_not_to_oneself": ("grant", {"person_id": 7, "granted_by_id": 7}),
    "entry_says_what": ("entry", {"what": ""}),
    "sign_in_has_a_session": ("signin", {"session": ""}),
    "invitation_digest_is_sha256": ("invitation", {"digest": "0" * 63}),
    "invitation_ends_one_way": ("invitation", {"accepted_at": "2026-01-01", "withdrawn_at": "2026-01-01"}),
    "invitation_accepted_in_time": ("invitation", {"accepted_at": "2026-02-02"}),
    "invitation_not_to_oneself": ("invitation", {"by_id": 7, "accepted_by_id": 7}),
}
#: what is unique → table and the columns that two rows share
UNIQUE: dict[str, tuple[str, dict[str, Any]]] = {
    "grant_one_role_per_territory": ("grant", {"person_id": 7, "kind": "EPCI", "code": "1234"}),
    "people_invitation_digest_key": ("invitation", {"digest": "a" * 64}),
    "people_person_groups_person_id_group_id_438d585f_uniq": ("person_groups", {"person_id": 7, "group_id": 7}),
    "people_person_user_permi_person_id_permission_id_c2e10f6f_uniq": (
        "person_user_permissions",
        {"person_id": 7, "permission_id": 7},
    ),
    "people_signin_session_key": ("signin", {"session": "x"}),
}
#: e-mail → one the same but for its case, which only the second of two constraints refuses
EMAILS = {"people_person_email_key": "ada@example.fr", "person_email_unique_whatever_its_case": "Ada@Example.fr"}
OWN = ("currency_", "association_", "people_")


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_alone_refuses_a_row_that_passes_without_it(tables_alone: psycopg.Connection[Any], name: str) -> None:
    table, wrong = CHECKS[name]
    one_check_alone(tables_alone, f"people_{table}", name, BASE.get(table, {}), wrong)


@pytest.mark.parametrize("name", UNIQUE)
def test_what_is_unique_alone_refuses_a_second_row_that_passes_without_it(tables_alone: psycopg.Connection[Any], name: str) -> None:  # fmt: skip
    table, shared = UNIQUE[name]
    one_unique_alone(tables_alone, f"people_{table}", name, BASE.get(table, {}), shared)


def test_nobody_has_the_e_mail_of_another_whatever_its_case(tables_alone: psycopg.Connection[Any]) -> None:
    insert(
        tables_alone,
        "people_person",
        constraint_rows.row_of(tables_alone, "people_person", BASE["person"], email="ada@example.fr"),
    )
    for name in reversed(EMAILS):
        with pytest.raises(psycopg.IntegrityError) as refusal, tables_alone.transaction():
            insert(
                tables_alone,
                "people_person",
                constraint_rows.row_of(tables_alone, "people_person", BASE["person"], email=EMAILS[name]),
            )
        assert refusal.value.diag.constraint_name == name
        constraint_rows.drop(tables_alone, "people_person", name)
    insert(
        tables_alone,
        "people_person",
        constraint_rows.row_of(tables_alone, "people_person", BASE["person"], email="ada@example.fr"),
    )
    tables_alone.rollback()


def test_each_foreign_key_alone_refuses_what_is_not_there(ledger: psycopg.Connection[Any]) -> None:
    checks = [(table, name) for name, (table, _wrong) in CHECKS.items()]
    assert constraint_rows.each_foreign_key_alone(ledger, "people_", BASE, checks) > 5


def test_every_constraint_of_people_is_in_a_list(ledger: psycopg.Connection[Any]) -> None:
    assert constraint_rows.constraints_of(ledger, "people_") == CHECKS.keys() | UNIQUE.keys() | EMAILS.keys()
    assert constraint_rows.triggers_of(ledger, "people_") == set()


def test_every_reference_of_a_model_is_held_by_the_database(ledger: psycopg.Connection[Any]) -> None:
    from django.apps import apps

    models = [one for one in apps.get_models(include_auto_created=True) if one._meta.db_table.startswith(OWN)]
    told = {
        (one._meta.db_table, field.column) for one in models for field in one._meta.local_fields if field.remote_field
    }
    rows = ledger.execute(
        "SELECT t.relname, a.attname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f' AND c.convalidated"
    )
    assert {(table, column) for table, column in rows if table.startswith(OWN)} == told
    assert len(told) > 80


def test_what_no_model_leaves_out_the_database_does_not_either(ledger: psycopg.Connection[Any]) -> None:
    from django.apps import apps

    models = [one for one in apps.get_models(include_auto_created=True) if one._meta.db_table.startswith(OWN)]
    told = {(one._meta.db_table, field.column) for one in models for field in one._meta.local_fields if field.null}
    tables = {one._meta.db_table for one in models}
    rows = ledger.execute(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull"
    )
    assert {(table, column) for table, column in rows if table in tables} == told
    numbered = ledger.execute("SELECT t.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'p'")  # fmt: skip
    assert tables <= {table for (table,) in numbered}
