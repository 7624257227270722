"""Each constraint and trigger of the association's tables, by the row that only it refuses; without it, the row passes."""

from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.web import constraint_rows
from tests.web.constraint_rows import (
    FRESH,
    constraints_of,
    each_foreign_key_alone,
    one_check_alone,
    only_refusal,
    triggers_of,
)

#: what a row of each table holds beside what its types ask for
BASE: dict[str, dict[str, Any]] = {
    "bankline": {"account": "digital", "aside": ""},
    "certificate": {"body": "", "signature": "", "public_key": ""},
    "collection": {"purpose": "dues", "agreed_by_id": None, "agreed_at": None, "bank_line_id": None},
    "debit": {"outcome": "waiting", "deed_id": None, "back_id": None, "credit_id": None, "dues_id": None},
    "decision": {"outcome": "refused", "first_transfer": None},
    "declaration": {"clock": "payments"},
    "deed": {"fund": "", "fee_cents": 0},
    "beneficiary": {"left_on": None, "adults": 1},
    "gifts": {"since": "2026-01-01", "until": "2026-02-01", "left_cents": 0},
    "member": {"standing": "candidate", "level": 0},
    "mandatechange": {"state": "waiting"},
    "mandatedebit": {"outcome": "refused", "deed_id": None, "tried": 1},
    "post": {"role": "staff", "office_id": None},
    "programme": {"local_bp": 8_500},
    "rules": {"four_eyes_cents": 1, "fee_bp": 1, "gift_bp": 1, "level0_cents": 1, "level1_cents": 2, "credit_least_cents": 1},
}  # fmt: skip

