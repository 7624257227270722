"""What a currency takes from units that stand still, and how far each account was taken from."""

from django.db import models
from django.db.models import Q

#: one hundredth of a balance a day: far above any rule in use
MOST_PPM = 10_000


class DemurrageRule(models.Model):
    """What units melt by from a day on, until the next rule of their currency; zero ends it."""

    currency = models.SmallIntegerField()
    since = models.DateField()
    rate_ppm = models.IntegerField()
    grace_days = models.IntegerField(default=0)
    announced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("since",)
        constraints = (
            models.UniqueConstraint(fields=["currency", "since"], name="demurrage_rule_once_a_day"),
            models.CheckConstraint(condition=Q(rate_ppm__gte=0, rate_ppm__lte=MOST_PPM), name="demurrage_rate_within_range"),
            models.CheckConstraint(condition=Q(grace_days__gte=0), name="demurrage_grace_not_negative"),
            models.CheckConstraint(condition=Q(since__day=1), name="demurrage_begins_with_a_month"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.since} {self.rate_ppm}"

    @property
    def rate(self) -> float:
        """The part that melts in a day, 0–1."""
        return self.rate_ppm / 1_000_000


class Melted(models.Model):
    """Until which day an account was looked at, what it held then after so many entries, and what it owes that no cent paid yet."""

    account = models.BigIntegerField(unique=True)
    until = models.DateField()
    held_cents = models.BigIntegerField()
    version = models.BigIntegerField()
    due = models.DecimalField(max_digits=30, decimal_places=0)
    still_days = models.IntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(due__gte=0, still_days__gte=0), name="melted_not_negative"),)

    def __str__(self) -> str:
        return f"{self.account} {self.until}"
