"""Each programme has its own fund and its own report; and it tells, by commune, who could not spend its units."""

from datetime import date, timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import IBANS, opened, page
from tests.web.association_town import Desk, member_of

from ressort.core.errors import RuleBroken
from ressort.core.spreadsheet import MARK
from ressort.web.association import deeds, euro_transfers, members, public, queries, reporting, simulating
from ressort.web.association.covering import Paid, Seller
from ressort.web.association.models import Programme
from ressort.web.currency import earmarks, wallets
from ressort.web.currency.models import Earmark, Listing
from ressort.web.currency.queries import balance_cents, held_cents

TODAY = timezone.localdate


def month() -> date:
    return TODAY().replace(day=1)


@pytest.fixture
def two(desk: Desk) -> tuple[Programme, Programme]:
    """A food fund of 200, which pays Ada 85 a month, and an income without a cent; she is in both."""
    food, income = opened(desk, expiry_days=60), opened(desk)
    desk.done("fund_allowance", amount_cents=20_000, reference="FONDS 1", programme=food)
    for one in (food, income):
        public.join(desk.staff, one, desk.ada, TODAY() - timedelta(days=90))
    return food, income


def test_a_programme_never_pays_out_of_the_fund_of_another(desk: Desk, two: tuple[Programme, Programme]) -> None:
    food, income = two
    with pytest.raises(RuleBroken) as refused:
        public.pay_month(desk.staff, income, month())
    assert refused.value.facts["reason"] == "insufficient_funds" and balance_cents(desk.ada) == (0, 0)
    public.pay_month(desk.staff, food, month())
    assert (held_cents(food.pot), held_cents(income.pot)) == (11_500, 0)
    assert queries.balances(desk.number)["allowance_pot"] == 11_500 and not queries.reserve(desk.number).broken
    with pytest.raises(RuleBroken, match="Choose the programme"):
        desk.ask("fund_allowance", amount_cents=100, reference="FONDS 2")
    with pytest.raises(RuleBroken, match="already used"):
        desk.ask("fund_allowance", amount_cents=20_000, reference="FONDS 1", programme=income)


def test_units_that_were_not_spent_return_to_the_fund_they_came_from(desk: Desk, two: tuple[Programme, Programme]) -> None:  # fmt: skip
    food, income = two
    desk.done("fund_allowance", amount_cents=20_000, reference="FONDS 2", programme=income)
    public.pay_month(desk.staff, food, month())
    Earmark.objects.filter(wallet=desk.ada).update(expires_on=TODAY() - timedelta(days=1))
    assert earmarks.return_late() == 1
    assert (held_cents(food.pot), held_cents(income.pot)) == (20_000, 20_000)


def test_a_report_tells_what_a_fund_received_paid_got_back_and_where_it_went(client: Client, desk: Desk, two: tuple[Programme, Programme]) -> None:  # fmt: skip
    food, income = two
    public.pay_month(desk.staff, food, month())
    wallets.pay(desk.people["individual"], desk.ada, desk.grocer, 3_000, uuid4())
    found = reporting.of(food)
    assert (found.paid_in_cents, found.paid_cents, found.returned_cents, found.held_cents) == (20_000, 8_500, 0, 11_500)
    assert (found.kept_cents, found.spent_cents, found.places) == (5_500, 3_000, (("Ferme du haut", 3_000),))
    assert (found.months, found.left_cents, found.shared) == (((month(), 1, 8_500, 1_500),), 20_000, ())
    Earmark.objects.filter(wallet=desk.ada).update(expires_on=TODAY() - timedelta(days=1))
    earmarks.return_late()
    late = reporting.of(food)
    assert (late.returned_cents, late.kept_cents, late.held_cents) == (5_500, 0, 17_000)
    assert late.paid_in_cents - late.paid_cents + late.returned_cents == late.held_cents
    assert late.paid_cents == late.spent_cents + late.kept_cents + late.returned_cents
    assert reporting.of(income).months == () and reporting.of(income).paid_in_cents == 0
    client.force_login(desk.staff)
    shown = page(client, desk, "programme", food.pk).content.decode()
    assert "200,00" in shown and "Ferme du haut" in shown and "170,00" in shown
    told = page(client, desk, "programme_report", food.pk).content.decode()
    assert told.splitlines()[1] == f"{month()};1;85,00;15,00"


def test_a_month_that_was_taken_back_is_out_of_the_report(desk: Desk, two: tuple[Programme, Programme]) -> None:
    food, _income = two
    public.pay_month(desk.staff, food, month())
    paid = food.allowances.get().deed
    assert paid.programme == food
    deeds.decide(desk.second, deeds.reverse(desk.staff, paid, "erreur"), "done")
    assert deeds.Deed.objects.get(reverses=paid).programme == food
    found = reporting.of(food)
    assert (found.paid_cents, found.held_cents, found.months, found.left_cents) == (0, 20_000, (), 30_000)


