"""Members of a currency: how far each is known, what each owes, what each lets others take."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person


class Standing(models.TextChoices):
    """Where a member stands."""

    CANDIDATE = "candidate", _("candidate")
    APPROVED = "approved", _("approved")
    SUSPENDED = "suspended", _("suspended")


class Member(models.Model):
    """What the association knows of whoever holds a wallet. Erased with it; the ledger keeps a number."""

    wallet = models.OneToOneField(Wallet, on_delete=models.CASCADE, related_name="member")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.CANDIDATE)
    level = models.PositiveSmallIntegerField(default=0)
    level_checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    level_checked_on = models.DateField(null=True)
    branch = models.CharField(max_length=80, blank=True)
    charter = models.CharField(max_length=80, blank=True)
    charter_signed_on = models.DateField(null=True)
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_on = models.DateField(null=True)
    iban = models.CharField(max_length=34, blank=True)
    sponsors = models.ForeignKey(Wallet, on_delete=models.SET_NULL, null=True, related_name="sponsored_by")

    class Meta:
        ordering = ("wallet__name",)
        constraints = (
            models.CheckConstraint(condition=Q(standing__in=["candidate", "approved", "suspended"]), name="member_standing_known"),
            models.CheckConstraint(condition=Q(level__in=[0, 1, 2]), name="member_level_known"),
            models.CheckConstraint(condition=Q(standing="candidate") | Q(approved_on__isnull=False), name="member_approved_on_a_day"),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.wallet)

    def told(self) -> str:
        """What is held, for the member who asks."""
        return f"{self.wallet} · {self.standing} · level {self.level} · {self.branch} · {self.iban} · {self.charter} · {self.sponsors or ''}"


class Dues(models.Model):
    """What a member owes for a period."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="dues")
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    waived = models.BooleanField(default=False)

    class Meta:
        ordering = ("-due_on",)
        constraints = (
            models.UniqueConstraint(fields=["member", "due_on"], name="dues_once_a_day"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="dues_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} · {self.due_on}"

    def told(self) -> str:
        """What is held, for the member who asks."""
        return f"{self.due_on} · {self.amount_cents} cents{' · waived' if self.waived else ''}"


class DuesPayment(models.Model):
    """A deed that pays dues."""

    dues = models.ForeignKey(Dues, on_delete=models.CASCADE, related_name="payments")
    deed = models.OneToOneField("association.Deed", on_delete=models.PROTECT, related_name="dues_paid")

    def __str__(self) -> str:
        return f"{self.dues_id} · {self.deed_id}"


class Mandate(models.Model):
    """What a debtor lets a creditor take in units; its state is its last change. Nothing may be taken before the debtor accepts.

    For dues, whatever is called and not paid, `amount_cents` at most each; else that amount, once or every month from a day on.
    """

    debtor = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="mandates_given")
    creditor = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="mandates_held")
    purpose = models.CharField(max_length=120)
    amount_cents = models.BigIntegerField()
    is_recurring = models.BooleanField(default=True)
    for_dues = models.BooleanField(default=False)
    first_on = models.DateField()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(debtor=F("creditor")), name="mandate_joins_two"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="mandate_of_something"),
            models.CheckConstraint(condition=~Q(purpose=""), name="mandate_has_a_purpose"),
            models.CheckConstraint(condition=Q(for_dues=False) | Q(is_recurring=True), name="mandate_of_dues_goes_on"),
        )

    def __str__(self) -> str:
        return f"{self.debtor_id} → {self.creditor_id}"

    def told(self) -> str:
        """What is held, for the member who asks."""
        changes = ", ".join(f"{one.state} {one.at:%Y-%m-%d}" for one in self.changes.all())
        return f"{self.debtor} → {self.creditor} · {self.purpose} · {self.amount_cents} cents · {self.first_on} · {changes}"


class MandateDebit(models.Model):
    """What became of a mandate for one period: paid by a deed, or refused and tried again on a day, or refused for good."""

    class Outcome(models.TextChoices):
        PAID = "paid", _("paid")
        REFUSED = "refused", _("refused")

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="debits")
    period = models.DateField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    reason = models.CharField(max_length=40, blank=True)
    tried = models.PositiveSmallIntegerField()
    tried_on = models.DateField()
    retry_on = models.DateField(null=True)
    deed = models.OneToOneField("association.Deed", on_delete=models.PROTECT, null=True, related_name="mandate_debit")

    class Meta:
        ordering = ("-due_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=["mandate", "period"], name="mandate_debit_once_a_period"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="mandate_debit_of_something"),
            models.CheckConstraint(
                condition=Q(outcome="paid", deed__isnull=False, retry_on__isnull=True) | Q(outcome="refused", deed__isnull=True),
                name="mandate_debit_paid_by_a_deed",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.mandate_id} · {self.period} · {self.outcome}"


class MandateChange(models.Model):
    """A step of a mandate; its history only grows."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        REVOKED = "revoked", _("revoked")

    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=8, choices=State.choices)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["mandate", "state"], name="mandate_each_state_once"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "accepted", "refused", "revoked"]), name="mandate_state_known"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.mandate_id} · {self.state}"