#: check → table and what makes it refuse a row
CHECKS: dict[str, tuple[str, dict[str, Any]]] = {
    "allowance_not_negative": ("allowance", {"euro_cents": -1}),
    "beneficiary_household_makes_sense": ("beneficiary", {"adults": 0}),
    "beneficiary_leaves_after_joining": ("beneficiary", {"left_on": "2025-01-01"}),
    "bank_line_account_known": ("bankline", {"account": "x"}),
    "bank_line_aside_settles_nothing": ("bankline", {"aside": "x", "deed_id": 7}),
    "bank_line_moves_something": ("bankline", {"amount_cents": 0}),
    "certificate_body_is_signed": ("certificate", {"body": "{}"}),
    "certificate_needs_two": ("certificate", {"proposed_by_id": 7, "confirmed_by_id": 7}),
    "collection_agreed_at_a_moment": ("collection", {"made_by_id": 7, "agreed_by_id": 8}),
    "collection_needs_two": ("collection", {"made_by_id": 7, "agreed_by_id": 7, "agreed_at": "2026-01-01"}),
    "collection_purpose_known": ("collection", {"purpose": "x"}),
    "collection_settled_once_agreed": ("collection", {"bank_line_id": 7}),
    "consent_revoked_after_given": ("consent", {"revoked_on": "2025-01-01"}),
    "debit_collected_by_a_deed": ("debit", {"outcome": "collected"}),
    "debit_of_something": ("debit", {"amount_cents": 0}),
    "debit_returned_by_a_deed": ("debit", {"outcome": "returned", "deed_id": 7}),
    "decision_done_moved_money": ("decision", {"outcome": "done"}),
    "decision_outcome_known": ("decision", {"outcome": "x"}),
    "declaration_clock_known": ("declaration", {"clock": "x"}),
    "deed_amount_and_fee_make_sense": ("deed", {"fee_cents": -1}),
    "deed_fund_known": ("deed", {"fund": "x"}),
    "deed_names_its_operation": ("deed", {"operation": ""}),
    "gifts_left_not_negative": ("gifts", {"left_cents": -1}),
    "gifts_of_some_days": ("gifts", {"since": "2026-02-01", "until": "2026-02-01"}),
    "dues_of_something": ("dues", {"amount_cents": 0}),
    "association_mandatedebit_tried_check": ("mandatedebit", {"tried": -1}),
    "mandate_debit_of_something": ("mandatedebit", {"amount_cents": 0}),
    "mandate_debit_paid_by_a_deed": ("mandatedebit", {"outcome": "paid"}),
    "mandate_of_dues_goes_on": ("mandate", {"for_dues": True, "is_recurring": False}),
    "mandate_has_a_purpose": ("mandate", {"purpose": ""}),
    "mandate_joins_two": ("mandate", {"debtor_id": 7, "creditor_id": 7}),
    "mandate_of_something": ("mandate", {"amount_cents": 0}),
    "mandate_state_known": ("mandatechange", {"state": "x"}),
    "member_approved_on_a_day": ("member", {"standing": "approved"}),
    "member_level_known": ("member", {"level": 3}),
    "member_standing_known": ("member", {"standing": "x", "approved_on": "2026-01-01"}),
    "monthly_credit_of_something": ("monthlycredit", {"amount_cents": 0}),
    "note_move_between_two_places": ("notemove", {"from_account": 7, "to_account": 7}),
    "note_move_moves_something": ("notemove", {"count": 0}),
    "office_has_a_name": ("office", {"name": ""}),
    "post_not_to_oneself": ("post", {"person_id": 7, "given_by_id": 7}),
    "post_of_an_office_names_it": ("post", {"role": "office"}),
    "post_role_known": ("post", {"role": "x"}),
    "association_programme_local_bp_check": ("programme", {"local_bp": -1}),
    "programme_amounts_make_sense": ("programme", {"budget_cents": 0}),
    "programme_cap_above_zero": ("programme", {"purpose_id": 7, "expiry_days": 5, "cap_cents": 0}),
    "programme_kept_for_a_purpose_expires": ("programme", {"expiry_days": 5}),
    "programme_ends_after_it_begins": ("programme", {"end": "2025-01-01"}),
    "association_rules_fee_bp_check": ("rules", {"fee_bp": -1}),
    "association_rules_gift_bp_check": ("rules", {"gift_bp": -1}),
    "association_rules_gift_least_sponsors_check": ("rules", {"gift_least_sponsors": -1}),
    "association_rules_prenotice_days_check": ("rules", {"prenotice_days": -1}),
    "association_rules_reversal_days_check": ("rules", {"reversal_days": -1}),
    "rules_ceilings_grow": ("rules", {"level0_cents": 3}),
    "rules_least_credit_of_something": ("rules", {"credit_least_cents": 0}),
    "rules_rates_within_one": ("rules", {"fee_bp": 10_001}),
    "rules_threshold_not_negative": ("rules", {"four_eyes_cents": -1}),
    "sepa_mandate_names_all": ("sepamandate", {"iban": ""}),
    "sepa_mandate_revoked_after_signed": ("sepamandate", {"signed_on": "2026-01-02", "revoked_on": "2026-01-01"}),
    "series_has_a_name": ("series", {"name": ""}),
    "series_worth_something": ("series", {"value_cents": 0}),
}
#: what Django adds to a field that is not negative, where another constraint says more; or a list of words that another implies
IMPLIED = {
    "association_notemove_count_check",
    "association_series_value_cents_check",
    "association_member_level_check",
    "association_programme_expiry_days_check",
    "debit_outcome_known",
}
#: what is unique → table and the columns that two rows share
UNIQUE: dict[str, tuple[str, dict[str, Any]]] = {
    "allowance_paid_once_a_month": ("allowance", {"programme_id": 7, "account": 7, "period": "2026-01-01"}),
    "association_allowance_deed_id_key": ("allowance", {"deed_id": 7}),
    "association_bankline_deed_id_key": ("bankline", {"deed_id": 7}),
    "bank_line_kept_once": ("bankline", {"currency": 1, "digest": "x"}),
    "beneficiary_once_at_a_time": ("beneficiary", {"programme_id": 7, "wallet_id": 7}),
    "certificate_once_a_day": ("certificate", {"currency": 1, "day": "2026-01-01"}),
    "association_collection_bank_line_id_key": ("collection", {"bank_line_id": 7, "agreed_at": "2026-01-01"}),
    "consent_in_force_once": ("consent", {"wallet_id": 7}),
    "day_total_once": ("daytotal", {"currency": 1, "day": "2026-01-01", "operation": 1, "from_kind": 1, "to_kind": 1}),
    "association_debit_back_id_key": ("debit", {"outcome": "returned", "back_id": 7}),
    "association_debit_deed_id_key": ("debit", {"outcome": "collected", "deed_id": 7}),
    "debit_once_in_a_collection": ("debit", {"collection_id": 7, "account": 7}),
    "debit_of_dues_once": ("debit", {"dues_id": 7}),
    "debit_once_a_month": ("debit", {"credit_id": 7, "period": "2026-01-01"}),
    "association_decision_deed_id_key": ("decision", {"deed_id": 7}),
    "association_decision_first_transfer_key": ("decision", {"outcome": "done", "first_transfer": 7}),
    "declaration_once_a_day": ("declaration", {"currency": 1, "declared_on": "2026-01-01"}),
    "association_gifts_deeds_gifts_id_deed_id_2a3accd7_uniq": ("gifts_deeds", {"gifts_id": 7, "deed_id": 7}),
    "gifts_of_days_once": ("gifts", {"currency": 1, "since": "2026-01-01"}),
    "dues_once_a_day": ("dues", {"member_id": 7, "due_on": "2026-01-01"}),
    "association_duespayment_deed_id_key": ("duespayment", {"deed_id": 7}),
    "association_mandatedebit_deed_id_key": ("mandatedebit", {"outcome": "paid", "deed_id": 7}),
    "mandate_debit_once_a_period": ("mandatedebit", {"mandate_id": 7, "period": "2026-01-01"}),
    "mandate_each_state_once": ("mandatechange", {"mandate_id": 7}),
    "association_member_wallet_id_key": ("member", {"wallet_id": 7}),
    "monthly_credit_running_once": ("monthlycredit", {"member_id": 7}),
    "note_move_once_per_series": ("notemove", {"deed_id": 7, "series_id": 7}),
    **{
        f"association_office_{kind}_key": ("office", {kind: 7})
        for kind in (
            "office_eur_till_digital", "office_eur_till_operating", "office_eur_till_paper", "office_notes_returns", "office_notes_stock",
            "office_notes_till",
        )
    },
    "office_name_once_in_a_currency": ("office", {"currency": 1, "name": "x"}),
    "post_held_once": ("post", {"person_id": 7, "currency": 1}),
    "association_programme_purpose_id_key": ("programme", {"purpose_id": 7, "expiry_days": 5}),
    "programme_name_once_in_a_currency": ("programme", {"currency": 1, "name": "x"}),
    "association_sepamandate_reference_key": ("sepamandate", {"reference": "x"}),
    "sepa_mandate_in_force_once": ("sepamandate", {"member_id": 7}),
    "series_name_once_in_a_currency": ("series", {"currency": 1, "name": "x"}),
}  # fmt: skip


