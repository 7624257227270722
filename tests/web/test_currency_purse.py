"""Offline purses on the server: loaded, settled once, two devices, late, lost, given back; forged and replayed notes."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_currency_codes import ada, grocer, number, opened, shop

from ressort.core.currency.purse import LATE_DAYS, Purse, loaded, payee_number
from ressort.core.errors import InputError, RuleBroken
from ressort.web.currency import actions, days, measurements, purses, queries, signing, wallets
from ressort.web.currency.models import Wallet
from ressort.web.currency.purse_models import OfflinePayment
from ressort.web.currency.purse_models import Purse as Held
from ressort.web.people.models import Person

__all__ = ["ada", "grocer", "number", "shop"]

DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RAW = DEVICE.public_key().public_bytes_raw()


@pytest.fixture
def held(ada: Wallet) -> Held:
    """A purse of 50 on Ada's telephone."""
    return purses.load(ada.owner, ada, 5_000, RAW, uuid4())


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the day on which the server believes to be."""
    today = timezone.localdate()

    def move(days: int) -> date:
        there = today + timedelta(days)
        monkeypatch.setattr(purses.timezone, "localdate", lambda *given: timezone.localtime(*given).date() if given else there)  # fmt: skip
        return there

    return move


def device(held: Held) -> Purse:
    return loaded(purses.bytes_of(held.certificate), signing.public_keys()[0])


def signed(purse: Purse, shop: Wallet, cents: int, day: date | None = None) -> tuple[bytes, Purse]:
    return purse.pay(DEVICE, payee_number(shop.currency, shop.alias), cents, day or timezone.localdate())


def settled(shop: Wallet, payment: bytes, held: Held) -> Any:
    return purses.settle(shop.owner, shop, payment, purses.bytes_of(held.certificate))


def test_a_purse_holds_units_and_asked_again_is_the_same(ada: Wallet) -> None:
    key = uuid4()
    one = purses.load(ada.owner, ada, 5_000, RAW, key)
    assert purses.load(ada.owner, ada, 5_000, RAW, key).pk == one.pk
    assert queries.balance_cents(ada) == (5_000, 5_000) and queries.held_cents(one.hold_account) == 5_000
    with pytest.raises(RuleBroken):
        purses.load(ada.owner, ada, 4_000, RAW, key)
    with pytest.raises(RuleBroken):
        purses.load(ada.owner, ada, 100, bytes(32), uuid4())


@pytest.mark.parametrize(("cents", "key"), [(5_001, RAW), (0, RAW), (-5, RAW), (10_000_000, RAW), (100, RAW[:31]), (100, b"")])  # fmt: skip
def test_a_purse_beyond_its_limits_is_refused_and_nothing_is_held(ada: Wallet, cents: int, key: bytes) -> None:
    with pytest.raises((RuleBroken, InputError)):
        purses.load(ada.owner, ada, cents, key, uuid4())
    assert queries.balance_cents(ada) == (10_000, 10_000)


def test_whoever_has_not_enough_loads_nothing(number: int, person: Person) -> None:
    poor = opened(number, "Poor", "individual", person, 100)
    with pytest.raises(RuleBroken) as refused:
        purses.load(person, poor, 5_000, RAW, uuid4())
    assert refused.value.facts["reason"] == "insufficient_funds"
    assert not Held.objects.filter(wallet=poor).exists()


def test_only_the_owner_loads_and_only_the_till_settles(ada: Wallet, shop: Wallet, held: Held, operator: Person) -> None:  # fmt: skip
    payment, _after = signed(device(held), shop, 100)
    for who in (shop.owner, operator):
        with pytest.raises(PermissionDenied):
            purses.load(who, ada, 100, bytes(32), uuid4())
    for who in (ada.owner, operator):
        with pytest.raises(PermissionDenied):
            purses.settle(who, shop, payment, purses.bytes_of(held.certificate))


def test_payments_settle_in_any_order_each_once(shop: Wallet, held: Held) -> None:
    first, after = signed(device(held), shop, 1_250)
    second, _after = signed(after, shop, 2_000)
    for payment in (second, first, second, first):
        assert settled(shop, payment, held).outcome == "paid"
    assert queries.balance_cents(shop)[0] == 3_250 and queries.held_cents(held.hold_account) == 1_750
    assert OfflinePayment.objects.filter(purse=held, is_forked=False).count() == 2
    lines = days.received_on(shop, timezone.localdate()).lines
    assert [line.amount_cents for line in lines] == [1_250, 2_000]
    assert all(line.other is None for line in lines), "the till does not learn who paid"


def test_forged_altered_and_foreign_notes_are_refused(shop: Wallet, held: Held, number: int) -> None:
    thief = Ed25519PrivateKey.from_private_bytes(bytes(32))
    today = timezone.localdate()
    forged, _after = device(held).pay(thief, payee_number(shop.currency, shop.alias), 100, today)
    good, _after = signed(device(held), shop, 100)
    altered = bytearray(good)
    altered[30] ^= 1
    for payment in (forged, bytes(altered), b"", b"R\x01\x05", good[:-1]):
        with pytest.raises(InputError):
            settled(shop, payment, held)
    other = opened(number, "Boulanger", "professional", shop.owner)
    with pytest.raises(RuleBroken, match="somebody else"):
        settled(other, good, held)
    abroad = opened(actions.found_currency("T" + uuid4().hex[:7].upper(), "Autre"), "Loin", "professional", shop.owner)
    with pytest.raises(RuleBroken, match="another currency"):
        settled(abroad, good, held)
    assert queries.balance_cents(shop)[0] == 0


def test_a_device_that_writes_an_impossible_day_is_refused(shop: Wallet, held: Held, later: Any) -> None:
    ahead, _after = signed(device(held), shop, 100, timezone.localdate() + timedelta(3))
    with pytest.raises(RuleBroken, match="clocks differ"):
        settled(shop, ahead, held)
    later(2)
    assert settled(shop, ahead, held).outcome == "paid"


def test_two_devices_with_one_purse_pay_both_merchants_within_the_guarantee(ada: Wallet, shop: Wallet, held: Held, number: int) -> None:  # fmt: skip
    baker = opened(number, "Boulanger", "professional", shop.owner)
    state = device(held)
    for _turn in range(2):
        note, state = signed(state, shop, 2_000)
        settled(shop, note, held)
    copy, _after = signed(device(held), baker, 1_500)  # the state before: the device was copied
    found = settled(baker, copy, held)
    assert (found.outcome, found.forked) == ("guarantee_exhausted", True), "nobody set anything aside"
    held.refresh_from_db()
    assert held.state == "caught" and queries.balance_cents(baker)[0] == 0
    assert held.hold_account in purses.revoked({number})
    association = opened(number, "Asso", "association", shop.owner, 5_000)
    purses.guarantee(shop.owner, association, 1_000, uuid4())
    found = settled(baker, copy, held)
    assert (found.outcome, found.from_hold_cents, found.from_guarantee_cents) == ("paid", 1_000, 500)
    assert settled(baker, copy, held) == found
    held.refresh_from_db()
    assert held.debt_cents == 500 and queries.balance_cents(baker)[0] == 1_500
    with pytest.raises(RuleBroken, match="more than it held"):
        purses.load(ada.owner, ada, 100, bytes(32), uuid4())


def test_what_comes_too_late_is_not_paid_and_the_rest_returns_by_itself(ada: Wallet, shop: Wallet, held: Held, later: Any) -> None:  # fmt: skip
    one, after = signed(device(held), shop, 500)
    two, _after = signed(after, shop, 700)
    purses.lose(ada.owner, ada, held.pk)
    assert purses.close_late() == 0 and queries.balance_cents(ada)[0] == 5_000
    later(7 + LATE_DAYS)
    assert settled(shop, one, held).outcome == "paid" and purses.close_late() == 0
    later(7 + LATE_DAYS + 1)
    assert settled(shop, two, held).outcome == "too_late"
    assert purses.close_late() == 1 and purses.close_late() == 0
    assert queries.balance_cents(ada)[0] == 9_500 and queries.held_cents(held.hold_account) == 0
    with pytest.raises(RuleBroken):
        purses.lose(ada.owner, ada, held.pk)


def test_a_device_gives_its_purse_back_and_what_it_signed_stays_held(ada: Wallet, shop: Wallet, held: Held) -> None:
    one, after = signed(device(held), shop, 500)
    two, after = signed(after, shop, 700)
    settled(shop, one, held)
    told = after.surrender(DEVICE, timezone.localdate())
    certificate = purses.bytes_of(held.certificate)
    assert purses.surrender(ada.owner, ada, told, certificate) == 3_800
    assert purses.surrender(ada.owner, ada, told, certificate) == 0
    assert queries.balance_cents(ada)[0] == 8_800 and settled(shop, two, held).outcome == "paid"
    beyond, _after = signed(after, shop, 100)
    assert settled(shop, beyond, held).outcome == "guarantee_exhausted"
    held.refresh_from_db()
    assert held.state == "caught", "it signed after it said that it would no more"
    assert purses.load(ada.owner, ada, 1_000, bytes(31) + b"\x01", uuid4()).state == "in_use", "nobody lost anything"


def test_an_account_is_not_closed_while_a_purse_may_still_pay(ada: Wallet, held: Held, later: Any) -> None:
    with pytest.raises(RuleBroken, match="not closed yet"):
        wallets.close_wallet(None, ada)
    later(7 + LATE_DAYS + 1)
    purses.close_late()
    ledger_number = held.hold_account
    wallets.pay(ada.owner, ada, opened(ada.currency, "Autre", "individual", None), 10_000, uuid4())
    wallets.close_wallet(None, ada)
    kept = Held.objects.get(hold_account=ledger_number)
    assert kept.wallet is None and kept.member_account, "the name is gone, the number stays"


def test_the_measures_see_a_payment_of_the_member_and_no_other_holder(ada: Wallet, shop: Wallet, held: Held) -> None:
    payment, _after = signed(device(held), shop, 1_500)
    settled(shop, payment, held)
    flows, accounts = measurements.flows_of(ada.currency, timezone.localdate())
    assert held.hold_account not in accounts.tolist()
    payers = [accounts[one] for one in flows.payer if one >= 0]
    assert ada.account in payers and len(flows.day) == 2, "the exchange of euros, and the payment"


def test_a_device_loads_a_till_settles_and_a_page_tells(client: Client, ada: Wallet, shop: Wallet, number: int) -> None:
    client.force_login(ada.owner)
    state = client.get(reverse("currency:offline_state")).json()
    assert [one["alias"] for one in state["wallets"]] == [ada.alias] and state["keys"][0]
    given = {"amount": "20,00", "device_key": RAW.hex(), "key": str(uuid4())}
    answer = client.post(reverse("currency:load_purse", args=[ada.alias]), given)
    assert answer.status_code == 201, answer.content
    held = Held.objects.get(wallet=ada)
    assert answer.json()["certificate"] == held.certificate
    again = client.post(reverse("currency:load_purse", args=[ada.alias]), given | {"key": str(uuid4()), "device_key": "ab" * 32})  # fmt: skip
    assert again.status_code == 422 and "error" in again.json()
    assert client.post(reverse("currency:load_purse", args=[shop.alias]), given).status_code == 404
    payment, after = signed(device(held), shop, 500)
    assert client.post(reverse("currency:offline_till", args=[shop.alias]), {}).status_code == 404
    client.force_login(shop.owner)
    bring = {"payment": purses.text_of(payment), "certificate": held.certificate}
    url = reverse("currency:offline_till", args=[shop.alias])
    done = client.post(url, bring, headers={"accept": "application/json"})
    assert done.status_code == 200 and done.json()["outcome"] == "paid"
    assert "5,00" in client.post(url, bring).content.decode(), "by hand, the same"
    bad = client.post(url, bring | {"payment": "zzz"}, headers={"accept": "application/json"})
    assert bad.status_code == 422 and bad.json()["outcome"] == "refused" and bad.json()["message"]
    client.force_login(ada.owner)
    page = client.get(reverse("currency:purses", args=[ada.alias])).content.decode()
    assert "15,00" in page
    told = purses.text_of(after.surrender(DEVICE, timezone.localdate()))
    back = client.post(reverse("currency:surrender_purse", args=[ada.alias]), {"state": told, "certificate": held.certificate})  # fmt: skip
    assert back.json() == {"returned_cents": 1_500}
    assert client.post(reverse("currency:lose_purse", args=[ada.alias, held.pk])).status_code == 302


def test_pages_kept_without_network_hold_nothing_of_anybody(client: Client, ada: Wallet) -> None:
    client.force_login(ada.owner)
    for name in ("purse", "offline_queue"):
        words = client.get(reverse(f"currency:{name}")).content.decode()
        assert ada.alias not in words and ada.name not in words.split("<main")[1]
        assert 'data-payment-cap="2000"' in words and 'data-purse-cap="5000"' in words, "numbers for a program"
    for prefix in ("", "/en"):
        worker = client.get(f"{prefix}/monnaies/application.js").content.decode().replace("\\u002D", "-")
        assert f"{prefix}/monnaies/porte-monnaie/" in worker and 'credentials: "omit"' in worker
