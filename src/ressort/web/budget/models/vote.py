"""The vote: who signed on one side, what was voted on the other, nothing in common; paper ballots; the result."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.web.budget.models.campaign import Campaign
from ressort.web.people.models import Person


class Method(models.TextChoices):
    """How a ballot came."""

    INTERNET = "internet", _("on line")
    PAPER = "paper", _("on paper")


class Elector(models.Model):
    """Someone who may vote, known by a mark that cannot be turned back into a code or a name."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="electors")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["campaign", "mark"], name="elector_once_in_a_campaign"),)

    def __str__(self) -> str:
        return self.mark[:8]


class Signature(models.Model):
    """That an elector voted, where, which day: the attendance sheet. A second one is impossible."""

    elector = models.OneToOneField(Elector, on_delete=models.CASCADE, related_name="signature")
    method = models.CharField(max_length=8, choices=Method.choices)
    station = models.CharField(max_length=80, blank=True)
    day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(method__in=["internet", "paper"]), name="signature_method_known"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.method}"


class Ballot(models.Model):
    """What was voted: numbers of projects and points. A random number, no date, nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="ballots")
    method = models.CharField(max_length=8, choices=Method.choices)
    #: pairs of a project number and its points (1 when ballots give none)
    choices = models.JSONField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(method__in=["internet", "paper"]), name="ballot_method_known"),
        )

    def __str__(self) -> str:
        return str(self.id)


class Receipt(models.Model):
    """That some ballot was counted: the hash of a random word that its voter keeps. It leads to no ballot."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="receipts")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["campaign", "mark"], name="receipt_once_in_a_campaign"),)

    def __str__(self) -> str:
        return self.mark[:8]


class PaperBatch(models.Model):
    """The paper ballots of one polling place, keyed twice by two people before they count."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="batches")
    station = models.CharField(max_length=80)
    #: the highest number printed on its ballots; 0 when they are not printed here
    printed = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("station", "id")
        constraints = (
            models.UniqueConstraint(fields=["campaign", "station"], name="batch_once_by_station"),
            models.CheckConstraint(condition=~Q(station=""), name="batch_names_its_station"),
        )

    def __str__(self) -> str:
        return self.station


class PaperEntry(models.Model):
    """One paper ballot as one of the two people keyed it."""

    class Invalid(models.TextChoices):
        TOO_MANY = "too_many", _("too many projects")
        TOO_FEW = "too_few", _("too few projects")
        ILLEGIBLE = "illegible", _("cannot be read")
        UNKNOWN = "unknown", _("unknown project")
        MARKED = "marked", _("distinctive mark")

    KEYINGS: ClassVar[tuple[int, int]] = (1, 2)

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    keying = models.PositiveSmallIntegerField()
    choices = models.JSONField(default=list)
    invalid = models.CharField(max_length=12, choices=Invalid.choices, blank=True)
    keyed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="keyed_ballots")

    class Meta:
        ordering = ("number", "keying")
        constraints = (
            models.UniqueConstraint(fields=["batch", "number", "keying"], name="entry_once_by_keying"),
            models.CheckConstraint(condition=Q(keying__in=[1, 2]), name="entry_keyed_first_or_second"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_numbered_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.batch} {self.number}/{self.keying}"


class Result(models.Model):
    """A count: the file that anybody can count again, its account in words and numbers, the receipts of the ballots counted."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="result")
    file = models.TextField()
    facts = models.JSONField()
    receipts = models.JSONField()
    counted_at = models.DateTimeField(auto_now=True)
    counted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="budget_counts")

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(file=""), name="result_holds_its_file"),)

    def __str__(self) -> str:
        return str(self.campaign)
