"""Invitations: one link, one e-mail, one role, once, until a day; withdrawn at once, written down."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.test_currency_codes import grocer, number, shop

from ressort.core.errors import RuleBroken
from ressort.web.association.models import Post
from ressort.web.currency.models import Seat, Wallet
from ressort.web.people import access, actions, invitations
from ressort.web.people.models import Entry, Grant, Invitation, Person

__all__ = ["grocer", "number", "shop"]

PAU, PASSWORD, NEW = "EPCI:200067254", "Correct-Horse-9-Battery", "new@example.fr"
CHOSEN = {"name": "Zoé", "password": PASSWORD, "again": PASSWORD}


def linked(by: Any, email: str = NEW, role: str = "contributor") -> str:
    return invitations.invite(by, email, "grant", PAU, role)[1]


def test_an_invited_person_chooses_a_password_has_the_role_then_signs_in(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    answer = client.post(reverse("people:grants"), {"email": NEW, "territory": "200067254", "role": "contributor"})
    link = answer.context["invited"]
    assert not Person.objects.filter(email=NEW).exists() and not Grant.objects.filter(person__email=NEW).exists()
    assert link not in client.get(reverse("people:invitations")).content.decode(), "shown once, kept nowhere"
    assert link.rsplit("/", 2)[-2] not in Invitation.objects.get().digest
    guest = Client()
    page = guest.get(link)
    assert page.status_code == 200 and NEW in page.content.decode()
    assert guest.post(link, CHOSEN).status_code == 302
    new = Person.objects.get(email=NEW)
    assert access.may(new, "see_own_data", PAU) and not access.may(new, "grant", PAU) and new.name == "Zoé"
    signed = guest.post(reverse("account_login"), {"login": NEW, "password": PASSWORD})
    assert signed.status_code == 302 and guest.get(reverse("people:profile")).status_code == 200
    done = set(Entry.objects.values_list("what", flat=True))
    assert {"invite", "accept_invitation", "give"} <= done and "accepté" in client.get(reverse("people:invitations")).content.decode()  # fmt: skip


def test_a_link_serves_once_until_its_day_and_not_once_withdrawn(client: Client, administrator: Any) -> None:
    used = linked(administrator)
    Client().post(used, CHOSEN)
    late, gone = linked(administrator, "late@example.fr"), linked(administrator, "gone@example.fr")
    Invitation.objects.filter(email="late@example.fr").update(until=timezone.now() - timedelta(seconds=1))
    client.force_login(administrator)
    client.post(reverse("people:withdraw", args=[Invitation.objects.get(email="gone@example.fr").pk]))
    first = linked(administrator, "twice@example.fr")
    linked(administrator, "twice@example.fr")
    for dead in (used, late, gone, first, used[:-3] + "xx/"):
        assert Client().get(dead).status_code == 410
        assert Client().post(dead, CHOSEN).status_code == 410
        with pytest.raises(RuleBroken):
            invitations.accept(dead.rsplit("/", 2)[-2], None, PASSWORD)
    assert not Person.objects.filter(email__in=["late@example.fr", "gone@example.fr", "twice@example.fr"]).exists()


def test_weak_or_differing_passwords_open_nothing(administrator: Any) -> None:
    link = linked(administrator)
    for wrong in ({"password": "password", "again": "password"}, {"again": PASSWORD + "x"}, {"name": ""}):
        assert Client().post(link, CHOSEN | wrong).status_code == 422
    assert not Person.objects.filter(email=NEW).exists() and Client().get(link).status_code == 200


def test_who_has_an_account_signs_in_and_nobody_else_takes_the_role(client: Client, administrator: Any, person: Any, operator: Any) -> None:  # fmt: skip
    link = linked(administrator, person.email)
    asked = client.get(link)
    assert asked.status_code == 302 and asked.url.startswith(reverse("account_login"))
    assert client.post(link, CHOSEN).status_code == 302 and not person.grants.exists()
    client.force_login(operator)
    assert "connecté" in client.get(link).content.decode()
    assert client.post(link).status_code == 422 and not Grant.objects.filter(person=operator).exists()
    client.force_login(person)
    assert client.post(link, {"yes": "1"}).status_code == 302 and person.grants.get().granted_by == administrator


def test_who_lost_the_right_to_give_a_role_gives_none_by_an_old_link(administrator: Any, operator: Any) -> None:
    link = linked(administrator)
    actions.give(operator, "second@example.fr", "EPCI", "200067254", "administrator")
    actions.take_back(operator, administrator.grants.get())
    assert Client().post(link, CHOSEN).status_code == 403
    assert not Person.objects.filter(email=NEW).exists(), "the account is not opened either"


def test_only_whoever_may_give_a_role_invites_and_only_they_or_an_operator_withdraw(administrator: Any, person: Any, operator: Any) -> None:  # fmt: skip
    with pytest.raises(PermissionDenied):
        linked(person)
    with pytest.raises(RuleBroken):
        linked(administrator, administrator.email.upper())
    linked(administrator)
    one = Invitation.objects.get()
    with pytest.raises(PermissionDenied):
        invitations.withdraw(person, one)
    assert not invitations.seen_by(person).exists() and invitations.seen_by(operator).count() == 1
    invitations.withdraw(operator, one)
    assert Entry.objects.filter(what="withdraw_invitation", who=operator).exists()


def test_the_database_itself_refuses_an_invitation_that_means_nothing(administrator: Any) -> None:
    linked(administrator)
    now = timezone.now()
    for wrong in (
        {"digest": "x"}, {"accepted_at": now, "withdrawn_at": now}, {"accepted_at": now + timedelta(days=8)}, {"accepted_by": administrator},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.update(**wrong)


def test_posts_and_seats_are_given_by_invitation_too(client: Client, number: int, operator: Any, shop: Wallet, grocer: Person) -> None:  # fmt: skip
    from ressort.web.association import inviting

    link = inviting.offer(operator, number, NEW, Post.Role.AUDITOR, None)
    assert Client().post(link, CHOSEN).status_code == 302 and Post.objects.get(person__email=NEW).role == "auditor"
    with pytest.raises(RuleBroken):
        inviting.offer(operator, number, "o@example.fr", Post.Role.OFFICE, None)
    client.force_login(grocer)
    page = client.post(reverse("currency:team", args=[shop.alias]), {"email": "caisse@example.fr", "role": "cashier"})
    found = re.search(r"http://[^<\s]+/invitation/[^<\s]+", page.content.decode())
    assert found and Client().post(found[0], CHOSEN).status_code == 302
    assert Seat.objects.get(wallet=shop).person.email == "caisse@example.fr"


def test_invitations_are_erased_a_month_after_they_ended(administrator: Any) -> None:
    linked(administrator)
    linked(administrator, "open@example.fr")
    Invitation.objects.filter(email=NEW).update(until=timezone.now() - timedelta(days=31))
    assert invitations.purge() == 1 and Invitation.objects.get().email == "open@example.fr"
