"""What the database itself refuses of units kept for a purpose."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ressort.web.currency import actions, wallets
from ressort.web.currency.models import Accepted, Earmark, EarmarkUse, Purpose, Wallet


@pytest.fixture
def ada(db: None) -> Wallet:
    return wallets.open_wallet(None, actions.found_currency("TKEPT", "Essai"), "Ada", "ada-kept", "individual", None)


@pytest.mark.parametrize(
    ("model", "given", "constraint"),
    [
        (Purpose, {"name": ""}, "purpose_has_a_name"),
        (Purpose, {"name": "Repas"}, "purpose_name_once_in_a_currency"),
        (Accepted, {}, "accepted_by_an_account_or_a_branch"),
        (Accepted, {"branch": "farming", "of": "ada"}, "accepted_by_an_account_or_a_branch"),
        (Accepted, {"branch": "farming", "share_bp": 0}, "accepted_share_of_a_basket"),
        (Accepted, {"branch": "farming", "share_bp": 10_001}, "accepted_share_of_a_basket"),
        (Accepted, {"branch": "care"}, "accepted_once_by_a_branch"),
        (Earmark, {"cents": 0, "left_cents": 0}, "earmark_is_of_something"),
        (Earmark, {"cents": 5, "left_cents": 6}, "earmark_left_within_what_was_paid"),
        (Earmark, {"cents": 5, "left_cents": -1}, "earmark_left_within_what_was_paid"),
        (EarmarkUse, {"transfer": 9, "cents": 0}, "earmark_use_is_of_something"),
        (EarmarkUse, {"transfer": 8, "cents": 1}, "earmark_used_once_by_a_transfer"),
    ],
)
def test_rows_that_mean_nothing_are_refused(ada: Wallet, model: Any, given: dict[str, Any], constraint: str) -> None:
    purpose = Purpose.objects.create(currency=ada.currency, name="Repas")
    Accepted.objects.create(purpose=purpose, branch="care")
    kept = Earmark.objects.create(purpose=purpose, wallet=ada, transfer=1, cents=5, left_cents=5, expires_on=date(2099, 1, 1))  # fmt: skip
    EarmarkUse.objects.create(earmark=kept, transfer=8, cents=1)
    base: dict[Any, dict[str, Any]] = {
        Purpose: {"currency": ada.currency}, Accepted: {"purpose": purpose}, EarmarkUse: {"earmark": kept},
        Earmark: {"purpose": purpose, "wallet": ada, "transfer": 2, "expires_on": date(2099, 1, 1)},
    }  # fmt: skip
    row = {"wallet": ada} if given.pop("of", "") else {}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(**base[model], **row, **given)


def test_a_floor_above_zero_is_never_crossed(ada: Wallet) -> None:
    """The floor of an empty account cannot rise: nothing is kept that is not held."""
    from ressort.core.errors import RuleBroken

    with pytest.raises(RuleBroken, match="floor"):
        actions.limit_account(ada.account, floor_cents=1)
