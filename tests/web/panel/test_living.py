"""The life of a panel: receipts, replacements, attendance, documents, opinion, answer, erasure."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.panel.clock import HOUR, Later
from tests.web.panels import panel_of

from ressort.core.errors import RuleBroken
from ressort.verifiers import panel_draw
from ressort.web.panel import access, drawing, life, queries, seating
from ressort.web.panel.models import Attendance, Contact, Draw, Seat


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
    assert seat.state == "declined" and seating.vacancies(panel) == 1
    monkeypatch.setattr(drawing, "timezone", Later(3 * HOUR))
    again = drawing.freeze(administrator, panel, "dés encore", timezone.now() + 4 * HOUR)
    monkeypatch.setattr(drawing, "timezone", Later(5 * HOUR))
    replaced = drawing.draw(administrator, again, {"source": "digits", "digits": "999"})
    assert replaced.ordinal == 1 and seating.vacancies(panel) == 0
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
    assert Contact.objects.count() == 20 and panel.volunteers.filter(purged_at__isnull=False).count() == 40
    kept = panel.volunteers.exclude(answers={}).values_list("number", flat=True)
    assert {*kept} == {*seating.substitutes(panel), *Seat.objects.values_list("volunteer__number", flat=True)}
    with pytest.raises(RuleBroken):
        queries.observers_rows(drawn)
    monkeypatch.setattr(queries, "today", lambda: panel.members_purge_on)
    call_command("purge_panels")
    drawn.refresh_from_db()
    assert not Contact.objects.exists() and drawn.secret is None and today < panel.pool_purge_on
    assert list(panel_draw.steps(drawn.transcript.encode()))[-1] == "tirage"
    assert Client().get(reverse("panel:page", args=[panel.pk])).status_code == 200
    assert "membres effacés\u00a0: 20" in capsys.readouterr().out


def test_exports_neutralise_formulas(client: Client, administrator: Any, drawn: Draw) -> None:
    client.force_login(administrator)
    Contact.objects.filter(volunteer__seat__isnull=False).update(name="=HYPERLINK(1)")
    text = client.get(reverse("panel:seats_csv", args=[drawn.panel_id])).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and ";=HYPERLINK" not in text
