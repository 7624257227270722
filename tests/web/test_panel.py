"""The life of a citizens' panel, by HTTP: prepared, drawn in public, replaced, met, answered, erased."""

import io
import json
import threading
import zipfile
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panels import closed_panel, panel_of, table_of_volunteers

from ressort.core.errors import NoSolution, RuleBroken
from ressort.core.panel import canonical
from ressort.verifiers import panel_draw
from ressort.web.panel import access, actions, drawing, freezing, life, queries
from ressort.web.panel.models import Attendance, Contact, Draw, Freezing, Panel, Seat, Volunteer
from ressort.web.people.models import Grant, Person

HOUR = timedelta(hours=1)


class Later:
    """The clock of the draw, moved forward."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> Any:
        return timezone.now() + self.by

    def localtime(self, moment: Any) -> Any:
        return timezone.localtime(moment)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock of the draw two hours forward."""
    return lambda: monkeypatch.setattr(drawing, "timezone", Later(2 * HOUR))


@pytest.fixture
def drawn(administrator: Any, later: Any) -> Draw:
    """A panel of ten, frozen then drawn."""
    frozen = drawing.freeze(administrator, closed_panel(administrator), "trois dés", timezone.now() + HOUR)
    later()
    return drawing.draw(administrator, frozen, {"source": "digits", "digits": "417"})


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


