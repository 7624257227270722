"""A call, its reviewers, and the years of aid of a territory."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Grant, Person


class Call(models.Model):
    """A call and its rules. Once published, the rules are frozen: a trigger of the database refuses to change them."""

    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what it is for"), max_length=5000)
    eligibility = models.TextField(_("who may apply"), max_length=5000)
    contact = models.EmailField(_("e-mail for questions"))
    authority_name = models.CharField(_("name of the authority"), max_length=160)
    authority_siret = models.CharField(_("SIRET of the authority"), max_length=14)
    scheme = models.CharField(_("identifier of the scheme"), max_length=64)
    under_criteria = models.BooleanField(_("aid under resilience criteria"), default=True)
    opens_at = models.DateTimeField(_("opens on"))
    closes_at = models.DateTimeField(_("closes on"))
    envelope_cents = models.BigIntegerField()
    rules = models.JSONField(default=dict)
    grid = models.JSONField()
    questions = models.JSONField(default=list)
    commitments = models.JSONField(default=list)
    is_blind = models.BooleanField(_("reviewers do not see who applies"), default=False)
    published_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    draw = models.JSONField(default=list)
    lot_words = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="calls_created")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-closes_at", "-id")
        indexes = (models.Index(fields=("kind", "code"), name="call_of_territory"),)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Grant.KINDS), name="call_kind_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(envelope_cents__gt=0), name="call_has_money"),
            models.CheckConstraint(condition=Q(authority_siret__regex=r"^[0-9]{14}$"), name="call_siret_well_formed"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(scheme=""), name="call_is_named"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(published_at__isnull=False), name="call_decided_was_published"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def territory_key(self) -> str:
        return f"{self.kind}:{self.code}"

    @property
    def stage(self) -> str:
        """Where it stands, by the clock: draft, coming, open, closed, decided."""
        now = timezone.now()
        if self.published_at is None:
            return "draft"
        if self.decided_at:
            return "decided"
        if now < self.opens_at:
            return "coming"
        return "open" if now < self.closes_at else "closed"


class Reviewer(models.Model):
    """Someone who marks the files of a call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="reviewers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calls_reviewed")

    class Meta:
        ordering = ("person__email",)
        constraints = (models.UniqueConstraint(fields=["call", "person"], name="reviewer_once_a_call"),)

    def __str__(self) -> str:
        return str(self.person)


class AidYear(models.Model):
    """All the aid that a territory granted in a year, read from its published file; it wins over the sum of the calls here."""

    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    total_cents = models.BigIntegerField()
    under_cents = models.BigIntegerField()
    count = models.PositiveIntegerField()
    under_count = models.PositiveIntegerField()
    source = models.CharField(max_length=160)
    provided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="aid_years")
    provided_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("kind", "code", "year")
        constraints = (
            models.UniqueConstraint(fields=["kind", "code", "year"], name="aid_year_once_a_territory"),
            models.CheckConstraint(
                condition=Q(total_cents__gte=0, under_cents__gte=0, under_cents__lte=F("total_cents")),
                name="aid_year_part_within_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}:{self.code} {self.year}"
