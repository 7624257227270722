from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("resilience", "0002_own_table"),
    ]

    operations = [
        migrations.AddField(model_name="stressrun", name="budget_eur", field=models.PositiveBigIntegerField(default=0)),
        migrations.AddField(model_name="stressrun", name="method", field=models.CharField(blank=True, max_length=8)),
        migrations.AddField(model_name="stressrun", name="caution_share", field=models.FloatField(default=1.0)),
        migrations.AddField(model_name="stressrun", name="portfolio", field=models.JSONField(null=True)),
        migrations.AddConstraint(
            model_name="stressrun",
            constraint=models.CheckConstraint(
                condition=Q(caution_share__gt=0) & Q(caution_share__lte=1), name="stress_run_caution_is_a_share"
            ),
        ),
    ]
