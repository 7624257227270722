from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("resilience", "0001_first"),
    ]

    operations = [
        migrations.AddField(model_name="stressrun", name="table", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="stressrun", name="table_name", field=models.CharField(blank=True, max_length=120)),
    ]
