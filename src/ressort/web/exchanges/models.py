"""An agreement between territories: its parties, its lines, its indicators, its signatures, what was delivered.

What is proposed does not change: a trigger of the database lets lines and parties move in a draft only, and signatures never.
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.core.exchanges import value_cents
from ressort.web.people.models import Person

KINDS = ["COM", "EPCI", "BV", "ZE", "AAV", "DEP", "REG", "PAYS", "BE_COM", "BE_PROV"]


class Agreement(models.Model):
    """What two or more territories promise each other. `version` counts the changes: two people at once are told."""

    class Type(models.TextChoices):
        RECIPROCITY = "reciprocity", _("reciprocity contract between town and country")
        METROPOLITAN = "metropolitan", _("metropolitan cooperation contract")
        POLE = "pole", _("cooperation within a PETR or a metropolitan pole")
        CALL = "call", _("partnership from a call such as Solidarité Paris–Campagne")
        OTHER = "other", _("other agreement of cooperation")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed for signature")
        SIGNED = "signed", _("signed")
        RUNNING = "running", _("in force")
        ENDED = "ended", _("come to its end")
        TERMINATED = "terminated", _("terminated")

    type = models.CharField(_("Type of agreement"), max_length=12, choices=Type.choices, default=Type.RECIPROCITY)
    title = models.CharField(_("Title"), max_length=140)
    purpose = models.TextField(_("Why the parties cooperate"), max_length=4000, blank=True)
    first_year = models.PositiveSmallIntegerField(_("First year"))
    last_year = models.PositiveSmallIntegerField(_("Last year"))
    tolerance_bp = models.PositiveSmallIntegerField()
    shadow_rate_cents = models.PositiveIntegerField()
    conditions = models.TextField(
        _("Conditions: what starts, suspends or reviews the agreement"), max_length=4000, blank=True
    )
    governance = models.TextField(_("Who follows it, how often, how to leave it"), max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    ending = models.TextField(max_length=2000, blank=True)
    is_public = models.BooleanField(_("Visible to everyone"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="agreements")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-changed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(type__in=["reciprocity", "metropolitan", "pole", "call", "other"]),
                name="agreement_type_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "signed", "running", "ended", "terminated"]),
                name="agreement_state_known",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="agreement_has_a_title"),
            models.CheckConstraint(condition=Q(tolerance_bp__lte=10_000), name="agreement_tolerance_is_a_share"),
            models.CheckConstraint(
                condition=Q(first_year__gte=2000, last_year__lte=2100, last_year__gte=F("first_year"))
                & Q(last_year__lte=F("first_year") + 29),
                name="agreement_years_follow",
            ),
            models.CheckConstraint(
                condition=(Q(state="terminated") & ~Q(ending="")) | (~Q(state="terminated") & Q(ending="")),
                name="agreement_terminated_says_why",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> range:
        """The years it covers."""
        return range(self.first_year, self.last_year + 1)


class Party(models.Model):
    """A territory that takes part, under the code and the name it had when it joined."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=160)

    class Meta:
        ordering = ("agreement", "id")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "kind", "code"], name="party_joins_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="party_kind_known"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]{2,12}$"), name="party_code_well_formed"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The key it had when it joined."""
        return f"{self.kind}:{self.code}"


class Line(models.Model):
    """What one party gives another each year, at which value. A line with an event waits for it and weighs in no ordinary year."""

    class Theme(models.TextChoices):
        FOOD = "food", _("food")
        ENERGY = "energy", _("energy")
        WOOD = "wood", _("wood")
        SERVICE = "service", _("service")
        EXPERTISE = "expertise", _("expertise")
        LAND = "land", _("land and water")
        JOBS = "jobs", _("jobs and coworking places")
        CARE = "care", _("care")
        MONEY = "money", _("money")

    class Basis(models.TextChoices):
        SHADOW = "shadow", _("shadow price: kilometres avoided")
        OWN = "own", _("value agreed by the parties")
        GIFT = "gift", _("gift, without value in the balance")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="lines")
    theme = models.CharField(_("Theme"), max_length=10, choices=Theme.choices, default=Theme.FOOD)
    good = models.CharField(_("Good"), max_length=40, blank=True)
    what = models.CharField(_("What is given"), max_length=200)
    giver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="gives")
    receiver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="receives")
    quantity = models.DecimalField(_("Quantity a year"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("Unit"), max_length=40)
    basis = models.CharField(_("Value"), max_length=6, choices=Basis.choices, default=Basis.OWN)
    unit_value_cents = models.PositiveBigIntegerField(default=0)
    price_km = models.PositiveIntegerField(null=True)
    priced_on = models.DateField()
    first_year = models.PositiveSmallIntegerField(_("From the year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("To the year"), null=True, blank=True)
    event = models.CharField(_("Only after this event"), max_length=40, blank=True)
    remark = models.CharField(_("Remark"), max_length=300, blank=True)

    class Meta:
        ordering = ("agreement", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(theme__in=["food", "energy", "wood", "service", "expertise", "land", "jobs", "care", "money"]),
                name="line_theme_known",
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(unit=""), name="line_says_what"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="line_moves_something"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(basis="own", price_km__isnull=True)
                | Q(basis="gift", price_km__isnull=True, unit_value_cents=0)
                | Q(basis="shadow", price_km__isnull=False),
                name="line_value_has_its_basis",
            ),
            models.CheckConstraint(condition=Q(unit_value_cents__lte=10**12), name="line_value_bounded"),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True) | Q(last_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="line_years_follow",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.what

    @property
    def value_cents(self) -> int:
        """Its value a year."""
        return value_cents(Decimal(self.quantity), self.unit_value_cents)


class Indicator(models.Model):
    """What the parties will watch, and the value they aim at."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="indicators")
    label = models.CharField(_("Indicator"), max_length=160)
    unit = models.CharField(_("Unit"), max_length=40)
    target = models.DecimalField(_("Aim"), max_digits=14, decimal_places=3)
    target_year = models.PositiveSmallIntegerField(_("By the year"))

    class Meta:
        ordering = ("agreement", "id")
        constraints = (models.CheckConstraint(condition=~Q(label=""), name="indicator_is_named"),)

    def __str__(self) -> str:
        return self.label


class Signature(models.Model):
    """A party's signature, as recorded: who signed, in what role, on which day, by which deliberation."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="signature")
    name = models.CharField(_("Name of who signs"), max_length=120)
    role = models.CharField(_("Role"), max_length=120)
    signed_on = models.DateField(_("Signed on"))
    reference = models.CharField(_("Deliberation"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="signatures_recorded")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("party",)
        constraints = (models.CheckConstraint(condition=~Q(name="") & ~Q(role=""), name="signature_says_who"),)

    def __str__(self) -> str:
        return f"{self.party} – {self.name}"


class Record(models.Model):
    """What was delivered of a line, or read of an indicator, in a year."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="records")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, related_name="records")
    year = models.PositiveSmallIntegerField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="deliveries_recorded")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("year", "id")
        constraints = (
            models.UniqueConstraint(fields=["line", "year"], name="record_once_a_line_and_year"),
            models.UniqueConstraint(fields=["indicator", "year"], name="record_once_an_indicator_and_year"),
            models.CheckConstraint(
                condition=Q(line__isnull=False, indicator__isnull=True) | Q(line__isnull=True, indicator__isnull=False),
                name="record_of_a_line_or_an_indicator",
            ),
            models.CheckConstraint(condition=Q(indicator__isnull=False) | Q(quantity__gte=0), name="record_not_negative"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.line or self.indicator} {self.year}"
