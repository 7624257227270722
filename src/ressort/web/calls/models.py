"""A call for projects and what follows it. Amounts are integer cents; the database refuses what means nothing."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ressort.web.calls.call_models import AidYear, Call, Reviewer
from ressort.web.people.models import Person

__all__ = [
    "AGREEMENT_CENTS", "AidYear", "Application", "Attachment", "Call", "Decision", "Payment", "Pledge", "Recovery", "Review",
    "Reviewer",
]  # fmt: skip

#: beyond this grant, an agreement is obligatory (law of 12 April 2000, decree 2001-495)
AGREEMENT_CENTS = 2_300_000


class Application(models.Model):
    """A file. Its applicant opens it by a secret link, of which only a digest is kept."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        INELIGIBLE = "ineligible", _("not eligible")
        WITHDRAWN = "withdrawn", _("withdrawn")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField()
    token_digest = models.CharField(max_length=64, unique=True)
    spare_digest = models.CharField(max_length=64, unique=True, null=True)
    email = models.EmailField(_("e-mail"))
    applicant = models.CharField(_("name of the applicant"), max_length=160)
    identifier = models.CharField(_("SIRET or RNA"), max_length=14, blank=True)
    title = models.CharField(_("title of the project"), max_length=160, blank=True)
    area = models.CharField(max_length=80, blank=True)
    theme = models.CharField(max_length=80, blank=True)
    requested_cents = models.BigIntegerField(null=True)
    eligible_cents = models.BigIntegerField(null=True)
    answers = models.JSONField(default=dict)
    pledges = models.JSONField(default=list)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    ineligible_because = models.TextField(max_length=2000, blank=True)
    effect = models.BigIntegerField(null=True)
    #: what the effect counts, when a simulation gave it
    effect_source = models.CharField(max_length=200, blank=True)
    levers = models.CharField(max_length=300, blank=True)
    stress_token = models.CharField(max_length=16, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("call", "number")
        constraints = (
            models.UniqueConstraint(fields=["call", "number"], name="application_numbered_once"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "ineligible", "withdrawn"]),
                name="application_status_known",
            ),
            models.CheckConstraint(
                condition=Q(requested_cents__isnull=True) | Q(requested_cents__gt=0), name="application_asks_something"
            ),
            models.CheckConstraint(
                condition=Q(requested_cents__isnull=True)
                | Q(eligible_cents__isnull=True)
                | Q(requested_cents__lte=F("eligible_cents")),
                name="application_asks_no_more_than_it_costs",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["submitted", "ineligible"])
                | Q(submitted_at__isnull=False, requested_cents__isnull=False, eligible_cents__isnull=False),
                name="application_submitted_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(effect__isnull=True) | Q(effect__gte=0), name="application_effect_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(status="ineligible") | ~Q(ineligible_because=""), name="application_refused_with_a_motive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """What names it in rankings and letters: D-007."""
        return f"D-{self.number:03}"


class Attachment(models.Model):
    """A file that an applicant attached. Its bytes lie in the data folder, under a name that says nothing."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    question = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    media = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=32, unique=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("question", "id")
        constraints = (
            models.CheckConstraint(condition=Q(stored_as__regex=r"^[0-9a-f]{32}$"), name="attachment_stored_safely"),
            models.CheckConstraint(condition=Q(size__gt=0) & ~Q(name=""), name="attachment_holds_something"),
        )

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """What one reviewer gave one file. `version` moves at each save: a save that started from an older one is refused."""

    class Advice(models.TextChoices):
        NO = "no", _("no")
        MAYBE = "maybe", _("maybe")
        YES = "yes", _("yes")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="reviews")
    marks = models.JSONField(default=dict)
    comments = models.TextField(max_length=10_000, blank=True)
    advice = models.CharField(max_length=8, choices=Advice.choices, blank=True)
    has_conflict = models.BooleanField(default=False)
    is_final = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("application", "id")
        constraints = (
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_once_a_file"),
            models.CheckConstraint(condition=Q(advice__in=["", "no", "maybe", "yes"]), name="review_advice_known"),
            models.CheckConstraint(
                condition=Q(has_conflict=False) | Q(marks={}), name="review_with_a_conflict_has_no_mark"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reviewer} · {self.application.reference}"


class Decision(models.Model):
    """What the assembly decided about one file."""

    class Outcome(models.TextChoices):
        FUNDED = "funded", _("funded")
        RESERVE = "reserve", _("reserve list")
        REFUSED = "refused", _("not funded")

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    base_cents = models.BigIntegerField(default=0)
    bonus_cents = models.BigIntegerField(default=0)
    motive = models.TextField(max_length=2000)
    reference = models.CharField(max_length=64)
    decided_on = models.DateField()
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="calls_decided")
    agreed_on = models.DateField(null=True)
    report = models.TextField(max_length=20_000, blank=True)
    spent_cents = models.BigIntegerField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=["funded", "reserve", "refused"]), name="decision_known"),
            models.CheckConstraint(
                condition=Q(base_cents__gte=0, bonus_cents__gte=0)
                & (Q(outcome="funded", base_cents__gt=0) | Q(~Q(outcome="funded"), base_cents=0, bonus_cents=0)),
                name="decision_gives_money_when_funded_only",
            ),
            models.CheckConstraint(condition=~Q(motive="") & ~Q(reference=""), name="decision_says_why"),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(agreed_on__gte=F("decided_on")),
                name="decision_agreed_after_it_was_taken",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application.reference} {self.outcome}"

    @property
    def total_cents(self) -> int:
        return self.base_cents + self.bonus_cents


class Payment(models.Model):
    """One instalment of a grant; those of a grant sum to it, as a trigger of the database checks."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="payments")
    label = models.CharField(max_length=120)
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    paid_on = models.DateField(null=True)

    class Meta:
        ordering = ("due_on", "id")
        constraints = (models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payment_moves_something"),)

    def __str__(self) -> str:
        return f"{self.label} {self.due_on}"


class Pledge(models.Model):
    """A commitment of a funded applicant, with its evidence and what the check said."""

    class State(models.TextChoices):
        PLEDGED = "pledged", _("pledged")
        RECEIVED = "received", _("evidence received")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="pledges")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    rate_bp = models.PositiveIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLEDGED)
    evidence = models.TextField(max_length=2000, blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="pledges_checked")
    checked_on = models.DateField(null=True)

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(fields=["decision", "code"], name="pledge_once_a_grant"),
            models.CheckConstraint(
                condition=Q(state__in=["pledged", "received", "accepted", "refused"]), name="pledge_state_known"
            ),
            models.CheckConstraint(condition=Q(rate_bp__gt=0, rate_bp__lte=10_000), name="pledge_rate_is_a_share"),
        )

    def __str__(self) -> str:
        return self.label


class Recovery(models.Model):
    """What is taken back of a bonus for one commitment: an entry of its own, never an edit of a payment."""

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="recovery")
    why = models.CharField(max_length=8)
    amount_cents = models.BigIntegerField()
    noticed_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(why__in=["refused", "late"]), name="recovery_reason_known"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="recovery_moves_something"),
        )

    def __str__(self) -> str:
        return f"{self.pledge} {self.why}"
