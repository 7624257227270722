"""The figures that a territory provides about itself, with their provenance."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class OwnTables(models.Manager["OwnTable"]):
    """Tables provided by territories."""

    def of(self, kind: str, code: str) -> models.QuerySet["OwnTable"]:
        """Those of one territory, the newest first, with their values."""
        return self.filter(kind=kind, code=code).prefetch_related("values").select_related("provided_by")


class OwnTable(models.Model):
    """One file provided by a territory. The newest of each sort wins over the estimates; the older ones stay readable."""

    class Sort(models.TextChoices):
        CROP_AREAS = "crop_areas", _("areas by crop group")
        PURCHASES = "purchases", _("food purchases")

    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    sort = models.CharField(max_length=16, choices=Sort.choices)
    year = models.CharField(max_length=9)
    source = models.CharField(max_length=160)
    file_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    provided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="own_tables")
    provided_at = models.DateTimeField(auto_now_add=True)

    objects = OwnTables()

    class Meta:
        ordering = ("-provided_at", "-id")
        indexes = (models.Index(fields=("kind", "code"), name="own_table_of_territory"),)
        constraints = (
            models.CheckConstraint(condition=Q(sort__in=["crop_areas", "purchases"]), name="own_table_sort_known"),
            models.CheckConstraint(condition=Q(year__regex=r"^[0-9]{4}(-[0-9]{4})?$"), name="own_table_year_well_formed"),
            models.CheckConstraint(condition=~Q(source=""), name="own_table_says_its_source"),
        )

    def __str__(self) -> str:
        return f"{self.kind}:{self.code} {self.sort} {self.year}"

    @property
    def held_values(self) -> list["OwnValue"]:
        """Its values, in order."""
        return list(self.values.all())


class OwnValue(models.Model):
    """One figure of a table."""

    table = models.ForeignKey(OwnTable, on_delete=models.CASCADE, related_name="values")
    item = models.CharField(max_length=40)
    amount = models.FloatField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("table", "item"), name="own_value_once_per_item"),
            models.CheckConstraint(condition=Q(amount__gte=0) & Q(amount__lt=1e13), name="own_value_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.amount}"