def test_a_month_taken_back_is_paid_again_and_its_euros_keep_their_reference(client: Client, desk: Desk, two: tuple[Programme, Programme]) -> None:  # fmt: skip
    food, _income = two
    address = reverse("association:programme", args=[desk.code, food.pk])
    client.force_login(desk.staff)
    row = None
    for _twice in range(2):
        public.pay_month(desk.staff, food, month())
        assert balance_cents(desk.ada)[0] == 8_500 and public.month(food, month()).run.payments == ()
        paid = food.allowances.get()
        assert row in (None, paid.pk), "the same row: the bank sees the same reference"
        row = paid.pk
        deeds.decide(desk.second, deeds.reverse(desk.staff, paid.deed, "erreur"), "done")
        assert balance_cents(desk.ada)[0] == 0 and public.month(food, month()).again == ("Ada",)
    shown = client.post(address, {"what": "try", "period": str(month())}).content.decode()
    assert "seront refaits avec ce mois : Ada" in shown.replace("\xa0", " ")
    client.post(address, {"what": "pay", "period": str(month())})
    assert balance_cents(desk.ada)[0] == 8_500 and reporting.of(food).months == ((month(), 1, 8_500, 1_500),)
    assert Earmark.objects.get(wallet=desk.ada, left_cents__gt=0).left_cents == 8_500


def test_programmes_that_shared_a_fund_before_say_so(client: Client, desk: Desk, two: tuple[Programme, Programme]) -> None:  # fmt: skip
    food, income = two
    Programme.objects.filter(pk=income.pk).update(pot=food.pot)
    income.refresh_from_db()
    assert reporting.of(income).shared == (food.name,)
    public.pay_month(desk.staff, income, month())
    client.force_login(desk.staff)
    assert "avait pas encore" in page(client, desk, "programme", income.pk).content.decode()


def test_people_of_a_commune_where_nobody_sells_are_told_before_anything_is_paid() -> None:
    sellers = [Seller("Coop", "Tournon-d'Agenais", 1_000_000), Seller("Marché", "", 0)]
    people = [Paid("Tournon-d’Agenais", 2, 20_000), Paid("Trentels", 1, 10_000), Paid("", 1, 10_000)]
    played = simulating.play(sellers[:1], people, 6, 0, is_local=True)
    assert played.nowhere == ["Trentels"]
    low, _middle, _high = {one.place: spread for one, spread in played.unspent}["Trentels"]
    assert low == 60_000, "six months, nothing spent"
    assert all(spread[2] < 20_000 for one, spread in played.unspent if one.place != "Trentels")
    anywhere = simulating.play(sellers[:1], people, 6, 0, is_local=False)
    assert anywhere.nowhere == [] and all(spread[2] < 20_000 for _one, spread in anywhere.unspent)
    assert simulating.play(sellers, people, 6, 0, is_local=True).nowhere == [], "somebody sells to every commune"


def test_the_page_plays_a_programme_with_the_communes_that_members_told(client: Client, desk: Desk) -> None:
    programme = opened(desk, local_bp=10_000)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    Listing.objects.update_or_create(wallet=desk.ada, defaults={"commune": "47312"})
    bel = members.add_member(desk.staff, desk.number, "Bel", f"bel-{desk.code.lower()}", "individual", "").wallet
    public.join(desk.staff, programme, bel, date(2026, 1, 1))
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    asked = {"what": "simulate", "months": "3", "acceptors": "Coop ; Trentels = 1000", "is_local": "on"}
    local = client.post(address, asked).content.decode()
    assert "Tournon-d&#x27;Agenais" in local and "non indiquée" in local and "sans aller ailleurs" in local
    assert "sans aller ailleurs" not in client.post(address, asked | {"is_local": ""}).content.decode()


@pytest.fixture
def income(desk: Desk) -> Programme:
    """An autonomy income above the threshold of two people: 1,289 a month to Ada, 1,095.65 of it in units; funded for three months."""
    members.set_rules(desk.admin, desk.number, **IBANS)
    made: Programme = opened(desk, month_cents=128_900, budget_cents=900_000)
    members.check_identity(desk.staff, member_of(desk.ada), 2)
    public.join(desk.staff, made, desk.ada, TODAY() - timedelta(days=90))
    desk.done("fund_allowance", amount_cents=330_000, reference="FONDS 1", programme=made)
    return made


