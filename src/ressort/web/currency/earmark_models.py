"""Units that may be spent in some places only, until a day: what for, where, and what is left of each payment of them."""

from django.db import models
from django.db.models import F, Q

#: all of a basket, in basis points
WHOLE_BP = 10_000


class Purpose(models.Model):
    """What earmarked units are for, as their holders read it. Without a place that accepts them, all professionals do."""

    currency = models.SmallIntegerField()
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["currency", "name"], name="purpose_name_once_in_a_currency"),
            models.CheckConstraint(condition=~Q(name=""), name="purpose_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Accepted(models.Model):
    """Where the units of a purpose are spent: one account, or every professional of a branch; and for which part of a basket."""

    purpose = models.ForeignKey(Purpose, on_delete=models.CASCADE, related_name="accepted")
    wallet = models.ForeignKey("currency.Wallet", on_delete=models.CASCADE, null=True, related_name="+")
    branch = models.CharField(max_length=20, blank=True)
    share_bp = models.PositiveIntegerField(default=WHOLE_BP)

    class Meta:
        ordering = ("branch", "wallet__name")
        constraints = (
            models.CheckConstraint(condition=Q(wallet__isnull=True) ^ Q(branch=""), name="accepted_by_an_account_or_a_branch"),
            models.CheckConstraint(condition=Q(share_bp__gte=1, share_bp__lte=WHOLE_BP), name="accepted_share_of_a_basket"),
            models.UniqueConstraint(fields=["purpose", "wallet"], name="accepted_once_by_an_account"),
            models.UniqueConstraint(fields=["purpose", "branch"], condition=~Q(branch=""), name="accepted_once_by_a_branch"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.wallet.name if self.wallet else self.branch

    @property
    def share(self) -> float:
        """The part of a basket, 0–1."""
        return self.share_bp / WHOLE_BP


class Earmark(models.Model):
    """Units of one payment of an allowance: those of an account that are not spent yet are the floor of that account."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="earmarks")
    wallet = models.ForeignKey("currency.Wallet", on_delete=models.CASCADE, related_name="earmarks")
    transfer = models.BigIntegerField(unique=True)
    cents = models.BigIntegerField()
    left_cents = models.BigIntegerField()
    expires_on = models.DateField()

    class Meta:
        ordering = ("expires_on", "pk")
        indexes = (models.Index(fields=["wallet"], condition=Q(left_cents__gt=0), name="earmark_left"),)
        constraints = (
            models.CheckConstraint(condition=Q(cents__gt=0), name="earmark_is_of_something"),
            models.CheckConstraint(condition=Q(left_cents__gte=0, left_cents__lte=F("cents")), name="earmark_left_within_what_was_paid"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.purpose_id} → {self.wallet_id}: {self.left_cents}/{self.cents} {self.expires_on}"


class EarmarkUse(models.Model):
    """What a payment took from an earmark; it goes back there when the payment is reversed."""

    earmark = models.ForeignKey(Earmark, on_delete=models.CASCADE, related_name="uses")
    transfer = models.BigIntegerField(db_index=True)
    cents = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["earmark", "transfer"], name="earmark_used_once_by_a_transfer"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="earmark_use_is_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.earmark_id} ← {self.transfer}: {self.cents}"
