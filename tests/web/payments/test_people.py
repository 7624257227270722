"""What people do with a local currency, by HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.payments.api import call

from ressort.core.currency import Leg, Request, operation
from ressort.core.errors import InputError, RessortError, RuleBroken, UnknownCode
from ressort.web.currency import access, actions, keys, queries, text_channel, wallets
from ressort.web.currency.group import GroupCommit
from ressort.web.currency.models import Key, Label, Wallet
from ressort.web.people.models import Person


@pytest.fixture
def signed_in(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def pay_page(client: Client, wallet: Wallet, **given: Any) -> Any:
    return client.post(reverse("currency:pay", args=[wallet.alias]), given, follow="key" not in given)


def test_somebody_pays_by_name_confirms_and_reads_the_receipt(signed_in: Client, ada: Wallet, grocer: Wallet) -> None:
    confirm = pay_page(signed_in, ada, payee="épicerie port", amount="12,50", label="pain")
    assert "Épicerie du port" in confirm.content.decode() and "12,50" in confirm.content.decode()
    assert queries.balance_cents(grocer)[0] == 0, "nothing moves before the payer confirms"
    given = {"payee": grocer.alias, "amount": "12,50", "label": "pain", "key": confirm.context["key"]}
    done, again = pay_page(signed_in, ada, **given), pay_page(signed_in, ada, **given)
    assert done.url == again.url, "sent twice, paid once"
    assert queries.balance_cents(ada) == (8_750, 8_750)
    assert 'name="amount" value="12,50"' in confirm.content.decode(), "as it was typed, if it has to be changed"
    receipt = signed_in.get(done.url).content.decode()
    assert "−12,50" in receipt and "Épicerie du port" in receipt and "pain" in receipt
    assert "pain" in signed_in.get(reverse("currency:wallet", args=[ada.alias])).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"payee": "personne", "amount": "1"}, "ne s’appelle ainsi"),
        ({"payee": "epicerie-essai", "amount": "0"}, "n’est pas un montant"),
        ({"payee": "epicerie-essai", "amount": "1,234"}, "n’est pas un montant"),
        ({"payee": "epicerie-essai", "amount": "1e3000000"}, "n’est pas un montant"),
        (
            {"payee": "epicerie-essai", "amount": "100,01", "key": str(uuid4())},
            "Rien n’a été payé. Le compte ne contient pas autant.",
        ),
        ({"payee": "epicerie-essai", "amount": "-5"}, "n’est pas un montant"),
    ],
)
def test_what_cannot_be_paid_is_refused_with_words(
    signed_in: Client, ada: Wallet, grocer: Wallet, given: dict[str, str], said: str
) -> None:
    answer = pay_page(signed_in, ada, **given)
    assert answer.status_code == 200 and said in answer.content.decode()
    assert queries.balance_cents(ada)[0] == 10_000


def test_a_stranger_sees_nothing_of_a_wallet(client: Client, ada: Wallet) -> None:
    pages = ("wallet", "statement_file", "pay")
    assert all(client.get(reverse(f"currency:{name}", args=[ada.alias])).status_code == 302 for name in pages)
    client.force_login(Person.objects.create_user("eve@example.fr", "Correct-Horse-9-Battery"))
    assert all(client.get(reverse(f"currency:{name}", args=[ada.alias])).status_code == 404 for name in pages)
    assert client.get(reverse("currency:receipt", args=[ada.alias, 1])).status_code == 404
    assert client.get(reverse("currency:wallet", args=["nobody-here"])).status_code == 404


def test_a_receipt_is_shown_to_those_whom_the_transfer_concerns_only(
    signed_in: Client, ada: Wallet, grocer: Wallet
) -> None:
    other = wallets.open_wallet(None, ada.currency, "Bob", "bob-essai", "individual", None)
    transfer = wallets.exchange(None, other, 500, "VIR 2").transfers[1]
    assert signed_in.get(reverse("currency:receipt", args=[ada.alias, transfer])).status_code == 404


def test_an_operator_sees_but_does_not_pay_from_another_wallet(client: Client, operator: Any, ada: Wallet) -> None:
    client.force_login(operator)
    assert client.get(reverse("currency:wallet", args=[ada.alias])).status_code == 200
    assert client.get(reverse("currency:pay", args=[ada.alias])).status_code == 404
    with pytest.raises(PermissionDenied):
        wallets.pay(operator, ada, ada, 1, uuid4())


def test_an_operator_gives_no_key_that_pays_from_another_wallet(client: Client, operator: Any, ada: Wallet, grocer: Wallet) -> None:  # fmt: skip
    """A key given by whoever may not pay would be a way round."""
    for scope in (Key.Scope.ALL, Key.Scope.PAY):
        with pytest.raises(PermissionDenied):
            wallets.give_key(operator, ada, "machine", keys.Terms(scope=scope))
    with pytest.raises(PermissionDenied):
        text_channel.link(operator, ada, "0612345678")
    client.force_login(operator)
    page = reverse("currency:programs", args=[ada.alias])
    for scope in ("all", "pay", ""):
        client.post(page, {"do": "key", "label": "machine", "scope": scope})
    assert [one.scope for one in ada.keys.all()] == ["ask"]
    key = client.post(page, {"do": "key", "label": "machine", "scope": "ask"}).context["shown"]
    assert call(client, key, {"payee": grocer.alias, "amount_cents": 1}).status_code == 403
    assert queries.balance_cents(ada)[0] == 10_000


def test_the_rights_of_everybody_on_a_wallet(ada: Wallet, person: Any, operator: Any) -> None:
    key = access.key_of(wallets.give_key(person, ada, "essai"))
    stranger = Person.objects.create_user("eve@example.fr", "Correct-Horse-9-Battery")
    expected = {
        "see": (True, True, True, False), "pay": (True, False, True, False),
        "give_key": (True, True, False, False), "give_key_that_pays": (True, False, False, False),
        "exchange": (False, True, False, False), "ask": (True, False, True, False),
        "refund": (True, False, True, False), "seat": (True, False, False, False), "load_purse": (True, False, False, False),
    }  # fmt: skip
    assert expected.keys() == access.WHO.keys()
    for action, allowed in expected.items():
        assert tuple(access.may(who, action, ada) for who in (person, operator, key, stranger)) == allowed, action  # type: ignore[arg-type]
    for refused in (person, stranger):
        with pytest.raises(PermissionDenied):
            wallets.open_wallet(refused, ada.currency, "x", "x-essai", "individual", None)


def test_a_statement_file_holds_no_formula(signed_in: Client, person: Any, ada: Wallet, grocer: Wallet) -> None:
    wallets.pay(person, ada, grocer, 5, uuid4(), "=HYPERLINK(1)")
    lines = signed_in.get(reverse("currency:statement_file", args=[ada.alias])).content.decode().splitlines()
    assert lines[0].endswith("Montant;Solde après") and len(lines) == 3
    assert "'=HYPERLINK(1)" in lines[1] and lines[1].endswith(";-0,05;99,95") and ";paiement;" in lines[1]


def test_a_statement_file_tells_the_day_of_each_movement_as_the_screen_does(signed_in: Client, ada: Wallet, grocer: Wallet) -> None:  # fmt: skip
    """An import, or the simulated year, is written in one second: every line bore that one."""
    day = timezone.localdate() - timedelta(days=40)
    legs = (Leg(operation("pay_member"), ada.account, grocer.account, 5),)
    actions.require(actions.submit(Request(uuid4(), legs, 0, day)))
    header, line, *_rest = (
        signed_in.get(reverse("currency:statement_file", args=[ada.alias])).content.decode().splitlines()
    )
    cells = dict(zip(header.split(";"), line.split(";"), strict=True))
    assert cells["Jour"] == str(day) and cells["Écrit le"].startswith(str(timezone.localdate()))


def test_a_long_statement_is_read_page_after_page(signed_in: Client, person: Any, ada: Wallet, grocer: Wallet) -> None:
    for _one in range(60):
        wallets.pay(person, ada, grocer, 1, uuid4())
    first = signed_in.get(reverse("currency:wallet", args=[ada.alias]))
    second = signed_in.get(reverse("currency:wallet", args=[ada.alias]), {"avant": first.context["next"]})
    seen = [line.number for line, _name in (*first.context["lines"], *second.context["lines"])]
    assert seen == list(range(61, 0, -1))
    assert signed_in.get(reverse("currency:wallet", args=[ada.alias]), {"avant": "²x"}).status_code == 200


def test_euros_of_one_bank_reference_are_exchanged_once(ada: Wallet, grocer: Wallet) -> None:
    wallets.exchange(None, ada, 10_000, " VIR 1 ")
    assert queries.balance_cents(ada)[0] == 10_000
    with pytest.raises(RuleBroken):
        wallets.exchange(None, grocer, 10_000, "VIR 1")
    with pytest.raises(RuleBroken):
        wallets.exchange(None, ada, 1, "  ")
    with pytest.raises(InputError):
        call_command("currency", "exchange", ada.alias, "12.345", "--reference", "x")
    with pytest.raises(UnknownCode):
        call_command("currency", "exchange", "nobody-here", "12", "--reference", "x")


def test_anybody_reads_the_reserve_and_the_head(client: Client, code: str, ada: Wallet) -> None:
    actions.seal()
    page = client.get(reverse("currency:currency", args=[code])).content.decode()
    assert "100,00" in page and queries.head().hash in page and ada.name not in page
    told = client.get(f"/api/currencies/{code}").json()
    assert told["funds"][1] == {
        "fund": "digital",
        "claims_cents": 10_000,
        "reserve_cents": 10_000,
        "cover_cents": 10_000,
    }
    assert client.get("/api/currencies").json()["head"]["hash"] == queries.head().hash
    assert client.get(reverse("currency:currency", args=["zzz"])).status_code == 404
    assert code in client.get(reverse("currency:currencies")).content.decode()


def test_a_database_that_does_not_answer_is_no_refusal(
    client: Client, machine: str, grocer: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """409 would say that the key was used for something else: a till would then give up a payment that may have been made."""

    def silent(_requests: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    def broken(_requests: Any) -> Any:
        raise ZeroDivisionError

    request = Request(uuid4(), (Leg(20, 1, 2, 1),))
    monkeypatch.setattr(actions, "_group", GroupCommit(silent))
    with pytest.raises(OperationalError, match="same key"):
        actions._beside_others(request)
    monkeypatch.setattr(actions, "submit", actions._beside_others)
    client.raise_request_exception = False
    answer = call(client, machine, {"payee": grocer.alias, "amount_cents": 1})
    assert answer.status_code == 503 and answer.json()["error"]
    monkeypatch.setattr(actions, "_group", GroupCommit(broken))
    with pytest.raises(RessortError):
        actions._beside_others(request)


def test_nobody_leaves_with_money_behind_and_closing_forgets_the_name(person: Any, ada: Wallet, grocer: Wallet) -> None:
    from ressort.web.people.actions import leave

    with pytest.raises(RuleBroken, match="ada-essai"):
        leave(person)
    with pytest.raises(RuleBroken):
        wallets.close_wallet(None, ada)
    wallets.pay(person, ada, grocer, 10_000, uuid4(), "tout")
    call_command("currency", "close", ada.alias)
    leave(person)
    assert not Wallet.objects.filter(alias="ada-essai").exists() and not Person.objects.filter(pk=person.pk).exists()
    assert queries.statement(grocer)[0].other is None


def test_what_payers_wrote_is_erased_after_its_day(person: Any, ada: Wallet, grocer: Wallet) -> None:
    wallets.pay(person, ada, grocer, 1, uuid4(), "secret")
    assert wallets.purge_labels() == 0
    Label.objects.update(purge_on=timezone.localdate() - wallets.timedelta(days=1))
    assert wallets.purge_labels() == 1 and queries.statement(ada)[0].label == ""


@pytest.mark.parametrize("alias", ["", "x", "-ab", "ab-", "Été", "a b", "a" * 41, "ada;drop", "épicerie"])
def test_an_alias_is_plain_and_the_database_says_so_too(ada: Wallet, alias: str) -> None:
    with pytest.raises(RuleBroken):
        wallets.open_wallet(None, ada.currency, "X", alias, "individual", None)
    if len(alias) <= 40:
        with pytest.raises(IntegrityError), transaction.atomic():
            Wallet.objects.create(account=1, currency=1, alias=alias, name="X", kind="individual")
    with pytest.raises(RuleBroken):
        wallets.open_wallet(None, ada.currency, "X", ada.alias, "individual", None)


def test_names_of_every_script_are_kept_and_shown_as_written(signed_in: Client, person: Any, ada: Wallet) -> None:
    name = "Ŵéléñ 🐝 <b>عسل</b>"
    shop = wallets.open_wallet(None, ada.currency, name, "abeille-essai", "professional", None)
    wallets.pay(person, ada, shop, 1, uuid4())
    page = signed_in.get(reverse("currency:wallet", args=[ada.alias])).content.decode()
    assert "Ŵéléñ 🐝 &lt;b&gt;عسل&lt;/b&gt;" in page
