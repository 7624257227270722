"""A panel, its volunteers and its draws. What was frozen or drawn never changes: a trigger of the database says so."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.web.jobs import Job
from ressort.web.panel.life_models import Attendance, Document, Meeting, Point
from ressort.web.panel.panel_models import Panel, Quota
from ressort.web.people.models import Person

__all__ = [
    "Attendance", "Contact", "Document", "Draw", "Freezing", "Meeting", "Panel", "Point", "Quota", "Seat", "Volunteer",
]  # fmt: skip


class Volunteer(models.Model):
    """Someone who came forward. `number` is public, given at the first freeze; the rest is erased by rule."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="volunteers")
    reference = models.CharField(max_length=60)
    number = models.PositiveIntegerField(null=True)
    answers = models.JSONField(default=dict)
    consented_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("panel", "number", "id")
        constraints = (
            models.UniqueConstraint(fields=["panel", "reference"], name="volunteer_referred_once"),
            models.UniqueConstraint(fields=["panel", "number"], name="volunteer_numbered_once"),
            models.CheckConstraint(condition=~Q(reference=""), name="volunteer_has_a_reference"),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gt=0), name="volunteer_number_positive"
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(answers={}), name="volunteer_purged_is_empty"
            ),
        )

    def __str__(self) -> str:
        return f"{self.panel_id} n° {self.number or '–'}"


class Contact(models.Model):
    """How to reach and to pay a volunteer; the household mark comes from the address, which is not kept."""

    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="contact")
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    household = models.CharField(max_length=64, blank=True)
    account = models.CharField(_("account in local currency"), max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("email"), "panel", condition=~Q(email=""), name="contact_once_in_a_panel_whatever_its_case"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email


class Draw(models.Model):
    """A draw: frozen with its commitment, then drawn once. `ordinal` 0 is the panel; the next ones are replacements."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="draws")
    ordinal = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    draw_at = models.DateTimeField()
    frozen = models.TextField()
    commitment_sha256 = models.CharField(max_length=64)
    secret = models.BinaryField(max_length=32, null=True)
    frozen_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="draws_frozen")
    transcript = models.TextField(blank=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="draws_made")

    class Meta:
        ordering = ("panel", "ordinal")
        constraints = (
            models.UniqueConstraint(fields=["panel", "ordinal"], name="draw_ordinal_once"),
            models.CheckConstraint(condition=~Q(frozen="") & ~Q(source=""), name="draw_is_frozen_and_announced"),
            models.CheckConstraint(
                condition=Q(commitment_sha256__regex=r"^[0-9a-f]{64}$"), name="draw_has_a_fingerprint"
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, transcript="") | (Q(drawn_at__isnull=False) & ~Q(transcript="")),
                name="draw_with_its_transcript",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True) | Q(drawn_at__gte=F("frozen_at")), name="draw_after_its_freeze"
            ),
        )

    def __str__(self) -> str:
        return f"{self.panel} – {self.ordinal}"


class Freezing(Job):
    """A freeze that was asked for, and how far the search of the fairest chances is."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="freezings")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="freezings")
    source = models.CharField(max_length=300)
    draw_at = models.DateTimeField()
    drand_round = models.PositiveBigIntegerField(null=True)
    language = models.CharField(max_length=2, default="fr")
    rounds = models.PositiveIntegerField(default=0)
    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, null=True, related_name="freezing")

    class Meta(Job.Meta):
        constraints = (
            *Job.Meta.constraints,
            models.UniqueConstraint(
                fields=["panel"], condition=Q(state__in=["waiting", "running"]), name="freezing_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="done", draw__isnull=False) | (~Q(state="done") & Q(draw__isnull=True)),
                name="freezing_done_gives_a_draw",
            ),
        )

    def __str__(self) -> str:
        return f"{self.panel} {self.state}"


class Seat(models.Model):
    """A seat given by a draw, and what became of it; `replaces` is the emptied seat that its person took."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("drawn, to invite")
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        LEFT = "left", _("left")

    class Reason(models.TextChoices):
        UNREACHABLE = "unreachable", _("not reached")
        HEALTH = "health", _("health or care")
        WORK = "work", _("work or studies")
        MOVED = "moved", _("moved away")
        OTHER = "other", _("other")

    HELD = (State.DRAWN, State.INVITED, State.ACCEPTED)

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="seats")
    volunteer = models.OneToOneField(Volunteer, on_delete=models.PROTECT, related_name="seat")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAWN)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("draw", "volunteer__number")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["drawn", "invited", "accepted", "declined", "left"]), name="seat_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["declined", "left"]) | Q(reason=""), name="seat_reason_when_it_empties"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", "unreachable", "health", "work", "moved", "other"]),
                name="seat_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="seat_replaces_another"
            ),
        )

    def __str__(self) -> str:
        return f"n° {self.volunteer.number} {self.state}"
