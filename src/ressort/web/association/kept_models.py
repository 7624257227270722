"""What is kept beside the ledger: its daily totals, certificates, bank lines, declarations."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class Tally(models.Model):
    """Up to which transfer the daily totals go; one row."""

    last_transfer = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_transfer)


class DayTotal(models.Model):
    """What one operation moved in a day between two kinds of accounts, reversals taken off; from sealed transfers only."""

    currency = models.SmallIntegerField()
    day = models.DateField()
    operation = models.SmallIntegerField()
    from_kind = models.SmallIntegerField()
    to_kind = models.SmallIntegerField()
    amount_cents = models.BigIntegerField()
    transfers = models.BigIntegerField()
    first_block = models.BigIntegerField()
    last_block = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["currency", "day", "operation", "from_kind", "to_kind"], name="day_total_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.day} {self.operation}"


class Certificate(models.Model):
    """The reserve of a day: proposed by one person, confirmed and signed by another."""

    currency = models.SmallIntegerField()
    day = models.DateField()
    paper_reference = models.CharField(max_length=60)
    paper_cents = models.BigIntegerField()
    digital_reference = models.CharField(max_length=60)
    digital_cents = models.BigIntegerField()
    proposed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField(blank=True)
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(fields=["currency", "day"], name="certificate_once_a_day"),
            models.CheckConstraint(condition=Q(body="") | ~Q(signature=""), name="certificate_body_is_signed"),
            models.CheckConstraint(condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")), name="certificate_needs_two"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.day}"

    @property
    def proposal(self) -> str:
        """What whoever confirms it has read: both statements, and who typed them."""
        return f"{self.proposed_by_id} {self.paper_reference} {self.paper_cents} {self.digital_reference} {self.digital_cents}"


class BankLine(models.Model):
    """A line of a bank statement; it meets at most one deed, and a deed at most one line; or a whole collection; or is set aside, and why.

    `doubted`: it may be a movement that another file (`file`: digest of the first that told it) told in other words, until somebody says.
    """

    class Account(models.TextChoices):
        PAPER = "paper", _("reserve of notes")
        DIGITAL = "digital", _("reserve of digital units")
        OPERATING = "operating", _("operating account")

    currency = models.SmallIntegerField()
    account = models.CharField(max_length=9, choices=Account.choices)
    digest = models.CharField(max_length=64)
    day = models.DateField()
    amount_cents = models.BigIntegerField()
    reference = models.CharField(max_length=140, blank=True)
    label = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=4, blank=True)
    deed = models.OneToOneField("association.Deed", on_delete=models.PROTECT, null=True, related_name="bank_line")
    file = models.CharField(max_length=64, blank=True, db_default="", default="")
    doubted = models.BooleanField(default=False, db_default=False)
    aside = models.CharField(max_length=200, blank=True, db_default="", default="")
    matched_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-day", "-id")
        constraints = (
            models.UniqueConstraint(fields=["currency", "account", "digest"], name="bank_line_kept_once"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="bank_line_moves_something"),
            models.CheckConstraint(condition=Q(aside="") | Q(deed__isnull=True), name="bank_line_aside_settles_nothing"),
            models.CheckConstraint(condition=Q(account__in=["paper", "digital", "operating"]), name="bank_line_account_known"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.reference}"

    @property
    def is_matched(self) -> bool:
        """Whether it met something."""
        return bool(self.deed_id or hasattr(self, "collection"))

    @property
    def is_settled(self) -> bool:
        """Whether it met something, or is set aside."""
        return bool(self.aside or self.is_matched)


class Declaration(models.Model):
    """A declaration made to the ACPR, and the clock that called for it."""

    class Clock(models.TextChoices):
        PAYMENTS = "payments", _("payments of twelve months")
        OUTSTANDING = "outstanding", _("digital units outstanding")

    currency = models.SmallIntegerField()
    clock = models.CharField(max_length=11, choices=Clock.choices)
    declared_on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-declared_on",)
        constraints = (
            models.UniqueConstraint(fields=["currency", "clock", "declared_on"], name="declaration_once_a_day"),
            models.CheckConstraint(condition=Q(clock__in=["payments", "outstanding"]), name="declaration_clock_known"),
        )

    def __str__(self) -> str:
        return f"{self.clock} {self.declared_on}"
