"""A currency, its payer and its grocer, for every test beside this file."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from ressort.core.currency import Reason
from ressort.web.currency import queries, wallets
from ressort.web.currency.models import Wallet


@pytest.fixture
def code(db: None) -> str:
    code = "T" + uuid4().hex[:7].upper()
    call_command("currency", "found", code, "Essai")
    return code


@pytest.fixture
def ada(code: str, person: Any) -> Wallet:
    """Ada's wallet, with 100 in it."""
    wallet = wallets.open_wallet(None, queries.currency_number(code), "Ada", "ada-essai", "individual", person)
    assert wallets.exchange(None, wallet, 10_000, "VIR 1").reason is Reason.ACCEPTED
    return wallet


@pytest.fixture
def grocer(ada: Wallet) -> Wallet:
    return wallets.open_wallet(None, ada.currency, "Épicerie du port", "epicerie-essai", "professional", None)


@pytest.fixture
def machine(ada: Wallet) -> str:
    """The key of a ticket machine that pays from Ada's wallet."""
    return wallets.give_key(None, ada, "machine")