def row_of(raw: "psycopg.Connection[Any]", table: str, **given: Any) -> dict[str, Any]:
    """A row that a table of the association takes."""
    return constraint_rows.row_of(raw, f"association_{table}", BASE.get(table, {}), **given)


def insert(raw: "psycopg.Connection[Any]", table: str, row: dict[str, Any]) -> None:
    constraint_rows.insert(raw, f"association_{table}", row)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_alone_refuses_a_row_that_passes_without_it(tables_alone: "psycopg.Connection[Any]", name: str) -> None:
    table, wrong = CHECKS[name]
    one_check_alone(tables_alone, f"association_{table}", name, BASE.get(table, {}), wrong)


@pytest.mark.parametrize("name", UNIQUE)
def test_what_is_unique_alone_refuses_a_second_row_that_passes_without_it(tables_alone: "psycopg.Connection[Any]", name: str) -> None:  # fmt: skip
    table, shared = UNIQUE[name]
    free = {column: next(FRESH) for column in ("deed_id",) if name == "association_debit_back_id_key"}
    insert(tables_alone, table, row_of(tables_alone, table, **free | shared))
    again = row_of(tables_alone, table, **{column: next(FRESH) for column in free} | shared)
    only_refusal(tables_alone, f"association_{table}", name, again)


