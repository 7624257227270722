"""The levers of a file and what its simulated effect counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns of a file."""

    dependencies = [("calls", "0004_lot_words")]

    operations = [
        migrations.AddField("application", "effect_source", models.CharField(blank=True, default="", max_length=200), preserve_default=False),
        migrations.AddField("application", "levers", models.CharField(blank=True, default="", max_length=300), preserve_default=False),
        migrations.AddField("application", "stress_token", models.CharField(blank=True, default="", max_length=16), preserve_default=False),
    ]
