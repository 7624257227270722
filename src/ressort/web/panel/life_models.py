"""What happens once the panel sits: meetings, attendance, allowances, documents, the opinion and its answer."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.web.panel.panel_models import Panel


class Meeting(models.Model):
    """A session of the panel, and the allowance of whoever attends."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="meetings")
    title = models.CharField(_("Title"), max_length=140)
    starts_at = models.DateTimeField(_("Starts"))
    place = models.CharField(_("Venue"), max_length=140)
    allowance_cents = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("panel", "starts_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(title="") & ~Q(place=""), name="meeting_is_announced"),)

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Whether a member came, what is due for it, and when it was paid: in euros, or by a transfer of the local currency."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey("panel.Seat", on_delete=models.PROTECT, related_name="attendances")
    due_cents = models.PositiveIntegerField(default=0)
    paid_on = models.DateField(null=True)
    transfer = models.BigIntegerField(null=True, unique=True)

    class Meta:
        ordering = ("meeting", "seat")
        constraints = (
            models.CheckConstraint(
                condition=Q(transfer__isnull=True) | Q(paid_on__isnull=False), name="attendance_transferred_is_paid"
            ),
            models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(due_cents__gt=0), name="attendance_paid_if_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting} – {self.seat}"


class Document(models.Model):
    """A document given to the panel: a file (PDF), kept in the database as panels have few."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("Title"), max_length=140)
    author = models.CharField(_("Author"), max_length=140, blank=True)
    content = models.BinaryField()
    bytes = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("panel", "added_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(bytes__gt=0, bytes__lte=5_000_000), name="document_size"),
            models.CheckConstraint(condition=~Q(title=""), name="document_has_a_title"),
        )

    def __str__(self) -> str:
        return self.title


class Point(models.Model):
    """A point of the opinion, and the answer of the authority."""

    class Answer(models.TextChoices):
        WAITING = "waiting", _("no answer yet")
        FOLLOWED = "followed", _("followed")
        PARTLY = "partly", _("partly followed")
        REFUSED = "refused", _("not followed")

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("What the panel asks"), max_length=4000)
    support = models.CharField(_("Support in the panel"), max_length=80, blank=True)
    answer = models.CharField(_("Answer"), max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answer_text = models.TextField(_("Why, and what will be done, by when"), max_length=4000, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ("panel", "position")
        constraints = (
            models.UniqueConstraint(fields=["panel", "position"], name="point_position_once"),
            models.CheckConstraint(condition=~Q(text=""), name="point_says_something"),
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_on__isnull=True)
                | (Q(answer__in=["followed", "partly", "refused"], answered_on__isnull=False) & ~Q(answer_text="")),
                name="point_answered_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:60]}"
