"""Programs of a wallet: asked payments, notices signed and sent again, sandbox; nothing goes to a private network."""

import asyncio
import json
import socket
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ressort.core.currency.notices import TRIES, check
from ressort.core.errors import RuleBroken
from ressort.web.currency import actions, codes, postman, queries, wallets
from ressort.web.currency.models import Ask, Delivery, Hook, Wallet
from ressort.web.people.models import Person

URL = "https://machine.example/notices"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names lead to; nobody is really asked."""
    known = {"machine.example": ["9.9.9.9"]}

    def looked_up(name: str, port: int, **_rest: Any) -> list[Any]:
        if name not in known:
            raise socket.gaierror("unknown")
        return [(2, 1, 6, "", (one, port)) for one in known[name]]

    monkeypatch.setattr(postman.socket, "getaddrinfo", looked_up)
    return known


@pytest.fixture
def ada(db: None, person: Any) -> Wallet:
    number = actions.found_currency("T" + uuid4().hex[:7].upper(), "Essai")
    wallet = wallets.open_wallet(None, number, "Ada", f"ada-{uuid4().hex[:8]}", "individual", person)
    actions.require(wallets.exchange(None, wallet, 10_000, "VIR 1"))
    return wallet


@pytest.fixture
def bus(ada: Wallet) -> Wallet:
    owner = Person.objects.create_user("bus@example.fr", "Correct-Horse-9-Battery")
    return wallets.open_wallet(None, ada.currency, "Bus", f"bus-{uuid4().hex[:8]}", "public_body", owner)


def test_what_is_received_is_told_once_signed_and_the_same_each_time(ada: Wallet, bus: Wallet, names: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    wallets.pay(ada.owner, ada, bus, 100, uuid4())
    hook = postman.add_hook(bus.owner, bus, URL)
    assert postman.enqueue() == 0, "what came before is not told"
    paid = wallets.pay(ada.owner, ada, bus, 160, uuid4()).transfers[0]
    wallets.refund(bus.owner, bus, paid)
    assert postman.enqueue() == 1 and postman.enqueue() == 0
    sent: list[Any] = []

    async def posted(address: str, name: str, port: int, path: str, body: bytes, signed: str) -> tuple[bool, str]:
        sent.append((address, name, port, path, body, signed))
        return len(sent) > 1, "HTTP 500" if len(sent) == 1 else "HTTP 200"

    monkeypatch.setattr(postman, "_posted", posted)
    assert postman.deliver() == 0 and postman.deliver() == 0 and len(sent) == 1, "a refusal waits"
    one = Delivery.objects.get()
    assert (one.tries, one.answer) == (1, "HTTP 500") and one.next_at > timezone.now()
    Delivery.objects.update(next_at=timezone.now())
    assert postman.deliver() == 1 and postman.deliver() == 0
    assert sent[0][:5] == sent[1][:5] == ("9.9.9.9", "machine.example", 443, "/notices", postman.body_of(one))
    check(postman.secret_of(hook), sent[1][5], sent[1][4], int(timezone.now().timestamp()))
    told = json.loads(sent[0][4])
    assert (
        told["amount_cents"] == 160
        and told["id"] == f"{hook.pk}-{paid}"
        and "Ada" not in str(told)
        and ada.alias not in str(told)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(hook=hook, transfer=paid)


def test_a_notice_nobody_takes_is_given_up(
    ada: Wallet, bus: Wallet, names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    postman.add_hook(bus.owner, bus, URL)
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    postman.enqueue()

    async def broken(*_given: Any) -> Any:
        raise httpx.ConnectTimeout("late")

    monkeypatch.setattr(postman, "_posted", broken)
    for _one in range(TRIES + 3):
        Delivery.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
        postman.deliver()
    one = Delivery.objects.get()
    assert (one.tries, one.next_at, one.done_at, one.answer) == (TRIES, None, None, "ConnectTimeout")


def test_a_program_that_takes_nothing_delays_nobody_and_spends_one_try_at_a_time(
    ada: Wallet, bus: Wallet, names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    names["dead.example"] = ["9.9.9.9"]
    shop = wallets.open_wallet(None, ada.currency, "Boutique", f"shop-{uuid4().hex[:8]}", "professional", ada.owner)
    dead = postman.add_hook(bus.owner, bus, "https://dead.example/")
    for _one in range(60):
        wallets.pay(ada.owner, ada, bus, 1, uuid4())
    postman.enqueue()
    postman.add_hook(ada.owner, shop, URL)
    wallets.pay(ada.owner, ada, shop, 160, uuid4())

    async def posted(_address: str, name: str, *_rest: Any) -> tuple[bool, str]:
        return name != "dead.example", "HTTP 200"

    monkeypatch.setattr(postman, "_posted", posted)
    assert (postman.enqueue(), postman.deliver()) == (1, 1), "sixty notices that wait do not stand before it"
    assert sorted(Delivery.objects.filter(hook=dead).values_list("tries", flat=True)) == [0] * 59 + [1]


@pytest.mark.parametrize("url", [
    "http://machine.example/", "ftp://machine.example", "https://", "https://machine.example:22/", "https://machine.example:99999/", "https://me:pw@machine.example/",
    "https://nowhere.example/", "javascript:alert(1)", "", "//machine.example",
])  # fmt: skip
def test_an_address_that_may_not_be_called_is_refused(bus: Wallet, names: Any, url: str) -> None:
    with pytest.raises(RuleBroken):
        postman.add_hook(bus.owner, bus, url)


def test_a_name_that_turns_to_a_private_network_is_not_called(ada: Wallet, bus: Wallet, names: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    postman.add_hook(bus.owner, bus, URL)
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    postman.enqueue()
    called: list[Any] = []

    async def posted(*given: Any) -> tuple[bool, str]:
        called.append(given)
        return True, ""

    monkeypatch.setattr(postman, "_posted", posted)
    for private in (["127.0.0.1"], ["9.9.9.9", "10.0.0.1"], ["::ffff:192.168.0.1"], ["169.254.169.254"]):
        names["machine.example"] = private
        Delivery.objects.update(next_at=timezone.now())
        postman.deliver()
    assert called == [] and Delivery.objects.get().done_at is None


def test_the_address_called_is_the_one_that_was_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"Location": "http://127.0.0.1/"})

    real = httpx.AsyncClient
    monkeypatch.setattr(
        postman.httpx, "AsyncClient", lambda **given: real(transport=httpx.MockTransport(answer), **given)
    )
    answered = asyncio.run(postman._posted("9.9.9.9", "machine.example", 443, "/n?a=1", b"{}", "t=1,v1=x"))
    assert answered == (False, "HTTP 302"), "no redirection is followed"
    assert len(seen) == 1 and seen[0].url.host == "9.9.9.9" and seen[0].headers["Host"] == "machine.example"
    assert seen[0].extensions["sni_hostname"] == "machine.example"


def test_the_owner_manages_programs_on_a_page_and_nobody_else_does(
    client: Client, ada: Wallet, bus: Wallet, names: Any
) -> None:
    page = reverse("currency:programs", args=[bus.alias])
    client.force_login(ada.owner)
    assert client.get(page).status_code == 404
    with pytest.raises(PermissionDenied):
        postman.add_hook(ada.owner, bus, URL)
    client.force_login(bus.owner)
    shown = client.post(page, {"do": "hook", "url": URL}).content.decode()
    hook = Hook.objects.get()
    assert postman.secret_of(hook) in shown and postman.secret_of(hook) not in client.get(page).content.decode()
    assert (
        "https://" in client.post(page, {"do": "hook", "url": "http://x"}).content.decode()
        and Hook.objects.count() == 1
    )
    assert "une fois" in client.post(page, {"do": "key", "label": "automate"}).content.decode()
    client.post(reverse("currency:revoke_key", args=[bus.alias, bus.keys.get().pk]))
    client.post(reverse("currency:stop_hook", args=[bus.alias, hook.pk]))
    assert bus.keys.get().revoked_at and Hook.objects.get().stopped_at
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    assert postman.enqueue() == 0
    for _one in range(postman.MOST_HOOKS):
        postman.add_hook(bus.owner, bus, URL)
    with pytest.raises(RuleBroken):
        postman.add_hook(bus.owner, bus, URL)


def test_a_ticket_machine_asks_shows_a_code_and_learns_that_it_is_paid(
    client: Client, ada: Wallet, bus: Wallet
) -> None:
    key = {"Authorization": f"Bearer {wallets.give_key(bus.owner, bus, 'machine 3')}"}
    made = client.post(
        "/api/asks", {"amount_cents": 160, "label": "ticket"}, content_type="application/json", headers=key
    )
    assert made.status_code == 201 and made.json()["paid"] is False
    found = codes.read(made.json()["code"])
    assert found.ask is not None
    codes.pay_request(ada.owner, ada, found.ask, uuid4())
    state = client.get(f"/api/asks/{made.json()['ask']}", headers=key).json()
    assert state["paid"] is True and queries.entry(bus, state["transfer"]).amount_cents == 160  # type: ignore[union-attr]
    other = {"Authorization": f"Bearer {wallets.give_key(ada.owner, ada, 'autre')}"}
    assert client.get(f"/api/asks/{made.json()['ask']}", headers=other).status_code == 404
    for wrong in ({"amount_cents": 0}, {"amount_cents": "x"}, {}):
        assert client.post("/api/asks", wrong, content_type="application/json", headers=key).status_code == 422
    assert client.post("/api/asks", {"amount_cents": 1}, content_type="application/json").status_code == 401
    assert Ask.objects.count() == 1


def test_a_sandbox_says_so_everywhere(client: Client, db: None) -> None:
    code = "B" + uuid4().hex[:6].upper()
    call_command("currency", "sandbox", code, "Pour essayer")
    lines = StringIO()
    call_command("currency", "sandbox", f"{code}2", "Pour jouer", "--for", "dev@example.fr", stdout=lines)
    balance = client.get("/api/balance", headers={"Authorization": f"Bearer {lines.getvalue().split()[-1]}"}).json()
    assert (balance["nature"], balance["currency"], balance["balance_cents"]) == ("sandbox", f"{code}2", 0)
    assert [one.kind for one in Person.objects.get(email="dev@example.fr").wallets.order_by("pk")] == ["professional", "individual"]  # fmt: skip
    assert "bac à sable" in client.get(f"/monnaies/{code.lower()}/").content.decode().lower()
    assert client.get(f"/api/currencies/{code}").json()["nature"] == "sandbox"
    owner = Person.objects.create_user("essai@example.fr", "Correct-Horse-9-Battery")
    number = queries.currency_number(code)
    shop = wallets.open_wallet(None, number, "Boutique", f"b-{uuid4().hex[:8]}", "professional", owner)
    payer = wallets.open_wallet(None, number, "Cliente", f"c-{uuid4().hex[:8]}", "individual", owner)
    actions.require(wallets.exchange(None, payer, 1_000, "VIR"))
    asked, paid = codes.ask(owner, shop, 100), wallets.pay(owner, payer, shop, 50, uuid4()).transfers[0]
    client.force_login(owner)
    names: dict[str, list[Any]] = {"ask": [asked.short], "receipt": [paid], "refund": [paid]}
    pages = [
        reverse(f"currency:{one}", args=[shop.alias, *names.get(one, [])])
        for one in (
            "wallet",
            "pay",
            "receive",
            "show",
            "till",
            "team",
            "programs",
            "purses",
            "offline_till",
            "ask",
            "receipt",
            "refund",
        )
    ]
    for url in [*pages, reverse("currency:mine"), f"{reverse('currency:read')}?c={asked.short}"]:
        assert "bac à sable" in client.get(url, headers={"accept-language": "fr"}).content.decode().lower(), url
    confirm = client.post(
        reverse("currency:pay", args=[payer.alias]), {"payee": shop.alias, "amount": "1"}, follow=True
    )
    assert "bac à sable" in confirm.content.decode().lower()
    offline = client.get(reverse("currency:offline_state"), headers={"accept-language": "fr"}).json()
    assert all("bac à sable" in one["name"].lower() for one in (*offline["wallets"], *offline["tills"]))


def test_old_notices_are_erased(ada: Wallet, bus: Wallet, names: Any) -> None:
    postman.add_hook(bus.owner, bus, URL)
    wallets.pay(ada.owner, ada, bus, 160, uuid4())
    postman.enqueue()
    Delivery.objects.update(next_at=None, done_at=timezone.now() - timedelta(days=61))
    assert postman.purge() == 1
