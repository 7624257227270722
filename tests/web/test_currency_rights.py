"""Every page of an account, asked by everybody; what is given to a person about itself; erasing a name leaves the chain whole."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.web.test_currency_codes import ada, grocer, number, opened, shop
from tests.web.test_currency_purse import RAW

from ressort.core.currency.purse import LATE_DAYS
from ressort.web.currency import access, actions, codes, earmarks, exports, purses, queries, wallets
from ressort.web.currency.models import Hook, Purpose, Seat, Wallet
from ressort.web.people.models import Person

__all__ = ["ada", "grocer", "number", "shop"]

#: page → the right that it asks for, and what its address needs beside the account
PAGES = {
    "purpose": ("see", ("purpose",)), "wallet": ("see", ()), "statement_file": ("see", ()), "statement_paper": ("see", ()), "receipt": ("see", ("transfer",)),
    "pay": ("pay", ()), "pay_ask": ("pay", ("short",)), "show": ("pay", ()),
    "receive": ("ask", ()), "ask": ("ask", ("own_short",)), "ask_state": ("ask", ("own_short",)), "till": ("ask", ()), "offline_till": ("ask", ()),
    "refund": ("refund", ("transfer",)), "team": ("seat", ()), "unseat": ("seat", ("seat",)),
    "programs": ("give_key", ()), "revoke_key": ("give_key", ("key",)), "stop_hook": ("give_key", ("hook",)),
    "purses": ("load_purse", ()), "load_purse": ("load_purse", ()), "surrender_purse": ("load_purse", ()), "lose_purse": ("load_purse", ("purse",)),
    "repay_purse": ("load_purse", ("purse",)),
}  # fmt: skip
ONLY_POSTED = {
    "pay_ask",
    "unseat",
    "revoke_key",
    "stop_hook",
    "load_purse",
    "surrender_purse",
    "lose_purse",
    "repay_purse",
}
ROLES = ("owner", "operator", "manager", "cashier", "stranger", "nobody")


@pytest.fixture
def people(ada: Wallet, operator: Person) -> dict[str, Person | None]:
    found: dict[str, Person | None] = {"owner": ada.owner, "operator": operator, "nobody": None}
    for role in ("manager", "cashier", "stranger"):
        found[role] = Person.objects.create_user(f"{role}@example.fr", "Correct-Horse-9-Battery")
        if role != "stranger":
            Seat.objects.create(wallet=ada, person=found[role], role=role, given_by=ada.owner)
    return found


@pytest.fixture
def things(ada: Wallet, shop: Wallet) -> dict[str, Any]:
    """What addresses name: all of it is of Ada's account, but the request that she may pay."""
    spare = Person.objects.create_user("spare@example.fr", "Correct-Horse-9-Battery")
    wallets.give_key(ada.owner, ada, "essai")
    return {
        "transfer": wallets.pay(ada.owner, ada, shop, 100, uuid4()).transfers[0],
        "short": codes.ask(shop.owner, shop, 100).short, "own_short": codes.ask(ada.owner, ada, 100).short,
        "seat": Seat.objects.create(wallet=ada, person=spare, role="cashier", given_by=ada.owner).pk,
        "key": ada.keys.get().pk, "hook": Hook.objects.create(wallet=ada, url="https://example.fr/", salt="s", made_by=ada.owner).pk,
        "purpose": _kept(ada),
        "purse": purses.load(ada.owner, ada, 1_000, RAW, uuid4()).pk,
    }  # fmt: skip


def _kept(wallet: Wallet) -> int:
    """The number of a purpose for which one unit of an account is kept."""
    purpose = Purpose.objects.create(currency=wallet.currency, name=f"Repas {wallet.pk}")
    return earmarks.set_aside(purpose, wallet, 10**12 + wallet.pk, 100, date(2099, 1, 1)).purpose.pk


