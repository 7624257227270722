"""A programme beside what its places really sold for local units, and the people who enter and leave it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import opened
from tests.web.association_town import Desk, member_of, person

from ressort.core.currency import Leg, Request, operation
from ressort.core.errors import RuleBroken
from ressort.web.association import covering, members, public
from ressort.web.association.models import Beneficiary, Programme
from ressort.web.currency import actions, wallets
from ressort.web.currency.models import Listing, Wallet

PAY = operation("pay_member")


def shop(desk: Desk, name: str, branch: str) -> Wallet:
    """A professional, approved, in the public list."""
    owner = person(f"{name.lower()}-{uuid4().hex[:6]}")
    made = members.add_member(desk.staff, desk.number, name, f"{name.lower()}-{desk.code.lower()}", "professional", owner.email)  # fmt: skip
    members.approve(desk.second, made, "charte 2026", made.wallet.opened_at.date())
    wallet = Wallet.objects.get(pk=made.wallet_id)
    Listing.objects.update_or_create(wallet=wallet, defaults={"branch": branch, "is_public": True})
    return wallet


def sold(payer: Wallet, payee: Wallet, cents: int, days_ago: int) -> int:
    """A payment that took effect some days ago; its transfer."""
    day = timezone.localdate() - timedelta(days_ago)
    answer = actions.require(actions.submit(Request(uuid4(), (Leg(PAY, payer.account, payee.account, cents),), 0, day)))
    return answer.transfers[0]


@pytest.fixture
def market(desk: Desk) -> tuple[Wallet, Wallet]:
    """A grocer and a café, whom Ada paid over two hundred days."""
    grocer, cafe = shop(desk, "Epicerie", "food_retail"), shop(desk, "Bistrot", "catering")
    members.check_identity(desk.staff, member_of(desk.ada), 2)
    desk.issue(desk.ada, 90_000, "VIR 900")
    sold(desk.ada, grocer, 20_000, 200)
    sold(desk.ada, cafe, 12_345, 100)
    wallets.refund(grocer.owner, grocer, sold(desk.ada, grocer, 5_000, 10))
    sold(desk.ada, grocer, 777, 0)  # today is not over
    return grocer, cafe


def test_a_programme_is_covered_by_what_its_places_sold_and_nothing_else(desk: Desk, market: tuple[Wallet, Wallet]) -> None:  # fmt: skip
    programme = opened(desk, expiry_days=60)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    everywhere = covering.measured(programme, timezone.localdate())
    assert {one.name: one.cents for one in everywhere.sellers} == {
        "Epicerie": 20_000 * 365 // 2_400,
        "Bistrot": 12_345 * 365 // 2_400,
    }
    assert (everywhere.days, everywhere.people, everywhere.paid_cents) == (200, 1, 8_500)
    assert everywhere.sold_cents == 3_041 + 1_877 and everywhere.missing_cents == 8_500 - 4_918
    public.accept(desk.staff, programme, None, "catering", 5_000)
    half = covering.measured(programme, timezone.localdate())
    assert (
        half.sellers == (covering.Seller("Bistrot", "", (12_345 * 365 // 1_200 * 5_000 + 5_000) // 10_000),)
        and half.days == 100
    )


def test_a_programme_without_any_sale_is_guaranteed_by_nothing(client: Client, desk: Desk) -> None:
    programme = opened(desk)
    client.force_login(desk.staff)
    page = client.get(reverse("association:programme", args=[desk.code, programme.pk])).content.decode()
    assert "rien ne garantit" in page
    assert covering.measured(programme, timezone.localdate()).times is None


def test_the_page_tells_the_cover_and_offers_measured_sales_to_the_simulation(client: Client, desk: Desk, market: tuple[Wallet, Wallet]) -> None:  # fmt: skip
    programme = opened(desk)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    page = client.get(address).content.decode()
    assert "49,18" in page and "35,82" in page, "sold a month; what is missing"
    assert "Epicerie = 30,41\nBistrot = 18,77" in page
    given = {"what": "simulate", "months": "12", "acceptors": "Epicerie = 50,00\nBistrot = 31"}
    bare, helped = (client.post(address, given | {"subsidy": one}).content.decode() for one in ("", "4"))
    assert "0 % des tirages" in bare.replace("\u202f", " ").replace("\xa0", " ")
    assert "100 % des tirages" in helped.replace("\u202f", " ").replace("\xa0", " "), (
        "redemptions paid by a subsidy count"
    )


def test_a_month_of_sales_is_no_verdict(client: Client, desk: Desk) -> None:
    grocer = shop(desk, "Epicerie", "food_retail")
    members.check_identity(desk.staff, member_of(desk.ada), 2)
    desk.issue(desk.ada, 90_000, "VIR 900")
    sold(desk.ada, grocer, 20_000, 30)
    programme = opened(desk)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    client.force_login(desk.staff)
    page = client.get(reverse("association:programme", args=[desk.code, programme.pk])).content.decode()
    assert "30 jours de paiements" in page and "Couvert" not in page and "Non couvert" not in page


def test_a_household_is_paid_by_its_consumption_units(desk: Desk) -> None:
    programme = opened(desk, by_household=True, budget_cents=100_000)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1), adults=2, children=2)
    run = public.month(programme, date(2026, 3, 1)).run
    assert run.cost_cents == 10_000 + 5_000 + 2 * 3_000
    assert covering.measured(programme, timezone.localdate()).paid_cents == 17_850
    with pytest.raises(RuleBroken):
        public.join(desk.staff, programme, desk.ada, date(2026, 1, 1), adults=0)


def test_who_leaves_is_paid_no_month_that_begins_later_and_may_come_back(client: Client, desk: Desk) -> None:
    programme = opened(desk)
    entered = public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    client.post(address, {"what": "leave", "beneficiary": entered.pk, "on": "2025-12-31"})
    client.post(address, {"what": "leave", "beneficiary": "x", "on": "2026-03-02"})
    assert Beneficiary.objects.get(pk=entered.pk).left_on is None, "nobody leaves before entering"
    client.post(address, {"what": "leave", "beneficiary": entered.pk, "on": "2026-03-02"})
    why = [public.month(programme, date(2026, month, 1)).unpaid for month in (3, 4)]
    assert why == [[], [("Ada", "left")]]
    with pytest.raises(RuleBroken):
        public.leave(desk.staff, programme, entered.pk, date(2026, 4, 1))
    with pytest.raises(RuleBroken, match="left it"):
        public.join(desk.staff, programme, desk.ada, date(2026, 3, 1))
    back = public.join(desk.staff, programme, desk.ada, date(2026, 5, 1))
    assert [public.month(programme, date(2026, month, 1)).unpaid for month in (2, 3, 4, 5)] == [
        [],
        [],
        [("Ada", "left")],
        [],
    ]
    assert (Beneficiary.objects.get(pk=entered.pk).joined_on, back.joined_on) == (date(2026, 1, 1), date(2026, 5, 1))
    assert public.join(desk.staff, programme, desk.ada, date(2026, 6, 1), adults=2).pk == back.pk, "named again"
    assert covering.measured(programme, date(2026, 6, 1)).people == 1


def test_a_programme_tells_the_poverty_line_its_amount_comes_from(client: Client, desk: Desk) -> None:
    client.force_login(desk.staff)
    address = reverse("association:programmes", args=[desk.code])
    offered = client.get(address).context["form"]["month_cents"].initial
    rest = {"start": "2026-01-01", "end": "2026-12-31", "budget_cents": "9000", "local_bp": "85"}
    for name, amount in (("Revenu", offered), ("Fonds", "100")):
        assert client.post(address, rest | {"name": name, "month_cents": amount}).status_code == 302
    income, fund = (Programme.objects.get(currency=desk.number, name=name) for name in ("Revenu", "Fonds"))
    assert income.line_year and fund.line_year is None
    assert income.local_bp == 8_500, "people write 85 %"
    wrong = client.post(address, rest | {"name": "Trop", "month_cents": "100", "local_bp": "8500"})
    assert wrong.status_code == 200 and not Programme.objects.filter(name="Trop").exists()
    public.join(desk.staff, income, desk.ada, date(2026, 1, 1))
    page = client.get(reverse("association:programme", args=[desk.code, income.pk])).content.decode()
    assert f"seuil de pauvreté {income.line_year}" in page
