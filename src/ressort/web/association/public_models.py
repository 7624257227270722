"""Public money: who lets a public body pay in local units, and the allowances of programmes."""

from django.db import models
from django.db.models import F, Q

from ressort.web.currency.models import Purpose, Wallet
from ressort.web.people.models import Person


class Gifts(models.Model):
    """Gifts decided for what was converted from a day to another, the last left out; what no association may receive yet waits for the next,
    as does what somebody refused of their operations."""

    currency = models.SmallIntegerField()
    since = models.DateField()
    until = models.DateField()
    left_cents = models.BigIntegerField()
    deeds = models.ManyToManyField("association.Deed", related_name="+")
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-until",)
        constraints = (
            models.UniqueConstraint(fields=["currency", "since"], name="gifts_of_days_once"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="gifts_of_some_days"),
            models.CheckConstraint(condition=Q(left_cents__gte=0), name="gifts_left_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.currency} {self.since} {self.until}"


class Consent(models.Model):
    """A payee lets public bodies pay through the association, from a day on; taken back at any time."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="consents")
    given_on = models.DateField()
    revoked_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["wallet"], condition=Q(revoked_on__isnull=True), name="consent_in_force_once"),
            models.CheckConstraint(condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("given_on")), name="consent_revoked_after_given"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.wallet_id} {self.given_on}"


class Programme(models.Model):
    """An allowance paid every month out of funds paid in first. With a purpose, its units are spent where that is accepted, or return.

    `expiry_days`: days that people have to spend a month; `cap_cents`: most of these units that one person may hold; `by_household`: the
    amount is that of one consumption unit; `line_year`: the poverty line that it was worked out from, if it was; `pot`: the account of the
    ledger that holds its fund, its own but for programmes opened before each had one.
    """

    currency = models.SmallIntegerField()
    name = models.CharField(max_length=80)
    start = models.DateField()
    end = models.DateField()
    budget_cents = models.BigIntegerField()
    month_cents = models.BigIntegerField()
    local_bp = models.PositiveIntegerField(default=8_500)
    in_order = models.BooleanField(default=False)
    purpose = models.OneToOneField(Purpose, on_delete=models.PROTECT, null=True, related_name="programme")
    expiry_days = models.PositiveSmallIntegerField(null=True)
    cap_cents = models.BigIntegerField(null=True)
    by_household = models.BooleanField(default=False, db_default=False)
    line_year = models.SmallIntegerField(null=True)
    pot = models.BigIntegerField()

    class Meta:
        ordering = ("-start", "name")
        constraints = (
            models.UniqueConstraint(fields=["currency", "name"], name="programme_name_once_in_a_currency"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="programme_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(budget_cents__gt=0, month_cents__gt=0, local_bp__lte=10_000), name="programme_amounts_make_sense"),
            models.CheckConstraint(
                condition=Q(purpose__isnull=True, expiry_days__isnull=True, cap_cents__isnull=True) | Q(purpose__isnull=False, expiry_days__gte=1),
                name="programme_kept_for_a_purpose_expires",
            ),
            models.CheckConstraint(condition=Q(cap_cents__isnull=True) | Q(cap_cents__gt=0), name="programme_cap_above_zero"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Beneficiary(models.Model):
    """Somebody whom a programme pays, from a day to another; `adults` of 14 years and more and `children` under 14 of the household."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="people")
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="programmes")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    adults = models.SmallIntegerField(default=1, db_default=1)
    children = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ("joined_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["programme", "wallet"], condition=Q(left_on__isnull=True), name="beneficiary_once_at_a_time"),
            models.CheckConstraint(condition=Q(adults__gte=1, children__gte=0), name="beneficiary_household_makes_sense"),
            models.CheckConstraint(condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="beneficiary_leaves_after_joining"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.programme_id} · {self.wallet_id}"


class Allowance(models.Model):
    """A month paid to somebody: local units by a deed, euros by the bank. Named by account: closing it cuts the name."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="allowances")
    account = models.BigIntegerField()
    period = models.DateField()
    local_cents = models.BigIntegerField()
    euro_cents = models.BigIntegerField()
    deed = models.OneToOneField("association.Deed", on_delete=models.PROTECT, null=True, related_name="allowance")

    class Meta:
        ordering = ("-period", "pk")
        constraints = (
            models.UniqueConstraint(fields=["programme", "account", "period"], name="allowance_paid_once_a_month"),
            models.CheckConstraint(condition=Q(local_cents__gte=0, euro_cents__gte=0), name="allowance_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.programme_id} {self.period}"