def test_every_page_of_an_account_is_in_the_table() -> None:
    patterns = get_resolver("ressort.web.currency.urls").url_patterns
    assert {one.name for one in patterns if "<slug:alias>" in str(one.pattern)} == set(PAGES)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_an_account_lets_in_whom_it_is_for_and_nobody_else(
    client: Client, ada: Wallet, people: dict[str, Person | None], things: dict[str, Any], role: str
) -> None:
    who = people[role]
    if who is not None:
        client.force_login(who)
    for name, (action, needs) in PAGES.items():
        url = reverse(f"currency:{name}", args=[ada.alias, *(things[one] for one in needs)])
        answer = client.post(url) if name in ONLY_POSTED else client.get(url)
        if role == "nobody":
            assert answer.status_code == 302 and "/login/" in answer.url, name
        elif role in access.WHO[action]:
            assert answer.status_code in (200, 302, 422), (name, answer.status_code)
        else:
            assert answer.status_code == 404, (name, answer.status_code)
    things_left = (Seat.objects.filter(pk=things["seat"]).exists(), ada.keys.get().revoked_at is None)
    assert all(things_left) or role in ("owner", "operator"), "nobody else changed anything"


def test_things_of_another_account_are_not_reached_through_ones_own(client: Client, ada: Wallet, shop: Wallet, things: dict[str, Any]) -> None:  # fmt: skip
    client.force_login(shop.owner)
    for name, needs in (
        ("ask", "own_short"),
        ("ask_state", "own_short"),
        ("unseat", "seat"),
        ("revoke_key", "key"),
        ("stop_hook", "hook"),
    ):
        url = reverse(f"currency:{name}", args=[shop.alias, things[needs]])
        assert (client.post(url) if name in ONLY_POSTED else client.get(url)).status_code == 404, name
    client.post(reverse("currency:lose_purse", args=[shop.alias, things["purse"]]))
    assert ada.purses.get().state == "in_use" and ada.keys.get().revoked_at is None
    other = wallets.pay(ada.owner, ada, opened(ada.currency, "Autre", "individual", None), 1, uuid4()).transfers[0]
    assert client.get(reverse("currency:receipt", args=[shop.alias, other])).status_code == 404


def test_a_person_gets_all_of_its_accounts_and_nothing_of_others(client: Client, ada: Wallet, shop: Wallet, things: dict[str, Any]) -> None:  # fmt: skip
    client.force_login(ada.owner)
    held = json.loads(client.get(reverse("people:export", args=["json"])).content)["local_currencies"]
    (mine,) = held
    assert mine["account"] == ada.alias and mine["balance_cents"] == 8_900
    assert [line["amount_cents"] for line in mine["movements"]] == [-1_000, -100, 10_000]
    assert mine["purses"][0]["loaded_cents"] == 1_000 and mine["keys"][0]["label"] == "essai"
    assert client.get(reverse("people:export", args=["csv"])).status_code == 200
    client.force_login(shop.owner)
    theirs = client.get(reverse("people:export", args=["json"])).content.decode()
    assert "essai" not in json.dumps(json.loads(theirs)["local_currencies"])


def test_erasing_somebody_with_payments_and_a_purse_leaves_the_chain_whole(
    client: Client, ada: Wallet, shop: Wallet, things: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ressort.cli import main

    owner, account = ada.owner, ada.account
    client.force_login(owner)
    leave = reverse("people:leave")
    client.post(leave, {"email": owner.email})
    assert Person.objects.filter(pk=owner.pk).exists(), "money is left behind"
    there = timezone.localdate() + timedelta(7 + LATE_DAYS + 1)
    monkeypatch.setattr(purses.timezone, "localdate", lambda *given: there)
    assert purses.close_late() == 1
    monkeypatch.undo()
    wallets.pay(owner, ada, shop, queries.balance_cents(ada)[0], uuid4())
    wallets.close_wallet(None, ada)
    client.post(leave, {"email": owner.email})
    assert not Person.objects.filter(pk=owner.pk).exists()
    actions.seal()
    exports.export(tmp_path / "grand-livre")
    written = "".join(one.read_text("utf-8") for one in (tmp_path / "grand-livre").iterdir())
    assert str(account) in written, "a number stays"
    assert not re.search(r"\bada\b", written.lower()), "no name does; keys in hexadecimal may hold these letters"
    assert main(["ledger", "verify", str(tmp_path / "grand-livre")]) == 0
