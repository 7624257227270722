"""The figures that a territory provides about itself, with their provenance."""

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ressort.web.people.models import Person


class OwnTables(models.Manager["OwnTable"]):
    """Tables provided by territories."""

    def are_there(self, kind: str, code: str) -> bool:
        """Whether a territory provided any: asked for each page, so in the words of the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT 1 FROM "{self.model._meta.db_table}" WHERE kind = %s AND code = %s LIMIT 1', [kind, code]
            )
            return cursor.fetchone() is not None

    def of(self, kind: str, code: str) -> models.QuerySet["OwnTable"]:
        """Those of one territory, the newest first."""
        return self.filter(kind=kind, code=code).select_related("provided_by")


class OwnTable(models.Model):
    """One file provided by a territory. The newest of each sort wins over the estimates; the older ones stay readable."""

    class Sort(models.TextChoices):
        CROP_AREA = "crop_area", _("areas by crop group")
        PURCHASES = "purchases", _("food purchases")
        LIVESTOCK = "livestock", _("herds")
        LABOUR = "labour", _("farms and farm work")
        CANTEENS = "canteens", _("canteens")

    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    sort = models.CharField(max_length=16, choices=Sort.choices)
    source = models.CharField(max_length=160)
    file_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()
    provided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="own_tables")
    provided_at = models.DateTimeField(auto_now_add=True)

    objects = OwnTables()

    class Meta:
        ordering = ("-provided_at", "-id")
        indexes = (models.Index(fields=("kind", "code"), name="own_table_of_territory"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(sort__in=["crop_area", "purchases", "livestock", "labour", "canteens"]),
                name="own_table_sort_known",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="own_table_says_its_source"),
            models.CheckConstraint(condition=~Q(rows=[]), name="own_table_holds_rows"),
        )

    def __str__(self) -> str:
        return f"{self.kind}:{self.code} {self.sort} {self.years}"

    @property
    def years(self) -> str:
        """The years of its rows; of a table whose rows have none, the year it was given."""
        said = {f"{row['year']:.0f}" for row in self.rows if row.get("year") is not None}
        return ", ".join(sorted(said)) or str(self.provided_at.year)
