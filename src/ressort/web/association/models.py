"""The association: its rules, its people, its offices and notes, and what it did.

    Deed ── Decision        what was asked, by whom; what became of it, by whom. Neither is ever changed
      └── NoteMove          notes of a series that went from one account to another

A deed names accounts of the ledger by number: closing somebody's account cuts the name, and leaves every deed.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ressort.web.association.debit_models import Collection, Debit, MonthlyCredit, SepaMandate
from ressort.web.association.kept_models import BankLine, Certificate, DayTotal, Declaration, Tally
from ressort.web.association.member_models import (
    Dues,
    DuesPayment,
    Mandate,
    MandateChange,
    MandateDebit,
    Member,
    Standing,
)
from ressort.web.association.public_models import Allowance, Beneficiary, Consent, Gifts, Programme
from ressort.web.currency.models import Wallet
from ressort.web.people.models import Person

__all__ = [
    "Allowance", "BankLine", "Beneficiary", "Certificate", "Collection", "Consent", "DayTotal", "Debit", "Decision", "Declaration",
    "Deed", "Dues", "DuesPayment", "Gifts", "Mandate", "MandateChange", "MandateDebit", "Member", "MonthlyCredit",
    "NoteMove", "Office", "Post", "Programme", "Rules", "SepaMandate", "Series", "Standing", "Tally",
]  # fmt: skip


class Rules(models.Model):
    """How an association runs one currency. Defaults are hypotheses that it may change (docs/methods/currency.md)."""

    currency = models.SmallIntegerField(primary_key=True)
    association = models.ForeignKey(Wallet, on_delete=models.PROTECT, null=True, related_name="+")
    siren = models.CharField(max_length=9, blank=True)
    four_eyes_cents = models.BigIntegerField(default=100_000)
    reversal_days = models.PositiveIntegerField(default=61)
    fee_bp = models.PositiveIntegerField(default=500)
    gift_bp = models.PositiveIntegerField(default=300)
    gift_least_sponsors = models.PositiveIntegerField(default=30)
    level0_cents = models.BigIntegerField(default=25_000)
    level1_cents = models.BigIntegerField(default=100_000)
    individuals_redeem = models.BooleanField(default=False)
    operating_iban = models.CharField(max_length=34, blank=True)
    paper_iban = models.CharField(max_length=34, blank=True)
    digital_iban = models.CharField(max_length=34, blank=True)
    creditor_identifier = models.CharField(max_length=35, blank=True)
    prenotice_days = models.PositiveIntegerField(default=14)
    credit_least_cents = models.BigIntegerField(default=2_000)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(four_eyes_cents__gte=0), name="rules_threshold_not_negative"),
            models.CheckConstraint(condition=Q(fee_bp__lte=10_000, gift_bp__lte=10_000), name="rules_rates_within_one"),
            models.CheckConstraint(condition=Q(level0_cents__gt=0, level1_cents__gte=F("level0_cents")), name="rules_ceilings_grow"),
            models.CheckConstraint(condition=Q(credit_least_cents__gt=0), name="rules_least_credit_of_something"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"currency {self.currency}"


class Office(models.Model):
    """An exchange office, with its six accounts in the ledger."""

    currency = models.SmallIntegerField()
    name = models.CharField(max_length=120)
    office_notes_stock = models.BigIntegerField(unique=True)
    office_notes_till = models.BigIntegerField(unique=True)
    office_notes_returns = models.BigIntegerField(unique=True)
    office_eur_till_paper = models.BigIntegerField(unique=True)
    office_eur_till_digital = models.BigIntegerField(unique=True)
    office_eur_till_operating = models.BigIntegerField(unique=True)

    KINDS = (
        "office_notes_stock", "office_notes_till", "office_notes_returns", "office_eur_till_paper", "office_eur_till_digital",
        "office_eur_till_operating",
    )  # fmt: skip

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["currency", "name"], name="office_name_once_in_a_currency"),
            models.CheckConstraint(condition=~Q(name=""), name="office_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What somebody does for the association."""

    class Role(models.TextChoices):
        STAFF = "staff", _("association staff")
        OFFICE = "office", _("exchange office")
        AUDITOR = "auditor", _("auditor")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    currency = models.SmallIntegerField()
    role = models.CharField(max_length=8, choices=Role.choices)
    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="posts")
    given_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="posts_given")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("role", "person__email")
        constraints = (
            models.UniqueConstraint(fields=["person", "currency", "role", "office"], nulls_distinct=False, name="post_held_once"),
            models.CheckConstraint(condition=Q(role__in=["staff", "office", "auditor"]), name="post_role_known"),
            models.CheckConstraint(condition=Q(role="office") ^ Q(office__isnull=True), name="post_of_an_office_names_it"),
            models.CheckConstraint(condition=Q(given_by__isnull=True) | ~Q(given_by=F("person")), name="post_not_to_oneself"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"


class Series(models.Model):
    """Notes of one value, printed together."""

    currency = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    value_cents = models.PositiveIntegerField()

    class Meta:
        ordering = ("value_cents", "name")
        constraints = (
            models.UniqueConstraint(fields=["currency", "name"], name="series_name_once_in_a_currency"),
            models.CheckConstraint(condition=Q(value_cents__gt=0), name="series_worth_something"),
            models.CheckConstraint(condition=~Q(name=""), name="series_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Deed(models.Model):
    """One operation asked of the ledger: written once (trigger).

    `reverses` is set for a reversal, `settles` for what pays a redemption, `payee` for what a mandate takes, `programme` for what moves a fund.
    """

    key = models.UUIDField(db_index=True)
    currency = models.SmallIntegerField()
    operation = models.CharField(max_length=40)
    amount_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField(default=0)
    fund = models.CharField(max_length=9, blank=True)
    account = models.BigIntegerField(null=True, db_index=True)
    payee = models.BigIntegerField(null=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="deeds")
    programme = models.ForeignKey("association.Programme", on_delete=models.PROTECT, null=True, related_name="deeds")
    reference = models.CharField(max_length=35, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    needs_two = models.BooleanField()
    settles = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="settled_by")
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="deeds")
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(amount_cents__gt=0, fee_cents__gte=0, fee_cents__lte=F("amount_cents")), name="deed_amount_and_fee_make_sense"),
            models.CheckConstraint(condition=Q(fund__in=["", "paper", "digital", "operating"]), name="deed_fund_known"),
            models.CheckConstraint(condition=~Q(operation=""), name="deed_names_its_operation"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk} · {self.operation}"


class Decision(models.Model):
    """What became of a deed: written once (trigger), with the first of its transfers when it was done."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    deed = models.OneToOneField(Deed, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)
    first_transfer = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=["done", "refused"]), name="decision_outcome_known"),
            models.CheckConstraint(condition=Q(outcome="done") ^ Q(first_transfer__isnull=True), name="decision_done_moved_money"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.deed_id} · {self.outcome}"


class NoteMove(models.Model):
    """Notes of a series that a deed moves from an account to another."""

    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="notes")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="moves")
    from_account = models.BigIntegerField()
    to_account = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["deed", "series"], name="note_move_once_per_series"),
            models.CheckConstraint(condition=Q(count__gt=0), name="note_move_moves_something"),
            models.CheckConstraint(condition=~Q(from_account=F("to_account")), name="note_move_between_two_places"),
        )

    def __str__(self) -> str:
        return f"{self.count} × {self.series_id}"
