"""Accounts, rights, and what the site owes to the people it knows."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse

from ressort.core.errors import RuleBroken
from ressort.web.people import access, actions, register
from ressort.web.people.models import Entry, Grant, Person

PAU = "EPCI:200067254"


def test_one_command_a_night_calls_the_purge_of_every_domain(db: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command, get_commands

    brought = [name for name in get_commands() if name.startswith("purge_")]
    call_command("purge")
    told = capsys.readouterr().out.splitlines()
    assert {"purge_calls", "purge_panels"} <= set(brought)
    assert len(told) == 1 + len(brought)


def test_nobody_acts_for_a_territory_without_a_right(person: Any) -> None:
    for who in (person, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            access.require(who, "write_own_data", PAU)


def test_a_right_holds_on_its_territory_only(administrator: Any) -> None:
    access.require(administrator, "grant", PAU)
    assert not access.may(administrator, "grant", "COM:64445")
    assert not access.may(administrator, "grant", "DEP:64")


def test_a_contributor_writes_but_gives_no_right(administrator: Any) -> None:
    grant, is_new = actions.give(administrator, "agent@example.fr", "EPCI", "200067254", "contributor")
    assert is_new and access.may(grant.person, "write_own_data", PAU)
    with pytest.raises(PermissionDenied):
        actions.give(grant.person, "friend@example.fr", "EPCI", "200067254", "contributor")


def test_nobody_gives_a_right_to_oneself(administrator: Any, operator: Any) -> None:
    with pytest.raises(RuleBroken):
        actions.give(operator, operator.email, "EPCI", "200067254", "administrator")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(person=operator, kind="COM", code="64445", role="contributor", granted_by=operator)


def test_the_database_itself_refuses_a_grant_that_means_nothing(person: Any) -> None:
    for wrong in ({"role": "king"}, {"kind": "PLANET"}, {"code": ""}, {"code": "'; DROP"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**{"person": person, "kind": "COM", "code": "64445", "role": "contributor"} | wrong)


def test_two_accounts_cannot_differ_by_case_only(person: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.bulk_create([Person(email="ADA@example.fr")])


def test_the_last_administrator_stays_until_another_is_named(administrator: Any, operator: Any) -> None:
    grant = administrator.grants.get()
    with pytest.raises(RuleBroken):
        actions.take_back(administrator, grant)
    actions.give(administrator, "second@example.fr", "EPCI", "200067254", "administrator")
    actions.take_back(administrator, grant)
    assert not access.may(administrator, "grant", PAU)


def test_an_administrator_never_gets_the_link_of_an_account_that_existed(
    client: Client, administrator: Any, person: Any
) -> None:
    client.force_login(administrator)
    answer = client.post(
        reverse("people:grants"), {"email": person.email, "territory": "200067254", "role": "contributor"}
    )
    assert answer.status_code == 302 and person.grants.count() == 1


def test_nobody_signs_up_alone(client: Client, db: None) -> None:
    client.post(
        "/compte/signup/", {"email": "x@example.fr", "password1": "Correct-Horse-9", "password2": "Correct-Horse-9"}
    )
    assert not Person.objects.filter(email="x@example.fr").exists()


def test_login_does_not_tell_whether_an_e_mail_is_known(client: Client, person: Any) -> None:
    answers = [
        client.post(reverse("account_login"), {"login": email, "password": "wrong"}).context["form"].errors.as_json()
        for email in (person.email, "nobody@example.fr")
    ]
    assert answers[0] == answers[1]


def test_a_person_downloads_all_that_is_held(client: Client, administrator: Any) -> None:
    actions.note(administrator, "upload", "table:1")
    client.force_login(administrator)
    held = json.loads(client.get(reverse("people:export", args=["json"])).content)
    assert held["person"]["email"] == administrator.email and held["grants"][0]["territory"] == PAU
    assert held["log"][0]["what"] == "upload"
    Person.objects.filter(pk=administrator.pk).update(name="=HYPERLINK(1)")
    table = client.get(reverse("people:export", args=["csv"])).content.decode()
    assert "maire@example.fr" in table and "name,'=HYPERLINK(1)" in table


def test_a_person_leaves_and_the_log_forgets_the_name(client: Client, administrator: Any) -> None:
    actions.note(administrator, "upload", "table:1")
    client.force_login(administrator)
    assert client.post(reverse("people:leave"), {"email": "other@example.fr"}).status_code == 200
    assert client.post(reverse("people:leave"), {"email": administrator.email}).status_code == 302
    assert not Person.objects.filter(pk=administrator.pk).exists() and not Grant.objects.exists()
    assert Entry.objects.get(what="upload").who is None


def test_the_only_operator_cannot_leave(operator: Any) -> None:
    with pytest.raises(RuleBroken):
        actions.leave(operator)


def test_the_log_is_kept_a_year(person: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    actions.note(person, "old")
    Entry.objects.update(at=timezone.now() - timedelta(days=366))
    actions.note(person, "recent")
    assert actions.purge() == 1 and Entry.objects.get().what == "recent"


def test_every_personal_field_is_declared_to_the_public() -> None:
    from django.apps import apps

    plain = {"id", "is_active", "is_superuser", "groups", "user_permissions"}
    declared = {(line.model, field) for line in register.REGISTER for field in line.fields}
    for model in apps.get_models():
        if not model.__module__.startswith("ressort."):
            continue
        for field in model._meta.get_fields():
            about_people = model is Person or getattr(field, "related_model", None) is Person
            if about_people and isinstance(field, models.Field) and field.name not in plain:
                assert (model._meta.label, field.name) in declared, f"{model._meta.label}.{field.name} is not declared"


@pytest.mark.parametrize("name", ["people:profile", "people:grants", "people:leave"])
def test_account_pages_ask_to_sign_in_first(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302


def test_a_stranger_cannot_withdraw_a_right(client: Client, administrator: Any, person: Any) -> None:
    client.force_login(person)
    answer = client.post(reverse("people:take_back", args=[administrator.grants.get().pk]))
    assert answer.status_code == 403 and administrator.grants.exists()


# Sessions ---------------------------------------------------------------------------------------------------------------------------


def test_somebody_sees_where_they_are_signed_in_and_ends_it_from_elsewhere(person: Any) -> None:
    here, phone, tablet = (Client(headers={"User-Agent": name}) for name in ("Bureau", "Telephone", "Tablette"))
    for one in (here, phone, tablet):
        one.force_login(person)
    page = here.get(reverse("people:sessions"))
    assert page.status_code == 200 and len(page.context["sessions"]) == 3 and "no-store" in page["Cache-Control"]
    one = next(one for one in page.context["sessions"] if one.session == phone.session.session_key)
    assert here.post(reverse("people:end_session", args=[one.pk])).status_code == 302
    assert phone.get(reverse("people:profile")).status_code == 302, "signed out"
    assert tablet.get(reverse("people:profile")).status_code == 200
    here.post(reverse("people:end_sessions"))
    assert tablet.get(reverse("people:profile")).status_code == 302
    assert here.get(reverse("people:profile")).status_code == 200, "the one in use is kept"
    assert "end_session" in here.get(reverse("people:sessions")).content.decode()


def test_nobody_ends_the_session_of_somebody_else(person: Any, operator: Any) -> None:
    mine, theirs = Client(), Client()
    mine.force_login(person)
    theirs.force_login(operator)
    page = theirs.get(reverse("people:sessions"))
    (one,) = page.context["sessions"]
    mine.post(reverse("people:end_session", args=[one.pk]))
    mine.post(reverse("people:end_sessions"))
    assert theirs.get(reverse("people:profile")).status_code == 200
    assert mine.get(reverse("people:end_sessions")).status_code == 405
    assert Client().get(reverse("people:sessions")).status_code == 302


def test_a_session_that_took_another_key_is_still_told(person: Any) -> None:
    client = Client()
    client.force_login(person)
    person.sign_ins.all().delete()
    assert len(client.get(reverse("people:sessions")).context["sessions"]) == 1
