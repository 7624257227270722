"""Each constraint of the tables around the ledger (wallets, codes, purses, purposes…), by the row that only it refuses; without it, the row passes."""

from typing import Any

import psycopg
import pytest
from tests.web import constraint_rows
from tests.web.constraint_rows import FRESH, one_check_alone, one_unique_alone

#: what a row of each table holds beside what its types ask for
BASE: dict[str, dict[str, Any]] = {
    "accepted": {"branch": lambda: f"b{next(FRESH)}", "share_bp": 10_000},
    "ask": {"kind": "payer", "nonce": lambda: f"{next(FRESH):032x}"},
    "delivery": {"next_at": "2026-01-01"},
    "demurragerule": {"rate_ppm": 160, "grace_days": 0},
    "earmark": {"cents": 5, "left_cents": 5},
    "hook": {"url": "https://example.fr/"},
    "key": {"digest": lambda: f"{next(FRESH):064x}", "scope": "all"},
    "listing": {"branch": "care", "commune": "64445"},
    "offlinepayment": {"amount_cents": 5, "from_guarantee_cents": 0},
    "purse": {"cap_cents": 5, "debt_cents": 0, "device_key": lambda: f"{next(FRESH):064x}", "state": "in_use"},
    "seat": {"role": "cashier"},
    "standing": {"nature": "sandbox"},
    "telephone": {"number": lambda: f"+33{next(FRESH)}"},
    "wallet": {"kind": "individual"},
}

