"""Writes after the draw: meetings, attendance, documents, the opinion and its answer."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ressort.core.errors import RuleBroken
from ressort.web.panel import access, queries
from ressort.web.panel.models import Attendance, Document, Meeting, Panel, Point, Seat
from ressort.web.people.actions import note
from ressort.web.people.models import Person

MOST_BYTES = 5_000_000


@transaction.atomic
def add_meeting(by: Person, panel: Panel, **told: Any) -> Meeting:
    """Announces a session."""
    access.require_run(by, panel)
    meeting = Meeting.objects.create(panel=panel, **told)
    note(by, "add_meeting", f"meeting:{meeting.pk} panel:{panel.pk}")
    return meeting


@transaction.atomic
def mark_attendance(by: Person, meeting: Meeting, present: set[int]) -> int:
    """Notes who came (seats); whoever came is due the allowance. What was paid is not taken back.

    Raises:
        RuleBroken: a seat of another panel, or one that never accepted; someone already paid would be absent.
    """
    access.require_run(by, meeting.panel)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    members = dict.fromkeys(
        Seat.objects.filter(draw__panel=meeting.panel, state__in=["accepted", "left"]).values_list("pk", flat=True)
    )
    if present - members.keys():
        raise RuleBroken("Only the members who accepted can attend. Reload the page.")
    held = {one.seat_id: one for one in meeting.attendances.all()}
    for seat, attendance in held.items():
        if seat not in present:
            if attendance.paid_on:
                raise RuleBroken("Someone whose allowance was paid cannot be noted absent.")
            attendance.delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, seat_id=seat, due_cents=meeting.allowance_cents)
        for seat in sorted(present - held.keys())
    )
    note(by, "mark_attendance", f"meeting:{meeting.pk} {len(present)}")
    return len(present)


@transaction.atomic
def add_document(by: Person, panel: Panel, title: str, author: str, content: bytes) -> Document:
    """Gives a document to the panel; everyone may read it.

    Raises:
        RuleBroken: not a PDF, or too large.
    """
    access.require_run(by, panel)
    if not content.startswith(b"%PDF-"):
        raise RuleBroken("This file is not a PDF. Save the document as PDF, then send it again.")
    if len(content) > MOST_BYTES:
        raise RuleBroken("This document is over {limit} MB. Make it lighter.", limit=MOST_BYTES // 1_000_000)
    document = Document.objects.create(panel=panel, title=title, author=author, content=content, bytes=len(content))
    note(by, "add_document", f"document:{document.pk} panel:{panel.pk}")
    return document


@transaction.atomic
def add_point(by: Person, panel: Panel, text: str, support: str = "") -> Point:
    """Adds a point of the opinion.

    Raises:
        RuleBroken: the opinion is published.
    """
    access.require_run(by, panel)
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    if held.opinion_published_at:
        raise RuleBroken("The opinion is published: it does not change any more.")
    last = held.points.aggregate(last=Max("position"))["last"] or 0
    return Point.objects.create(panel=held, position=last + 1, text=text, support=support)


@transaction.atomic
def publish_opinion(by: Person, panel: Panel) -> None:
    """Publishes the opinion; its words do not change any more.

    Raises:
        RuleBroken: nothing to publish, or already published.
    """
    access.require_run(by, panel)
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    if held.opinion_published_at or not held.points.exists():
        raise RuleBroken("There is no opinion to publish, or it is published already.")
    held.opinion_published_at = timezone.now()
    held.save(update_fields=["opinion_published_at"])
    note(by, "publish_opinion", f"panel:{held.pk}")


@transaction.atomic
def answer_point(by: Person, point: Point, answer: str, text: str) -> Point:
    """The authority answers a point of a published opinion, with its reasons; an answer may be completed later."""
    access.require_draw(by, point.panel)
    held = Point.objects.select_for_update().select_related("panel").get(pk=point.pk)
    if not held.panel.opinion_published_at:
        raise RuleBroken("Publish the opinion first: the answer comes after it.")
    held.answer, held.answer_text, held.answered_on = answer, text, queries.today()
    held.save()
    note(by, "answer_point", f"point:{held.pk} {answer}")
    return held
