"""Members of an association: approval, ceilings, suspension, public tills, dues, closing."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.association.pages import page
from tests.web.association_town import Desk, member_of

from ressort.core.currency import Leg, Reason, Request, operation
from ressort.core.errors import RuleBroken
from ressort.core.letters import bare
from ressort.web.association import deeds, members, people_views
from ressort.web.association.models import Deed, Dues, Member
from ressort.web.currency import actions
from ressort.web.currency.models import Wallet
from ressort.web.currency.queries import balance_cents


def test_a_long_list_of_members_says_that_it_is_cut(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(desk.staff)
    assert "cherchez les autres" not in page(client, desk, "members").content.decode()
    monkeypatch.setattr(people_views, "MOST", 2)
    assert "les 2 premiers" in page(client, desk, "members").content.decode()


def test_members_stand_and_are_found_whatever_their_accents(client: Client, desk: Desk) -> None:
    for name in ("Zinc du Port", "Échoppe du Cœur", "Ferme du Bas"):
        members.add_member(desk.staff, desk.number, name, name.split()[0].lower().replace("é", "e"), "professional", "")
    client.force_login(desk.staff)
    names = [one.wallet.name for one in page(client, desk, "members").context["rows"]]
    assert names == sorted(names, key=bare) and names.index("Échoppe du Cœur") < names.index("Ferme du Bas")
    address = reverse("association:members", args=[desk.code])
    for words in ("echoppe", "ÉCHOPPE coeur", "cœur", "echop"):
        found = client.get(address, {"q": words}).context["rows"]
        assert [one.wallet.name for one in found] == ["Échoppe du Cœur"], words


def test_a_professional_is_paid_once_approved_by_somebody_else_with_a_charter(desk: Desk) -> None:
    made = members.add_member(desk.staff, desk.number, "Boulangerie", "boulangerie-essai", "professional", "")
    with pytest.raises(RuleBroken, match="closed"):
        desk.issue(made.wallet, 100, "VIR 1")
    with pytest.raises(RuleBroken, match="added"):
        members.approve(desk.staff, made, "charte", date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        members.approve(desk.second, made, "", date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        members.approve(desk.second, made, "charte", timezone.localdate() + timedelta(1))
    members.approve(desk.second, made, "charte 2026", date(2026, 1, 1))
    desk.issue(made.wallet, 100, "VIR 1")
    assert balance_cents(made.wallet)[0] == 100


def test_the_ledger_itself_holds_the_ceiling_of_each_level(desk: Desk) -> None:
    desk.issue(desk.ada, 25_000, "VIR 1")
    with pytest.raises(RuleBroken) as refused:
        desk.issue(desk.ada, 1, "VIR 2")
    assert refused.value.facts["reason"] == "ceiling"
    members.check_identity(desk.staff, member_of(desk.ada), 1)
    desk.issue(desk.ada, 75_000, "VIR 2")
    members.check_identity(desk.staff, member_of(desk.ada), 2)
    desk.issue(desk.ada, 1, "VIR 3")


def test_a_suspended_member_receives_but_does_not_pay(desk: Desk) -> None:
    desk.issue(desk.grocer, 1_000, "VIR 1")
    members.suspend(desk.staff, member_of(desk.grocer))
    pay = Leg(operation("pay_member"), desk.grocer.account, desk.ada.account, 100)
    assert actions.submit(Request(uuid4(), (pay,))).reason is Reason.CLOSED_ACCOUNT
    desk.issue(desk.grocer, 500, "VIR 2")
    members.resume(desk.staff, member_of(desk.grocer))
    assert actions.submit(Request(uuid4(), (pay,))).reason is Reason.ACCEPTED
    with pytest.raises(RuleBroken):
        members.resume(desk.staff, member_of(desk.grocer))


def test_a_public_till_receives_and_never_pays(desk: Desk) -> None:
    regie = Wallet.objects.get(currency=desk.number, kind="public_body")
    desk.issue(desk.grocer, 1_000, "VIR 1")
    tell = operation("pay_member")
    assert (
        actions.submit(Request(uuid4(), (Leg(tell, desk.grocer.account, regie.account, 400),))).reason
        is Reason.ACCEPTED
    )
    assert (
        actions.submit(Request(uuid4(), (Leg(tell, regie.account, desk.grocer.account, 1),))).reason
        is Reason.CLOSED_ACCOUNT
    )
    members.suspend(desk.staff, member_of(regie))
    members.resume(desk.staff, member_of(regie))
    assert (
        actions.submit(Request(uuid4(), (Leg(tell, regie.account, desk.grocer.account, 1),))).reason
        is Reason.CLOSED_ACCOUNT
    )


def test_closing_needs_an_empty_account_and_forgets_the_name_but_no_operation(client: Client, desk: Desk) -> None:
    deed = desk.issue(desk.grocer, 1_000, "VIR 1")
    with pytest.raises(RuleBroken):
        members.close(desk.staff, member_of(desk.grocer))
    desk.done("redeem_digital", wallet=desk.grocer, amount_cents=1_000)
    members.close(desk.staff, member_of(desk.grocer))
    assert not Member.objects.filter(wallet__alias=desk.grocer.alias).exists()
    client.force_login(desk.staff)
    shown = page(client, desk, "deed", deed.pk).content.decode()
    assert "Ferme du haut" not in shown and "fermé depuis" in shown


def test_dues_are_called_once_paid_and_taken_back_with_what_paid_them(desk: Desk) -> None:
    due_on = timezone.localdate() - timedelta(3)
    assert members.call_dues(desk.staff, desk.number, "professional", due_on, 1_000) == 1
    assert members.call_dues(desk.staff, desk.number, "professional", due_on, 1_000) == 0
    dues = Dues.objects.get(member__wallet=desk.grocer)
    assert members.dues_rule(dues).status(timezone.localdate()) == "late"
    desk.issue(desk.grocer, 2_000, "VIR 1")
    paid = desk.done("dues_digital", wallet=desk.grocer, amount_cents=1_000)
    assert (
        members.dues_rule(dues).status(timezone.localdate()) == "paid" and balance_cents(desk.association)[0] == 1_000
    )
    deeds.decide(desk.second, deeds.reverse(desk.staff, paid, "erreur"), "done")
    assert members.dues_rule(Dues.objects.get(pk=dues.pk)).status(timezone.localdate()) == "late"
    members.waive(desk.staff, dues)
    assert members.dues_rule(Dues.objects.get(pk=dues.pk)).status(timezone.localdate()) == "waived"


def test_a_person_who_leaves_is_forgotten_and_their_deeds_stay(desk: Desk) -> None:
    from ressort.web.people.actions import leave

    deed = desk.issue(desk.grocer, 100, "VIR 1")
    leave(desk.staff)
    kept = Deed.objects.get(pk=deed.pk)
    assert kept.made_by_id is None and kept.decision.by_id is None and kept.decision.first_transfer


def test_the_account_of_the_association_is_not_closed_while_the_rules_name_it(client: Client, desk: Desk) -> None:
    with pytest.raises(RuleBroken, match="account of the association"):
        members.close(desk.staff, member_of(desk.association))
    client.force_login(desk.staff)
    address = reverse("association:move_member", args=[desk.code, member_of(desk.association).pk, "fermer"])
    assert client.post(address).status_code == 302 and member_of(desk.association)