#: check → table and what makes it refuse a row
CHECKS: dict[str, tuple[str, dict[str, Any]]] = {
    "accepted_by_an_account_or_a_branch": ("accepted", {"branch": ""}),
    "accepted_share_of_a_basket": ("accepted", {"share_bp": 10_001}),
    "ask_nonce_is_16_bytes": ("ask", {"nonce": "g" * 32}),
    "ask_request_has_an_amount": ("ask", {"kind": "request", "amount_cents": 0}),
    "demurrage_begins_with_a_month": ("demurragerule", {"since": "2026-01-02"}),
    "demurrage_grace_not_negative": ("demurragerule", {"grace_days": -1}),
    "demurrage_rate_within_range": ("demurragerule", {"rate_ppm": 10_001}),
    "delivery_done_waits_no_more": ("delivery", {"done_at": "2026-01-01"}),
    "earmark_is_of_something": ("earmark", {"cents": 0, "left_cents": 0}),
    "earmark_left_within_what_was_paid": ("earmark", {"left_cents": 6}),
    "earmark_use_is_of_something": ("earmarkuse", {"cents": 0}),
    "hook_is_encrypted": ("hook", {"url": "http://example.fr/"}),
    "key_digest_is_sha256": ("key", {"digest": "0" * 63}),
    "key_has_a_label": ("key", {"label": ""}),
    "key_limits_are_above_zero": ("key", {"most_cents": 0}),
    "key_scope_is_known": ("key", {"scope": "x"}),
    "key_spends_something": ("keyspending", {"amount_cents": 0}),
    "label_says_something": ("label", {"text": ""}),
    "listing_branch_known": ("listing", {"branch": "x"}),
    "listing_commune_is_a_code": ("listing", {"commune": "2C004"}),
    "currency_offlinepayment_counter_check": ("offlinepayment", {"counter": -1}),
    "currency_offlinepayment_from_guarantee_cents_check": ("offlinepayment", {"from_guarantee_cents": -1}),
    "melted_not_negative": ("melted", {"due": -1}),
    "offline_payment_amounts_make_sense": ("offlinepayment", {"from_guarantee_cents": 6}),
    "purpose_has_a_name": ("purpose", {"name": ""}),
    "currency_purse_debt_cents_check": ("purse", {"debt_cents": -1}),
    "currency_purse_surrendered_cents_check": ("purse", {"surrendered_cents": -1, "surrendered_counter": 1}),
    "currency_purse_surrendered_counter_check": ("purse", {"surrendered_cents": 1, "surrendered_counter": -1}),
    "purse_device_key_has_32_bytes": ("purse", {"device_key": "0" * 63}),
    "purse_holds_something": ("purse", {"cap_cents": 0}),
    "purse_state_known": ("purse", {"state": "x"}),
    "purse_surrenders_what_it_held": ("purse", {"surrendered_cents": 6, "surrendered_counter": 1}),
    "purse_surrenders_whole": ("purse", {"surrendered_cents": 1}),
    "seat_role_known": ("seat", {"role": "x"}),
    "standing_nature_known": ("standing", {"nature": "x"}),
    "standing_real_is_not_withdrawn": ("standing", {"nature": "real", "withdrawn_at": "2026-01-01"}),
    "telephone_amounts_not_negative": ("telephone", {"paid_cents": -1}),
    "telephone_number_well_formed": ("telephone", {"number": "0612345678"}),
    "wallet_alias_well_formed": ("wallet", {"alias": "-abc"}),
    "wallet_has_a_name": ("wallet", {"name": ""}),
    "wallet_kind_known": ("wallet", {"kind": "x"}),
}
#: what Django adds to a field that is not negative, where another constraint says more
IMPLIED = {
    "currency_accepted_share_bp_check",
    "currency_offlinepayment_amount_cents_check",
    "currency_purse_cap_cents_check",
}
#: what is unique → table and the columns that two rows share
UNIQUE: dict[str, tuple[str, dict[str, Any]]] = {
    "accepted_once_by_a_branch": ("accepted", {"purpose_id": 7, "branch": "care"}),
    "accepted_once_by_an_account": ("accepted", {"purpose_id": 7, "branch": "", "wallet_id": 7}),
    "ask_one_transfer": ("ask", {"transfer": 7}),
    "currency_ask_nonce_key": ("ask", {"nonce": "a" * 32}),
    "currency_ask_short_key": ("ask", {"short": "x"}),
    "delivery_once_a_transfer": ("delivery", {"hook_id": 7, "transfer": 7}),
    "currency_earmark_transfer_key": ("earmark", {"transfer": 7}),
    "earmark_used_once_by_a_transfer": ("earmarkuse", {"earmark_id": 7, "transfer": 7}),
    "currency_key_digest_key": ("key", {"digest": "a" * 64}),
    "key_spends_once_by_request": ("keyspending", {"key_id": 7, "request": "00000000-0000-7000-8000-00000000000a"}),
    "currency_listing_wallet_id_key": ("listing", {"wallet_id": 7}),
    "demurrage_rule_once_a_day": ("demurragerule", {"currency": 1, "since": "2026-01-01"}),
    "currency_melted_account_key": ("melted", {"account": 7}),
    "measurement_once_a_day": ("measurement", {"currency": 1, "until": "2026-01-01"}),
    "currency_message_number_key": ("message", {"number": "x"}),
    "offline_payment_one_a_counter": ("offlinepayment", {"purse_id": 7, "counter": 7}),
    "currency_offlinepayment_digest_key": ("offlinepayment", {"digest": "x"}),
    "currency_offlinepayment_transfer_key": ("offlinepayment", {"transfer": 7}),
    "purpose_name_once_in_a_currency": ("purpose", {"currency": 1, "name": "x"}),
    "purse_one_in_use_an_account": ("purse", {"member_account": 7}),
    "currency_purse_device_key_key": ("purse", {"device_key": "a" * 64}),
    "currency_purse_hold_account_key": ("purse", {"hold_account": 7}),
    "currency_purse_key_key": ("purse", {"key": "00000000-0000-7000-8000-00000000000a"}),
    "seat_one_a_person": ("seat", {"wallet_id": 7, "person_id": 7}),
    "currency_standing_currency_key": ("standing", {"currency": 1}),
    "currency_telephone_number_key": ("telephone", {"number": "+33612345678"}),
    "currency_wallet_account_key": ("wallet", {"account": 7}),
    "currency_wallet_alias_key": ("wallet", {"alias": "abc"}),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_alone_refuses_a_row_that_passes_without_it(tables_alone: psycopg.Connection[Any], name: str) -> None:
    table, wrong = CHECKS[name]
    one_check_alone(tables_alone, f"currency_{table}", name, BASE.get(table, {}), wrong)


@pytest.mark.parametrize("name", UNIQUE)
def test_what_is_unique_alone_refuses_a_second_row_that_passes_without_it(tables_alone: psycopg.Connection[Any], name: str) -> None:  # fmt: skip
    table, shared = UNIQUE[name]
    one_unique_alone(tables_alone, f"currency_{table}", name, BASE.get(table, {}), shared)


def test_each_foreign_key_alone_refuses_what_is_not_there(ledger: psycopg.Connection[Any]) -> None:
    checks = [(table, name) for name, (table, _wrong) in CHECKS.items()]
    assert constraint_rows.each_foreign_key_alone(ledger, "currency_", BASE, checks) > 20


def test_every_constraint_around_the_ledger_is_in_a_list(ledger: psycopg.Connection[Any]) -> None:
    """A new constraint without the row it refuses, or a new trigger without a test, is found here."""
    assert constraint_rows.constraints_of(ledger, "currency_") == CHECKS.keys() | UNIQUE.keys() | IMPLIED
    assert constraint_rows.triggers_of(ledger, "currency_") == set()
