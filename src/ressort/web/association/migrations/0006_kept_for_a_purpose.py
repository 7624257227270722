"""Programmes whose units are kept for a purpose, until a day, up to a cap."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0005_direct_debits'),
        ('currency', '0010_earmarks'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='cap_cents',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='expiry_days',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='programme',
            name='purpose',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='programme', to='currency.purpose'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cap_cents__isnull', True), ('expiry_days__isnull', True), ('purpose__isnull', True)), models.Q(('expiry_days__gte', 1), ('purpose__isnull', False)), _connector='OR'), name='programme_kept_for_a_purpose_expires'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('cap_cents__isnull', True), ('cap_cents__gt', 0), _connector='OR'), name='programme_cap_above_zero'),
        ),
    ]
