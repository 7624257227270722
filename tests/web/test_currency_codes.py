"""Codes to pay by, the till and those who hold it, statements on paper, the wallet as an application: by HTTP."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ressort.core.currency.purse import MOST_BYTES, RequestCode, request_code
from ressort.core.errors import InputError, RessortError, RuleBroken
from ressort.web.currency import access, actions, codes, queries, signing, wallets
from ressort.web.currency.models import Ask, Seat, Wallet
from ressort.web.people.models import Person


def opened(currency: int, name: str, kind: str, owner: Person | None, cents: int = 0) -> Wallet:
    alias = f"{name.lower()}-{uuid4().hex[:8]}"
    wallet = wallets.open_wallet(None, currency, name, alias, kind, owner)
    if cents:
        actions.require(wallets.exchange(None, wallet, cents, f"VIR {alias}"))
    return wallet


@pytest.fixture
def number(db: None) -> int:
    return actions.found_currency("T" + uuid4().hex[:7].upper(), "Essai")


@pytest.fixture
def ada(number: int, person: Any) -> Wallet:
    return opened(number, "Ada", "individual", person, 10_000)


@pytest.fixture
def grocer(db: None) -> Person:
    return Person.objects.create_user("epicier@example.fr", "Correct-Horse-9-Battery")


@pytest.fixture
def shop(number: int, grocer: Person) -> Wallet:
    return opened(number, "Epicerie", "professional", grocer)


def page(client: Client, code: str) -> Any:
    return client.get(reverse("currency:read"), {"c": code})


def test_a_request_is_read_confirmed_and_paid_once(client: Client, ada: Wallet, shop: Wallet, grocer: Person) -> None:
    client.force_login(grocer)
    made = client.post(reverse("currency:till", args=[shop.alias]), {"do": "ask", "amount": "12,50", "label": "pain"})
    asked = Ask.objects.get(wallet=shop)
    assert made.url.endswith(f"/demande/{asked.short}/")
    shown = client.get(made.url).content.decode()
    assert '<svg viewBox="0 0 ' in shown, "it grows with the screen"
    assert codes.of_ask(asked) in shown and asked.short[:4] in shown
    state = reverse("currency:ask_state", args=[shop.alias, asked.short])
    assert client.get(state).json() == {"paid": False}
    client.force_login(ada.owner)
    code, typed = codes.of_ask(asked), asked.short.lower()[:4] + "-" + asked.short[4:]
    for given in (code, f"http://testserver/monnaies/lire/?c={code}", asked.short, typed):
        read = page(client, given)
        assert read.status_code == 200 and "12,50" in read.content.decode() and "Epicerie" in read.content.decode()
    url, key = reverse("currency:pay_ask", args=[ada.alias, asked.short]), {"key": read.context["key"]}
    assert queries.balance_cents(shop)[0] == 0, "reading moves nothing"
    first, again = client.post(url, key), client.post(url, key)
    assert first.url == again.url and queries.balance_cents(shop)[0] == 1_250
    assert "pain" in client.get(first.url).content.decode()
    other = client.post(url, {"key": uuid4()})
    assert other.status_code != 302 and queries.balance_cents(shop)[0] == 1_250, "paid once, whatever the key"
    assert page(client, codes.of_ask(asked)).url == first.url, "whoever paid it reads the receipt"
    client.force_login(grocer)
    assert page(client, codes.of_ask(asked)).status_code == 422
    assert client.get(state).json() == {"paid": True}


def test_who_has_not_enough_does_not_spoil_the_request_for_others(client: Client, ada: Wallet, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    poor = opened(
        ada.currency, "Bob", "individual", Person.objects.create_user("bob@example.fr", "Correct-Horse-9-Battery"), 100
    )
    asked = codes.ask(grocer, shop, 500)
    key = uuid4()
    assert codes.pay_request(poor.owner, poor, asked, key).reason.name == "INSUFFICIENT_FUNDS"
    assert codes.pay_request(ada.owner, ada, asked, uuid4()).reason.name == "ACCEPTED"


def flipped(code: str, at: int) -> str:
    content = bytearray(urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    content[at] ^= 1
    return urlsafe_b64encode(content).decode().rstrip("=")


def test_forged_expired_foreign_and_used_codes_are_refused_with_words(client: Client, ada: Wallet, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    client.force_login(ada.owner)
    asked = codes.ask(grocer, shop, 500)
    code = codes.of_ask(asked)
    size = len(urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    assert size <= MOST_BYTES
    for at in (8, 15, 20, 40, size - 1):
        refused = page(client, flipped(code, at))
        assert refused.status_code == 422 and "contrefait" in refused.content.decode()
    assert "version" in page(client, flipped(code, 1)).content.decode()
    for nonsense in ("x", "é", "A" * 300, "UkE", "<script>", "12345678", "../..", code + "AAAA", code[:-9]):
        assert page(client, nonsense).status_code == 422, nonsense
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    forged = request_code(RequestCode(ada.currency, shop.account, 1, bytes(16), 2**40), Ed25519PrivateKey.generate())
    assert "contrefait" in page(client, codes._text(forged)).content.decode()
    Ask.objects.filter(pk=asked.pk).update(expires_at=timezone.now() - timedelta(seconds=5))
    asked.refresh_from_db()
    late = page(client, asked.short)
    assert late.status_code == 422 and "expiré" in late.content.decode()
    with pytest.raises(RuleBroken):
        codes.pay_request(ada.owner, ada, asked, uuid4())
    assert queries.balance_cents(shop)[0] == 0


def test_the_code_of_a_counter_leads_to_the_form_and_conveys_no_right(
    client: Client, ada: Wallet, shop: Wallet
) -> None:
    code = codes.of_wallet(shop)
    stranger = page(client, code)
    assert stranger.status_code == 200 and "/compte/login/?next=" in stranger.content.decode()
    client.force_login(ada.owner)
    assert f"{reverse('currency:pay', args=[ada.alias])}?a={shop.alias}" in page(client, code).content.decode()
    assert page(client, shop.alias).status_code == 200
    Wallet.objects.filter(pk=shop.pk).delete()
    assert page(client, code).status_code == 422


def test_a_payer_code_is_charged_once_within_its_minute_and_under_its_limit(client: Client, ada: Wallet, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    client.force_login(ada.owner)
    client.post(reverse("currency:show", args=[ada.alias]))
    shown = Ask.objects.get(wallet=ada)
    client.force_login(grocer)
    till = reverse("currency:till", args=[shop.alias])
    assert till in page(client, shown.short).content.decode()

    def charge(code: str, taken: str) -> Any:
        return client.post(till, {"do": "take", "code": code, "taken": taken})

    assert "demande" in charge(shown.short, "20,01").content.decode() and queries.balance_cents(shop)[0] == 0
    assert charge(codes.of_wallet(ada), "1").status_code == 200, "the code of a counter charges nobody"
    assert charge(codes.of_ask(shown), "4,20").status_code == 302
    assert charge(codes.of_ask(shown), "4,20").status_code == 200 and queries.balance_cents(shop)[0] == 420
    late = codes.show(ada.owner, ada)
    Ask.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    late.refresh_from_db()
    with pytest.raises(RuleBroken):
        codes.take(grocer, shop, late, 100)
    with pytest.raises(PermissionDenied):
        codes.take(ada.owner, shop, codes.show(ada.owner, ada), 100)
    elsewhere = opened(actions.found_currency("T" + uuid4().hex[:7].upper(), "Autre"), "Loin", "professional", grocer)
    with pytest.raises(RuleBroken):
        codes.take(grocer, elsewhere, codes.show(ada.owner, ada), 100)


def test_a_code_signed_before_the_secret_changed_is_still_read(settings: Any, ada: Wallet, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    code = codes.of_ask(codes.ask(grocer, shop, 500))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [settings.SECRET_KEY]
    assert codes.read(code).kind == "request"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InputError):
        codes.read(code)
    assert len(signing.public_keys()) == 1


def test_cashier_manager_and_stranger_do_what_their_seat_says(client: Client, ada: Wallet, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    cashier, manager = (
        Person.objects.create_user(f"{name}@example.fr", "Correct-Horse-9-Battery") for name in ("caisse", "gerant")
    )
    client.force_login(grocer)
    team = reverse("currency:team", args=[shop.alias])
    assert client.post(team, {"email": "caisse@example.fr", "role": "cashier"}).status_code == 302
    client.post(team, {"email": "gerant@example.fr", "role": "manager"})
    for email, role in (("personne@example.fr", "cashier"), (grocer.email, "cashier"), ("gerant@example.fr", "owner")):
        assert client.post(team, {"email": email, "role": role}).status_code == 200
    assert shop.seats.count() == 2 and "caisse@example.fr" in client.get(team).content.decode()
    paid = wallets.pay(ada.owner, ada, shop, 700, uuid4()).transfers[0]
    pages = {"till": [], "receive": [], "wallet": [], "statement_file": [], "statement_paper": [], "team": [], "pay": [], "show": [], "refund": [paid]}  # fmt: skip
    expected = {
        cashier: {"till", "receive"},
        manager: {"till", "receive", "wallet", "statement_file", "statement_paper", "refund"},
        ada.owner: set(),
    }
    for who, allowed in expected.items():
        client.force_login(who)
        for name, more in pages.items():
            status = client.get(reverse(f"currency:{name}", args=[shop.alias, *more])).status_code
            assert status == (200 if name in allowed else 404), (who.email, name)
        if who == cashier:
            mine = client.get(reverse("currency:mine")).content.decode()
            assert reverse("currency:till", args=[shop.alias]) in mine
            assert "700" not in mine, "a cashier sees no balance"
    client.force_login(grocer)
    client.post(reverse("currency:unseat", args=[shop.alias, Seat.objects.get(person=cashier).pk]))
    client.force_login(cashier)
    assert client.get(reverse("currency:till", args=[shop.alias])).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(wallet=shop, person=cashier, role="owner")


def test_a_refund_is_the_opposite_movement_once_and_the_day_says_so(client: Client, ada: Wallet, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    paid = wallets.pay(ada.owner, ada, shop, 700, uuid4()).transfers[0]
    wallets.pay(ada.owner, ada, shop, 300, uuid4())
    client.force_login(grocer)
    till = reverse("currency:till", args=[shop.alias])
    day = client.get(till).context
    assert (day["total_cents"], day["count"]) == (1_000, 2)
    url = reverse("currency:refund", args=[shop.alias, paid])
    assert "7,00" in client.get(url).content.decode()
    client.post(url), client.post(url)
    assert queries.balance_cents(ada)[0] == 9_700 and queries.balance_cents(shop)[0] == 300
    day = client.get(till).context
    assert (day["total_cents"], day["count"]) == (300, 1)
    kept, back = queries.statement(shop)[1], queries.statement(ada)[0]
    assert back.is_reversal and "remboursement" in client.get(reverse("currency:statement_file", args=[shop.alias])).content.decode()  # fmt: skip
    assert reverse("currency:refund", args=[shop.alias, kept.transfer]) in client.get(till).content.decode()
    assert wallets.is_refundable(kept) and not wallets.is_refundable(back)
    assert not wallets.is_refundable(replace(kept, operation="settle_purse_payment")), (
        "nobody is known to give it back to"
    )
    assert not wallets.is_refundable(replace(kept, at=kept.at - timedelta(days=62)))
    assert client.get(till, {"jour": "2020-02-31"}).status_code == 200 == client.get(till, {"jour": "x"}).status_code
    assert client.get(till, {"jour": "2020-02-02"}).context["count"] == 0
    with pytest.raises(RuleBroken):
        wallets.refund(ada.owner, ada, paid)


def test_a_refund_needs_the_money_still_there(ada: Wallet, shop: Wallet, grocer: Person) -> None:
    paid = wallets.pay(ada.owner, ada, shop, 700, uuid4()).transfers[0]
    wallets.pay(grocer, shop, ada, 600, uuid4())
    assert wallets.refund(grocer, shop, paid).reason.name == "INSUFFICIENT_FUNDS"
    assert queries.balance_cents(shop)[0] == 100
    wallets.pay(ada.owner, ada, shop, 650, uuid4())
    assert wallets.refund(grocer, shop, paid).reason.name == "ACCEPTED", "asked again once the money is there"
    assert wallets.refund(grocer, shop, paid).reason.name == "DUPLICATE_RESOLUTION"


def test_the_wallet_installs_as_an_application_that_keeps_nothing_of_an_account(client: Client, ada: Wallet) -> None:
    told = client.get(reverse("currency:manifest"))
    assert told["Content-Type"] == "application/manifest+json" and told.json()["scope"] == "/monnaies/"
    worker = client.get(reverse("currency:worker"))
    assert worker["Content-Type"].startswith("text/javascript") and worker["Cache-Control"] == "no-cache"
    assert "hors" in worker.content.decode() and "compte" not in worker.content.decode()
    assert client.get(reverse("currency:offline")).status_code == 200
    client.force_login(ada.owner)
    mine = client.get(reverse("currency:mine"))
    assert 'rel="manifest"' in mine.content.decode() and "no-store" in mine["Cache-Control"]


def test_old_codes_are_erased(ada: Wallet, shop: Wallet, grocer: Person) -> None:
    unused, used = codes.ask(grocer, shop, 500), codes.ask(grocer, shop, 500)
    codes.pay_request(ada.owner, ada, used, uuid4())
    Ask.objects.update(expires_at=timezone.now() - timedelta(days=2))
    assert codes.purge() == 1 and not Ask.objects.filter(pk=unused.pk).exists()
    Ask.objects.update(expires_at=timezone.now() - timedelta(days=400))
    assert codes.purge() == 1


@pytest.mark.parametrize("amount", ["0", "-1", "1,234", "x", "", "1e3000000"])
def test_no_nonsense_is_asked(client: Client, shop: Wallet, grocer: Person, amount: str) -> None:
    client.force_login(grocer)
    assert client.post(reverse("currency:receive", args=[shop.alias]), {"amount": amount}).status_code == 200
    assert not Ask.objects.filter(wallet=shop).exists()
    with pytest.raises(RessortError):
        codes.ask(grocer, shop, 0)
    assert access.may(grocer, "ask", shop)
