"""A panel and what it must look like."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class Panel(models.Model):
    """A citizens' panel of one territory."""

    class Rule(models.TextChoices):
        LEXIMIN = "leximin", _("LEXIMIN: the lowest chance as high as can be, then the second lowest, and so on")
        MAXIMIN = "maximin", _("MAXIMIN: the lowest chance as high as can be, then the highest as low as can be")

    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    title = models.CharField(_("Title"), max_length=140)
    about = models.TextField(
        _("The question put to the panel, and what will be done with its opinion"), max_length=4000
    )
    seats = models.PositiveSmallIntegerField(_("People in the panel"))
    rule = models.CharField(_("Rule of the draw"), max_length=8, choices=Rule.choices, default=Rule.LEXIMIN)
    household_limit = models.PositiveSmallIntegerField(_("Most people of one household"), null=True, blank=True)
    opens_on = models.DateField(_("Registrations open on"))
    closes_on = models.DateField(_("Registrations close on"))
    pool_purge_on = models.DateField(_("Data of people not drawn erased on"))
    members_purge_on = models.DateField(_("Data of the members and substitutes erased on"))
    is_public = models.BooleanField(_("Visible to everyone"), default=False)
    opinion_published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="panels")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("kind", "code"), name="panel_of_territory"),)
        constraints = (
            models.CheckConstraint(condition=Q(seats__gte=1, seats__lte=1000), name="panel_has_seats"),
            models.CheckConstraint(condition=Q(rule__in=["leximin", "maximin"]), name="panel_rule_known"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="panel_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(pool_purge_on__gt=F("closes_on")), name="panel_pool_purged_after_closing"
            ),
            models.CheckConstraint(
                condition=Q(members_purge_on__gte=F("pool_purge_on")), name="panel_members_purged_last"
            ),
            models.CheckConstraint(
                condition=Q(household_limit__isnull=True) | Q(household_limit__gte=1), name="panel_household_limit"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(about=""), name="panel_says_what_it_is_about"),
            models.CheckConstraint(
                condition=Q(kind__in=["COM", "EPCI", "BV", "ZE", "AAV", "DEP", "REG", "PAYS", "BE_COM", "BE_PROV"]),
                name="panel_kind_known",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """The key of its territory."""
        return f"{self.kind}:{self.code}"

    def is_open(self, today: date) -> bool:
        """Whether people may register on a day: nothing is frozen yet."""
        return self.is_public and self.opens_on <= today <= self.closes_on and not self.draws.exists()


class Quota(models.Model):
    """A value of a criterion: at least, at most, and its inhabitants where known."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="quotas")
    position = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=60)
    value = models.CharField(max_length=60)
    least = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    population_people = models.FloatField(null=True)

    class Meta:
        ordering = ("panel", "position")
        constraints = (
            models.UniqueConstraint(fields=["panel", "criterion", "value"], name="quota_value_once"),
            models.CheckConstraint(condition=Q(least__lte=F("most")), name="quota_minimum_under_its_maximum"),
            models.CheckConstraint(condition=~Q(criterion="") & ~Q(value=""), name="quota_is_named"),
            models.CheckConstraint(
                condition=Q(population_people__isnull=True) | Q(population_people__gte=0),
                name="quota_population_positive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion}\u00a0: {self.value} {self.least}–{self.most}"
