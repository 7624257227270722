"""What a purse signed twice made the association lose: owed, shown to the staff, paid back by the member once."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from tests.web.test_currency_codes import ada, grocer, number, opened, shop
from tests.web.test_currency_purse import device, held, settled, signed

from ressort.core.errors import RuleBroken
from ressort.web.association.models import Post
from ressort.web.currency import purse_debts, purses, queries
from ressort.web.currency.models import Wallet
from ressort.web.currency.purse_models import Purse

__all__ = ["ada", "grocer", "held", "number", "shop"]


@pytest.fixture
def owing(ada: Wallet, shop: Wallet, held: Purse, number: int) -> Purse:
    """Ada's purse of 50, which paid 40, then 15 from a copy: 5 came out of what the association had set aside."""
    association = opened(number, "Asso", "association", shop.owner, 5_000)
    purses.guarantee(shop.owner, association, 1_000, uuid4())
    state = device(held)
    for _turn in range(2):
        payment, state = signed(state, shop, 2_000)
        settled(shop, payment, held)
    copy, _after = signed(device(held), shop, 1_500)
    settled(shop, copy, held)
    held.refresh_from_db()
    assert held.debt_cents == 500
    return held


def test_a_member_pays_back_once_and_loads_again(client: Client, ada: Wallet, owing: Purse, number: int) -> None:
    pot, before = queries.sole_account(number, "offline_guarantee"), queries.balance_cents(ada)[0]
    client.force_login(ada.owner)
    page = client.get(reverse("currency:purses", args=[ada.alias])).content.decode()
    assert "Rembourser 5,00" in page
    back = reverse("currency:repay_purse", args=[ada.alias, owing.pk])
    assert "5,00" in client.post(back, follow=True).content.decode()
    assert "Rien n’est dû" in client.post(back, follow=True).content.decode()
    assert queries.balance_cents(ada)[0] == before - 500 and queries.held_cents(pot) == 1_000
    assert purses.load(ada.owner, ada, 100, bytes(32), uuid4()).cap_cents == 100


def test_nobody_pays_back_for_another_nor_with_money_that_is_not_there(ada: Wallet, shop: Wallet, owing: Purse, number: int) -> None:  # fmt: skip
    with pytest.raises(PermissionDenied):
        purse_debts.repay(shop.owner, ada, owing.pk)
    with pytest.raises(RuleBroken):
        purse_debts.repay(shop.owner, shop, owing.pk)
    from ressort.web.currency import wallets

    wallets.pay(ada.owner, ada, shop, queries.balance_cents(ada)[1], uuid4())
    with pytest.raises(RuleBroken):
        purse_debts.repay(ada.owner, ada, owing.pk)
    owing.refresh_from_db()
    assert owing.debt_cents == 500


def test_the_staff_sees_purses_that_were_caught_and_what_is_owed(client: Client, owing: Purse, number: int, operator: Any) -> None:  # fmt: skip
    staff = operator.__class__.objects.create_user("equipe@example.fr", "Correct-Horse-9-Battery")
    Post.objects.create(person=staff, currency=number, role="staff", given_by=operator)
    told = purse_debts.at_desk(number)
    (row,) = told["rows"]
    assert (told["in_use"], told["held_cents"], told["guarantee_cents"], told["debt_cents"]) == (0, 0, 500, 500)
    assert (row.pk, row.forks, row.covered_cents) == (owing.pk, 1, 500)
    client.force_login(staff)
    page = client.get(reverse("association:offline", args=[queries.code_of(number)])).content.decode()
    assert "5,00" in page and "signé deux fois" in page.lower().replace("signée", "signé")
