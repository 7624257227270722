"""Public money: mandated payments, allowances out of a fund, a programme simulated before it is paid."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import IBANS, opened
from tests.web.association_town import Desk, member_of

from ressort.core.errors import RuleBroken
from ressort.web.association import euro_transfers, members, public, queries
from ressort.web.association.models import Allowance
from ressort.web.currency.queries import balance_cents


def test_a_public_body_pays_who_consented_with_euros_that_arrived(client: Client, desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="consented"):
        desk.ask("public_payment", wallet=desk.grocer, amount_cents=500, reference="MANDAT 1")
    client.force_login(desk.people["professional"])
    address = reverse("association:holder", args=[desk.code])
    assert client.post(address, {"what": "consent", "alias": desk.ada.alias}).status_code == 404, (
        "somebody else's account"
    )
    client.post(address, {"what": "consent", "alias": desk.grocer.alias})
    desk.done("public_payment", wallet=desk.grocer, amount_cents=500, reference="MANDAT 1")
    assert balance_cents(desk.grocer)[0] == 500 and queries.balances(desk.number)["reserve_digital"] == 500
    client.post(address, {"what": "revoke", "alias": desk.grocer.alias})
    with pytest.raises(RuleBroken, match="consented"):
        desk.ask("public_payment", wallet=desk.grocer, amount_cents=500, reference="MANDAT 2")


def test_a_month_is_paid_once_out_of_funds_paid_in_first(client: Client, desk: Desk) -> None:
    programme, period = opened(desk), date(2026, 3, 1)
    public.join(desk.staff, programme, desk.ada, date(2026, 2, 10))
    with pytest.raises(RuleBroken) as refused:
        public.pay_month(desk.staff, programme, period)
    assert (
        refused.value.facts["reason"] == "insufficient_funds"
        and not Allowance.objects.filter(programme=programme).exists()
    )
    desk.done("fund_allowance", amount_cents=50_000, reference="DON 1", programme=programme)
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    tried = client.post(address, {"what": "try", "period": "2026-03-01"}).content.decode()
    assert "85,00" in tried and "15,00" in tried and balance_cents(desk.ada)[0] == 0
    for _one in range(2):
        client.post(address, {"what": "pay", "period": "2026-03-01"})
    assert balance_cents(desk.ada)[0] == 8_500 and Allowance.objects.filter(programme=programme).count() == 1
    assert "déjà payé" in client.post(address, {"what": "try", "period": "2026-03-01"}).content.decode()
    assert client.post(address, {"what": "pay", "period": "2026-03-15"}).status_code == 200
    assert Allowance.objects.filter(programme=programme).count() == 1
    assert not queries.reserve(desk.number).broken


def test_a_budget_that_is_short_pays_nobody_and_says_so(desk: Desk) -> None:
    programme = opened(desk, budget_cents=9_999)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    desk.done("fund_allowance", amount_cents=50_000, reference="DON 1", programme=programme)
    found = public.pay_month(desk.staff, programme, date(2026, 3, 1))
    assert found.unpaid == [("Ada", "budget")] and balance_cents(desk.ada)[0] == 0
    with pytest.raises(RuleBroken, match="individuals"):
        public.join(desk.staff, programme, desk.grocer, date(2026, 1, 1))


def test_a_programme_is_simulated_before_it_is_paid(client: Client, desk: Desk) -> None:
    programme = opened(desk)
    public.join(desk.staff, programme, desk.ada, date(2026, 1, 1))
    client.force_login(desk.staff)
    address = reverse("association:programme", args=[desk.code, programme.pk])
    shown = client.post(
        address, {"what": "simulate", "acceptors": "Ferme = 60\nCoop = 10", "months": "12"}
    ).content.decode()
    assert "Ferme" in shown and "sans source" in shown and "0 %" in shown.replace("\u202f", " ").replace("\xa0", " ")
    wrong = client.post(address, {"what": "simulate", "acceptors": "Ferme", "months": "12"}).content.decode()
    assert "n’est pas un montant" in wrong
    assert client.get(reverse("association:programmes", args=[desk.code])).status_code == 200


def test_the_euros_of_a_month_go_to_the_bank_in_one_file(client: Client, desk: Desk) -> None:
    members.set_rules(desk.admin, desk.number, **IBANS)
    made, period = opened(desk), timezone.localdate().replace(day=1)
    desk.done("fund_allowance", amount_cents=30_000, reference="FONDS 1", programme=made)
    public.join(desk.staff, made, desk.ada, period)
    with pytest.raises(RuleBroken, match="pay the month first"):
        euro_transfers.euro_file(desk.staff, made, period, period)
    public.pay_month(desk.staff, made, period)
    client.force_login(desk.staff)
    page = client.get(reverse("association:programme", args=[desk.code, made.pk])).content.decode()
    assert "Ada" in page and euro_transfers.without_account(made) == ["Ada"]
    with pytest.raises(RuleBroken, match="bank account"):
        euro_transfers.euro_file(desk.staff, made, period, period)
    members.change_member(desk.staff, member_of(desk.ada), iban="DE89370400440532013000")
    given = {"period": str(period), "on": str(timezone.localdate())}
    answer = client.post(reverse("association:euro_file", args=[desk.code, made.pk]), given)
    root = ElementTree.fromstring(answer.content)
    text = {node.tag.rpartition("}")[2]: node.text for node in root.iter() if node.text and node.text.strip()}
    assert (text["CtrlSum"], text["InstdAmt"], text["NbOfTxs"]) == ("15.00", "15.00", "1")
    assert "DE89370400440532013000" in answer.content.decode() and IBANS["operating_iban"] in answer.content.decode()
