"""Keys of programs: what each may do with one wallet, how much, and until when."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class Key(models.Model):
    """Lets a program (shop, ticket machine) act for one wallet. Only its digest is kept: the key itself is shown once."""

    class Scope(models.TextChoices):
        ALL = "all", _("Pay and ask for payments")
        PAY = "pay", _("Pay only")
        ASK = "ask", _("Ask for payments only")

    wallet = models.ForeignKey("currency.Wallet", on_delete=models.CASCADE, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="payment_keys")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    scope = models.CharField(max_length=4, choices=Scope.choices, default=Scope.ALL, db_default=Scope.ALL)
    #: the most of one payment, and of a day; none when empty
    most_cents = models.BigIntegerField(null=True)
    most_day_cents = models.BigIntegerField(null=True)
    #: its last day
    until = models.DateField(null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="key_digest_is_sha256"),
            models.CheckConstraint(condition=~Q(label=""), name="key_has_a_label"),
            models.CheckConstraint(condition=Q(scope__in=["all", "pay", "ask"]), name="key_scope_is_known"),
            models.CheckConstraint(
                condition=(Q(most_cents=None) | Q(most_cents__gt=0))
                & (Q(most_day_cents=None) | Q(most_day_cents__gt=0)),
                name="key_limits_are_above_zero",
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} → {self.wallet.alias}"

    @property
    def is_in_force(self) -> bool:
        """Neither withdrawn nor over."""
        return self.revoked_at is None and (self.until is None or timezone.localdate() <= self.until)


class KeySpending(models.Model):
    """What a key with a limit by day paid, or is paying: each payment once, whatever a program sends again."""

    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="spendings")
    request = models.UUIDField()
    day = models.DateField()
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "request"], name="key_spends_once_by_request"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="key_spends_something"),
        )
        indexes = (models.Index(fields=["key", "day"], name="key_spending_by_day"),)
