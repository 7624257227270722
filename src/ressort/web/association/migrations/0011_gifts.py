"""Gifts to the associations that members sponsor, decided for the conversions of some days."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0010_fund_of_each_programme'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Gifts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.SmallIntegerField()),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('left_cents', models.BigIntegerField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-until',),
                'constraints': [
                    models.UniqueConstraint(fields=('currency', 'since'), name='gifts_of_days_once'),
                    models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='gifts_of_some_days'),
                    models.CheckConstraint(condition=models.Q(('left_cents__gte', 0)), name='gifts_left_not_negative'),
                ],
            },
        ),
    ]
