from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0003_lot_source'),
    ]

    operations = [
        migrations.AddField(
            model_name='idea',
            name='stress_token',
            field=models.CharField(blank=True, max_length=16),
        ),
    ]