def test_a_draw_is_announced_made_in_public_and_checked_by_anyone(
    client: Client, administrator: Any, later: Any
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    moment = timezone.localtime(timezone.now() + HOUR).strftime("%Y-%m-%dT%H:%M")
    asking = reverse("panel:freeze", args=[panel.pk])
    client.post(asking, {"source": "trois dés, hall", "draw_at": moment})
    assert not panel.draws.exists() and "va commencer" in client.get(asking).content.decode()
    assert freezing.once() and not freezing.once()
    assert client.get(asking)["Location"] == reverse("panel:draw", args=[panel.pk, 0])
    frozen = panel.draws.get()
    public = Client()
    assert frozen.commitment_sha256 in public.get(reverse("panel:page", args=[panel.pk])).content.decode()
    url = reverse("panel:draw", args=[panel.pk, 0])
    early = client.post(url, {"digits": "041"}).content.decode()
    assert "ne peut être fait avant" in early and not Seat.objects.exists()
    later()
    assert "Trois chiffres" in client.post(url, {"digits": "41"}).content.decode()
    client.post(url, {"digits": "041"})
    assert Seat.objects.count() == 10
    client.post(url, {"digits": "042"})
    bundle = public.get(reverse("panel:draw_file", args=[panel.pk, 0, "verification.zip"]))
    names = {}
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as archive:
        names = {name: archive.read(name) for name in archive.namelist()}
    assert set(names) == {"engagement.json", "proces-verbal.json", "verifier.py"}
    transcript = names["proces-verbal.json"]
    assert list(panel_draw.steps(transcript, None, frozen.commitment_sha256))[-1] == "tirage"
    rows = client.get(reverse("panel:observers_rows", args=[panel.pk, 0])).content
    assert "lignes et quotas" in list(panel_draw.steps(transcript, json.loads(rows)))
    drawn = set(Seat.objects.values_list("volunteer__number", flat=True))
    assert drawn == set(json.loads(transcript)["result"])
    homes = list(Contact.objects.filter(volunteer__seat__isnull=False).exclude(household="").values_list("household", flat=True))  # fmt: skip
    assert len(homes) == len(set(homes))


def test_a_drand_round_announced_gives_the_number_and_nothing_else_can(
    client: Client, administrator: Any, later: Any
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    frozen = drawing.freeze(administrator, panel, "drand quicknet", timezone.now() + HOUR, drand_round=12)
    later()
    url = reverse("panel:draw", args=[panel.pk, 0])
    client.post(url, {"digits": "041"})
    with pytest.raises(RuleBroken):
        drawing.draw(administrator, frozen, {"source": "digits", "digits": "041"})
    signature = "ab" * 48
    told = {"signature": signature, "randomness": sha256(bytes.fromhex(signature)).hexdigest()}
    assert "n’est pas l’empreinte" in client.post(url, told | {"randomness": "0" * 64}).content.decode()
    client.post(url, told)
    frozen.refresh_from_db()
    assert list(panel_draw.steps(frozen.transcript.encode()))[-1] == "tirage" and Seat.objects.count() == 10


def test_nothing_personal_is_in_what_is_published(drawn: Draw) -> None:
    for text in (drawn.frozen, drawn.transcript):
        assert "@example.fr" not in text and "Personne" not in text and "rows" not in json.loads(text)


def test_registrations_are_over_before_anything_is_frozen(administrator: Any) -> None:
    panel = panel_of(administrator)
    actions.import_volunteers(administrator, panel, table_of_volunteers())
    with pytest.raises(RuleBroken):
        drawing.freeze(administrator, panel, "dés", timezone.now() + HOUR)


def test_the_database_itself_keeps_what_was_frozen_and_drawn(drawn: Draw) -> None:
    for change in ({"frozen": "{}"}, {"transcript": "{}"}, {"commitment_sha256": "0" * 64}, {"draw_at": timezone.now()}, {"secret": b"x"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Draw.objects.filter(pk=drawn.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM panel_draw")
    with pytest.raises(RuleBroken):
        drawing.draw(drawn.frozen_by, drawn, {"source": "digits", "digits": "001"})


def test_a_frozen_panel_takes_nobody_in_or_out(client: Client, administrator: Any, drawn: Draw) -> None:
    panel = drawn.panel
    with pytest.raises(RuleBroken):
        actions.import_volunteers(administrator, panel, table_of_volunteers())
    with pytest.raises(RuleBroken):
        actions.remove_volunteers(administrator, panel)
    with pytest.raises(RuleBroken):
        actions.withdraw(panel.volunteers.first())
    with pytest.raises(RuleBroken):
        actions.change_panel(administrator, panel, seats=11)


def test_a_person_drawn_reads_its_receipt_and_declines_then_a_replacement_is_drawn(
    client: Client, administrator: Any, drawn: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, seat = drawn.panel, Seat.objects.first()
    mine = reverse("panel:mine", args=[access.key_of(seat.volunteer)])
    text = client.get(mine).content.decode()
    receipt = queries.receipt(seat.volunteer, drawn)
    assert receipt is not None and receipt.salt in text and receipt.is_drawn
    client.post(mine, {"answer": "declined"})
    client.post(mine, {"answer": "accepted"})
    seat.refresh_from_db()
    assert seat.state == "declined" and queries.vacancies(panel) == 1
    monkeypatch.setattr(drawing, "timezone", Later(3 * HOUR))
    again = drawing.freeze(administrator, panel, "dés encore", timezone.now() + 4 * HOUR)
    monkeypatch.setattr(drawing, "timezone", Later(5 * HOUR))
    replaced = drawing.draw(administrator, again, {"source": "digits", "digits": "999"})
    assert replaced.ordinal == 1 and queries.vacancies(panel) == 0
    held = [one.volunteer for one in Seat.objects.filter(draw__panel=panel, state__in=Seat.HELD)]
    assert len(held) == 10 and seat.volunteer not in held
    for quota in panel.quotas.all():
        assert quota.least <= sum(one.answers[quota.criterion] == quota.value for one in held) <= quota.most
    with pytest.raises(RuleBroken):
        drawing.freeze(administrator, panel, "dés", timezone.now() + 9 * HOUR)


def _accepted(drawn: Draw, by: Any) -> list[Seat]:
    seats = list(Seat.objects.filter(draw=drawn))
    return [drawing.answer_seat(seat, "accepted", by=by) for seat in seats]


def test_attendance_makes_an_allowance_due_then_paid_and_never_twice(
    client: Client, administrator: Any, drawn: Draw
) -> None:
    client.force_login(administrator)
    panel, seats = drawn.panel, _accepted(drawn, administrator)
    told = {"title": "Séance 1", "starts_at": "2026-12-01T18:00", "place": "Mairie", "allowance": "45,50"}
    answer = client.post(reverse("panel:meetings", args=[panel.pk]), told)
    assert answer.status_code == 302, answer.context["form"].errors
    meeting = panel.meetings.get()
    assert meeting.allowance_cents == 4550
    url = reverse("panel:attendance", args=[panel.pk, meeting.pk])
    client.post(url, {"present": [seats[0].pk, seats[1].pk]})
    client.post(url, {"present": [seats[0].pk, seats[1].pk]})
    assert queries.unpaid(panel) == 9100
    client.post(reverse("panel:pay", args=[panel.pk]))
    assert queries.unpaid(panel) == 0 and Attendance.objects.filter(paid_on__isnull=False).count() == 2
    with pytest.raises(RuleBroken):
        life.mark_attendance(administrator, meeting, {seats[0].pk})
    stranger = panel_of(administrator)
    assert client.post(reverse("panel:attendance", args=[stranger.pk, meeting.pk])).status_code == 404


def test_documents_are_pdf_and_read_by_everyone(client: Client, administrator: Any, drawn: Draw) -> None:
    client.force_login(administrator)
    url = reverse("panel:documents", args=[drawn.panel_id])
    bad = client.post(url, {"title": "Virus", "file": SimpleUploadedFile("x.pdf", b"MZ\x90")})
    assert "PDF" in bad.content.decode() and not drawn.panel.documents.exists()
    client.post(
        url, {"title": "Bilan de l’eau", "author": "Agence", "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 x")}
    )
    found = Client().get(reverse("panel:document", args=[drawn.panel_id, drawn.panel.documents.get().pk]))
    assert found.content == b"%PDF-1.7 x" and found["Content-Disposition"].startswith("attachment")


def test_the_opinion_is_published_then_answered_point_by_point(client: Client, administrator: Any, drawn: Draw) -> None:
    client.force_login(administrator)
    panel = drawn.panel
    client.post(
        reverse("panel:opinion", args=[panel.pk]), {"text": "Une tarification <b>sociale</b>.", "support": "9 pour"}
    )
    page = reverse("panel:page", args=[panel.pk])
    assert "tarification" not in Client().get(page).content.decode()
    point = panel.points.get()
    with pytest.raises(RuleBroken):
        life.answer_point(administrator, point, "followed", "Oui")
    client.post(reverse("panel:publish_opinion", args=[panel.pk]))
    client.post(
        reverse("panel:answer_point", args=[panel.pk, point.pk]), {"answer": "partly", "answer_text": "Dès 2027."}
    )
    text = Client().get(page).content.decode()
    assert "Dès 2027." in text and "&lt;b&gt;" in text and "suivi en partie" in text
    with pytest.raises(RuleBroken):
        life.add_point(administrator, panel, "Encore")
    with pytest.raises(IntegrityError), transaction.atomic():
        panel.points.update(answer_text="")


def test_personal_data_are_erased_at_the_dates_announced_and_the_draw_can_still_be_checked(
    administrator: Any, drawn: Draw, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = drawn.panel
    call_command("purge_panels")
    assert Contact.objects.count() == 60, "nothing is erased before its day"
    today = queries.today()
    monkeypatch.setattr(queries, "today", lambda: panel.pool_purge_on)
    call_command("purge_panels")
    assert Contact.objects.count() == 10 and panel.volunteers.filter(purged_at__isnull=False).count() == 50
    assert not panel.volunteers.filter(seat__isnull=True).exclude(answers={}).exists()
    with pytest.raises(RuleBroken):
        queries.observers_rows(drawn)
    monkeypatch.setattr(queries, "today", lambda: panel.members_purge_on)
    call_command("purge_panels")
    drawn.refresh_from_db()
    assert not Contact.objects.exists() and drawn.secret is None and today < panel.pool_purge_on
    assert list(panel_draw.steps(drawn.transcript.encode()))[-1] == "tirage"
    assert Client().get(reverse("panel:page", args=[panel.pk])).status_code == 200
    assert "membres effacés : 10" in capsys.readouterr().out


def test_the_same_rows_freeze_to_the_same_panels(administrator: Any) -> None:
    frozen = [
        json.loads(drawing.freeze(administrator, closed_panel(administrator), "dés", timezone.now() + HOUR).frozen)
        for _twice in range(2)
    ]
    assert frozen[0]["panels"] == frozen[1]["panels"]
    assert frozen[0]["people"] != frozen[1]["people"], "salts differ: nobody guesses a row from its print"
    assert canonical(frozen[0]["commitment"])


def test_exports_neutralise_formulas(client: Client, administrator: Any, drawn: Draw) -> None:
    client.force_login(administrator)
    Contact.objects.filter(volunteer__seat__isnull=False).update(name="=HYPERLINK(1)")
    text = client.get(reverse("panel:seats_csv", args=[drawn.panel_id])).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and ";=HYPERLINK" not in text


def test_programs_read_panels_and_transcripts(client: Client, administrator: Any, drawn: Draw) -> None:
    panel_of(administrator, is_public=False)
    listed = client.get("/api/panels").json()
    assert [one["title"] for one in listed["rows"]] == ["L’eau de demain"]
    one = client.get(f"/api/panels/{drawn.panel_id}").json()
    assert one["state"] == "drawn" and one["draws"][0]["number"] == 417
    text = client.get(f"/api/panels/{drawn.panel_id}/draws/0").content
    assert list(panel_draw.steps(text))[-1] == "tirage"
    assert client.get("/api/panels/999999").status_code == 404


def ask_to_freeze(by: Any, panel: Panel) -> Freezing:
    """A freeze that waits."""
    return freezing.ask(by, panel, "trois dés", timezone.now() + HOUR)


def test_one_freeze_at_a_time_is_asked_for_a_panel(administrator: Any) -> None:
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    with pytest.raises(RuleBroken, match="already going on"):
        ask_to_freeze(administrator, panel)


def test_a_freeze_whose_worker_was_killed_is_taken_again_and_seals_once(administrator: Any) -> None:
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    dead = freezing.queue.take()
    assert dead is not None and not freezing.once()
    Freezing.objects.update(seen_at=timezone.now() - HOUR)
    assert freezing.queue.revive() == 1 and freezing.once()
    assert panel.draws.count() == 1
    # the first worker was only asleep: its word no longer counts
    assert not freezing.queue.end(dead, Freezing.State.FAILED, "late")
    assert Freezing.objects.get().state == "done"


def test_a_freeze_interrupted_three_times_fails_and_says_so(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    for _time in range(3):
        assert freezing.queue.take() is not None
        Freezing.objects.update(seen_at=timezone.now() - HOUR)
        freezing.queue.revive()
    assert not freezing.once() and not panel.draws.exists()
    assert "interrompu trois fois" in client.get(reverse("panel:freeze", args=[panel.pk])).content.decode()


def test_a_freeze_is_stopped_while_it_waits_or_while_it_searches(
    client: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    client.post(reverse("panel:stop_freezing", args=[panel.pk]))
    assert not freezing.once()
    running = ask_to_freeze(administrator, panel)
    prepared = drawing.prepare

    def stopped_meanwhile(*words: Any) -> Any:
        freezing.cancel(administrator, running)
        return prepared(*words)

    monkeypatch.setattr(drawing, "prepare", stopped_meanwhile)
    assert freezing.once() and not panel.draws.exists()
    assert {job.state for job in Freezing.objects.all()} == {"cancelled"}


def test_a_freeze_waits_again_when_the_server_stops(administrator: Any) -> None:
    panel = closed_panel(administrator)
    ask_to_freeze(administrator, panel)
    stop = threading.Event()
    stop.set()
    assert freezing.once(stop) and Freezing.objects.get().state == "waiting"
    assert freezing.once() and panel.draws.exists()


def test_nothing_is_sealed_when_a_volunteer_comes_or_leaves_during_the_search(
    client: Client, administrator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    prepared = drawing.prepare

    def someone_leaves(*words: Any) -> Any:
        ready = prepared(*words)
        panel.volunteers.first().delete()  # type: ignore[union-attr]
        return ready

    monkeypatch.setattr(drawing, "prepare", someone_leaves)
    ask_to_freeze(administrator, panel)
    assert freezing.once() and not panel.draws.exists()
    assert "ont changé pendant la recherche" in client.get(reverse("panel:freeze", args=[panel.pk])).content.decode()


def test_an_impossible_freeze_says_what_to_loosen(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    panel = closed_panel(administrator)
    panel.quotas.filter(value="Femme").update(least=10, most=10)
    panel.quotas.filter(value="Homme").update(least=3, most=6)
    ask_to_freeze(administrator, panel)
    assert freezing.once() and not panel.draws.exists()
    assert "desserrer" in client.get(reverse("panel:freeze", args=[panel.pk])).content.decode()