def test_every_constraint_of_the_association_is_in_a_list(ledger: "psycopg.Connection[Any]") -> None:
    assert constraints_of(ledger, "association_") == CHECKS.keys() | UNIQUE.keys() | IMPLIED


def test_each_foreign_key_alone_refuses_what_is_not_there(ledger: "psycopg.Connection[Any]") -> None:
    checks = [(table, name) for name, (table, _wrong) in CHECKS.items()]
    assert each_foreign_key_alone(ledger, "association_", BASE, checks) > 40


#: trigger and table → the statements it refuses, and the row they need
FROZEN: dict[tuple[str, str], tuple[str, ...]] = {
    ("written_once", "deed"): ("UPDATE association_deed SET amount_cents = 3", "DELETE FROM association_deed"),
    ("written_once", "decision"): ("UPDATE association_decision SET at = at + interval '1 day'", "DELETE FROM association_decision"),
    ("written_once", "notemove"): ("UPDATE association_notemove SET count = 3", "DELETE FROM association_notemove"),
    ("written_once", "mandate"): (
        "UPDATE association_mandate SET amount_cents = 3", "UPDATE association_mandate SET creditor_id = 3",
    ),
    ("written_once", "mandatechange"): ("UPDATE association_mandatechange SET state = 'accepted'",),
    ("in_force", "mandatedebit"): (
        "UPDATE association_mandatedebit SET period = '2027-01-01'", "UPDATE association_mandatedebit SET mandate_id = 3",
        "UPDATE association_mandatedebit SET outcome = 'paid', deed_id = 7",
    ),
    ("goes_forward", "debit"): (
        "UPDATE association_debit SET amount_cents = 3", "UPDATE association_debit SET outcome = 'rejected'",
        "UPDATE association_debit SET period = '2027-01-01'", "UPDATE association_debit SET account = 3",
    ),
    ("written_once", "collection"): (
        "UPDATE association_collection SET currency = 3", "UPDATE association_collection SET \"on\" = '2027-01-01'",
        "UPDATE association_collection SET agreed_at = now()",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("trigger", "table"), FROZEN)
def test_a_trigger_alone_refuses_what_passes_without_it(tables_alone: "psycopg.Connection[Any]", trigger: str, table: str) -> None:  # fmt: skip
    if table == "debit":
        insert(tables_alone, "collection", row_of(tables_alone, "collection", id=7))
    insert(tables_alone, table, row_of(tables_alone, table) | ({"collection_id": 7} if table == "debit" else {}))
    tables_alone.execute("SET LOCAL session_replication_role = origin")
    for statement in FROZEN[trigger, table]:
        with pytest.raises(psycopg.Error) as refusal, tables_alone.transaction():
            tables_alone.execute(statement.encode())
        assert refusal.value.sqlstate in ("RL001", "RL004"), statement
    tables_alone.execute(
        sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(
            sql.Identifier(f"association_{table}"), sql.Identifier(trigger)
        )
    )
    for statement in FROZEN[trigger, table]:
        tables_alone.execute(statement.encode())
    tables_alone.rollback()


def test_the_trigger_of_two_people_alone_refuses_one_who_decides_alone(tables_alone: "psycopg.Connection[Any]") -> None:
    deed = next(FRESH)
    insert(tables_alone, "deed", row_of(tables_alone, "deed", id=deed, needs_two=True, made_by_id=7))
    tables_alone.execute("ALTER TABLE association_deed DISABLE TRIGGER USER")
    row = row_of(tables_alone, "decision", outcome="done", first_transfer=next(FRESH), deed_id=deed, by_id=7)
    tables_alone.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(psycopg.Error) as refusal, tables_alone.transaction():
        insert(tables_alone, "decision", row)
    assert refusal.value.sqlstate == "RL004"
    tables_alone.execute("ALTER TABLE association_decision DISABLE TRIGGER two_people")
    insert(tables_alone, "decision", row)
    tables_alone.rollback()


def test_every_trigger_of_the_association_is_in_a_list(ledger: "psycopg.Connection[Any]") -> None:
    assert triggers_of(ledger, "association_") == FROZEN.keys() | {("two_people", "decision")}
