"""A citizens' panel being prepared: criteria, dates, registrations, who enters the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panel.clock import HOUR
from tests.web.panels import closed_panel, panel_of, table_of_volunteers

from ressort.core.errors import NoSolution, RuleBroken
from ressort.web.panel import actions, drawing, queries
from ressort.web.panel.models import Contact, Panel, Volunteer
from ressort.web.people.models import Grant, Person


def test_an_official_forms_a_panel_and_gives_it_its_criteria(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    today = queries.today()
    dates = {"opens_on": 0, "closes_on": 10, "pool_purge_on": 90, "members_purge_on": 300}
    told = {name: (today + timedelta(days=days)).isoformat() for name, days in dates.items()}
    told |= {"territory": "EPCI:200067254", "title": "L’eau", "about": "Comment ?", "seats": "20", "rule": "leximin", "is_public": "on"}  # fmt: skip
    answer = client.post(reverse("panel:new"), told)
    panel = Panel.objects.get()
    assert answer["Location"] == reverse("panel:quotas", args=[panel.pk])
    url = reverse("panel:quotas", args=[panel.pk])
    client.post(url, {"do": "add", "name": "Sexe", "lines": "Femme ; 52\nHomme ; 48", "widen": "0"})
    client.post(url, {"do": "places"})
    assert [(q.value, q.least, q.most) for q in panel.quotas.filter(criterion="Sexe")] == [("Femme", 10, 11), ("Homme", 9, 10)]  # fmt: skip
    places = panel.quotas.filter(criterion="Commune")
    assert places.count() > 2 and sum(place.least for place in places) <= 20 <= sum(place.most for place in places)
    refused = client.post(url, {"do": "add", "name": "Âge", "lines": "16-29\n30 ; x", "widen": "0"})
    assert "Ligne 1" in refused.content.decode() and not panel.quotas.filter(criterion="Âge").exists()
    bounds = {f"{side}_{i}": "3" for i in range(panel.quotas.count()) for side in ("least", "most")}
    assert client.post(url, {"do": "bounds"} | bounds).status_code == 302
    assert set(panel.quotas.values_list("least", "most")) == {(3, 3)}
    crossed = client.post(url, {"do": "bounds"} | bounds | {"least_0": "9"})
    assert "dépasse le maximum" in crossed.content.decode()


def test_dates_that_do_not_follow_each_other_are_refused(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = panel_of(administrator)
    told = {"title": "T", "about": "A", "seats": "10", "rule": "leximin", "opens_on": "2026-02-01"}
    told |= {"closes_on": "2026-01-01", "pool_purge_on": "2026-03-01", "members_purge_on": "2026-04-01"}
    answer = client.post(reverse("panel:change", args=[panel.pk]), told)
    assert answer.status_code == 200 and "doivent se suivre" in answer.content.decode()


def test_a_volunteer_registers_sees_its_page_and_takes_its_registration_back(
    client: Client, administrator: Any
) -> None:
    panel = panel_of(administrator)
    url = reverse("panel:register", args=[panel.pk])
    told = {"name": "Ada", "email": "Ada@Example.fr", "address": "3, rue de l’Eau, Pau", "answer_0": "Femme", "answer_1": "30-59"}  # fmt: skip
    without = client.post(url, told)
    assert without.status_code == 200 and not Volunteer.objects.exists(), "consent is asked"
    answer = client.post(url, told | {"agreed": "on"})
    mine = answer["Location"]
    text = client.get(mine).content.decode()
    assert "Femme" in text and "Ada" in text
    assert Contact.objects.get().household == "3ruedeleaupau"
    again = client.post(url, told | {"agreed": "on", "email": "ada@example.FR"})
    assert "déjà inscrit" in again.content.decode() and Volunteer.objects.count() == 1
    assert client.get(mine[:-3] + "x/").status_code == 404
    client.post(mine, {"answer": "withdraw"})
    assert not Volunteer.objects.exists() and not Contact.objects.exists()


def test_registrations_open_and_close_with_their_days(client: Client, administrator: Any) -> None:
    today = queries.today()
    panel = panel_of(administrator, opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=2))
    assert client.get(reverse("panel:register", args=[panel.pk])).status_code == 302
    with pytest.raises(RuleBroken):
        actions.register(panel, {"name": "x", "email": "x@example.fr"}, {})


def test_a_panel_being_prepared_is_seen_by_those_who_run_it_only(
    client: Client, administrator: Any, person: Any
) -> None:
    panel = panel_of(administrator, is_public=False)
    page = reverse("panel:page", args=[panel.pk])
    assert client.get(page).status_code == 404
    client.force_login(person)
    assert client.get(page).status_code == 404
    client.force_login(administrator)
    assert client.get(page).status_code == 200


DESK = ("desk", "change", "quotas", "volunteers", "feasible", "freeze", "seats", "seats_csv", "meetings", "documents", "opinion")  # fmt: skip


@pytest.mark.parametrize("name", DESK)
def test_a_stranger_to_the_territory_enters_no_screen_of_the_desk(
    client: Client, administrator: Any, person: Any, name: str
) -> None:
    url = reverse(f"panel:{name}", args=[panel_of(administrator).pk])
    assert client.get(url).status_code == 302
    client.force_login(person)
    assert client.get(url).status_code == 403
    client.force_login(administrator)
    assert client.get(url).status_code == 200


def test_a_contributor_prepares_but_neither_freezes_nor_draws(client: Client, administrator: Any, later: Any) -> None:
    agent = Person.objects.create_user("agent@example.fr", "Correct-Horse-9-Battery")
    Grant.objects.create(person=agent, kind="EPCI", code="200067254", role="contributor", granted_by=administrator)
    panel = closed_panel(agent)
    with pytest.raises(PermissionDenied):
        drawing.freeze(agent, panel, "dés", timezone.now() + HOUR)
    frozen = drawing.freeze(administrator, panel, "dés", timezone.now() + HOUR)
    later()
    with pytest.raises(PermissionDenied):
        drawing.draw(agent, frozen, {"source": "digits", "digits": "001"})
    client.force_login(agent)
    assert client.get(reverse("panel:observers_rows", args=[panel.pk, 0])).status_code == 403


def test_a_table_with_problems_is_told_line_by_line_and_nothing_is_kept(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = panel_of(administrator)
    table = "id;Sexe;Âge\nA;Femme;20\nA;Homme;30\nB;Autre;\n".encode()
    url = reverse("panel:volunteers", args=[panel.pk])
    text = client.post(url, {"file": SimpleUploadedFile("v.csv", table)}).content.decode()
    assert "ligne 3" in text and "ligne 4" in text and not panel.volunteers.exists()
    client.post(url, {"file": SimpleUploadedFile("v.csv", table_of_volunteers(12))})
    assert panel.volunteers.count() == 12 and panel.contacts.exclude(household="").count() == 6
    twice = client.post(url, {"file": SimpleUploadedFile("v.csv", table_of_volunteers(13))}).content.decode()
    assert "déjà parmi les volontaires" in twice and panel.volunteers.count() == 12
    for content in (b"", b"\x00\x01", b"id;Sexe\n"):
        assert client.post(url, {"file": SimpleUploadedFile("v.csv", content)}).status_code == 200
    assert panel.volunteers.count() == 12


def test_criteria_do_not_change_under_people_who_answered_them(administrator: Any) -> None:
    panel = closed_panel(administrator)
    with pytest.raises(RuleBroken):
        actions.set_quotas(administrator, panel, queries.core_quotas(panel)[:2])
    actions.set_quotas(administrator, panel, queries.core_quotas(panel))


def test_the_page_of_feasibility_says_what_to_loosen(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    url = reverse("panel:feasible", args=[panel.pk])
    assert "Un panel est possible" in client.get(url).content.decode()
    panel.quotas.filter(value="Femme").update(least=10, most=10)
    panel.quotas.filter(value="Homme").update(least=3, most=6)
    assert "desserrer" in client.get(url).content.decode()
    with pytest.raises(NoSolution):
        drawing.freeze(administrator, panel, "dés", timezone.now() + HOUR)
    assert not panel.draws.exists() and not panel.volunteers.filter(number__isnull=False).exists()