def test_a_month_that_needs_two_people_is_paid_once_somebody_else_agrees(client: Client, desk: Desk, income: Programme) -> None:  # fmt: skip
    address, asked = (
        reverse("association:programme", args=[desk.code, income.pk]),
        {"what": "pay", "period": str(month())},
    )
    client.force_login(desk.staff)
    shown = client.post(address, asked).content.decode()
    assert "attend l’accord" in shown and "Demandé" in shown and "Payé. " not in shown
    assert balance_cents(desk.ada) == (0, 0) and reporting.of(income).months == ()
    with pytest.raises(RuleBroken, match="pay the month first"):
        euro_transfers.euro_file(desk.staff, income, month(), month())
    client.post(address, {"what": "agree"})
    assert balance_cents(desk.ada) == (0, 0), "whoever asked does not agree"
    client.force_login(desk.second)
    assert "tout payer" in client.get(address).content.decode()
    client.post(address, {"what": "agree"})
    assert balance_cents(desk.ada)[0] == 109_565 and reporting.of(income).months == ((month(), 1, 109_565, 19_335),)
    assert not public.waiting(income).exists()
    client.post(address, asked)
    assert balance_cents(desk.ada)[0] == 109_565 and not public.waiting(income).exists()


def test_a_month_that_somebody_refused_may_be_asked_for_again(desk: Desk, income: Programme) -> None:
    public.pay_month(desk.staff, income, month())
    deeds.decide(desk.second, public.waiting(income).get(), "refused")
    assert public.month(income, month()).unpaid == [] and reporting.of(income).left_cents == 900_000
    public.pay_month(desk.staff, income, month())
    assert public.agree(desk.second, income) == 1 and balance_cents(desk.ada)[0] == 109_565


def test_a_month_that_an_account_cannot_receive_pays_nobody_and_says_who(desk: Desk, income: Programme) -> None:
    bel = members.add_member(desk.staff, desk.number, "Bel", f"bel-{desk.code.lower()}", "individual", "").wallet
    public.join(desk.staff, income, bel, TODAY() - timedelta(days=80))
    public.pay_month(desk.staff, income, month())
    with pytest.raises(RuleBroken) as refused:
        public.agree(desk.second, income)
    assert refused.value.facts["name"] == "Bel" and refused.value.facts["reason"] == "ceiling"
    assert balance_cents(desk.ada) == (0, 0) and public.waiting(income).count() == 2


def test_two_who_each_asked_for_some_payments_agree_to_those_of_the_other(client: Client, desk: Desk, income: Programme) -> None:  # fmt: skip
    bel = members.add_member(desk.staff, desk.number, "Bel", f"bel-{desk.code.lower()}", "individual", "")
    members.check_identity(desk.staff, bel, 2)
    public.pay_month(desk.staff, income, month())
    public.join(desk.staff, income, bel.wallet, TODAY() - timedelta(days=80))
    public.pay_month(desk.second, income, month())
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, income.pk])
    assert 'value="agree"' in client.get(address).content.decode(), "one of both may be agreed to"
    assert public.agree(desk.staff, income) == 1
    assert (balance_cents(desk.ada)[0], balance_cents(bel.wallet)[0]) == (0, 109_565)
    with pytest.raises(RuleBroken, match="waits for your agreement"):
        public.agree(desk.staff, income)
    assert 'value="agree"' not in client.get(address).content.decode()
    assert public.agree(desk.second, income) == 1 and balance_cents(desk.ada)[0] == 109_565


def test_payments_asked_for_before_each_programme_had_its_fund_wait_on_its_page(desk: Desk, income: Programme) -> None:
    public.pay_month(desk.staff, income, month())
    asked = public.waiting(income).get()
    before = deeds.Deed.objects.create(
        key=uuid4(), currency=desk.number, operation="pay_allowance", amount_cents=100, account=desk.ada.account, needs_two=True, made_by=desk.staff
    )  # fmt: skip
    income.allowances.create(
        account=desk.ada.account, period=date(2026, 1, 1), local_cents=100, euro_cents=0, deed=before
    )
    assert set(public.waiting(income)) == {asked, before}
    deeds.Decision.objects.create(deed=before, outcome="refused", by=desk.second)
    with connection.cursor() as cursor:
        cursor.execute(import_module("ressort.web.association.migrations.0012_told_twice").REFUSED)
    assert [one.deed for one in income.allowances.all()] == [asked], "what was refused may be asked for again"


def test_tables_of_the_desk_bear_once_the_mark_that_a_spreadsheet_looks_for(client: Client, desk: Desk, two: tuple[Programme, Programme]) -> None:  # fmt: skip
    food, _income = two
    public.pay_month(desk.staff, food, month())
    client.force_login(desk.staff)
    for answer in (page(client, desk, "programme_report", food.pk), page(client, desk, "declaration_pack", "csv")):  # fmt: skip
        assert answer["Content-Type"].startswith("text/csv")
        assert answer.content.startswith(MARK) and answer.content.count(MARK) == 1
