"""Paying by text message: what is understood, what a forged sender can do (nothing), what is done once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ressort.core.currency.text_codes import order, telephone
from ressort.core.errors import InputError, RessortError, RuleBroken
from ressort.web.currency import actions, queries, text_channel, wallets
from ressort.web.currency.models import Message, Telephone, Wallet

NUMBER = "+33612345678"


@given(st.text(max_size=400))
def test_any_message_is_an_order_or_refused_with_words(text: str) -> None:
    try:
        said = order(text).kind
    except (InputError, RuleBroken) as error:
        said = error.say(str)
    assert said


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SOLDE", "balance"),
        ("solde svp", "balance"),
        ("Aide", "help"),
        ("STOP", "stop"),
        ("pay 1 ab-c", "pay"),
        ("ÔUI 0042", "confirm"),
    ],
)
def test_orders_are_read_whatever_capitals_and_accents(text: str, kind: str) -> None:
    assert order(text).kind == kind


WRONG = (
    "|PAYER|PAYER 5|PAYER epicerie 5|PAYER -5 epicerie|PAYER 0 epicerie|PAYER 5 é|PAYER 20,01 epicerie|PAYER 5 a b|OUI|OUI 12|OUI 12345|"
    "OUI ١٢٣٤|payer 1,234 abc"
)


@pytest.mark.parametrize("text", [*WRONG.split("|"), "x" * 500])
def test_what_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(RessortError):
        order(text)


@pytest.mark.parametrize("text", ["", "06", "abc", "+0612345678", "0612345678901", "+33 6' OR 1"])
def test_what_is_no_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        telephone(text)


@pytest.fixture
def ada(db: None, person: Any) -> Wallet:
    number = actions.found_currency("T" + uuid4().hex[:7].upper(), "Essai")
    wallet = wallets.open_wallet(None, number, "Ada", f"ada-{uuid4().hex[:8]}", "individual", person)
    actions.require(wallets.exchange(None, wallet, 10_000, "VIR 1"))
    text_channel.link(person, wallet, "06 12 34 56 78")
    return wallet


@pytest.fixture
def shop(ada: Wallet) -> Wallet:
    return wallets.open_wallet(None, ada.currency, "Épicerie", f"epicerie-{uuid4().hex[:6]}", "professional", None)


def say(text: str, number: str = "", sender: str = NUMBER) -> str:
    return text_channel.answer(sender, text, number or uuid4().hex)


def test_a_payment_is_confirmed_by_the_digits_and_done_once(ada: Wallet, shop: Wallet) -> None:
    assert "100,00" in say("solde")
    told = say(f"PAYER 12,50 {shop.alias}")
    assert "Épicerie" in told and "12,50" in told and queries.balance_cents(shop)[0] == 0
    code = Telephone.objects.get().code
    assert f"OUI {code}" in told
    first = say(f"OUI {code}", "m1")
    assert say(f"OUI {code}", "m1") == first and queries.balance_cents(shop)[0] == 1_250
    say(f"OUI {code}", "m2")
    assert queries.balance_cents(shop)[0] == 1_250, "digits serve once"


def test_a_forged_sender_moves_nothing(ada: Wallet, shop: Wallet) -> None:
    say(f"PAYER 5 {shop.alias}")
    code = Telephone.objects.get().code
    wrong = [f"{(int(code) + at) % 10_000:04d}" for at in (1, 2, 3)]
    for one in wrong:
        say(f"OUI {one}")
    say(f"OUI {code}")
    assert queries.balance_cents(shop)[0] == 0, "three tries, then none"
    assert "12,50" not in say("solde", sender="+33699999999") and "100" not in say("solde", sender="nobody")


def test_asking_for_new_digits_gives_no_more_tries_than_a_day_has(ada: Wallet, shop: Wallet) -> None:
    for _again in range(4):
        say(f"PAYER 5 {shop.alias}")
        code = Telephone.objects.get().code
        for at in (1, 2, 3):
            say(f"OUI {(int(code or 0) + at) % 10_000:04d}")
    assert Telephone.objects.get().tries == 6 and "demain" in say(f"PAYER 5 {shop.alias}")
    Telephone.objects.update(day=timezone.localdate() - timedelta(days=1))
    say(f"PAYER 5 {shop.alias}")
    say(f"OUI {Telephone.objects.get().code}")
    assert queries.balance_cents(shop)[0] == 500


def test_digits_die_after_five_minutes_and_a_day_has_its_limit(ada: Wallet, shop: Wallet) -> None:
    say(f"PAYER 5 {shop.alias}")
    Telephone.objects.update(expires_at=timezone.now())
    say(f"OUI {Telephone.objects.get().code}")
    assert queries.balance_cents(shop)[0] == 0
    for _one in range(4):
        say(f"PAYER 20 {shop.alias}")
        say(f"OUI {Telephone.objects.get().code or '0000'}")
    assert queries.balance_cents(shop)[0] == 4_000, "fifty a day"
    Telephone.objects.update(day=timezone.localdate() - timedelta(days=1))
    say(f"PAYER 20 {shop.alias}")
    say(f"OUI {Telephone.objects.get().code}")
    assert queries.balance_cents(shop)[0] == 6_000


def test_nobody_stop_and_another_account(ada: Wallet, shop: Wallet, person: Any, capsys: Any) -> None:
    for alias in ("nobody-here", ada.alias):
        assert alias in say(f"PAYER 5 {alias}") and not Telephone.objects.get().code
    other = wallets.open_wallet(None, ada.currency, "Bob", f"bob-{uuid4().hex[:6]}", "individual", person)
    with pytest.raises(RuleBroken):
        text_channel.link(person, other, NUMBER)
    call_command("currency", "message", NUMBER, "aide", "--id", "1")
    assert "SOLDE" in capsys.readouterr().out
    say("STOP")
    assert not Telephone.objects.exists() and "100" not in say("solde")
    call_command("currency", "telephone", other.alias, NUMBER)
    assert Telephone.objects.get().wallet == other
    Message.objects.update(at=timezone.now() - timedelta(days=3))
    assert text_channel.purge() > 0
