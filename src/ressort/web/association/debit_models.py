"""Direct debits: the mandates that members sign for their bank, what they buy each month, and what a file collects."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ressort.web.association.member_models import Dues, Member
from ressort.web.people.models import Person


class SepaMandate(models.Model):
    """A member lets the association debit a bank account. Another bank account is another mandate."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sepa_mandates")
    reference = models.CharField(max_length=35, unique=True)
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    signed_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["member"], condition=Q(revoked_on__isnull=True), name="sepa_mandate_in_force_once"),
            models.CheckConstraint(condition=~Q(reference="") & ~Q(holder="") & ~Q(iban=""), name="sepa_mandate_names_all"),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(signed_on__isnull=True) | Q(revoked_on__gte=F("signed_on")), name="sepa_mandate_revoked_after_signed"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def told(self) -> str:
        """What is held, for the member who asks."""
        return f"{self.reference} · {self.holder} · {self.iban} · {self.signed_on} · {self.revoked_on}"


class MonthlyCredit(models.Model):
    """Units that a member buys each month, by direct debit."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="monthly_credits")
    amount_cents = models.BigIntegerField()
    since = models.DateField()
    stopped_on = models.DateField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["member"], condition=Q(stopped_on__isnull=True), name="monthly_credit_running_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="monthly_credit_of_something"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.member_id} · {self.amount_cents}"

    def told(self) -> str:
        """What is held, for the member who asks."""
        return f"{self.amount_cents} cents · {self.since} · {self.stopped_on}"


class Collection(models.Model):
    """A file of direct debits: proposed by one person, agreed to by another, then handed to the bank."""

    class Purpose(models.TextChoices):
        CREDITS = "credits", _("monthly credits")
        DUES = "dues", _("dues")

    currency = models.SmallIntegerField()
    purpose = models.CharField(max_length=7, choices=Purpose.choices)
    on = models.DateField()
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    bank_line = models.OneToOneField("association.BankLine", on_delete=models.PROTECT, null=True, related_name="collection")  # fmt: skip

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(purpose__in=["credits", "dues"]), name="collection_purpose_known"),
            models.CheckConstraint(condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("made_by")), name="collection_needs_two"),
            models.CheckConstraint(condition=Q(agreed_by__isnull=True) | Q(agreed_at__isnull=False), name="collection_agreed_at_a_moment"),
            models.CheckConstraint(condition=Q(bank_line__isnull=True) | Q(agreed_at__isnull=False), name="collection_settled_once_agreed"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.purpose} {self.on}"


class Debit(models.Model):
    """One member in a collection. It names the account by number and the mandate by its reference: closing cuts the name."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        COLLECTED = "collected", _("collected")
        REJECTED = "rejected", _("rejected by the bank")
        RETURNED = "returned", _("returned after it was collected")

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="debits")
    mandate = models.ForeignKey(SepaMandate, on_delete=models.SET_NULL, null=True, related_name="debits")
    mandate_reference = models.CharField(max_length=35)
    account = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    credit = models.ForeignKey(MonthlyCredit, on_delete=models.SET_NULL, null=True, related_name="debits")
    dues = models.ForeignKey(Dues, on_delete=models.SET_NULL, null=True, related_name="debits")
    period = models.DateField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    deed = models.OneToOneField("association.Deed", on_delete=models.PROTECT, null=True, related_name="debit")
    back = models.OneToOneField("association.Deed", on_delete=models.PROTECT, null=True, related_name="debit_returned")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="debit_of_something"),
            models.CheckConstraint(condition=Q(outcome__in=["waiting", "collected", "rejected", "returned"]), name="debit_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=["collected", "returned"], deed__isnull=False) | Q(outcome__in=["waiting", "rejected"], deed__isnull=True),
                name="debit_collected_by_a_deed",
            ),
            models.CheckConstraint(
                condition=Q(outcome="returned", back__isnull=False) | ~Q(outcome="returned") & Q(back__isnull=True), name="debit_returned_by_a_deed"
            ),
            models.UniqueConstraint(fields=["collection", "account"], name="debit_once_in_a_collection"),
            models.UniqueConstraint(fields=["credit", "period"], condition=Q(outcome__in=["waiting", "collected"]), name="debit_once_a_month"),
            models.UniqueConstraint(fields=["dues"], condition=Q(outcome__in=["waiting", "collected"]), name="debit_of_dues_once"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.collection_id} · {self.account}"

    @property
    def end_to_end(self) -> str:
        """What the bank calls it; the same when the file is made again."""
        return f"RESSORT-D{self.pk}"
