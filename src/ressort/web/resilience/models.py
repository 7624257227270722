"""A question to the shock model, its progress and its answer."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.resilience import Request


class StressRuns(models.Manager["StressRun"]):
    """Questions asked."""

    def waiting(self) -> models.QuerySet["StressRun"]:
        """Those to play, the oldest first."""
        return self.filter(state=StressRun.State.WAITING).order_by("asked_at", "id")


class StressRun(models.Model):
    """One question: what is asked, by which version of program and data, how far it is, what comes out.

    The token is made of the question, the version and the vintage: the same question has one row and one address.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    token = models.CharField(max_length=16, unique=True)
    territory = models.CharField(max_length=6000)
    place_name = models.CharField(max_length=200)
    question = models.JSONField()
    seed = models.BigIntegerField()
    version = models.CharField(max_length=40)
    vintage = models.CharField(max_length=16)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    message = models.CharField(max_length=400, blank=True)
    digest = models.CharField(max_length=16, blank=True)
    answer = models.BinaryField(null=True)
    table = models.BinaryField(null=True)
    table_name = models.CharField(max_length=120, blank=True)
    budget_eur = models.PositiveBigIntegerField(default=0)
    method = models.CharField(max_length=8, blank=True)
    caution_share = models.FloatField(default=1.0)
    portfolio = models.JSONField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = StressRuns()

    class Meta:
        ordering = ("-asked_at", "-id")
        indexes = (models.Index(fields=("state", "asked_at"), name="stress_run_queue"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="stress_run_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(answer__isnull=False), name="stress_run_done_has_answer"
            ),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="stress_run_not_beyond_total"),
            models.CheckConstraint(
                condition=Q(caution_share__gt=0) & Q(caution_share__lte=1), name="stress_run_caution_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_name} {self.token} {self.state}"

    @property
    def request(self) -> Request:
        """The question, as the model takes it; with the levers found, where a budget was given."""
        words: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in self.question.items()
        }
        if self.portfolio:
            words["levers"] = tuple(self.portfolio["levers"])
        return Request(**words)

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)
