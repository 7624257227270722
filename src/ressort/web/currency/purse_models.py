"""Offline purses: what a device was granted, and the payments it signed once they were settled. Accounts are numbers, as in the ledger."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Purse(models.Model):
    """Units held for a device until its certificate ends, and what became of it. `hold_account` is the number that the certificate bears."""

    class State(models.TextChoices):
        IN_USE = "in_use", _("on a device")
        ENDED = "ended", _("expired")
        SURRENDERED = "surrendered", _("given back")
        LOST = "lost", _("declared lost")
        CAUGHT = "caught", _("signed twice")

    key = models.UUIDField(unique=True)
    wallet = models.ForeignKey("currency.Wallet", on_delete=models.SET_NULL, null=True, related_name="purses")
    currency = models.SmallIntegerField()
    member_account = models.BigIntegerField(db_index=True)
    hold_account = models.BigIntegerField(unique=True)
    device_key = models.CharField(max_length=64, unique=True)
    cap_cents = models.PositiveIntegerField()
    expires_on = models.DateField(db_index=True)
    certificate = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_USE)
    opened_at = models.DateTimeField(auto_now_add=True)
    surrendered_cents = models.PositiveIntegerField(null=True)
    surrendered_counter = models.PositiveIntegerField(null=True)
    debt_cents = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(cap_cents__gt=0), name="purse_holds_something"),
            models.CheckConstraint(condition=Q(device_key__regex=r"^[0-9a-f]{64}$"), name="purse_device_key_has_32_bytes"),
            models.CheckConstraint(condition=Q(state__in=["in_use", "ended", "surrendered", "lost", "caught"]), name="purse_state_known"),
            models.CheckConstraint(condition=Q(surrendered_cents__isnull=True) | Q(surrendered_cents__lte=F("cap_cents")), name="purse_surrenders_what_it_held"),
            models.CheckConstraint(condition=~(Q(surrendered_cents__isnull=True) ^ Q(surrendered_counter__isnull=True)), name="purse_surrenders_whole"),
            models.UniqueConstraint(fields=["member_account"], condition=Q(state="in_use"), name="purse_one_in_use_an_account"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.hold_account} {self.state}"


class OfflinePayment(models.Model):
    """A payment that a device signed, once it is settled: paid once, whoever brings it again."""

    purse = models.ForeignKey(Purse, on_delete=models.PROTECT, related_name="payments")
    digest = models.CharField(max_length=64, unique=True)
    counter = models.PositiveIntegerField()
    payee_account = models.BigIntegerField(db_index=True)
    amount_cents = models.PositiveIntegerField()
    from_guarantee_cents = models.PositiveIntegerField(default=0)
    day = models.DateField()
    is_forked = models.BooleanField(default=False)
    transfer = models.BigIntegerField(unique=True)
    settled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0, from_guarantee_cents__lte=F("amount_cents")), name="offline_payment_amounts_make_sense"),
            models.UniqueConstraint(fields=["purse", "counter"], condition=Q(is_forked=False), name="offline_payment_one_a_counter"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.purse_id} n° {self.counter}"
