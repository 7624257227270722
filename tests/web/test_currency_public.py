"""What anybody reads of a currency, and the simulated one that shows it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web import measures_again

from ressort.core.currency import Action, Leg, Reason, Request, operation
from ressort.core.currency.measures import Flow, payments_cents, tally
from ressort.core.currency.specimen import specimen
from ressort.core.errors import RuleBroken
from ressort.core.letters import bare
from ressort.web.currency import actions, demo, exports, keeper, measurements, queries, wallets
from ressort.web.currency.models import Listing, Measurement, Standing, Wallet
from ressort.web.people.models import Person


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, db: None) -> str:
    """A small specimen beside whatever other tests founded; a ledger keeps it, the rest is rolled back."""
    monkeypatch.setattr(demo, "specimen", lambda seed, places: specimen(seed, places, people=30, professionals=24))
    code, _links = demo.found(3, "EPCI:200068930", beside=True)
    return code


def test_every_public_screen_of_a_simulated_currency_lives_and_says_that_it_is_simulated(client: Client, small: str) -> None:  # fmt: skip
    path = f"/monnaies/{small.lower()}/"
    for end in ("", "mesures/", "professionnels/"):
        page = client.get(path + end)
        assert page.status_code == 200 and "inventés" in page.content.decode(), end
    assert "Vitesse" in client.get(path + "mesures/").content.decode()
    shapes = json.loads(client.get(path + "contours.json").content)
    assert len(shapes["features"]) == len({one.commune for one in Listing.objects.filter(is_public=True)})
    answer = client.get(path + "mesures.csv")
    header, *lines = answer.content.decode().splitlines()
    assert header.startswith("measure,label,unit,value") and all(line.endswith(f",{small},simulated") for line in lines)
    assert "simule" in answer["Content-Disposition"], "a file that leaves the site still says so"
    assert {
        "code": small,
        "name": queries.name_of(queries.currency_number(small)),
        "nature": "simulated",
    } in client.get("/api/currencies").json()["currencies"]
    assert client.get(f"/api/currencies/{small}").json()["nature"] == "simulated"


def test_a_specimen_goes_through_the_real_door_and_its_reserve_covers_it(client: Client, small: str) -> None:
    funds = queries.currency(small).funds
    assert all(fund.claims_cents == fund.cover_cents > 0 for fund in funds)
    told = client.get(f"/api/currencies/{small}/statistics").json()
    assert told["nature"] == "simulated" and {one["key"] for one in told["measures"]} >= {
        "velocity",
        "lm3",
        "top_tenth",
    }


def test_the_flows_read_from_the_ledger_are_those_that_were_paid(small: str) -> None:
    number = queries.currency_number(small)
    until = timezone.localdate()
    flows, accounts = measurements.flows_of(number, until - timedelta(days=365))
    told = specimen(3, 27, people=30, professionals=24)
    paid = sum(one.amount_cents for one in told.events if one.operation == "pay_member")
    assert payments_cents(tally(flows, 0, 365)) == paid > 0
    assert not flows.opening_cents.any() and len(accounts) >= len(told.holders)
    later, _same = measurements.flows_of(number, until - timedelta(days=100))
    whole = {row[0]: row[1] for row in _balances(number)}
    for at, account in enumerate(_same.tolist()):
        change = int(later.amount_cents[later.payee == at].sum() - later.amount_cents[later.payer == at].sum())
        assert later.opening_cents[at] + change == whole[account], (
            "what they had, and what moved since, make what they have"
        )


def _balances(number: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, balance_cents FROM ledger.account WHERE currency = %s", [number])
        return cursor.fetchall()


def test_a_reversed_payment_leaves_the_measures_as_if_it_had_never_been(person: Any, db: None) -> None:
    number = actions.found_currency("TREV", "Essai")
    ada, bob = (
        wallets.open_wallet(None, number, name, f"{name}-mesure", "individual", None) for name in ("ada", "bob")
    )
    wallets.exchange(None, ada, 1_000, "VIR M")
    today = timezone.localdate()
    before, _accounts = measurements.flows_of(number, today)
    paid = actions.submit(Request(UUID(int=9), (Leg(operation("pay_member"), ada.account, bob.account, 300),)))
    back = actions.submit(Request(UUID(int=10), (Leg(operation("pay_member"), action=Action.REVERSE, target=paid.transfers[0]),)))  # fmt: skip
    assert back.reason is Reason.ACCEPTED
    after, _accounts = measurements.flows_of(number, today)
    assert (before.kind == after.kind).all() and Flow.PAYMENT not in after.kind.tolist()


def test_a_second_specimen_is_refused_and_a_real_currency_is_not_joined_unasked(small: str) -> None:
    with pytest.raises(RuleBroken, match="--remove"):
        demo.found(1, "EPCI:200068930", beside=True)
    Standing.objects.all().delete()
    with pytest.raises(RuleBroken, match="--beside"):
        demo.found(1, "EPCI:200068930", beside=False)


def test_a_specimen_withdrawn_leaves_numbers_and_no_name(client: Client, small: str) -> None:
    number = queries.currency_number(small)
    assert demo.remove() == small
    assert (
        not Wallet.objects.filter(currency=number).exists() and not Measurement.objects.filter(currency=number).exists()
    )
    assert not Person.objects.filter(email__in=demo.SIGN_IN.values()).exists()
    assert small not in dict(queries.currencies()) and client.get(f"/monnaies/{small.lower()}/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(balance_cents) FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = %s AND k.digital < 0",
            [number],
        )
        assert cursor.fetchone()[0] == 0
    again, _links = demo.found(3, "EPCI:200068930", beside=True)
    assert again != small, "a code is never used twice"
    demo.remove()
    with pytest.raises(RuleBroken):
        demo.remove()


def test_the_keeper_measures_each_currency_once_a_day(person: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    number = actions.found_currency("TKEEP", "Essai")
    ada = wallets.open_wallet(None, number, "Ada", "ada-jour", "individual", None)
    wallets.exchange(None, ada, 1_000, "VIR J")
    keeper.once()
    made = Measurement.objects.get(currency=number)
    keeper.once()
    assert Measurement.objects.get(currency=number).made_at == made.made_at
    assert made.until == timezone.localdate() and made.content["measures"] == [], "today is not over"


def test_what_would_tell_the_business_of_a_few_is_named_and_not_given(client: Client, db: None) -> None:
    number = actions.found_currency("TFEW", "Essai")
    ada = wallets.open_wallet(None, number, "Ada", "ada-peu", "individual", None)
    shop = wallets.open_wallet(None, number, "Épicerie", "epicerie-peu", "professional", None)
    wallets.exchange(None, ada, 1_000, "VIR P")
    actions.require(
        actions.submit(Request(UUID(int=11), (Leg(operation("pay_member"), ada.account, shop.account, 321),)))
    )
    measurements.measure(number, timezone.localdate() + timedelta(days=1))
    told = {one["key"]: one for one in client.get("/api/currencies/TFEW/statistics").json()["measures"]}
    assert told["professional_inflow"] == told["professional_inflow"] | {"secret": True, "value": None}
    assert told["payments"]["value"] == 321
    assert "secret" in client.get("/monnaies/tfew/mesures/").content.decode()


def test_months_add_up_to_the_measures_of_the_year_notes_included(client: Client, small: str) -> None:
    told = client.get(f"/api/currencies/{small}/statistics").json()
    whole = {one["key"]: one["value"] for one in told["measures"]}
    for name in ("payments", "issued", "redeemed"):
        assert sum(one[name] for one in told["months"]) == whole[name] > 0, name


def test_two_days_of_measures_compared_tell_nobodys_payment(client: Client, small: str) -> None:
    number, today = queries.currency_number(small), timezone.localdate()
    month = today.replace(day=1)
    before = client.get(f"/api/currencies/{small}/statistics").json()
    assert before["flows_until"] == str(month), "whole months only"
    cells = [cell for table in before["flows"].values() for row in table["cents"] for cell in row if cell]
    assert cells and all(len(str(cell).rstrip("0")) <= 2 for cell in cells), "two digits"
    people = Wallet.objects.filter(currency=number, kind="individual").order_by("pk")
    paid = next(one for one in people if queries.balance_cents(one)[0] > 10_00)
    shop = Wallet.objects.filter(currency=number, kind="professional").order_by("pk")[0]
    legs = (Leg(operation("pay_member"), paid.account, shop.account, 10_00),)
    actions.require(actions.submit(Request(UUID(int=77), legs, 0, month - timedelta(days=3))))
    measurements.measure(
        number, today + timedelta(days=1) if (today + timedelta(days=1)).month == today.month else today
    )
    after = client.get(f"/api/currencies/{small}/statistics").json()
    payments = [next(one["value"] for one in told["measures"] if one["key"] == "payments") for told in (before, after)]
    assert payments[1] != payments[0], "the year was measured again"
    assert after["flows"] == before["flows"], "a month told is told once"


def test_the_first_tenth_is_not_told_when_it_is_a_few_shops(client: Client, small: str) -> None:
    told = {one["key"]: one for one in client.get(f"/api/currencies/{small}/statistics").json()["measures"]}
    assert told["top_tenth"]["secret"] and told["top_tenth"]["value"] is None, "three shops of twenty-four"
    assert not told["herfindahl"]["secret"]


def test_names_are_in_the_order_of_a_french_dictionary_on_the_page_and_in_the_api(client: Client, small: str) -> None:
    one, *_others = Listing.objects.filter(wallet__currency=queries.currency_number(small), is_public=True)
    Wallet.objects.filter(pk=one.wallet_id).update(name="Échoppe")
    told = [each["name"] for each in client.get(f"/api/currencies/{small}/professionals").json()]
    shown = [row[0].wallet.name for row in client.get(f"/monnaies/{small.lower()}/professionnels/").context["rows"]]
    assert told == shown == sorted(told, key=bare) and told[-1] != "Échoppe", "É with E, not after Z"


def test_a_search_among_professionals_survives_what_is_typed(client: Client, small: str) -> None:
    path = f"/monnaies/{small.lower()}/professionnels/"
    for given in (
        {"q": "épicerie"},
        {"q": "'; DROP"},
        {"secteur": "nope"},
        {"commune": "<b>"},
        {"page": "9999"},
        {"page": "x"},
    ):
        assert client.get(path, given).status_code == 200
    assert client.get("/monnaies/nobody/professionnels/").status_code == 404


def test_every_measure_is_what_a_second_program_computes_from_an_export(small: str, tmp_path: Path) -> None:
    """The second one shares no code with ours: `measures_again` reads the files of `ressort ledger export`."""
    number, until = queries.currency_number(small), timezone.localdate()
    exports.export(tmp_path / "export", actions.seal)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM ledger.kind UNION ALL SELECT -id, code FROM ledger.operation")
        words = dict(cursor.fetchall())
    kinds, operations = ({abs(one): word for one, word in words.items() if (one > 0) == kept} for kept in (True, False))
    holders = dict(Wallet.objects.filter(currency=number).values_list("account", "kind"))
    issuer = Standing.objects.get(currency=number).issuer
    assert issuer is not None
    again = measures_again.measures(measures_again.read(tmp_path / "export", kinds, operations, holders, issuer.account, number, until))  # fmt: skip
    told = {one["key"]: one["value"] for one in measurements.measure(number, until).content["measures"]}
    assert set(told) - set(again) == {"overdrawn"}
    for key, value in again.items():
        assert told[key] == pytest.approx(value, rel=1e-9, abs=1 if key == "mean_stock" else 0), key
